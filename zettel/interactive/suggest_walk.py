"""Walk through suggested links on a terminal: show each and act on single keys."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from zettel.adapters.keyboard import Keyboard
from zettel.adapters.zettel_dir import lists
from zettel.interactive.prompt import open_note, prompt_action
from zettel.model.base.answer import Answer, Branch, Document
from zettel.model.base.errors import UsageError
from zettel.model.note.note import Note
from zettel.model.suggest.score import Suggestion
from zettel.services import insert_links
from zettel.services.suggest import MAX_EACH, WALK_LIMIT, suggest_for_least_linked, suggest_links
from zettel.session import Session
from zettel.views.notes import format_note
from zettel.views.suggestions import build_suggestion_branch

KEYS = "a apply   d dismiss   s skip   o open   q quit   ? help"
HELP = (
    "a, y  apply: insert the link",
    "d     dismiss: never suggest this pair again",
    "s, n  skip: suggest it again next time",
    "o     open the note in the editor",
    "q     quit",
)


def walk_suggestions(session: Session, start: Note | None, limit: int | None) -> Answer:
    """Show one suggestion after another, at most `limit`, and act on the keys pressed. Return a summary of what was done."""
    if not session.console.is_interactive:
        raise UsageError("--walk needs a terminal", "without one: zettel suggest NOTE, then --apply NUMBER, or --all --yes")
    most = WALK_LIMIT if start else MAX_EACH
    notes = iter([(start, suggest_links(session, start, most))]) if start else suggest_for_least_linked(session, most)
    with Keyboard() as keys:
        walked = SuggestWalk(session, keys, limit)
        walked.walk(notes, most)
    facts = {"put": walked.inserted, "dismissed": walked.dismissed, "skipped": walked.skipped}
    return Document(facts=facts, text=f"{walked.inserted} inserted, {walked.dismissed} dismissed, {walked.skipped} skipped\n")


class SuggestWalk:
    """A walk in progress: counts of what was done, the pairs shown so far, and how many may still be shown."""

    def __init__(self, session: Session, keys: Keyboard, limit: int | None = None) -> None:
        self._session, self._keys = session, keys
        self._seen: set[frozenset[str]] = set()
        self.inserted = self.dismissed = self.skipped = 0
        self._left = limit or sys.maxsize
        self._is_stale = False

    def walk(self, notes: Iterable[tuple[Note, list[Suggestion]]], limit: int) -> None:
        """Walk through the suggestions for notes, at most `limit` for each, until the user quits or the limit is reached."""
        for note, first in notes:
            if (
                not all(self._prompt_suggestion(note, suggestion, count) for suggestion, count in self._list_unseen(note, first, limit))
                or not self._left
            ):
                break

    def _list_unseen(self, note: Note, first: list[Suggestion], limit: int) -> Iterator[tuple[Suggestion, str]]:
        """Yield the suggestions for a note that were not shown yet, each with its position, e.g. "2 of 5".

        They are computed again after a note was written, because insertion points move then.
        """
        found = first
        shown = 0
        while True:
            if self._is_stale:
                self._session.open_notebook().refresh()
                fresh = self._session.open_notebook().catalogue.find_notes_by_path([note.path]).get(note.path)
                found = suggest_links(self._session, fresh, limit) if fresh else []
                self._is_stale = False
            found = [suggestion for suggestion in found if frozenset((note.path, suggestion.note.path)) not in self._seen][: self._left]
            if not found:
                return
            self._seen.add(frozenset((note.path, found[0].note.path)))
            self._left -= 1
            shown += 1
            yield found[0], f"{shown} of {shown + len(found) - 1}"

    def _prompt_suggestion(self, note: Note, suggestion: Suggestion, count: str) -> bool:
        """Show a suggestion and act on keys until it is dealt with. Return False to end the walk."""

        def apply() -> str:
            message = insert_links.insert_suggestion(self._session.open_notebook(), note, suggestion)
            self.inserted += 1
            self._is_stale = True
            return message

        def dismiss() -> str:
            notebook = self._session.open_notebook()
            with notebook.lock():
                lists.dismiss_pair(notebook.root, note.handle, suggestion.note.handle)
            self.dismissed += 1
            return "dismissed"

        def skip() -> str:
            self.skipped += 1
            return "skipped"

        def open_() -> str:
            path = suggestion.insertion_point.source
            open_note(self._session, self._keys, path)
            self._seen.discard(frozenset((note.path, suggestion.note.path)))  # show it again in its current form, if it is still suggested
            self._left += 1
            self._is_stale = True
            return f"opened {path}"

        branches = (Branch(format_note(note), (build_suggestion_branch(note, suggestion),)),)
        actions = {"a": apply, "y": apply, "d": dismiss, "s": skip, "n": skip, " ": skip, "o": open_}
        return prompt_action(self._session.console, self._keys, branches, f"{count}   {KEYS}", HELP, actions)
