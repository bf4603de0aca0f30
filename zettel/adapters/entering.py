"""Name the journal's files, and record that a note was created.

Separate from `records` because `zettel new` must be fast: nothing here imports anything expensive.
"""

from __future__ import annotations

from sys import version_info

from zettel.adapters import disk, files, inside
from zettel.adapters.files import JOURNAL

VERSION = 1
LATEST = 9_999_999_000_000_000
"""Latest time that is accepted, in microseconds since 1970 (the year 2286), so that names have 16 digits."""

LONGEST = 1_000_000
"""Maximum size of an entry's first line in bytes."""

DONE = 500
"""Maximum length of a change's summary in characters. Titles can have any length."""

KEPT = 50
"""Maximum number of changes in the journal."""


def note_made(root: str, path: str, data: bytes, done: str) -> None:
    """Record that a note was created, so that this can be undone. Does nothing in a notebook without `.zettel/`."""
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
    """Shorten a change's summary so that the first line of its entry stays readable."""
    return done if len(done) <= DONE else f"{done[: DONE - 1]}…"


def _is_undone(root: str, earlier: list[str]) -> bool:
    """Return whether the latest of the `earlier` changes was undone, so that it has to be forgotten now."""
    if not earlier:
        return False
    with inside.reading(root, f"{JOURNAL}/{earlier[0]}") as file:
        return b'"is_undone": true' in file.readline(LONGEST)


def _quoted(text: str) -> str:
    """Quote a text for JSON. Importing the `json` module would take longer than everything else."""
    return (
        '"' + "".join(f"\\u{ord(char):04x}" if char < " " or char in '"\\' or "\ud800" <= char < "\ue000" else char for char in text) + '"'
    )


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    own = "_sha2" if version_info >= (3, 12) else "_sha256"  # hashlib would load OpenSSL for it
    for module in (own, "hashlib"):
        try:
            return str(__import__(module).sha256(data).hexdigest())
        except ImportError:
            continue
    raise AssertionError("unreachable")


def make_folder(root: str) -> None:
    """Create the journal's folder unless it exists, with a `.gitignore` that hides it from git."""
    if not files.exists(root, f"{JOURNAL}/.gitignore"):
        files.create(root, f"{JOURNAL}/.gitignore", b"*\n")


def next_name(root: str) -> str:
    """Choose the name of a new change, later than all others."""
    from time import time_ns

    return f"{max([0, min(time_ns() // 1000, LATEST), *(int(name) + 1 for name in names(root))]):016}"


def names(root: str) -> list[str]:
    """List the names of all completed changes, latest first."""
    try:
        found = inside.names(root, JOURNAL)
    except OSError:
        return []
    return sorted((name for name in found if len(name) == 16 and name.isascii() and name.isdigit()), reverse=True)
