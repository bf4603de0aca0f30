"""Read and edit the lists in `.zettel/` (dismissed pairs, reviews): text files that people may edit and that git merges without conflicts.

Each line holds one entry, and the lines are sorted, so that the lists of two people differ only in the entries that one of them
added. If both added entries at the same position, `.gitattributes` makes git keep the lines of both sides. Lines that are not
entries are left unchanged.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from datetime import date

from zettel.adapters.fs import files
from zettel.model.base.errors import Refused, Unreadable
from zettel.model.review.schedule import ReviewState, merge_states

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


DISMISSED_HEADER = "# Pairs of notes that zettel suggest no longer suggests to link; delete a line to have its pair suggested again.\n"
DismissedPair = tuple[str, str]
"""Two handles, sorted."""


def sort_pair(one: str, other: str) -> DismissedPair:
    """Return two handles as a sorted pair."""
    return (one, other) if one <= other else (other, one)


def read_dismissed(root: str) -> set[DismissedPair]:
    """Return the pairs that were dismissed. Lines that are not pairs are skipped. Raises `Unreadable`."""
    return {entry for line in read_lines(root, DISMISSED_PATH) if (entry := _parse_pair(line))}


def dismiss_pair(root: str, one: str, other: str) -> bool:
    """Dismiss a pair. Returns False if it was dismissed already. Raises `Refused` and `Unreadable`."""
    line = "\t".join(sort_pair(one, other))
    if _parse_pair(line) is None:
        raise Refused(f"{one} and {other} cannot be dismissed: their line in {DISMISSED_PATH} could not be read back", "rename the note")
    if sort_pair(one, other) in read_dismissed(root):
        return False
    upsert_line(root, DISMISSED_PATH, line, _parse_pair, DISMISSED_HEADER)
    return True


def _parse_pair(line: str) -> DismissedPair | None:
    """Parse a line of the list. Returns None if it is not a pair."""
    handles = split_cells(line)
    return sort_pair(*handles) if len(handles) == 2 and all(handles) else None


REVIEWED_HEADER = "# When notes were last reviewed (zettel review): note, day, times in a row still true, not due again before.\n"


def read_reviews(root: str) -> dict[str, ReviewState]:
    """Return the last review of each note by its handle. Lines that are not reviews are skipped. Raises `Unreadable`."""
    latest: dict[str, ReviewState] = {}
    for line in read_lines(root, REVIEWED_PATH):
        if entry := _parse_review(line):
            handle, review = entry
            latest[handle] = merge_states(latest[handle], review) if handle in latest else review
    return latest


def record_review(root: str, handle: str, review: ReviewState) -> None:
    """Record a review of a note in place of the previous one. Raises `Refused` and `Unreadable`."""
    line = "\t".join(
        [handle, str(review.last_reviewed or "-"), str(review.streak), *([str(review.postponed_until)] if review.postponed_until else [])]
    )
    if _parse_handle(line) != handle:
        raise Refused(f"the review of {handle} cannot be recorded: its line in {REVIEWED_PATH} could not be read back", "rename the note")
    upsert_line(root, REVIEWED_PATH, line, _parse_handle, REVIEWED_HEADER)


def _parse_handle(line: str) -> str | None:
    return entry[0] if (entry := _parse_review(line)) else None


def _parse_review(line: str) -> tuple[str, ReviewState] | None:
    """Parse a line into (handle, review). Returns None if it is not a review."""
    try:
        handle, on, times, *later = split_cells(line)
        review = ReviewState(None if on == "-" else _parse_day(on), int(times), _parse_day(*later) if later else None)
    except (TypeError, ValueError):
        return None
    return (handle, review) if handle and times.isascii() and times.isdigit() and len(times) < 4 else None


def _parse_day(text: str) -> date:
    """Parse a day written as `YYYY-MM-DD`. Raises `ValueError` for anything else."""
    if str(day := date.fromisoformat(text)) != text:
        raise ValueError(text)
    return day
