"""Say what each part of the screen draws in a state of browsing. Nothing here draws or decides."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from zettel.model.base.answer import HIDDEN_STYLE, Line, StyledText
from zettel.model.browse.entry import Entry
from zettel.model.browse.hit import Hit
from zettel.model.browse.keys import (
    BACKLINKS,
    CAPTURE,
    CONFIRM,
    FIND,
    GAP,
    GRAPH,
    HELP,
    JUMP,
    LIST,
    MODE_NAMES,
    MODES,
    NOTE,
    OUTLINE,
    PATH,
    REVIEW,
    SUGGESTION,
    TITLE,
    TOPICS,
    format_key,
)
from zettel.model.browse.listing import Listing
from zettel.model.browse.note_view import NoteView
from zettel.model.browse.state import BrowseState, Place
from zettel.model.review.schedule import HEADINGS
from zettel.model.text.phrases import format_count
from zettel.model.text.wrap import measure_columns, measure_line, wrap_line
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
)
from zettel.views.notes import ARROWS
from zettel.views.review import build_item_branch
from zettel.views.suggestions import build_suggestion_branch

MIN_HIT_LENGTH = 3
"""The shortest word of a query that is marked in the text of a note."""

MAX_COLOURED = 20_000
"""How many characters of code are coloured."""

MAX_TRAIL = 4
"""How many of the places before are named above a note."""

MAX_KEYS = 4
"""How many keys of an action the help names."""

MAX_NAME = 36
"""How many characters of the name of a place are shown in the trail."""

PROMPTS = {FIND: "/", CAPTURE: "new note:", TITLE: "save the path as:"}
"""What stands before a line that is typed over a screen."""

LINKED_PROMPT = "new note, linked from this one:"
"""What stands before the title of a note that the one that is shown will link to."""

SEARCHING = "looking in the text …"
"""What the list says while no name has the words and the text is still searched."""

WAITING = {
    PATH: "looking for a path …",
    GAP: "measuring the gap …",
    SUGGESTION: "looking for links …",
    REVIEW: "choosing …",
    TOPICS: "sorting …",
    GRAPH: "drawing …",
}
"""What is said on a screen until its rows are found."""


def highlight_code(code: str, language: str) -> list[Line]:
    """Return the styled lines of code. Code that is very long is not coloured, because that would take seconds."""
    if not language or len(code) > MAX_COLOURED:
        return [((line, "code"),) for line in code.split("\n")]
    from zettel.adapters.terminal import RichScreen

    return RichScreen(80, colour=True).highlight_code(code, language)


# The list


def build_hits(hits: Sequence[Hit], find_mark: Callable[[str], str]) -> Callable[[int], Lines]:
    """Return a function that lays out rows of notes for a width."""

    def build(columns: int) -> Lines:
        def build_row(number: int) -> tuple[Line, ...]:
            hit = hits[number]
            return lay_out_row(((hit.item.title, ROW_TITLE),), hit.item.id or "", dim_sentence(hit.sentence), columns, find_mark(hit.path))

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


def build_note(view: NoteView) -> Callable[[int], NoteText]:
    """Return a function that lays out the text of a note for a width."""
    return lambda columns: NoteText(lay_out_note(view.note, view.blocks, columns, highlight_code), len(view.links))


class NoteText(LaidLines):
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


def build_listing(listing: Listing, screen: str) -> Callable[[int], Lines]:
    """Return a function that lays out the rows of a path, a gap, topics or the graph around a note."""

    def build(columns: int) -> Lines:
        head: list[Line] = []
        if listing.title:
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
        head += [((f" suggestion {done + 1} of {done + len(found)}", "dim"),), ()]
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
        further = [((" ", ""), *cut_line(((other.note.title, "dim"),), columns - 6)) for other in items[place.row + 1 :]]
        tail: list[Line] = [(), ((" then", "dim"),), *(((" " * 3, ""), *line) for line in further)] if further else []
        return LaidLines(
            [*head, *lines, *tail], [*[NONE] * len(head), *[place.row if row == 0 else NONE for row in rows], *[NONE] * len(tail)]
        )

    return build


# Help


def build_help(state: BrowseState) -> Callable[[int], Lines]:
    """Return a function that lays out the keys of the screen that the help was opened on, and then those of all others."""
    here = state.place.pane or state.place.screen

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


# Bars


def build_head(state: BrowseState, notebook: str) -> tuple[Line, Line]:
    """Return the first line of the screen: where one is, and at the right what is marked and how many notes there are."""
    place = state.place
    left: Line = ((" zettel", "strong"), (f"  {notebook}", "dim"))
    right: list[StyledText] = []
    for letter, mark in zip("AB", state.marks, strict=False):
        right += [(f"{letter} ", "arrow"), (mark.title if len(mark.title) <= 24 else f"{mark.title[:23]}…", ""), ("   ", "")]
    if place.screen == LIST:
        count = f"{len(place.hits):,} of {format_count(place.total, 'note')}" if place.query.text else format_count(place.total, "note")
        is_known = place.total or not state.is_waiting("names")
        right.append((count if is_known else "", "dim"))
    elif place.screen == NOTE and state.lines > state.page > 0:
        right.append((f"{round(100 * min(1, (place.top + state.page) / state.lines))}%", "dim"))
    return left, (*right, (" ", ""))


def build_prompt(state: BrowseState) -> tuple[Line, Line]:
    """Return the line in which one types, or that says what is shown, and what stands at its right."""
    place, overlay = state.place, state.overlay
    if overlay in PROMPTS:
        prompt = LINKED_PROMPT if state.source else PROMPTS[overlay]
        return _draw_entry(f" {prompt} ", state.entry, state.columns), ()
    if overlay == CONFIRM:
        return ((" ? ", "arrow"), (state.question, "strong")), ()
    if overlay == JUMP:
        return ((" f ", "arrow"), ("type the letters of a link", "dim")), ()
    if overlay == HELP:
        return ((" keys", "strong"),), ()
    if place.screen == LIST:
        return _draw_entry(" > ", place.query, state.columns), ()
    return _build_trail(state), ()


def _draw_entry(lead: str, entry: Entry, columns: int) -> Line:
    """Return a line that is typed, from so far to the left that its cursor is seen."""
    text, cursor = entry.text, entry.cursor
    under = text[cursor : cursor + 1] or " "
    first, room = cursor, columns - len(lead) - measure_columns(under) - len("…")
    while first and (room := room - measure_columns(text[first - 1])) >= 0:
        first -= 1
    return (lead, "arrow"), ("…" if first else "", "dim"), (text[first:cursor], ""), (under, "caret"), (text[cursor + 1 :], "")


def _build_trail(state: BrowseState) -> Line:
    """Return the names of the places that one came from, and of the one that is shown, unless a note has it on the line below."""
    names = [name_place(place) for place in state.past[-MAX_TRAIL:]]
    here = "" if state.place.screen == NOTE and not state.place.top else name_place(state.place)
    kept = [name for number, name in enumerate(names) if number + 1 == len(names) or name != names[number + 1]]
    room = max(state.columns - 2 - len(here), 0)
    shown: list[StyledText] = [(here, "")]
    for name in reversed(kept):
        short = name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"
        if len(short) + 3 > room:
            break
        room -= len(short) + 3
        shown[:0] = [(short, "dim"), (" › ", "arrow")]
    return ((" ", ""), *shown)


def name_place(place: Place) -> str:
    """Return what a place is called in the trail."""
    if place.screen == LIST:
        return f'"{place.query.text}"' if place.query.text.strip() else "all notes"
    if place.screen == NOTE:
        return place.view.note.title if place.view else place.path
    if place.screen in (PATH, GAP) and len(place.ends) == 2:
        return f"{place.ends[0].title} {'→' if place.screen == PATH else '⇹'} {place.ends[1].title}"
    if place.screen == TOPICS and place.topic:
        return place.topic
    return {SUGGESTION: "suggested links", REVIEW: "review", TOPICS: "topics", GRAPH: "graph"}.get(place.screen, place.screen)


def build_strip_title(view: NoteView, column: int, columns: int, pane: str = BACKLINKS) -> Line:
    """Return the rule above the strip of backlinks, or above another pane, with the number of what it lists."""
    if pane == OUTLINE:
        named = format_count(len(view.outline), "heading")
    else:
        named = f"{ARROWS['back']} {format_count(len(view.backlinks), 'backlink')}"
    return join_rule((("── ", "rule"), (named, "arrow"), (" ", "")), column, "┴", columns)


def join_rule(left: Line, column: int, joint: str, columns: int) -> Line:
    """Return a rule as wide as the screen that begins with `left`, and has a `joint` at the column of the rule between two panes, if there is one."""
    done = measure_line(left)
    if column < done:
        return (*left, ("─" * max(columns - done, 0), "rule"))
    return (*left, ("─" * (column - done) + joint + "─" * max(columns - column - 1, 0), "rule"))


def build_foot(state: BrowseState) -> tuple[Line, Line]:
    """Return the last line of the screen: what is to be said, or else the keys that matter most here."""
    waits = WAITING.get(state.place.screen, "") if state.is_waiting("screen") else "writing …" if state.is_waiting("change") else ""
    right: Line = ((waits, "caution"), (" ", "")) if waits else ()
    if state.message:
        hint: Line = (("  " + state.hint, "dim"),) if state.hint else ()
        return ((" ", ""), (state.message, "strong"), *hint), right
    rows = state.keys.list_bindings(state.mode, in_footer=True)
    named = [(format_key(row.keys[0]), row.words) for row in rows]
    widths = [len(key) + len(words) + len("   ") for key, words in named]
    *first, last = widths or [0]  # the last one is help, or how to leave, so it is always there
    room, spans = state.columns - measure_line(right) - last, list[StyledText]()
    for (key, words), width in zip(named, first, strict=False):
        room -= width
        if room < 0:
            break
        spans += [(key, "key"), (f" {words}  ", "dim")]
    for key, words in named[-1:]:
        spans += [(key, "key"), (f" {words}", "dim")]
    return ((" ", ""), *spans), right


# What is marked in a text


def build_found(state: BrowseState) -> re.Pattern[str] | None:
    """Return what is marked in the text that is shown: what is looked for in it, or else the words of the query that led there."""
    if state.overlay == FIND:
        return _compile_literal(state.entry.text.strip())
    place = state.place
    query = place.query.text if place.screen == LIST else ""
    return _compile_words(query)


@lru_cache(maxsize=32)
def _compile_literal(text: str) -> re.Pattern[str] | None:
    return re.compile(re.escape(text), re.IGNORECASE) if text else None


@lru_cache(maxsize=32)
def _compile_words(query: str) -> re.Pattern[str] | None:
    """Return a pattern that matches words that begin as those of a query do."""
    words = [word for word in re.findall(r"(?<![\w:-])\w+(?![\w:])", query) if len(word) >= MIN_HIT_LENGTH]
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})\w*", re.IGNORECASE) if words else None
