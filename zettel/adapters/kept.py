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

DISMISSED_PATH, REVIEWED_PATH = ".zettel/dismissed", ".zettel/reviewed"

GITATTRIBUTES_PATH = ".zettel/.gitattributes"
GITATTRIBUTES = "".join(f"/{path.rpartition('/')[2]} merge=union\n" for path in (DISMISSED_PATH, REVIEWED_PATH)).encode()

MAX_LINE_LENGTH = 2000
"""Maximum length of an entry in characters. Longer lines are ignored."""


def split_cells(line: str) -> list[str]:
    """Split a line at its tabs. Returns an empty list if it is not an entry: too long, a comment, or with unprintable characters."""
    parts = line.rstrip("\r\n").split("\t")
    is_entry = len(line) <= MAX_LINE_LENGTH and not line.startswith("# ") and all(part.isprintable() for part in parts)
    return parts if is_entry else []


def read_lines(root: str, path: str) -> list[str]:
    """Return the lines of a list with their line ends, none if the file does not exist. Raises `Unreadable`."""
    return _decode(_read_bytes(root, path)).splitlines(keepends=True)


def upsert_line(root: str, path: str, line: str, key: Callable[[str], object], header: str) -> None:
    """Insert a line in sorted order, replacing the lines with the same `key`, and create the list with `header` if there is none.

    `key` returns None for a line that is not an entry. Creating the list also creates `.gitattributes`, unless it exists. Raises
    `Refused` and `Unreadable`.
    """
    before = _read_bytes(root, path)
    own_key = key(line)
    kept = [text for text in _decode(before).splitlines(keepends=True) if key(text) != own_key] if before else [header]
    if kept and not kept[-1].endswith(("\n", "\r")):
        kept[-1] += "\n"
    entries = [(number, text.rstrip("\r\n")) for number, text in enumerate(kept) if key(text) is not None]
    position = bisect_left([text for _, text in entries], line)
    at = entries[position][0] if position < len(entries) else entries[-1][0] + 1 if entries else len(kept)
    kept.insert(at, line + ("\r\n" if "\r\n" in "".join(kept[:1]) else "\n"))
    after = "".join(kept).encode("utf-8", "surrogateescape")
    if files.exists(root, path):
        files.rewrite_file(root, path, before, after)
    else:
        files.create_file(root, path, after)
        _create_gitattributes(root)


def update_moved_paths(root: str, moved: Mapping[str, str]) -> None:
    """Replace the paths of moved notes in the lists by their new paths. Raises `Refused` and `Unreadable`.

    `moved` maps old paths to new ones. Only notes without an ID are listed by path.
    """
    for path in (DISMISSED_PATH, REVIEWED_PATH):
        before = _read_bytes(root, path)
        old = _decode(before).splitlines(keepends=True)
        new = [_update_line(line, moved) for line in old]
        if new != old:
            entries = iter(sorted(line for line in new if len(split_cells(line)) > 1))
            files.rewrite_file(
                root,
                path,
                before,
                "".join(next(entries) if len(split_cells(line)) > 1 else line for line in new).encode("utf-8", "surrogateescape"),
            )


def _update_line(line: str, moved: Mapping[str, str]) -> str:
    parts = split_cells(line)
    if moved.keys().isdisjoint(parts):
        return line
    return "\t".join(moved.get(part, part) for part in parts) + line[len(line.rstrip("\r\n")) :]


def _create_gitattributes(root: str) -> None:
    """Create the `.gitattributes` that makes git merge the lists without conflicts, unless it exists."""
    try:
        if not files.exists(root, GITATTRIBUTES_PATH):
            files.create_file(root, GITATTRIBUTES_PATH, GITATTRIBUTES)
    except (FileExistsError, Unreadable):
        pass  # the list has been created, which is what matters


def _read_bytes(root: str, path: str) -> bytes:
    return files.read_bytes(root, path) if files.exists(root, path) else b""


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
