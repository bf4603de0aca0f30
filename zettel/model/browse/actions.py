"""Define what each action of browsing does: the next state, and what is to be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from zettel.model.browse import effects as do
from zettel.model.browse.entry import Entry
from zettel.model.browse.keys import (
    BACKLINKS,
    CAPTURE,
    FIND,
    GAP,
    GRAPH,
    HELP,
    JUMP,
    LIST,
    NOTE,
    OUTLINE,
    PATH,
    REVIEW,
    SUGGESTION,
    TITLE,
    TOPICS,
)
from zettel.model.browse.note_view import NoteView
from zettel.model.browse.state import BrowseState, Mark, Place
from zettel.model.browse.step import (
    CHANGE_KIND,
    NAMES_KIND,
    TEXT_KIND,
    Step,
    ask,
    change,
    change_query,
    enter,
    go_back,
    go_forward,
    name_key,
    read_note,
    say,
    say_gone,
    search,
)
from zettel.model.link.link import AMBIGUOUS, DANGLING, EXTERNAL
from zettel.model.text.fold import fold_letters
from zettel.model.text.phrases import format_count

APPLIED, DISMISSED, SKIPPED = "applied", "dismissed", "skipped"
"""How a suggestion can be answered."""


# Read, follow, go


def _read(state: BrowseState) -> Step:
    place = state.place
    if place.screen == TOPICS and place.row < len(place.listing_rows) and not place.chosen_path:
        topic = place.listing_rows[place.row].topic
        return ask(enter(state, Place(TOPICS, topic=topic)), do.ReadTopic, topic) if topic else say(state, "there is no topic here")
    line = 0
    if place.screen == REVIEW and place.shown_item:
        line = place.shown_item.line or 0
    elif place.row < len(place.listing_rows):
        line = place.listing_rows[place.row].line
    if not place.chosen_path and place.screen == LIST:
        if state.is_waiting(NAMES_KIND, TEXT_KIND):
            return say(state, "still looking for these words")
        return say(state, "no note has these words", f"type others, or make a note of them: {name_key(state, 'capture')}")
    return read_note(state, place.chosen_path, line)


def follow(state: BrowseState) -> Step:
    """Follow the chosen link, or choose one if none is."""
    place, view = state.place, state.place.view
    if not view or not view.links:
        return say(state, "this note has no links", _offer_other_ways(state))
    if place.link < 0:
        return _move_link(state, 1)
    link = view.links[place.link]
    if link.path:
        return read_note(state, link.path)
    if link.status == AMBIGUOUS:
        state, effects = _open_list(state, link.title)
        return replace(state, message=f'several notes answer to "{link.title}"'), effects
    if link.status == EXTERNAL:
        return say(state, f"{link.title} is not a note of this notebook")
    if link.status == DANGLING:
        return replace(
            state, overlay=CAPTURE, entry=Entry().insert(link.title), source="", message=f'no note is called "{link.title}" yet'
        ), ()
    return say(state, "this link leads to no note")


def _offer_other_ways(state: BrowseState) -> str:
    """Return what else to press in a note without links."""
    return f"{name_key(state, 'backlinks')} shows what links to it, {name_key(state, 'suggest')} what it could be linked with"


def _open_list(state: BrowseState, query: str = "") -> Step:
    """Go to a list with a query of its own."""
    return search(enter(state, Place(LIST, query=Entry().insert(query), total=state.place.total)))


def _move_link(state: BrowseState, step: int) -> Step:
    place, view = state.place, state.place.view
    if not view or not view.links:
        return say(state, "this note has no links", _offer_other_ways(state))
    count = len(view.links)
    if place.link >= 0:
        return reveal_link(change(state, link=(place.link + step) % count)), ()
    visible = [number for number, line in enumerate(state.link_lines[:count]) if line >= place.top]
    first = (visible[0] if visible else 0) if step > 0 else count - 1
    return reveal_link(change(state, link=first)), ()


def reveal_link(state: BrowseState) -> BrowseState:
    """Scroll so far that the chosen link is on the screen."""
    link = state.place.link
    if not 0 <= link < len(state.link_lines) or not state.page:
        return state
    line, top = state.link_lines[link], state.place.top
    if top <= line < top + state.page:
        return state
    return change(state, top=max(line - state.page // 3, 0))


def _start_jump(state: BrowseState) -> Step:
    if not state.jump_letters:
        return say(state, "there is no link on this screen")
    return replace(state, overlay=JUMP, entry=Entry()), ()


def type_jump_letter(state: BrowseState, character: str) -> Step:
    """Follow the link that has the letters typed, or wait for another one, or give up."""
    typed = state.entry.text + character.lower()
    for letters, number in state.jump_letters:
        if letters == typed:
            return follow(change(replace(state, overlay="", entry=Entry()), link=number))
    if character and any(letters.startswith(typed) for letters, _ in state.jump_letters):
        return replace(state, entry=Entry(typed, len(typed))), ()
    return replace(state, overlay="", entry=Entry()), ()


def _clear(state: BrowseState) -> Step:
    if state.place.query.text:
        return change_query(state, Entry())
    if state.past:
        return go_back(state)
    if state.is_leaving:
        return _quit(state)
    return replace(state, is_leaving=True, message=f"{name_key(state, 'clear')} again leaves zettel"), ()


def _quit(state: BrowseState) -> Step:
    state, effects = ask(state, do.Quit)
    return replace(state, is_over=True), effects


# Move


def count_rows(state: BrowseState) -> int:
    """Count the rows of the pane or screen among which one moves."""
    place = state.place
    if place.pane:
        return place.pane_size
    return len(place.hits) if place.screen == LIST else len(place.listing_rows)


def _move(state: BrowseState, rows: int, lines: int) -> Step:
    """Move by rows, or by lines in a note."""
    place = state.place
    if place.screen == NOTE and not place.pane:
        return change(state, top=place.top + lines), ()
    return change(state, row=place.row + rows), ()


def _go_to_top(state: BrowseState) -> Step:
    return change(state, top=0), ()


def _go_to_bottom(state: BrowseState) -> Step:
    return change(state, top=max(state.lines - state.page, 0)), ()


# Panes


def _toggle_pane(state: BrowseState, pane: str) -> Step:
    view = state.place.view
    if state.place.pane == pane:
        return change(state, pane="", row=0), ()
    if not view or not (view.backlinks if pane == BACKLINKS else view.outline):
        return say(state, "no note links here yet" if pane == BACKLINKS else "this note has no headings")
    return change(state, pane=pane, row=0), ()


def _close_pane(state: BrowseState) -> Step:
    return change(state, pane="", row=0), ()


def _go_from_pane(state: BrowseState) -> Step:
    place, view = state.place, state.place.view
    if not view or place.row >= place.pane_size:
        return _close_pane(state)
    if place.pane == BACKLINKS:
        backlink = view.backlinks[place.row]
        return read_note(state, backlink.path, backlink.line)
    block = view.outline[place.row].block
    state = change(state, pane="", row=0)
    return (change(state, top=state.block_lines[block]) if block < len(state.block_lines) else state), ()


# Find in a note


def _start_find(state: BrowseState) -> Step:
    return replace(state, overlay=FIND, entry=Entry()), ()


def _find_blocks(view: NoteView, text: str) -> list[int]:
    """Return the blocks of a note that have a text in them, whatever its letter case and accents."""
    wanted = fold_letters(text.strip())
    return [number for number, found in enumerate(view.list_texts()) if wanted in fold_letters(found)] if wanted else []


def find_next_place(state: BrowseState, after: int) -> Step:
    """Go to the first place from the top of the screen on that has the words typed, or to the next one if `after` is 1."""
    view = state.place.view
    if not view or not state.entry.text.strip():
        return state, ()
    blocks = _find_blocks(view, state.entry.text)
    if not blocks:
        return say(state, f'"{state.entry.text.strip()}" is not in this note')
    lines = sorted({state.block_lines[block] for block in blocks if block < len(state.block_lines)})
    if not lines:
        return replace(state, message=""), ()
    here = state.place.top + after
    line = next((line for line in lines if line >= here), lines[0])
    last = max(state.lines - state.page, 0)
    message = f"in {format_count(len(blocks), 'place')}" if line <= last or len(lines) == 1 else ""
    return change(replace(state, message=message), top=line), ()


# Paths and gaps


def _mark(state: BrowseState) -> Step:
    mark = _build_mark(state)
    if not mark:
        return say(state, "there is no note here to mark")
    marks = state.marks
    if any(mark.topic == other.topic for other in marks):
        return say(replace(state, marks=tuple(other for other in marks if other.topic != mark.topic)), f"{mark.title}: no longer marked")
    marks = (*marks[:1], mark)
    key = name_key(state, "path")
    gap = f", {name_key(state, 'gap')} the gap" if state.keys.find_binding(state.mode, "gap") else ""
    hint = f"mark another one as B, then {key} shows the path" if len(marks) == 1 else f"{key} shows the path from A to B{gap}"
    return say(replace(state, marks=marks), f"{'AB'[len(marks) - 1]}: {mark.title}", hint)


def _build_mark(state: BrowseState) -> Mark | None:
    """Return the mark of what is chosen or shown, or None if it is not a note or topic."""
    place = state.place
    if place.screen == NOTE:
        return Mark(place.path, place.view.note.title if place.view else place.path)
    if place.screen == LIST:
        return Mark(place.chosen_path, place.hits[place.row].item.title) if place.chosen_path else None
    if place.row >= len(place.listing_rows):
        return None
    row = place.listing_rows[place.row]
    return Mark(row.name, row.title) if row.name else None


def _choose_ends(state: BrowseState) -> tuple[Mark, ...]:
    """Return what a path goes from and to: the marks, or the one mark and what is shown. Fewer than two if that is not enough."""
    if len(state.marks) == 2:
        return state.marks
    here = _build_mark(state)
    return (*state.marks, here) if here and all(here.topic != mark.topic for mark in state.marks) else state.marks


def _open_path(state: BrowseState) -> Step:
    ends = _choose_ends(state)
    if len(ends) < 2:
        return say(state, "a path needs two notes", f"mark them: {name_key(state, 'mark')} on one note, then on another")
    return ask(enter(state, Place(PATH, ends=ends)), do.FindPath, ends[0].topic, ends[1].topic)


def _open_gap(state: BrowseState) -> Step:
    ends = state.place.ends or _choose_ends(state)
    if len(ends) < 2:
        return say(state, "a gap is between two topics", f"mark them: {name_key(state, 'mark')} on one topic, then on another")
    return ask(enter(state, Place(GAP, ends=ends)), do.FindGap, ends[0].topic, ends[1].topic)


def _start_saving(state: BrowseState) -> Step:
    if not state.place.link_path:
        return say(state, "there is no path to save")
    title = state.place.listing.title if state.place.listing else ""
    return replace(state, overlay=TITLE, entry=Entry().insert(title)), ()


# Tend


def _open_suggestions(state: BrowseState) -> Step:
    path = state.place.chosen_path
    if state.place.is_gone:
        return say_gone(state)
    if not path:
        return say(state, "there is no note here to suggest links for")
    return ask(enter(state, Place(SUGGESTION, path=path)), do.Suggest, path)


def _apply(state: BrowseState) -> Step:
    place, suggestion = state.place, state.place.shown_suggestion
    if not suggestion or state.is_waiting(CHANGE_KIND):
        return say(state, "the change before is still being made" if suggestion else "there is no suggestion here")
    state = change(state, answered=(*place.answered, (suggestion.note.path, APPLIED)))
    return ask(state, do.Apply, place.path, suggestion, place.catalogued)


def _dismiss(state: BrowseState) -> Step:
    place = state.place
    if state.is_waiting(CHANGE_KIND):
        return say(state, "the change before is still being made")
    if place.screen == REVIEW:
        item = place.shown_item
        if not item or not item.other:
            return say(
                state,
                "this is not a pair of notes",
                f"{name_key(state, 'skip')} skips it, {name_key(state, 'tomorrow')} puts it off until tomorrow",
            )
        return ask(state, do.Dismiss, item.note.path, item.other.path)
    suggestion = place.shown_suggestion
    if not suggestion:
        return say(state, "there is no suggestion here")
    state = change(state, answered=(*place.answered, (suggestion.note.path, DISMISSED)))
    return ask(state, do.Dismiss, place.path, suggestion.note.path)


def _skip(state: BrowseState) -> Step:
    place = state.place
    if place.screen == REVIEW:
        return show_next_item(state)
    suggestion = place.shown_suggestion
    if not suggestion:
        return say(state, "there is no suggestion here")
    left = tuple(other for other in place.suggestions or () if other is not suggestion)
    state = change(state, suggestions=left, answered=(*place.answered, (suggestion.note.path, SKIPPED)))
    return (state, ()) if left else end_walk(state)


def end_walk(state: BrowseState) -> Step:
    """Go back from suggestions or a review that have come to their end, and say what was done."""
    place = state.place
    if place.screen == REVIEW:
        message = "nothing to review today" if not place.items else "that was all for today"
    else:
        message = _count_answers(place) or "no link to suggest"
    state, effects = go_back(state)
    return replace(state, message=message), effects


def _count_answers(place: Place) -> str:
    """Say how many suggestions were answered in which way, empty if none was."""
    if not place.answered:
        return ""
    counts = [sum(answer == kind for _, answer in place.answered) for kind in (APPLIED, DISMISSED, SKIPPED)]
    return "no more suggestions: {} inserted, {} dismissed, {} skipped".format(*counts)


def show_next_item(state: BrowseState) -> Step:
    """Show the next item of a review. After the last one, go back."""
    place = state.place
    if place.row + 1 < len(place.items or ()):
        return change(state, row=place.row + 1), ()
    message = state.message
    state, effects = end_walk(state)
    return replace(state, message=" – ".join(filter(None, (message, state.message)))), effects


def _open_review(state: BrowseState) -> Step:
    return ask(enter(state, Place(REVIEW)), do.LoadReview)


def _mark_reviewed(state: BrowseState, days: int = 0) -> Step:
    item = state.place.shown_item
    if not item or state.is_waiting(CHANGE_KIND):
        return say(state, "the change before is still being made" if item else "there is nothing to review here")
    return ask(state, do.MarkReviewed, item.note.path, days)


def _plan_undo(state: BrowseState) -> Step:
    return ask(state, do.PlanUndo)


# Write


def _edit(state: BrowseState) -> Step:
    place = state.place
    path, line = place.chosen_path, 0
    if place.is_gone:
        return say_gone(state)
    if place.screen == NOTE and place.view and place.link >= 0:
        line = place.view.links[place.link].line
    elif place.screen == SUGGESTION and place.shown_suggestion:
        point = place.shown_suggestion.insertion_point
        path, line = point.source, point.line
    elif place.screen == REVIEW and place.shown_item:
        line = place.shown_item.line or 0
    elif place.row < len(place.listing_rows):
        line = place.listing_rows[place.row].line
    return ask(state, do.Edit, path, line) if path else say(state, "there is no note here to edit")


def _start_capture(state: BrowseState, *, is_linked: bool = False) -> Step:
    text = state.place.query.text if state.place.screen == LIST else ""
    source = state.place.path if is_linked else ""
    return replace(state, overlay=CAPTURE, entry=Entry().insert(text), source=source), ()


def _accept(state: BrowseState) -> Step:
    text = " ".join(state.entry.text.split())
    if not text:
        return say(state, "type a title first", f"{name_key(state, 'cancel')} goes back without it")
    is_capture, source, path = state.overlay == CAPTURE, state.source, state.place.link_path
    state = replace(state, overlay="", entry=Entry(), source="")
    if is_capture:
        return ask(state, do.Capture, text, source)
    return ask(state, do.SavePath, text, path) if path else (state, ())


def _cancel(state: BrowseState) -> Step:
    return replace(state, overlay="", entry=Entry(), source=""), ()


def _say_yes(state: BrowseState) -> Step:
    name = state.asked
    state = replace(state, overlay="", question="", asked="")
    if state.place.screen == SUGGESTION:  # what is taken back is shown again
        kept = list(state.place.answered)
        last = next((at for at in range(len(kept) - 1, -1, -1) if kept[at][1] != SKIPPED), None)
        if last is not None:
            del kept[last]
        state = change(state, answered=tuple(kept))
    return ask(state, do.Undo, name)


def _say_no(state: BrowseState) -> Step:
    return say(replace(state, overlay="", question="", asked=""), "nothing was undone")


def _copy(state: BrowseState) -> Step:
    path = state.place.chosen_path
    return ask(state, do.Copy, path) if path else say(state, "there is no note here to copy the name of")


# Wander


def _open_topics(state: BrowseState) -> Step:
    return ask(enter(state, Place(TOPICS)), do.LoadTopics)


def _open_graph(state: BrowseState) -> Step:
    path = state.place.chosen_path
    if not path:
        return say(state, "there is no note here to draw the graph of")
    if state.place.screen == GRAPH and path == state.place.path:
        return say(state, "this is the graph around that note already")
    return ask(enter(state, Place(GRAPH, path=path)), do.DrawGraph, path)


def _read_random(state: BrowseState) -> Step:
    return ask(state, do.ChooseRandom)


def show_help(state: BrowseState) -> Step:
    """Explain the keys."""
    return replace(state, overlay=HELP, help_top=0), ()


def _move_help(state: BrowseState, step: int) -> Step:
    return replace(state, help_top=min(max(state.help_top + step, 0), len(state.keys.bindings))), ()


def _open_palette(state: BrowseState) -> Step:
    return ask(state, do.OpenPalette)


def _suspend(state: BrowseState) -> Step:
    return ask(state, do.Suspend)


ACTIONS: dict[str, Callable[[BrowseState], Step]] = {
    "read": _read,
    "follow": follow,
    "next-link": lambda state: _move_link(state, 1),
    "previous-link": lambda state: _move_link(state, -1),
    "jump": _start_jump,
    "back": go_back,
    "leave-walk": go_back,
    "pane-back": go_back,
    "pane-forward": go_forward,
    "forward": go_forward,
    "clear": _clear,
    "find": _start_find,
    "search": _open_list,
    "backlinks": lambda state: _toggle_pane(state, BACKLINKS),
    "outline": lambda state: _toggle_pane(state, OUTLINE),
    "other-backlinks": lambda state: _toggle_pane(state, BACKLINKS),
    "other-outline": lambda state: _toggle_pane(state, OUTLINE),
    "down": lambda state: _move(state, 1, 1),
    "up": lambda state: _move(state, -1, -1),
    "page-down": lambda state: _move(state, state.page_rows, max(state.page - 1, 1)),
    "page-up": lambda state: _move(state, -state.page_rows, -max(state.page - 1, 1)),
    "half-down": lambda state: _move(state, 1, max(state.page // 2, 1)),
    "half-up": lambda state: _move(state, -1, -max(state.page // 2, 1)),
    "top": _go_to_top,
    "bottom": _go_to_bottom,
    "first": lambda state: (change(state, row=0), ()),
    "last": lambda state: (change(state, row=count_rows(state) - 1), ()),
    "mark": _mark,
    "path": _open_path,
    "gap": _open_gap,
    "save-path": _start_saving,
    "suggest": _open_suggestions,
    "apply": _apply,
    "dismiss": _dismiss,
    "skip": _skip,
    "reviewed": _mark_reviewed,
    "tomorrow": lambda state: _mark_reviewed(state, 1),
    "next-week": lambda state: _mark_reviewed(state, 7),
    "review-links": _open_suggestions,
    "review": _open_review,
    "undo": _plan_undo,
    "undo-answer": _plan_undo,
    "edit": _edit,
    "capture": _start_capture,
    "capture-linked": lambda state: _start_capture(state, is_linked=True),
    "copy": _copy,
    "topics": _open_topics,
    "graph": _open_graph,
    "walk": _open_graph,
    "random": _read_random,
    "go": _go_from_pane,
    "close": _close_pane,
    "accept": _accept,
    "cancel": _cancel,
    "next-place": lambda state: find_next_place(state, 1),
    "end-find": _cancel,
    "yes": _say_yes,
    "no": _say_no,
    "help-down": lambda state: _move_help(state, 1),
    "help-up": lambda state: _move_help(state, -1),
    "close-help": _cancel,
    "palette": _open_palette,
    "help": show_help,
    "suspend": _suspend,
    "quit": _quit,
}
"""What each action does, by its name in the table of keys without the prefix of the list."""
