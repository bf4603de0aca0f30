"""Provide the facts that checks look at, each fetched from the notebook on first use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from zettel.adapters.fs import files
from zettel.model.base.errors import Unreadable
from zettel.model.check.blank_destinations import list_unread_links
from zettel.model.check.intended_target import list_names
from zettel.model.check.outline import Outline
from zettel.model.edit.sections import HeadingLink
from zettel.model.link.link import OK, Link, ResolvedLink
from zettel.model.note.absent_note import AbsentNote, build_put_away_note
from zettel.model.note.fingerprint import Fingerprint
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.note.problem import Problem
from zettel.model.note.tags import fold_tags
from zettel.model.settings.rule_grammar import Rule
from zettel.model.text.fast_datetime import date
from zettel.model.text.fold import fold
from zettel.model.text.prose import blank_links
from zettel.model.text.tokens import tokenise
from zettel.notebook.notebook import OpenNotebook
from zettel.services.trash import list_trash
from zettel.session import Session


class CheckFacts:
    """The facts about one notebook that checks look at (see `zettel.model.check.check.Facts`)."""

    def __init__(self, session: Session, notebook: OpenNotebook) -> None:
        self._session, self._notebook = session, notebook
        self._links: dict[str, list[ResolvedLink]] = {}
        self._last_read: tuple[str, bytes] = "", b""

    @cached_property
    def notes(self) -> Mapping[str, Note]:
        """Every note by its path, sorted by path."""
        return {note.path: note for note in self._notebook.catalogue.list_notes()}

    @cached_property
    def known_problems(self) -> Sequence[Problem]:
        """The problems that were found when notes were parsed, and the files that were skipped."""
        return self._notebook.list_problems()

    @cached_property
    def fingerprints(self) -> Mapping[str, Fingerprint]:
        """The fingerprint of every note's text, by its path."""
        return self._notebook.load_fingerprints(self._session.console.choose_progress())

    @cached_property
    def tags(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Every tag in its most frequent spelling, and the paths of the notes that have it."""
        return self._notebook.catalogue.list_paths_by_tag()

    @cached_property
    def today(self) -> date:
        """Today's date in local time."""
        return self._session.today()

    @cached_property
    def grace_days(self) -> int:
        """The days during which a new note is not called empty, isolated or an orphan, from the setting check.grace-days."""
        days = self._session.get_setting("check.grace-days")
        return days if isinstance(days, int) else 0

    @cached_property
    def grace_tags(self) -> frozenset[str]:
        """The folded tags of notes that are never called so, from the setting check.grace-tags."""
        tags = self._session.get_setting("check.grace-tags")
        return fold_tags(tags if isinstance(tags, tuple) else ())

    @cached_property
    def absent_notes(self) -> Sequence[AbsentNote]:
        """The notes in the trash, those deleted last at the end, and those that iCloud has put away."""
        put_away = [build_put_away_note(path) for path in self._notebook.list_put_away()]
        return [*(trashed.note for trashed in reversed(list_trash(self._notebook))), *put_away]

    @cached_property
    def rules(self) -> Sequence[Rule]:
        """The user's own rules, from the setting check.rules."""
        texts = self._session.get_setting("check.rules")
        if not isinstance(texts, tuple) or not texts:
            return ()
        from zettel.model.settings.rule_grammar import parse_rule

        return [parse_rule(text, "check.rules") for text in texts]

    @cached_property
    def edges(self) -> Sequence[tuple[str, str]]:
        """A (source, target) pair for every two notes with a link between them, each once, without links of a note to itself."""
        return self._notebook.catalogue.list_edges()

    def list_links(self, status: str) -> Sequence[ResolvedLink]:
        """Return the links with this status, including links of a note to itself, by source and position."""
        if status not in self._links:
            self._links[status] = self._notebook.catalogue.find_links(status=status)
        return self._links[status]

    def find_by_key(self, key: str) -> Sequence[str]:
        """Return the paths of the notes that a key names (see `zettel.model.link.resolve`), sorted."""
        return self._notebook.catalogue.find_paths_by_key(key)

    def find_position(self, path: str, start: int) -> tuple[int, int]:
        """Return the line and column (in characters), from 1, of a byte offset in a note."""
        return locate_byte(self._read_bytes(path), start)

    @cached_property
    def _outlines(self) -> Mapping[str, Outline]:
        """The outline of every note by its path, with the anchors of those to whose headings or blocks a link may lead."""
        anchored = {str(resolved.resolution.target) for resolved in self.list_links(OK) if "#" in resolved.link.dest}
        return self._notebook.load_outlines(anchored, self._session.console.choose_progress())

    def find_anchors(self, path: str) -> Mapping[str, str]:
        """Return the keys of the anchors of a note that a link with an anchor leads to, each with the words of its heading."""
        return (self._outlines.get(path) or Outline()).anchors or {}

    def list_heading_links(self, path: str) -> Sequence[HeadingLink]:
        """Return the links of a note to headings of its own text that are not links to a note."""
        return (self._outlines.get(path) or Outline()).heading_links

    def list_unread_links(self, path: str) -> Sequence[Link]:
        """Return what was meant for a link in a note but is text."""
        if not (self._outlines.get(path) or Outline()).has_unread_links:
            return ()
        return list(list_unread_links(self._notebook.parse_file(path), path, self.read_text(path)))

    def resolve_link(self, link: Link) -> str | None:
        """Return the path of the note that a link names, which need not be in any note yet, or None."""
        return self._notebook.resolve_link(link)

    def has_file(self, path: str) -> bool:
        """Return whether there is a file at a path of the notebook."""
        return files.exists(self._notebook.root, path)

    def is_word(self, word: str) -> bool:
        """Return whether a folded word occurs in a note's name, in a tag, or in a note's prose outside of links."""
        if word in self._name_words:
            return True
        candidates = (path for path in self.notes if word in fold(self.read_text(path)))
        return any(word in _find_words(self._notebook.parse_file(path)) for path in candidates)

    @cached_property
    def _name_words(self) -> set[str]:
        texts = [name for note in self.notes.values() for name in (*list_names(note), *note.tags)]
        return {word for text in texts for word, _, _ in tokenise(text)}

    def read_text(self, path: str) -> str:
        """Return the text of a note's file, or an empty string if it cannot be read."""
        return files.decode_bytes(self._read_bytes(path))[0]

    def _read_bytes(self, path: str) -> bytes:
        if self._last_read[0] != path:
            try:
                self._last_read = path, self._notebook.read_bytes(path)
            except Unreadable:
                self._last_read = path, b""
        return self._last_read[1]


def locate_byte(data: bytes, start: int) -> tuple[int, int]:
    """Return the line and column (in characters), from 1, of a byte offset in a file. LF, CRLF and CR each end a line."""
    before = data[:start].removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line = before.rpartition(b"\n")[2]
    return before.count(b"\n") + 1, len(line.decode("utf-8", "replace")) + 1


def _find_words(parsed: ParsedNote) -> set[str]:
    return {word for passage in parsed.passages for word, _, _ in tokenise(blank_links(passage.prose))}
