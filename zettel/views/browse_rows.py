"""Lay out what is browsed in lines that fit a part of the screen: rows of notes, a note to read, its backlinks, and trees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from zettel.model.base.answer import HIDDEN_STYLE, Branch, Line, StyledText, TextBlock
from zettel.model.base.value import value
from zettel.model.note.note import Note
from zettel.model.text.fold import fold_letters
from zettel.model.text.inert import escape_unsafe
from zettel.model.text.wrap import measure_columns, measure_line, strip_end, wrap_line
from zettel.output.text_layout import Highlighter, lay_out_blocks
from zettel.views.notes import ARROWS, MAX_TAGS

SLOT = "slot"
"""The style of the two blanks that a row begins with, which are the mark of the row that is chosen."""

NO_ROW = -1
"""The number of a line that belongs to no row."""

ROW_TITLE = "row-title"
"""The style of a title in a list: that of the chosen row stands out."""

MAX_TEXT_COLUMNS = 84
"""How many columns wide a text is at most, because longer lines are hard to read."""

MARKED_STYLES = ("hit", "link", "warning")
"""The styles of what is marked in a sentence."""

MARK_COLUMNS = 16
"""How many columns of what is marked are always seen. The title of a link is often long, and the words before it say more."""

END_COLUMNS = 8
"""How many columns of a sentence are seen behind what is marked, if it is cut there."""

GUTTER = 2
"""How many columns are free on the left and on the right of a text."""


def cut_line(line: Line, columns: int) -> Line:
    """Return a line that is cut to a number of columns, with an ellipsis if anything is left out."""
    shown = tuple((escape_unsafe(text.replace("\n", " ")), style) for text, style in line if style != HIDDEN_STYLE)
    if measure_line(shown) <= columns:
        return shown
    found: list[StyledText] = []
    room = max(columns - 1, 0)
    for text, style in shown:
        part = cut_text(text, room)
        found.append((part, style))
        room -= measure_columns(part)
        if part != text:
            break
    kept = found[-1][0].rstrip(" ") if found else ""
    return (*found[:-1], (f"{kept}…" if columns > 0 else "", found[-1][1] if found else ""))


def cut_text(text: str, columns: int) -> str:
    """Return the beginning of a text that takes at most a number of columns."""
    if text.isascii():
        return text[: max(columns, 0)]
    for at, char in enumerate(text):
        columns -= measure_columns(char)
        if columns < 0:
            return text[:at]
    return text


def mark_words(text: str, words: Sequence[str], style: str) -> Line:
    """Return a text in which words are marked as hits wherever they stand, whatever their letter case and accents."""
    parts = list(text.lower()) if text.isascii() else [fold_letters(char) for char in text]
    folded, places = "".join(parts), [place for place, part in enumerate(parts) for _ in part]
    is_hit = [False] * len(text)
    for word in filter(None, map(fold_letters, words)):
        at = folded.find(word)
        while at >= 0:
            for place in places[at : at + len(word)]:
                is_hit[place] = True
            at = folded.find(word, at + len(word))
    for place, part in enumerate(parts):
        if place and not part:  # an accent looks as its letter does
            is_hit[place] = is_hit[place - 1]
    groups = groupby(zip(text, is_hit, strict=True), key=lambda pair: pair[1])
    return tuple(("".join(char for char, _ in group), "hit" if hit else style) for hit, group in groups)


def lay_out_row(title: Line, name: str, sentence: Line, columns: int, mark: str = "", *, is_citation: bool = False) -> tuple[Line, ...]:
    """Return the lines of a note in a list: its ID, unless the list is narrow, and title, and the sentence that says why it is there.

    An arrow says that the sentence is of a note that links to this one.
    """
    before: Line = (((f"{mark} ", "arrow"),) if mark else ()) + (
        ((f"{escape_unsafe(name)} ", "dim"),) if name and columns >= MIN_COLUMNS_WITH_IDS else ()
    )
    first: Line = (("  ", SLOT), *before, *cut_line(title, columns - len("▸ ") - measure_line(before) - 1))
    lead: StyledText = (f"  {ARROWS['back']} ", "arrow") if is_citation else ("    ", "")
    return (first, (lead, *cut_around(sentence, columns - len("    ") - 1))) if sentence else (first,)


def cut_around(sentence: Line, columns: int) -> Line:
    """Return a sentence that is cut to a number of columns, at its beginning, too, if what is marked in it would be cut off otherwise."""
    shown = tuple((text, style) for text, style in sentence if style != HIDDEN_STYLE)
    end = 0
    for number, (_, style) in enumerate(shown):
        if style in MARKED_STYLES:
            end = measure_line(shown[:number]) + min(measure_line(shown[number : number + 1]), MARK_COLUMNS)
            break
    if end <= columns - END_COLUMNS or measure_line(shown) <= columns:
        return cut_line(shown, columns)
    excess = end - columns + END_COLUMNS
    first = next(number for number, (_, style) in enumerate(shown) if style in MARKED_STYLES)
    before = "".join(text for text, _ in shown[:first])
    style = shown[0][1] if first else ""
    kept = before[min(excess, len(before)) :].partition(" ")[2]
    return cut_line((("… ", style), (kept, style), *shown[first:]), columns)


def lay_out_head(note: Note, columns: int) -> Iterator[Line]:
    """Yield the lines above the text of a note: its title, and its ID, day, links and tags."""
    yield from wrap_line(((escape_unsafe(note.title), "title"),), columns)
    tags = " ".join(f"#{tag}" for tag in note.tags[:MAX_TAGS])
    counts = f"{ARROWS['back']} {note.backlinks:,} {ARROWS['out']} {note.links:,}"
    name: StyledText = (note.id, "id") if note.id else (note.path, "path")
    about: Line = ((name[0], name[1]), (f" · {note.created[:10]} · {counts}", "dim"), *(((" · ", "dim"), (tags, "tag")) if tags else ()))
    yield from wrap_line(tuple((escape_unsafe(text), style) for text, style in about), columns)


@value
class NoteLines:
    """The lines of a note to read, and at which of them each of its blocks begins."""

    lines: tuple[Line, ...]
    block_lines: tuple[int, ...]


def lay_out_note(note: Note, blocks: Sequence[TextBlock], columns: int, highlight: Highlighter) -> NoteLines:
    """Lay out a note to read. In a wide pane the text stays narrow enough to be read."""
    room = max(min(columns - 2 * GUTTER, MAX_TEXT_COLUMNS), 1)
    free = columns - room
    margin = (" " * (GUTTER if free < 4 * GUTTER else free // 3), "")
    lines: list[Line] = [(margin, *line) for line in lay_out_head(note, room)]
    lines.append(())
    starts: list[int] = []
    for number, block in enumerate(blocks):
        if number and block.gap is not None:
            lines.append((margin, *strip_end(block.gap)))
        starts.append(len(lines))
        lines += [(margin, *line) for line in lay_out_blocks((block,), room, highlight)]
    return NoteLines(tuple(lines), tuple(starts))


def lay_out_linking_note(name: Line, sentence: Line, columns: int) -> tuple[Line, ...]:
    """Return the lines of a backlink: the note that has it, and the sentence around it on one line."""
    first: Line = (("  ", SLOT), *cut_line(soften_row(name, columns), columns - 3))
    return (first, (("    ", ""), *cut_around(sentence, columns - 5))) if sentence else (first,)


MIN_COLUMNS_WITH_IDS = 60
"""How many columns a tree must have for the IDs before the titles of its notes."""


def lay_out_branches(branches: Sequence[Branch], columns: int, *, is_cut: bool = False) -> tuple[list[Line], list[int]]:
    """Return the lines of trees, and for each line the number of the row that it belongs to: a branch that lists a note begins one.

    Lines that are too long are wrapped, or cut if `is_cut`, for a drawing or a mere overview. A blank line stands before a group.
    """
    lines: list[Line] = []
    rows: list[int] = []
    count = NO_ROW

    def add(several: Sequence[Branch], depth: int) -> None:
        nonlocal count
        for branch in several:
            is_row = branch.note is not None
            count += is_row
            if not depth and not is_row and branch.branches and lines and lines[-1]:
                lines.append(())
                rows.append(NO_ROW)
            lead = "  " * depth
            shown = soften_row(branch.line, columns) if is_row else branch.line
            shown = tuple((escape_unsafe(text), style) for text, style in shown if style != HIDDEN_STYLE)
            room = max(columns - len(lead) - 5, 8)
            for number, line in enumerate([cut_line(shown, room + 2)] if is_cut else wrap_line(shown, room)):
                slot: Line = (("  ", SLOT if is_row and not number else ""), (lead + ("  " if number else ""), ""))
                lines.append((*slot, *line) if line else ())
                rows.append(count if is_row or depth else NO_ROW)
            add(branch.branches, depth + 1)

    add(branches, 0)
    return lines, rows


def soften_row(line: Line, columns: int) -> Line:
    """Return the line of a row: only the title of the chosen one stands out, and on a narrow screen no ID stands before it."""
    found: list[StyledText] = []
    follows_hidden = False
    for text, style in line:
        if style == "id" and columns < MIN_COLUMNS_WITH_IDS:
            follows_hidden = True
        elif not (follows_hidden and text == " "):
            follows_hidden = False
            found.append((text, {"title": ROW_TITLE, "id": "dim"}.get(style, style)))
    return tuple(found)
