"""Say what each part of the screen draws in a state of browsing. Nothing here draws or decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from zettel.model.base.answer import HIDDEN_STYLE, Line
from zettel.model.browse.hit import Hit
from zettel.model.browse.keys import (
    FIND,
    GRAPH,
    HELP,
    LIST,
    MODE_NAMES,
    MODES,
    PATH,
    TOPICS,
    KeyBinding,
    format_key,
)
from zettel.model.browse.listing import Listing
from zettel.model.browse.note_view import NoteView
from zettel.model.browse.state import BrowseState, Place
from zettel.model.review.schedule import HEADINGS
from zettel.model.text.wrap import measure_columns, wrap_line
from zettel.tui.widgets.line_pane import NONE, LaidLines, Lines, RowLines, find_link
from zettel.views.browse_rows import (
    ROW_TITLE,
    SLOT,
    NoteLines,
    cut_line,
    lay_out_branches,
    lay_out_linking_note,
    lay_out_note,
    lay_out_row,
    mark_words,
)
from zettel.views.review import build_item_branch
from zettel.views.suggestions import build_suggestion_branch

MIN_HIT_LENGTH = 3
"""The shortest word of a query that is marked in the text of a note."""

OPERATORS = ("AND", "OR", "NOT")
"""The words of a query that are not looked for."""

MAX_COLOURED = 20_000
"""How many characters of code are coloured."""

MIN_ABOUT_COLUMNS = 30
"""How many columns there must be to say what an action of the palette does."""

MAX_KEYS = 4
"""How many keys of an action the help names."""

SEARCHING = "looking in the text …"
"""What the list says while no name has the words and the text is still searched."""


def highlight_code(code: str, language: str) -> list[Line]:
    """Return the styled lines of code. Code that is very long is not coloured, because that would take seconds."""
    if not language or len(code) > MAX_COLOURED:
        return [((line, "code"),) for line in code.split("\n")]
    from zettel.adapters.terminal import RichScreen

    return RichScreen(80, colour=True).highlight_code(code, language)


# The list


def build_hits(hits: Sequence[Hit], find_mark: Callable[[str], str], words: Sequence[str]) -> Callable[[int], Lines]:
    """Return a function that lays out rows of notes for a width, with words marked in their titles."""

    def build(columns: int) -> Lines:
        def build_row(number: int) -> tuple[Line, ...]:
            hit = hits[number]
            title = mark_words(hit.item.title, words, ROW_TITLE)
            sentence = dim_sentence(hit.sentence)
            return lay_out_row(title, hit.item.id or "", sentence, columns, find_mark(hit.path), is_citation=hit.is_citation)

        return RowLines([2 if hit.sentence else 1 for hit in hits], build_row)

    return build


def build_nothing(state: BrowseState) -> Callable[[int], Lines]:
    """Return a function that lays out what to do where the list is empty, or that it is not known yet whether it is."""
    if state.is_waiting("names", "text"):
        searching = SEARCHING if state.place.query.text.strip() else ""
        return lambda columns: LaidLines([(("  ", ""), *cut_line(((searching, "dim"),), max(columns - 4, 8)))])
    row = state.keys.find_binding(LIST, "capture")
    query, key = state.place.query.text.strip(), format_key(row.keys[0]) if row else ""
    what = "no note has these words" if query else "there is no note yet"
    how = "makes a note of them" if query else "makes one"

    def build(columns: int) -> Lines:
        lines = (((what, ""),), ((key, "key"), (f" {how}", "dim")))
        return LaidLines([(("  ", ""), *part) for line in lines for part in wrap_line(line, max(columns - 4, 8))])

    return build


def dim_sentence(sentence: Line) -> Line:
    """Return a sentence in which only what was looked for stands out."""
    return tuple((text, style if style == "hit" or style == HIDDEN_STYLE else "dim") for text, style in sentence)


# A note


def build_note(view: NoteView) -> Callable[[int], LaidNote]:
    """Return a function that lays out the text of a note for a width."""
    return lambda columns: LaidNote(lay_out_note(view.note, view.blocks, columns, highlight_code), len(view.links))


class LaidNote(LaidLines):
    """The lines of a note, and at which of them its blocks and links are."""

    def __init__(self, laid: NoteLines, link_count: int) -> None:
        super().__init__(laid.lines)
        self.block_lines = laid.block_lines
        places = [NONE] * link_count
        for at, line in enumerate(laid.lines):
            for _, style in line:
                number = find_link(style)
                if number != NONE and number < link_count and places[number] == NONE:
                    places[number] = at
        self.link_lines = tuple(places)


def build_backlinks(view: NoteView) -> Callable[[int], Lines]:
    """Return a function that lays out the backlinks of a note, each with its sentence."""

    def build(columns: int) -> Lines:
        def build_row(number: int) -> tuple[Line, ...]:
            backlink = view.backlinks[number]
            return lay_out_linking_note(backlink.name, backlink.context, columns)

        return RowLines([2 if backlink.context else 1 for backlink in view.backlinks], build_row)

    return build


def build_outline(view: NoteView) -> Callable[[int], Lines]:
    """Return a function that lays out the headings of a note."""
    levels = [entry.level for entry in view.outline]
    top = min(levels, default=1)

    def build(columns: int) -> Lines:
        def build_row(number: int) -> tuple[Line, ...]:
            entry = view.outline[number]
            lead = "  " * (entry.level - top)
            return ((("  ", SLOT), (lead, ""), *cut_line(((entry.text, ROW_TITLE),), max(columns - 3 - len(lead), 4))),)

        return RowLines([1] * len(view.outline), build_row)

    return build


def build_topic_hint(name: str) -> Callable[[int], Lines]:
    """Return a function that lays out what to do with a topic that is chosen."""

    def build(columns: int) -> Lines:
        line: Line = ((name, "title"), (" – Enter lists its notes in the order to read them", "dim"))
        return LaidLines([(("  ", ""), *part) for part in wrap_line(line, max(columns - 4, 8))])

    return build


# Screens with rows


def build_listing(place: Place) -> Callable[[int], Lines]:
    """Return a function that lays out the rows of a path, a gap, topics or the graph around a note.

    The title stands above the rows only if it says that nothing was found. Otherwise the trail at the top of the screen names the place.
    """
    listing, screen = place.listing or Listing(), place.screen
    has_nothing = not listing.rows or (screen == PATH and not place.link_path)

    def build(columns: int) -> Lines:
        head: list[Line] = []
        if listing.title and has_nothing:
            head = [*(((" ", ""), *line) for line in wrap_line(((listing.title, "dim"),), max(columns - 2, 8))), ()]
        lines, rows = lay_out_branches(listing.branches, columns, is_cut=screen in (TOPICS, GRAPH))
        return LaidLines([*head, *lines], [*[NONE] * len(head), *rows])

    return build


def build_suggestions(place: Place) -> Callable[[int], Lines]:
    """Return a function that lays out the suggestion that is shown, and below it the names of those that follow."""
    found = place.suggestions or ()

    def build(columns: int) -> Lines:
        shown = place.shown_suggestion
        if not shown or not place.note:
            return LaidLines()
        done = len(place.answered)
        head: list[Line] = [((" ", ""), *line) for line in wrap_line((("for ", "dim"), (place.note.title, "")), max(columns - 2, 8))]
        head += [((f" suggestion {done + place.row + 1} of {done + len(found)}", "dim"),), ()]
        lines, rows = lay_out_branches([build_suggestion_branch(place.note, shown)], columns)
        further = [((" ", ""), *cut_line(((other.note.title, "dim"),), columns - 6)) for other in found[place.row + 1 :]]
        tail: list[Line] = [(), ((" then", "dim"),), *(((" " * 3, ""), *line) for line in further)] if further else []
        return LaidLines(
            [*head, *lines, *tail], [*[NONE] * len(head), *[place.row if row == 0 else NONE for row in rows], *[NONE] * len(tail)]
        )

    return build


def build_review(place: Place) -> Callable[[int], Lines]:
    """Return a function that lays out the item of the review that is shown, and below it the names of those that follow."""
    items = place.items or ()

    def build(columns: int) -> Lines:
        item = place.shown_item
        if not item:
            return LaidLines()
        head: list[Line] = [((f" {HEADINGS[item.kind]}", "heading"), (f"  {place.row + 1} of {len(items)}", "dim")), ()]
        lines, rows = lay_out_branches([build_item_branch(item)], columns)
        chosen = 1 if place.is_other else 0
        further = [((" ", ""), *cut_line(((other.note.title, "dim"),), columns - 6)) for other in items[place.row + 1 :]]
        tail: list[Line] = [(), ((" then", "dim"),), *(((" " * 3, ""), *line) for line in further)] if further else []
        return LaidLines(
            [*head, *lines, *tail], [*[NONE] * len(head), *[place.row if row == chosen else NONE for row in rows], *[NONE] * len(tail)]
        )

    return build


# Help and palette


def build_palette(rows: Sequence[KeyBinding]) -> Callable[[int], Lines]:
    """Return a function that lays out actions to choose from, each with its first key and what it does."""

    def build(columns: int) -> Lines:
        if not rows:
            return LaidLines([(("  ", ""), ("no action has these words", "dim"))])
        names = _pad([row.words.capitalize() for row in rows])
        keys = _pad([format_key(row.keys[0]) for row in rows])
        has_room = columns - measure_columns(names[0] + keys[0]) >= MIN_ABOUT_COLUMNS
        lines = [
            (("  ", SLOT), *cut_line(((name, ROW_TITLE), (key, "key"), (row.about if has_room else "", "dim")), columns - 3))
            for name, key, row in zip(names, keys, rows, strict=True)
        ]
        return LaidLines(lines, range(len(rows)))

    return build


def _pad(texts: Sequence[str]) -> list[str]:
    """Return texts padded with blanks, so that each is two columns wider than the widest was."""
    width = max(map(measure_columns, texts))
    return [text + " " * (width + 2 - measure_columns(text)) for text in texts]


def build_help(state: BrowseState) -> Callable[[int], Lines]:
    """Return a function that lays out the keys of the screen that the help was opened on, and then those of all others."""
    here = state.place_mode

    def build(columns: int) -> Lines:
        lines: list[Line] = []
        for mode in (here, *(mode for mode in MODES if mode not in (here, HELP))):
            rows = state.keys.list_bindings(mode)
            if not rows:
                continue
            lines += [(), ((f"  In {MODE_NAMES[mode]}", "title"),)]
            for row in rows:
                names = ", ".join(map(format_key, row.keys[:MAX_KEYS]))
                lead = f"    {names:24}  " if columns >= 60 else f"  {names:14}  "
                about = wrap_line(((row.about, ""),), max(columns - len(lead) - 2, 16))
                for number, line in enumerate(about):
                    lines.append(((lead, "key") if not number else (" " * len(lead), ""), *line))
        return LaidLines(lines[1:])

    return build


# What is marked in a text


def compile_found(state: BrowseState) -> re.Pattern[str] | None:
    """Return a pattern of what is marked in the text that is shown: what is looked for in it, or else the words of the query that led there."""
    return _compile_literal(state.entry.text.strip()) if state.overlay == FIND else _compile_words(state.shown_query)


@lru_cache(maxsize=32)
def list_words(query: str) -> tuple[str, ...]:
    """Return the words of a query that are looked for: none of its filters, nor of what is left out."""
    return tuple(word for word in re.findall(r"(?<![\w:-])\w+(?![\w:])", query) if word not in OPERATORS)


@lru_cache(maxsize=32)
def _compile_literal(text: str) -> re.Pattern[str] | None:
    return re.compile(re.escape(text), re.IGNORECASE) if text else None


@lru_cache(maxsize=32)
def _compile_words(query: str) -> re.Pattern[str] | None:
    """Return a pattern that matches words that begin as those of a query do."""
    words = [word for word in list_words(query) if len(word) >= MIN_HIT_LENGTH]
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})\w*", re.IGNORECASE) if words else None
