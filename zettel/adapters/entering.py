"""Entering the journal: how its files are named and known again, and writing down that a note was made.

This is apart from `records` because making a note is to take no longer than it must: nothing here loads anything costly.
"""

from __future__ import annotations

from zettel.adapters import disk, files, inside
from zettel.adapters.files import JOURNAL

VERSION = 1
KEPT = 50
"""Changes that are kept at most."""


def note_made(root: str, path: str, data: bytes, done: str) -> None:
    """Write down that a note was made, so that this can be taken back, too; not where there is nothing but notes, no `.zettel/`."""
    if not files.exists(root, ".zettel"):
        return
    name = next_name(root)
    head = f'{{"version":{VERSION},"name":"{name}","done":{_quoted(done)},"files":1,"folders":[],"is_undone":false}}'
    step = f'[{{"path":{_quoted(path)},"to":null,"size":null,"before":null,"after":"{digest(data)}","mode":null}}]'
    make_folder(root)
    temporary = disk.temporary(root, f"{JOURNAL}/{name}", f"{head}\n{step}\n".encode(), 0o600)
    disk.sync(root, temporary)
    disk.replace(root, temporary, f"{JOURNAL}/{name}")
    if len(names(root)) > KEPT:
        from zettel.adapters.records import prune

        prune(root)


def _quoted(text: str) -> str:
    """A text as JSON has it; loading the module for that would take longer than all else."""
    return (
        '"' + "".join(f"\\u{ord(char):04x}" if char < " " or char in '"\\' or "\ud800" <= char < "\ue000" else char for char in text) + '"'
    )


def digest(data: bytes) -> str:
    """The SHA-256 of bytes, by which a file is known again."""
    for module in ("_sha2", "_sha256", "hashlib"):  # of Python 3.12 and 3.11, and the one that loads OpenSSL for it
        try:
            return str(__import__(module).sha256(data).hexdigest())
        except ImportError:
            continue
    raise AssertionError("unreachable")


def make_folder(root: str) -> None:
    """Make the folder of the journal, if need be; git ignores it."""
    if not files.exists(root, f"{JOURNAL}/.gitignore"):
        files.create(root, f"{JOURNAL}/.gitignore", b"*\n")
        disk.sync_folder(root, disk.folder_of(JOURNAL))
        disk.sync_folder(root, "")


def next_name(root: str) -> str:
    """The name of a new change, later than all others."""
    from time import time_ns

    return str(max([time_ns() // 1000, *(int(name) + 1 for name in names(root))]))


def names(root: str) -> list[str]:
    """The names of all changes that are done, the last one first."""
    try:
        found = inside.names(root, JOURNAL)
    except OSError:
        return []
    return sorted((name for name in found if len(name) == 16 and name.isascii() and name.isdigit()), reverse=True)
