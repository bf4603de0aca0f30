"""A walk through suggestions, one key each. Used by suggest."""

from __future__ import annotations

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

KEYS = "a apply   d dismiss for good   s skip   o open in the editor   q quit   ? this help"
APPLY, DISMISS, SKIP, OPEN, QUIT = "a", "d", ("s", " "), "o", ("q", *END)


def walk(session: Session, start: Note | None) -> Answer:
    """Show one suggestion after the other and do what the key pressed says; at the end, what was done."""
    if not session.is_interactive:
        raise UsageError("--walk needs a terminal", "without one: zettel suggest NOTE, then --apply NUMBER, or --all --yes")
    return _Walk(session).through(start)


class _Walk:
    """A walk that is under way: what was done so far, and which pairs have been shown."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._seen: set[frozenset[str]] = set()
        self._put = self._dismissed = self._skipped = 0
        self._is_stale = False

    def through(self, start: Note | None) -> Answer:
        """Walk through the suggestions of one note, or of all notes, the loosest first."""
        notes = iter([(start, suggestions(self._session, start, WALKED))]) if start else loosest(self._session, MOST_EACH)
        with Keys() as keys:
            for note, first in notes:
                if not all(self._decided(keys, note, suggestion) for suggestion in self._of(note, first, WALKED if start else MOST_EACH)):
                    break
        done = f"{self._put} put, {self._dismissed} dismissed, {self._skipped} skipped"
        return Answer(facts={"put": self._put, "dismissed": self._dismissed, "skipped": self._skipped}, text=done + "\n")

    def _of(self, note: Note, first: list[Suggestion], most: int) -> Iterator[Suggestion]:
        """The suggestions of a note not shown yet; found anew after something was written, because places move then."""
        waiting = [*reversed(first)]
        while True:
            if self._is_stale:
                self._session.notebook().refresh()
                fresh = self._session.notebook().by_paths([note.path]).get(note.path)
                waiting = [*reversed(suggestions(self._session, fresh, most))] if fresh else []
                self._is_stale = False
            if not waiting:
                return
            suggestion = waiting.pop()
            pair = frozenset((note.path, suggestion.note.path))
            if pair not in self._seen:
                self._seen.add(pair)
                yield suggestion

    def _decided(self, keys: Keys, note: Note, suggestion: Suggestion) -> bool:
        """Show a suggestion and take a key until one settles it; False to end the walk."""
        self._session.show((Branch(note_line(note), (branch(note, suggestion),)),), KEYS)
        while True:
            key = keys.read()
            if key in QUIT:
                return False
            if key in SKIP:
                self._skipped += 1
                return True
            if key not in (APPLY, DISMISS, OPEN):
                self._session.say(KEYS)
                continue
            try:
                if self._does(key, keys, note, suggestion):
                    return True
            except ZettelError as error:
                self._session.say(f"{error.message} ({error.hint})" if error.hint else error.message)

    def _does(self, key: str, keys: Keys, note: Note, suggestion: Suggestion) -> bool:
        """Apply, dismiss or open; whether the suggestion is settled then."""
        notebook = self._session.notebook()
        if key == APPLY:
            changes, refused = putting.plan(notebook, [putting.ends(note, suggestion)])
            if refused:
                raise refused[0]
            putting.carry_out(notebook, changes)
            self._session.show(putting.branches(changes))
            self._put += 1
            self._is_stale = True
        elif key == DISMISS:
            with notebook.locked():
                dismissed.add(notebook.root, note.handle, suggestion.note.handle)
            self._dismissed += 1
        else:
            path = suggestion.place.source
            with keys.paused():
                editor.edit(files.place(notebook.root, path), str(self._session.setting("editor")), self._session.environ)
            self._seen.discard(frozenset((note.path, suggestion.note.path)))  # shown again as it is now, if it still is one
            self._is_stale = True
        return True
