"""Put one run of zettel together: its notebook, settings, streams and clock."""

from __future__ import annotations

import os
import sys

from zettel.adapters import settings as config
from zettel.model.errors import NoNotebook, Refused, UsageError
from zettel.model.settings import Setting, from_text
from zettel.model.text import inert
from zettel.model.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from zettel.adapters.terminal import Screen
    from zettel.model.answer import Branch
    from zettel.model.note import Note
    from zettel.notebook import Notebook


@value
class Globals:
    """The options before the command's name."""

    notebook: str | None = None
    config: tuple[str, ...] = ()
    color: str | None = None


class Session:
    """One run of zettel: its options, environment and streams, and its notebook, which is opened on first use."""

    def __init__(self, options: Globals, environ: dict[str, str] | None = None, folder: str | None = None) -> None:
        self.environ = dict(os.environ) if environ is None else environ
        self.folder = folder or _here()
        self.options = options
        self._assigned = dict(from_text(text) for text in options.config)
        self._settings: dict[str, Setting] | None = None
        self._notebook: Notebook | None = None
        self._in_memory = self._dropped = False
        self._refused: set[str] = set()

    # Settings and places

    @property
    def settings(self) -> dict[str, Setting]:
        """All settings in effect for this run. They are cached in compiled form, which saves parsing TOML."""
        if self._settings is None:
            self._settings = self.settings_at(self.root(required=False))
        return self._settings

    def settings_at(self, root: str) -> dict[str, Setting]:
        """Return the settings in effect for the notebook at `root` (an empty string: for no notebook). Reads and updates their cache."""
        files = (config.user_config(self.environ), config.notebook_config(root) if root else None)
        kept = os.path.join(config.cache_folder(self.environ, root), "settings") if root else ""
        stamp = config.stamp(*files)
        settings = config.recall(kept, stamp) if kept else None
        if settings is None:
            settings, _ = config.load(*files)
            if kept:
                config.keep(kept, stamp, settings)
        return {**settings, **self._assigned}

    def setting(self, name: str) -> Setting:
        """Return the value of one setting."""
        return self.settings[name]

    def program(self, name: str) -> str:
        """Return the command line in the setting `name`, or an empty string.

        A notebook's own config counts only while the user trusts it. That is checked on every call and never cached. Reports a config
        that is not trusted on stderr, once per setting.
        """
        from zettel.adapters import trusted

        root = self.root(required=False)
        own = str(self.setting(name))
        if not root or name in self._assigned:
            return own
        wanted, why_not = trusted.allowed(self.environ, root, name)
        if why_not and name not in self._refused:
            self.say(why_not)
            self._refused.add(name)
        return wanted or own

    def editor(self) -> list[str]:
        """Return the editor's command line without the file. Raises `UsageError` if there is no editor."""
        from zettel.adapters.editor import command

        return command(lambda: self.program("editor"), self.environ)

    def _pager(self) -> str:
        return self.environ.get("ZETTEL_PAGER") or self.program("pager-command") or self.environ.get("PAGER") or ""

    def root(self, *, required: bool = True) -> str:
        """Return the notebook's folder: that of `-N`, else the nearest parent with `.zettel/`, else `$ZETTEL_DIR`, else the user's config.

        Raises `NoNotebook` if there is none. Returns an empty string instead unless `required`, but a wrong `-N` always raises.
        """
        named = self.options.notebook
        if named is not None:
            root = os.path.join(self.folder, os.path.expanduser(named))
            if not named or not os.path.isdir(root):
                raise NoNotebook(f"there is no folder {named}", "name a folder that holds notes: zettel -N FOLDER ...")
            return os.path.realpath(root)
        from zettel.adapters.files import upwards

        for folder in upwards(self.folder):
            if os.path.isdir(os.path.join(folder, ".zettel")):
                return os.path.realpath(folder)
        root = self.environ.get("ZETTEL_DIR") or config.load(config.user_config(self.environ), None)[1] or ""
        if root and os.path.isdir(os.path.expanduser(root)):
            return os.path.realpath(os.path.expanduser(root))
        if not required:
            return ""
        if root:
            raise NoNotebook(
                f"there is no folder {root}, which $ZETTEL_DIR or your config names", "correct it, or type: zettel -N FOLDER ..."
            )
        raise NoNotebook("there is no notebook here", "make this folder one with: zettel init   or name one with: zettel -N FOLDER ...")

    def notebook(self, *, fresh: bool = True, meanwhile: Callable[[], object] | None = None) -> Notebook:
        """Return the notebook, opened on the first call, when it also refreshes the catalogue if `fresh`. `meanwhile` is passed to `Notebook.refresh`."""
        if self._notebook is None:
            from zettel.notebook import Notebook

            self._notebook = Notebook(self.root(), self.settings, self.environ, self.say, in_memory=self._in_memory)
            if fresh:
                self._notebook.refresh(self.progress(), meanwhile=meanwhile)
        return self._notebook

    @property
    def has_written(self) -> bool:
        """Whether this run has changed notes."""
        return self._notebook is not None and self._notebook.has_written

    def without_catalogue(self, error: Exception, *, is_damaged: bool) -> None:
        """Close a catalogue that failed with `error`, so that the next access builds another.

        The first time that it is damaged, a new one is built on disk. After that, or if it cannot be accessed, the catalogue is in memory.
        """
        self._notebook = None
        if is_damaged and not self._dropped:
            from zettel.adapters.catalogue import distrust

            distrust(config.cache_folder(self.environ, self.root()))
        else:
            self._in_memory = True
            self.say(f"the catalogue cannot be used ({error}); reading every note again for this command")
        self._dropped = True

    def note(self, text: str) -> Note:
        """Return the note that `text` names; for `-`, read the name from stdin. Raises `NoSuchNote`, `SeveralNotes` or `UsageError`."""
        if text == "-":
            text = self.piped().decode(errors="replace").strip()
            if "\n" in text:
                raise UsageError("stdin holds several names, but one note is wanted", "pipe one line, e.g. through: head -n 1")
        return self.notebook().note(text, self.folder)

    def note_for_good(self, text: str, danger: str) -> Note:
        """Return the note that `text` names, for a command that removes it. `danger` is the verb, e.g. "delete".

        If `text` is only part of a title or the beginning of an ID, ask for confirmation on a terminal. Raises `Refused` without a yes.
        """
        found = self.note(text)
        outright = (notes for how, notes in self.notebook().named(text.strip(), self.folder) if how != "start")
        if text == "-" or any(found in notes for notes in outright):
            return found
        from zettel.model.answer import Branch

        links = "1 link points" if found.backlinks == 1 else f"{found.backlinks} links point"
        shown = (Branch(((found.name, "title"),), (Branch(((f"{links} to it", "dim"),)),)),)
        if not (self.is_interactive and self.confirm(shown, f"{danger} this note?")):
            raise Refused(f'"{text}" is only part of {found.name}', f"to {danger} it, name it in full: zettel {danger} … {found.handle}")
        return found

    # Streams

    def say(self, message: str) -> None:
        """Write one line for people to stderr, wrapped between words on a terminal. Does nothing if stderr is closed."""
        line = f"zettel: {inert(message)}"
        try:
            if len(line) > 40 and sys.stderr.isatty():
                from shutil import get_terminal_size
                from textwrap import fill

                line = fill(
                    line, max(20, get_terminal_size().columns), subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
                )
            sys.stderr.write(f"{line}\n")
        except OSError:
            pass  # stderr is closed

    def show(self, branches: Sequence[Branch], message: str = "") -> None:
        """Show a tree on stdout while the command is still running, with `message` below it."""
        self.write(self.screen().tree(branches) + (f"{inert(message)}\n" if message else ""), may_page=False)
        sys.stdout.flush()

    def confirm(self, branches: Sequence[Branch], question: str) -> bool:
        """Show a tree, ask `question` and return whether the answer was yes. Any other answer counts as no."""
        self.show(branches)
        sys.stderr.write(f"{inert(question)} [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    def piped(self) -> bytes:
        """Read all of stdin."""
        return sys.stdin.buffer.read()

    @property
    def is_piped_into(self) -> bool:
        """Whether stdin is a pipe or a file, rather than a terminal or /dev/null."""
        import stat

        try:
            mode = os.fstat(0).st_mode
        except OSError:
            return False
        return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)

    @property
    def is_interactive(self) -> bool:
        """Whether stdin and stdout are both terminals."""
        return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()

    @property
    def is_terminal(self) -> bool:
        """Whether stdout is a terminal."""
        return sys.stdout.isatty()

    @property
    def has_colour(self) -> bool:
        """Whether to use colours. `--color`, the setting, `NO_COLOR`, `FORCE_COLOR` and a terminal that is not dumb decide, in that order."""
        wanted = self.options.color or self._assigned.get("color") or (self.settings["color"] if self.root(required=False) else "auto")
        if wanted != "auto":
            return wanted == "always"
        if self.environ.get("NO_COLOR"):
            return False
        if self.environ.get("FORCE_COLOR", "0") not in ("", "0"):
            return True
        return self.is_terminal and self.environ.get("TERM") != "dumb"

    @property
    def is_styled(self) -> bool:
        """Whether answers are tables and trees rather than plain lines: on a terminal, or if colour is requested."""
        return self.is_terminal or self.has_colour

    def screen(self) -> Screen:
        """Return a renderer of tables and trees that is as wide as the terminal."""
        import shutil

        from zettel.adapters.terminal import Screen

        is_plain = not self.is_styled or self.environ.get("TERM") == "dumb"
        try:
            columns = shutil.get_terminal_size().columns
        except (OverflowError, ValueError):
            columns = 100
        width = min(columns, 10_000) if self.is_terminal or self.environ.get("COLUMNS") else 10_000 if is_plain else 100
        return Screen(width, colour=self.has_colour, boxes=not is_plain)

    def write(self, text: str, *, may_page: bool) -> None:
        """Write text to stdout. If `may_page`, longer text goes through the pager on a terminal."""
        if self.is_terminal:  # in its own encoding, so some characters cannot be shown
            sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
        else:
            sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
        if may_page and self.is_terminal and self.is_interactive and text.count("\n") > 20 and self.settings["pager"]:
            from zettel.adapters.terminal import page

            page(text, self._pager, self.environ, sys.stdout.write)
        else:
            sys.stdout.write(text)

    def progress(self) -> type | None:
        """Return the class that shows a progress bar, or None if stderr is not a terminal."""
        if sys.stderr is None or not sys.stderr.isatty():
            return None
        from zettel.adapters.terminal import Progress

        return Progress

    # Time

    def now(self) -> datetime:
        """Return the local time, to the second."""
        from zettel.model.datetimes import datetime

        return datetime.now().replace(microsecond=0)

    def today(self) -> date:
        """Return the local date."""
        return self.now().date()


def _here() -> str:
    """Return the current folder. Raises `NoNotebook` if it has been removed."""
    try:
        return os.getcwd()
    except OSError:
        raise NoNotebook("the current folder no longer exists", "change to another one, e.g. cd ~") from None
