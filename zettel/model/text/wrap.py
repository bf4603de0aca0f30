"""Break styled lines between words, so that they fit a width in columns of a terminal."""

from __future__ import annotations

from zettel.model.base.answer import Line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

DASH = "—"
"""It begins a line rather than ending one: what follows it is a remark on what stands before it."""


def measure_columns(text: str) -> int:
    """Return how many columns a text takes on a terminal: East Asian letters and most emoji two, marks none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def wrap_line(line: Line, width: int) -> list[Line]:
    """Break a line at blanks into lines of at most `width` columns. A word that is wider than that is broken anywhere."""
    if sum(measure_columns(text) for text, _ in line) <= width:
        return [line]
    lines: list[list[tuple[str, str]]] = [[]]
    left = width
    for word, blanks in _split_words(line, width):
        columns = sum(measure_columns(text) for text, _ in word)
        if columns > left and left < width:
            lines[-1] = _strip_blanks(lines[-1])
            lines.append([])
            left = width
        for text, style in (*word, *blanks):
            if lines[-1] and lines[-1][-1][1] == style:
                lines[-1][-1] = (lines[-1][-1][0] + text, style)
            else:
                lines[-1].append((text, style))
            left -= measure_columns(text)
    return [tuple(found) for found in lines]


def _strip_blanks(spans: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return spans without the blanks at their end."""
    while spans and not spans[-1][0].strip(" "):
        spans = spans[:-1]
    return [*spans[:-1], (spans[-1][0].rstrip(" "), spans[-1][1])] if spans else []


def _split_words(line: Line, width: int) -> Iterator[tuple[list[tuple[str, str]], list[tuple[str, str]]]]:
    """Yield the words of a line, each with the blanks behind it, and words that are wider than `width` in pieces. A word may have several styles."""
    word: list[tuple[str, str]] = []
    blanks: list[tuple[str, str]] = []
    room = width
    for text, style in line:
        for number, part in enumerate(text.split(" ")):
            if number:
                blanks.append((" ", style))
            if not part:
                continue
            if blanks and len(word) == 1 and word[0][0] == DASH and measure_columns(part) < room:
                word, blanks, room = [*word, (" ", style)], [], room - 1
            elif blanks:
                yield word, blanks
                word, blanks, room = [], [], width
            rest = part
            while (columns := measure_columns(rest)) > room:
                if room < width and columns <= width:
                    break  # the word does not fit one line, but its parts do
                cut = max(1, room if rest.isascii() else room // 2)
                yield [*word, (rest[:cut], style)], []
                word, rest, room = [], rest[cut:], width
            if rest:
                if measure_columns(rest) > room:
                    yield word, []
                    word, room = [], width
                word.append((rest, style))
                room -= measure_columns(rest)
    yield word, blanks
