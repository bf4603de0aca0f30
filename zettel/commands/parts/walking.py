"""Walk through suggested links on a terminal: show each and act on single keys."""

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
    "a, y  apply: insert the link",
    "d     dismiss: never suggest this pair again",
    "s, n  skip: suggest it again next time",
    "o     open the note in the editor",
    "q     quit",
)


def walk(session: Session, start: Note | None, limit: int | None) -> Answer:
    """Show one suggestion after another, at most `limit`, and act on the keys pressed. Return a summary of what was done."""
    if not session.is_interactive:
        raise UsageError("--walk needs a terminal", "without one: zettel suggest NOTE, then --apply NUMBER, or --all --yes")
    most = WALKED if start else MOST_EACH
    notes = iter([(start, suggestions(session, start, most))]) if start else loosest(session, most)
    with Keys() as keys:
        walked = Walk(session, keys, limit)
        walked.through(notes, most)
    facts = {"put": walked.put, "dismissed": walked.dismissed, "skipped": walked.skipped}
    return Answer(facts=facts, text=f"{walked.put} inserted, {walked.dismissed} dismissed, {walked.skipped} skipped\n")


class Walk:
    """A walk in progress: counts of what was done, the pairs shown so far, and how many may still be shown."""

    def __init__(self, session: Session, keys: Keys, limit: int | None = None) -> None:
        self._session, self._keys = session, keys
        self._seen: set[frozenset[str]] = set()
        self.put = self.dismissed = self.skipped = 0
        self._left = limit or sys.maxsize
        self._is_stale = False

    def through(self, notes: Iterable[tuple[Note, list[Suggestion]]], most: int) -> None:
        """Walk through the suggestions for notes, at most `most` for each, until the user quits or the limit is reached."""
        for note, first in notes:
            if not all(self._decided(note, suggestion, count) for suggestion, count in self._of(note, first, most)) or not self._left:
                break

    def _of(self, note: Note, first: list[Suggestion], most: int) -> Iterator[tuple[Suggestion, str]]:
        """Yield the suggestions for a note that were not shown yet, each with its position, e.g. "2 of 5".

        They are computed again after a note was written, because insertion points move then.
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
        """Show a suggestion and act on keys until it is dealt with. Return False to end the walk."""

        def apply() -> str:
            message = putting.put(self._session.notebook(), note, suggestion)
            self.put += 1
            self._is_stale = True
            return message

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
            self._seen.discard(frozenset((note.path, suggestion.note.path)))  # show it again in its current form, if it is still suggested
            self._left += 1
            self._is_stale = True
            return f"opened {path}"

        branches = (Branch(note_line(note), (branch(note, suggestion),)),)
        actions = {"a": apply, "y": apply, "d": dismiss, "s": skip, "n": skip, " ": skip, "o": open_}
        return settled(self._session, self._keys, branches, f"{count}   {KEYS}", HELP, actions)
