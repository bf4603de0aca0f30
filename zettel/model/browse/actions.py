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
    GRAPH,
    HELP,
    LIST,
    NOTE,
    OUTLINE,
    PALETTE,
    PREFIX,
    REVIEW,
    SUGGESTION,
    TOPICS,
    KeyBinding,
)
from zettel.model.browse.links import follow, move_link, start_jump
from zettel.model.browse.marks import mark_note, open_gap, open_path, start_saving
from zettel.model.browse.note_view import NoteView
from zettel.model.browse.palette import list_actions
from zettel.model.browse.state import BrowseState, Place
from zettel.model.browse.step import (
    NAMES_KIND,
    SCREEN_KIND,
    TEXT_KIND,
    Step,
    ask,
    change,
    change_query,
    enter,
    forget_layout,
    go_back,
    go_forward,
    name_key,
    open_list,
    read_note,
    say,
    say_gone,
)
from zettel.model.browse.walks import (
    apply,
    dismiss,
    forget_last_answer,
    mark_reviewed,
    move_to_item,
    open_review,
    open_suggestions,
    pass_pair,
    show_other_note,
    skip,
)
from zettel.model.text.fold import fold_letters
from zettel.model.text.phrases import format_count

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
    is_stale = place.searched != place.query.text and not place.row and state.is_waiting(NAMES_KIND)
    if place.screen == LIST and (is_stale or not place.chosen_path):
        if state.is_waiting(NAMES_KIND, TEXT_KIND):
            return say(replace(state, awaited=place.query.text), "still looking for these words")
        return say(state, "no note has these words", f"type others, or make a note of them: {name_key(state, 'capture')}")
    if not place.chosen_path and state.is_waiting(SCREEN_KIND):
        return say(state, "nothing is found yet, and it is still looked for")
    is_by_text = place.screen == LIST and place.name_count <= place.row < len(place.hits)
    return read_note(state, place.chosen_path, line, place.hits[place.row].own_sentence if is_by_text else "")


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
    return change(forget_layout(state), pane="", row=0, line=view.outline[place.row].line), ()


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
    is_in_title = fold_letters(state.entry.text.strip()) in fold_letters(view.note.title)
    if not blocks and not is_in_title:
        return say(state, f'"{state.entry.text.strip()}" is not in this note')
    title = [0] if is_in_title else []
    lines = sorted({*title, *(state.block_lines[block] for block in blocks if block < len(state.block_lines))})
    if not lines:
        return replace(state, message=""), ()
    here = state.place.top + after
    line = next((line for line in lines if line >= here), lines[0])
    last = max(state.lines - state.page, 0)
    message = f"in {format_count(len(title) + len(blocks), 'place')}" if line <= last or len(lines) == 1 else ""
    return change(replace(state, message=message), top=line), ()


# Write


def _plan_undo(state: BrowseState) -> Step:
    return ask(state, do.PlanUndo)


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
    state = forget_last_answer(replace(state, overlay="", question="", asked=""))
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


def list_palette(state: BrowseState) -> tuple[KeyBinding, ...]:
    """Return the actions that the palette lists."""
    return list_actions(state.keys, state.place_mode, state.entry.text)


def show_help(state: BrowseState) -> Step:
    """Explain the keys."""
    return forget_layout(replace(state, overlay=HELP, help_top=0)), ()


def _close_help(state: BrowseState) -> Step:
    return forget_layout(replace(state, overlay="")), ()


def _move_preview(state: BrowseState, step: int) -> Step:
    """Scroll the text beside or below the rows by half a page. A walk without room for it scrolls its own text."""
    is_text_of_walk = state.has_one_pane and state.place.screen in (SUGGESTION, REVIEW)
    if not state.preview and not is_text_of_walk:
        return say(state, "no text is shown beside the rows", f"{name_key(state, 'read')} reads the note")
    return replace(state, preview_top=state.preview_top + step * max(state.page // 2, 1)), ()


def _move_help(state: BrowseState, lines: int) -> Step:
    return replace(state, help_top=state.help_top + lines), ()


def _open_palette(state: BrowseState) -> Step:
    return replace(state, overlay=PALETTE, entry=Entry(), palette_row=0), ()


def _move_in_palette(state: BrowseState, step: int) -> Step:
    last = max(len(list_palette(state)) - 1, 0)
    return replace(state, palette_row=min(max(state.palette_row + step, 0), last)), ()


def choose_from_palette(state: BrowseState) -> Step:
    """Do what is chosen in the palette."""
    rows = list_palette(state)
    if state.palette_row >= len(rows):
        return say(state, "no action has these words")
    action = rows[state.palette_row].action
    return ACTIONS[action.removeprefix(PREFIX)](replace(state, overlay="", entry=Entry()))


def _suspend(state: BrowseState) -> Step:
    return ask(state, do.Suspend)


ACTIONS: dict[str, Callable[[BrowseState], Step]] = {
    "read": _read,
    "follow": follow,
    "next-link": lambda state: move_link(state, 1),
    "previous-link": lambda state: move_link(state, -1),
    "jump": start_jump,
    "back": go_back,
    "leave-walk": go_back,
    "pane-back": go_back,
    "pane-forward": go_forward,
    "forward": go_forward,
    "clear": _clear,
    "find": _start_find,
    "search": open_list,
    "backlinks": lambda state: _toggle_pane(state, BACKLINKS),
    "outline": lambda state: _toggle_pane(state, OUTLINE),
    "other-backlinks": lambda state: _toggle_pane(state, BACKLINKS),
    "other-outline": lambda state: _toggle_pane(state, OUTLINE),
    "down": lambda state: _move(state, 1, 1),
    "up": lambda state: _move(state, -1, -1),
    "page-down": lambda state: _move(state, state.page_rows, max(state.page - 1, 1)),
    "page-up": lambda state: _move(state, -state.page_rows, -max(state.page - 1, 1)),
    "next-item": lambda state: move_to_item(state, 1),
    "previous-item": lambda state: move_to_item(state, -1),
    "preview-down": lambda state: _move_preview(state, 1),
    "preview-up": lambda state: _move_preview(state, -1),
    "half-down": lambda state: _move(state, 1, max(state.page // 2, 1)),
    "half-up": lambda state: _move(state, -1, -max(state.page // 2, 1)),
    "top": _go_to_top,
    "bottom": _go_to_bottom,
    "first": lambda state: (change(state, row=0), ()),
    "last": lambda state: (change(state, row=count_rows(state) - 1), ()),
    "mark": mark_note,
    "path": open_path,
    "gap": open_gap,
    "save-path": start_saving,
    "suggest": open_suggestions,
    "apply": apply,
    "dismiss": dismiss,
    "skip": skip,
    "reviewed": mark_reviewed,
    "tomorrow": lambda state: mark_reviewed(state, 1),
    "next-week": lambda state: mark_reviewed(state, 7),
    "review-links": open_suggestions,
    "pair-reviewed": pass_pair,
    "other-note": show_other_note,
    "review": open_review,
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
    "help-page-down": lambda state: _move_help(state, max(state.page - 1, 1)),
    "help-page-up": lambda state: _move_help(state, -max(state.page - 1, 1)),
    "close-help": _close_help,
    "palette": _open_palette,
    "choose-action": choose_from_palette,
    "action-down": lambda state: _move_in_palette(state, 1),
    "action-up": lambda state: _move_in_palette(state, -1),
    "help": show_help,
    "suspend": _suspend,
    "quit": _quit,
}
"""What each action does, by its name in the table of keys without the prefix of the list."""
