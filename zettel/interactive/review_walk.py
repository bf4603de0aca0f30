"""Walk through the notes to review on a terminal: show each and act on single keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from zettel.adapters.keyboard import Keyboard
from zettel.adapters.zettel_dir import lists
from zettel.interactive.prompt import KeyAction, open_note, prompt_action
from zettel.interactive.suggest_walk import SuggestWalk
from zettel.model.base.answer import Answer, Branch, Document
from zettel.model.base.errors import Refused
from zettel.model.note.note import Note
from zettel.model.review.schedule import HEADINGS, ORPHAN, ReviewItem
from zettel.model.suggest.score import Suggestion
from zettel.output import table
from zettel.services import insert_links
from zettel.services.review import mark_note_reviewed, postpone_note
from zettel.services.suggest import WALK_LIMIT, build_suggester, suggest_link_between, suggest_links
from zettel.session import Session
from zettel.views.notes import format_note
from zettel.views.review import build_item_branch
from zettel.views.show import build_note_answer as shown
from zettel.views.suggestions import build_suggestion_branch as suggested

DAYS_IN_WEEK = 7
KEYS = "l link   s show   o open   d done   t tomorrow   n next week   q   ?"
PAIR_KEYS = "l link   s show   o open   d done   x never again   q   ?"
COMMON_HELP = ("o         open the note in the editor", "q         quit")
HELP = (
    "l         link: insert the link that is shown; if there is none, like m",
    "m         more: go through all suggested links",
    "s         show the text",
    "d, Enter  done: reviewed, due again after its interval",
    "t         due again tomorrow",
    "n         due again next week",
    *COMMON_HELP,
)
PAIR_HELP = (
    "l         link: insert the link that is shown",
    "s         show both texts",
    "d, Enter  done: reviewed; other pairs come another day",
    "x         never again: do not suggest this pair any more",
    *COMMON_HELP,
)


def walk_review(session: Session, items: Sequence[ReviewItem]) -> Answer:
    """Show one item after another and act on the keys pressed. Return a summary of what was done."""
    with Keyboard() as keys:
        return _ReviewWalk(session, keys).walk(items)


class _ReviewWalk:
    """A review in progress, with counts of what was done."""

    def __init__(self, session: Session, keys: Keyboard) -> None:
        self._session, self._keys = session, keys
        self._done = self._later = self._inserted = self._dismissed = 0
        self._suggestions: Callable[[Note, int], list[Suggestion]] | None = None
        self._is_stale = False

    def walk(self, items: Sequence[ReviewItem]) -> Answer:
        """Go through the items, each kind under its heading, until the user quits."""
        left, kind = len(items), ""
        for number, item in enumerate(items, 1):
            if item.kind != kind:
                kind = item.kind
                self._session.console.show((Branch(((HEADINGS[kind], "heading"),)),))
            if not self._handle_item(item, f"{number} of {len(items)}   "):
                break
            left -= 1
        facts = {"done": self._done, "later": self._later, "put": self._inserted, "dismissed": self._dismissed, "left": left}
        labels = {"done": "reviewed", "later": "postponed", "put": "inserted", "dismissed": "dismissed", "left": "left"}
        return Document(facts=facts, text=", ".join(f"{facts[key]} {labels[key]}" for key in facts if facts[key] or key == "done") + "\n")

    def _handle_item(self, item: ReviewItem, count: str) -> bool:
        """Show an item until the user has dealt with it. Return False to end the review.

        The item is shown again with the current note if that may have been edited.
        """
        while True:
            self._is_stale = False
            if not (self._prompt_pair if item.other else self._prompt_note)(item, count):
                return False
            if not self._is_stale:
                return True
            notebook = self._session.open_notebook()
            notebook.refresh()
            self._suggestions = None
            fresh = notebook.catalogue.find_notes_by_path([item.note.path]).get(item.note.path)
            if not fresh:
                return True
            item = item._replace(note=fresh)

    def _prompt_note(self, item: ReviewItem, count: str) -> bool:
        """Show a note and act on keys until it is dealt with. Return False to end the review."""
        best = self._find_best(item.note) if item.kind == ORPHAN else None
        actions: dict[str, KeyAction] = {
            "l": lambda: self._insert_link(item.note, best) if best else self._walk_suggestions(item.note),
            "m": lambda: self._walk_suggestions(item.note),
            "s": lambda: self._show_notes(item.note),
            "o": lambda: self._open_note(item.note),
            "d": lambda: self._mark_reviewed(item.note),
            "t": lambda: self._postpone(item.note, 1),
            "n": lambda: self._postpone(item.note, DAYS_IN_WEEK),
        }
        item_branch = build_item_branch(item, *([suggested(item.note, best)] if best else []))
        return prompt_action(
            self._session.console, self._keys, [item_branch], count + KEYS, HELP, {**actions, "\n": actions["d"], "\r": actions["d"]}
        )

    def _prompt_pair(self, item: ReviewItem, count: str) -> bool:
        """Show a pair and act on keys until it is dealt with. Return False to end the review."""
        note, other = item.note, item.other or item.note
        best = suggest_link_between(self._session, note, other)
        actions: dict[str, KeyAction] = {
            "l": lambda: self._insert_link(note, best),
            "s": lambda: self._show_notes(note, other),
            "o": lambda: self._open_note(note),
            "d": self._mark_pair_reviewed,
            "x": lambda: self._dismiss_pair(note, other),
        }
        pair_branch = Branch(format_note(note), (Branch(((item.why, "dim"),)), suggested(note, best))) if best else build_item_branch(item)
        return prompt_action(
            self._session.console,
            self._keys,
            [pair_branch],
            count + PAIR_KEYS,
            PAIR_HELP,
            {**actions, "\n": actions["d"], "\r": actions["d"]},
        )

    def _find_best(self, note: Note) -> Suggestion | None:
        """Return the best suggestion for a note, or None."""
        if self._suggestions is None:
            self._suggestions = build_suggester(self._session)
        return next(iter(self._suggestions(note, 1)), None)

    def _insert_link(self, note: Note, suggestion: Suggestion | None) -> str:
        """Insert the link that is shown, and mark the note as reviewed."""
        if not suggestion:
            raise Refused("there is no suggested link between the two", f"write it yourself: zettel edit {note.handle}")
        message = insert_links.insert_suggestion(self._session.open_notebook(), note, suggestion)
        self._inserted += 1
        return f"{message}; {self._mark_reviewed(note)}"

    def _walk_suggestions(self, note: Note) -> str:
        """Go through the suggestions for a note, and mark it as reviewed if a link was inserted."""
        found = suggest_links(self._session, note, WALK_LIMIT)
        if not found:
            raise Refused(f"no link is suggested for {note.name}")
        links = SuggestWalk(self._session, self._keys)
        links.walk([(note, found)], WALK_LIMIT)
        self._inserted += links.inserted
        self._dismissed += links.dismissed
        if links.inserted:
            return self._mark_reviewed(note)
        self._is_stale = True
        return "no link was inserted"

    def _show_notes(self, *notes: Note) -> str:
        """Show the text of notes in the pager."""
        text = "\n".join(
            table.render_table(shown(self._session, note, links=False), self._session.console.build_screen()) for note in notes
        )
        with self._keys.pause():
            self._session.console.write(text, may_page=True)
        return ""

    def _open_note(self, note: Note) -> str:
        """Open a note in the editor."""
        open_note(self._session, self._keys, note.path)
        self._is_stale = True
        return f"opened {note.path}"

    def _mark_reviewed(self, note: Note) -> str:
        again = mark_note_reviewed(self._session, note)
        self._done += 1
        return f"reviewed; due again on {again}"

    def _postpone(self, note: Note, days: int) -> str:
        again = postpone_note(self._session, note, days)
        self._later += 1
        return f"due again on {again}"

    def _dismiss_pair(self, note: Note, other: Note) -> str:
        notebook = self._session.open_notebook()
        with notebook.lock():
            lists.dismiss_pair(notebook.root, note.handle, other.handle)
        self._dismissed += 1
        return "dismissed"

    def _mark_pair_reviewed(self) -> str:
        self._done += 1
        return "reviewed"
