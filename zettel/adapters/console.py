"""Talk to people through stdin, stdout and stderr."""

from __future__ import annotations

import os
import sys

from zettel.model.text.inert import escape_unsafe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from zettel.adapters.terminal import RichScreen
    from zettel.model.base.answer import Branch, Line
    from zettel.model.base.progress import Progress


class Console:
    """The streams of one run: what they are connected to, and how to write for people."""

    def __init__(
        self,
        environ: dict[str, str],
        choose_colour: Callable[[], str],
        has_pager: Callable[[], bool],
        find_pager: Callable[[], str],
        lay_out: Callable[[Sequence[Branch], int], Iterable[Line]],
    ) -> None:
        """Store how to find out about colours (`auto`, `always` or `never`) and the pager, which is asked for only when it matters.

        `lay_out` returns the lines of trees that fit a width.
        """
        self._environ = environ
        self._choose_colour, self._has_pager, self._find_pager, self._lay_out = choose_colour, has_pager, find_pager, lay_out

    def say(self, message: str) -> None:
        """Write one line for people to stderr, wrapped between words on a terminal. Does nothing if stderr is closed."""
        line = f"zettel: {escape_unsafe(message)}\n"
        try:
            if len(line) > 40 and sys.stderr.isatty():
                from zettel.adapters.messages import format_remark

                line = format_remark(message)
            sys.stderr.write(line)
        except OSError:
            pass  # stderr is closed

    def show(self, branches: Sequence[Branch], message: str = "") -> None:
        """Show a tree on stdout while the command is still running, with `message` below it."""
        screen = self.build_screen()
        text = screen.render_lines(self._lay_out(branches, screen.width))
        self.write(text + (f"{escape_unsafe(message)}\n" if message else ""), may_page=False)
        sys.stdout.flush()

    def read_stdin(self) -> bytes:
        """Read all of stdin."""
        from zettel.adapters import stdin

        return stdin.read_bytes()

    def read_text(self) -> str:
        """Read all of stdin as text with line feeds. Says on stderr if it is not Unicode. Raises `Refused` if it is not text."""
        from zettel.adapters import stdin

        found = stdin.read_text()
        if found is None:
            from zettel.model.base.errors import Refused

            raise Refused("the piped input is not text, so nothing was written", "convert it to text first, e.g. with pdftotext or pandoc")
        if "1252" in found.encoding:
            self.say(f"the piped text is not UTF-8; it was read as {found.encoding}")
        return found.text

    @property
    def has_piped_input(self) -> bool:
        """Whether stdin is a pipe or a file, rather than a terminal or /dev/null."""
        import stat

        try:
            mode = os.fstat(0).st_mode
        except OSError:
            return False
        return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)

    @property
    def has_own_input(self) -> bool:
        """Whether stdin is a pipe or a file that no other program reads (see `zettel.adapters.stdin`)."""
        from zettel.adapters import stdin

        return stdin.is_exclusive()

    @property
    def is_interactive(self) -> bool:
        """Whether stdin and stdout are both terminals."""
        return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()

    @property
    def can_draw(self) -> bool:
        """Whether the whole screen can be drawn. Textual draws it on stderr."""
        is_shown = sys.stderr is not None and sys.stderr.isatty()
        return self.is_interactive and is_shown and self._environ.get("TERM", "dumb") != "dumb"

    @property
    def has_screen(self) -> bool:
        """Whether a person sees a terminal that a program can have to itself, even if stdin or stdout is a pipe."""
        if not any(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
            return False
        from zettel.adapters.tty import open_tty

        descriptor = open_tty()
        if descriptor is None:
            return False
        os.close(descriptor)
        return True

    @property
    def is_terminal(self) -> bool:
        """Whether stdout is a terminal."""
        return sys.stdout.isatty()

    @property
    def has_colour(self) -> bool:
        """Whether to use colours. The option or setting, `NO_COLOR`, `FORCE_COLOR` and a terminal that is not dumb decide, in that order."""
        return wants_colour(self._environ, self._choose_colour(), is_terminal=self.is_terminal)

    @property
    def has_screen_colour(self) -> bool:
        """Whether to use colours in a program that has the terminal to itself, even if stdout is not a terminal."""
        wanted = self._choose_colour()
        return wanted == "always" or (wanted == "auto" and not self._environ.get("NO_COLOR"))

    @property
    def is_styled(self) -> bool:
        """Whether answers are tables and trees rather than plain lines: on a terminal, or if colour is requested."""
        return self.is_terminal or self.has_colour

    def build_screen(self) -> RichScreen:
        """Return a renderer that is as wide as the terminal."""
        import shutil

        from zettel.adapters.terminal import RichScreen

        is_plain = not self.is_styled or self._environ.get("TERM") == "dumb"
        try:
            columns = shutil.get_terminal_size().columns
        except (OverflowError, ValueError):
            columns = 100
        width = min(columns, 10_000) if self.is_terminal or self._environ.get("COLUMNS") else 10_000 if is_plain else 100
        return RichScreen(width, colour=self.has_colour)

    def write(self, text: str, *, may_page: bool) -> None:
        """Write text to stdout. If `may_page`, longer text goes through the pager on a terminal."""
        if self.is_terminal:  # in its own encoding, so some characters cannot be shown
            sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
            if not sys.stdout.encoding.lower().startswith("utf"):
                from zettel.adapters.plain_signs import PLAIN_SIGNS

                text = text.translate(PLAIN_SIGNS)
        else:
            sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
        if may_page and self.is_terminal and self.is_interactive and text.count("\n") > 20 and self._has_pager():
            from zettel.adapters.terminal import show_in_pager

            show_in_pager(text, self._find_pager, self._environ, sys.stdout.write)
        else:
            sys.stdout.write(text)

    def choose_progress(self) -> Progress | None:
        """Return the class that shows a progress bar, or None if stderr is not a terminal."""
        if sys.stderr is None or not sys.stderr.isatty():
            return None
        from zettel.adapters.terminal import ProgressBar

        return ProgressBar


def wants_colour(environ: dict[str, str], chosen: str, *, is_terminal: bool) -> bool:
    """Return whether to write in colour: `chosen` is `auto`, `always` or `never`. See `Console.has_colour`."""
    if chosen != "auto":
        return chosen == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return is_terminal and environ.get("TERM") != "dumb"
