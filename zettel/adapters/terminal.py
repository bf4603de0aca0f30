"""Write to the terminal, with rich where need be: drawings, code, progress bars, and the pager."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from itertools import zip_longest

from zettel.adapters.ansi import STYLES, format_lines
from zettel.adapters.programs import find_program
from zettel.model.base.answer import Line
from zettel.model.text.wrap import measure_line, strip_end, wrap_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rich.style import Style
    from rich.syntax import SyntaxTheme

MIN_WIDTH = 10
"""How many columns a title in a drawing has at least, even if the screen is narrower."""

MIN_WIDTH_WITH_IDS = 40
"""How wide the notes of a drawing have to be to be shown with their IDs, if these do not fit beside the whole titles."""

GAP = 2
"""How many blanks part the cells of a drawing."""

GUIDES = {"├": "│", "╭": "│", "│": "│", "●": "│"}
"""The guides of a drawing that go on beside the further lines of a note, and what they are there; others are blanks."""


class RichScreen:
    """A renderer for people: `width` columns wide, with or without colours."""

    def __init__(self, width: int, *, colour: bool) -> None:
        self._width, self._colour = width, colour

    def render_drawing(self, rows: Sequence[Sequence[Line]]) -> str:
        """Render rows of three cells. The first is aligned right, and the others are broken between words if need be.

        The guides that the middle one begins with go on beside its further lines. On a narrow screen it has no IDs.
        """
        number, middle, last = (max(measure_line(row[at]) for row in rows) for at in (0, 1, 2))
        last = min(last, self._width // 3)
        room = max(self._width - number - last - 2 * GAP, MIN_WIDTH)
        has_ids = middle <= room or room >= MIN_WIDTH_WITH_IDS
        middle = min(middle, room)
        lines: list[Line] = []
        for first, second, third in rows:
            guides, further, rest = _split_guides(second, has_ids=has_ids)
            left = wrap_line(rest, max(middle - measure_line(guides), MIN_WIDTH))
            for at, (part, beside) in enumerate(zip_longest(left, wrap_line(third, max(last, 1)), fillvalue=())):
                name: Line = (*(further if at else guides), *part)
                begin = first if not at else ()
                blanks = " " * (number - measure_line(begin)), " " * (middle - measure_line(name) + GAP)
                line = ((blanks[0], ""), *begin, (" " * GAP, ""), *name, (blanks[1], ""), *beside)
                lines.append(strip_end(line))
        return self.render_lines(lines)

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


def _split_guides(line: Line, *, has_ids: bool) -> tuple[Line, Line, Line]:
    """Split a note of a drawing into the guides with the arrow before it, what they are beside its further lines, and the rest."""
    size = 2 if line[1:2] and line[1][1] == "arrow" else 1 if line else 0
    guides, rest = line[:size], line[size:]
    further = ("".join(GUIDES.get(char, " ") for text, _ in guides for char in text), "dim")
    if not has_ids and rest[:1] and rest[0][1] == "id":
        rest = rest[2:]
    return guides, (further,), rest


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
