"""Entering the journal: how its files are named and known again, and writing down that a note was made.

This is apart from `records` because making a note is to take no longer than it must: nothing here loads anything costly.
"""

from __future__ import annotations

from sys import version_info

from zettel.adapters import disk, files, inside
from zettel.adapters.files import JOURNAL

VERSION = 1
LATEST = 9_999_999_000_000_000
"""Microseconds from 1970 to 2286: the latest time that is believed, so that names have 16 digits."""

LONGEST = 1_000_000
"""Bytes of the line at most with which a change begins."""

DONE = 500
"""Characters at most in which a change says what it does; titles can be of any length."""

KEPT = 50
"""Changes that are kept at most."""


def note_made(root: str, path: str, data: bytes, done: str) -> None:
    """Write down that a note was made, so that this can be taken back, too; not where there is nothing but notes, no `.zettel/`."""
    if not files.exists(root, ".zettel"):
        return
    name, earlier = next_name(root), names(root)
    head = f'{{"version":{VERSION},"name":"{name}","done":{_quoted(in_short(done))},"files":1,"folders":[],"is_undone":false}}'
    step = f'[{{"path":{_quoted(path)},"to":null,"size":null,"before":null,"after":"{digest(data)}","mode":null}}]'
    make_folder(root)
    temporary = disk.temporary(root, f"{JOURNAL}/{name}", f"{head}\n{step}\n".encode(), 0o600)
    disk.sync(root, temporary)
    disk.replace(root, temporary, f"{JOURNAL}/{name}")
    if _is_undone(root, earlier):
        from zettel.adapters.records import prune

        prune(root)
    else:
        for old in earlier[KEPT - 1 :]:
            disk.remove(root, f"{JOURNAL}/{old}")


def in_short(done: str) -> str:
    """What a change does, in so few characters that the line in which it begins can be read again."""
    return done if len(done) <= DONE else f"{done[: DONE - 1]}…"


def _is_undone(root: str, earlier: list[str]) -> bool:
    """Whether the last of these changes was taken back, so that it is to be forgotten now."""
    if not earlier:
        return False
    with inside.reading(root, f"{JOURNAL}/{earlier[0]}") as file:
        return b'"is_undone": true' in file.readline(LONGEST)


def _quoted(text: str) -> str:
    """A text as JSON has it; loading the module for that would take longer than all else."""
    return (
        '"' + "".join(f"\\u{ord(char):04x}" if char < " " or char in '"\\' or "\ud800" <= char < "\ue000" else char for char in text) + '"'
    )


def digest(data: bytes) -> str:
    """The SHA-256 of bytes, by which a file is known again."""
    own = "_sha2" if version_info >= (3, 12) else "_sha256"  # hashlib would load OpenSSL for it
    for module in (own, "hashlib"):
        try:
            return str(__import__(module).sha256(data).hexdigest())
        except ImportError:
            continue
    raise AssertionError("unreachable")


def make_folder(root: str) -> None:
    """Make the folder of the journal, if need be; git ignores it."""
    if not files.exists(root, f"{JOURNAL}/.gitignore"):
        files.create(root, f"{JOURNAL}/.gitignore", b"*\n")


def next_name(root: str) -> str:
    """The name of a new change, later than all others."""
    from time import time_ns

    return f"{max([0, min(time_ns() // 1000, LATEST), *(int(name) + 1 for name in names(root))]):016}"


def names(root: str) -> list[str]:
    """The names of all changes that are done, the last one first."""
    try:
        found = inside.names(root, JOURNAL)
    except OSError:
        return []
    return sorted((name for name in found if len(name) == 16 and name.isascii() and name.isdigit()), reverse=True)
