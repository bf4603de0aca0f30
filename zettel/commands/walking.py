"""A walk through suggestions, one key each. Used by suggest."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from zettel.adapters import dismissed, editor, files
from zettel.adapters.keys import END, Keys
from zettel.commands import putting
from zettel.commands.missing import loosest, suggestions
from zettel.commands.shared import note_line
from zettel.commands.suggest import MOST_EACH, WALKED, branch
from zettel.model.answer import Answer, Branch
from zettel.model.errors import UsageError, ZettelError
from zettel.model.missing import Suggestion
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
APPLY, DISMISS, SKIP, OPEN, QUIT = ("a", "y"), "d", ("s", "n", " "), "o", ("q", *END)


def walk(session: Session, start: Note | None, limit: int | None) -> Answer:
    """Show one suggestion after the other, `limit` at most, and do what the key pressed says; at the end, what was done."""
    if not session.is_interactive:
        raise UsageError("--walk needs a terminal", "without one: zettel suggest NOTE, then --apply NUMBER, or --all --yes")
    return _Walk(session, limit).through(start)


class _Walk:
    """A walk that is under way: what was done so far, which pairs have been shown, and how many may be shown yet."""

    def __init__(self, session: Session, limit: int | None) -> None:
        self._session = session
        self._seen: set[frozenset[str]] = set()
        self._put = self._dismissed = self._skipped = 0
        self._left = limit or sys.maxsize
        self._is_stale = False

    def through(self, start: Note | None) -> Answer:
        """Walk through the suggestions of one note, or of all notes, the loosest first."""
        most = WALKED if start else MOST_EACH
        notes = iter([(start, suggestions(self._session, start, most))]) if start else loosest(self._session, most)
        with Keys() as keys:
            for note, first in notes:
                if (
                    not all(self._decided(keys, note, suggestion, count) for suggestion, count in self._of(note, first, most))
                    or not self._left
                ):
                    break
        done = f"{self._put} put, {self._dismissed} dismissed, {self._skipped} skipped"
        return Answer(facts={"put": self._put, "dismissed": self._dismissed, "skipped": self._skipped}, text=done + "\n")

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

    def _decided(self, keys: Keys, note: Note, suggestion: Suggestion, count: str) -> bool:
        """Show a suggestion and take a key until one settles it; False to end the walk."""
        show = self._session.show
        show((Branch(note_line(note), (branch(note, suggestion),)),), f"{count}   {KEYS}")
        while True:
            key = keys.read()
            if key in QUIT:
                return False
            if key in SKIP:
                self._skipped += 1
                self._tell("skipped")
                return True
            if key not in (*APPLY, DISMISS, OPEN):
                show(tuple(Branch(((line, ""),)) for line in HELP))
                continue
            try:
                self._tell(self._does(key, keys, note, suggestion))
            except ZettelError as error:
                self._session.say(f"{error.message} ({error.hint})" if error.hint else error.message)
            else:
                return True

    def _tell(self, done: str) -> None:
        """Say what a key has done, with a blank line before the next suggestion."""
        self._session.show((Branch(((done, ""),)), Branch((("", ""),))))

    def _does(self, key: str, keys: Keys, note: Note, suggestion: Suggestion) -> str:
        """Apply, dismiss or open, which settles the suggestion; says what was done."""
        notebook = self._session.notebook()
        if key in APPLY:
            changes, refused = putting.plan(notebook, [putting.ends(note, suggestion)])
            if refused:
                raise refused[0]
            putting.carry_out(notebook, changes)
            self._put += 1
            self._is_stale = True
            return f"put into {changes[0].note.name}"
        if key == DISMISS:
            with notebook.locked():
                dismissed.add(notebook.root, note.handle, suggestion.note.handle)
            self._dismissed += 1
            return "dismissed"
        path = suggestion.place.source
        with keys.paused():
            editor.edit(files.place(notebook.root, path), str(self._session.setting("editor")), self._session.environ)
        self._seen.discard(frozenset((note.path, suggestion.note.path)))  # shown again as it is now, if it still is one
        self._left += 1
        self._is_stale = True
        return f"opened {path}"
