"""Carry out the commands that a client may call: make, find and change notes, and answer questions about several of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import SystemRandom
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from lsprotocol import types
from pygls.uris import from_fs_path

from zettel.lsp import answers
from zettel.lsp.actions import APPLY, EXTRACT_COMMAND, NEW, ActionHandlers, read_selection
from zettel.lsp.client import Client
from zettel.lsp.command_arguments import CommandArguments
from zettel.lsp.served_notebooks import ServedNotebook, ServedNotebooks, find_file
from zettel.lsp.workspace_edits import build_workspace_edit, edit_to_plain
from zettel.model.base.errors import NoNotebook, NoSuchNote, Refused, UsageError, ZettelError
from zettel.model.edit.changes import Changes, Plan
from zettel.model.note.note import Note, note_to_record
from zettel.model.note.typing_place import find_typing_place
from zettel.model.search.filter import Filter
from zettel.model.text.dates import parse_moment
from zettel.model.text.fold import is_note_name, split_path, strip_suffix, to_nfc
from zettel.model.text.ids import is_id
from zettel.model.text.inert import escape_unsafe
from zettel.model.text.phrases import join_names
from zettel.services.append import plan_append
from zettel.services.daily_note import build_draft, choose_place, find_daily_note, plan_daily_note
from zettel.services.editor.link_new_note import plan_link
from zettel.services.editor.note_actions import plan_extraction
from zettel.services.editor.saved_changes import carry_out_saved, undo_saved
from zettel.services.filters import FilterOptions, build_filter
from zettel.services.follow_links import reload_note
from zettel.services.move import plan_move
from zettel.services.new_note import capture_note
from zettel.services.new_note_folder import resolve_folder
from zettel.services.rename import plan_rename
from zettel.services.undo import undo_own_changes
from zettel.session import Session

if TYPE_CHECKING:
    from zettel.services.editor.editor_views import EditorView

SCHEME = "zettel:"
"""The scheme of documents that are not files."""

MAX_ROWS = 1000
"""How many notes a list has at most, unless a limit is given."""

MAX_VIEWS = 20
"""How many answers that are documents are kept for the client to read."""

FILTERS = ("tag", "linked_by", "links_to", "created_after", "created_before", "folder", "sort", "limit")

Ask = Callable[[str, dict[str, Any], Callable[[Any], None] | None, Callable[[], None] | None], object]
"""Sends a request to the client. The first function is called with the result, the second if an error comes."""


class Command(NamedTuple):
    """A command: what it takes, what carries it out, and whether it changes notes, so that it is never done twice."""

    takes: tuple[str, ...]
    run: Callable[[CommandHandlers, CommandArguments], object]
    writes: bool = False


class CommandHandlers:
    """The handlers of commands. `tell` shows a line to the person, and `ask` sends a request to the client."""

    def __init__(self, client: Client, all_served: ServedNotebooks, actions: ActionHandlers, tell: Callable[[str], None], ask: Ask) -> None:
        self._client, self._all_served, self._actions = client, all_served, actions
        self._tell, self._ask = tell, ask
        self._views: dict[str, str] = {}
        self._view_count = 0

    def find_command(self, name: str) -> Command:
        """Return a command. Raises `UsageError` if there is none of this name."""
        if name not in COMMANDS:
            raise UsageError(f"there is no command {escape_unsafe(name)[:60]}", f"commands are {', '.join(COMMANDS)}")
        return COMMANDS[name]

    def execute(self, params: types.ExecuteCommandParams) -> object:
        """Carry out a command, and return its answer."""
        command = self.find_command(params.command)
        return command.run(self, CommandArguments(params.command, params.arguments, command.takes))

    def read_content(self, params: types.TextDocumentContentParams) -> types.TextDocumentContentResult:
        """Return the text of a document that is not a file."""
        if params.uri not in self._views:
            raise Refused("this answer is not there any more", "ask again")
        return types.TextDocumentContentResult(self._views[params.uri])

    # What a command is about

    def _find_served(self, arguments: CommandArguments) -> tuple[ServedNotebook, Session, str]:
        """Return the notebook of the document that is named, else of the last active one, with the path of that document, empty if there is none."""
        for uri in (arguments.read_text("uri"), self._all_served.active):
            found = self._all_served.find(uri)
            if found and found[0].session:
                found[0].get_notebook()
                return found[0], found[0].session, found[1]
        for served in self._all_served.notebooks.values():
            if served.session:
                served.get_notebook()
                return served, served.session, ""
        raise NoNotebook("no notebook is open", "open a note, or make a folder a notebook: zettel init")

    def _resolve_note(self, served: ServedNotebook, session: Session, name: str, path: str) -> Note:
        """Return the note that is named, by its URI too; the one at `path` if none is. Raises `NoSuchNote` and `SeveralNotes`."""
        notebook = session.open_notebook()
        if not name:
            note = served.notes.find_note(path) if path else None
            if note is None:
                raise NoSuchNote("no note is named, and none is open", 'name one as "note"')
            return note
        if name.startswith("file:"):
            file = find_file(name)
            own = served.find_path(file) if file else None
            note = served.notes.find_note(own) if own else None
            if note is None:
                raise NoSuchNote(f"{escape_unsafe(name)[:200]} is not a note of this notebook", "name it by its ID or title")
            return note
        return notebook.resolve_note(name, session.cwd)

    def _build_row(self, served: ServedNotebook, note: Note) -> dict[str, object]:
        return {**note_to_record(note), "uri": served.build_uri(note.path)}

    # New notes

    def make_note(self, arguments: CommandArguments) -> object:
        """Make a note, open it, and write a link to it where one is wanted."""
        served, session, path = self._find_served(arguments)
        location = arguments.read_location("link")
        source = self._find_link_source(arguments, location) if location else None
        if source:
            served, session, path = source[0], source[0].session or session, source[1]
        title, body = to_nfc(arguments.read_line("title")), arguments.read_text("body").replace("\r\n", "\n").strip("\n")
        note_id, template = arguments.read_line("id"), arguments.get("template")
        if note_id and not is_id(note_id):
            raise UsageError(f'"{note_id[:40]}" is not an ID', "an ID has exactly 12 or 14 digits")
        if not title.isprintable():
            raise UsageError("the title contains a character that cannot be shown", "type it again")
        tags = arguments.read_texts("tags")
        named = None if template is None else arguments.read_line("template")
        new = capture_note(
            session,
            title,
            body=body and f"{body}\n",
            tags=tags,
            template=named,
            fixed_id=note_id,
            current_folder=split_path(path)[0],
        )
        for remark in new.remarks:
            self._tell(remark)
        notebook = session.open_notebook()
        notebook.look_at([new.path])
        uri = served.build_uri(new.path)
        line, column = find_typing_place(new.data.decode("utf-8", "replace"))
        typing_place = types.Position(line - 1, column - 1)
        note = served.notes.find_note(new.path)
        changes = Changes()
        if source and location and note:
            try:
                changes = plan_link(served.notes, source[1], answers.to_span(location[1]), note)
            except ZettelError as error:
                self._tell(f"{error.message}; {error.hint}")

        def go_on_without_link() -> None:
            self._tell(f"the editor did not take the edit, so nothing links to {new.path} yet")
            self._show(uri, typing_place)

        self._apply(served, changes, "Link to the new note", lambda: self._show(uri, typing_place), go_on_without_link)
        return {"id": new.id, "path": new.path, "uri": uri}

    def _find_link_source(self, arguments: CommandArguments, location: tuple[str, types.Range]) -> tuple[ServedNotebook, str]:
        """Return the document that is to get a link. Its version is that of the arguments, if they have one."""
        version = arguments.get("version")
        if version is not None:
            return self._actions.find_document({"uri": location[0], "version": version})
        found = self._all_served.find(location[0])
        if not found or not found[0].session:
            raise Refused("the document that is to get the link is not open in a notebook", "open it, then try again")
        return found

    def extract(self, arguments: CommandArguments) -> object:
        """Move a part of a document into a new note, which is made first. If the client then refuses the edit, the note is taken back."""
        if not self._client.applies_edits:
            raise Refused("this editor lets no server change its text", "type: zettel extract NOTE LINES TITLE")
        data = {"uri": arguments.read_text("uri") or self._all_served.active, "version": arguments.get("version")}
        if data["version"] is None:
            found = self._all_served.find(str(data["uri"]))
            data["version"] = found[0].document_versions.get(found[1]) if found else None
        served, path = self._actions.find_document(data)
        notebook = served.get_notebook()
        assert served.session
        span, title = read_selection(arguments.read_range()), to_nfc(arguments.read_line("title"))
        with notebook.lock():
            notebook.refresh()
            plan = plan_extraction(served.session, served.notes, path, span, title)
            created = [edit for edit in plan.changes.edits if edit.before is None]
            name = strip_suffix(split_path(created[0].path)[1])
            notebook.carry_out(Changes(tuple(created)), f'new "{name}", extracted in an editor')
        entry = notebook.own_changes[-1]
        notebook.look_at([edit.path for edit in created])
        for remark in plan.remarks:
            self._tell(remark)
        session = served.session

        def take_back() -> None:
            try:
                undo_own_changes(session, [entry])
                self._tell("the editor did not take the edit, so no note was made")
            except ZettelError as error:
                self._tell(f"the editor did not take the edit, but the new note stays: {error.message}")

        uris = [served.build_uri(edit.path) for edit in created]
        self._apply(served, plan.changes, "Extract into a new note", lambda: None, take_back)
        return {"path": created[0].path, "uri": uris[0]}

    def make_daily_note(self, arguments: CommandArguments) -> object:
        """Open the daily note, which is made if it is not there."""
        served, session, _ = self._find_served(arguments)
        now = session.now()
        day = arguments.read_line("date")
        when = parse_moment(day, now) if day else now
        folder, pattern = choose_place(session, None)
        draft = build_draft(session, when, folder)
        plan = carry_out_saved(session, served.notes, lambda notebook: plan_daily_note(session, notebook, when, draft, pattern, ""))
        note = find_daily_note(session, session.open_notebook(), when, draft, pattern)
        if note is None:
            raise Refused("the daily note is not found where it was made", "look at: zettel check")
        uri = served.build_uri(note.path)
        self._show(uri)
        return {"id": note.id, "path": note.path, "uri": uri, "made": bool(plan.changes)}

    # Changes of saved notes

    def append(self, arguments: CommandArguments) -> object:
        """Append a paragraph to a note."""
        served, session, path = self._find_served(arguments)
        note = self._resolve_note(served, session, arguments.read_line("note"), path)
        text = arguments.read_text("text")
        if not text.strip():
            raise UsageError("there is nothing to add", 'give it as "text"')
        plan = carry_out_saved(session, served.notes, lambda notebook: plan_append(notebook, _reload(served, note), text))
        self._mention_open_notes(served, plan.changes)
        return self._build_row(served, note)

    def rename(self, arguments: CommandArguments) -> object:
        """Give a note another title, in all notes as they are saved."""
        served, session, path = self._find_served(arguments)
        note = self._resolve_note(served, session, arguments.require_line("note"), path)
        title = to_nfc(arguments.require_line("title"))
        plan = carry_out_saved(session, served.notes, lambda notebook: plan_rename(notebook, _reload(served, note), title))
        return self._report(served, plan)

    def move(self, arguments: CommandArguments) -> object:
        """Move a note into another folder, or to a path of its own."""
        served, session, path = self._find_served(arguments)
        note = self._resolve_note(served, session, arguments.require_line("note"), path)
        given = arguments.require_line("folder")
        folder, name = split_path(given) if is_note_name(given) else (given, split_path(note.path)[1])
        inside = "" if folder in ("", ".", "/") else resolve_folder(session, folder)
        target = "/".join(part for part in (inside, name) if part)
        plan = carry_out_saved(session, served.notes, lambda notebook: plan_move(notebook, _reload(served, note), to_nfc(target)))
        return self._report(served, plan)

    def undo(self, arguments: CommandArguments) -> object:
        """Undo the last change in the journal."""
        served, session, _ = self._find_served(arguments)
        done, changes = undo_saved(session, served.notes)
        self._tell(f"undone: {done}" if done else "there is nothing to undo")
        self._mention_open_notes(served, changes)
        return {"undone": done or None}

    def index(self, arguments: CommandArguments) -> object:
        """Bring the catalogue and the full-text index up to date."""
        _, session, _ = self._find_served(arguments)
        notebook = session.open_notebook()
        progress = session.console.choose_progress()
        read = notebook.refresh(progress)
        notebook.query_fulltext(lambda index: index.reader.note_count, progress)
        return {"read": read, "counts": notebook.catalogue.count_totals()}

    def _report(self, served: ServedNotebook, plan: Plan) -> object:
        for line in (*plan.messages, *plan.remarks):
            self._tell(line)
        self._mention_open_notes(served, plan.changes)
        return {**(plan.facts or {}), "messages": list(plan.messages), "remarks": list(plan.remarks)}

    def _mention_open_notes(self, served: ServedNotebook, changes: Changes) -> None:
        """Say which open notes have another name or text on disk now, because some editors do not notice. A note that has moved is shown."""
        moved = {move.path: move.new_path for move in changes.moves if move.path in served.notes.texts}
        changed = [path for path in changes.paths if path in served.notes.texts and path not in moved]
        for path, new_path in moved.items():
            self._tell(f"{path} is open under its old name: close it, because to save it would make a second note")
            self._show(served.build_uri(new_path))
        if changed:
            self._tell(f"{join_names(changed)} changed on disk; read {'it' if len(changed) == 1 else 'them'} again if your editor has not")

    # Questions

    def choose_random(self, arguments: CommandArguments) -> object:
        """Open any note."""
        served, session, _ = self._find_served(arguments)
        paths = session.open_notebook().catalogue.list_paths(Filter())
        note = served.notes.find_note(SystemRandom().choice(paths)) if paths else None
        if note is None:
            return None
        self._show(served.build_uri(note.path))
        return self._build_row(served, note)

    def search(self, arguments: CommandArguments) -> object:
        """Return the notes that match a query, best first."""
        from zettel.services.search import search_notes
        from zettel.views.search import SnippetChooser, build_search_row

        served, session, _ = self._find_served(arguments)
        limit = arguments.read_number("limit") or int(str(session.get_setting_or_default("search.limit")))
        result = search_notes(session, arguments.require_line("query"), limit=limit)
        catalogue = session.open_notebook().catalogue
        hits = result.hits_by_path
        sources = catalogue.find_notes_by_path(hit.citation.source for hit in result.hits if hit.citation)
        chooser = SnippetChooser(result)
        rows = [
            {**build_search_row(hits[path], note, chooser.choose(hits[path], note)[0], sources), "uri": served.build_uri(path)}
            for path, note in catalogue.find_notes_by_path(hits).items()
        ]
        return {"results": rows, "total": result.total, "remarks": list(result.remarks)}

    def list_notes(self, arguments: CommandArguments) -> object:
        """Return the notes that meet conditions, newest first unless they are to be sorted otherwise."""
        served, session, _ = self._find_served(arguments)
        options = FilterOptions(
            tag=arguments.read_texts("tag"),
            linked_by=arguments.read_texts("linked_by"),
            links_to=arguments.read_texts("links_to"),
            created_after=arguments.read_line("created_after") or None,
            created_before=arguments.read_line("created_before") or None,
            folder=arguments.read_line("folder") or None,
            sort=arguments.read_line("sort") or None,
            limit=arguments.read_number("limit") or MAX_ROWS,
        )
        if any(name.strip() in ("-", "@") for name in (*options.linked_by, *options.links_to)):
            raise UsageError("a note is missing", "name it by its ID or title")
        wanted = build_filter(session, options, default_sort="created-")
        return {"notes": [self._build_row(served, note) for note in session.open_notebook().catalogue.list_notes(wanted)]}

    def view_path(self, arguments: CommandArguments) -> object:
        """Open the best path between two topics as a document."""
        from zettel.services.editor.editor_views import view_path

        served, session, _ = self._find_served(arguments)
        view = view_path(session, arguments.require_line("from"), arguments.require_line("to"), served.build_uri)
        return self._show_view(served, session, view, "paths")

    def view_gap(self, arguments: CommandArguments) -> object:
        """Open the gap between two topics as a document."""
        from zettel.services.editor.editor_views import view_gap

        served, session, _ = self._find_served(arguments)
        view = view_gap(session, arguments.require_line("from"), arguments.require_line("to"), served.build_uri)
        return self._show_view(served, session, view, "notes")

    def view_suggestions(self, arguments: CommandArguments) -> object:
        """Open the links that a note lacks as a document."""
        from zettel.services.editor.editor_views import view_suggestions

        served, session, path = self._find_served(arguments)
        note = self._resolve_note(served, session, arguments.read_line("note"), path)
        return self._show_view(served, session, view_suggestions(session, note, served.build_uri), "suggestions")

    # What the client does

    def apply_action(self, arguments: CommandArguments) -> object:
        """Make the edit of an action, for a client that knows only commands."""
        data = {name: arguments.get(name) for name in ("uri", "version", "range", "kind", "title", "number")}
        edit = self._actions.build_edit(data)
        self._ask(types.WORKSPACE_APPLY_EDIT, {"edit": edit_to_plain(edit)}, None, None)
        return None

    def _apply(
        self,
        served: ServedNotebook,
        changes: Changes,
        label: str,
        then: Callable[[], None],
        otherwise: Callable[[], None],
    ) -> None:
        """Have the client make an edit, if there is one, and go on when it has: with `otherwise` if it has not."""
        if not any(edit.before is not None for edit in changes.edits):
            then()
            return
        if not self._client.applies_edits:
            otherwise()
            return
        edit = build_workspace_edit(self._client, served, changes)

        def take(answer: Any) -> None:
            is_applied = isinstance(answer, dict) and answer.get("applied") is True
            (then if is_applied else otherwise)()

        self._ask(types.WORKSPACE_APPLY_EDIT, {"label": label, "edit": edit_to_plain(edit)}, take, otherwise)

    def _show(self, uri: str, place: types.Position | None = None) -> None:
        if self._client.shows_documents:
            params: dict[str, Any] = {"uri": uri, "takeFocus": True}
            if place:
                cursor = {"line": place.line, "character": place.character}
                params["selection"] = {"start": cursor, "end": cursor}
            self._ask(types.WINDOW_SHOW_DOCUMENT, params, None, None)

    def _show_view(self, served: ServedNotebook, session: Session, view: EditorView, name: str) -> object:
        """Open a document that is not a note: by its own scheme if the client asks for such texts, else as a file in the cache."""
        uri = ""
        if self._client.reads_content:
            self._view_count += 1
            uri = f"{SCHEME}{self._view_count}/{quote(view.title.replace('/', ' '))}.md"
            self._views[uri] = view.text
            for old in list(self._views)[:-MAX_VIEWS]:
                del self._views[old]
        elif self._client.shows_documents:
            from zettel.services.editor.editor_views import write_view

            uri = from_fs_path(write_view(session, session.open_notebook(), view)) or ""
        if uri:
            self._show(uri)
        else:
            self._tell(view.title)
        return {"title": view.title, "text": view.text, "uri": uri or None, name: list(view.rows)}


COMMANDS: Mapping[str, Command] = {
    NEW: Command(("title", "body", "tags", "template", "id", "link"), CommandHandlers.make_note, writes=True),
    EXTRACT_COMMAND: Command(("range", "title"), CommandHandlers.extract, writes=True),
    "zettel.daily": Command(("date",), CommandHandlers.make_daily_note, writes=True),
    "zettel.append": Command(("note", "text"), CommandHandlers.append, writes=True),
    "zettel.rename": Command(("note", "title"), CommandHandlers.rename, writes=True),
    "zettel.move": Command(("note", "folder"), CommandHandlers.move, writes=True),
    "zettel.undo": Command((), CommandHandlers.undo, writes=True),
    "zettel.index": Command((), CommandHandlers.index),
    "zettel.random": Command((), CommandHandlers.choose_random),
    "zettel.search": Command(("query", "limit"), CommandHandlers.search),
    "zettel.list": Command(FILTERS, CommandHandlers.list_notes),
    "zettel.path": Command(("from", "to"), CommandHandlers.view_path),
    "zettel.gap": Command(("from", "to"), CommandHandlers.view_gap),
    "zettel.suggest": Command(("note",), CommandHandlers.view_suggestions),
    APPLY: Command(("range", "kind", "title", "number"), CommandHandlers.apply_action),
}
"""Every command by its name."""


def _reload(served: ServedNotebook, note: Note) -> Note:
    """Return a note as it is saved. Raises `Refused` if it is gone."""
    return reload_note(served.get_notebook(), note)
