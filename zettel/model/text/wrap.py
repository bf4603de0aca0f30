"""Break styled lines between words, so that they fit a width in columns of a terminal."""

from __future__ import annotations

from zettel.model.base.answer import Line


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
    for text, style in line:
        for word in _split_words(text, width):
            columns = measure_columns(word.rstrip(" "))
            is_new_line = columns > left and left < width
            if is_new_line:
                lines.append([])
                left = width
            if shown := word.lstrip(" ") if is_new_line else word:
                lines[-1].append((shown, style))
                left -= measure_columns(shown)
    return [tuple(found) for found in lines]


def _split_words(text: str, width: int) -> list[str]:
    """Split a text into words with the blanks behind them, and words that are wider than `width` into pieces."""
    found: list[str] = []
    for part in text.split(" "):
        rest = part
        while measure_columns(rest) > width:
            cut = width if rest.isascii() else max(1, width // 2)
            found.append(rest[:cut])
            rest = rest[cut:]
        found.append(rest + " ")
    found[-1] = found[-1][:-1]
    return [word for word in found if word]
