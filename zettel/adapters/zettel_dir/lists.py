"""Read and edit the lists in `.zettel/` (dismissed pairs, reviews): text files that people may edit and that git merges without conflicts.

Each line holds one entry, and the lines are sorted, so that the lists of two people differ only in the entries that one of them
added. If both added entries at the same position, `.gitattributes` makes git keep the lines of both sides. Lines that are not
entries are left unchanged.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from zettel.adapters.fs import files
from zettel.model.base.errors import Refused
from zettel.model.edit.changes import Changes, build_edits
from zettel.model.review.schedule import ReviewState, merge_states

DISMISSED_PATH, REVIEWED_PATH = ".zettel/dismissed", ".zettel/reviewed"
LIST_PATHS = (DISMISSED_PATH, REVIEWED_PATH)
"""The files in `.zettel/` that zettel changes by way of the journal, so that `zettel undo` takes answers back, too."""

GITATTRIBUTES_PATH = ".zettel/.gitattributes"
GITATTRIBUTES = "".join(f"/{path.rpartition('/')[2]} merge=union\n" for path in LIST_PATHS).encode()
MAX_LINE_LENGTH = 2000
"""Maximum length of an entry in characters. Longer lines are ignored."""


def split_cells(line: str) -> list[str]:
    """Split a line at its tabs. Returns an empty list if it is not an entry: too long, a comment, or with unprintable characters."""
    parts = line.rstrip("\r\n").split("\t")
    is_entry = len(line) <= MAX_LINE_LENGTH and not line.startswith("# ") and all(part.isprintable() for part in parts)
    return parts if is_entry else []


def read_lines(root: str, path: str) -> list[str]:
    """Return the lines of a list with their line ends, none if the file does not exist. Raises `Unreadable`."""
    return _decode(_read_bytes(root, path) or b"").splitlines(keepends=True)


def upsert_line(data: bytes, line: str, key: Callable[[str], object], header: str) -> bytes:
    """Return a list with a line inserted in sorted order, in place of the lines with the same `key`. An empty list gets the `header` first.

    `key` returns None for a line that is not an entry.
    """
    own_key = key(line)
    kept = [text for text in _decode(data).splitlines(keepends=True) if key(text) != own_key] if data else [header]
    if kept and not kept[-1].endswith(("\n", "\r")):
        kept[-1] += "\n"
    entries = [(number, text.rstrip("\r\n")) for number, text in enumerate(kept) if key(text) is not None]
    position = bisect_left([text for _, text in entries], line)
    at = entries[position][0] if position < len(entries) else entries[-1][0] + 1 if entries else len(kept)
    kept.insert(at, line + ("\r\n" if "\r\n" in "".join(kept[:1]) else "\n"))
    return "".join(kept).encode("utf-8", "surrogateescape")


def update_moved_paths(root: str, moved: Mapping[str, str]) -> None:
    """Replace the paths of moved notes in the lists by their new paths. Raises `Refused` and `Unreadable`.

    `moved` maps old paths to new ones. Only notes without an ID are listed by path.
    """
    for path in LIST_PATHS:
        before = _read_bytes(root, path) or b""
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


def create_gitattributes(root: str) -> None:
    """Create the `.gitattributes` that makes git merge the lists without conflicts, unless it exists. Raises `Unreadable`."""
    try:
        if not files.exists(root, GITATTRIBUTES_PATH):
            files.create_file(root, GITATTRIBUTES_PATH, GITATTRIBUTES)
    except FileExistsError:
        pass  # somebody else has just created it


def _read_bytes(root: str, path: str) -> bytes | None:
    return files.read_bytes(root, path) if files.exists(root, path) else None


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
    return _parse_dismissed(read_lines(root, DISMISSED_PATH))


def _parse_dismissed(lines: Iterable[str]) -> set[DismissedPair]:
    return {entry for line in lines if (entry := _parse_pair(line))}


def plan_dismissals(root: str, pairs: Iterable[tuple[str, str]]) -> Changes:
    """Plan to dismiss pairs of handles. Those that were dismissed already stay as they are. Raises `Refused` and `Unreadable`."""
    before = _read_bytes(root, DISMISSED_PATH)
    data = before or b""
    known = _parse_dismissed(_decode(data).splitlines())
    for one, other in pairs:
        line = "\t".join(sort_pair(one, other))
        if _parse_pair(line) is None:
            raise Refused(
                f"{one} and {other} cannot be dismissed: their line in {DISMISSED_PATH} could not be read back", "rename the note"
            )
        if sort_pair(one, other) not in known:
            known.add(sort_pair(one, other))
            data = upsert_line(data, line, _parse_pair, DISMISSED_HEADER)
    return Changes(build_edits([(DISMISSED_PATH, before, data or before)]))


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


def plan_reviews(root: str, reviews: Mapping[str, ReviewState]) -> Changes:
    """Plan to record reviews by handle, each in place of the previous one of its note. Raises `Refused` and `Unreadable`."""
    before = _read_bytes(root, REVIEWED_PATH)
    data = before or b""
    for handle, review in reviews.items():
        later = [str(review.postponed_until)] if review.postponed_until else []
        line = "\t".join([handle, str(review.last_reviewed or "-"), str(review.streak), *later])
        if _parse_handle(line) != handle:
            raise Refused(
                f"the review of {handle} cannot be recorded: its line in {REVIEWED_PATH} could not be read back", "rename the note"
            )
        data = upsert_line(data, line, _parse_handle, REVIEWED_HEADER)
    return Changes(build_edits([(REVIEWED_PATH, before, data or before)]))


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
