r"""Frame the text of a note, so that a program that reads it knows where somebody else's words begin and end.

A frame is two lines: `note 202302060730, text follows` and `end of note 202302060730`. A line of the text that could be taken for one of them
gets a backslash before it, so the text cannot end its own frame, or open that of another note.
"""

from __future__ import annotations

from collections.abc import Iterable

from zettel.model.text.fold import fold_letters
from zettel.model.text.inert import escape_unsafe

OPENING, OPENING_END, CLOSING = "note", "text follows", "end of note"


def frame_text(handle: str, text: str, about: Iterable[str] = ()) -> str:
    """Return the text of the note with this ID or path in its frame, with unsafe characters made visible. `about` are further words on the note."""
    name = make_line(handle)
    head = ", ".join((f"{OPENING} {name}", *map(make_line, about), OPENING_END))
    lines = [f"\\{line}" if _could_be_frame(line) else line for line in make_inert(text).split("\n")]
    return "\n".join((head, *lines, f"{CLOSING} {name}"))


def make_inert(text: str) -> str:
    """Return a text of several lines, all of which end alike, with unsafe characters made visible."""
    return escape_unsafe(text.replace("\r\n", "\n").replace("\r", "\n"), keep="\n\t").removesuffix("\n")


def make_line(text: str) -> str:
    """Return a text on one line, with unsafe characters made visible."""
    return escape_unsafe(" ".join(text.split()))


def _could_be_frame(line: str) -> bool:
    """Return whether a line has the letters of one of the two lines of a frame, whatever stands between them and however they are written."""
    letters = _squeeze(line)
    is_opening = letters.startswith(_squeeze(OPENING)) and letters.endswith(_squeeze(OPENING_END))
    return is_opening or letters.startswith(_squeeze(CLOSING))


def _squeeze(text: str) -> str:
    return "".join(char for char in fold_letters(text) if char.isalnum())
