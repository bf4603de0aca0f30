"""Rename notes, headings and tags as edits that the client makes, so that it can undo them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic

from lsprotocol import types
from pygls.uris import to_fs_path

from zettel.lsp import answers
from zettel.lsp.client import Client
from zettel.lsp.served_notebooks import ServedNotebook, ServedNotebooks
from zettel.model.base.errors import Refused
from zettel.model.base.progress import Progress, ProgressStep
from zettel.model.edit.changes import Changes, FileEdit
from zettel.model.editor.text_edits import list_span_edits
from zettel.model.text.fold import is_note_name
from zettel.model.text.shell_argument import quote_path
from zettel.services.move import plan_links_of_moves
from zettel.services.rename_at_place import find_renamable, plan_rename_at_place

MAX_SECONDS = 1.0
"""How long a client is kept from renaming its files."""


class _TooLong(Exception):
    """The edits are not ready in time."""


class _Deadline:
    """A progress that shows nothing and ends work that takes too long."""

    def __call__(self, _title: str, _total: int) -> _Deadline:
        self._end = monotonic() + MAX_SECONDS
        return self

    def __enter__(self) -> ProgressStep:
        return self._step

    def __exit__(self, *_: object) -> None:
        pass

    def _step(self, _done: str) -> None:
        if monotonic() > self._end:
            raise _TooLong


class RenameHandlers:
    """The handlers of renames. `tell` shows a line to the person."""

    def __init__(self, client: Client, all_served: ServedNotebooks, progress: Progress, tell: Callable[[str], None]) -> None:
        self._client = client
        self._all_served = all_served
        self._progress = progress
        self._tell = tell

    def _find(self, uri: str) -> tuple[ServedNotebook, str]:
        found = self._all_served.find(uri)
        if not found:
            raise Refused("this document is not open", "open it, then rename")
        return found

    def prepare(self, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder:
        """Return what would be renamed at the cursor, and what it is called now: a note by its title, never by the markup of a link."""
        served, path = self._find(params.text_document.uri)
        target = find_renamable(served.notes, path, answers.to_place(params.position))
        return types.PrepareRenamePlaceholder(answers.to_range(target.span), target.name)

    def rename(self, params: types.RenameParams) -> types.WorkspaceEdit:
        """Return the edits that rename what stands at the cursor, with all links to it."""
        served, path = self._find(params.text_document.uri)
        target = find_renamable(served.notes, path, answers.to_place(params.position))
        plan = plan_rename_at_place(served.notes, target, params.new_name, self._progress)
        for remark in plan.remarks:
            self._tell(remark)
        if plan.changes.moves and not self._client.renames_files:
            self._tell("the file keeps its name, which breaks no link by ID; zettel rename gives it the new one")
        return self._build_edit(served, plan.changes)

    def rename_files(self, params: types.RenameFilesParams) -> types.WorkspaceEdit | None:
        """Return the edits by which all links stay right when the client renames files and folders. Gives up after a second."""
        for served in self._all_served.notebooks.values():
            pairs = [
                (old, new)
                for file in params.files
                if (old := self._find_path(served, file.old_uri)) and (new := self._find_path(served, file.new_uri))
            ]
            if pairs:
                return self._follow_moves(served, pairs)
        return None

    def _find_path(self, served: ServedNotebook, uri: str) -> str | None:
        file = to_fs_path(uri) if uri.startswith("file:") else None
        return served.find_path(file) if file else None

    def _follow_moves(self, served: ServedNotebook, pairs: list[tuple[str, str]]) -> types.WorkspaceEdit | None:
        notebook = served.notes.notebook
        assert notebook
        known = notebook.catalogue.load_paths()
        moves = {path: new + path[len(old) :] for old, new in pairs for path in known if path == old or path.startswith(f"{old}/")}
        notes = notebook.catalogue.find_notes_by_path(sorted(path for path, new in moves.items() if is_note_name(new)))
        try:
            edits = plan_links_of_moves(notebook, [(note, moves[path]) for path, note in notes.items()], _Deadline()) if notes else ()
        except (_TooLong, Refused) as error:
            reason = f" ({error.message})" if isinstance(error, Refused) else ""
            self._tell(f"links do not follow{reason}: undo the move, then type zettel move {quote_path(pairs[0][0])} FOLDER")
            return None
        return self._build_edit(served, Changes(edits)) if edits else None

    def _build_edit(self, served: ServedNotebook, changes: Changes) -> types.WorkspaceEdit:
        if not self._client.has_document_changes:
            return types.WorkspaceEdit(
                changes={served.build_uri(edit.path): list(self._list_edits(served, edit)) for edit in changes.edits}
            )
        documents: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = []
        for edit in changes.edits:
            version = served.document_versions.get(edit.path)
            identifier = types.OptionalVersionedTextDocumentIdentifier(served.build_uri(edit.path), version)
            documents.append(types.TextDocumentEdit(identifier, list(self._list_edits(served, edit))))
        if self._client.renames_files:
            documents += [types.RenameFile(served.build_uri(move.path), served.build_uri(move.new_path)) for move in changes.moves]
        return types.WorkspaceEdit(document_changes=documents)

    def _list_edits(self, served: ServedNotebook, edit: FileEdit) -> Iterator[types.TextEdit]:
        document = served.notes.load_text(edit.path).document
        after = (edit.after or b"").decode()
        return (types.TextEdit(answers.to_range(one.span), one.text) for one in list_span_edits(document, after))
