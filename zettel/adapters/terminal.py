"""Write to the terminal with rich: tables, trees, rendered Markdown, progress bars, and the pager."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

from zettel.adapters.ansi import STYLES
from zettel.adapters.programs import find_program
from zettel.model.base.answer import Branch, Column, Line, Row, format_cell
from zettel.model.text.inert import clip, escape_unsafe

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.text import Text

MAX_CELL_LENGTH = 400
"""Maximum length of a cell in characters. Other formats show cells in full."""

MIN_WIDTH = 10
"""Minimum width of a numbered or indented line in columns, even if the screen is narrower."""

_INDENT = 2
"""How many columns a branch of a tree without guides is indented, and the further lines of one that wraps."""

UNCLIPPED_STYLES = ("added", "removed", "put", "cut", "same")
"""Styles of text that is never clipped: lines of a diff."""


class EncodedText(StringIO):
    """A text for a terminal with this encoding. Rich draws lines in ASCII unless it is Unicode."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the terminal."""
        return self._encoding


class RichScreen:
    """A renderer for people: `width` columns wide, with or without colours and boxes, for a terminal with this `encoding`."""

    def __init__(self, width: int, *, colour: bool, boxes: bool, encoding: str = "utf-8") -> None:
        self._width, self._colour, self._boxes, self._encoding = width, colour, boxes, encoding

    def _render(self, renderable: object) -> str:
        from rich.console import Console
        from rich.segment import Segment, Segments

        out = EncodedText(self._encoding)
        console = Console(
            file=out,
            width=self._width,
            force_terminal=self._colour,
            color_system="standard" if self._colour else None,
            no_color=not self._colour,
            markup=False,
            highlight=False,
            emoji=False,
            legacy_windows=False,
        )
        # text that is inert in a note may not be once it is rendered, because Markdown has entities
        segments = [Segment(escape_unsafe(segment.text, keep="\n"), segment.style) for segment in console.render(renderable)]  # type: ignore[arg-type]
        console.print(Segments(segments))
        return "".join(line.rstrip(" ") + "\n" for line in out.getvalue().split("\n")[:-1])

    def render_table(self, columns: Sequence[Column], rows: Sequence[Row]) -> str:
        """Render a table with a heading row. Only columns that may wrap do."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD if self._boxes else None, pad_edge=False, header_style="dim")
        for column in columns:
            table.add_column(
                column.heading,
                style=STYLES[column.style],
                justify="right" if column.style == "number" else "left",
                no_wrap=not column.may_wrap,
                overflow="fold" if column.may_wrap else "ellipsis",
            )
        for row in rows:
            table.add_row(*(Text(escape_unsafe(clip(format_cell(row, column.key), MAX_CELL_LENGTH))) for column in columns))
        return self._render(table)

    def render_tree(self, branches: Sequence[Branch], *, has_guides: bool = True) -> str:
        """Render trees, one below the other. Without guides, branches are indented by two columns, and so are the further lines of a long one."""
        if not has_guides:
            return "".join(self._render(line) for branch in branches for line in _list_indented_lines(branch, 0))
        from rich.tree import Tree

        def build_tree(branch: Branch, parent: Tree | None) -> Tree:
            line = _format_line(branch.line)
            node = parent.add(line) if parent else Tree(line, guide_style="dim")
            for below in branch.branches:
                build_tree(below, node)
            return node

        return "".join(self._render(build_tree(branch, None)) for branch in branches)

    def render_drawing(self, rows: Sequence[Sequence[Line]]) -> str:
        """Render rows of three cells, one line each.

        The first cell is aligned right. The last may take up to a third of the width, and the middle one is cut to fit.
        """
        from rich.text import Text

        cells = [[Text.assemble(*((escape_unsafe(text), STYLES[style]) for text, style in line)) for line in row] for row in rows]
        number = max(row[0].cell_len for row in cells)
        last = min(max(row[2].cell_len for row in cells), self._width // 3)
        middle = min(max(row[1].cell_len for row in cells), max(10, self._width - number - last - 4))
        for row in cells:
            row[0].pad_left(number - row[0].cell_len)
            row[1].truncate(middle, overflow="ellipsis", pad=True)
            row[2].truncate(last, overflow="ellipsis")
        return self._render(Text("\n", no_wrap=True, overflow="ellipsis").join(Text("  ").join(row) for row in cells))

    def render_markdown(self, text: str) -> str:
        """Render Markdown, without the control characters that could steer the terminal."""
        from rich.markdown import Markdown

        return self._render(Markdown(escape_unsafe(text, keep="\n\t"), hyperlinks=False))


def _format_line(line: Line) -> Text | NumberedLine:
    """Return a line of a tree, clipped, with its styles."""
    from rich.text import Text

    spans = [
        (escape_unsafe(clip(text, MAX_CELL_LENGTH) if len(text) > MAX_CELL_LENGTH and style not in UNCLIPPED_STYLES else text), style)
        for text, style in line
    ]
    parts = [(text, STYLES[style]) for text, style in spans]
    if line and line[0][1] == "number":
        return NumberedLine(Text.assemble(*parts[:1]), Text.assemble(*parts[1:]))
    return Text.assemble(*parts)


def _list_indented_lines(branch: Branch, indent: int) -> Iterator[IndentedLine]:
    """Yield the lines of a tree without guides. Below a numbered note, they begin where its name does."""
    yield IndentedLine(_format_line(branch.line), indent)
    number = branch.line[0][0] if branch.line and branch.line[0][1] == "number" else ""
    for below in branch.branches:
        yield from _list_indented_lines(below, indent + max(len(number), _INDENT))


class IndentedLine:
    """A line that begins at the column `indent`. If it wraps, its further lines begin two columns later."""

    def __init__(self, line: Text | NumberedLine, indent: int) -> None:
        self._line, self._indent = line, indent

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Yield the lines that fit the width."""
        from rich.text import Text

        width = max(options.max_width - self._indent, MIN_WIDTH)
        if isinstance(self._line, NumberedLine):
            lines = list(self._line.__rich_console__(console, options.update_width(width)))
        elif self._line.cell_len <= width:
            lines = [self._line]
        else:
            first, *further = self._line.wrap(console, max(width - _INDENT, MIN_WIDTH))
            lines = [first, *(Text(" " * _INDENT) + line for line in further)]
        yield from (Text(" " * self._indent) + line for line in lines)


class NumberedLine:
    """A line that begins with a number. If it wraps, the number stands alone in its column."""

    def __init__(self, number: Text, text: Text) -> None:
        self._number, self._text = number, text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """Yield the lines that fit the width."""
        from rich.text import Text

        indent = self._number.cell_len
        for at, line in enumerate(self._text.wrap(console, max(options.max_width - indent, MIN_WIDTH))):
            yield Text.assemble(Text(" " * indent) if at else self._number, line)


def show_in_pager(text: str, read_pager_setting: Callable[[], str], environ: dict[str, str], write: Callable[[str], object]) -> None:
    """Show text through the pager if it is taller than the screen, else write it.

    `read_pager_setting` returns a command line, is called only if it is needed, and is split without a shell. The text goes to the pager through a
    pipe. It is written if the pager cannot be started or is interrupted.
    """
    import shlex
    import shutil
    import subprocess

    if text.count("\n") < shutil.get_terminal_size().lines:
        write(text)
        return
    try:
        command = shlex.split(read_pager_setting()) or ["less", "-FRX"]
    except ValueError:  # an unclosed quote
        command = [""]
    program = find_program(command[0], environ)
    if not program:
        write(text)
        return
    encoding = sys.stdout.encoding  # that of the terminal
    if encoding.lower() == "utf-8":
        environ = {**environ, "LESSCHARSET": "utf-8"}
    try:
        subprocess.run([program, *command[1:]], input=text.encode(encoding, "replace"), env=environ, check=False)
    except (OSError, KeyboardInterrupt):
        write(text)


class ProgressBar:
    """A progress bar on stderr. It appears after one second of work, and only on a terminal."""

    def __init__(self, title: str, total: int) -> None:
        self._title, self._total = title, total
        self._started_at = time.monotonic()
        self._bar: Any = None
        self._done = 0

    def __enter__(self) -> Callable[[str], None]:
        """Return the function to call after each step."""
        return self._advance

    def _advance(self, _done: str) -> None:
        self._done += 1
        if self._bar is None and time.monotonic() - self._started_at > 1 and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task(self._title, total=self._total)
        if self._bar is not None:
            self._bar.update(self._task, completed=self._done)

    def __exit__(self, *_: object) -> None:
        """Remove the bar from the screen."""
        if self._bar is not None:
            self._bar.stop()
