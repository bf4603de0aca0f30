"""Find where links, headings and tags lead, and what leads to them, as places in the texts of notes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from zettel.adapters.fs.files import decode_bytes
from zettel.model.base.errors import Unreadable
from zettel.model.base.value import NamedTuple
from zettel.model.edit.sections import HeadingLink, Section, find_heading_links, map_anchor_owners
from zettel.model.editor.editor_text import EditorText, TextPlace, TextSpan, find_span_in_line
from zettel.model.editor.places import (
    ByteSpan,
    TagPlace,
    find_anchor_section,
    find_anchor_span,
    find_line_span,
    find_link_at,
    find_link_span,
    find_section_at,
    find_title_section,
    find_title_span,
    guess_title_line,
    list_tag_places,
)
from zettel.model.link.link import ResolvedLink
from zettel.model.text.fold import fold
from zettel.services.editor.open_notes import NoteText, OpenNotes

FEW_LINKS = 20
"""Of how many links in one note each is placed by itself. With more, they might all stand in one line, which is then counted once."""

MAX_TITLE_BYTES = 4000
"""In how many bytes at its start a note's title is looked for where it must be found fast."""


class NotePlace(NamedTuple):
    """A place in the note at `path`."""

    path: str
    span: TextSpan


class LinkTarget(NamedTuple):
    """Where a link leads: to `target`. `origin` is the place of the link itself."""

    origin: TextSpan
    target: NotePlace


class LinkPlace(NamedTuple):
    """A link of an open note that leads to a note, whose title is `title`."""

    span: TextSpan
    resolved: ResolvedLink
    title: str


def find_definitions(notes: OpenNotes, path: str, place: TextPlace) -> list[LinkTarget]:
    """Return where the link at a place of an open note leads: to a heading, a block or the title of a note; to all candidates if it is ambiguous."""
    text = notes.texts[path]
    offset = text.document.find_offset(place)
    found = find_link_at(text.data, notes.list_links(path), offset)
    if not found:
        return _find_heading_definitions(text, offset)
    resolved, span = found
    origin = text.document.find_span(*span)
    targets = [resolved.resolution.target] if resolved.resolution.target else list(resolved.resolution.candidates)
    return [LinkTarget(origin, target) for one in targets if (target := locate_target(notes, one, resolved))]


def _find_heading_definitions(text: NoteText, offset: int) -> list[LinkTarget]:
    """Return where `[words](#heading)` leads, which is a link to a heading of its own note."""
    for link in find_heading_links(text.parsed):
        if link.start <= offset <= link.end:
            number = map_anchor_owners(text.parsed, text.sections).get(link.key)
            if number is not None:
                span = find_line_span(text.data, text.sections[number].start)
                target = NotePlace(text.path, text.document.find_span(*span))
                return [LinkTarget(text.document.find_span(link.start, link.end), target)]
    return []


def locate_target(notes: OpenNotes, path: str, resolved: ResolvedLink | None = None) -> NotePlace | None:
    """Return the place of a note's title, or of the heading or block that a link names. None if the note cannot be read."""
    try:
        text = notes.load_text(path)
    except Unreadable:
        return None
    span = find_anchor_span(text.parsed, text.data, text.sections, resolved.link) if resolved else None
    span = span or find_title_span(text.parsed, text.data, text.sections)
    return NotePlace(path, text.document.find_span(*span))


def locate_title_roughly(notes: OpenNotes, path: str) -> NotePlace:
    """Return the line of a note in which its title most likely stands, without parsing the note."""
    data = notes.read_bytes(path, MAX_TITLE_BYTES) or b""
    return NotePlace(path, TextSpan(TextPlace(line := guess_title_line(data), 0), TextPlace(line, 0)))


def list_link_places(notes: OpenNotes, path: str) -> list[LinkPlace]:
    """Return the links of an open note that lead to a note, in order."""
    text = notes.texts[path]
    links = [resolved for resolved in notes.list_links(path) if resolved.resolution.target]
    targets = notes.find_notes(list(dict.fromkeys(resolved.resolution.target for resolved in links if resolved.resolution.target)))
    return [
        LinkPlace(text.document.find_span(*find_link_span(text.data, resolved.link)), resolved, target.title)
        for resolved in links
        if (target := targets.get(resolved.resolution.target or ""))
    ]


def find_references(notes: OpenNotes, path: str, place: TextPlace, *, with_declaration: bool = False) -> list[NotePlace]:
    """Return what leads to the same as the link, heading or tag at a place of an open note; elsewhere the backlinks of that note.

    The newest source comes first. `with_declaration` adds the title or heading itself.
    """
    text = notes.texts[path]
    offset = text.document.find_offset(place)
    found = find_link_at(text.data, notes.list_links(path), offset)
    if found and not found[0].resolution.target:
        return _locate_links(notes, sort_newest_first(notes, _list_same_links(notes, found[0])))
    if not found and (tag := find_tag_at(notes, text, offset)):
        return find_tag_places(notes, tag.tag)
    section = None if found else find_section_at(text.sections, offset)
    if section and section is not find_title_section(text.parsed, text.sections):
        places = _locate_links(notes, find_section_backlinks(notes, text, section))
        places += [NotePlace(path, text.document.find_span(link.start, link.end)) for link in _list_own_heading_links(text, section)]
        own = NotePlace(path, text.document.find_span(*find_line_span(text.data, section.start)))
        return [own, *places] if with_declaration else places
    target = found[0].resolution.target if found and found[0].resolution.target else path
    places = _locate_links(notes, sort_newest_first(notes, notes.list_backlinks(target)))
    title = locate_target(notes, target) if with_declaration else None
    return [title, *places] if title else places


def _list_same_links(notes: OpenNotes, resolved: ResolvedLink) -> list[ResolvedLink]:
    """Return the links that ask for the same as one that leads to no note, or to several."""
    from zettel.model.link.resolve import list_link_keys

    link = resolved.link
    keys = list_link_keys(link.source, link.syntax, link.dest)
    saved = notes.notebook.catalogue.find_links_by_keys(keys) if notes.notebook else []
    found = [one for one in saved if one.link.source not in notes.texts and one.resolution == resolved.resolution]
    for path in notes.texts:
        found += [one for one in notes.list_links(path) if one.resolution == resolved.resolution and fold(one.link.dest) == fold(link.dest)]
    return found


def find_section_backlinks(notes: OpenNotes, text: NoteText, section: Section) -> list[ResolvedLink]:
    """Return the links to a heading of a note, its own ones included, newest source first."""
    own = [resolved for resolved in notes.list_links(text.path) if resolved.is_self]
    links = [*own, *notes.list_backlinks(text.path)]
    return sort_newest_first(
        notes, [one for one in links if "#" in one.link.dest and find_anchor_section(text.parsed, text.sections, one.link) is section]
    )


def _list_own_heading_links(text: NoteText, section: Section) -> list[HeadingLink]:
    """Return the links `[words](#heading)` to a heading of their own note."""
    owners = map_anchor_owners(text.parsed, text.sections)
    number = text.sections.index(section)
    return [link for link in find_heading_links(text.parsed) if owners.get(link.key) == number]


def sort_newest_first(notes: OpenNotes, links: Iterable[ResolvedLink]) -> list[ResolvedLink]:
    """Return links by when their source was created, newest first, those of one note in order."""
    by_source: dict[str, list[ResolvedLink]] = {}
    for resolved in links:
        by_source.setdefault(resolved.link.source, []).append(resolved)
    return [resolved for source in _sort_newest_first(notes, by_source) for resolved in by_source[source]]


def list_newest_backlinks(notes: OpenNotes, path: str, limit: int, left_out: str = "") -> list[ResolvedLink]:
    """Return the first `limit` backlinks of a note, newest source first, without those from the note `left_out`.

    Only these are loaded: a hub has many.
    """
    found: list[ResolvedLink] = []
    for source in _sort_newest_first(notes, notes.count_backlinks_by_source(path)):
        if source == left_out:
            continue
        found += notes.list_backlinks_from(source, path)
        if len(found) >= limit:
            break
    return found[:limit]


def _sort_newest_first(notes: OpenNotes, sources: Iterable[str]) -> list[str]:
    sources = list(sources)
    times = notes.notebook.catalogue.find_creation_times(sources) if notes.notebook else {}
    return sorted(sources, key=lambda source: times.get(source, "9"), reverse=True)


def _locate_links(notes: OpenNotes, links: Iterable[ResolvedLink]) -> list[NotePlace]:
    """Return the places of links, in the order given. Each note is read once, and left out if it cannot be read."""
    found = []
    for source, group in groupby(links, lambda resolved: resolved.link.source):
        data, own = notes.read_bytes(source), list(group)
        if data is not None:
            document = _build_document(notes, source, data) if len(own) > FEW_LINKS else None
            found += [NotePlace(source, _locate_link(notes, resolved, data, document)) for resolved in own]
    return found


def _build_document(notes: OpenNotes, path: str, data: bytes) -> EditorText:
    """Return the text of a note whose bytes these are."""
    return notes.texts[path].document if path in notes.texts else EditorText(decode_bytes(data)[0], notes.encoding, hides_mark=True)


def _locate_link(notes: OpenNotes, resolved: ResolvedLink, data: bytes, document: EditorText | None) -> TextSpan:
    """Return the place of a link in the text of its source (`document`, if it is at hand); the start of its line if the file has changed since."""
    link = resolved.link
    if data[link.start : link.end] != link.text.encode():
        return TextSpan(TextPlace(link.line - 1, 0), TextPlace(link.line - 1, 0))
    span = find_link_span(data, link)
    found = None if document else find_span_in_line(data, *span, link.line - 1, notes.encoding)
    return document.find_span(*span) if document else found or notes.load_text(link.source).document.find_span(*span)


# Tags and titles


def find_tag_at(notes: OpenNotes, text: NoteText, offset: int) -> TagPlace | None:
    """Return the tag at a byte of a note, or None."""
    if not text.parsed.tags:
        return None
    return next((tag for tag in list_tag_places(notes.parse_tags(text), text.document.text) if tag.span.contains(offset)), None)


def find_tag_places(notes: OpenNotes, tag: str) -> list[NotePlace]:
    """Return where a tag, or one nested below it, stands in any note, newest note first."""
    key = fold(tag)
    paths: list[str] = []
    if notes.notebook:
        catalogue = notes.notebook.catalogue
        tagged = catalogue.load_notes_by_row(catalogue.find_tagged_rows(key))
        paths = [note.path for note in sorted(tagged, key=lambda note: note.created, reverse=True)]
    found = []
    for path in dict.fromkeys((*notes.texts, *paths)):
        try:
            text = notes.load_text(path)
        except Unreadable:
            continue
        places = list_tag_places(notes.parse_tags(text), text.document.text)
        spans = [one.span for one in places if fold(one.tag) == key or fold(one.tag).startswith(key + "/")]
        found += [NotePlace(path, text.document.find_span(*span)) for span in spans]
    return found


def find_title_at(text: NoteText, offset: int) -> ByteSpan | None:
    """Return the span of the note's title if it contains a byte, else None."""
    span = find_title_span(text.parsed, text.data, text.sections)
    line = find_line_span(text.data, span.start)
    return span if span.end > span.start and line.start <= offset <= line.end else None
