"""Answer questions about notes of which some are open in an editor, where their unsaved text counts.

The catalogue knows the saved text only. For an open note, links, title, aliases and tags are those of the text in the editor; the links of
other notes are resolved by what is saved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zettel.adapters.fs.files import decode_bytes
from zettel.adapters.parse.note import find_tag_scalars, parse_note_bytes
from zettel.model.base.errors import Unreadable
from zettel.model.edit.retag import TaggedNote
from zettel.model.edit.sections import Section, list_sections
from zettel.model.editor.completion_names import CompletionNames
from zettel.model.editor.editor_text import UTF_32, EditorText
from zettel.model.link.link import NOT_A_LINK, Link, Resolution, ResolvedLink
from zettel.model.link.resolve import resolve_link
from zettel.model.link.shown_sentence import (
    ID_SYNTAXES,
    ShownDestination,
    ShownSentence,
    end_label_with_title,
    label_with_title_beside,
    show_titles,
)
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote
from zettel.model.note.picker_item import PickerItem
from zettel.model.text.ids import is_id
from zettel.services.editor.known_notes import KnownNotes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.notebook.notebook import OpenNotebook


MAX_DRAWN_BYTES = 2 * 2**20
"""The size of a text whose links are all looked at after each change. A novel is smaller."""


class NoteText:
    """The text of a note, open or saved, and what it says, parsed on first use."""

    def __init__(self, notes: OpenNotes, path: str, document: EditorText) -> None:
        self._notes = notes
        self.path = path
        self.document = document
        self._parsed: ParsedNote | None = None
        self._sections: list[Section] | None = None
        self._characters: EditorText | None = None

    @property
    def data(self) -> bytes:
        """The text in UTF-8."""
        return self.document.data

    @property
    def parsed(self) -> ParsedNote:
        """The parsed note."""
        if self._parsed is None:
            self._parsed = self._notes.parse(self.path, self.data)
        return self._parsed

    @property
    def is_large(self) -> bool:
        """Whether the text is so large that its links are looked at only where somebody asks about one."""
        return len(self.data) > MAX_DRAWN_BYTES

    def locate(self, offset: int) -> tuple[int, int]:
        """Return the line and column (in characters), from 1, of a byte."""
        if self._characters is None:
            self._characters = self.document.count_in(UTF_32)
        line, column = self._characters.find_place(offset)
        return line + 1, column + 1

    @property
    def sections(self) -> list[Section]:
        """The sections of the note."""
        if self._sections is None:
            self._sections = list_sections(self.parsed, self.data)
        return self._sections


class _UnsavedTexts(Mapping[str, bytes]):
    """The bytes of all open notes, by path."""

    def __init__(self, texts: dict[str, NoteText]) -> None:
        self._texts = texts

    def __getitem__(self, path: str) -> bytes:
        return self._texts[path].data

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


class OpenNotes:
    """The notes of a notebook, some of them open. Without a notebook, the open ones are all there are, and links lead nowhere but into their own note.

    `encoding` is the one in whose units places count characters.
    """

    def __init__(self, notebook: OpenNotebook | None, encoding: str) -> None:
        self.notebook = notebook
        self.encoding = encoding
        self.texts: dict[str, NoteText] = {}
        self._links: dict[str, tuple[object, list[ResolvedLink]]] = {}
        self._counts: dict[str, tuple[object, dict[str, int]]] = {}
        self._known: KnownNotes | None = None
        self._tags: list[tuple[str, int]] = []
        self._tags_version: object = None
        self._names = CompletionNames()
        self._names_version: object = None
        self._names_turn: int | None = None
        if notebook:
            notebook.unsaved = _UnsavedTexts(self.texts)

    # Open notes

    def open(self, path: str, document: EditorText) -> None:
        """Take the text of a note from an editor from now on, or its text after an edit."""
        self.texts[path] = NoteText(self, path, document)
        self._links.pop(path, None)

    def close(self, path: str) -> None:
        """Take the text of a note from its file again."""
        self.texts.pop(path, None)
        self._links.pop(path, None)
        self._counts.pop(path, None)

    def load_text(self, path: str) -> NoteText:
        """Return the text of a note: the one in the editor if it is open, else that of its file. Raises `Unreadable`."""
        if path in self.texts:
            return self.texts[path]
        if self.notebook is None:
            raise Unreadable(f"{path} is not open", "open it in the editor")
        text = decode_bytes(self.notebook.read_bytes(path))[0]
        return NoteText(self, path, EditorText(text, self.encoding, hides_mark=True))

    def read_bytes(self, path: str, limit: int | None = None) -> bytes | None:
        """Return the bytes of a note, open or saved, or the first `limit` of them; None if it cannot be read."""
        try:
            if path in self.texts:
                return self.texts[path].data[:limit]
            return self.notebook.read_bytes(path)[:limit] if self.notebook else None
        except Unreadable:
            return None

    def parse(self, path: str, data: bytes) -> ParsedNote:
        """Parse a note as if it had these bytes."""
        return self.notebook.parse_note(path, data) if self.notebook else parse_note_bytes(path, data)

    def parse_tags(self, text: NoteText) -> TaggedNote:
        """Return a parsed note with the places of its tags."""
        return find_tag_scalars(text.parsed, text.data)

    @property
    def version(self) -> tuple[int, int]:
        """Numbers that change when the catalogue may have changed."""
        return self.notebook.catalogue.read_version() if self.notebook else (0, 0)

    # Notes

    def find_note(self, path: str) -> Note | None:
        """Return a note, with title, aliases and tags of its open text."""
        found = self.find_notes([path])
        return found.get(path)

    def find_notes(self, paths: list[str]) -> dict[str, Note]:
        """Return the notes at these paths, keyed by path. Those that do not exist are left out."""
        found = self.notebook.catalogue.find_notes_by_path(paths) if self.notebook else {}
        for path in paths:
            if path in self.texts:
                found[path] = self._overlay_note(path, found.get(path))
        return found

    def _overlay_note(self, path: str, saved: Note | None) -> Note:
        parsed = self.texts[path].parsed
        links = [resolved for resolved in self.list_links(path) if resolved.resolution.target not in (None, path)]
        return Note(
            path,
            parsed.id,
            parsed.title,
            parsed.aliases,
            parsed.tags,
            parsed.created or (saved.created if saved else ""),
            saved.modified if saved else "",
            parsed.words,
            len(links),
            saved.backlinks if saved else 0,
            saved.original if saved else "",
        )

    def load_names(self) -> CompletionNames:
        """Return the saved names of all notes, newest first."""
        version = self.version
        if self.notebook and version != self._names_version:
            catalogue = self.notebook.catalogue
            self._names_turn, changed = catalogue.find_changes(self._names_turn)
            if changed is None:
                self._names.load(catalogue.list_name_rows())
            elif changed:
                self._names.update(changed, catalogue.list_name_rows(changed))
            self._names_version = version
        return self._names

    def load_known_notes(self) -> KnownNotes:
        """Return all notes of the notebook, the open ones as they are in the editor."""
        assert self.notebook
        if self._known is None:
            self._known = KnownNotes(self.notebook.catalogue, self.find_notes)
        self._known.update(self.texts)
        return self._known

    def count_tags(self) -> list[tuple[str, int]]:
        """Return every saved tag with the number of notes that have it."""
        version = self.version
        if self.notebook and version != self._tags_version:
            self._tags, self._tags_version = self.notebook.catalogue.count_tags(), version
        return self._tags

    def list_open_items(self) -> list[PickerItem]:
        """Return the names of the open notes."""
        found = []
        for path, text in self.texts.items():
            parsed = text.parsed
            found.append(PickerItem(path, parsed.id, parsed.title, parsed.aliases, parsed.tags, parsed.created or ""))
        return found

    # Links

    def list_links(self, path: str) -> list[ResolvedLink]:
        """Return the links of a note in order, without numbers that are not links. Of a note that is not open, those in the catalogue."""
        if path not in self.texts:
            return self.notebook.catalogue.find_links(source=path) if self.notebook else []
        version = self.version
        known = self._links.get(path)
        if known and known[0] == version:
            return known[1]
        found = self._resolve_links(self.texts[path])
        self._links[path] = version, found
        return found

    def _resolve_links(self, text: NoteText) -> list[ResolvedLink]:
        links = text.parsed.links
        resolved = [(link, self.resolve(link)) for link in links]
        targets = list(dict.fromkeys(found.target for _, found in resolved if found.target and found.target not in self.texts))
        notes = self.notebook.catalogue.find_notes_by_path(targets) if self.notebook else {}
        names = {path: (note.title, note.aliases) for path, note in notes.items()}
        names |= {path: (one.parsed.title, one.parsed.aliases) for path, one in self.texts.items()}
        by_start = {link.start: (link, names.get(found.target or "")) for link, found in resolved}
        return [ResolvedLink(_show_link(link, found, by_start), found) for link, found in resolved if found.status != NOT_A_LINK]

    def resolve(self, link: Link) -> Resolution:
        """Return what a link names."""
        lookup = self.notebook.catalogue.find_paths_by_key if self.notebook else lambda _key: ()
        return resolve_link(link.source, link.syntax, link.dest, lookup)

    def count_backlinks(self, path: str) -> int:
        """Return how many links from other notes lead to a note."""
        return sum(self.count_backlinks_by_source(path).values())

    def count_backlinks_by_source(self, path: str) -> dict[str, int]:
        """Return how many links lead to a note from each other note that has any, by path, and then those of open notes.

        Saved ones are only counted again when the catalogue has changed.
        """
        version = self.version
        known = self._counts.get(path)
        if known is None or known[0] != version:
            saved = self.notebook.catalogue.count_backlinks_by_source(path) if self.notebook else {}
            known = self._counts[path] = version, dict(sorted(saved.items()))
        found = {source: links for source, links in known[1].items() if source not in self.texts}
        for source in self.texts:
            if source != path and (links := self.list_backlinks_from(source, path)):
                found[source] = len(links)
        return found

    def list_backlinks(self, path: str) -> list[ResolvedLink]:
        """Return the links from other notes to a note, by source and position: those of open notes as they are in the editor."""
        saved = self.notebook.catalogue.find_links(target=path) if self.notebook else []
        found = [resolved for resolved in saved if resolved.link.source not in self.texts and not resolved.is_self]
        for source in self.texts:
            if source != path:
                found += self.list_backlinks_from(source, path)
        return found

    def list_backlinks_from(self, source: str, path: str) -> list[ResolvedLink]:
        """Return the links from one note to another, by position."""
        if source in self.texts:
            return [resolved for resolved in self.list_links(source) if resolved.resolution.target == path]
        return self.notebook.catalogue.find_links(source=source, target=path) if self.notebook else []


def _show_link(link: Link, resolution: Resolution, by_start: Mapping[int, tuple[Link, tuple[str, tuple[str, ...]] | None]]) -> Link:
    """Return a link with its sentence as people see it, and with the label that ends where its target's title ends."""
    spans = []
    for start, first, last in link.names:
        other, names = by_start.get(start, (None, None))
        if other and names:
            spans.append(ShownDestination(first, last, start == link.start, other.dest, *names, other.syntax in ID_SYNTAXES))
    shown = ShownSentence(link.sentence, link.mark, link.label)
    if spans:
        shown = show_titles(shown, spans)
    own = by_start[link.start][1]
    if resolution.target and own and link.syntax in ID_SYNTAXES:
        shown = end_label_with_title(shown, own[0])
    elif resolution.target and own and is_id((shown.label or link.dest).partition("#")[0].strip("[]§ ")):
        shown = shown._replace(label=label_with_title_beside(shown, own[0]).label)
    if shown == (link.sentence, link.mark, link.label):
        return link
    sentence, mark, label = shown
    return Link(
        link.source, link.syntax, link.text, link.dest, label, link.line, link.start, link.end, link.headings, sentence, mark, link.names
    )
