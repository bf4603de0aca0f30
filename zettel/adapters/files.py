"""Files: reading notes, making and rewriting them without ever losing one."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from errno import ELOOP
from time import time_ns

from zettel.adapters import disk, inside
from zettel.model.errors import Refused, Unreadable, ZettelError

Stamp = tuple[int, int, int]
"""Modification time in ns, size in bytes, change time in ns: the last tells of files that were swapped or made readable."""

Stamps = dict[str, Stamp]
"""Path of each note (relative, with `/`) to its stamp."""

JOURNAL = ".zettel/journal"
PENDING = f"{JOURNAL}/pending"
"""Where changes are written down before they are carried out; the one that is under way."""

TICK, COARSE_TICK = 20_000_000, 2_000_000_000
"""Nanoseconds in which two changes of a file may have the same time stamp: where times are kept to the tick of the kernel's clock
(10 ms at most), and where they are whole seconds (every other one, on FAT)."""

LARGEST = 100 * 2**20
"""Bytes of a note at most; it takes ten times that much memory to read one."""

TOO_LARGE = f"it is larger than {LARGEST >> 20} MB"

LATEST = 2**63 - 1
"""The largest number that the catalogue holds; times after the year 2262 count as this."""


def stamp_of(info: os.stat_result) -> Stamp:
    """The stamp of a note of which this is what the system knows."""
    return min(info.st_mtime_ns, LATEST), info.st_size, min(info.st_ctime_ns, LATEST)


def stamp(root: str, path: str) -> Stamp | None:
    """The stamp of one note; None if it is not there."""
    try:
        return stamp_of(inside.look_at(root, path))
    except OSError:
        return None


def settled(stamp: Stamp) -> Stamp:
    """The stamp under which a note that is read from now on may be kept: one that it cannot have, if a further change might leave it the stamp it has.

    Such a note is read again the next time.
    """
    mtime, size, ctime = stamp
    now = time_ns()
    tick = COARSE_TICK if ctime % 1_000_000_000 == 0 else TICK
    return (mtime, size, ~ctime) if abs(now - ctime) < tick or abs(now - mtime) < tick else stamp


def is_same(stamp: Stamp | None, known: Stamp | None) -> bool:
    """Whether a note has the stamp under which it is kept."""
    return stamp is not None and known is not None and (stamp == known or stamp == (*known[:2], ~known[2]))


def journal(root: str) -> tuple[Stamp | None, Stamp | None]:
    """What tells whether a zettel has changed notes, or begun to: each change is entered in the journal's folder first."""
    return stamp(root, JOURNAL), stamp(root, PENDING)


def place(root: str, path: str) -> str:
    """Where a note lies, for an editor that is to be given its path; refuses one that leads out of the notebook."""
    try:
        if stat.S_ISLNK(inside.look_at(root, path).st_mode):
            raise Refused(f"{path} is a symbolic link, which is not followed", "name the note itself")
    except FileNotFoundError:
        pass  # the editor makes it
    except OSError as error:
        raise told(f"{path} cannot be looked at", error) from None
    return os.path.join(root, *path.split("/"))


def told(what: str, error: OSError, hint: str = "look at its permissions and the free space") -> ZettelError:
    """What is said of something that cannot be done to a file."""
    if error.errno == ELOOP:
        return Refused(f"{what}: {error.strerror}", "name a place inside the notebook")
    return Unreadable(f"{what}: {error.strerror}", hint)


def read(root: str, path: str) -> bytes:
    """The bytes of a note; never opens a link, pipe or device. Raises `Unreadable`."""
    return _read(root, path)[0]


def _read(root: str, path: str) -> tuple[bytes, int]:
    """The bytes of a note, and its permissions."""
    try:
        with inside.reading(root, path) as file:
            info = os.fstat(file.fileno())
            if info.st_size > LARGEST:
                raise Unreadable(f"{path} cannot be read: {TOO_LARGE}", "look at what it is")
            return file.read(), stat.S_IMODE(info.st_mode)
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}", "look at its permissions") from None


def decode(data: bytes) -> tuple[str, str | None]:
    """(text, what is wrong with its encoding or None). Not UTF-8: read with replacement, UTF-16 by its mark."""
    try:
        return data.decode(), None
    except UnicodeDecodeError as error:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16", "replace"), "it is UTF-16, not UTF-8"
        return data.decode(errors="replace"), f"byte {error.start + 1} is no UTF-8"


def exists(root: str, path: str) -> bool:
    """Whether something of this name is there already."""
    return inside.is_there(root, path)


def is_taken(root: str, path: str, own: str = "") -> bool:
    """Whether another file than the one at `own` is at a path: where letter case does not count, a note is in its own way.

    Raises `Refused` and `Unreadable` where no file can be, whatever its name.
    """
    try:
        there = inside.look_at(root, path)
        return not own or not os.path.samestat(there, inside.look_at(root, own))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise told(f"{path} cannot be looked at", error, "look at what is there in its place") from None


def make_folder(root: str, folder: str) -> bool:
    """Make a folder, if it is not there; whether it was made. Raises `OSError`."""
    if exists(root, folder) and stat.S_ISDIR(inside.look_at(root, folder).st_mode):
        return False
    disk.make_folder(root, folder)
    return True


def create(root: str, path: str, data: bytes, mode: int | None = None) -> None:
    """Make a new note, whole or not at all. Raises `FileExistsError` if there is one, `Unreadable` if it cannot be made."""
    try:
        disk.make_folder(root, disk.folder_of(path))
    except OSError as error:
        raise told(f"the folder of {path} cannot be made", error, "look at what is there in its place") from None
    try:
        _put(root, disk.temporary(root, path, data, mode), path, _put_new)
    except FileExistsError:
        raise
    except OSError as error:
        raise told(f"{path} cannot be made", error, "look at the folder's permissions and the free space") from None


def rewrite(root: str, path: str, before: bytes, after: bytes) -> None:
    """Replace a note's bytes; refused if they are not `before` any more. Permissions are kept."""
    now, mode = _read(root, path)
    if now != before:
        raise Refused(f"{path} has changed meanwhile", "nothing was written; try again")

    def in_its_place(root: str, temporary: str, path: str) -> None:
        if not disk.swap(root, temporary, path, lambda name: read(root, name) == before):
            raise Refused(f"{path} has changed meanwhile", "nothing was written; try again")

    try:
        _put(root, disk.temporary(root, path, after, mode), path, in_its_place)
    except OSError as error:
        raise told(f"{path} cannot be written", error) from None


def _put_new(root: str, temporary: str, path: str) -> None:
    """Give a temporary file its name, where there is none of it; if its hidden one cannot be removed, the note is made all the same."""
    if disk.named(root, temporary, path):
        disk.discard(root, temporary)


def _put(root: str, temporary: str, path: str, put: Callable[[str, str, str], None]) -> None:
    """Give a temporary file its name, once its bytes are on the disk."""
    try:
        disk.sync(root, temporary)
        put(root, temporary, path)
    except BaseException:
        disk.discard(root, temporary)
        raise
    disk.sync_folder(root, disk.folder_of(path))


def rename(root: str, path: str, wanted: str) -> str:
    """Give a note another name, unless a note of that name is there already; gives the name it has afterwards."""
    if wanted == path:
        return path
    try:
        for _ in disk.move(root, [(path, wanted)]):
            pass
    except OSError as error:
        if error.errno == ELOOP:
            raise told(f"{path} cannot become {wanted}", error) from None
        return path
    disk.sync_folder(root, disk.folder_of(path))
    return wanted


def remove(root: str, path: str, before: bytes) -> None:
    """Remove a note that zettel has just made; refused if its bytes are not `before` any more."""
    if read(root, path) != before or not disk.take_away(root, path, lambda name: read(root, name) == before):
        raise Refused(f"{path} has changed meanwhile", "nothing was removed")


def upwards(folder: str) -> Iterator[str]:
    """A folder and those above it, nearest first."""
    folder = os.path.abspath(folder)
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above
