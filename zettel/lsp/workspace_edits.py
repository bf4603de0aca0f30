"""Turn changes of notes into edits that the client makes in its documents, so that its own undo takes them back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from lsprotocol import types
from lsprotocol.converters import get_converter

from zettel.lsp import answers
from zettel.lsp.client import Client
from zettel.lsp.served_notebooks import ServedNotebook
from zettel.model.edit.changes import Changes, FileEdit
from zettel.model.editor.text_edits import list_span_edits

if TYPE_CHECKING:
    from cattrs import Converter

FILE_ANNOTATION = "file"
"""The ID of the annotation of a file's rename."""


def build_workspace_edit(client: Client, served: ServedNotebook, changes: Changes) -> types.WorkspaceEdit:
    """Return changes as small edits of the texts, with the versions of open documents; moves of files come last, if the client can make them.

    Files that the changes create are left out.
    """
    edits = [edit for edit in changes.edits if edit.before is not None]
    if not client.has_document_changes:
        return types.WorkspaceEdit(changes={served.build_uri(edit.path): list(_list_edits(served, edit)) for edit in edits})
    documents: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = []
    for edit in edits:
        version = served.document_versions.get(edit.path)
        identifier = types.OptionalVersionedTextDocumentIdentifier(served.build_uri(edit.path), version)
        documents.append(types.TextDocumentEdit(identifier, list(_list_edits(served, edit))))
    found = types.WorkspaceEdit(document_changes=documents)
    if client.renames_files and changes.moves:
        annotation = FILE_ANNOTATION if client.has_change_annotations else None
        documents += [
            types.RenameFile(served.build_uri(move.path), served.build_uri(move.new_path), annotation_id=annotation)
            for move in changes.moves
        ]
        if annotation:
            found.change_annotations = {
                annotation: types.ChangeAnnotation("Rename the file", needs_confirmation=False, description="Links follow.")
            }
    return found


def edit_to_plain(edit: types.WorkspaceEdit) -> object:
    """Return an edit as it goes into a message."""
    return _get_converter().unstructure(edit, types.WorkspaceEdit)


@cache
def _get_converter() -> Converter:
    return get_converter()


def _list_edits(served: ServedNotebook, edit: FileEdit) -> Iterator[types.TextEdit]:
    document = served.notes.load_text(edit.path).document
    after = (edit.after or b"").decode()
    return (types.TextEdit(answers.to_range(one.span), one.text) for one in list_span_edits(document, after))
