"""Mount a file system that ignores letter case, such as macOS and Windows have, and serve it over /dev/fuse.

Linux lets anybody who may create a namespace mount one. Nobody else sees it, and it vanishes with the process that mounted it. What is
written to it lies in an ordinary folder. The protocol is that of Linux's `fuse.h`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from tests.attacks.lab.fork import fork


class FileSystemKind(NamedTuple):
    """How a file system treats names and times: its `tick` in ns, whether it decomposes names, whether it has hard links."""

    tick: int = 1
    is_decomposing: bool = False
    has_links: bool = True


KINDS = {
    "apfs": FileSystemKind(),
    "hfs": FileSystemKind(1_000_000_000, is_decomposing=True),
    "fat": FileSystemKind(2_000_000_000, has_links=False),
}
"""Modelled on newer and older macOS, and on memory sticks."""

HEADER = struct.Struct("<IIQQIIIHH")
ATTRIBUTES = struct.Struct("<QQQQQQIIIIIIIIII")
(LOOKUP, FORGET, GETATTR, SETATTR, MKDIR, UNLINK, RMDIR, RENAME, LINK, OPEN, READ, WRITE, STATFS, RELEASE, FSYNC, FLUSH, INIT) = (
    *(1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20),
    *(25, 26),
)
OPENDIR, READDIR, RELEASEDIR, FSYNCDIR, ACCESS, CREATE, INTERRUPT, BATCH_FORGET, RENAME2 = 27, 28, 29, 30, 34, 35, 36, 42, 45
DIRECT = struct.pack("<II", 1, 0)
"""Tells the kernel not to cache a file's bytes, since it takes two spellings of a name for two files."""


class CaseFoldingFileSystem:
    """A file system whose files lie in the folder `below`."""

    def __init__(self, below: str, kind: FileSystemKind) -> None:
        self._below, self._kind = below, kind
        self._paths = {1: ""}
        self._numbers = {"": 1}

    def serve(self, descriptor: int) -> None:
        """Answer the kernel until the file system is unmounted."""
        while True:
            try:
                request = os.read(descriptor, 1 << 21)
            except OSError as error:
                if error.errno in (errno.EINTR, errno.ENOENT):
                    continue
                return
            _, code, unique, node, *_ = HEADER.unpack_from(request)
            if code in (FORGET, BATCH_FORGET, INTERRUPT):
                continue
            try:
                answer, wrong = self._handle_request(code, node, request[HEADER.size :]), 0
            except OSError as error:
                answer, wrong = b"", error.errno or errno.EIO
            try:
                os.write(descriptor, struct.pack("<IiQ", 16 + len(answer), -wrong, unique) + answer)
            except FileNotFoundError:
                pass  # the request was interrupted meanwhile

    # Names

    def _fold_name(self, name: str) -> str:
        return normalize("NFD", normalize("NFD", name).casefold())

    def _find_real_path(self, path: str) -> str:
        """Return where the file with this spelling lies, or would lie if it were created."""
        full = self._below
        for name in path.split("/") if path else ():
            try:
                names = {self._fold_name(known): known for known in os.listdir(full)}
            except OSError:
                names = {}
            full = os.path.join(full, names.get(self._fold_name(name)) or (normalize("NFD", name) if self._kind.is_decomposing else name))
        return full

    def _join_path(self, node: int, name: bytes) -> str:
        folder = self._paths[node]
        return f"{folder}/{os.fsdecode(name)}" if folder else os.fsdecode(name)

    # Answers

    def _pack_attributes(self, info: os.stat_result) -> bytes:
        times = [at // self._kind.tick * self._kind.tick for at in (info.st_atime_ns, info.st_mtime_ns, info.st_ctime_ns)]
        seconds, rest = [at // 10**9 for at in times], [at % 10**9 for at in times]
        owned = (info.st_mode, info.st_nlink, os.getuid(), os.getgid(), 0, 4096, 0)
        return ATTRIBUTES.pack(info.st_ino, info.st_size, info.st_blocks, *seconds, *rest, *owned)

    def _pack_entry(self, path: str) -> bytes:
        info = os.lstat(self._find_real_path(path))
        if path not in self._numbers:
            self._numbers[path] = len(self._numbers) + 1
            self._paths[self._numbers[path]] = path
        return struct.pack("<QQQQII", self._numbers[path], 0, 0, 0, 0, 0) + self._pack_attributes(info)

    def _handle_request(self, code: int, node: int, body: bytes) -> bytes:
        if code == INIT:
            return struct.pack("<IIIIHHIIHHI", 7, 31, 65536, 0, 16, 12, 1 << 17, 1, 32, 0, 0) + bytes(28)
        if code == LOOKUP:
            return self._pack_entry(self._join_path(node, body[:-1]))
        if code == GETATTR:
            flags, _, handle = struct.unpack_from("<IIQ", body)
            info = os.fstat(handle) if flags & 1 else os.lstat(self._find_real_path(self._paths[node]))
            return bytes(16) + self._pack_attributes(info)
        if code == SETATTR:
            return self._set_attributes(self._find_real_path(self._paths[node]), body)
        if code == MKDIR:
            os.mkdir(self._find_real_path(path := self._join_path(node, body[8:-1])))
            return self._pack_entry(path)
        if code in (UNLINK, RMDIR):
            (os.unlink if code == UNLINK else os.rmdir)(self._find_real_path(self._join_path(node, body[:-1])))
            return b""
        if code == RENAME2 and struct.unpack_from("<I", body, 8)[0]:
            raise OSError(errno.EINVAL, "names cannot be exchanged")
        if code in (RENAME, RENAME2):
            return self._rename(node, struct.unpack_from("<Q", body)[0], body[8 if code == RENAME else 16 :])
        if code == LINK:
            if not self._kind.has_links:
                raise PermissionError(errno.EPERM, "no hard links")
            os.link(
                self._find_real_path(self._paths[struct.unpack_from("<Q", body)[0]]),
                self._find_real_path(path := self._join_path(node, body[8:-1])),
            )
            return self._pack_entry(path)
        if code in (OPEN, OPENDIR):
            flags = struct.unpack_from("<I", body)[0] & ~(os.O_CREAT | os.O_EXCL)
            return struct.pack("<Q", os.open(self._find_real_path(self._paths[node]), flags)) + (DIRECT if code == OPEN else bytes(8))
        if code == CREATE:
            flags, mode, umask, _ = struct.unpack_from("<IIII", body)
            real = self._find_real_path(path := self._join_path(node, body[16:-1]))
            handle = os.open(real, flags | os.O_CREAT, stat.S_IMODE(mode) & ~umask)
            return self._pack_entry(path) + struct.pack("<Q", handle) + DIRECT
        if code in (READ, WRITE, READDIR):
            handle, offset, size = struct.unpack_from("<QQI", body)
            if code == READ:
                return os.pread(handle, size, offset)
            if code == WRITE:
                return struct.pack("<II", os.pwrite(handle, body[40 : 40 + size], offset), 0)
            return self._pack_folder(handle, offset, size)
        if code in (RELEASE, RELEASEDIR):
            os.close(struct.unpack_from("<Q", body)[0])
            return b""
        if code == STATFS:
            return struct.pack("<QQQQQIIII", 1 << 20, 1 << 19, 1 << 19, 1 << 20, 1 << 19, 4096, 255, 4096, 0) + bytes(24)
        if code in (FSYNC, FSYNCDIR, FLUSH, ACCESS):
            return b""
        raise OSError(errno.ENOSYS, "not served")

    def _set_attributes(self, real: str, body: bytes) -> bytes:
        valid, _, _, size, _, _, seconds, _, _, rest, _, mode, *_ = struct.unpack_from("<IIQQQQQQIIIIIIII", body)
        if valid & 1:
            os.chmod(real, stat.S_IMODE(mode))
        if valid & 8:
            os.truncate(real, size)
        if valid & 0x100:
            os.utime(real)
        elif valid & 32:
            os.utime(real, ns=(at := seconds * 10**9 + rest, at))
        return bytes(16) + self._pack_attributes(os.lstat(real))

    def _rename(self, node: int, other: int, names: bytes) -> bytes:
        old, new = names[:-1].split(b"\0")
        real, replaced = self._find_real_path(self._join_path(node, old)), self._find_real_path(self._join_path(other, new))
        name = os.fsdecode(new)
        wanted = os.path.join(os.path.dirname(replaced), normalize("NFD", name) if self._kind.is_decomposing else name)
        if replaced not in (wanted, real) and os.path.lexists(replaced):
            os.unlink(replaced)
        os.rename(real, wanted)
        return b""

    def _pack_folder(self, handle: int, offset: int, size: int) -> bytes:
        found = b""
        for number, name in enumerate(sorted(os.listdir(handle))[offset:], offset + 1):
            data = os.fsencode(name)
            info = os.stat(name, dir_fd=handle, follow_symlinks=False)
            entry = struct.pack("<QQII", info.st_ino, number, len(data), info.st_mode >> 12) + data
            entry += bytes(-len(entry) % 8)
            if len(found) + len(entry) > size:
                break
            found += entry
        return found


# Mounting


class CannotMount(Exception):
    """No file system can be mounted here."""


def run_on_file_system(kind: FileSystemKind, place: Path, work: Callable[[Path], None]) -> None:
    """Do `work` in a child process that sees an empty file system of this kind in `place`, and raise what goes wrong there.

    Raises `CannotMount` if mounting is not allowed.
    """
    below, above = place / "below", place / "above"
    below.mkdir()
    above.mkdir()
    reader, writer = os.pipe()

    def work_in_child() -> None:
        report = "the child did not finish"
        try:
            os.close(reader)
            report = _mount(kind, str(below), str(above)) or ""
            if not report:
                work(above)
        except BaseException:  # noqa: BLE001 - reported to the parent
            report = traceback.format_exc()
        finally:
            os.write(writer, report.encode()[:60_000])

    pid = fork(work_in_child)
    os.close(writer)
    with open(reader, encoding="utf-8") as file:
        report = file.read()
    os.waitpid(pid, 0)
    if report.startswith("cannot "):
        raise CannotMount(report)
    assert not report, report


def _mount(kind: FileSystemKind, below: str, above: str) -> str | None:
    """Mount the file system for this process and its children. Return why that cannot be done, or None."""
    libc = ctypes.CDLL(None, use_errno=True)
    new_namespace, new_user, recursive_private = 0x20000, 0x10000000, 0x44000
    user, group = os.getuid(), os.getgid()
    if libc.unshare(new_namespace) and libc.unshare(new_namespace | new_user):
        return f"cannot create a namespace: {os.strerror(ctypes.get_errno())}"
    try:
        if os.getuid() != user:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
        descriptor = os.open("/dev/fuse", os.O_RDWR)
    except OSError as error:
        return f"cannot open /dev/fuse: {error.strerror}"
    libc.mount(None, b"/", None, recursive_private, None)
    options = f"fd={descriptor},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()},default_permissions"
    if libc.mount(b"folding", above.encode(), b"fuse", 6, options.encode()):
        return f"cannot mount: {os.strerror(ctypes.get_errno())}"
    fork(lambda: CaseFoldingFileSystem(below, kind).serve(descriptor))  # it ends with the process that mounted it
    os.close(descriptor)
    return None
