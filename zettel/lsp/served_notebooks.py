"""Know which notebook a document belongs to, and keep each open notebook up to date."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from urllib.parse import quote

from pygls.uris import from_fs_path, to_fs_path

from zettel.adapters.catalogue import schema
from zettel.adapters.fs.files import walk_up
from zettel.model.base.progress import Progress
from zettel.model.editor.editor_text import EditorText
from zettel.model.settings.settings import DEFAULTS, SettingValue
from zettel.services.complete import Completer
from zettel.services.open_notes import OpenNotes
from zettel.session import GlobalOptions, Session

WATCHED_SECONDS, UNWATCHED_SECONDS = 60.0, 2.0
"""How long after the last look at all files they are looked at again: if the client watches them, and if it does not."""


class ServedNotebook:
    """A notebook that stands open, or a document that is in none (`session` is None). `shown_root` is its folder as the client spells it."""

    def __init__(self, session: Session | None, root: str, shown_root: str, encoding: str, progress: Progress | None = None) -> None:
        self.session = session
        self.root = root
        self.shown_root = shown_root
        self.uris: dict[str, str] = {}
        self.document_versions: dict[str, int] = {}
        self._base = (from_fs_path(shown_root) or "").rstrip("/")
        self._encoding = encoding
        self._last_look = monotonic()
        self._open(progress)

    def _open(self, progress: Progress | None = None) -> None:
        notebook = self.session.open_notebook(refresh=False) if self.session else None
        self.notes = OpenNotes(notebook, self._encoding)
        self.completer = Completer(self.notes)
        if notebook:
            notebook.refresh(progress)

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
        self.session.drop_catalogue(error, is_damaged=not schema.is_unreachable(error))
        self._open_again()

    def reload(self, session: Session, settings: Mapping[str, SettingValue]) -> None:
        """Go on with a new session, which reads the settings again. Open notes stay open."""
        self.session = session
        self.change_settings(settings)
        self._open_again()

    def _open_again(self) -> None:
        documents = {path: text.document for path, text in self.notes.texts.items()}
        self._open()
        for path, document in documents.items():
            self.notes.open(path, document)

    def change_settings(self, given: Mapping[str, SettingValue]) -> None:
        """Use settings of the client over those of the config files."""
        if self.session:
            for name, item in given.items():
                self.session.settings.put(name, item)

    def find_path(self, file: str) -> str | None:
        """Return the path of a file within the notebook, or None if it is not in it."""
        if not self.is_notebook:
            return file if file == self.root else None
        for root, name in ((self.shown_root, file), (self.root, os.path.realpath(file))):
            path = os.path.relpath(name, root)
            if path != ".." and not path.startswith("../"):
                return path
        return None

    def build_uri(self, path: str) -> str:
        """Return the URI of a note: the client's own if the note is open."""
        if path in self.uris:
            return self.uris[path]
        return f"{self._base}/{quote(path)}" if self.is_notebook else from_fs_path(path) or ""

    def look_at(self, files: Iterable[str]) -> int:
        """Look at some files alone, and return how many notes had changed."""
        paths = [path for file in files if (path := self.find_path(file))]
        return self.notes.notebook.look_at(paths) if self.notes.notebook and paths else 0

    def refresh_if_due(self, *, is_watched: bool) -> int:
        """Look at all files if the last look is long ago, and return how many notes had changed."""
        if not self.notes.notebook or monotonic() - self._last_look < (WATCHED_SECONDS if is_watched else UNWATCHED_SECONDS):
            return 0
        try:
            return self.notes.notebook.refresh()
        finally:
            self._last_look = monotonic()

    def note_event(self) -> None:
        """Put the next look at all files off, because the client says what changes."""
        self._last_look = monotonic()


class ServedNotebooks:
    """All notebooks and documents that are open."""

    def __init__(
        self,
        session: Session,
        encoding: str,
        report_progress: Progress | None,
        tell_once: Callable[[str], None],
        watch: Callable[[ServedNotebook], None],
    ) -> None:
        """`tell_once` shows a line to the person, and `watch` is called with each notebook that is opened."""
        self._session = session
        self._encoding = encoding
        self._report_progress = report_progress
        self._tell_once = tell_once
        self._watch = watch
        self.named = session.options.notebook
        self.settings: dict[str, SettingValue] = {}
        self.notebooks: dict[str, ServedNotebook] = {}
        self._documents: dict[str, ServedNotebook] = {}

    def open_folder(self, folder: str) -> ServedNotebook | None:
        """Open the notebook that a folder is in, if it is in one."""
        return self._open_notebook(self._find_root(folder))

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
        file = to_fs_path(uri) if uri.startswith("file:") else None
        served = self._find_served(file) if file else None
        path = served.find_path(file) if served and file else None
        if served is None or path is None:
            path = file or uri
            served = ServedNotebook(None, path, path, self._encoding)
            if file:
                self._tell_once("this file is in no notebook, so links lead nowhere; to make its folder one, type: zettel init")
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
        self._documents.pop(uri, None)

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
        return Session(GlobalOptions(root, self._session.options.config), self._session.environ, root)

    def _find_served(self, file: str) -> ServedNotebook | None:
        if self.named and (served := self.open_named()) and served.find_path(file):
            return served
        return self.open_folder(os.path.dirname(file))

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
            served = ServedNotebook(self._build_session(root), root, shown_root, self._encoding, self._report_progress)
            served.change_settings(self.settings)
            self.notebooks[root] = served
            self._watch(served)
        return self.notebooks[root]
