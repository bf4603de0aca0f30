"""Hold the text of a note as an editor has it, and convert between places in it and bytes.

Editors count lines from 0, and characters within a line in units of the encoding that client and server have agreed on.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate

from zettel.model.base.value import NamedTuple

UTF_8, UTF_16, UTF_32 = ENCODINGS = ("utf-8", "utf-16", "utf-32")
"""The encodings in whose units characters can be counted, best first: spans of links are in bytes of UTF-8."""

LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
LINE_ENDS = "\r\n"


class TextPlace(NamedTuple):
    """A place between two characters: a line, from 0, and an offset in it in units of the agreed encoding."""

    line: int
    character: int


class TextSpan(NamedTuple):
    """The text from one place to another."""

    start: TextPlace
    end: TextPlace


def split_lines(text: str) -> list[str]:
    r"""Return the lines of a text with their ends: `\n`, `\r\n` or `\r`, and nothing else. The last line has none, and may be empty."""
    lines = LINE.findall(text)
    return [*lines, ""] if not lines or lines[-1][-1] in LINE_ENDS else lines


def replace_lone_surrogates(text: str) -> str:
    """Return text with U+FFFD, which counts the same in every encoding, in place of halves of characters, which JSON can hold and UTF-8 cannot."""
    return text if text.isascii() else LONE_SURROGATE.sub("\ufffd", text)


class EditorText:
    """A text by lines, which can be edited. With `hides_mark`, an editor does not show a byte order mark at its start.

    `encoding` is the one in whose units its places count characters, and `mark` the byte order mark that is not shown, or empty.
    """

    def __init__(self, text: str, encoding: str = UTF_16, *, hides_mark: bool = False) -> None:
        self.encoding = encoding
        text = replace_lone_surrogates(text)
        self.mark = "\ufeff" if hides_mark and text[:1] == "\ufeff" else ""
        self.lines = split_lines(text.removeprefix(self.mark))
        self._starts: list[int] | None = None
        self._data: bytes | None = None
        self._walk = _LineWalk(-1, "", encoding)

    def count_in(self, encoding: str) -> EditorText:
        """Return this text with places that count characters in units of another encoding. It is not to be edited."""
        other = EditorText("", encoding)
        other.mark, other.lines = self.mark, self.lines
        return other

    @property
    def text(self) -> str:
        """The whole text, with its byte order mark."""
        return self.mark + "".join(self.lines)

    @property
    def data(self) -> bytes:
        """The text in UTF-8. Kept until the text is edited."""
        if self._data is None:
            self._data = self.text.encode()
        return self._data

    def replace(self, start: TextPlace, end: TextPlace, text: str) -> TextPlace:
        """Replace the text between two places, and return the place behind the new text. Places beyond the text or a line mean its end."""
        (first, at), (last, till) = sorted((self.locate(start), self.locate(end)))
        low, high = max(0, first - 1), min(len(self.lines), last + 2)  # a `\r` and a `\n` of two lines may meet now
        before, after = "".join(self.lines[low:first]) + self.lines[first][:at], self.lines[last][till:]
        fresh = split_lines(before + replace_lone_surrogates(text) + after + "".join(self.lines[last + 1 : high]))
        if high < len(self.lines):
            fresh.pop()  # the empty line behind the last line end
        self.lines[low:high] = fresh
        self._starts = self._data = None
        self._walk = _LineWalk(-1, "", self.encoding)
        typed = split_lines(text)
        line = first + len(typed) - 1
        return self.build_place(min(line, len(self.lines) - 1), len(typed[-1]) + (at if len(typed) == 1 else 0))

    def locate(self, place: TextPlace) -> tuple[int, int]:
        """Return (line, offset in characters) of a place. A place in the middle of a character means its start."""
        line, units = max(0, place[0]), max(0, place[1])
        if line >= len(self.lines):
            return len(self.lines) - 1, len(self.lines[-1])
        words = self.lines[line].rstrip(LINE_ENDS) if line + 1 < len(self.lines) else self.lines[line]
        return line, min(len(words), count_characters(words, units, self.encoding))

    def get_line(self, number: int) -> str:
        """Return a line without its end, or an empty string beyond the last one."""
        return self.lines[number].rstrip(LINE_ENDS) if 0 <= number < len(self.lines) else ""

    def build_place(self, line: int, characters: int) -> TextPlace:
        """Return the place after so many characters of a line."""
        return TextPlace(line, count_units(self.lines[line][:characters], self.encoding))

    def find_place(self, offset: int) -> TextPlace:
        """Return the place of a byte. Those of bytes in ascending order cost little, however long a line is."""
        starts = self._line_starts
        line = max(0, bisect_right(starts, offset) - 1)
        line = min(line, len(self.lines) - 1)
        words, size = self.lines[line], max(0, offset - starts[line])
        if words.isascii():
            return TextPlace(line, min(size, len(words)))
        if self._walk.line != line:
            self._walk = _LineWalk(line, words, self.encoding)
        return TextPlace(line, self._walk.count_units(size))

    def find_span(self, start: int, end: int) -> TextSpan:
        """Return the span between two bytes."""
        return TextSpan(self.find_place(start), self.find_place(end))

    def find_offset(self, place: TextPlace) -> int:
        """Return the byte at a place."""
        line, characters = self.locate(place)
        return self._line_starts[line] + len(self.lines[line][:characters].encode())

    def find_line_start(self, line: int) -> int:
        """Return the byte at which a line begins; beyond the last line, that at which the text ends."""
        return self._line_starts[line] if line < len(self.lines) else len(self.data)

    @property
    def _line_starts(self) -> list[int]:
        """The byte at which each line begins."""
        if self._starts is None:
            sizes = [len(line) if line.isascii() else len(line.encode()) for line in self.lines[:-1]]
            self._starts = list(accumulate(sizes, initial=len(self.mark.encode())))
        return self._starts


class _LineWalk:
    """Counts units along a line: at most once over all of it for bytes in ascending order."""

    def __init__(self, line: int, words: str, encoding: str) -> None:
        self.line = line
        self._data = words.encode()
        self._encoding = encoding
        self._at = self._units = 0

    def count_units(self, size: int) -> int:
        """Return the length of the first `size` bytes of the line in units, without a character that is cut off at their end."""
        if self._encoding == UTF_8:
            return min(size, len(self._data))
        if size < self._at:
            self._at = self._units = 0
        while self._at < size < len(self._data) and self._data[size] & 0xC0 == 0x80:
            size -= 1
        self._units += count_units(self._data[self._at : size].decode(errors="ignore"), self._encoding)
        self._at = max(self._at, min(size, len(self._data)))
        return self._units


def find_span_in_line(data: bytes, start: int, end: int, line: int, encoding: str) -> TextSpan | None:
    """Return the span from one byte to another of a text of which `start` is known to be in `line`, without splitting it into lines.

    Returns None if it is not within one line, or the text is not UTF-8.
    """
    line_start = max(data.rfind(b"\n", 0, start), data.rfind(b"\r", 0, start)) + 1
    try:
        before, inside = data[line_start:start].decode(), data[start:end].decode()
        if "\n" in inside or "\r" in inside or not (data.isascii() or data.decode()):
            return None
    except UnicodeDecodeError:
        return None
    if not line:
        before = before.removeprefix("\ufeff")
    first = count_units(before, encoding)
    return TextSpan(TextPlace(line, first), TextPlace(line, first + count_units(inside, encoding)))


def count_units(text: str, encoding: str) -> int:
    """Return the length of a text in units of an encoding."""
    if encoding == UTF_32 or text.isascii():
        return len(text)
    return len(text.encode()) if encoding == UTF_8 else len(text) + sum(char > "\uffff" for char in text)


def count_characters(text: str, units: int, encoding: str) -> int:
    """Return how many whole characters at the start of a text make up at most so many units; more than it has if there are more units."""
    if encoding == UTF_32 or text.isascii():
        return units
    if encoding == UTF_8:
        return len(text.encode()[:units].decode(errors="ignore"))
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore"))
