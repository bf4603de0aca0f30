"""Read and edit the lists in `.zettel/`: text files that people may edit and that git merges without conflicts.

Each line holds one entry, and the lines are sorted, so that the lists of two people differ only in the entries that one of them
added. If both added entries at the same position, `.gitattributes` makes git keep the lines of both sides. Lines that are not
entries are left unchanged.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping

from zettel.adapters import files
from zettel.model.errors import Unreadable

DISMISSED, REVIEWED = ".zettel/dismissed", ".zettel/reviewed"

ATTRIBUTES = ".zettel/.gitattributes"
MERGED = "".join(f"/{path.rpartition('/')[2]} merge=union\n" for path in (DISMISSED, REVIEWED)).encode()

LONGEST = 2000
"""Maximum length of an entry in characters. Longer lines are ignored."""


def cells(line: str) -> list[str]:
    """Split a line at its tabs. Returns an empty list if it is not an entry: too long, a comment, or with unprintable characters."""
    parts = line.rstrip("\r\n").split("\t")
    is_entry = len(line) <= LONGEST and not line.startswith("# ") and all(part.isprintable() for part in parts)
    return parts if is_entry else []


def lines(root: str, path: str) -> list[str]:
    """Return the lines of a list with their line ends, none if the file does not exist. Raises `Unreadable`."""
    return _text(_data(root, path)).splitlines(keepends=True)


def put(root: str, path: str, line: str, key: Callable[[str], object], head: str) -> None:
    """Insert a line in sorted order, replacing the lines with the same `key`, and create the list with `head` if there is none.

    `key` returns None for a line that is not an entry. Creating the list also creates `.gitattributes`, unless it exists. Raises
    `Refused` and `Unreadable`.
    """
    before = _data(root, path)
    own_key = key(line)
    kept = [text for text in _text(before).splitlines(keepends=True) if key(text) != own_key] if before else [head]
    if kept and not kept[-1].endswith(("\n", "\r")):
        kept[-1] += "\n"
    entries = [(number, text.rstrip("\r\n")) for number, text in enumerate(kept) if key(text) is not None]
    position = bisect_left([text for _, text in entries], line)
    at = entries[position][0] if position < len(entries) else entries[-1][0] + 1 if entries else len(kept)
    kept.insert(at, line + ("\r\n" if "\r\n" in "".join(kept[:1]) else "\n"))
    after = "".join(kept).encode("utf-8", "surrogateescape")
    if files.exists(root, path):
        files.rewrite(root, path, before, after)
    else:
        files.create(root, path, after)
        _have_merged(root)


def follow(root: str, moved: Mapping[str, str]) -> None:
    """Replace the paths of moved notes in the lists by their new paths. Raises `Refused` and `Unreadable`.

    `moved` maps old paths to new ones. Only notes without an ID are listed by path.
    """
    for path in (DISMISSED, REVIEWED):
        before = _data(root, path)
        old = _text(before).splitlines(keepends=True)
        new = [_followed(line, moved) for line in old]
        if new != old:
            entries = iter(sorted(line for line in new if len(cells(line)) > 1))
            files.rewrite(
                root,
                path,
                before,
                "".join(next(entries) if len(cells(line)) > 1 else line for line in new).encode("utf-8", "surrogateescape"),
            )


def _followed(line: str, moved: Mapping[str, str]) -> str:
    parts = cells(line)
    if moved.keys().isdisjoint(parts):
        return line
    return "\t".join(moved.get(part, part) for part in parts) + line[len(line.rstrip("\r\n")) :]


def _have_merged(root: str) -> None:
    """Create the `.gitattributes` that makes git merge the lists without conflicts, unless it exists."""
    try:
        if not files.exists(root, ATTRIBUTES):
            files.create(root, ATTRIBUTES, MERGED)
    except (FileExistsError, Unreadable):
        pass  # the list has been created, which is what matters


def _data(root: str, path: str) -> bytes:
    return files.read(root, path) if files.exists(root, path) else b""


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
