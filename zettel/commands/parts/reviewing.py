"""A walk through what to look at again, one key each. Used by review."""

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
    "l         link: put the link that is shown in place; where none is, as m",
    "m         more: go through all links that are suggested",
    "s         show the text",
    "d, Enter  done: looked at, comes again after its interval",
    "t         comes again tomorrow",
    "n         comes again next week",
    *COMMON_HELP,
)
HELP_OF_PAIRS = (
    "l         link: put the link that is shown in place",
    "s         show both texts",
    "d, Enter  done: looked at; other pairs come another day",
    "x         never again: this pair is not suggested any more",
    *COMMON_HELP,
)


def walk(session: Session, items: Sequence[Item]) -> Answer:
    """Show one item after the other and do what the key pressed says; at the end, what was done."""
    with Keys() as keys:
        return _Review(session, keys).through(items)


class _Review:
    """A review that is under way, and what was done in it."""

    def __init__(self, session: Session, keys: Keys) -> None:
        self._session, self._keys = session, keys
        self._done = self._later = self._put = self._dismissed = 0
        self._suggestions: Callable[[Note, int], list[Suggestion]] | None = None
        self._is_stale = False

    def through(self, items: Sequence[Item]) -> Answer:
        """Go through the items, each kind below its heading."""
        left, kind = len(items), ""
        for number, item in enumerate(items, 1):
            if item.kind != kind:
                kind = item.kind
                self._session.show((Branch(((HEADINGS[kind], "heading"),)),))
            if not self._goes_on(item, f"{number} of {len(items)}   "):
                break
            left -= 1
        facts = {"done": self._done, "later": self._later, "put": self._put, "dismissed": self._dismissed, "left": left}
        said = {"done": "looked at", "later": "put off", "put": "put in place", "dismissed": "dismissed", "left": "left"}
        return Answer(facts=facts, text=", ".join(f"{facts[key]} {said[key]}" for key in facts if facts[key] or key == "done") + "\n")

    def _goes_on(self, item: Item, count: str) -> bool:
        """Have an item settled, which is shown again as it is now after its note may have been edited; False to end the review."""
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
        """Show a note and take keys until it is settled; False to end the review."""
        best = self._best(item.note) if item.kind == ORPHAN else None
        deeds: dict[str, Deed] = {
            "l": lambda: self._linked(item.note, best) if best else self._walked(item.note),
            "m": lambda: self._walked(item.note),
            "s": lambda: self._shown(item.note),
            "o": lambda: self._opened(item.note),
            "d": lambda: self._looked_at(item.note),
            "t": lambda: self._put_off(item.note, 1),
            "n": lambda: self._put_off(item.note, WEEK),
        }
        seen = branch(item, *([suggested(item.note, best)] if best else []))
        return settled(self._session, self._keys, [seen], count + KEYS, HELP, {**deeds, "\n": deeds["d"], "\r": deeds["d"]})

    def _settled_pair(self, item: Item, count: str) -> bool:
        """Show a pair and take keys until it is settled; False to end the review."""
        note, other = item.note, item.other or item.note
        best = between(self._session, note, other)
        deeds: dict[str, Deed] = {
            "l": lambda: self._linked(note, best),
            "s": lambda: self._shown(note, other),
            "o": lambda: self._opened(note),
            "d": self._passed_by,
            "x": lambda: self._dismissed_pair(note, other),
        }
        seen = Branch(note_line(note), (Branch(((item.why, "dim"),)), suggested(note, best))) if best else branch(item)
        return settled(
            self._session, self._keys, [seen], count + KEYS_OF_PAIRS, HELP_OF_PAIRS, {**deeds, "\n": deeds["d"], "\r": deeds["d"]}
        )

    def _best(self, note: Note) -> Suggestion | None:
        """The best suggestion for a note."""
        if self._suggestions is None:
            self._suggestions = suggesting(self._session)
        return next(iter(self._suggestions(note, 1)), None)

    def _linked(self, note: Note, suggestion: Suggestion | None) -> str:
        """Put the link that is shown in place; that was a look at the note."""
        if not suggestion:
            raise Refused("no place for a link between the two was found", f"write it yourself: zettel edit {note.handle}")
        said = putting.put(self._session.notebook(), note, suggestion)
        self._put += 1
        return f"{said}; {self._looked_at(note)}"

    def _walked(self, note: Note) -> str:
        """Go through the suggestions for a note; if any was put in place, that was a look at it."""
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
        return "no link was put in place"

    def _shown(self, *notes: Note) -> str:
        """Show the text of notes."""
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
        return f"looked at; again from {again}"

    def _put_off(self, note: Note, days: int) -> str:
        again = look_later(self._session, note, days)
        self._later += 1
        return f"again from {again}"

    def _dismissed_pair(self, note: Note, other: Note) -> str:
        notebook = self._session.notebook()
        with notebook.locked():
            dismissed.add(notebook.root, note.handle, other.handle)
        self._dismissed += 1
        return "dismissed"

    def _passed_by(self) -> str:
        self._done += 1
        return "looked at"
