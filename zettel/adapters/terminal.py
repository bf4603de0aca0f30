"""Write to the terminal with rich: tables, trees, texts, progress bars, and the pager."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO

from zettel.adapters.ansi import STYLES, format_lines
from zettel.adapters.programs import find_program
from zettel.model.base.answer import HIDDEN_STYLE, MAX_SPAN_LENGTH, UNCLIPPED_STYLES, Branch, Line
from zettel.model.text.inert import clip, escape_unsafe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rich.console import Console, ConsoleOptions
    from rich.style import Style
    from rich.syntax import SyntaxTheme
    from rich.text import Text

MIN_WIDTH = 10
"""Minimum width of a numbered line in columns, even if the screen is narrower."""


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
    """A renderer for people: `width` columns wide, with or without colours, for a terminal with this `encoding`."""

    def __init__(self, width: int, *, colour: bool, encoding: str = "utf-8") -> None:
        self._width, self._colour, self._encoding = width, colour, encoding

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

    def render_tree(self, branches: Sequence[Branch]) -> str:
        """Render trees with guides, one below the other."""
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

    @property
    def width(self) -> int:
        """The width of the screen in columns."""
        return self._width

    def render_lines(self, lines: Iterable[Line]) -> str:
        """Render lines as they are."""
        return format_lines(lines, colour=self._colour)

    def highlight_code(self, code: str, language: str) -> list[Line]:
        """Return the lines of code with its words, strings, numbers and comments in their styles, as far as rich knows the language."""
        if not language or not self._colour:
            return [((line, "code"),) for line in code.split("\n")]
        from rich.console import Console
        from rich.syntax import Syntax

        named = {_parse_style(style): style for style in CODE_STYLES.values()}
        text = Syntax(code, language, theme=_build_code_theme()).highlight(code)
        lines: list[list[tuple[str, str]]] = [[]]
        for segment in text.render(Console(file=StringIO()), end=""):
            first, *further = segment.text.split("\n")
            style = named.get(segment.style, "code") if segment.style else "code"
            lines[-1].append((first, style))
            lines += [[(part, style)] for part in further]
        while len(lines) > 1 and not any(text for text, _ in lines[-1]):
            lines.pop()
        return [tuple(line) for line in lines]


CODE_STYLES = {"Comment": "dim", "Keyword": "code-word", "Literal.String": "code-string", "Literal.Number": "code-number"}
"""The styles of the kinds of tokens in code, by the beginning of their names."""


def _parse_style(style: str) -> Style:
    from rich.style import Style

    return Style.parse(STYLES[style])


def _build_code_theme() -> SyntaxTheme:
    """Return a theme of the colours that every terminal has."""
    from rich.style import Style
    from rich.syntax import SyntaxTheme

    class CodeTheme(SyntaxTheme):
        def get_style_for_token(self, token_type: tuple[str, ...]) -> Style:
            name = ".".join(token_type)
            return next((_parse_style(style) for kind, style in CODE_STYLES.items() if name.startswith(kind)), Style.null())

        def get_background_style(self) -> Style:
            return Style.null()

    return CodeTheme()


def _format_line(line: Line) -> Text | NumberedLine:
    """Return a line of a tree, clipped, with its styles."""
    from rich.text import Text

    spans = [
        (escape_unsafe(clip(text, MAX_SPAN_LENGTH) if len(text) > MAX_SPAN_LENGTH and style not in UNCLIPPED_STYLES else text), style)
        for text, style in line
        if style != HIDDEN_STYLE
    ]
    parts = [(text, STYLES[style]) for text, style in spans]
    if line and line[0][1] == "number":
        return NumberedLine(Text.assemble(*parts[:1]), Text.assemble(*parts[1:]))
    return Text.assemble(*parts)


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
