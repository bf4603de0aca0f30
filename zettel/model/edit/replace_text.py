"""Replace a text that occurs once in a note, and verify by parsing the result that the note stays the same note."""

from __future__ import annotations

from zettel.model.base.errors import Refused, UsageError
from zettel.model.edit.append import detect_line_ending
from zettel.model.note.parse import ParseNote

MAX_LINES_NAMED = 5
"""How many lines an error names at which a text occurs."""


def replace_text(path: str, data: bytes, old: str, new: str, parse: ParseNote) -> bytes:
    """Return the note's bytes with `old`, which occurs exactly once, replaced by `new`. Line ends in both are written as the note's own.

    Raises `UsageError` if `old` does not occur, or occurs several times, and `Refused` if the note is not UTF-8, or if its ID or title would
    change or its front matter could no longer be read.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        raise Refused(f"{path} is not UTF-8, so it cannot be edited", "convert it to UTF-8 first") from None
    wanted, written = (_encode(text, detect_line_ending(data)) for text in (old, new))
    if not wanted:
        raise UsageError("the text to replace is empty", "give a text that the note has exactly once")
    places = _find_places(data, wanted)
    if not places:
        raise UsageError("the text to replace does not occur in the note", "read the note again, and give its text letter by letter")
    if len(places) > 1:
        lines = [str(data[:at].count(detect_line_ending(data)) + 1) for at in places[:MAX_LINES_NAMED]]
        more = f" and {len(places) - MAX_LINES_NAMED} more" if len(places) > MAX_LINES_NAMED else ""
        raise UsageError(
            f"the text to replace occurs {len(places)} times, in lines {', '.join(lines)}{more}",
            "give more of the text around the one you mean",
        )
    after = data[: places[0]] + written + data[places[0] + len(wanted) :]
    _ensure_same_note(path, data, after, parse)
    return after


def _encode(text: str, end: bytes) -> bytes:
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").replace(b"\n", end)


def _find_places(data: bytes, wanted: bytes) -> list[int]:
    """Return every offset at which `wanted` begins, including those that overlap."""
    places = [at := data.find(wanted)]
    while at >= 0:
        places.append(at := data.find(wanted, at + 1))
    return places[:-1]


def _ensure_same_note(path: str, before: bytes, after: bytes, parse: ParseNote) -> None:
    old, new = parse(before), parse(after)
    if old.id != new.id:
        raise Refused(f"the edit would change the ID of {path}, which links name", "leave the ID as it is")
    if {problem.code for problem in new.problems} - {problem.code for problem in old.problems}:
        raise Refused(f"the front matter of {path} could no longer be read", "keep it valid, with values in quotes where they need them")
    if old.title != new.title:
        raise Refused(f"the edit would change the title of {path}", "rename changes a title, and the links to it with it")
