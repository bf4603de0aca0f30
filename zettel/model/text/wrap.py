"""Break styled lines between words, so that they fit a width in columns of a terminal."""

from __future__ import annotations

from zettel.model.base.answer import Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

DASH = "—"
"""It begins a line rather than ending one: what follows it is a remark on what stands before it."""

ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
"""Characters besides marks that take no column: zero-width blanks and joiners."""


def measure_columns(text: str) -> int:
    """Return how many columns a text takes on a terminal: East Asian letters and most emoji two, marks none."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(0 if char in ZERO_WIDTH or category(char) in ("Mn", "Me") else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def measure_line(line: Line) -> int:
    """Return how many columns a styled line takes."""
    return sum(measure_columns(text) for text, _ in line)


def strip_end(line: Line) -> Line:
    """Return a line without the blanks at its end."""
    found = list(line)
    while found and not found[-1][0].strip(" "):
        found.pop()
    if found:
        found[-1] = (found[-1][0].rstrip(" "), found[-1][1])
    return tuple(found)


def wrap_line(line: Line, width: int) -> list[Line]:
    """Break a line at blanks into lines of at most `width` columns. A word that is wider than that is broken anywhere."""
    if measure_line(line) <= width:
        return [line]
    lines: list[list[tuple[str, str]]] = [[]]
    left = width
    for word, blanks in _split_words(line, width):
        columns = measure_line(tuple(word))
        if columns > left and left < width:
            lines[-1] = list(strip_end(tuple(lines[-1])))
            lines.append([])
            left = width
        for text, style in (*word, *blanks):
            if lines[-1] and lines[-1][-1][1] == style:
                lines[-1][-1] = (lines[-1][-1][0] + text, style)
            else:
                lines[-1].append((text, style))
            left -= measure_columns(text)
    return [tuple(found) for found in lines]


def _split_words(line: Line, width: int) -> Iterator[tuple[list[tuple[str, str]], list[tuple[str, str]]]]:
    """Yield the words of a line, each with the blanks behind it, and words that are wider than `width` in pieces. A word may have several styles."""
    word: list[tuple[str, str]] = []
    blanks: list[tuple[str, str]] = []
    room = width
    for text, style in line:
        count = -1  # of the blanks before a part
        for part in text.split(" "):
            count += 1
            if not part:
                continue
            if count:
                blanks.append((" " * count, style))
                count = 0
            if blanks and len(word) == 1 and word[0][0] == DASH and measure_columns(part) < room:
                word, blanks, room = [*word, (" ", style)], [], room - 1
            elif blanks:
                yield word, blanks
                word, blanks, room = [], [], width
            columns, start = measure_columns(part), 0
            while columns > room:
                end = start if columns <= width else _find_cut(part, start, room)  # a part that fits one line stays whole
                if end == start and not word:
                    end += 1
                piece = part[start:end]
                yield [*word, (piece, style)] if piece else word, []
                word, start, room, columns = [], end, width, columns - measure_columns(piece)
            if start < len(part):
                word.append((part[start:], style))
                room -= columns
        if count > 0:
            blanks.append((" " * count, style))
    yield word, blanks


def _find_cut(text: str, start: int, room: int) -> int:
    """Return where the characters end that begin at `start` and take at most `room` columns."""
    if text.isascii():
        return min(start + room, len(text))
    at = start
    while at < len(text) and (room := room - measure_columns(text[at])) >= 0:
        at += 1
    return at
