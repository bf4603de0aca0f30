"""Check an open note: what can be judged by its text in the editor and by the names of other notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from zettel.model.base.value import NamedTuple
from zettel.model.check.blank_destinations import list_unread_links
from zettel.model.check.check import Check, CheckSelection, Finding, NotebookFacts, select_checks
from zettel.model.check.registry import CHECKS
from zettel.model.check.stale_labels import find_stale_label
from zettel.model.edit.sections import HeadingLink, describe_anchors, find_heading_links
from zettel.model.editor.editor_text import TextSpan
from zettel.model.editor.places import ByteSpan, find_line_span, find_link_span, find_title_span, list_tag_places
from zettel.model.link.link import OK, Link, ResolvedLink
from zettel.model.note.absent_note import AbsentNote
from zettel.model.note.fingerprint import Fingerprint, build_fingerprint
from zettel.model.note.note import Note
from zettel.model.note.problem import Problem
from zettel.model.note.sync_copy import list_originals
from zettel.model.text.fold import fold
from zettel.services.check_facts import CheckFacts
from zettel.services.editor.open_note_rules import find_broken_rules
from zettel.services.editor.open_notes import NoteText, OpenNotes
from zettel.session import Session

NOTE_CHECKS = (
    "front-matter",
    "displaced-front-matter",
    "wide-table",
    "conflict-marker",
    "encoding",
    "duplicate-id",
    "duplicate-title",
    "conflict-copy",
    "twin-tag",
    "rule",
    "ambiguous",
    "dangling",
    "blank-in-link",
    "no-heading",
    "stale-label",
    "self",
)
"""The checks that need no other notes than those that a note links to or shares a name with. For tags and rules, what is known of all notes will do."""

MAX_BROKEN_LINKS = 1000
"""How many links of a note that lead nowhere, or to several notes, are judged."""

WHOLE_NOTE_CHECKS = ("duplicate-id", "duplicate-title", "conflict-copy", "near-duplicate", "rule")
"""The checks whose problems are those of a whole note. An editor shows them at its title."""


class PlacedFinding(NamedTuple):
    """A problem of an open note, where it stands, and the notes that it is about."""

    finding: Finding
    span: TextSpan
    related: tuple[str, ...]


class OpenNoteFacts(CheckFacts):
    """The facts about one open note that checks look at. `notes` are those that it links to or shares a name with, and itself."""

    def __init__(self, session: Session, notes: OpenNotes, text: NoteText) -> None:
        assert notes.notebook
        super().__init__(session, notes.notebook)
        self._open_notes, self._text = notes, text

    @cached_property
    def notes(self) -> Mapping[str, Note]:
        """The note, those that its links lead to or might lead to, those that share a name with it, and what these may be copies of."""
        resolutions = [resolved.resolution for resolved in self._open_notes.list_links(self._text.path)]
        paths = [self._text.path, *(path for found in resolutions for path in (found.target, *found.candidates) if path)]
        named = self._list_namesakes()
        originals = [original.path for path in (self._text.path, *named) for original in list_originals(path)]
        return self._open_notes.find_notes(list(dict.fromkeys((*paths, *named, *originals))))

    def _list_namesakes(self) -> list[str]:
        """Return the paths of other notes with the same ID, title or alias."""
        parsed, path = self._text.parsed, self._text.path
        keys = [f"t:{fold(name)}" for name in (parsed.title, *parsed.aliases)] + ([f"i:{parsed.id}"] if parsed.id else [])
        found = [other for key in keys for other in self._notebook.catalogue.find_paths_by_key(key)]
        return [other for other in dict.fromkeys(found) if other != path]

    @cached_property
    def known_problems(self) -> Sequence[Problem]:
        """The problems that were found when the text was parsed, and that its file is not UTF-8, which an editor does not show."""
        path = self._text.path
        saved = [one for one in self._notebook.catalogue.list_problems() if one.path == path and one.code == "encoding"]
        return [*self._text.parsed.problems, *saved]

    @cached_property
    def tags(self) -> Sequence[tuple[str, Sequence[str]]]:
        """The tags of several notes, and those of this one. Only the number of notes is known, besides this one."""
        path, own = self._text.path, {fold(tag): tag for tag in self._text.parsed.tags}
        saved = self._notebook.catalogue.find_notes_by_path([path]).get(path)
        before = {fold(tag) for tag in saved.tags} if saved else set()
        others = {fold(tag): (tag, count - (fold(tag) in before)) for tag, count in self._open_notes.count_tags()}
        found = [(tag, [""] * count) for key, (tag, count) in others.items() if count > 1 and key not in own]
        found += [(tag, [path, *[""] * (others[key][1] if key in others else 0)]) for key, tag in own.items()]
        return found

    def find_broken_rules(self) -> Iterator[Problem]:
        """Yield the problems by the user's own rules."""
        return find_broken_rules(self, self._open_notes, self._text.path)

    @cached_property
    def fingerprints(self) -> Mapping[str, Fingerprint]:
        """The fingerprint of the text."""
        return {self._text.path: build_fingerprint(self._text.document.text)}

    @cached_property
    def absent_notes(self) -> Sequence[AbsentNote]:
        """No notes: the trash is not looked at while somebody writes."""
        return ()

    def list_links(self, status: str) -> Sequence[ResolvedLink]:
        """Return the links of the note with this status, in order: the first ones, if they lead nowhere."""
        found = [resolved for resolved in self._open_notes.list_links(self._text.path) if resolved.resolution.status == status]
        return found if status == OK else found[:MAX_BROKEN_LINKS]

    def find_position(self, path: str, start: int) -> tuple[int, int]:
        """Return the line and column (in characters), from 1, of a byte of the text."""
        return self._text.locate(start)

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
    chosen = select_checks(OPEN_NOTE_CHECKS, (), (), session.settings)
    return CheckSelection(tuple(pair for pair in chosen.checks if pair[0].code in NOTE_CHECKS), chosen.ignored_paths)


def _find_broken_rules(facts: NotebookFacts) -> Iterator[Problem]:
    assert isinstance(facts, OpenNoteFacts)
    return facts.find_broken_rules()


def _adapt_check(check: Check) -> Check:
    """Return a check, that of rules so that it judges one note."""
    if check.code != "rule":
        return check
    return Check(check.code, check.severity, check.description, check.hint, _find_broken_rules)


OPEN_NOTE_CHECKS = tuple(map(_adapt_check, CHECKS))
"""All checks, as they judge an open note."""


def check_open_note(
    session: Session, notes: OpenNotes, path: str, build_facts: Callable[[Session, OpenNotes, NoteText], OpenNoteFacts] = OpenNoteFacts
) -> Iterator[PlacedFinding]:
    """Yield the problems of an open note, in order. `build_facts` chooses what is known about other notes. Raises `SettingsError`."""
    text = notes.texts[path]
    places: dict[tuple[int, int], ByteSpan] = {}
    related: dict[tuple[int, int], tuple[str, ...]] = {}
    for heading_link in find_heading_links(text.parsed):
        places[text.locate(heading_link.start)] = ByteSpan(heading_link.start, heading_link.end)
    for resolved in notes.list_links(path):
        position = text.locate(resolved.link.start)
        places[position] = find_link_span(text.data, resolved.link)
        related[position] = resolved.resolution.candidates
    tags: dict[tuple[int, int], ByteSpan] | None = None
    for finding in select_note_checks(session).list_findings(build_facts(session, notes, text)):
        if finding.problem.path != path:
            continue
        position = finding.problem.line, finding.problem.col
        if finding.check.code == "twin-tag":
            tags = _map_tags(notes, text) if tags is None else tags
            span = tags.get(position)
        elif position == (1, 1) and finding.check.code in WHOLE_NOTE_CHECKS:
            yield PlacedFinding(finding, place_title(notes, path), finding.problem.related)
            continue
        else:
            span = places.get(position)
        span = span or _find_rest_of_line(text, *position)
        yield PlacedFinding(finding, text.document.find_span(*span), finding.problem.related or related.get(position, ()))


def place_title(notes: OpenNotes, path: str) -> TextSpan:
    """Return the place at which an editor shows the problems of a whole open note: its title."""
    text = notes.texts[path]
    span = find_title_span(text.parsed, text.data, text.sections)
    return text.document.find_span(*(span if span.end > span.start else find_line_span(text.data, 0)))


def _map_tags(notes: OpenNotes, text: NoteText) -> dict[tuple[int, int], ByteSpan]:
    """Return the span of each tag of a note by its line and column."""
    return {text.locate(tag.span.start): tag.span for tag in list_tag_places(notes.parse_tags(text), text.document.text)}


def list_stale_links(session: Session, notes: OpenNotes, text: NoteText, links: Iterable[ResolvedLink]) -> set[int]:
    """Return where those of some links of an open note begin whose words are no longer a name of their note."""
    facts = OpenNoteFacts(session, notes, text)
    return {one.link.start for one in links if one.resolution.status == OK and find_stale_label(facts, one)}


def _find_rest_of_line(text: NoteText, line: int, column: int) -> ByteSpan:
    """Return the span of a line from a column on, both from 1."""
    number = min(line, len(text.document.lines)) - 1
    start = text.document.find_line_start(number) + len(text.document.lines[number][: column - 1].encode())
    return ByteSpan(start, max(start, find_line_span(text.data, start).end))
