"""Show notes in the picker: the row of each, its preview, and its links."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.adapters.ansi import CODES
from zettel.adapters.fs import files
from zettel.model.base.answer import Document, Line, StyledText
from zettel.model.link.link import OK, ResolvedLink
from zettel.model.note.frontmatter import find_first_body_byte
from zettel.model.note.note import Note, note_to_record
from zettel.model.note.picker_item import PickerItem, encode_key
from zettel.model.text.fold import fold_letters, to_nfc
from zettel.model.text.inert import clip, escape_unsafe
from zettel.model.text.phrases import format_count
from zettel.model.text.wrap import measure_columns, wrap_line
from zettel.notebook.notebook import OpenNotebook
from zettel.views.notes import ARROWS, NOTE_COLUMNS, format_context, format_note, format_unresolved_link

MAX_TITLE, MAX_SENTENCE = 300, 200
"""How many characters of a title with its aliases, and of a sentence, a row shows."""

MAX_PREVIEW_BYTES = 40_000
"""How many bytes of a note's text a preview shows."""

MAX_BACKLINKS = 50
"""How many backlinks a preview shows."""

FIELDS = "1,2,3,5,6,7"
"""The fields of a row, from 1, that words are looked for in: title, ID, tags, aliases, sentence, and folded letters. The day is 4."""

COLOURS = tuple(f"\x1b[{code}m" for code in (CODES["dim"], CODES["id"], CODES["tag"], "0"))
"""What begins dim text, an ID and tags in a row, and what ends them."""

BEYOND = 40
"""How many columns beyond the screen a row's folded letters begin."""


def format_row(item: PickerItem, columns: int, *, colour: bool) -> str:
    """Return a row of the picker: the note's key and what is shown of it, separated by tabs.

    Letters that people type in another way than the title has them, such as ß, follow folded, beyond the screen of `columns` columns.
    """
    title = clip(item.title, MAX_TITLE)
    aliases = clip("".join([f" · {alias}" for alias in item.aliases if alias != item.title]), MAX_TITLE) if item.aliases else ""
    name = item.id or item.path
    tags = " ".join([f"#{tag}" for tag in item.tags])
    sentence = clip(item.sentence, MAX_SENTENCE) if item.sentence else ""
    text = f"{title} {aliases} {tags}"
    if not (text.isprintable() and name.isprintable() and sentence.isprintable()):
        title, aliases, name, tags, sentence = map(escape_unsafe, (title, aliases, name, tags, sentence))
    beyond = ""
    if not text.isascii():
        title, aliases, tags = map(to_nfc, (title, aliases, tags))
        if (folded := fold_letters(text)) != text.lower():
            beyond = f"\t{' ' * max(0, columns + BEYOND - measure_columns(text))}{escape_unsafe(folded)}"
    dim, id_colour, tag_colour, end = COLOURS if colour else ("",) * 4
    if aliases:
        aliases = f"{dim}{aliases}{end} "
    if tags:
        tags = f" {tag_colour}{tags}{end}"
    key, day = encode_key(item.path), item.created[:10]
    return f"{key}\t{title} \t{id_colour if item.id else dim}{name}{end}\t{tags} \t{dim}{day}{end} \t{aliases}\t{sentence}{beyond}"


def build_pick_answer(notes: list[Note]) -> Document:
    """Build the answer that names the notes that were picked: their IDs, or paths, one a line."""
    rows = [note_to_record(note) for note in notes]
    return Document(name="notes", rows=rows, columns=NOTE_COLUMNS, text="".join(f"{note.handle}\n" for note in notes))


def build_preview(notebook: OpenNotebook, note: Note, width: int) -> Iterator[Line]:
    """Yield the lines of a note's preview: its text with its links marked, and its backlinks with their sentences. Raises `Unreadable`."""
    counts = f"{ARROWS['back']} {note.backlinks} {ARROWS['out']} {note.links}"
    yield from wrap_line(((note.title, "title"),), width)
    yield from wrap_line(
        ((note.id or note.path, "id" if note.id else "path"), (f" · {note.created[:10]} · {counts} ", "dim"), *_format_tags(note)), width
    )
    yield ()
    for line in _list_text_lines(notebook, note):
        yield from wrap_line(line, width)
    backlinks = [link for link in notebook.catalogue.find_links(target=note.path) if link.link.source != note.path]
    if backlinks:
        yield ()
        yield ((f"{ARROWS['back']} {format_count(len(backlinks), 'backlink')}", "arrow"),)
        yield from _list_backlinks(notebook, note, backlinks[:MAX_BACKLINKS], width)


def build_link_preview(notebook: OpenNotebook, note: Note, width: int) -> Iterator[Line]:
    """Yield the lines that list the links of a note, each with its sentence, and then its backlinks."""
    yield from wrap_line(((note.title, "title"),), width)
    links = [link for link in notebook.catalogue.find_links(source=note.path) if not link.is_self]
    backlinks = [link for link in notebook.catalogue.find_links(target=note.path) if link.link.source != note.path]
    found = notebook.catalogue.find_notes_by_path([link.resolution.target for link in links if link.resolution.target])
    yield ()
    yield ((f"{ARROWS['out']} {format_count(len(links), 'link')}", "arrow"),)
    for link in links:
        target = found.get(link.resolution.target or "")
        named = format_note(target) if target and link.resolution.status == OK else format_unresolved_link(link)
        yield from _list_link_lines(named, link, note.title, width)
    yield ()
    yield ((f"{ARROWS['back']} {format_count(len(backlinks), 'backlink')}", "arrow"),)
    yield from _list_backlinks(notebook, note, backlinks, width)


def _list_backlinks(notebook: OpenNotebook, note: Note, backlinks: list[ResolvedLink], width: int) -> Iterator[Line]:
    sources = notebook.catalogue.find_notes_by_path(dict.fromkeys(link.link.source for link in backlinks))
    for link in backlinks:
        source = sources[link.link.source]
        yield from _list_link_lines(format_note(source), link, source.title, width)


def _list_link_lines(named: Line, link: ResolvedLink, title: str, width: int) -> Iterator[Line]:
    """Yield the lines of one link: the note's name, and the sentence indented below it."""
    yield from wrap_line(named, width)
    for line in wrap_line(format_context(link, title), max(width - 2, 1)):
        yield (("  ", ""), *line)


def _format_tags(note: Note) -> Line:
    return ((" ".join(f"#{tag}" for tag in note.tags), "tag"),) if note.tags else ()


def _list_text_lines(notebook: OpenNotebook, note: Note) -> list[Line]:
    """Return the lines of a note's text without its front matter, with its links marked if the file is still as it was catalogued."""
    data = notebook.read_bytes(note.path)
    is_same = files.is_same_stamp(files.read_stamp(notebook.root, note.path), notebook.catalogue.load_stamp(note.path))
    start = find_first_body_byte(data)
    end = min(len(data), start + MAX_PREVIEW_BYTES)
    spans = [(link.link.start, link.link.end) for link in notebook.catalogue.find_links(source=note.path)] if is_same else []
    lines: list[list[StyledText]] = [[]]
    at = start
    for first, last in [*spans, (end, end)]:
        if at <= first <= last <= end:
            _add_text(lines, data[at:first], "")
            _add_text(lines, data[first:last], "link")
            at = last
    lines = _strip_blank_lines(lines)
    if lines and _join_line(lines[0]).lstrip("# ") == note.title:
        lines.pop(0)  # the preview begins with it anyway
    found: list[Line] = [_mark_heading(tuple(line)) for line in _strip_blank_lines(lines)]
    return [*found, (("…", "dim"),)] if end < len(data) else found


def _strip_blank_lines(lines: list[list[StyledText]]) -> list[list[StyledText]]:
    """Return lines without the blank ones at the start and the end."""
    filled = [number for number, line in enumerate(lines) if _join_line(line).strip()]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _join_line(line: list[StyledText]) -> str:
    return "".join(text for text, _ in line)


def _add_text(lines: list[list[StyledText]], data: bytes, style: str) -> None:
    """Add a part of the text to its last line, and what follows a line break to lines of its own."""
    first, *further = data.decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").split("\n")
    lines[-1].append((first, style))
    lines += [[(text, style)] for text in further]


def _mark_heading(line: Line) -> Line:
    text = line[0][0] if line else ""
    is_heading = text.startswith("#") and text.lstrip("#")[:1] == " "
    return tuple((part, style or "strong") for part, style in line) if is_heading else line
