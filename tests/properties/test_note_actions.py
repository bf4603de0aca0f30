"""Test that every edit that is offered in an open note does what it says and leaves all other links as they were, whatever a notebook holds."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.conftest import STARTER
from tests.properties.test_repair_link import LINKS, MARKS, NOTEBOOKS, PATHS, WORDS, open_notebook
from tests.sampling import sample
from zettel.model.edit.changes import FileEdit
from zettel.model.editor.editor_text import EditorText, TextPlace, TextSpan
from zettel.model.link.link import OK
from zettel.services.editor.complete import Completer
from zettel.services.editor.note_actions import EXTRACT, FIX_ALL, QUICK_FIX, REWRITE, SUGGEST, ActionFinder, NoteAction, plan_extraction
from zettel.services.editor.note_fixes import check_among_near
from zettel.services.editor.open_notes import OpenNotes
from zettel.session import Session

MENTIONS = [
    "Make the hard decisions",
    "Delegate the result",
    "知識管理",
    "[[Delegate the result]]",
    "[[202104291526]] Make the hard decisions",
]
OPEN_TEXTS = st.lists(st.sampled_from([*LINKS, *MENTIONS, *MARKS, *MARKS, *WORDS]), max_size=12).map("".join)
OPEN = PATHS[4]

Facts = tuple[list[tuple[str, str, str | None, tuple[str, ...]]], list[tuple[str, str]]]


def read_facts(session: Session, notes: OpenNotes, text: str) -> Facts:
    """Return the links of an open note with what they resolve to, and its problems by code and message."""
    notes.open(OPEN, EditorText(text))
    links = [(one.link.text, one.resolution.status, one.resolution.target, one.resolution.candidates) for one in notes.list_links(OPEN)]
    found = [(one.finding.check.code, one.finding.problem.message) for one in check_among_near(session, notes, OPEN)]
    return links, found


def check_action(action: NoteAction, edit: FileEdit, before: Facts, after: Facts) -> None:
    """Check the edit of an action by what is true of the note before and after it."""
    (old_links, old_found), (links, found) = before, after
    old, new = [link[1:] for link in old_links], [link[1:] for link in links]
    if action.kind == QUICK_FIX:
        assert action.finding
        problem = (action.finding.finding.check.code, action.finding.finding.problem.message)
        assert found.count(problem) < old_found.count(problem), (action.title, edit)
    if action.title == "Take the link out":
        assert any(old[:at] + old[at + 1 :] == new for at in range(len(old))), (action.title, edit)
    elif action.title.startswith("Write this link as"):
        assert old == new, (action.title, edit)
    elif action.kind == REWRITE:
        added = len(new) - len(old)
        assert 1 <= added
        assert [link for link in new if link[0] == OK and link not in old] or added
        rest = iter(new)
        assert all(link in rest for link in old), (action.title, edit)
    elif len(old) == len(new):
        changed = [(one, other) for one, other in zip(old, new, strict=True) if one != other]
        assert not changed or action.kind == FIX_ALL or len(changed) <= sum(one == changed[0][0] for one in old), (action.title, edit)
        assert all(other[0] == OK for _, other in changed), (action.title, edit)


@settings(max_examples=40, deadline=None)
@given(NOTEBOOKS, OPEN_TEXTS)
@example(dict.fromkeys(PATHS, b"# Words\n"), "\n\n".join(["Words.", *LINKS, *MENTIONS]))
@example(dict.fromkeys(PATHS, b"# Words\n"), "\r\n".join(["# name", *(f"- {link}" for link in (*MENTIONS, *LINKS))]))
def test_edits_do_what_they_say(files: dict[str, bytes], unsaved: str) -> None:
    """A fix solves its problem, a link in another style leads where it led, a mention becomes a link, and every other link stays as it is."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "notes"
        for path, data in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        session, notebook = open_notebook(folder)
        notes = OpenNotes(notebook, "utf-16")
        before = read_facts(session, notes, unsaved)
        text = notes.texts[OPEN]
        finder = ActionFinder(session, notes, Completer(notes).choose_manners)
        places = [text.document.find_place(one.link.start) for one in notes.list_links(OPEN)]
        selections = [text.document.find_span(0, len(text.data)), *(TextSpan(place, place) for place in places)]
        actions = {
            (action.title, action.finding.span.start if action.finding else selection.start): action
            for selection in selections
            for action in finder.list_actions(OPEN, selection, lambda kind: kind in (QUICK_FIX, REWRITE, FIX_ALL), is_asked=True)
        }
        for action in actions.values():
            if action.plan is None:
                continue
            for edit in action.plan().edits:
                if edit.path == OPEN:
                    assert text.data == edit.before
                    assert edit.after is not None
                    check_action(action, edit, before, read_facts(session, notes, edit.after.decode()))
                    read_facts(session, notes, unsaved)


@settings(max_examples=25, deadline=None)
@given(OPEN_TEXTS, st.data())
def test_extraction_keeps_every_word_and_link(unsaved: str, data: st.DataObject) -> None:
    """Lines that move into a new note are all there, and no link of either note leads elsewhere than before."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "notes"
        for path in PATHS:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text("# Words\n")
        session, notebook = open_notebook(folder)
        notes = OpenNotes(notebook, "utf-16")
        targets = [link[2] for link in read_facts(session, notes, unsaved)[0] if link[2]]
        document = notes.texts[OPEN].document
        first = data.draw(st.integers(0, len(document.lines)))
        last = data.draw(st.integers(first, len(document.lines)))
        selection = TextSpan(document.find_place(document.find_line_start(first)), document.find_place(document.find_line_start(last)))
        finder = ActionFinder(session, notes, Completer(notes).choose_manners)
        for action in finder.list_actions(OPEN, selection, lambda kind: kind == EXTRACT, is_asked=True):
            if action.extracted:
                try:
                    plan = plan_extraction(session, notes, OPEN, action.extracted)
                except Exception as error:  # noqa: BLE001 - compared below
                    assert "Refused" == type(error).__name__
                    continue
                edits = {edit.path: edit for edit in plan.changes.edits}
                (created,) = (edit for edit in edits.values() if edit.before is None)
                assert created.after is not None
                new = notebook.parse_note(created.path, created.after)
                rest = notebook.parse_note(OPEN, edits[OPEN].after or b"")
                left = [notebook.resolve_link(link) for link in (*rest.links, *new.links)]
                assert sorted(targets) == sorted(target for target in left if target)


def test_suggested_links_are_written_as_they_say(tmp_path: Path) -> None:
    """Each suggestion for a note writes exactly one link, between the two notes, and every other link stays as it is."""
    folder = tmp_path / "notes"
    shutil.copytree(STARTER, folder)
    session, notebook = open_notebook(folder)
    notes = OpenNotes(notebook, "utf-16")
    finder = ActionFinder(session, notes, Completer(notes).choose_manners)
    for path in sample(sorted(notebook.catalogue.load_paths()), 8, "suggested links"):
        notes.open(path, EditorText((folder / path).read_text(encoding="utf-8") + "\nUnsaved words.\n"))
        start = TextPlace(0, 0)
        for action in finder.list_actions(path, TextSpan(start, start), lambda kind: kind == SUGGEST, is_asked=True):
            assert action.plan
            (edit,) = action.plan().edits
            old, new = (
                [(link.text, notebook.resolve_link(link)) for link in notebook.parse_note(edit.path, data or b"").links]
                for data in (edit.before, edit.after)
            )
            (added,) = (Counter(new) - Counter(old)).elements()
            assert not Counter(old) - Counter(new)
            assert added[1] != edit.path
            assert path in (edit.path, added[1])
        notes.close(path)
