"""Know which notebook a document belongs to, and keep each open notebook up to date."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from itertools import groupby
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import quote

from pygls.uris import from_fs_path, to_fs_path

from zettel.adapters.catalogue import schema
from zettel.adapters.fs.files import walk_up
from zettel.adapters.fs.scan import is_note_path
from zettel.adapters.own_process import OwnProcess
from zettel.adapters.settings import VIEWS, locate_cache_folder
from zettel.lsp.editor_console import EditorConsole
from zettel.lsp.progress import ClientBar, Reporter
from zettel.model.base.errors import Refused, ZettelError
from zettel.model.base.progress import Cancelled, ProgressStep, SilentProgress
from zettel.model.editor.editor_text import EditorText
from zettel.model.settings.settings import DEFAULTS, SettingValue
from zettel.model.text.globs import build_subtree_matcher
from zettel.services.editor.complete import Completer
from zettel.services.editor.note_actions import ActionFinder
from zettel.services.editor.notebook_findings import FindingRecord, list_findings
from zettel.services.editor.open_notes import OpenNotes
from zettel.session import GlobalOptions, Session

if TYPE_CHECKING:
    from zettel.notebook.notebook import OpenNotebook

TASK = "zettel.lsp.notebook_task"
"""The module that works in a process of its own."""

READ, CHECK = "read", "check"
"""What it does: bring catalogue and index up to date, or compare all notes."""

MAX_AT_ONCE = 500
"""How many new and changed notes are read between two messages. More are read in a process of their own."""

CHECK_SECONDS = 20.0
"""How often all notes are compared at most."""

WATCHED_SECONDS, UNWATCHED_SECONDS = 60.0, 2.0
"""How long after the last look at all files they are looked at again: if the client watches them, and if it does not."""


def find_file(uri: str) -> str | None:
    """Return the file that a URI names, or None if it names none, or one that cannot exist."""
    try:
        file = to_fs_path(uri) if uri.startswith("file:") else None
        return file if file and "\0" not in file and file.encode() else None
    except ValueError:  # not an address, or half a character
        return None


class _TooManyNotes(Exception):
    """More notes have changed than are read between two messages."""


class ServedNotebook:
    """A notebook that stands open, or a document that is in none (`session` is None). `shown_root` is its folder as the client spells it.

    While many of its notes are read (`is_reading`), `notes` knows only those that are open, as if there were no notebook.
    """

    def __init__(
        self,
        session: Session | None,
        root: str,
        shown_root: str,
        encoding: str,
        report_progress: Reporter | None = None,
        settings: Mapping[str, SettingValue] | None = None,
    ) -> None:
        self.session = session
        self.is_reading = False
        self._is_stopped = False
        self._report_progress = report_progress
        self._task: OwnProcess | None = None
        self._task_name = ""
        self._bar: ClientBar | None = None
        self._settings: Mapping[str, SettingValue] = {}
        self.findings: dict[str, list[FindingRecord]] = {}
        self.findings_number = self.settings_number = 0
        self._checked: tuple[object, frozenset[str]] = None, frozenset()
        self._found_codes: frozenset[str] = frozenset()
        self._last_check = 0.0
        self._expected: Mapping[str, str] = {}
        self.root = root
        self.shown_root = shown_root
        self.uris: dict[str, str] = {}
        self.document_versions: dict[str, int] = {}
        self._base = (from_fs_path(shown_root) or "").rstrip("/") if session else ""
        self._encoding = encoding
        self._last_look = monotonic()
        self.change_settings(settings or {})
        self._open()

    def _open(self) -> None:
        """Open the notebook, and bring it up to date. Open notes stay open."""
        documents = {path: text.document for path, text in self.notes.texts.items()} if hasattr(self, "notes") else {}
        self._use(self.session.open_notebook(refresh=False) if self.session else None, documents)
        self.refresh(self._report_progress)

    def _use(self, notebook: OpenNotebook | None, documents: Mapping[str, EditorText]) -> None:
        """Answer from a notebook from now on, or from open notes alone."""
        self.notes = OpenNotes(notebook, self._encoding)
        self.completer = Completer(self.notes)
        self.action_finder = ActionFinder(self.session, self.notes, self.completer.choose_manners) if self.session else None
        for path, document in documents.items():
            self.notes.open(path, document)

    def refresh(self, progress: Reporter | None = None) -> int:
        """Look at all files, and return how many notes had changed. If they are many, they are read in a process of their own, and none counts yet."""
        notebook = self.notes.notebook
        if notebook is None:
            return 0

        def count(title: str, total: int) -> AbstractContextManager[ProgressStep]:
            if total > MAX_AT_ONCE and not notebook.is_in_memory:
                raise _TooManyNotes
            return (progress or SilentProgress)(title, total)

        self._last_look = monotonic()
        try:
            return notebook.refresh(count)
        except _TooManyNotes:
            self._start_reading()
            return 0

    def get_notebook(self) -> OpenNotebook:
        """Return the notebook. Raises `Refused` while its notes are being read, or if there is none."""
        if self.notes.notebook is None:
            if self.is_reading:
                raise Refused("the notes of this notebook are still being read", "try again in a moment")
            if self._is_stopped:
                raise Refused("the notes of this notebook were not read, because that was cancelled", "save a note to have them read")
            raise Refused("this file is in no notebook", "make its folder one: zettel init")
        return self.notes.notebook

    # Work in another process

    @property
    def is_working(self) -> bool:
        """Whether another process works on the notebook."""
        return self._task is not None

    @property
    def is_indexing(self) -> bool:
        """Whether another process makes the full-text index, for which a search would have to wait."""
        return self._task is not None and self._task_name == READ and not self.is_reading

    def _start_task(self, task: str, codes: Iterable[str] = ()) -> None:
        """Start work in another process. Raises `OSError`."""
        assert self.session
        given = {
            "root": self.root,
            "config": self.session.options.config,
            "settings": dict(self._settings),
            "task": task,
            "codes": [*codes],
        }
        self._task = OwnProcess(TASK, given, self.session.environ)
        self._task_name = task

    def _start_reading(self) -> None:
        self.stop_task()
        try:
            self._start_task(READ)
        except OSError:
            self._finish_reading()
            return
        self.is_reading = True
        self._use(None, {path: text.document for path, text in self.notes.texts.items()})

    def poll_task(self) -> None:
        """Take what the other process has found so far. Raises `Cancelled` if the client has cancelled it, after ending it."""
        if self._task is None:
            return
        for answer in self._task.read_answers():
            if "total" in answer and self._report_progress and self.is_reading:
                self._bar = self._bar or self._report_progress(answer["title"], answer["total"])
                try:
                    self._bar.set_done(answer["done"])
                except Cancelled:
                    self.stop_task()
                    self.is_reading, self._is_stopped = False, True
                    raise
            elif "is_read" in answer:
                self._finish_reading()
            elif "findings" in answer:
                self._take_findings(answer["findings"])
        if self._task and not self._task.is_running:
            has_failed = self._task.has_failed
            self._task = None
            if self.is_reading:
                self._finish_reading()
            elif has_failed and self._task_name == CHECK:
                self._take_findings([])

    def _finish_reading(self) -> None:
        """Go on with the notes that another process has read. What it has not read is read here, at whatever length."""
        self._close_bar()
        self.is_reading = False
        assert self.session
        notebook = self.session.open_notebook(refresh=False)
        notebook.refresh(self._report_progress)
        self._use(notebook, {path: text.document for path, text in self.notes.texts.items()})

    def check_if_due(self, codes: frozenset[str]) -> None:
        """Have all notes checked if they have changed since, by another process if they are many."""
        notebook, now = self.notes.notebook, monotonic()
        if notebook is None or self.is_working:
            return
        wanted = (self.notes.version, self.settings_number), codes
        if wanted == self._checked or (now - self._last_check < CHECK_SECONDS and codes == self._checked[1]):
            return
        assert self.session
        self._checked, self._last_check = wanted, now
        if notebook.catalogue.count_notes() <= MAX_AT_ONCE:
            try:
                self._take_findings(list_findings(self.session, codes))
            except ZettelError:  # a setting that is wrong is said where one writes
                self._take_findings([])
            self._checked = (self.notes.version, self.settings_number), codes  # the check itself stores what it has found out about notes
            return
        try:
            self._start_task(CHECK, codes)
        except OSError:
            self._take_findings([])

    def is_checked(self, codes: frozenset[str]) -> bool:
        """Return whether the problems that some checks find are known, if not the newest ones."""
        return self.findings_number > 0 and codes <= self._found_codes

    def _take_findings(self, found: list[FindingRecord]) -> None:
        """Take the problems of all notes, sorted by path."""
        self._found_codes = self._checked[1]
        findings = {path: list(records) for path, records in groupby(found, lambda record: record["path"])}
        if findings != self.findings or not self.findings_number:
            self.findings = findings
            self.findings_number += 1

    def stop_task(self) -> None:
        """End the work in another process."""
        self._close_bar()
        if self._task:
            self._task.stop()
            self._task = None
            if self._task_name == CHECK:
                self._checked = None, frozenset()

    def _close_bar(self) -> None:
        if self._bar:
            self._bar.__exit__()
            self._bar = None

    def get_setting(self, name: str) -> SettingValue:
        """Return the value of a setting, or its default if a config file gets it wrong or there is no notebook."""
        return self.session.get_setting_or_default(name) if self.session else DEFAULTS[name]

    @property
    def hover_lines(self) -> int:
        """The number of lines of a note that hover shows."""
        lines = self.get_setting("lsp.hover-lines")
        return lines if isinstance(lines, int) else 0

    @property
    def is_notebook(self) -> bool:
        """Whether there is a notebook, and not only a document."""
        return self.session is not None

    def replace_catalogue(self, error: schema.Error) -> None:
        """Go on with another catalogue after one that failed. Open notes stay open."""
        assert self.session
        self.stop_task()
        self.is_reading = False
        self.session.drop_catalogue(error, is_damaged=not schema.is_unreachable(error))
        self._open()

    def reload(self, session: Session, settings: Mapping[str, SettingValue]) -> None:
        """Go on with a new session, which reads the settings again. Open notes stay open."""
        self.stop_task()
        self.is_reading = False
        self.session = session
        self.change_settings(settings)
        self._open()

    def change_settings(self, given: Mapping[str, SettingValue]) -> None:
        """Use settings of the client over those of the config files."""
        self._settings = given
        self.settings_number += 1
        if self.session:
            for name, item in given.items():
                self.session.settings.put(name, item)

    def find_path(self, file: str) -> str | None:
        """Return the path of a file within the notebook, or None if it is not in it. Symlinks are followed first, as a scan follows none."""
        if not self.is_notebook:
            return file if file == self.root else None
        path = os.path.relpath(os.path.realpath(file), self.root)
        return None if path == ".." or path.startswith("../") else path

    def may_be_note(self, path: str) -> bool:
        """Return whether a file at this path is a note, or would be one: it is not hidden, and the setting `ignore` does not leave it out."""
        return (
            is_note_path(path, build_subtree_matcher(self.session.open_notebook(refresh=False).ignore_patterns)) if self.session else True
        )

    def build_uri(self, path: str) -> str:
        """Return the URI of a note: the client's own if the note is open."""
        if path in self.uris:
            return self.uris[path]
        return f"{self._base}/{quote(path)}" if self.is_notebook else from_fs_path(path) or ""

    def look_at(self, files: Iterable[str]) -> int:
        """Look at some files alone, at all if they are many, and return how many notes had changed."""
        paths = [path for file in files if (path := self.find_path(file))]
        if done := [old for old in self._expected if not os.path.lexists(os.path.join(self.root, old))]:
            paths += [*done, *(self._expected[old] for old in done)]
            self._expected = {}
        if paths and self._is_stopped:
            self._is_stopped = False
            self._open()
        if len(paths) > MAX_AT_ONCE:
            return self.refresh()
        return self.notes.notebook.look_at(paths) if self.notes.notebook and paths else 0

    def expect_moves(self, moves: Mapping[str, str]) -> None:
        """Look for these moves of files from now on, because the client is about to make them and need not say that it has."""
        self._expected = moves

    def refresh_if_due(self, *, is_watched: bool) -> int:
        """Look at all files if the last look is long ago, and return how many notes had changed."""
        if not self.notes.notebook or monotonic() - self._last_look < (WATCHED_SECONDS if is_watched else UNWATCHED_SECONDS):
            return 0
        return self.refresh()

    def note_event(self) -> None:
        """Put the next look at all files off, because the client says what changes."""
        self._last_look = monotonic()


class ServedNotebooks:
    """All notebooks and documents that are open. `active` is the URI of the document that the client named last."""

    def __init__(
        self,
        session: Session,
        encoding: str,
        report_progress: Reporter | None,
        tell: Callable[[str], None],
        tell_once: Callable[[str], None],
        watch: Callable[[ServedNotebook], None],
    ) -> None:
        """`tell` shows a line to the person, `tell_once` unless it was shown before, and `watch` is called with each notebook that is opened."""
        self._session = session
        self._encoding = encoding
        self._report_progress = report_progress
        self.tell, self._tell_once = tell, tell_once
        self._watch = watch
        self.named = session.options.notebook
        self.settings: dict[str, SettingValue] = {}
        self.notebooks: dict[str, ServedNotebook] = {}
        self.active = ""
        self._folders: dict[str, str] = {}
        self._documents: dict[str, ServedNotebook] = {}

    def open_folder(self, folder: str) -> ServedNotebook | None:
        """Open the notebook that a folder of the client is in, if it is in one."""
        served = self._open_notebook(self._find_root(folder))
        if served:
            self._folders[folder] = served.root
        return served

    def close_folder(self, folder: str) -> None:
        """Close the notebook of a folder that the client has closed, unless another folder or a document in it is open, or it is named."""
        root = self._folders.pop(folder, None)
        served = self.notebooks.get(root or "")
        if served and root not in self._folders.values() and served not in self._documents.values() and not self.named:
            served.stop_task()
            del self.notebooks[served.root]

    def open_named(self) -> ServedNotebook | None:
        """Open the notebook that `-N` or the client names, if one does. Raises `NoNotebook` if it is not there."""
        if not self.named:
            return None
        root = Session(GlobalOptions(self.named), self._session.environ, self._session.cwd).find_root()
        return self._open_notebook((root, os.path.abspath(os.path.join(self._session.cwd, os.path.expanduser(self.named)))))

    def find(self, uri: str) -> tuple[ServedNotebook, str] | None:
        """Return the notebook of an open document, and the path of the note in it."""
        served = self._documents.get(uri)
        path = next((path for path, known in served.uris.items() if known == uri), None) if served else None
        return (served, path) if served and path is not None else None

    def find_by_file(self, file: str) -> ServedNotebook | None:
        """Return the notebook that is open and has a file, the nearest one."""
        found = [one for one in self.notebooks.values() if one.find_path(file)]
        return max(found, key=lambda one: len(one.root), default=None)

    def open_document(self, uri: str, text: str, version: int) -> None:
        """Take the text of a document from the client from now on. Opens the notebook that it is in."""
        file = find_file(uri)
        served = self._find_served(file) if file else None
        path = served.find_path(file) if served and file else None
        if served is None or path is None or not served.may_be_note(path):
            if served:
                self._tell_once(
                    "this file is not a note of its notebook, because it is hidden, ignored or elsewhere, so links lead nowhere"
                )
            elif file and not self._is_own_view(file):
                self._tell_once("this file is in no notebook, so links lead nowhere; to make its folder one, type: zettel init")
            path = file or uri
            served = ServedNotebook(None, path, path, self._encoding)
        served.look_at(())
        served.uris[path] = uri
        served.document_versions[path] = version
        served.notes.open(path, EditorText(text, self._encoding))
        self._documents[uri] = served

    def close_document(self, uri: str) -> None:
        """Forget the text of a document."""
        if found := self.find(uri):
            served, path = found
            served.notes.close(path)
            served.uris.pop(path, None)
            served.document_versions.pop(path, None)
            served.look_at(())
        self._documents.pop(uri, None)

    def poll_tasks(self) -> None:
        """Take what other processes have found so far."""
        for served in self.notebooks.values():
            try:
                served.poll_task()
            except Cancelled:
                self._tell_once("the notes were not read, so links lead nowhere; they are read when you save a note")

    @property
    def is_working(self) -> bool:
        """Whether another process works on a notebook."""
        return any(served.is_working for served in self.notebooks.values())

    def stop(self) -> None:
        """End what other processes do."""
        for served in self.notebooks.values():
            served.stop_task()

    def list_documents(self) -> list[str]:
        """Return the URIs of all open documents, the one opened last first."""
        return list(reversed(self._documents))

    def change_settings(self, given: dict[str, SettingValue]) -> None:
        """Use settings of the client in all notebooks."""
        self.settings = given
        for served in self.notebooks.values():
            served.change_settings(given)

    def reload_settings(self, files: Iterable[str]) -> None:
        """Read the settings of each notebook again whose config is among some files."""
        for served in self.notebooks.values():
            if any(served.find_path(file) == ".zettel/config.toml" for file in files):
                served.reload(self._build_session(served.root), self.settings)

    def _build_session(self, root: str) -> Session:
        session = Session(GlobalOptions(root, self._session.options.config), self._session.environ, root)
        session.console = EditorConsole(session.environ, self._tell_once, self._report_progress)
        return session

    def _is_own_view(self, file: str) -> bool:
        """Return whether a file is an answer that a server has written into the cache: this one, or the one of another folder."""
        cache, folder = os.path.dirname(locate_cache_folder(self._session.environ, os.sep)), os.path.dirname(file)
        return os.path.basename(folder) == VIEWS and os.path.dirname(os.path.dirname(folder)) == cache

    def _find_served(self, file: str) -> ServedNotebook | None:
        if self.named and (served := self.open_named()) and served.find_path(file):
            return served
        return self._open_notebook(self._find_root(os.path.dirname(file)))

    def _find_root(self, folder: str) -> tuple[str, str] | None:
        """Return the notebook of a folder, and how the client spells it: the nearest folder upwards with `.zettel/`, else `$ZETTEL_DIR` if it is in that."""
        for above in walk_up(folder):
            if os.path.isdir(os.path.join(above, ".zettel")):
                return os.path.realpath(above), above
        named = self._session.environ.get("ZETTEL_DIR")
        if named and os.path.isdir(root := os.path.realpath(os.path.expanduser(named))):
            for above in walk_up(folder):
                if os.path.realpath(above) == root:
                    return root, above
        return None

    def _open_notebook(self, found: tuple[str, str] | None) -> ServedNotebook | None:
        if found is None:
            return None
        root, shown_root = found
        if root not in self.notebooks:
            session = self._build_session(root)
            served = ServedNotebook(session, root, shown_root, self._encoding, self._report_progress, self.settings)
            self.notebooks[root] = served
            self._watch(served)
        return self.notebooks[root]
