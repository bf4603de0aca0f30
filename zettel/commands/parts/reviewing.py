"""Walk through the notes to review on a terminal: show each and act on single keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from zettel.adapters import dismissed
from zettel.adapters.keys import Keys
from zettel.commands.parts import putting
from zettel.commands.parts.looking import look_done, look_later
from zettel.commands.parts.missing import between, suggesting, suggestions
from zettel.commands.parts.settling import Deed, opened, settled
from zettel.commands.parts.shared import note_line
from zettel.commands.parts.walking import Walk
from zettel.commands.review import branch
from zettel.commands.show import answer as shown
from zettel.commands.suggest import WALKED
from zettel.commands.suggest import branch as suggested
from zettel.model.answer import Answer, Branch
from zettel.model.errors import Refused
from zettel.model.exploring.missing import Suggestion
from zettel.model.note import Note
from zettel.model.review import HEADINGS, ORPHAN, Item
from zettel.output import table
from zettel.session import Session

WEEK = 7
KEYS = "l link   s show   o open   d done   t tomorrow   n next week   q   ?"
KEYS_OF_PAIRS = "l link   s show   o open   d done   x never again   q   ?"
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
HELP_OF_PAIRS = (
    "l         link: insert the link that is shown",
    "s         show both texts",
    "d, Enter  done: reviewed; other pairs come another day",
    "x         never again: do not suggest this pair any more",
    *COMMON_HELP,
)


def walk(session: Session, items: Sequence[Item]) -> Answer:
    """Show one item after another and act on the keys pressed. Return a summary of what was done."""
    with Keys() as keys:
        return _Review(session, keys).through(items)


class _Review:
    """A review in progress, with counts of what was done."""

    def __init__(self, session: Session, keys: Keys) -> None:
        self._session, self._keys = session, keys
        self._done = self._later = self._put = self._dismissed = 0
        self._suggestions: Callable[[Note, int], list[Suggestion]] | None = None
        self._is_stale = False

    def through(self, items: Sequence[Item]) -> Answer:
        """Go through the items, each kind under its heading, until the user quits."""
        left, kind = len(items), ""
        for number, item in enumerate(items, 1):
            if item.kind != kind:
                kind = item.kind
                self._session.show((Branch(((HEADINGS[kind], "heading"),)),))
            if not self._goes_on(item, f"{number} of {len(items)}   "):
                break
            left -= 1
        facts = {"done": self._done, "later": self._later, "put": self._put, "dismissed": self._dismissed, "left": left}
        labels = {"done": "reviewed", "later": "postponed", "put": "inserted", "dismissed": "dismissed", "left": "left"}
        return Answer(facts=facts, text=", ".join(f"{facts[key]} {labels[key]}" for key in facts if facts[key] or key == "done") + "\n")

    def _goes_on(self, item: Item, count: str) -> bool:
        """Show an item until the user has dealt with it. Return False to end the review.

        The item is shown again with the current note if that may have been edited.
        """
        while True:
            self._is_stale = False
            if not (self._settled_pair if item.other else self._settled)(item, count):
                return False
            if not self._is_stale:
                return True
            notebook = self._session.notebook()
            notebook.refresh()
            self._suggestions = None
            fresh = notebook.by_paths([item.note.path]).get(item.note.path)
            if not fresh:
                return True
            item = item._replace(note=fresh)

    def _settled(self, item: Item, count: str) -> bool:
        """Show a note and act on keys until it is dealt with. Return False to end the review."""
        best = self._best(item.note) if item.kind == ORPHAN else None
        actions: dict[str, Deed] = {
            "l": lambda: self._linked(item.note, best) if best else self._walked(item.note),
            "m": lambda: self._walked(item.note),
            "s": lambda: self._shown(item.note),
            "o": lambda: self._opened(item.note),
            "d": lambda: self._looked_at(item.note),
            "t": lambda: self._put_off(item.note, 1),
            "n": lambda: self._put_off(item.note, WEEK),
        }
        item_branch = branch(item, *([suggested(item.note, best)] if best else []))
        return settled(self._session, self._keys, [item_branch], count + KEYS, HELP, {**actions, "\n": actions["d"], "\r": actions["d"]})

    def _settled_pair(self, item: Item, count: str) -> bool:
        """Show a pair and act on keys until it is dealt with. Return False to end the review."""
        note, other = item.note, item.other or item.note
        best = between(self._session, note, other)
        actions: dict[str, Deed] = {
            "l": lambda: self._linked(note, best),
            "s": lambda: self._shown(note, other),
            "o": lambda: self._opened(note),
            "d": self._passed_by,
            "x": lambda: self._dismissed_pair(note, other),
        }
        pair_branch = Branch(note_line(note), (Branch(((item.why, "dim"),)), suggested(note, best))) if best else branch(item)
        return settled(
            self._session,
            self._keys,
            [pair_branch],
            count + KEYS_OF_PAIRS,
            HELP_OF_PAIRS,
            {**actions, "\n": actions["d"], "\r": actions["d"]},
        )

    def _best(self, note: Note) -> Suggestion | None:
        """Return the best suggestion for a note, or None."""
        if self._suggestions is None:
            self._suggestions = suggesting(self._session)
        return next(iter(self._suggestions(note, 1)), None)

    def _linked(self, note: Note, suggestion: Suggestion | None) -> str:
        """Insert the link that is shown, and mark the note as reviewed."""
        if not suggestion:
            raise Refused("there is no suggested link between the two", f"write it yourself: zettel edit {note.handle}")
        message = putting.put(self._session.notebook(), note, suggestion)
        self._put += 1
        return f"{message}; {self._looked_at(note)}"

    def _walked(self, note: Note) -> str:
        """Go through the suggestions for a note, and mark it as reviewed if a link was inserted."""
        found = suggestions(self._session, note, WALKED)
        if not found:
            raise Refused(f"no link is suggested for {note.name}")
        links = Walk(self._session, self._keys)
        links.through([(note, found)], WALKED)
        self._put += links.put
        self._dismissed += links.dismissed
        if links.put:
            return self._looked_at(note)
        self._is_stale = True
        return "no link was inserted"

    def _shown(self, *notes: Note) -> str:
        """Show the text of notes in the pager."""
        text = "\n".join(table.write(shown(self._session, note, links=False), self._session.screen()) for note in notes)
        with self._keys.paused():
            self._session.write(text, may_page=True)
        return ""

    def _opened(self, note: Note) -> str:
        """Open a note in the editor."""
        opened(self._session, self._keys, note.path)
        self._is_stale = True
        return f"opened {note.path}"

    def _looked_at(self, note: Note) -> str:
        again = look_done(self._session, note)
        self._done += 1
        return f"reviewed; due again on {again}"

    def _put_off(self, note: Note, days: int) -> str:
        again = look_later(self._session, note, days)
        self._later += 1
        return f"due again on {again}"

    def _dismissed_pair(self, note: Note, other: Note) -> str:
        notebook = self._session.notebook()
        with notebook.locked():
            dismissed.add(notebook.root, note.handle, other.handle)
        self._dismissed += 1
        return "dismissed"

    def _passed_by(self) -> str:
        self._done += 1
        return "reviewed"
