"""Walk through suggested links on a terminal: show each and act on single keys."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from zettel.adapters.keyboard import Keyboard
from zettel.interactive.keys import APPLY, DISMISS, EDIT, QUIT, SHOW, SKIP, SUGGEST_KEYS, UNDO
from zettel.interactive.prompt import UNDO_REMARK, KeyAction, describe_error, open_note, prompt_action, show_notes
from zettel.model.base.answer import Answer, Branch, Document
from zettel.model.base.errors import Refused, UsageError
from zettel.model.note.note import Note
from zettel.model.suggest.score import Suggestion
from zettel.services import insert_links
from zettel.services.suggest import MAX_EACH, WALK_LIMIT, dismiss_pair, suggest_for_least_linked, suggest_link_between, suggest_links
from zettel.services.undo import undo_own_changes
from zettel.session import Session
from zettel.views.notes import format_note
from zettel.views.suggestions import build_suggestion_branch


def walk_suggestions(session: Session, start: Note | None, limit: int | None) -> Answer:
    """Show one suggestion after another, at most `limit`, and act on the keys pressed. Return a summary of what was done."""
    if not session.console.is_interactive:
        raise UsageError("--walk needs a terminal", "without one: zettel suggest NOTE, then --apply NUMBER, or --all --yes")
    most = WALK_LIMIT if start else MAX_EACH
    notes = iter([(start, suggest_links(session, start, most))]) if start else suggest_for_least_linked(session, most)
    with Keyboard() as keyboard:
        walked = SuggestWalk(session, keyboard, limit)
        walked.walk(notes, most)
    inserted, dismissed, skipped = map(walked.count_answers, (APPLY.key, DISMISS.key, SKIP.key))
    facts = {"put": inserted, "dismissed": dismissed, "skipped": skipped}
    text = f"{inserted} inserted, {dismissed} dismissed, {skipped} skipped\n"
    return Document(facts=facts, text=text, remarks=(UNDO_REMARK,) if session.open_notebook().own_changes else ())


class _ShownSuggestion(NamedTuple):
    """A suggestion for a note, its position in the list, e.g. "2 of 5", and which state of the notebook it is for."""

    note: Note
    suggestion: Suggestion
    position: str
    state: int


class _GivenAnswer(NamedTuple):
    """The key that answered a suggestion, and the journal's names of what it changed."""

    key: str
    changes: tuple[str, ...]


class SuggestWalk:
    """A walk in progress: the answers that were given, the pairs shown so far, and how many may still be shown."""

    def __init__(self, session: Session, keyboard: Keyboard, limit: int | None = None) -> None:
        self._session, self._keyboard = session, keyboard
        self._seen: set[frozenset[str]] = set()
        self._answers: list[_GivenAnswer] = []
        self._left = limit or sys.maxsize
        self._state = 0  # counts the changes of notes, each of which may move insertion points

    def count_answers(self, key: str) -> int:
        """Count the suggestions that were answered with a key."""
        return sum(answer.key == key for answer in self._answers)

    def walk(self, notes: Iterable[tuple[Note, list[Suggestion]]], limit: int) -> None:
        """Walk through the suggestions for notes, at most `limit` for each, until the user quits or the limit is reached."""
        following = self._list_unseen(notes, limit)
        shown: list[_ShownSuggestion] = []
        while True:
            at = len(self._answers)  # each suggestion before it has one answer
            if at == len(shown):
                new = next(following, None)
                if not new:
                    return
                shown.append(new)
            current = self._update(shown[at])
            if not current:
                del shown[at]
                continue
            shown[at] = current
            if self._prompt_suggestion(current) == QUIT.key:
                return

    def _list_unseen(self, notes: Iterable[tuple[Note, list[Suggestion]]], limit: int) -> Iterator[_ShownSuggestion]:
        """Yield the suggestions for notes that were not shown yet. They are computed again after a note was written."""
        for note, first in notes:
            found, state, shown = first, self._state, 0
            while self._left:
                if state != self._state:
                    state = self._state
                    fresh = self._session.open_notebook().catalogue.find_notes_by_path([note.path]).get(note.path)
                    found = suggest_links(self._session, fresh, limit) if fresh else []
                found = [suggestion for suggestion in found if frozenset((note.path, suggestion.note.path)) not in self._seen][: self._left]
                if not found:
                    break
                self._seen.add(frozenset((note.path, found[0].note.path)))
                self._left -= 1
                shown += 1
                yield _ShownSuggestion(note, found[0], f"{shown} of {shown + len(found) - 1}", state)

    def _update(self, shown: _ShownSuggestion) -> _ShownSuggestion | None:
        """Return a suggestion as it is for the notes in their present form, or None if it is not suggested any more."""
        if shown.state == self._state:
            return shown
        paths = (shown.note.path, shown.suggestion.note.path)
        found = self._session.open_notebook().catalogue.find_notes_by_path(list(paths))
        note, other = map(found.get, paths)
        suggestion = suggest_link_between(self._session, note, other) if note and other else None
        return _ShownSuggestion(note, suggestion, shown.position, self._state) if note and suggestion else None

    def _prompt_suggestion(self, shown: _ShownSuggestion) -> str:
        """Show a suggestion and act on keys until it is dealt with. Return the key that did."""
        session, note, suggestion = self._session, shown.note, shown.suggestion

        def apply() -> str:
            try:
                return self._answer(APPLY.key, lambda: insert_links.insert_suggestion(session.open_notebook(), note, suggestion))
            except Refused as error:  # one of the notes has changed, so it is shown again as it is now
                self._reread()
                return describe_error(error)

        def dismiss() -> str:
            return self._answer(DISMISS.key, lambda: dismiss_pair(session, note, suggestion.note))

        def edit() -> str:
            point = suggestion.insertion_point
            open_note(session, self._keyboard, point.source, point.line)
            self._reread()
            return f"opened {point.source}"

        actions: dict[str, KeyAction] = {
            APPLY.key: apply,
            DISMISS.key: dismiss,
            SKIP.key: lambda: self._answer(SKIP.key, lambda: "skipped"),
            SHOW.key: lambda: show_notes(session, self._keyboard, note, suggestion.note),
            EDIT.key: edit,
        }
        if self._answers:
            actions[UNDO.key] = self._undo_answer
        branches = (Branch(format_note(note), (build_suggestion_branch(note, suggestion),)),)
        return prompt_action(session.console, self._keyboard, branches, shown.position, SUGGEST_KEYS, actions)

    def _answer(self, key: str, act: KeyAction) -> str:
        """Do what a key says, and remember it as the answer with what it has changed. Return its message."""
        notebook = self._session.open_notebook()
        before = len(notebook.own_changes)
        message = act()
        self._answers.append(_GivenAnswer(key, tuple(notebook.own_changes[before:])))
        if key == APPLY.key:
            self._reread()
        return message

    def _undo_answer(self) -> str:
        """Take the last answer back, so that its suggestion is shown again."""
        answer = self._answers[-1]
        if answer.changes:
            undo_own_changes(self._session, answer.changes)
            self._reread()
        self._answers.pop()
        return "taken back"

    def _reread(self) -> None:
        self._session.open_notebook().refresh()
        self._state += 1
