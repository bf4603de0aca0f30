"""Rename notes, headings and tags as edits that the client makes, so that it can undo them."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from lsprotocol import types

from zettel.lsp import answers
from zettel.lsp.client import Client
from zettel.lsp.served_notebooks import ServedNotebook, ServedNotebooks, find_file
from zettel.lsp.workspace_edits import build_workspace_edit
from zettel.model.base.errors import Refused
from zettel.model.base.progress import Progress, ProgressStep
from zettel.model.edit.changes import Changes
from zettel.model.text.fold import is_note_name
from zettel.model.text.shell_argument import quote_path
from zettel.services.editor.rename_at_place import find_renamable, plan_rename_at_place
from zettel.services.move import plan_links_of_moves

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
        if found[0].is_notebook:
            found[0].get_notebook()
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
        if self._client.renames_files:
            served.expect_moves({move.path: move.new_path for move in plan.changes.moves})
        elif plan.changes.moves:
            self._tell("the file keeps its name, which breaks no link by ID; zettel rename gives it the new one")
        return build_workspace_edit(self._client, served, plan.changes)

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
        file = find_file(uri)
        return served.find_path(file) if file else None

    def _follow_moves(self, served: ServedNotebook, pairs: list[tuple[str, str]]) -> types.WorkspaceEdit | None:
        notebook = served.notes.notebook
        if notebook is None:
            self._tell("links do not follow: the notes of this notebook are still being read; undo the move, and move again in a moment")
            return None
        known = notebook.catalogue.load_paths()
        moves = {path: new + path[len(old) :] for old, new in pairs for path in known if path == old or path.startswith(f"{old}/")}
        notes = notebook.catalogue.find_notes_by_path(sorted(path for path, new in moves.items() if is_note_name(new)))
        try:
            edits = plan_links_of_moves(notebook, [(note, moves[path]) for path, note in notes.items()], _Deadline()) if notes else ()
        except (_TooLong, Refused) as error:
            reason = f" ({error.message})" if isinstance(error, Refused) else ""
            self._tell(f"links do not follow{reason}: undo the move, then type zettel move {quote_path(pairs[0][0])} FOLDER")
            return None
        return build_workspace_edit(self._client, served, Changes(edits)) if edits else None
