"""Lists that are kept with a notebook, in `.zettel/`: text files that people may edit, and that merge.

One thing a line, the lines sorted, so that two people's lists differ only where the two have done something; `.gitattributes`
has git take the lines of both sides where they have done it in the same place. Every other line stays as it is.
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
"""Characters of a line at most that is taken for anything."""


def cells(line: str) -> list[str]:
    """What stands between the tabs of a line; nothing where it is none of ours: too long, a remark, or with what cannot be shown in it."""
    found = line.rstrip("\r\n").split("\t")
    is_ours = len(line) <= LONGEST and not line.startswith("# ") and all(cell.isprintable() for cell in found)
    return found if is_ours else []


def lines(root: str, path: str) -> list[str]:
    """The lines of a list, with their ends; none, if it is not there. Raises `Unreadable`."""
    return _text(_data(root, path)).splitlines(keepends=True)


def put(root: str, path: str, line: str, key: Callable[[str], object], head: str) -> None:
    """Put a line among the sorted ones, in place of those with the same `key` (None: no line of this list); a new list begins with `head`.

    Raises `Refused` and `Unreadable`.
    """
    before = _data(root, path)
    own = key(line)
    found = [text for text in _text(before).splitlines(keepends=True) if key(text) != own] if before else [head]
    if found and not found[-1].endswith(("\n", "\r")):
        found[-1] += "\n"
    known = [(number, text.rstrip("\r\n")) for number, text in enumerate(found) if key(text) is not None]
    place = bisect_left([text for _, text in known], line)
    at = known[place][0] if place < len(known) else known[-1][0] + 1 if known else len(found)
    found.insert(at, line + ("\r\n" if "\r\n" in "".join(found[:1]) else "\n"))
    after = "".join(found).encode("utf-8", "surrogateescape")
    if files.exists(root, path):
        files.rewrite(root, path, before, after)
    else:
        files.create(root, path, after)
        _have_merged(root)


def follow(root: str, moved: Mapping[str, str]) -> None:
    """Have the lists name notes without an ID by the paths that they have now. Raises `Refused` and `Unreadable`."""
    for path in (DISMISSED, REVIEWED):
        before = _data(root, path)
        old = _text(before).splitlines(keepends=True)
        new = [_followed(line, moved) for line in old]
        if new != old:
            ours = iter(sorted(line for line in new if len(cells(line)) > 1))
            files.rewrite(
                root, path, before, "".join(next(ours) if len(cells(line)) > 1 else line for line in new).encode("utf-8", "surrogateescape")
            )


def _followed(line: str, moved: Mapping[str, str]) -> str:
    found = cells(line)
    if moved.keys().isdisjoint(found):
        return line
    return "\t".join(moved.get(cell, cell) for cell in found) + line[len(line.rstrip("\r\n")) :]


def _have_merged(root: str) -> None:
    """Have git merge the lists without conflicts, unless there are attributes already."""
    try:
        if not files.exists(root, ATTRIBUTES):
            files.create(root, ATTRIBUTES, MERGED)
    except (FileExistsError, Unreadable):
        pass  # the list is there, which counts


def _data(root: str, path: str) -> bytes:
    return files.read(root, path) if files.exists(root, path) else b""


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
