"""Rename notes, headings and tags as edits that the client makes, so that it can undo them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lsprotocol import types

from zettel.lsp import answers
from zettel.lsp.client import Client
from zettel.lsp.served_notebooks import ServedNotebook, ServedNotebooks
from zettel.model.base.errors import Refused
from zettel.model.base.progress import Progress
from zettel.model.edit.changes import Changes, FileEdit
from zettel.model.editor.text_edits import list_span_edits
from zettel.services.rename_at_place import find_renamable, plan_rename_at_place


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
