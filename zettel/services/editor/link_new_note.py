"""Write a link to a note into an open note: in place of a link that leads nowhere, of words, or where nothing stands yet."""

from __future__ import annotations

from functools import partial

from zettel.model.base.errors import Refused
from zettel.model.edit.changes import Changes, FileEdit
from zettel.model.edit.insert_link import choose_link_style, insert_link, list_link_variants
from zettel.model.edit.proof import ExpectedLink, find_difference, has_same_words_outside, keep_links
from zettel.model.edit.repair_link import build_target_repair, repair_links
from zettel.model.editor.editor_text import TextSpan
from zettel.model.editor.places import find_link_at
from zettel.model.link.link import Link
from zettel.model.note.note import Note
from zettel.model.suggest.insertion_points import Mention
from zettel.services.editor.open_notes import NoteText, OpenNotes


def plan_link(notes: OpenNotes, path: str, span: TextSpan, target: Note) -> Changes:
    """Plan the edit by which what stands in a span of an open note leads to `target`; there is nothing to change if it does. Raises `Refused`."""
    text = notes.texts[path]
    start, end = text.document.find_offset(span.start), text.document.find_offset(span.end)
    found = find_link_at(text.data, notes.list_links(path), start)
    if found and (found[0].link.start < end or start == end):
        after = _repair_link(notes, text, found[0].link, target)
    elif text.data[start:end].strip():
        after = _link_words(notes, text, start, end, target)
    else:
        after = _insert_link(notes, text, start, end, target)
    return Changes((FileEdit(path, text.data, after),)) if after != text.data else Changes()


def _repair_link(notes: OpenNotes, text: NoteText, link: Link, target: Note) -> bytes:
    notebook = notes.notebook
    if notebook is None or notes.resolve(link).target == target.path:
        return text.data
    repair = build_target_repair(link, target)
    after, done = repair_links(text.data, [repair] if repair else [], partial(notes.parse, text.path), notebook.resolve_link)
    if not done:
        raise Refused(f"{link.text} cannot be made to lead to {target.name}", "write the link by hand")
    return after


def _link_words(notes: OpenNotes, text: NoteText, start: int, end: int, target: Note) -> bytes:
    assert notes.notebook
    line = text.parsed.lines.find_line(start)
    words = text.data[start:end].decode(errors="replace")
    mention = Mention(text.path, target.path, target.title, (), words, (0, len(words)), line, start, end)
    parse = partial(notes.parse, text.path)
    return insert_link(text.data, mention, target, _choose_style(notes, text), parse, notes.notebook.resolve_link).data


def _insert_link(notes: OpenNotes, text: NoteText, start: int, end: int, target: Note) -> bytes:
    """Return the note's bytes with a link where nothing stands, in the first form that is read as one and changes nothing else."""
    assert notes.notebook
    before = text.parsed
    for written, _ in list_link_variants(text.path, target, _choose_style(notes, text)):
        replacement = (start, end, written.encode())
        after = text.data[:start] + replacement[2] + text.data[end:]
        links = keep_links(before.links, [replacement])
        place = range(start, start + len(replacement[2]))
        links.insert(sum(link.start < start for link in before.links), ExpectedLink(starts=place, resolution=target.path))
        words = partial(has_same_words_outside, replacements=[replacement])
        parsed = notes.parse(text.path, after)
        if not find_difference(before, parsed, may_differ=("headings",), links=links, words=words, resolve=notes.notebook.resolve_link):
            return after
    raise Refused(f"a link to {target.name} cannot be written here", "write it in the text, not in code or front matter")


def _choose_style(notes: OpenNotes, text: NoteText) -> str:
    assert notes.notebook
    return choose_link_style((link.syntax for link in text.parsed.links), notes.notebook.catalogue.count_links_by_syntax)
