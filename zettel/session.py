"""Put one run of zettel together: its settings, notebook, console and clock."""

from __future__ import annotations

import os

from zettel.adapters import settings as config
from zettel.adapters.console import Console
from zettel.model.base.errors import NoNotebook, Refused, UsageError
from zettel.model.base.value import value
from zettel.model.settings.settings import SettingValue, parse_assignment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from zettel.model.base.answer import Rows
    from zettel.model.note.note import Note
    from zettel.notebook.notebook import OpenNotebook


@value
class GlobalOptions:
    """The options before the command's name."""

    notebook: str | None = None
    config: tuple[str, ...] = ()
    color: str | None = None


class Session:
    """One run of zettel: its options, environment and console, and its notebook, which is opened on first use."""

    def __init__(self, options: GlobalOptions, environ: dict[str, str] | None = None, cwd: str | None = None) -> None:
        self.environ = dict(os.environ) if environ is None else environ
        self.cwd = cwd or _read_cwd()
        self.options = options
        self.console = Console(self.environ, self._choose_colour, lambda: bool(self.get_setting("pager")), self._find_pager)
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
            self.console.say(why_not)
            self._reported_refusals.add(name)
        return wanted or own

    def find_editor(self) -> list[str]:
        """Return the editor's command line without the file. Raises `UsageError` if there is no editor."""
        from zettel.adapters.editor import choose_editor

        return choose_editor(lambda: self.find_program("editor"), self.environ)

    def _choose_colour(self) -> str:
        chosen = self.options.color or self._overrides.get("color")
        return str(chosen or (self.get_setting("color") if self.find_root(required=False) else "auto"))

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

            self._notebook = OpenNotebook(self.find_root(), self.settings, self.environ, self.console.say, in_memory=self._in_memory)
            if refresh:
                self._notebook.refresh(self.console.choose_progress(), meanwhile=meanwhile)
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
            self.console.say(f"the catalogue cannot be used ({error}); reading every note again for this command")
        self._has_dropped_catalogue = True

    def resolve_note(self, text: str) -> Note:
        """Return the note that `text` names; for `-`, read the name from stdin. Raises `NoSuchNote`, `SeveralNotes` or `UsageError`."""
        if text == "-":
            text = self.console.read_stdin().decode(errors="replace").strip()
            if "\n" in text:
                raise UsageError("stdin holds several names, but one note is wanted", "pipe one line, e.g. through: head -n 1")
        return self.open_notebook().resolve_note(text, self.cwd)

    def resolve_note_to_destroy(self, text: str, verb: str) -> Note:
        """Return the note that `text` names, for a command that removes it. `verb` is the verb, e.g. "delete".

        On a terminal, ask for confirmation if `text` is only part of a title, the beginning of an ID, or a number in the last list, which
        is easily mistaken. Without a yes, or if a part of a name is all that a program gives, raises `Refused`.
        """
        found = self.resolve_note(text)
        from zettel.notebook.find_note import parse_list_number

        if parse_list_number(text.strip()) is not None:
            is_certain, why = not self.console.is_interactive, f"{text} stays: it is {found.name}"
        else:
            outright = (notes for how, notes in self.open_notebook().match_name(text.strip(), self.cwd) if how != "start")
            is_certain, why = text == "-" or any(found in notes for notes in outright), f'"{text}" is only part of {found.name}'
        if is_certain:
            return found
        from zettel.model.base.answer import Branch

        links = "1 link points" if found.backlinks == 1 else f"{found.backlinks} links point"
        shown = (Branch(((found.name, "title"),), (Branch(((f"{links} to it", "dim"),)),)),)
        if not (self.console.is_interactive and self.console.confirm(shown, f"{verb} this note?")):
            raise Refused(why, f"to {verb} it, name it in full: zettel {verb} … {found.handle}")
        return found

    def remember_list(self, answer: Rows) -> None:
        """Remember the notes of an answer that a person is about to see, so that `@2` names the second one."""
        if answer.is_numbered and self._notebook:
            self._notebook.remember_list(answer.list_notes())

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
