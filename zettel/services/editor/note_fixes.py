"""Find the problems of an open note as `check NOTE --fix` does: by its text in the editor, and by all other notes as they are saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from zettel.model.check.intended_target import normalise_name, split_folder_and_name
from zettel.model.edit.changes import Plan
from zettel.model.link.link import DANGLING, ResolvedLink
from zettel.model.note.absent_note import AbsentNote
from zettel.model.note.note import Note
from zettel.services.check_facts import CheckFacts
from zettel.services.editor.near_notes import list_candidates
from zettel.services.editor.open_note_facts import OpenNoteFacts, PlacedFinding, check_open_note
from zettel.services.editor.open_notes import NoteText, OpenNotes
from zettel.services.repair import plan_repairs
from zettel.session import Session

MAX_DANGLING = 50
"""For how many dangling links of a note near names are looked for while somebody waits."""


class OpenNoteAmongNear(OpenNoteFacts):
    """The facts about an open note, about those that it links to, and about those that its dangling links may have been meant for."""

    def __init__(self, session: Session, notes: OpenNotes, text: NoteText) -> None:
        super().__init__(session, notes, text)
        self._near = notes, text.path

    @cached_property
    def notes(self) -> Mapping[str, Note]:
        """These notes by their paths."""
        notes, path = self._near
        dangling = [resolved.link for resolved in notes.list_links(path) if resolved.resolution.status == DANGLING][:MAX_DANGLING]
        near = {note.path: note for link in dangling for note in list_candidates(notes, link)}
        return {**notes.find_notes(list(near)), **super().notes}


class OpenNoteAmongAll(OpenNoteFacts):
    """The facts about an open note, and about all others, among which the notes are found that its links were meant for."""

    def __init__(self, session: Session, notes: OpenNotes, text: NoteText) -> None:
        super().__init__(session, notes, text)
        self._all = notes, text.path

    @cached_property
    def notes(self) -> Mapping[str, Note]:
        """Every note by its path, the open one as it is in the editor."""
        notes, path = self._all
        assert notes.notebook
        found = {note.path: note for note in notes.notebook.catalogue.list_notes()}
        return {**found, **notes.find_notes([path])}

    @cached_property
    def absent_notes(self) -> Sequence[AbsentNote]:
        """The notes in the trash."""
        return super(OpenNoteFacts, self).absent_notes

    def list_links(self, status: str) -> Sequence[ResolvedLink]:
        """Return the links of the note with this status. Links of other notes that dangle under the same names follow."""
        own = super().list_links(status)
        if status != DANGLING or not own:
            return own
        notes, path = self._all
        assert notes.notebook
        names = {normalise_name(split_folder_and_name(resolved.link)[1]) for resolved in own}
        others = notes.notebook.catalogue.find_links(status=DANGLING)
        same = [one for one in others if one.link.source != path and normalise_name(split_folder_and_name(one.link)[1]) in names]
        return [*own, *same]

    def find_position(self, path: str, start: int) -> tuple[int, int]:
        """Return the line and column, from 1, of a byte of the text. What stands in other notes is not placed."""
        return super().find_position(path, start) if path == self._all[1] else (1, 1)

    def is_word(self, word: str) -> bool:
        """Return whether a folded word occurs in the name of a note, in a tag, or in prose outside links."""
        return CheckFacts.is_word(self, word)


def check_among_near(session: Session, notes: OpenNotes, path: str) -> list[PlacedFinding]:
    """Return the problems of an open note, with the repairs that are found fast. Raises `SettingsError`.

    A name with a typing error is only repaired by `check_among_all`, which looks whether the wrong word is used anywhere.
    """
    return list(check_open_note(session, notes, path, OpenNoteAmongNear))


def check_among_all(session: Session, notes: OpenNotes, path: str) -> list[PlacedFinding]:
    """Return the problems of an open note, with all repairs. Takes a second in a notebook of 10,000 notes. Raises `SettingsError`."""
    return list(check_open_note(session, notes, path, OpenNoteAmongAll))


def plan_fixes(notes: OpenNotes, found: Sequence[PlacedFinding]) -> Plan:
    """Plan the safe repairs of some problems of an open note, as edits of its text."""
    assert notes.notebook
    return plan_repairs(notes.notebook, [one.finding for one in found])
