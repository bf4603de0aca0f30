"""A walk through suggestions, one key each. Used by suggest, and by review for the links of one note."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from zettel.adapters import dismissed
from zettel.adapters.keys import Keys
from zettel.commands.parts import putting
from zettel.commands.parts.missing import loosest, suggestions
from zettel.commands.parts.settling import opened, settled
from zettel.commands.parts.shared import note_line
from zettel.commands.suggest import MOST_EACH, WALKED, branch
from zettel.model.answer import Answer, Branch
from zettel.model.errors import UsageError
from zettel.model.exploring.missing import Suggestion
from zettel.model.note import Note
from zettel.session import Session

KEYS = "a apply   d dismiss   s skip   o open   q quit   ? help"
HELP = (
    "a, y  apply: put the link in place",
    "d     dismiss: never suggest this pair again",
    "s, n  skip: it is suggested again next time",
    "o     open the note in the editor",
    "q     quit",
)


def walk(session: Session, start: Note | None, limit: int | None) -> Answer:
    """Show one suggestion after the other, `limit` at most, and do what the key pressed says; at the end, what was done."""
    if not session.is_interactive:
        raise UsageError("--walk needs a terminal", "without one: zettel suggest NOTE, then --apply NUMBER, or --all --yes")
    most = WALKED if start else MOST_EACH
    notes = iter([(start, suggestions(session, start, most))]) if start else loosest(session, most)
    with Keys() as keys:
        found = Walk(session, keys, limit)
        found.through(notes, most)
    facts = {"put": found.put, "dismissed": found.dismissed, "skipped": found.skipped}
    return Answer(facts=facts, text=f"{found.put} put, {found.dismissed} dismissed, {found.skipped} skipped\n")


class Walk:
    """A walk that is under way: what was done so far, which pairs have been shown, and how many may be shown yet."""

    def __init__(self, session: Session, keys: Keys, limit: int | None = None) -> None:
        self._session, self._keys = session, keys
        self._seen: set[frozenset[str]] = set()
        self.put = self.dismissed = self.skipped = 0
        self._left = limit or sys.maxsize
        self._is_stale = False

    def through(self, notes: Iterable[tuple[Note, list[Suggestion]]], most: int) -> None:
        """Walk through the suggestions of notes, at most so many of each."""
        for note, first in notes:
            if not all(self._decided(note, suggestion, count) for suggestion, count in self._of(note, first, most)) or not self._left:
                break

    def _of(self, note: Note, first: list[Suggestion], most: int) -> Iterator[tuple[Suggestion, str]]:
        """The suggestions of a note not shown yet, each with its number of how many.

        They are found anew after something was written, because places move then.
        """
        found = first
        shown = 0
        while True:
            if self._is_stale:
                self._session.notebook().refresh()
                fresh = self._session.notebook().by_paths([note.path]).get(note.path)
                found = suggestions(self._session, fresh, most) if fresh else []
                self._is_stale = False
            found = [suggestion for suggestion in found if frozenset((note.path, suggestion.note.path)) not in self._seen][: self._left]
            if not found:
                return
            self._seen.add(frozenset((note.path, found[0].note.path)))
            self._left -= 1
            shown += 1
            yield found[0], f"{shown} of {shown + len(found) - 1}"

    def _decided(self, note: Note, suggestion: Suggestion, count: str) -> bool:
        """Show a suggestion and take a key until one settles it; False to end the walk."""

        def apply() -> str:
            done = putting.put(self._session.notebook(), note, suggestion)
            self.put += 1
            self._is_stale = True
            return done

        def dismiss() -> str:
            notebook = self._session.notebook()
            with notebook.locked():
                dismissed.add(notebook.root, note.handle, suggestion.note.handle)
            self.dismissed += 1
            return "dismissed"

        def skip() -> str:
            self.skipped += 1
            return "skipped"

        def open_() -> str:
            path = suggestion.place.source
            opened(self._session, self._keys, path)
            self._seen.discard(frozenset((note.path, suggestion.note.path)))  # shown again as it is now, if it still is one
            self._left += 1
            self._is_stale = True
            return f"opened {path}"

        shown = (Branch(note_line(note), (branch(note, suggestion),)),)
        deeds = {"a": apply, "y": apply, "d": dismiss, "s": skip, "n": skip, " ": skip, "o": open_}
        return settled(self._session, self._keys, shown, f"{count}   {KEYS}", HELP, deeds)
