"""Put one run of zettel together: its settings, notebook, console and clock."""

from __future__ import annotations

import os

from zettel.adapters import settings as config
from zettel.adapters.console import Console
from zettel.model.base.errors import Declined, NoNotebook, SeveralNotes, UsageError, ZettelError
from zettel.model.base.value import value
from zettel.model.settings.settings import DEFAULTS, SettingValue, parse_assignment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from zettel.model.base.answer import Branch, Line, Rows
    from zettel.model.note.hidden_notes import HiddenNotes
    from zettel.model.note.note import Note
    from zettel.model.settings.settings import Settings
    from zettel.notebook.notebook import OpenNotebook


PICK = "@"
"""The name of a note that is to be picked from a list, on a terminal."""

ASK = "\ufdd0"
"""The stand-in for an argument that is to be asked for, because only the NOTE of its command was left out, too. Nobody can type it."""


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
        self.console = Console(
            self.environ, self._choose_colour, lambda: bool(self.get_setting_or_default("pager")), self.find_pager, _lay_out_branches
        )
        self._overrides = dict(parse_assignment(text) for text in options.config)
        self._settings: Settings | None = None
        self._notebook: OpenNotebook | None = None
        self._offered = ""
        self.pick_note: Callable[[Session, Sequence[str] | None, str], Note] | None = None
        self.find_quotes_hint: Callable[[], str] = str
        self.hidden: HiddenNotes | None = None
        self._in_memory = self._has_dropped_catalogue = False
        self._reported_refusals: set[str] = set()

    # Settings and places

    @property
    def settings(self) -> Settings:
        """All settings in effect for this run. They are cached in compiled form, which saves parsing TOML."""
        if self._settings is None:
            self._settings = self.load_settings(self.find_root(required=False))
        return self._settings

    def reread_settings(self) -> None:
        """Read the settings for this run from the config files themselves. Neither reads nor writes their cache."""
        self._settings = self.load_settings(self.find_root(required=False), with_cache=False)

    def load_settings(self, root: str, *, with_cache: bool = True) -> Settings:
        """Return the settings in effect for the notebook at `root` (an empty string: for no notebook). Reads and updates their cache.

        Settings with faults are not cached, so that every command can report them.
        """
        files = (config.locate_user_config(self.environ), config.locate_notebook_config(root) if root else None)
        kept = os.path.join(config.locate_cache_folder(self.environ, root), "settings") if root and with_cache else ""
        stamp = config.read_config_stamp(*files)
        settings = config.load_cached_settings(kept, stamp) if kept else None
        if settings is None:
            from zettel.adapters.config_file import read_settings

            settings, _ = read_settings(*files)
            if kept and not (settings.errors or settings.ignored):
                config.cache_settings(kept, stamp, settings)
        for name, given in self._overrides.items():
            settings.put(name, given)
        return settings

    def get_setting(self, name: str) -> SettingValue:
        """Return the value of one setting. Raises `SettingsError` if a config file gets it wrong."""
        return self.settings[name]

    def get_setting_or_default(self, name: str) -> SettingValue:
        """Return the value of a setting, or its default if a config file gets it wrong: for how an answer or a new note looks."""
        return self.settings.get(name, DEFAULTS[name])

    def report_faulty_settings(self) -> None:
        """Say one line for each fault in the config files that did not make the command fail."""
        for error in self._settings.list_unraised() if self._settings else ():
            self.console.say(f"{error.message}; going on without it")

    def find_program(self, name: str) -> str:
        """Return the command line in the setting `name`, or an empty string.

        A notebook's own config counts only while the user trusts it. That is checked on every call and never cached. Reports a config
        that is not trusted on stderr, once per setting.
        """
        from zettel.adapters.zettel_dir import trust

        root = self.find_root(required=False)
        own = str(self.get_setting_or_default(name) if name == "pager-command" else self.get_setting(name))
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

    @property
    def has_message_colour(self) -> bool | None:
        """Whether messages are in colour, if an option or setting says so, else None."""
        try:
            wanted = self._choose_colour()
        except ZettelError:  # it is reported already, or will be
            return None
        return None if wanted == "auto" else wanted == "always"

    def _choose_colour(self) -> str:
        chosen = self.options.color or self._overrides.get("color")
        return str(chosen or (self.get_setting_or_default("color") if self.find_root(required=False) else "auto"))

    def find_pager(self) -> str:
        """Return the pager's command line, or an empty string for the default."""
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
        if self._offered:
            return self._offered
        root = self.environ.get("ZETTEL_DIR") or self._read_named_notebook(required=required)
        if root and os.path.isdir(os.path.expanduser(root)):
            return os.path.realpath(os.path.expanduser(root))
        if not required:
            return ""
        if root:
            raise NoNotebook(
                f"there is no folder {root}, which $ZETTEL_DIR or your config names", "correct it, or type: zettel -N FOLDER ..."
            )
        return self._offer_notebook()

    def _offer_notebook(self) -> str:
        """Ask on a terminal whether to use a folder that looks like a notebook, from now on or once, and return it. Raises `Declined` after a no.

        Raises `NoNotebook` if there is no such folder or nobody to ask.
        """
        from zettel.adapters.likely_notebook import find_likely_notebook

        found = find_likely_notebook(self.cwd)
        if not found or not self.console.is_interactive:
            raise self._build_no_notebook_error()
        from zettel.adapters.questions import ask_answer
        from zettel.adapters.shell import hide_home
        from zettel.adapters.user_config import store_notebook

        root, shown = os.path.realpath(found.folder), hide_home(found.folder)
        self.console.say(f"there is no notebook here, but {shown} looks like one ({found.reason})")
        answers = {"y": "this time and from now on", "o": "only this once", "n": "no"}
        answer = ask_answer(f"Use {shown} as your notebook?", answers)
        if answer == "n":
            raise Declined("no notebook is used", self._build_no_notebook_error().hint)
        if answer == "y":
            file = store_notebook(self.environ, root)
            self.console.say(f"{shown} is your notebook now, in every folder that is not in another one; {hide_home(file)} says so")
        self._offered, self._settings = root, None
        return root

    def _build_no_notebook_error(self) -> NoNotebook:
        """Return the error for a folder that is not in a notebook. It names a folder that looks like one, and the ways to name one for good."""
        from shlex import quote

        from zettel.adapters.likely_notebook import find_likely_notebook
        from zettel.adapters.shell import hide_home

        found = find_likely_notebook(self.cwd)
        wanted = found.folder if found else "DIR"
        always = f'for good: notebook = "{wanted}" in {hide_home(config.locate_user_config(self.environ))}, or $ZETTEL_DIR'
        if found is None:
            return NoNotebook(
                "there is no notebook here", f"make this folder one: zettel init; or name one: zettel -N DIR ...; or name it {always}"
            )
        folder = "." if found.folder == os.path.abspath(self.cwd) else found.folder
        what = f"this folder looks like one ({found.reason})" if folder == "." else f"{folder} looks like one ({found.reason})"
        return NoNotebook(
            f"there is no notebook here, but {what}",
            f"make it one: zettel init {quote(folder)}; or use it as it is: zettel -N {quote(folder)} ...; or name it {always}",
        )

    def _read_named_notebook(self, *, required: bool) -> str:
        from zettel.adapters.config_file import NOTEBOOK_KEY, read_settings

        settings, named = read_settings(config.locate_user_config(self.environ), None)
        if required and NOTEBOOK_KEY in settings.errors:
            raise settings.errors[NOTEBOOK_KEY]
        return named or ""

    def open_notebook(self, *, refresh: bool = True, meanwhile: Callable[[], object] | None = None) -> OpenNotebook:
        """Return the notebook, opened on the first call, when it also refreshes the catalogue if `refresh`. `meanwhile` is passed to `Notebook.refresh`."""
        if self._notebook is None:
            from zettel.notebook.notebook import OpenNotebook

            self._notebook = OpenNotebook(
                self.find_root(), self.settings, self.environ, self.console.say, in_memory=self._in_memory, hidden=self.hidden
            )
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

    def resolve_note(self, text: str, prompt: str = "note") -> Note:
        """Return the note that `text` names; for `-`, read the name from stdin. Raises `NoSuchNote`, `SeveralNotes` or `UsageError`.

        On a terminal, `@` stands for the note that is picked from a list, and so does a name that several notes answer to, unless it only
        lacks quotes (`find_quotes_hint`): the list has only these. `prompt` says what the note is picked for. Raises `KeyboardInterrupt` if none is picked.
        """
        if text == "-":
            text = self.console.read_text().strip()
            if "\n" in text:
                raise UsageError("stdin holds several names, but one note is wanted", "pipe one line, e.g. through: head -n 1")
        if text == PICK and self.pick_note and self.console.has_screen:
            return self.pick_note(self, None, prompt)
        try:
            return self.open_notebook().resolve_note(text, self.cwd)
        except SeveralNotes as error:
            if not (self.pick_note and self.console.is_interactive and error.paths) or self.find_quotes_hint():
                raise
            self.console.say(f"{error.message}: pick one")
            return self.pick_note(self, error.paths, prompt)

    def ask_missing(self, given: str, question: str) -> str:
        """Return an argument, or the answer to `question` if it is to be asked for. Raises `KeyboardInterrupt` if the answer is empty."""
        if given != ASK:
            return given
        from zettel.adapters.questions import ask_line

        return ask_line(question)

    def find_doubt(self, text: str, found: Note) -> str:
        """Return why `found` may not be the note that was meant by `text`, for a command that removes it. Empty if there is no doubt.

        Part of a title, the beginning of an ID and, on a terminal, a number in the last list are easily mistaken.
        """
        from zettel.notebook.find_note import parse_list_number

        if parse_list_number(text.strip()) is not None:
            return f"{text} is {found.name}" if self.console.is_interactive else ""
        if text == PICK:
            return f"you picked {found.name}"
        outright = (notes for how, notes in self.open_notebook().match_name(text.strip(), self.cwd) if how != "start")
        is_certain = text == "-" or any(found in notes for notes in outright)
        return "" if is_certain else f'"{text}" is only part of {found.name}'

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


def _lay_out_branches(branches: Sequence[Branch], width: int) -> Iterator[Line]:
    """Return the lines of trees as answers have them."""
    from zettel.output.table import MAX_TEXT_WIDTH
    from zettel.output.tree_layout import lay_out_tree

    return lay_out_tree(branches, min(width, MAX_TEXT_WIDTH))
