"""Lay out messages on stderr: wrapped between words on a terminal, with commands to type kept on one line, and in colour."""

from __future__ import annotations

import os
import sys

from zettel.adapters.ansi import format_line
from zettel.model.base.errors import Declined
from zettel.model.text.ids import find_leading_id
from zettel.model.text.inert import escape_unsafe
from zettel.model.text.wrap import measure_columns, measure_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from zettel.model.base.answer import Line
    from zettel.model.base.errors import ZettelError

MIN_WIDTH = 20
"""How many columns a message has at least, even if the terminal is narrower."""

COMMAND = "zettel"
"""The word that a command to type begins with."""

CLAUSE_ENDS = (",", ";", ":", ")", ".", "?")
"""Where a command ends, if a word outside quotes ends with one of them."""


def format_remark(text: str) -> str:
    """Return a line for people, wrapped if stderr is a terminal."""
    return _lay_out((("zettel: ", ""),), escape_unsafe(text), "", indent=2)


def format_error(error: ZettelError, *, colour: bool | None = None) -> str:
    """Return an error with its candidates and hint. Without `colour`, the environment decides whether to use colours."""
    kind = () if isinstance(error, Declined) else (("error: ", "error"),)
    text = _lay_out((("zettel: ", ""), *kind), escape_unsafe(error.message), "", indent=2, colour=colour)
    for candidate in error.candidates:
        note_id = find_leading_id(candidate) or ""
        name = escape_unsafe(candidate[len(note_id) :])
        blanks = " " * (len(name) - len(name.lstrip(" ")))
        text += _lay_out((("  ", ""), (note_id, "id"), (blanks, "")), name.lstrip(" "), "", indent=4, colour=colour)
    if error.hint:
        text += _lay_out((("hint: ", "dim"),), escape_unsafe(error.hint), "dim", indent=6, colour=colour)
    return text


def has_colour(environ: dict[str, str]) -> bool:
    """Return whether messages are in colour unless an option says otherwise: on a terminal that is not dumb, without `NO_COLOR`."""
    return _is_terminal() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"


def wrap_words(text: str, *, indent: str = "", room: int = 0) -> str:
    """Break text between words to the width of the terminal, less `room` columns, with `indent` before all lines but the first.

    A command to type stays on one line if it fits on one.
    """
    width = _find_width() - room
    return f"\n{indent}".join(_wrap(text, width, width - len(indent)))


def _lay_out(lead: Line, text: str, style: str, *, indent: int, colour: bool | None = None) -> str:
    """Return `lead` and text as lines. The further lines begin in the column `indent`."""
    colour = has_colour(dict(os.environ)) if colour is None else colour
    width = measure_line(lead)
    lines = list(_wrap(text, _find_width() - width, _find_width() - indent)) if _is_terminal() else [text]
    shown = [format_line((*lead, (lines[0], style)), colour=colour)]
    shown += [" " * indent + format_line(((line, style),), colour=colour) for line in lines[1:]]
    return "".join(f"{line}\n" for line in shown)


def _is_terminal() -> bool:
    try:
        return sys.stderr.isatty()
    except (AttributeError, ValueError):  # it is closed
        return False


def _find_width() -> int:
    from shutil import get_terminal_size

    return max(MIN_WIDTH, get_terminal_size().columns)


def _wrap(text: str, first: int, further: int) -> Iterator[str]:
    """Yield lines of at most `first`, then `further` columns, unless a single word is longer."""
    line, width = "", first
    for group in _group_words(text.split(" ")):
        fits = measure_columns(" ".join(group)) <= further
        for part in [" ".join(group)] if fits else group:
            if line and measure_columns(f"{line} {part}") > width:
                yield line
                line, width = part, further
            else:
                line = f"{line} {part}" if line else part
    yield line


def _group_words(words: list[str]) -> Iterator[list[str]]:
    """Yield each word by itself, and the words of a command together."""
    at = 0
    while at < len(words):
        end = _find_command_end(words, at) if words[at].strip("`(\"'") == COMMAND else at + 1
        yield words[at:end]
        at = end


def _find_command_end(words: list[str], start: int) -> int:
    """Return the index behind the last word of a command: where the clause ends outside quotes."""
    quote = ""
    for at in range(start, len(words)):
        word = words[at]
        if not quote and word[:1] in ("'", '"'):
            quote = word[0]
            word = word[1:]
        if quote and word.rstrip("".join(CLAUSE_ENDS)).endswith(quote):
            quote = ""
        if not quote and words[at].endswith(CLAUSE_ENDS) and not words[at].endswith("..."):
            return at + 1
    return len(words)
