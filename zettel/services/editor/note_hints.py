"""Find what an editor shows between the words of an open note: titles behind bare IDs, and how many links lead to it."""

from __future__ import annotations

from collections import Counter

from zettel.model.base.value import NamedTuple
from zettel.model.edit.sections import choose_anchor, map_anchor_owners
from zettel.model.editor.editor_text import TextPlace, TextSpan
from zettel.model.editor.places import ByteSpan, find_heading_span, find_line_span, find_link_span, find_title_section, find_title_span
from zettel.model.link.link import OK, ResolvedLink
from zettel.model.settings.settings import BACKLINK_HINTS, TITLE_HINTS
from zettel.model.text.fold import fold
from zettel.model.text.ids import is_id
from zettel.model.text.inert import clip, escape_unsafe
from zettel.model.text.phrases import format_count
from zettel.services.editor.open_notes import NoteText, OpenNotes

MAX_TITLE = 80
"""How many characters of a title are shown at most."""

JOINT = " \t:–—-*_\"'“”„‘’«»()"
"""What may stand between an ID and its title."""


class Hint(NamedTuple):
    """Words to show behind a place of a note. They stand for the note at `path`, to which `link` leads, if they are a title."""

    place: TextPlace
    words: str
    path: str
    link: ResolvedLink | None = None


class Lens(NamedTuple):
    """Words to show above a line of a note."""

    span: TextSpan
    words: str


def list_hints(notes: OpenNotes, path: str, kinds: tuple[str, ...], first: TextPlace, last: TextPlace) -> list[Hint]:
    """Return the hints of some kinds (see `HINTS`) between two places of an open note, in order."""
    text = notes.texts[path]
    start, end = text.document.find_offset(first), text.document.find_offset(last)
    found = _list_title_hints(notes, text, start, end) if TITLE_HINTS in kinds else []
    if BACKLINK_HINTS in kinds and (hint := _find_backlink_hint(notes, text, start, end)):
        found.append(hint)
    return sorted(found, key=lambda hint: hint.place)


def _list_title_hints(notes: OpenNotes, text: NoteText, start: int, end: int) -> list[Hint]:
    links = [one for one in notes.list_links(text.path) if start <= one.link.end and one.link.start <= end]
    links = [one for one in links if one.resolution.status == OK and not one.is_self and _is_only_id(text.data, one)]
    targets = notes.find_notes(list(dict.fromkeys(str(one.resolution.target) for one in links)))
    found = []
    for one in links:
        note = targets.get(str(one.resolution.target))
        if note and not _stands_beside(text.data, one, note.title):
            words = clip(escape_unsafe(note.title), MAX_TITLE)
            found.append(Hint(text.document.find_place(find_link_span(text.data, one.link).end), words, note.path, one))
    return found


def _is_only_id(data: bytes, resolved: ResolvedLink) -> bool:
    """Return whether a link shows nothing but an ID."""
    link = resolved.link
    if link.syntax_row.label_follows:
        return not link.label
    is_destination = data[max(0, link.start - 2) : link.start] == b"]("  # of `[words]([[target]])`
    return link.is_in_brackets and "|" not in link.text and not is_destination and is_id(link.dest.partition("#")[0].strip())


def _stands_beside(data: bytes, resolved: ResolvedLink, title: str) -> bool:
    """Return whether the words of a title stand beside a link."""
    link, size = resolved.link, len(title.encode()) + 12
    line = find_line_span(data, link.start)
    after = data[link.end : min(line.end, link.end + size)].decode(errors="ignore").lstrip(JOINT)
    before = data[max(line.start, link.start - size) : link.start].decode(errors="ignore").rstrip(JOINT)
    return fold(after).startswith(fold(title)) or fold(before).endswith(fold(title))


def _find_backlink_hint(notes: OpenNotes, text: NoteText, start: int, end: int) -> Hint | None:
    span = find_title_span(text.parsed, text.data, text.sections)
    if span.end <= span.start or not start <= span.end <= end:
        return None
    count = notes.count_backlinks(text.path)
    return Hint(text.document.find_place(span.end), f"← {count}", text.path) if count else None


def list_lenses(notes: OpenNotes, path: str) -> list[Lens]:
    """Return what stands above the title of an open note, and above each of its headings to which a link leads."""
    text = notes.texts[path]
    backlinks = notes.list_backlinks(path)
    own = notes.list_links(path)
    targets = [one for one in own if one.resolution.target not in (None, path)]
    title = find_title_span(text.parsed, text.data, text.sections)
    found = [_build_lens(text, title, f"{format_count(len(backlinks), 'backlink')} · {format_count(len(targets), 'link')}")]
    owners = map_anchor_owners(text.parsed, text.sections)
    counts: Counter[int | None] = Counter()
    for one in (*backlinks, *(one for one in own if one.is_self)):
        anchor = choose_anchor(one.link, owners)
        counts[owners[anchor.key] if anchor else None] += 1
    own_section = find_title_section(text.parsed, text.sections)
    for number, section in enumerate(text.sections):
        if counts[number] and section is not own_section:
            found.append(
                _build_lens(text, find_heading_span(text.data, section), f"{format_count(counts[number], 'link')} to this heading")
            )
    return found


def _build_lens(text: NoteText, span: ByteSpan, words: str) -> Lens:
    return Lens(text.document.find_span(*span), words)
