"""Decide what follows from an event: the next state of browsing, and the effects that bring it about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from zettel.model.browse import effects as do
from zettel.model.browse import events as on
from zettel.model.browse.actions import (
    ACTIONS,
    choose_from_palette,
    count_rows,
    find_next_place,
    list_palette,
    show_help,
)
from zettel.model.browse.entry import Entry
from zettel.model.browse.events import Event
from zettel.model.browse.hit import Hit
from zettel.model.browse.keys import (
    CONFIRM,
    DEFAULT_KEYS,
    ENTRIES,
    FIND,
    GAP,
    GRAPH,
    HELP,
    JUMP,
    LIST,
    MODE_NAMES,
    NOTE,
    PALETTE,
    PATH,
    PREFIX,
    REVIEW,
    SUGGESTION,
    TOPICS,
    KeyTable,
    format_key,
)
from zettel.model.browse.links import follow, reveal_link, type_jump_letter
from zettel.model.browse.note_view import NoteView
from zettel.model.browse.state import BrowseState, Mark, Place
from zettel.model.browse.step import (
    NAMES_KIND,
    NOTE_KIND,
    PREVIEW_KIND,
    SCREEN_KIND,
    TEXT_KIND,
    UNDO_KIND,
    Step,
    ask,
    change,
    change_query,
    forget,
    go_back,
    name_key,
    raise_version,
    read_note,
    reload,
    say,
    say_gone,
    search,
)
from zettel.model.browse.walks import end_walk, show_next_item


def start(query: str = "", keys: KeyTable = DEFAULT_KEYS, columns: int = 80, rows: int = 24) -> Step:
    """Return the state in which browsing begins, with a query typed already."""
    entry = Entry().insert(query)
    state = BrowseState(Place(query=entry), columns=columns, rows=rows, keys=keys)
    return search(state)


def update(state: BrowseState, event: Event) -> Step:
    """Return the state after an event, and what is to be done. Never raises: an event that means nothing here changes nothing."""
    if state.is_over:
        return state, ()
    number = getattr(event, "number", None)
    if number is not None:
        kind = next((kind for kind, last in state.waiting if last == number), "")
        if not kind:
            return state, ()  # an answer that is no longer wanted
        state = replace(state, waiting=tuple(item for item in state.waiting if item[0] != kind))
    handle = HANDLERS.get(type(event))
    before = state.place
    state, effects = handle(state, event) if handle else (state, ())
    state = _clamp(state)
    if state.preview_top and (state.place.screen, state.place.chosen_path) != (before.screen, before.chosen_path):
        state = replace(state, preview_top=0)
    state, preview = _load_preview(state)
    return state, (*effects, *preview)


def _clamp(state: BrowseState) -> BrowseState:
    """Return the state with its rows and lines within what there is."""
    place = state.place
    limits = {
        LIST: len(place.hits),
        SUGGESTION: len(place.suggestions or ()),
        REVIEW: len(place.items or ()),
        NOTE: place.pane_size,
    }
    size = limits.get(place.screen, len(place.listing_rows))
    row = min(max(place.row, 0), max(size - 1, 0))
    link = min(place.link, len(place.view.links) - 1) if place.view else -1
    last = max(state.lines - state.page, 0)
    is_laid_out = state.lines > 0
    top, preview_top, help_top = place.top, state.preview_top, state.help_top
    if state.overlay == HELP:
        help_top = _limit(help_top, last, is_known=is_laid_out)
    elif place.screen == NOTE:
        top, preview_top = _limit(top, last, is_known=is_laid_out), 0
    else:
        preview_top = _limit(preview_top, last, is_known=is_laid_out)
    if (row, link, top, preview_top, help_top) == (place.row, place.link, place.top, state.preview_top, state.help_top):
        return state
    return replace(state, place=replace(place, row=row, link=link, top=top), preview_top=preview_top, help_top=help_top)


def _limit(top: int, last: int, *, is_known: bool) -> int:
    """Return the line to begin with, but not less than 0, and not more than `last` if the number of lines `is_known`."""
    return min(max(top, 0), last) if is_known else max(top, 0)


def _load_preview(state: BrowseState) -> Step:
    """Ask for the note of the chosen row, unless it is there or on its way."""
    place = state.place
    wanted = "" if place.screen == NOTE or state.has_one_pane else place.chosen_path
    if wanted == state.preview_path:
        return state, ()
    state = replace(state, preview_path=wanted)
    if not wanted:
        return replace(forget(state, PREVIEW_KIND), preview=None), ()
    return ask(state, do.LoadPreview, wanted)


# What a person does


def _press_key(state: BrowseState, event: on.KeyPressed) -> Step:
    digits = state.digits
    state = replace(state, message="", hint="", digits="", awaited="")
    state = forget(state, UNDO_KIND)  # a question that comes late must not be answered by what is typed
    mode = state.mode
    action = state.keys.find_action(mode, event.key) or (event.character and state.keys.find_action(mode, event.character))
    if action != "clear":
        state = replace(state, is_leaving=False)
    if action:
        return _run_action(state, action)
    if mode == JUMP:
        return type_jump_letter(state, event.character)
    if mode == LIST:
        if event.character == "?" and not state.place.query.text:
            return show_help(state)
        entry = state.place.query.type_key(event.key, event.character)
        return change_query(state, entry) if entry else (state, ())
    if mode in ENTRIES:
        entry = state.entry.type_key(event.key, event.character)
        return _change_entry(state, entry) if entry else (state, ())
    listing = state.place.listing
    if event.character in tuple("0123456789") and listing and listing.has_numbers:
        return _type_digit(state, digits, event.character)
    return _explain_keys(state, event)


def _type_digit(state: BrowseState, before: str, digit: str) -> Step:
    """Choose the row whose number consists of the digits `before` and this one, or if there is none, the row with this digit as its number."""
    listing = state.place.listing
    for digits in (before + digit, digit):
        row = listing.find_number(int(digits)) if listing else None
        if row is not None:
            return replace(change(state, row=row), digits=digits), ()
    return say(state, f"there is no number {before}{digit} here")


def _explain_keys(state: BrowseState, event: on.KeyPressed) -> Step:
    """Say that a character is not a key here, where there is help, and which key opens that."""
    if not event.character or not state.keys.find_binding(state.mode, "help"):
        return state, ()
    return say(state, f"{format_key(event.key)} does nothing in {MODE_NAMES[state.mode]}", f"{name_key(state, 'help')} explains the keys")


def _choose_action(state: BrowseState, event: on.ActionChosen) -> Step:
    """Run an action that has a key in this mode."""
    state = replace(state, message="", hint="")
    action = event.action.removeprefix(PREFIX)
    return _run_action(state, action) if state.keys.find_binding(state.mode, action) else (state, ())


def _run_action(state: BrowseState, action: str) -> Step:
    return ACTIONS[action](state)


def _paste(state: BrowseState, event: on.TextPasted) -> Step:
    text = " ".join(event.text.split())
    if state.mode == LIST:
        return change_query(state, state.place.query.insert(text))
    if state.mode in ENTRIES:
        return _change_entry(state, state.entry.insert(text))
    return state, ()


def _type_query(state: BrowseState, event: on.QueryTyped) -> Step:
    if state.mode != LIST:
        return state, ()
    return change_query(replace(state, message="", hint=""), Entry().insert(event.text))


def _change_entry(state: BrowseState, entry: Entry) -> Step:
    state = replace(state, entry=entry)
    if state.overlay == PALETTE:
        return replace(state, palette_row=0), ()
    return find_next_place(state, 0) if state.overlay == FIND else (state, ())


def _choose_row(state: BrowseState, event: on.RowChosen) -> Step:
    if state.overlay == PALETTE and 0 <= event.row < len(list_palette(state)):
        state = replace(state, palette_row=event.row)
        return choose_from_palette(state) if event.is_opened else (state, ())
    if state.overlay:
        return state, ()
    size = count_rows(state)
    if not 0 <= event.row < size:
        return state, ()
    state = change(replace(state, message="", hint="", awaited=""), row=event.row)
    if not event.is_opened:
        return state, ()
    return _run_action(state, "go" if state.place.pane else "read")


def _choose_link(state: BrowseState, event: on.LinkChosen) -> Step:
    if state.place.screen != NOTE:
        return _open_preview_link(state, event.link)
    view = state.place.view
    if state.overlay not in ("", JUMP) or not view or not 0 <= event.link < len(view.links):
        return state, ()
    state = change(replace(state, message="", hint="", overlay=""), link=event.link)
    return follow(state) if event.is_opened else (state, ())


def _open_preview_link(state: BrowseState, number: int) -> Step:
    """Read the note that a link of the preview leads to, if it leads to one."""
    view = state.preview
    if state.overlay or not view or not 0 <= number < len(view.links) or not view.links[number].path:
        return state, ()
    return read_note(state, view.links[number].path)


def _open_backlink(state: BrowseState, event: on.BacklinkOpened) -> Step:
    view = state.place.view if state.place.screen == NOTE else state.preview
    if state.overlay or not view or not 0 <= event.row < len(view.backlinks):
        return state, ()
    backlink = view.backlinks[event.row]
    return read_note(state, backlink.path, backlink.line)


def _scroll_to(state: BrowseState, event: on.Scrolled) -> Step:
    if state.overlay == HELP:
        return replace(state, help_top=event.top), ()
    if state.place.screen != NOTE:
        return replace(state, preview_top=event.top), ()
    return change(state, top=event.top), ()


def _resize(state: BrowseState, event: on.Resized) -> Step:
    return replace(state, columns=event.columns, rows=event.rows), ()


def _measure(state: BrowseState, event: on.Measured) -> Step:
    """Take note of how the text is laid out, and go to the line that is wanted."""
    state = replace(state, lines=event.lines, page=max(event.page, 1), block_lines=event.block_lines, link_lines=event.link_lines)
    place = state.place
    if place.screen == NOTE and place.line and place.view and state.overlay != HELP:
        state = change(_go_to_line(state, place.line), line=0)
    if place.screen == NOTE and place.sentence and place.view and state.overlay != HELP:
        return _go_to_sentence(state, place.view, place.sentence), ()
    return state, ()


def _go_to_sentence(state: BrowseState, view: NoteView, sentence: str) -> BrowseState:
    """Scroll so far that the block with a sentence is on the screen. A preview may lack it; then it is looked for again once the note is loaded."""
    block = view.find_sentence(sentence)
    if block is None or block >= len(state.block_lines):
        return state if state.is_waiting(NOTE_KIND) else change(state, sentence="")
    at = state.block_lines[block]
    end = state.block_lines[block + 1] if block + 1 < len(state.block_lines) else state.lines
    is_seen = state.place.top <= at and min(end, at + state.page) <= state.place.top + state.page
    return change(state, sentence="", top=state.place.top if is_seen else max(at - state.page // 3, 0))


def _go_to_line(state: BrowseState, line: int) -> BrowseState:
    """Go to a line of the note's file: choose the link on it and scroll to that, or without a link, scroll to the heading on it or above.

    Of several links, one that leads back to where one came from is chosen.
    """
    view = state.place.view
    if not view:
        return state
    links = [number for number, link in enumerate(view.links) if link.line == line]
    heading = next((entry for entry in reversed(view.outline) if entry.line <= line), None)
    if links:
        before = state.past[-1] if state.past else Place()
        origins = {before.path, *(row.path for row in before.listing_rows)} - {""}
        state = reveal_link(change(state, link=next((number for number in links if view.links[number].path in origins), links[0])))
    if heading and (not links or heading.line == line) and heading.block < len(state.block_lines):
        return change(state, top=state.block_lines[heading.block])
    return state


# Answers


def _take_hits(state: BrowseState, event: on.HitsFound) -> Step:
    place = state.place
    if place.screen != LIST:
        return state, ()
    names = place.hits[: place.name_count] if event.is_text else event.hits
    if event.is_text:
        hits = _merge_hits(names, event.hits)
        state = change(state, hits=hits, row=_find_row(hits, place, is_default=not place.row))
        if state.awaited and not state.is_waiting(NAMES_KIND):
            return _read_awaited(state)
        return say(state, event.remark) if event.remark and not names and not state.message else (state, ())
    query = place.query.text
    found = tuple(hit for row, hit in enumerate(place.hits) if hit.sentence or row >= place.name_count) if query.strip() else ()
    hits = _merge_hits(names, found)
    row = _find_row(hits, place, is_default=place.searched != query and not place.row)
    state = change(state, hits=hits, name_count=len(names), total=event.total, searched=query, row=row, path="")
    return _read_awaited(state) if state.awaited and (names or not state.is_waiting(TEXT_KIND)) else (state, ())


def _read_awaited(state: BrowseState) -> Step:
    """Read the chosen note of the list, if the list still has the query for which reading was asked before its notes were found."""
    is_wanted = state.awaited == state.place.query.text and not state.overlay
    state = replace(state, awaited="", message="", hint="")
    return _run_action(state, "read") if is_wanted else (state, ())


def _take_note(state: BrowseState, event: on.NoteLoaded) -> Step:
    place = state.place
    if place.screen != NOTE or place.path != event.path:
        return state, ()
    if event.view is None:
        return say_gone(change(state, is_gone=True, version=state.version))
    path = event.view.note.path
    if path != place.path:
        marks = tuple(Mark(path, mark.title) if mark.topic == place.path else mark for mark in state.marks)
        state = replace(state, marks=marks)
    state = change(state, path=path, view=event.view, is_gone=False, version=state.version)
    return say(state, event.view.remark) if event.view.remark else (state, ())


def _take_preview(state: BrowseState, event: on.PreviewLoaded) -> Step:
    return (replace(state, preview=event.view) if event.path == state.preview_path else state), ()


def _take_path(state: BrowseState, event: on.PathFound) -> Step:
    if state.place.screen != PATH:
        return state, ()
    return change(state, listing=event.listing, link_path=event.path, row=state.place.row), ()


def _take_listing(state: BrowseState, event: on.ListingLoaded) -> Step:
    place = state.place
    if place.screen not in (GAP, TOPICS, GRAPH):
        return state, ()
    row = place.row
    if place.screen == GRAPH and not place.listing:
        row = next((number for number, shown in enumerate(event.listing.rows) if shown.path == place.path), 0)
    return change(state, listing=event.listing, row=row), ()


def _take_suggestions(state: BrowseState, event: on.SuggestionsFound) -> Step:
    place = state.place
    if place.screen != SUGGESTION or place.path != event.note.path:
        return state, ()
    seen = {path for path, _ in place.answered}
    left = tuple(suggestion for suggestion in event.suggestions if suggestion.note.path not in seen)
    state = change(state, note=event.note, suggestions=left, catalogued=event.catalogued)
    return (state, ()) if left else end_walk(state)


def _take_review(state: BrowseState, event: on.ReviewLoaded) -> Step:
    if state.place.screen != REVIEW:
        return state, ()
    state = change(state, items=event.items, row=0, catalogued=event.catalogued)
    return (state, ()) if event.items else end_walk(state)


def _take_random(state: BrowseState, event: on.RandomChosen) -> Step:
    return read_note(state, event.path) if event.path else say(state, "there is no note yet", f"make one: {name_key(state, 'capture')}")


def _take_undo_plan(state: BrowseState, event: on.UndoPlanned) -> Step:
    if not event.words:
        return say(state, "there is nothing to undo")
    return replace(state, overlay=CONFIRM, question=f"undo: {event.words}?", asked=event.name), ()


def _take_change(state: BrowseState, event: on.Changed) -> Step:
    state = raise_version(replace(state, message=event.message, hint=""))
    if state.place.screen == REVIEW:
        if event.is_answer:
            return _refresh_place(show_next_item(state))
        if event.is_undone:
            state = change(state, row=max(state.place.row - 1, 0))
    elif state.place.screen == LIST:
        state = change(state, path=event.path)
    return _refresh_place(state)


def _take_edited(state: BrowseState, event: on.Edited) -> Step:
    return _refresh_place(raise_version(replace(state, message=event.message)))


def _take_said(state: BrowseState, event: on.Said) -> Step:
    return say(state, event.message)


def _take_failure(state: BrowseState, event: on.Failed) -> Step:
    place = state.place
    if place.shown_suggestion:  # it was not answered after all
        kept = tuple(answer for answer in place.answered if answer[0] != place.shown_suggestion.note.path)
        state = change(state, answered=kept)
    has_nothing = place.screen not in (LIST, NOTE) and not (place.listing or place.suggestions or place.items)
    if has_nothing and not state.is_waiting(SCREEN_KIND):
        state, effects = go_back(state)
        return replace(state, message=event.message, hint=event.hint), effects
    return say(state, event.message, event.hint)


def _take_notebook_change(state: BrowseState, event: on.NotebookChanged) -> Step:
    return _refresh_place(raise_version(state))


def _take_notice(state: BrowseState, event: on.Noticed) -> Step:
    """Say what nobody asked for, behind what is said already."""
    if not state.message or event.message in state.message:
        return say(state, event.message, event.hint)
    return say(state, f"{state.message}; {event.message}", state.hint or event.hint)


def _find_row(hits: tuple[Hit, ...], place: Place, *, is_default: bool) -> int:
    """Return the row of a note that was just made, or of the one that is chosen, if it is still there.

    A first row that nobody has chosen (`is_default`) stays the first.
    """
    made = next((row for row, hit in enumerate(hits) if hit.path == place.path), None) if place.path else None
    if made is not None or is_default:
        return made or 0
    path = place.chosen_path
    return next((row for row, hit in enumerate(hits) if hit.path == path), place.row)


def _merge_hits(names: tuple[Hit, ...], found: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """Return the notes that were found by name, with the sentences that a search of the text has found in them, and below them the others it found.

    No row of the first moves, so the one that is chosen stays in its place. Until a search has answered, the hits of the search before
    stand in for its own, so that rows do not come and go with every letter. A search may also answer before the names are found.
    """
    if not found:
        return names
    by_path = {hit.path: hit for hit in found}
    named = tuple(by_path.pop(hit.path, hit) for hit in names)
    return (*named, *by_path.values())


def _refresh_place(step: BrowseState | Step) -> Step:
    """Ask again for what is shown, after a change."""
    state, effects = step if isinstance(step, tuple) else (step, ())
    message, hint = state.message, state.hint
    state, more = reload(replace(state, preview_path=""))
    return replace(state, message=message, hint=hint), (*effects, *more)


HANDLERS: dict[type, Callable[[BrowseState, Any], Step]] = {
    on.KeyPressed: _press_key,
    on.ActionChosen: _choose_action,
    on.TextPasted: _paste,
    on.QueryTyped: _type_query,
    on.RowChosen: _choose_row,
    on.LinkChosen: _choose_link,
    on.BacklinkOpened: _open_backlink,
    on.Scrolled: _scroll_to,
    on.Resized: _resize,
    on.Measured: _measure,
    on.HitsFound: _take_hits,
    on.NoteLoaded: _take_note,
    on.PreviewLoaded: _take_preview,
    on.PathFound: _take_path,
    on.ListingLoaded: _take_listing,
    on.SuggestionsFound: _take_suggestions,
    on.ReviewLoaded: _take_review,
    on.RandomChosen: _take_random,
    on.UndoPlanned: _take_undo_plan,
    on.Changed: _take_change,
    on.Edited: _take_edited,
    on.Said: _take_said,
    on.Failed: _take_failure,
    on.NotebookChanged: _take_notebook_change,
    on.Noticed: _take_notice,
}
"""What follows from each kind of event."""
