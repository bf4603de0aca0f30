"""Put one run of zettel together: its notebook, settings, streams and clock."""

from __future__ import annotations

import os
import sys

from zettel.adapters import settings as config
from zettel.model.base.errors import NoNotebook, Refused, UsageError
from zettel.model.base.value import value
from zettel.model.settings.settings import SettingValue, parse_assignment
from zettel.model.text.inert import escape_unsafe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from zettel.adapters.terminal import RichScreen
    from zettel.model.base.answer import Branch
    from zettel.model.note.note import Note
    from zettel.notebook.notebook import OpenNotebook


@value
class GlobalOptions:
    """The options before the command's name."""

    notebook: str | None = None
    config: tuple[str, ...] = ()
    color: str | None = None


class Session:
    """One run of zettel: its options, environment and streams, and its notebook, which is opened on first use."""

    def __init__(self, options: GlobalOptions, environ: dict[str, str] | None = None, cwd: str | None = None) -> None:
        self.environ = dict(os.environ) if environ is None else environ
        self.cwd = cwd or _read_cwd()
        self.options = options
        self._overrides = dict(parse_assignment(text) for text in options.config)
        self._settings: dict[str, SettingValue] | None = None
        self._notebook: OpenNotebook | None = None
        self._in_memory = self._has_dropped_catalogue = False
        self._reported_refusals: set[str] = set()

    # Settings and places

    @property
    def settings(self) -> dict[str, SettingValue]:
        """All settings in effect for this run. They are cached in compiled form, which saves parsing TOML."""
        if self._settings is None:
            self._settings = self.load_settings(self.find_root(required=False))
        return self._settings

    def load_settings(self, root: str) -> dict[str, SettingValue]:
        """Return the settings in effect for the notebook at `root` (an empty string: for no notebook). Reads and updates their cache."""
        files = (config.locate_user_config(self.environ), config.locate_notebook_config(root) if root else None)
        kept = os.path.join(config.locate_cache_folder(self.environ, root), "settings") if root else ""
        stamp = config.read_config_stamp(*files)
        settings = config.load_cached_settings(kept, stamp) if kept else None
        if settings is None:
            settings, _ = config.read_settings(*files)
            if kept:
                config.cache_settings(kept, stamp, settings)
        return {**settings, **self._overrides}

    def get_setting(self, name: str) -> SettingValue:
        """Return the value of one setting."""
        return self.settings[name]

    def find_program(self, name: str) -> str:
        """Return the command line in the setting `name`, or an empty string.

        A notebook's own config counts only while the user trusts it. That is checked on every call and never cached. Reports a config
        that is not trusted on stderr, once per setting.
        """
        from zettel.adapters.zettel_dir import trust

        root = self.find_root(required=False)
        own = str(self.get_setting(name))
        if not root or name in self._overrides:
            return own
        wanted, why_not = trust.find_trusted_command(self.environ, root, name)
        if why_not and name not in self._reported_refusals:
            self.say(why_not)
            self._reported_refusals.add(name)
        return wanted or own

    def find_editor(self) -> list[str]:
        """Return the editor's command line without the file. Raises `UsageError` if there is no editor."""
        from zettel.adapters.editor import choose_editor

        return choose_editor(lambda: self.find_program("editor"), self.environ)

    def _find_pager(self) -> str:
        return self.environ.get("ZETTEL_PAGER") or self.find_program("pager-command") or self.environ.get("PAGER") or ""

    def find_root(self, *, required: bool = True) -> str:
        """Return the notebook's folder: that of `-N`, else the nearest parent with `.zettel/`, else `$ZETTEL_DIR`, else the user's config.

        Raises `NoNotebook` if there is none. Returns an empty string instead unless `required`, but a wrong `-N` always raises.
        """
        named = self.options.notebook
        if named is not None:
            root = os.path.join(self.cwd, os.path.expanduser(named))
            if not named or not os.path.isdir(root):
                raise NoNotebook(f"there is no folder {named}", "name a folder that holds notes: zettel -N FOLDER ...")
            return os.path.realpath(root)
        from zettel.adapters.fs.files import walk_up

        for folder in walk_up(self.cwd):
            if os.path.isdir(os.path.join(folder, ".zettel")):
                return os.path.realpath(folder)
        root = self.environ.get("ZETTEL_DIR") or config.read_settings(config.locate_user_config(self.environ), None)[1] or ""
        if root and os.path.isdir(os.path.expanduser(root)):
            return os.path.realpath(os.path.expanduser(root))
        if not required:
            return ""
        if root:
            raise NoNotebook(
                f"there is no folder {root}, which $ZETTEL_DIR or your config names", "correct it, or type: zettel -N FOLDER ..."
            )
        raise NoNotebook("there is no notebook here", "make this folder one with: zettel init   or name one with: zettel -N FOLDER ...")

    def open_notebook(self, *, refresh: bool = True, meanwhile: Callable[[], object] | None = None) -> OpenNotebook:
        """Return the notebook, opened on the first call, when it also refreshes the catalogue if `refresh`. `meanwhile` is passed to `Notebook.refresh`."""
        if self._notebook is None:
            from zettel.notebook.notebook import OpenNotebook

            self._notebook = OpenNotebook(self.find_root(), self.settings, self.environ, self.say, in_memory=self._in_memory)
            if refresh:
                self._notebook.refresh(self.choose_progress(), meanwhile=meanwhile)
        return self._notebook

    @property
    def has_written(self) -> bool:
        """Whether this run has changed notes."""
        return self._notebook is not None and self._notebook.has_written

    def drop_catalogue(self, error: Exception, *, is_damaged: bool) -> None:
        """Close a catalogue that failed with `error`, so that the next access builds another.

        The first time that it is damaged, a new one is built on disk. After that, or if it cannot be accessed, the catalogue is in memory.
        """
        self._notebook = None
        if is_damaged and not self._has_dropped_catalogue:
            from zettel.adapters.catalogue.schema import invalidate_catalogues

            invalidate_catalogues(config.locate_cache_folder(self.environ, self.find_root()))
        else:
            self._in_memory = True
            self.say(f"the catalogue cannot be used ({error}); reading every note again for this command")
        self._has_dropped_catalogue = True

    def resolve_note(self, text: str) -> Note:
        """Return the note that `text` names; for `-`, read the name from stdin. Raises `NoSuchNote`, `SeveralNotes` or `UsageError`."""
        if text == "-":
            text = self.read_stdin().decode(errors="replace").strip()
            if "\n" in text:
                raise UsageError("stdin holds several names, but one note is wanted", "pipe one line, e.g. through: head -n 1")
        return self.open_notebook().resolve_note(text, self.cwd)

    def resolve_note_to_destroy(self, text: str, verb: str) -> Note:
        """Return the note that `text` names, for a command that removes it. `verb` is the verb, e.g. "delete".

        If `text` is only part of a title or the beginning of an ID, ask for confirmation on a terminal. Raises `Refused` without a yes.
        """
        found = self.resolve_note(text)
        outright = (notes for how, notes in self.open_notebook().match_name(text.strip(), self.cwd) if how != "start")
        if text == "-" or any(found in notes for notes in outright):
            return found
        from zettel.model.base.answer import Branch

        links = "1 link points" if found.backlinks == 1 else f"{found.backlinks} links point"
        shown = (Branch(((found.name, "title"),), (Branch(((f"{links} to it", "dim"),)),)),)
        if not (self.is_interactive and self.confirm(shown, f"{verb} this note?")):
            raise Refused(f'"{text}" is only part of {found.name}', f"to {verb} it, name it in full: zettel {verb} … {found.handle}")
        return found

    # Streams

    def say(self, message: str) -> None:
        """Write one line for people to stderr, wrapped between words on a terminal. Does nothing if stderr is closed."""
        line = f"zettel: {escape_unsafe(message)}"
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
        self.write(self.build_screen().render_tree(branches) + (f"{escape_unsafe(message)}\n" if message else ""), may_page=False)
        sys.stdout.flush()

    def confirm(self, branches: Sequence[Branch], question: str) -> bool:
        """Show a tree, ask `question` and return whether the answer was yes. Any other answer counts as no."""
        self.show(branches)
        sys.stderr.write(f"{escape_unsafe(question)} [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    def read_stdin(self) -> bytes:
        """Read all of stdin."""
        return sys.stdin.buffer.read()

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
        wanted = (
            self.options.color or self._overrides.get("color") or (self.settings["color"] if self.find_root(required=False) else "auto")
        )
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

    def build_screen(self) -> RichScreen:
        """Return a renderer of tables and trees that is as wide as the terminal."""
        import shutil

        from zettel.adapters.terminal import RichScreen

        is_plain = not self.is_styled or self.environ.get("TERM") == "dumb"
        try:
            columns = shutil.get_terminal_size().columns
        except (OverflowError, ValueError):
            columns = 100
        width = min(columns, 10_000) if self.is_terminal or self.environ.get("COLUMNS") else 10_000 if is_plain else 100
        return RichScreen(width, colour=self.has_colour, boxes=not is_plain)

    def write(self, text: str, *, may_page: bool) -> None:
        """Write text to stdout. If `may_page`, longer text goes through the pager on a terminal."""
        if self.is_terminal:  # in its own encoding, so some characters cannot be shown
            sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
        else:
            sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
        if may_page and self.is_terminal and self.is_interactive and text.count("\n") > 20 and self.settings["pager"]:
            from zettel.adapters.terminal import show_in_pager

            show_in_pager(text, self._find_pager, self.environ, sys.stdout.write)
        else:
            sys.stdout.write(text)

    def choose_progress(self) -> type | None:
        """Return the class that shows a progress bar, or None if stderr is not a terminal."""
        if sys.stderr is None or not sys.stderr.isatty():
            return None
        from zettel.adapters.terminal import ProgressBar

        return ProgressBar

    # Time

    def now(self) -> datetime:
        """Return the local time, to the second."""
        from zettel.model.text.fast_datetime import datetime

        return datetime.now().replace(microsecond=0)

    def today(self) -> date:
        """Return the local date."""
        return self.now().date()


def _read_cwd() -> str:
    """Return the current folder. Raises `NoNotebook` if it has been removed."""
    try:
        return os.getcwd()
    except OSError:
        raise NoNotebook("the current folder no longer exists", "change to another one, e.g. cd ~") from None
