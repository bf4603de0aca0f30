"""Check an open note: what can be judged by its text in the editor and by the names of other notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from zettel.model.base.value import NamedTuple
from zettel.model.check.blank_destinations import list_unread_links
from zettel.model.check.check import CheckSelection, Finding, select_checks
from zettel.model.check.registry import CHECKS
from zettel.model.edit.sections import HeadingLink, describe_anchors, find_heading_links
from zettel.model.editor.editor_text import TextSpan
from zettel.model.editor.places import ByteSpan, find_line_span, find_link_span
from zettel.model.link.link import Link, ResolvedLink
from zettel.model.note.absent_note import AbsentNote
from zettel.model.note.fingerprint import Fingerprint, build_fingerprint
from zettel.model.note.note import Note
from zettel.model.note.problem import Problem
from zettel.services.check_facts import CheckFacts, locate_byte
from zettel.services.open_notes import NoteText, OpenNotes
from zettel.session import Session

NOTE_CHECKS = (
    "front-matter",
    "displaced-front-matter",
    "wide-table",
    "conflict-marker",
    "ambiguous",
    "dangling",
    "blank-in-link",
    "no-heading",
    "stale-label",
    "self",
)
"""The checks that need no other note than those that a note links to."""


class PlacedFinding(NamedTuple):
    """A problem of an open note, where it stands, and the notes that it is about."""

    finding: Finding
    span: TextSpan
    related: tuple[str, ...]


class OpenNoteFacts(CheckFacts):
    """The facts about one open note that checks look at. `notes` are those that it links to, and itself."""

    def __init__(self, session: Session, notes: OpenNotes, text: NoteText) -> None:
        assert notes.notebook
        super().__init__(session, notes.notebook)
        self._open_notes, self._text = notes, text

    @cached_property
    def notes(self) -> Mapping[str, Note]:
        """The note, and those that its links lead to or might lead to."""
        resolutions = [resolved.resolution for resolved in self._open_notes.list_links(self._text.path)]
        paths = [self._text.path, *(path for found in resolutions for path in (found.target, *found.candidates) if path)]
        return self._open_notes.find_notes(list(dict.fromkeys(paths)))

    @cached_property
    def known_problems(self) -> Sequence[Problem]:
        """The problems that were found when the text was parsed."""
        return self._text.parsed.problems

    @cached_property
    def fingerprints(self) -> Mapping[str, Fingerprint]:
        """The fingerprint of the text."""
        return {self._text.path: build_fingerprint(self._text.document.text)}

    @cached_property
    def absent_notes(self) -> Sequence[AbsentNote]:
        """No notes: the trash is not looked at while somebody writes."""
        return ()

    def list_links(self, status: str) -> Sequence[ResolvedLink]:
        """Return the links of the note with this status, in order."""
        return [resolved for resolved in self._open_notes.list_links(self._text.path) if resolved.resolution.status == status]

    def find_position(self, path: str, start: int) -> tuple[int, int]:
        """Return the line and column (in characters), from 1, of a byte of the text."""
        return locate_byte(self._text.data, start)

    def find_anchors(self, path: str) -> Mapping[str, str]:
        """Return the keys of the anchors of a note, each with the words of its heading."""
        text = self._open_notes.load_text(path)
        return describe_anchors(text.parsed, text.data)

    def list_heading_links(self, path: str) -> Sequence[HeadingLink]:
        """Return the links of the note to headings of its own text that are not links to a note."""
        return list(find_heading_links(self._text.parsed)) if path == self._text.path else ()

    def list_unread_links(self, path: str) -> Sequence[Link]:
        """Return what was meant for a link in the note but is text."""
        if path != self._text.path or "](" not in self._text.document.text:
            return ()
        return list(list_unread_links(self._text.parsed, path, self._text.document.text))

    def is_word(self, word: str) -> bool:
        """Return True, so that no word is taken for a typing error while somebody writes."""
        return True


def select_note_checks(session: Session) -> CheckSelection:
    """Return the checks of one note that the settings ask for. Raises `SettingsError`."""
    chosen = select_checks(CHECKS, (), (), session.settings)
    return CheckSelection(tuple(pair for pair in chosen.checks if pair[0].code in NOTE_CHECKS), chosen.ignored_paths)


def check_open_note(session: Session, notes: OpenNotes, path: str) -> Iterator[PlacedFinding]:
    """Yield the problems of an open note, in order. Raises `SettingsError`."""
    text = notes.texts[path]
    places: dict[tuple[int, int], ByteSpan] = {}
    related: dict[tuple[int, int], tuple[str, ...]] = {}
    for heading_link in find_heading_links(text.parsed):
        places[locate_byte(text.data, heading_link.start)] = ByteSpan(heading_link.start, heading_link.end)
    for resolved in notes.list_links(path):
        position = locate_byte(text.data, resolved.link.start)
        places[position] = find_link_span(text.data, resolved.link)
        related[position] = resolved.resolution.candidates
    for finding in select_note_checks(session).list_findings(OpenNoteFacts(session, notes, text)):
        position = finding.problem.line, finding.problem.col
        span = places.get(position) or _find_rest_of_line(text, *position)
        yield PlacedFinding(finding, text.document.find_span(*span), related.get(position, ()))


def _find_rest_of_line(text: NoteText, line: int, column: int) -> ByteSpan:
    """Return the span of a line from a column on, both from 1."""
    number = min(line, len(text.document.lines)) - 1
    start = text.document.find_line_start(number) + len(text.document.lines[number][: column - 1].encode())
    return ByteSpan(start, max(start, find_line_span(text.data, start).end))
