"""The tools that change notes: two that only add, and four that change what is there. Each answers with its diff and the problems it has made.

A note is named exactly, and only one that is shown. The change is planned on the whole notebook, so that links in hidden notes follow, and of the
plan only what concerns notes that are shown is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Self

from zettel.adapters.catalogue import schema
from zettel.mcp.answers import BOOLEAN, STRING, JsonObject, ToolAnswer, describe_list, describe_object
from zettel.mcp.arguments import FLAG, TEXTS, ToolArgument
from zettel.mcp.shared_notebook import ALL, CAPTURE, SharedNotebook
from zettel.mcp.tool import Given, Tool
from zettel.model.base.errors import NoSuchNote, Refused, SeveralNotes, UsageError, ZettelError
from zettel.model.edit.changes import Changes, FileEdit, Plan
from zettel.model.note.note import Note
from zettel.model.text.fold import to_nfc
from zettel.model.text.ids import find_ids
from zettel.model.text.inert import is_unsafe
from zettel.model.text.phrases import format_count
from zettel.notebook.notebook import OpenNotebook
from zettel.services.append import plan_append
from zettel.services.capture import capture_note
from zettel.services.follow_links import reload_note
from zettel.services.new_problems import describe_new_problems
from zettel.services.plan_link import plan_link
from zettel.services.plan_replacement import plan_replacement
from zettel.services.plans import carry_out_plan
from zettel.services.rename import plan_rename
from zettel.services.undo import list_standing_changes, undo_last_change
from zettel.views.diff import format_patch

MAX_TITLE, MAX_TEXT, MAX_DIFF, MAX_REMARKS = 200, 100_000, 6_000, 10
"""How many characters a title, a text that is given, and a diff have at most, and how many remarks are made."""

CONTEXT = 1
"""How many lines around a change a diff has: a paragraph is often one line."""

TEXT_MARKS = "\n\r\t\u061c\u200e\u200f"
"""Characters that may be written although they are unsafe to show: line ends, tabs, and marks of the direction of a letter."""


def _capture(served: SharedNotebook, given: Given) -> ToolAnswer:
    title, body = _check_title(given["title"]), _check_text("body", given["body"])
    source = _find_note(served, given["link_from"]) if given["link_from"] else None
    session = served.writing
    tags = session.get_setting_or_default("mcp.tags")
    whole = session.open_notebook()
    whole.look_at([source.path] if source else [])
    own = [*(tags if isinstance(tags, tuple) else ()), *given["tags"]]
    with _Redaction(served) as redaction:
        note = capture_note(session, title, body, own, reload_note(whole, source) if source else None)
    _take_note(served, whole, [note.path, *([source.path] if source else [])])
    remarks = redaction.filter(note.remarks) + describe_new_problems(served.notebook, [FileEdit(note.path, None, note.data)])
    linked = [f"linked from {source.name}"] if source else []
    lines = [f"made {note.id} {note.title}", note.path, *linked, *_format_remarks(remarks)]
    return ToolAnswer("\n".join(lines), {"id": note.id, "path": note.path, "made": True, "remarks": remarks[:MAX_REMARKS]})


def _append(served: SharedNotebook, given: Given) -> ToolAnswer:
    text, heading = _check_text("text", given["text"]), given["heading"]
    if not text.strip():
        raise UsageError("there is nothing to add", "give a text")
    return _change_note(served, given, lambda notebook, note: plan_append(notebook, note, text, heading))


def _edit(served: SharedNotebook, given: Given) -> ToolAnswer:
    old, new = given["old"], _check_text("new", given["new"])
    return _change_note(served, given, lambda notebook, note: plan_replacement(notebook, note, old, new))


def _link(served: SharedNotebook, given: Given) -> ToolAnswer:
    target = _find_note(served, given["to"])
    words = given["words"]
    named = {"note": given["from"], "dry_run": False}
    return _change_note(served, named, lambda notebook, note: plan_link(notebook, note, reload_note(notebook, target), words))


def _rename(served: SharedNotebook, given: Given) -> ToolAnswer:
    title = _check_title(given["title"])
    note, is_dry_run = _find_note(served, given["note"]), bool(given["dry_run"])
    plan, shown = _carry_out(served, note, lambda notebook, note: plan_rename(notebook, note, title), is_dry_run=is_dry_run)
    return _build_answer(note, shown, plan, shown.remarks, {"title": title, "links": note.backlinks}, is_dry_run=is_dry_run)


def _undo(served: SharedNotebook, _: Given) -> ToolAnswer:
    standing = list_standing_changes(served.writing)
    served.own_changes = [name for name in served.own_changes if name in standing]  # a person may have undone some
    if not served.own_changes:
        raise Refused("this server has made no change that is still there", "only a person undoes other changes")
    name = served.own_changes[-1]
    if standing[0] != name:
        raise Refused("another change was made since the last one of this server", "only a person undoes that one")
    with _Redaction(served):
        undone = undo_last_change(served.writing, name)
    served.own_changes.pop()
    served.refresh()
    return ToolAnswer(f"undone: {undone}", {"undone": undone})


# What they have in common


def _find_note(served: SharedNotebook, name: str) -> Note:
    """Return the note that is named exactly, as its file is now. Raises `NoSuchNote` or `SeveralNotes`."""
    try:
        note = served.find_exact_note(name)
    except (NoSuchNote, SeveralNotes):
        served.refresh()
        return served.find_exact_note(name)
    return served.find_exact_note(name) if served.look_at([note.path]) else note


def _change_note(served: SharedNotebook, given: Given, build_plan: Callable[[OpenNotebook, Note], Plan]) -> ToolAnswer:
    """Change one note by a plan, and answer with the diff and the problems that the change has made."""
    note, is_dry_run = _find_note(served, given["note"]), bool(given["dry_run"])
    plan, shown = _carry_out(served, note, build_plan, is_dry_run=is_dry_run)
    remarks = [*shown.remarks, *describe_new_problems(served.notebook, shown.changes.edits)]
    if not is_dry_run and (lost := note.backlinks - _count_backlinks(served, note)) > 0:
        remarks.append(f"{lost} link{'s' * (lost != 1)} to this note no longer lead{'s' * (lost == 1)} to it")
    return _build_answer(note, shown, plan, remarks, {}, is_dry_run=is_dry_run)


def _carry_out(
    served: SharedNotebook, note: Note, build_plan: Callable[[OpenNotebook, Note], Plan], *, is_dry_run: bool
) -> tuple[Plan, Plan]:
    """Carry out a plan for a note, and return it, and what may be shown of it."""
    whole = served.writing.open_notebook()
    if is_dry_run:
        whole.refresh()
    with _Redaction(served, note) as redaction:
        plan = carry_out_plan(served.writing, lambda notebook: build_plan(notebook, reload_note(notebook, note)), dry_run=is_dry_run)
    _take_note(served, whole, [*plan.changes.paths, *(move.new_path for move in plan.changes.moves)])
    return plan, redaction.filter_plan(plan)  # after the look at the files: one of them may just have been hidden


def _take_note(served: SharedNotebook, notebook: OpenNotebook, paths: Sequence[str]) -> None:
    """Remember what was changed through a notebook, and look at the files. A catalogue that fails now is replaced: the change is made."""
    served.take_own_changes(notebook)
    try:
        served.look_at(paths)
    except schema.Error as error:
        served.replace_catalogue(error)


def _build_answer(note: Note, shown: Plan, plan: Plan, remarks: Sequence[str], facts: JsonObject, *, is_dry_run: bool) -> ToolAnswer:
    name = {"id": note.id} if note.id else {"path": note.path}
    patch, has_changes = format_patch(shown.changes, CONTEXT), bool(plan.changes)
    if len(patch) > MAX_DIFF:
        kept = patch[:MAX_DIFF].rpartition("\n")[0]
        patch = f"{kept}\n… {patch.count(chr(10)) - kept.count(chr(10))} more lines of the diff\n"
    what = "nothing to change" if not has_changes else f"would {plan.description}" if is_dry_run else f"done: {plan.description}"
    links = [f"{format_count(facts['links'], 'link')} of other notes follow{'s' * (facts['links'] == 1)}"] if facts.get("links") else []
    text = "\n".join((what, *links, *_format_remarks(remarks), *([patch.rstrip("\n")] if patch else [])))
    return ToolAnswer(
        text, {**name, **facts, "diff": patch, "remarks": [*remarks[:MAX_REMARKS]], "written": has_changes and not is_dry_run}
    )


class _Redaction:
    """Keeps what is answered about a change of `note` to notes that are shown. As a context, it replaces errors that name a hidden note by one that does not."""

    def __init__(self, served: SharedNotebook, note: Note | None = None) -> None:
        self._served, self._own_paths = served, {note.path} if note else set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, ZettelError) and self._names_hidden("\n".join((error.message, error.hint, *error.candidates))):
            raise Refused("this change cannot be made here; nothing was written", "a person can make it on the command line") from None

    def filter(self, remarks: Iterable[str]) -> list[str]:
        """Return the remarks that name no hidden note."""
        return [remark for remark in remarks if not self._names_hidden(remark)]

    def filter_plan(self, plan: Plan) -> Plan:
        """Return a plan with the edits and moves of notes that are shown, and the remarks that name no hidden note."""
        hidden = self._list_hidden()
        changes = Changes(
            tuple(edit for edit in plan.changes.edits if edit.path not in hidden),
            tuple(move for move in plan.changes.moves if move.path not in hidden),
        )
        return plan._replace(changes=changes, remarks=tuple(self.filter(plan.remarks)))

    def _names_hidden(self, text: str) -> bool:
        """Return whether a text names a hidden note. Whatever plans say of a note names its path."""
        return any(path in text for path in self._list_hidden())

    def _list_hidden(self) -> set[str]:
        whole, shown = self._served.writing.open_notebook(), self._served.notebook
        return whole.catalogue.load_paths() - shown.catalogue.load_paths() - self._own_paths


def _count_backlinks(served: SharedNotebook, note: Note) -> int:
    found = served.notebook.catalogue.find_notes_by_path([note.path])
    return found[note.path].backlinks if found else note.backlinks


def _format_remarks(remarks: Sequence[str]) -> list[str]:
    more = [f"and {len(remarks) - MAX_REMARKS} more remarks"] if len(remarks) > MAX_REMARKS else []
    return [f"remark: {remark}" for remark in remarks[:MAX_REMARKS]] + more


def _check_title(given: str) -> str:
    """Return a title on one line. Raises `UsageError` if it cannot be one."""
    title = " ".join(to_nfc(given).split())
    if not title:
        raise UsageError("a note needs a title", "give one line that says what the note claims")
    if len(title) > MAX_TITLE:
        raise UsageError(f"the title has {len(title)} characters", f"a title has at most {MAX_TITLE}; the rest belongs into the text")
    if ids := find_ids(title):
        raise UsageError(
            f"the title contains the number {ids[0]}, which would be read as an ID", "leave it out; a new note gets its own ID"
        )
    _check_text("title", title)
    return title


def _check_text(name: str, text: str) -> str:
    """Return a text that may be written into a note. Raises `UsageError` if it has characters that nobody would see."""
    if found := next((char for char in text if is_unsafe(char) and char not in TEXT_MARKS), ""):
        raise UsageError(f"{name} has the character U+{ord(found):04X}, which cannot be seen", "leave it out")
    return text


def _describe_output(**more: JsonObject) -> JsonObject:
    """Return the JSON Schema of a change of one note."""
    properties = {"id": STRING, "path": STRING, **more, "diff": STRING, "remarks": describe_list(STRING), "written": BOOLEAN}
    return describe_object(properties, ("id", "path"))


_NOTE, _DRY_RUN = ToolArgument("note"), ToolArgument("dry_run", FLAG, default=None)

TOOLS = (
    Tool(
        "capture",
        "Make a note of one thought; link_from names a note that gets a link to it.",
        (
            ToolArgument("title"),
            ToolArgument("body", most=MAX_TEXT),
            ToolArgument("tags", TEXTS, default=()),
            ToolArgument("link_from", default=""),
        ),
        _capture,
        describe_object({"id": STRING, "path": STRING, "made": BOOLEAN, "remarks": describe_list(STRING)}),
        CAPTURE,
    ),
    Tool(
        "append",
        "Add a paragraph to a note (ID, path or whole title), or to its section heading.",
        (_NOTE, ToolArgument("text", most=MAX_TEXT), ToolArgument("heading", default=""), _DRY_RUN),
        _append,
        _describe_output(),
        CAPTURE,
    ),
    Tool(
        "link",
        "Link one note to another: at words that stand once in it, else where it names the other, else at its end.",
        (ToolArgument("from"), ToolArgument("to"), ToolArgument("words", default="")),
        _link,
        _describe_output(),
        ALL,
        is_idempotent=True,
    ),
    Tool(
        "edit",
        "Replace old, which occurs exactly once, by new.",
        (_NOTE, ToolArgument("old", most=MAX_TEXT), ToolArgument("new", most=MAX_TEXT), _DRY_RUN),
        _edit,
        _describe_output(),
        ALL,
        is_destructive=True,
    ),
    Tool(
        "rename",
        "Give a note another title; all links follow.",
        (_NOTE, ToolArgument("title"), _DRY_RUN),
        _rename,
        _describe_output(title=STRING, links={"type": "integer"}),
        ALL,
        is_destructive=True,
    ),
    Tool("undo", "Undo the last change made here.", (), _undo, describe_object({"undone": STRING}), ALL, is_destructive=True),
)
"""The tools that write, in the order in which they are listed."""
