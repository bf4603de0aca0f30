"""Read, create and rewrite note files without ever losing one."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from errno import ELOOP
from sys import version_info
from time import time_ns

from zettel.adapters.fs import atomic, rooted
from zettel.model.base.errors import Refused, Unreadable, ZettelError

FileStamp = tuple[int, int, int]
"""Modification time in ns, size in bytes, change time in ns. The change time reveals files that were swapped or made readable."""

FileStamps = dict[str, FileStamp]
"""Maps the path of each note (relative, with `/`) to its stamp."""

JOURNAL = ".zettel/journal"
PENDING = f"{JOURNAL}/pending"
"""The folder in which changes are recorded before they are carried out, and the record of the one in progress."""

TRASH_FOLDER = ".zettel/trash/"
"""The folder to which deleted notes are moved."""

TICK, COARSE_TICK = 20_000_000, 2_000_000_000
"""Nanoseconds within which two changes of a file may get the same time stamp: where times follow the tick of the kernel's clock
(10 ms at most), and where they are whole seconds (every other one on FAT).
"""

MAX_NOTE_BYTES = 100 * 2**20
"""Maximum size of a note in bytes. Reading one takes ten times as much memory."""

CHUNK_BYTES = 1 << 20
"""Bytes of a file that are read at once if it need not be in memory as a whole."""

TOO_LARGE = f"it is larger than {MAX_NOTE_BYTES >> 20} MB"

PLACEHOLDER_SUFFIX = ".icloud"
"""iCloud puts a file `NAME` away to free space on this machine, and leaves a small file called `.NAME.icloud`."""

MAX_STAMP_TIME = 2**63 - 1
"""The largest integer that the catalogue can hold. Times after the year 2262 are clamped to it."""


def build_stamp(info: os.stat_result) -> FileStamp:
    """Build a note's stamp from its `os.stat_result`."""
    return min(info.st_mtime_ns, MAX_STAMP_TIME), info.st_size, min(info.st_ctime_ns, MAX_STAMP_TIME)


def read_stamp(root: str, path: str) -> FileStamp | None:
    """Return the stamp of the note at `path`, or None if it is not there."""
    try:
        return build_stamp(rooted.lstat_path(root, path))
    except OSError:
        return None


def mark_if_racy(stamp: FileStamp) -> FileStamp:
    """Return the stamp to store for a note that is read from now on.

    If another change could leave the file's stamp as it is, the result is one that no file can have, so that the note is read again next
    time.
    """
    mtime, size, ctime = stamp
    now = time_ns()
    tick = COARSE_TICK if ctime % 1_000_000_000 == 0 else TICK
    return (mtime, size, ~ctime) if abs(now - ctime) < tick or abs(now - mtime) < tick else stamp


def is_same_stamp(stamp: FileStamp | None, known: FileStamp | None) -> bool:
    """Return whether a note's stamp equals the stored one, even if that was marked by `mark_if_racy`."""
    return stamp is not None and known is not None and (stamp == known or stamp == (*known[:2], ~known[2]))


def read_journal_state(root: str) -> tuple[FileStamp | None, FileStamp | None]:
    """Return the stamps of the journal's folder and of its pending record.

    They change whenever a zettel process changes notes or starts to, because each change is recorded in the folder first.
    """
    return read_stamp(root, JOURNAL), read_stamp(root, PENDING)


def locate_for_editor(root: str, path: str) -> str:
    """Return the absolute path of a note, to hand to an editor. Raises `Refused` if the path leads out of the notebook."""
    try:
        if stat.S_ISLNK(rooted.lstat_path(root, path).st_mode):
            raise Refused(f"{path} is a symbolic link, which is not followed", "name the note itself")
    except FileNotFoundError:
        pass  # the editor creates it
    except OSError as error:
        raise convert_os_error(f"{path} cannot be accessed", error) from None
    return os.path.join(root, *path.split("/"))


def convert_os_error(what: str, error: OSError, hint: str = "check its permissions and the free space") -> ZettelError:
    """Convert an `OSError` to a `ZettelError` that says `what` could not be done.

    A symlink (`ELOOP`) becomes `Refused`, anything else `Unreadable`.
    """
    if error.errno == ELOOP:
        return Refused(f"{what}: {error.strerror}", "give a path inside the notebook")
    return Unreadable(f"{what}: {error.strerror}", hint)


def read_bytes(root: str, path: str) -> bytes:
    """Return the bytes of the note at `path`. Never opens a symlink, pipe or device. Raises `Unreadable`."""
    return _read_with_mode(root, path)[0]


def read_start(root: str, path: str, max_bytes: int = 500) -> bytes:
    """Return the first bytes of a note, or nothing if it cannot be read. Never opens a symlink, and never waits for a pipe or device."""
    try:
        descriptor = rooted.open_descriptor(root, path)
    except (OSError, Refused):
        return b""
    try:
        return os.read(descriptor, max_bytes)
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def _read_with_mode(root: str, path: str) -> tuple[bytes, int]:
    """Return the bytes of a note and its permissions."""
    try:
        with rooted.open_file(root, path) as file:
            info = os.fstat(file.fileno())
            if info.st_size > MAX_NOTE_BYTES:
                raise Unreadable(f"{path} cannot be read: {TOO_LARGE}", "check what kind of file it is")
            return file.read(), stat.S_IMODE(info.st_mode)
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}", "check its permissions") from None


def decode_bytes(data: bytes) -> tuple[str, str | None]:
    """Decode `data` and return (text, what is wrong with its encoding or None).

    Bytes that are not UTF-8 are replaced, except that UTF-16 is recognised by its byte order mark.
    """
    try:
        return data.decode(), None
    except UnicodeDecodeError as error:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16", "replace"), "it is UTF-16, not UTF-8"
        return data.decode(errors="replace"), f"byte {error.start + 1} is not UTF-8"


def exists(root: str, path: str) -> bool:
    """Return whether anything exists at `path`."""
    return rooted.exists(root, path)


def is_occupied(root: str, path: str, own_path: str = "") -> bool:
    """Return whether a file other than the one at `own_path` is at `path`.

    If the file system ignores case, a path that only differs in case from `own_path` is the same file. Raises `Refused` and `Unreadable` if no
    file can be at `path` at all.
    """
    try:
        there = rooted.lstat_path(root, path)
        return not own_path or not os.path.samestat(there, rooted.lstat_path(root, own_path))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise convert_os_error(f"{path} cannot be accessed", error, "check what else is at that path") from None


def create_folder(root: str, folder: str) -> bool:
    """Create a folder unless it exists, and return whether it was created. Raises `OSError`."""
    if exists(root, folder) and stat.S_ISDIR(rooted.lstat_path(root, folder).st_mode):
        return False
    atomic.create_folders(root, folder)
    return True


def create_file(root: str, path: str, data: bytes, mode: int | None = None) -> None:
    """Create a note, either whole or not at all. Raises `FileExistsError` if it exists, and `Unreadable` if it cannot be created."""
    try:
        atomic.create_folders(root, atomic.folder_of(path))
    except OSError as error:
        raise convert_os_error(f"the folder of {path} cannot be created", error, "check what else is at that path") from None
    try:
        _sync_and_rename(root, atomic.create_temporary(root, path, data, mode), path, _rename_new)
    except FileExistsError:
        raise
    except OSError as error:
        raise convert_os_error(f"{path} cannot be created", error, "check the folder's permissions and the free space") from None


def rewrite_file(root: str, path: str, before: bytes, after: bytes) -> None:
    """Replace the bytes of a note, and keep its permissions. Raises `Refused` if they are not `before` any more."""
    now, mode = _read_with_mode(root, path)
    if now != before:
        raise Refused(f"{path} has changed in the meantime", "nothing was written; try again")

    def replace_original(root: str, temporary: str, path: str) -> None:
        if not atomic.replace_if_unchanged(root, temporary, path, lambda name: read_bytes(root, name) == before):
            raise Refused(f"{path} has changed in the meantime", "nothing was written; try again")

    try:
        _sync_and_rename(root, atomic.create_temporary(root, path, after, mode), path, replace_original)
    except OSError as error:
        raise convert_os_error(f"{path} cannot be written", error) from None


def _rename_new(root: str, temporary: str, path: str) -> None:
    """Rename a temporary file to `path` unless that exists. A temporary name that cannot be removed afterwards is left behind."""
    if atomic.link_or_rename(root, temporary, path):
        atomic.discard_file(root, temporary)


def _sync_and_rename(root: str, temporary: str, path: str, rename: Callable[[str, str, str], None]) -> None:
    """Rename a temporary file with `rename` after its bytes have reached the disk. Discards the file if that fails."""
    try:
        atomic.sync_file(root, temporary)
        rename(root, temporary, path)
    except BaseException:
        atomic.discard_file(root, temporary)
        raise
    atomic.sync_folder(root, atomic.folder_of(path))


def rename_note(root: str, path: str, new_path: str) -> str:
    """Rename a note unless there is one at `new_path` already, and return the path that it has afterwards."""
    if new_path == path:
        return path
    try:
        for _ in atomic.move_files(root, [(path, new_path)]):
            pass
    except OSError as error:
        if error.errno == ELOOP:
            raise convert_os_error(f"{path} cannot be renamed to {new_path}", error) from None
        return path
    atomic.sync_folder(root, atomic.folder_of(path))
    return new_path


def remove_created_file(root: str, path: str, before: bytes) -> None:
    """Remove a note that zettel has just created. Raises `Refused` if its bytes are not `before` any more."""
    if read_bytes(root, path) != before or not atomic.remove_if_unchanged(root, path, lambda name: read_bytes(root, name) == before):
        raise Refused(f"{path} has changed in the meantime", "nothing was removed")


def walk_up(folder: str) -> Iterator[str]:
    """Yield `folder` and its parents, nearest first."""
    folder = os.path.abspath(folder)
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def hash_bytes(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    own = "_sha2" if version_info >= (3, 12) else "_sha256"  # hashlib would load OpenSSL for it
    for module in (own, "hashlib"):
        try:
            return str(__import__(module).sha256(data).hexdigest())
        except ImportError:
            continue
    raise AssertionError("unreachable")


def read_chunks(root: str, path: str, max_bytes: int) -> Iterator[bytes]:
    """Yield the first `max_bytes` bytes of a regular file part by part. Never opens a symlink, pipe or device.

    Raises `OSError`, `Refused` and `Unreadable`.
    """
    with rooted.open_file(root, path) as file:
        while chunk := file.read(min(CHUNK_BYTES, max_bytes)):
            max_bytes -= len(chunk)
            yield chunk


def hash_file(root: str, path: str, max_bytes: int) -> tuple[str, int]:
    """Return the SHA-256 in hexadecimal of the first `max_bytes` bytes of a regular file, and their number. Raises as `read_chunks` does."""
    from hashlib import sha256

    digest, size = sha256(), 0
    for chunk in read_chunks(root, path, max_bytes):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size
