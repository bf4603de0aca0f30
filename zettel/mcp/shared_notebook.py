"""The one notebook that a server for assistants serves: opened on the first question, kept up to date, and without hidden notes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any, TypeVar

from zettel.adapters import settings as config
from zettel.adapters.catalogue import schema
from zettel.adapters.console import Console
from zettel.model.base.errors import NoNotebook, NoSuchNote, UsageError
from zettel.model.base.progress import Progress
from zettel.model.note.hidden_notes import HiddenNotes
from zettel.model.note.note import Note
from zettel.model.text.inert import clip
from zettel.notebook.find_note import parse_list_number
from zettel.notebook.notebook import OpenNotebook
from zettel.services.exact_name import resolve_exactly
from zettel.session import PICK, GlobalOptions, Session

T = TypeVar("T")

READ, CAPTURE, ALL = "read", "capture", "all"
MODES = (READ, CAPTURE, ALL)
"""What a server may do: read, also add notes and text, also change and rename notes. Each mode has the tools of those before it."""

LOOK_SECONDS = 2.0
"""How long after a look at all files another one is worth its time."""


class ServerConsole(Console):
    """A console for the sessions of a server: nobody looks at it, and long work is reported by `progress`."""

    def __init__(self, environ: dict[str, str], progress: Progress | None) -> None:
        super().__init__(environ, lambda: "never", lambda: False, str, lambda branches, width: ())
        self._progress = progress

    def choose_progress(self) -> Progress | None:
        """Return what reports the progress of long work, and stops it if nobody wants its result."""
        return self._progress


class SharedNotebook:
    """The notebook of a server. All that an assistant reads comes from `session`, in which hidden notes are not there.

    `writing` is a session on the whole notebook, for changes: links of hidden notes follow a rename, too. `mode` is one of `MODES`.
    `own_changes` names the journal's entries of what this server has changed, in order.
    """

    def __init__(self, session: Session, mode: str, progress: Progress | None = None) -> None:
        """Serve the notebook that `session` finds. `progress` reports long work. Opens nothing."""
        self.mode = mode
        self._progress = progress
        self.own_changes: list[str] = []
        self._started_as = session
        self._root = ""
        self._session: Session | None = None
        self._writing: Session | None = None
        self._config_stamp: object = None
        self._remembered: dict[object, tuple[int, Any]] = {}
        self._last_look = 0.0
        self._is_index_ready = False

    @property
    def is_open(self) -> bool:
        """Whether the notebook was opened."""
        return self._session is not None

    @property
    def root(self) -> str:
        """The folder of the notebook, empty before it was found. It appears in no answer."""
        return self._root

    @property
    def session(self) -> Session:
        """The session in which hidden notes are not there. Opens the notebook. Raises `NoNotebook` and `SettingsError`."""
        if self._session is None:
            self.open()
        assert self._session
        return self._session

    @property
    def notebook(self) -> OpenNotebook:
        """The notebook in which hidden notes are not there."""
        return self.session.open_notebook()

    @property
    def writing(self) -> Session:
        """The session on the whole notebook."""
        if self._writing is None:
            self._writing = self._build_session(None)  # a change is never stopped halfway
        return self._writing

    def open(self) -> None:
        """Open the notebook, and bring its catalogue up to date. Raises `NoNotebook`, and `SettingsError` if it is not clear what to hide."""
        if not self._root:
            self._root = self._find_root()
        if not os.path.isdir(self._root):
            raise NoNotebook("the folder of the notebook is not there any more", "put it back, or name another one: zettel -N FOLDER mcp")
        session = self._build_session(self._progress)
        rules = session.get_setting("mcp.hide")
        session.hidden = HiddenNotes(rules if isinstance(rules, tuple) else ())
        session.open_notebook(refresh=False).refresh(self._progress)
        self._config_stamp = self._read_config_stamp()
        self._session, self._writing = session, None
        self._remembered.clear()
        self._last_look = monotonic()

    def close(self) -> None:
        """Forget the notebook, so that the next question opens it again."""
        self._session = self._writing = None
        self._remembered.clear()

    def replace_catalogue(self, error: schema.Error) -> None:
        """Go on with another catalogue after one that failed."""
        if self._session:
            self._session.drop_catalogue(error, is_damaged=not schema.is_unreachable(error))
        self._writing = None

    def refresh(self) -> int:
        """Look at all files, and return how many notes had changed. Reads the settings again if a config file has changed."""
        if self._config_stamp != self._read_config_stamp():
            self.close()  # what is to be hidden is not known until the settings are read
            self.open()
            return 0
        try:
            return self.notebook.refresh(self._progress)
        finally:
            self._last_look = monotonic()

    def refresh_if_due(self, seconds: float = LOOK_SECONDS) -> int:
        """Look at all files unless the last look was less than some seconds ago, and return how many notes had changed."""
        return self.refresh() if self.is_open and monotonic() - self._last_look >= seconds else 0

    def catch_up(self) -> None:
        """Look at all files if that is due, and do what the next search or change would have to do first."""
        if self.refresh_if_due() or not self._is_index_ready:
            self.notebook.query_fulltext(lambda _: None, self._progress)
            self._is_index_ready = True
        elif self.mode != READ and self._writing is None:
            self.writing.open_notebook()

    def look_at(self, paths: Iterable[str]) -> int:
        """Look at some files alone, and return how many notes had changed."""
        return self.notebook.look_at(paths)

    def remember(self, key: object, compute: Callable[[], T]) -> T:
        """Return what was computed for a key, unless a note has changed since, in this process or another one: then compute it again."""
        version = self.notebook.catalogue.count_changes()
        known = self._remembered.get(key)
        if known is None or known[0] != version:
            known = self._remembered[key] = (version, compute())
        found: T = known[1]
        return found

    def find_note(self, text: str) -> Note:
        """Return the note that a text names as a person may type it. Raises `NoSuchNote` or `SeveralNotes`, and `UsageError` if it is empty."""
        self.ensure_name(text)
        return self.notebook.resolve_note(text)

    def find_exact_note(self, text: str) -> Note:
        """Return the note that has a text as its ID, path or whole title, for a change. Raises the errors of `find_note`."""
        self.ensure_name(text)
        return resolve_exactly(self.notebook, text)

    def take_own_changes(self, notebook: OpenNotebook) -> None:
        """Remember the changes that were made through a notebook as those of this server."""
        self.own_changes += notebook.own_changes
        notebook.own_changes.clear()

    def check_topic(self, text: str) -> None:
        """Raise `UsageError` for the name of a topic that is empty, or that means something only on a terminal."""
        if not text.strip() or _means_something_on_a_terminal(text):
            raise UsageError(f'"{text.strip()}" is not a topic', "a topic is an ID, a title, an alias, a #tag, or words; topics lists some")

    def reload(self, note: Note) -> Note:
        """Return a note as it is after a look at its file. Raises `NoSuchNote` if it is gone."""
        found = self.notebook.catalogue.find_notes_by_path([note.path])
        if not found:
            raise NoSuchNote(f'"{clip(note.title, 80)}" is not there any more', "search finds notes")
        return found[note.path]

    def ensure_name(self, text: str) -> None:
        """Raise an error for a name that is empty, or that means something only on a terminal."""
        if not text.strip():
            raise UsageError("the name of a note is empty", "give the ID of a note, its path or its title; search finds them")
        if _means_something_on_a_terminal(text):
            raise NoSuchNote(f'no note is called "{text.strip()}"', "give the ID of a note, its path or its title; search finds them")

    def _find_root(self) -> str:
        """Return the notebook's folder. Raises `NoNotebook`, without a path of this machine in it."""
        try:
            root = self._started_as.find_root(required=False)
        except NoNotebook:
            root = ""
        if not root:
            raise NoNotebook(
                "the server has no notebook", "the command of this server must name the folder of the notes: zettel -N FOLDER mcp"
            )
        return root

    def _build_session(self, progress: Progress | None) -> Session:
        session = Session(GlobalOptions(self._root, self._started_as.options.config), self._started_as.environ, self._root)
        session.console = ServerConsole(session.environ, progress)
        return session

    def _read_config_stamp(self) -> object:
        return config.read_config_stamp(config.locate_user_config(self._started_as.environ), config.locate_notebook_config(self._root))


def _means_something_on_a_terminal(text: str) -> bool:
    """Return whether a text stands for what a person picks, pipes or has listed on a terminal."""
    return text.strip() in ("-", PICK) or parse_list_number(text.strip()) is not None
