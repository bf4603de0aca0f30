"""Walk through the notes to review on a terminal: show each and act on single keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from zettel.adapters.keyboard import Keyboard
from zettel.interactive.keys import (
    APPLY,
    DISMISS,
    EDIT,
    LINKS,
    NEXT_WEEK,
    PAIR_KEYS,
    QUIT,
    REVIEW_KEYS,
    REVIEWED,
    SHOW,
    SKIP,
    TOMORROW,
    UNDO,
)
from zettel.interactive.prompt import UNDO_REMARK, KeyAction, describe_error, open_note, prompt_action, show_notes
from zettel.interactive.suggest_walk import SuggestWalk
from zettel.model.base.answer import Answer, Branch, Document
from zettel.model.base.errors import Refused
from zettel.model.note.note import Note
from zettel.model.review.schedule import HEADINGS, ORPHAN, ReviewItem
from zettel.model.suggest.score import Suggestion
from zettel.services.review import insert_reviewed_link, record_reviews
from zettel.services.suggest import WALK_LIMIT, build_suggester, dismiss_pair, suggest_link_between, suggest_links
from zettel.services.undo import undo_own_changes
from zettel.session import Session
from zettel.views.review import build_item_branch
from zettel.views.suggestions import build_suggestion_branch as suggested

DAYS_IN_WEEK = 7


def walk_review(session: Session, items: Sequence[ReviewItem]) -> Answer:
    """Show one item after another and act on the keys pressed. Return a summary of what was done."""
    with Keyboard() as keyboard:
        return _ReviewWalk(session, keyboard, items).walk()


class _GivenAnswer(NamedTuple):
    """An answer: the item that it is about, what it counts as in the summary, and the journal's names of what it changed."""

    at: int
    counts: Counter[str]
    changes: tuple[str, ...]


class _ReviewWalk:
    """A review in progress: the items, the one that is shown, and the answers that were given."""

    def __init__(self, session: Session, keyboard: Keyboard, items: Sequence[ReviewItem]) -> None:
        self._session, self._keyboard = session, keyboard
        self._items = list(items)
        self._at = 0
        self._answers: list[_GivenAnswer] = []
        self._suggestions: Callable[[Note, int], list[Suggestion]] | None = None

    def walk(self) -> Answer:
        """Go through the items, each kind under its heading, until the user quits."""
        kind = ""
        while self._at < len(self._items):
            item = self._items[self._at]
            if item.kind != kind:
                kind = item.kind
                self._session.console.show((Branch(((HEADINGS[kind], "heading"),)),))
            position = f"{self._at + 1} of {len(self._items)}"
            if (self._prompt_pair if item.other else self._prompt_note)(item, position) == QUIT.key:
                break
        counts = sum((answer.counts for answer in self._answers), Counter[str]())
        labels = {
            "done": "reviewed",
            "later": "postponed",
            "put": "inserted",
            "dismissed": "dismissed",
            "skipped": "skipped",
            "left": "left",
        }
        facts = {**{key: counts[key] for key in labels}, "left": len(self._items) - self._at}
        text = ", ".join(f"{facts[key]} {labels[key]}" for key in facts if facts[key] or key == "done") + "\n"
        return Document(facts=facts, text=text, remarks=(UNDO_REMARK,) if self._session.open_notebook().own_changes else ())

    def _prompt_note(self, item: ReviewItem, position: str) -> str:
        """Show a note and act on keys until it is dealt with. Return the key that did."""
        note = item.note
        best = self._find_best(note) if item.kind == ORPHAN else None
        actions: dict[str, KeyAction] = {
            REVIEWED.key: lambda: self._answer(lambda: self._mark_reviewed(note), done=1),
            TOMORROW.key: lambda: self._answer(lambda: self._postpone(note, 1), later=1),
            NEXT_WEEK.key: lambda: self._answer(lambda: self._postpone(note, DAYS_IN_WEEK), later=1),
            LINKS.key: lambda: self._walk_suggestions(note),
            **self._build_common_actions(item),
        }
        if best:
            actions[APPLY.key] = lambda: self._apply(note, best)
        branch = build_item_branch(item, *([suggested(note, best)] if best else []))
        return prompt_action(self._session.console, self._keyboard, [branch], position, REVIEW_KEYS, actions)

    def _prompt_pair(self, item: ReviewItem, position: str) -> str:
        """Show a pair and act on keys until it is dealt with. Return the key that did."""
        note, other = item.note, item.other or item.note
        best = suggest_link_between(self._session, note, other)
        actions: dict[str, KeyAction] = {
            REVIEWED.key: lambda: self._answer(lambda: "reviewed", done=1),
            DISMISS.key: lambda: self._answer(lambda: dismiss_pair(self._session, note, other), dismissed=1),
            **self._build_common_actions(item),
        }
        if best:
            actions[APPLY.key] = lambda: self._apply(note, best)
        branch = build_item_branch(item._replace(suggestion=best))
        return prompt_action(self._session.console, self._keyboard, [branch], position, PAIR_KEYS, actions)

    def _build_common_actions(self, item: ReviewItem) -> dict[str, KeyAction]:
        notes = [item.note, *([item.other] if item.other else [])]
        actions: dict[str, KeyAction] = {
            SKIP.key: lambda: self._answer(lambda: "skipped", skipped=1),
            SHOW.key: lambda: show_notes(self._session, self._keyboard, *notes),
            EDIT.key: lambda: self._edit_note(item),
        }
        return {**actions, UNDO.key: self._undo_answer} if self._answers else actions

    def _answer(self, act: KeyAction, **counts: int) -> str:
        """Do what a key says, remember it as the answer with what it has changed, and go on to the next item. Return its message."""
        changes = self._session.open_notebook().own_changes
        before = len(changes)
        message = act()
        self._answers.append(_GivenAnswer(self._at, Counter(counts), tuple(changes[before:])))
        self._at += 1
        return message

    def _undo_answer(self) -> str:
        """Take the last answer back, and go to its item."""
        answer = self._answers[-1]
        if answer.changes:
            undo_own_changes(self._session, answer.changes)
        self._answers.pop()
        self._at = answer.at
        self._reread()
        return "taken back"

    def _reread(self) -> None:
        """Bring the item that is shown up to date with its notes. If one is gone, leave the item out."""
        notebook = self._session.open_notebook()
        notebook.refresh()
        self._suggestions = None
        item = self._items[self._at]
        paths = [item.note.path, *([item.other.path] if item.other else [])]
        found = notebook.catalogue.find_notes_by_path(paths)
        if len(found) < len(paths):
            del self._items[self._at]
        else:
            self._items[self._at] = item._replace(note=found[paths[0]], other=found[paths[1]] if item.other else None)

    def _find_best(self, note: Note) -> Suggestion | None:
        """Return the best suggestion for a note, or None."""
        if self._suggestions is None:
            self._suggestions = build_suggester(self._session)
        return next(iter(self._suggestions(note, 1)), None)

    def _apply(self, note: Note, suggestion: Suggestion) -> str:
        """Insert the link that is shown. If that is refused, since a note has changed, the item is shown again as it is now."""
        try:
            return self._answer(lambda: self._insert_link(note, suggestion), done=1, put=1)
        except Refused as error:
            self._reread()
            return describe_error(error)

    def _insert_link(self, note: Note, suggestion: Suggestion) -> str:
        """Insert the link that is shown, and mark the note as reviewed in the same change."""
        message = insert_reviewed_link(self._session, note, suggestion)
        self._session.open_notebook().refresh()
        self._suggestions = None
        return message

    def _walk_suggestions(self, note: Note) -> str:
        """Go through the suggestions for a note, and mark it as reviewed if a link was inserted. Otherwise it is shown again."""
        found = suggest_links(self._session, note, WALK_LIMIT)
        if not found:
            raise Refused(f"no link to suggest for {note.name}")
        own_changes = self._session.open_notebook().own_changes
        before = len(own_changes)
        links = SuggestWalk(self._session, self._keyboard)
        links.walk([(note, found)], WALK_LIMIT)
        inserted, dismissed = links.count_answers(APPLY.key), links.count_answers(DISMISS.key)
        message = self._mark_reviewed(note) if inserted else "no link was inserted"
        changes = tuple(own_changes[before:])
        if changes:
            counts = Counter(done=min(inserted, 1), put=inserted, dismissed=dismissed)
            self._answers.append(_GivenAnswer(self._at, counts, changes))
        if inserted:
            self._at += 1
        else:
            self._reread()
        return message

    def _edit_note(self, item: ReviewItem) -> str:
        """Open a note in the editor, at its question if there is one, and show it again with what was written."""
        open_note(self._session, self._keyboard, item.note.path, item.line)
        self._reread()
        return f"opened {item.note.path}"

    def _mark_reviewed(self, note: Note) -> str:
        due, _ = record_reviews(self._session, [note])
        return f"reviewed; due again on {due[0]}"

    def _postpone(self, note: Note, days: int) -> str:
        _, due = record_reviews(self._session, [], [note], days)
        return f"due again on {due[0]}"
