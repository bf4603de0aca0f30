"""Describe what stands at a place of an open note: a link's target, a tag, a heading, or the note itself."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.base.errors import Unreadable
from zettel.model.base.value import NamedTuple
from zettel.model.editor.completion_context import find_open_fence
from zettel.model.editor.editor_text import TextPlace, TextSpan
from zettel.model.editor.places import (
    ByteSpan,
    find_anchor_section,
    find_anchor_span,
    find_link_at,
    find_section_at,
    find_title_section,
)
from zettel.model.link.link import AMBIGUOUS, DANGLING, ResolvedLink
from zettel.model.note import frontmatter
from zettel.model.note.note import Note
from zettel.model.text.fold import fold
from zettel.model.text.inert import clip, escape_unsafe
from zettel.model.text.markdown import escape_markdown
from zettel.model.text.phrases import format_count
from zettel.services.editor.near_notes import find_near_names
from zettel.services.editor.note_places import find_section_backlinks, find_tag_at, find_title_at, list_newest_backlinks
from zettel.services.editor.open_notes import NoteText, OpenNotes

MAX_CHARACTERS = 4000
"""The length of a hover at most."""

ROW_WIDTH = 80
"""How many characters a row of a hover has, about."""

MAX_BACKLINKS = 3
MAX_TAGGED = 5


class Hover(NamedTuple):
    """A description in Markdown, and the place that it is about."""

    text: str
    span: TextSpan


def describe_place(notes: OpenNotes, path: str, place: TextPlace, body_lines: int) -> Hover | None:
    """Return the description of what stands at a place, or None if nothing there has one."""
    text = notes.texts[path]
    offset = text.document.find_offset(place)
    found = find_link_at(text.data, notes.list_links(path), offset)
    if found:
        resolved, span = found
        shown = describe_link(notes, resolved, body_lines)
        return _build_hover(text, span, shown) if shown else None
    if tag := find_tag_at(notes, text, offset):
        return _build_hover(text, tag.span, _describe_tag(notes, tag.tag))
    title = find_title_at(text, offset)
    note = notes.find_note(path)
    if title and note:
        return _build_hover(text, title, describe_note(notes, note, body_lines))
    section = find_section_at(text.sections, offset)
    if section:
        links = find_section_backlinks(notes, text, section)
        head = f"### {escape_markdown(section.heading)}"
        return _build_hover(
            text,
            ByteSpan(section.start, section.body_start),
            _join(head, _list_sentences(notes, links)) if links else f"{head}\n\nno links to this heading",
        )
    return None


def describe_link(notes: OpenNotes, resolved: ResolvedLink, body_lines: int) -> str:
    """Return the description of a link's target; of an ambiguous link its candidates, and of a dangling one the nearest names."""
    status, target, candidates = resolved.resolution.status, resolved.resolution.target, resolved.resolution.candidates
    if status == AMBIGUOUS:
        found = notes.find_notes(list(candidates))
        lines = [f"- {_format_name(note)} · {escape_markdown(note.path)}" for note in found.values()]
        return "\n".join([f"{format_count(len(candidates), 'note')} answer to this link:", "", *lines])
    if status == DANGLING:
        near = _find_near_names(notes, resolved)
        return "no note answers to this link" + (f"; did you mean {near}?" if near else "")
    note = notes.find_note(target) if target else None
    return describe_note(notes, note, body_lines, resolved) if note else ""


def describe_note(notes: OpenNotes, note: Note, body_lines: int, link: ResolvedLink | None = None) -> str:
    """Return the description of a note: title, facts, the first lines of its text or of the part that `link` names, and its newest backlinks.

    Those from the note that has `link` are left out: they are what the reader comes from.
    """
    backlinks = list_newest_backlinks(notes, note.path, MAX_BACKLINKS, link.link.source if link else "")
    facts = [note.id or note.path, " ".join(f"#{tag}" for tag in note.tags), format_count(notes.count_backlinks(note.path), "backlink")]
    facts += [format_count(note.links, "link"), note.created[:10]]
    head = f"### {escape_markdown(note.title)}\n\n{escape_markdown(' · '.join(fact for fact in facts if fact))}"
    return _join(head, _read_lines(notes, note, body_lines, link), _list_sentences(notes, backlinks))


def _read_lines(notes: OpenNotes, note: Note, count: int, link: ResolvedLink | None) -> str:
    """Return the first lines of a note's body, or of the section or block that a link names."""
    try:
        text = notes.load_text(note.path)
    except Unreadable as error:
        return error.message
    front = frontmatter.find_front_matter(text.document.text)
    start = text.parsed.lines.to_byte_offset(front.body_start) if front else 0
    end = len(text.data)
    title = find_title_section(text.parsed, text.sections)
    if title and title.start <= start + 200 and not text.data[start : title.start].strip():
        start = title.body_start
    if link and "#" in link.link.dest:
        section = find_anchor_section(text.parsed, text.sections, link.link)
        block = None if section else find_anchor_span(text.parsed, text.data, text.sections, link.link)
        start, end = (section.body_start, section.end) if section else block or (start, end)
    lines = text.data[start : min(end, start + 2 * MAX_CHARACTERS)].decode(errors="ignore").strip("\r\n").splitlines()
    return "\n".join(_show_lines(_take_lines(lines, count))).strip()


def _take_lines(lines: list[str], rows: int) -> list[str]:
    """Return the first lines that fit into some rows, and a sign that there are more. A paragraph may be one long line, which takes many rows."""
    taken: list[str] = []
    for line in lines:
        if rows <= 0:
            return [*taken, "…"]
        if len(line) > rows * ROW_WIDTH:
            return [*taken, clip(line, rows * ROW_WIDTH)]
        taken.append(line)
        rows -= max(1, -(-len(line) // ROW_WIDTH))
    return taken


def _show_lines(lines: list[str]) -> Iterator[str]:
    """Yield lines of a note so that none controls the terminal or loads a picture, which an editor would fetch from the web, and no code stays open."""
    fence = ""
    for line in lines:
        shown = escape_unsafe(line)
        yield shown if fence else shown.replace("![", "\\![")
        fence = find_open_fence(line, fence)
    if fence:
        yield fence


def _list_sentences(notes: OpenNotes, links: list[ResolvedLink]) -> str:
    """Return the newest of some links, each with its source and sentence."""
    sources = notes.find_notes(list(dict.fromkeys(resolved.link.source for resolved in links[:MAX_BACKLINKS])))
    lines = []
    for resolved in links[:MAX_BACKLINKS]:
        source = sources.get(resolved.link.source)
        sentence = clip(escape_unsafe(resolved.link.sentence), 300)
        lines.append(f"- **{escape_markdown(source.title if source else resolved.link.source)}**: {escape_markdown(sentence)}")
    return "\n".join(lines)


def _describe_tag(notes: OpenNotes, tag: str) -> str:
    if notes.notebook is None:
        return f"\\#{escape_markdown(tag)}"
    catalogue = notes.notebook.catalogue
    tagged = catalogue.load_notes_by_row(catalogue.find_tagged_rows(fold(tag)))
    tagged.sort(key=lambda note: note.created, reverse=True)
    head = f"**\\#{escape_markdown(tag)}** · {format_count(len(tagged), 'note')}"
    return "\n".join([head, "", *(f"- {_format_name(note)}" for note in tagged[:MAX_TAGGED])])


def _find_near_names(notes: OpenNotes, resolved: ResolvedLink) -> str:
    near = find_near_names(notes, resolved.link)
    found = notes.find_notes([path for _, path in near])
    ids = {path: note.id for path, note in found.items()}
    return " or ".join(f'"{escape_markdown(name)}"' + (f" ({ids[path]})" if ids.get(path) else "") for name, path in near)


def _format_name(note: Note) -> str:
    return escape_markdown(f"{note.id} {note.title}" if note.id else note.title)


def _join(*parts: str) -> str:
    return "\n\n---\n\n".join(part for part in parts if part)


def _build_hover(text: NoteText, span: ByteSpan, shown: str) -> Hover:
    if len(shown) > MAX_CHARACTERS:
        shown = shown[: MAX_CHARACTERS - 1].rstrip() + "…"
    return Hover(shown, text.document.find_span(*span))
