"""Draw lines of styled text that can be scrolled, in which a line may belong to a row that can be chosen and clicked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

from rich.segment import Segment
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from zettel.model.base.answer import HIDDEN_STYLE, Line
from zettel.model.link.shown_link import NUMBER_SIGN
from zettel.model.text.inert import escape_unsafe
from zettel.model.text.wrap import measure_columns
from zettel.tui.themes import build_style
from zettel.views.browse_rows import SLOT

if TYPE_CHECKING:
    from textual import events

NONE = -1
"""The number of no row and no link."""

WHEEL_LINES = 3
"""How many lines a turn of the wheel scrolls."""

MARK, THUMB = "▸ ", "▐"
"""What stands before the chosen row, and what shows at the right which part of the lines is seen."""

BAR_COLUMNS = 1
"""How many columns the scroll bar takes."""


class Lines(Protocol):
    """Lines that fit a width. Each may belong to a row."""

    def __len__(self) -> int:
        """Return the number of lines."""

    def get_line(self, at: int) -> Line:
        """Return a line."""

    def get_row(self, at: int) -> int:
        """Return the number of the row that a line belongs to, or `NONE`."""

    def find_row(self, row: int) -> range:
        """Return where the lines of a row are; they are empty if there is none."""


class LaidLines:
    """Lines that were laid out already."""

    def __init__(self, lines: Sequence[Line] = (), rows: Sequence[int] = ()) -> None:
        self._lines, self._rows = lines, rows

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self._lines)

    def get_line(self, at: int) -> Line:
        """Return a line."""
        return self._lines[at]

    def get_row(self, at: int) -> int:
        """Return the number of the row that a line belongs to, or `NONE`."""
        return self._rows[at] if at < len(self._rows) else NONE

    def find_row(self, row: int) -> range:
        """Return where the lines of a row are."""
        found = [at for at, number in enumerate(self._rows) if number == row]
        return range(found[0], found[-1] + 1) if found else range(0)


class RowLines:
    """Rows of known heights that are laid out only when they are drawn, since there may be many."""

    def __init__(self, heights: Sequence[int], build: Callable[[int], Sequence[Line]]) -> None:
        self._ends = list(accumulate(heights))
        self._build = build
        self._built: dict[int, Sequence[Line]] = {}

    def __len__(self) -> int:
        """Return the number of lines."""
        return self._ends[-1] if self._ends else 0

    def get_line(self, at: int) -> Line:
        """Return a line."""
        row = self.get_row(at)
        if row not in self._built:
            self._built[row] = self._build(row)
        return self._built[row][at - self.find_row(row).start]

    def get_row(self, at: int) -> int:
        """Return the number of the row that a line belongs to."""
        return bisect_right(self._ends, at)

    def find_row(self, row: int) -> range:
        """Return where the lines of a row are."""
        return range(self._ends[row - 1] if row else 0, self._ends[row]) if 0 <= row < len(self._ends) else range(0)


class LinePane(Widget, can_focus=False):
    """A part of the screen that draws lines. It decides nothing: it is told what to draw, and says what was clicked."""

    class Clicked(Message):
        """A person clicked on a row, or on a link of the text; the one that they did not click on is `NONE`."""

        def __init__(self, pane: LinePane, row: int, link: int, *, is_double: bool) -> None:
            super().__init__()
            self.pane, self.row, self.link, self.is_double = pane, row, link, is_double

    class WheelTurned(Message):
        """A person turned the wheel over a pane that is told where to begin: it should begin at the line `top`."""

        def __init__(self, pane: LinePane, top: int) -> None:
            super().__init__()
            self.pane, self.top = pane, top

    class LaidOut(Message):
        """The lines were laid out for another width or height."""

        def __init__(self, pane: LinePane) -> None:
            super().__init__()
            self.pane = pane

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._build: Callable[[int], Lines] = lambda _: LaidLines()
        self._key: object = None
        self._lines: Lines = LaidLines()
        self._width = self._height = -1
        self._row, self._link, self._top, self._is_told_top = NONE, NONE, 0, False
        self._letters: Mapping[int, str] = {}
        self._found: re.Pattern[str] | None = None

    @property
    def lines(self) -> Lines:
        """The lines that are drawn."""
        return self._lines

    @property
    def top(self) -> int:
        """The number of the first line that is seen."""
        return self._top

    def draw(
        self,
        key: object,
        build: Callable[[int], Lines],
        *,
        row: int = NONE,
        link: int = NONE,
        top: int | None = None,
        letters: Mapping[int, str] | None = None,
        found: re.Pattern[str] | None = None,
    ) -> None:
        """Draw what `build` returns for the width of this pane. It is called again only for another `key` or width.

        The chosen `row` is kept in sight, unless `top` says with which line to begin. `letters` are to be typed to jump to links, and what
        matches `found` is marked.
        """
        is_new = key != self._key
        self._build, self._key = build, key
        if is_new or self.size.width != self._width:
            self._lay_out()
        has_moved = row != self._row
        self._row, self._link, self._letters, self._found, self._is_told_top = row, link, letters or {}, found, top is not None
        if top is not None:
            self._top = top
        elif is_new and row <= 0:
            self._top = 0
        if top is None and (is_new or has_moved):
            self._show_row()
        self._top = self._clamp(self._top)
        self.refresh()

    def _lay_out(self) -> None:
        self._width, self._height = self.size
        room = self._width - BAR_COLUMNS
        self._lines = self._build(room) if room > 0 else LaidLines()

    def on_resize(self) -> None:
        """Lay the lines out again for another width."""
        if self.size == (self._width, self._height):
            return
        self._lay_out()
        if not self._is_told_top:
            self._show_row()
        self._top = self._clamp(self._top)
        self.refresh()
        self.post_message(self.LaidOut(self))

    def _clamp(self, top: int) -> int:
        return max(0, min(top, len(self._lines) - self.size.height))

    def _show_row(self) -> None:
        """Scroll as little as needed to show the chosen row."""
        place = self._lines.find_row(self._row)
        if not place:
            return
        if place.start < self._top:
            self._top = place.start
        elif place.stop > self._top + self.size.height:
            self._top = min(place.stop - self.size.height, place.start)

    def render_line(self, y: int) -> Strip:
        """Return line `y` of what is seen."""
        width, height, theme, at = self.size.width, self.size.height, self.app.theme, y + self._top
        is_chosen = False
        segments: list[Segment] = []
        if 0 <= at < len(self._lines):
            line = self._lines.get_line(at)
            is_chosen = self._row != NONE and self._lines.get_row(at) == self._row
            is_first = is_chosen and self._lines.find_row(self._row).start == at
            for text, style in self._mark_line(line, at):
                if style == SLOT and is_first:
                    segments.append(Segment(MARK, build_style("mark", theme, is_chosen=True)))
                else:
                    segments.append(Segment(escape_unsafe(text), build_style(style, theme, is_chosen=is_chosen)))
        strip = Strip(segments).adjust_cell_length(max(width - BAR_COLUMNS, 0), build_style("", theme, is_chosen=is_chosen))
        bar = THUMB if self._is_thumb(y, height) else " "
        return Strip([*strip, Segment(bar, build_style("rule", theme))]).crop(0, width)

    def _is_thumb(self, y: int, height: int) -> bool:
        """Return whether the scroll bar is drawn at line `y`: the part of it that corresponds to the lines that are seen."""
        count = len(self._lines)
        if count <= height or height < 2:
            return False
        size = max(1, round(height * height / count))
        start = round((height - size) * self._top / (count - height))
        return start <= y < start + size

    def _mark_line(self, line: Line, at: int) -> Iterator[tuple[str, str]]:
        """Yield the parts of a line, with letters on its links, and with the chosen link and what was looked for marked."""
        seen: set[int] = set()
        for text, style in line:
            if style == HIDDEN_STYLE:
                continue
            number = find_link(style)
            if number != NONE and number in self._letters and number not in seen and not self._begins_above(at, number):
                seen.add(number)
                yield self._letters[number], "letter"
                yield cut_columns(text, measure_columns(self._letters[number])), style
            elif number != NONE and number == self._link:
                yield text, "chosen-link"
            elif self._found and style != SLOT:
                yield from mark_found(text, style, self._found)
            else:
                yield text, style

    def _begins_above(self, at: int, number: int) -> bool:
        return at > 0 and any(find_link(style) == number for _, style in self._lines.get_line(at - 1))

    def on_click(self, event: events.Click) -> None:
        """Say which row and link was clicked."""
        event.stop()
        at, row, link = event.y + self._top, NONE, NONE
        if 0 <= at < len(self._lines):
            row, column = self._lines.get_row(at), 0
            for text, style in self._lines.get_line(at):
                column += 0 if style == HIDDEN_STYLE else measure_columns(text)
                if event.x < column:
                    link = find_link(style)
                    break
        self.post_message(self.Clicked(self, row, link, is_double=event.chain > 1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self._turn_wheel(WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self._turn_wheel(-WHEEL_LINES)

    def _turn_wheel(self, lines: int) -> None:
        top = self._clamp(self._top + lines)
        if self._is_told_top:
            self.post_message(self.WheelTurned(self, top))
        elif top != self._top:
            self._top = top
            self.refresh()


def find_link(style: str) -> int:
    """Return the number of the link that has a style, or `NONE`."""
    number = style.partition(NUMBER_SIGN)[2]
    return int(number) if number else NONE


def cut_columns(text: str, columns: int) -> str:
    """Return a text without its first columns."""
    while text and columns > 0:
        columns -= measure_columns(text[0])
        text = text[1:]
    return text


def mark_found(text: str, style: str, wanted: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Yield the parts of a text: those that match, in the style of a hit, and the others."""
    at = 0
    for found in wanted.finditer(text):
        if found.end() > found.start():
            yield text[at : found.start()], style
            yield found[0], "hit"
            at = found.end()
    yield text[at:], style
