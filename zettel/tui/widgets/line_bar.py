"""Draw single lines: the head and the foot of the screen, with something on the left and on the right, and the rules between panes."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from zettel.model.base.answer import Line
from zettel.model.text.inert import escape_unsafe
from zettel.model.text.wrap import measure_line
from zettel.tui.themes import build_style
from zettel.views.browse_rows import cut_line


class Divider(Widget, can_focus=False):
    """A rule between two panes that stand side by side."""

    DEFAULT_CSS = """
    Divider { width: 1; height: 1fr; }
    """

    def render_line(self, y: int) -> Strip:
        """Return a part of the rule."""
        return Strip([Segment("│", build_style("rule", self.app.theme))])


class LineBar(Widget, can_focus=False):
    """A line at the full width of its place."""

    DEFAULT_CSS = """
    LineBar { height: 1; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._left: Line = ()
        self._right: Line = ()

    def draw(self, left: Line, right: Line = ()) -> None:
        """Draw a line. What stands on the right is left out where there is no room for it."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        width, theme = self.size.width, self.app.theme
        if y:
            return Strip.blank(width, build_style("", theme))
        right = self._right if measure_line(self._left) + measure_line(self._right) < width else ()
        left = cut_line(self._left, width - measure_line(right))
        gap = " " * (width - measure_line(left) - measure_line(right))
        parts = (*left, (gap, "rule" if left and left[-1][1] == "rule" else ""), *right)
        return Strip([Segment(escape_unsafe(text), build_style(style, theme)) for text, style in parts]).adjust_cell_length(width)
