"""Show notes in the picker: the row of each, its preview, and its links."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.adapters.ansi import CODES
from zettel.adapters.fs.files import decode_bytes
from zettel.model.base.answer import HIDDEN_STYLE, Document, Line
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

NARROW = 90
"""The width below which the preview is below the list, and not beside it."""

FRAME = 4
"""How many columns of the list a row leaves free: for the pointer, the mark of a picked note and the scroll bar."""


def format_row(item: PickerItem, columns: int, *, colour: bool) -> str:
    """Return a row of the picker: the note's key and what is shown of it, separated by tabs.

    From the first ID, tags or day that would be cut, the fields begin beyond the screen, where words still find them. Letters that people type in another way than the title has them, such as ß, follow folded, beyond the screen of `columns` columns.
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
    key, day = encode_key(item.path), item.created[:10]
    gaps = _choose_gaps((title, name, tags, day), columns)
    if aliases:
        aliases = f"{dim}{aliases}{end} "
    if tags:
        tags = f" {tag_colour}{tags}{end}"
    id_colour = id_colour if item.id else dim
    return f"{key}\t{title}{gaps[0]}\t{id_colour}{name}{end}{gaps[1]}\t{tags}{gaps[2]}\t{dim}{day}{end} \t{aliases}\t{sentence}{beyond}"


def _choose_gaps(fields: tuple[str, str, str, str], columns: int) -> list[str]:
    """Return what is behind the title, the ID and the tags: blanks up to the edge of the screen where the next field would be cut first."""
    room, gaps = measure_list_width(columns) - FRAME, [" ", "", " "]
    used = _measure(fields[0])
    for at, field in enumerate(fields[1:]):
        start, used = used + 2, used + 2 + _measure(field)
        if used > room:
            gaps[at] = " " * max(1, columns - start)
            break
    return gaps


def _measure(text: str) -> int:
    return len(text) if text.isascii() else measure_columns(text)


def measure_list_width(columns: int) -> int:
    """Return how wide the list is on a screen of `columns` columns: half of it if the preview is beside the list."""
    return columns if columns < NARROW else columns // 2


def build_pick_answer(notes: list[Note]) -> Document:
    """Build the answer that names the notes that were picked: their IDs, or paths, one a line."""
    rows = [note_to_record(note) for note in notes]
    return Document(name="notes", rows=rows, columns=NOTE_COLUMNS, text="".join(f"{note.handle}\n" for note in notes))


def build_preview(notebook: OpenNotebook, note: Note, width: int) -> Iterator[Line]:
    """Yield the lines of a note's preview: its text as `zettel show` has it, and its backlinks with their sentences. Raises `Unreadable`."""
    counts = f"{ARROWS['back']} {note.backlinks:,} {ARROWS['out']} {note.links:,}"
    yield from wrap_line(((note.title, "title"),), width)
    yield from wrap_line(
        ((note.id or note.path, "id" if note.id else "path"), (f" · {note.created[:10]} · {counts} ", "dim"), *_format_tags(note)), width
    )
    yield ()
    yield from _list_text_lines(notebook, note, width)
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
    shown = tuple(span for span in format_context(link, title) if span[1] != HIDDEN_STYLE)
    for line in wrap_line(shown, max(width - 2, 1)):
        yield (("  ", ""), *line)


def _format_tags(note: Note) -> Line:
    return ((" ".join(f"#{tag}" for tag in note.tags), "tag"),) if note.tags else ()


def _list_text_lines(notebook: OpenNotebook, note: Note, width: int) -> Iterator[Line]:
    """Yield the lines of a note's text as people read it: without front matter and the heading that is its title, and with words for links."""
    from zettel.output.text_layout import lay_out_blocks
    from zettel.views.show import build_note_blocks

    data = decode_bytes(notebook.read_bytes(note.path))[0].encode("utf-8", "replace")
    end = find_first_body_byte(data) + MAX_PREVIEW_BYTES
    text = data[:end].decode(errors="ignore")
    yield from lay_out_blocks(build_note_blocks(notebook, note, text), width, _keep_code)
    if end < len(data):
        yield (("…", "dim"),)


def _keep_code(code: str, _: str) -> list[Line]:
    return [((line, "code"),) for line in code.split("\n")]
