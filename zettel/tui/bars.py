"""Say what the lines at the edges of the screen draw in a state of browsing: the head, the line in which one types, the rules and the foot."""

from __future__ import annotations

from zettel.model.base.answer import Line, StyledText
from zettel.model.browse.entry import Entry
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
    NOTE,
    OUTLINE,
    PALETTE,
    PATH,
    REVIEW,
    SUGGESTION,
    TITLE,
    TOPICS,
    format_key,
)
from zettel.model.browse.note_view import NoteView
from zettel.model.browse.state import BrowseState, Place
from zettel.model.text.phrases import format_count
from zettel.model.text.wrap import measure_columns, measure_line
from zettel.views.browse_rows import cut_line
from zettel.views.notes import ARROWS

MAX_TRAIL = 4
"""How many of the places before are named above a note."""

MAX_NAME = 36
"""How many characters of the name of a place are shown in the trail."""

PROMPTS = {FIND: "/", CAPTURE: "new note:", TITLE: "save the path as:", PALETTE: "what to do:"}
"""What stands before a line that is typed over a screen."""

LINKED_PROMPT = "new note, linked from this one:"
"""What stands before the title of a new note to which the shown note will link."""

QUERY_HINT = "words of titles or texts, tag:name, since:last-month"
"""What is said where a query is typed, as long as it is empty."""

WAITING = {
    PATH: "looking for a path …",
    GAP: "measuring the gap …",
    SUGGESTION: "looking for links …",
    REVIEW: "choosing …",
    TOPICS: "sorting …",
    GRAPH: "drawing …",
}
"""What is said on a screen until its rows are found."""


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
        top = state.help_top if state.overlay == HELP else place.top
        right.append((f"{round(100 * min(1, (top + state.page) / state.lines))}%", "dim"))
    return left, (*right, (" ", ""))


def build_prompt(state: BrowseState) -> tuple[Line, Line]:
    """Return the line in which one types, or that says what is shown, and what stands at its right."""
    place, overlay = state.place, state.overlay
    if state.is_too_small:
        return ((" more room, please", ""),), ()
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
        typed = _draw_entry(" > ", place.query, state.columns)
        hint = cut_line(((QUERY_HINT, "dim"),), state.columns - measure_line(typed) - 1)
        return (typed if place.query.text else (*typed, *hint)), ()
    if place.pane and place.view and state.has_one_pane:  # no rule with its name stands above the pane
        return ((" ", ""), (_name_pane(place.view, place.pane), "arrow")), ()
    return _build_trail(state), ()


def _draw_entry(lead: str, entry: Entry, columns: int) -> Line:
    """Return a line that is typed, without its beginning if the cursor would not be seen otherwise."""
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
    if place.screen == GRAPH and place.listing:
        return place.listing.title
    return {SUGGESTION: "suggested links", REVIEW: "review", TOPICS: "topics", GRAPH: "graph"}.get(place.screen, place.screen)


def build_strip_title(view: NoteView, column: int, columns: int, pane: str = BACKLINKS) -> Line:
    """Return the rule above the strip of backlinks, or above another pane, with what it lists and how many."""
    return join_rule((("── ", "rule"), (_name_pane(view, pane), "arrow"), (" ", "")), column, "┴", columns)


def _name_pane(view: NoteView, pane: str) -> str:
    """Return what a pane is called: what it lists, and how many."""
    return format_count(len(view.outline), "heading") if pane == OUTLINE else f"{ARROWS['back']} {view.backlink_count}"


def join_rule(left: Line, column: int, joint: str, columns: int) -> Line:
    """Return a rule as wide as the screen that begins with `left`, and has a `joint` at the column of the rule between two panes, if there is one."""
    done = measure_line(left)
    if column < done:
        return (*left, ("─" * max(columns - done, 0), "rule"))
    return (*left, ("─" * (column - done) + joint + "─" * max(columns - column - 1, 0), "rule"))


def build_foot(state: BrowseState, progress: str = "") -> tuple[Line, Line]:
    """Return the last line of the screen: what is to be said, or else the keys that matter most here, and at the right the progress of long work."""
    waits = WAITING.get(state.place.screen, "") if state.is_waiting("screen") else "writing …" if state.is_waiting("change") else ""
    right: Line = ((waits, "caution"), (" ", "")) if waits else ()
    if progress:
        right = (*right, (" " * bool(waits) + progress, "dim"), (" ", ""))
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
