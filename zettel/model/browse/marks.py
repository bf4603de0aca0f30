"""Mark notes and topics as A and B, and ask for the path or the gap between them."""

from __future__ import annotations

from dataclasses import replace

from zettel.model.browse import effects as do
from zettel.model.browse.entry import Entry
from zettel.model.browse.keys import GAP, LIST, NOTE, PATH, TITLE
from zettel.model.browse.state import BrowseState, Mark, Place
from zettel.model.browse.step import Step, ask, enter, name_key, say


def mark_note(state: BrowseState) -> Step:
    """Mark what is chosen or shown as A or B, or remove its mark."""
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
    """Return what a path goes from and to: the marks, or the one mark and what is shown. If these are not two, there is no path to ask for."""
    if len(state.marks) == 2:
        return state.marks
    here = _build_mark(state)
    return (*state.marks, here) if here and all(here.topic != mark.topic for mark in state.marks) else state.marks


def open_path(state: BrowseState) -> Step:
    """Show the path between two marks, or from the one mark to what is shown."""
    ends = _choose_ends(state)
    if len(ends) < 2:
        return say(state, "a path needs two notes", f"mark them: {name_key(state, 'mark')} on one note, then on another")
    return ask(enter(state, Place(PATH, ends=ends)), do.FindPath, ends[0].topic, ends[1].topic)


def open_gap(state: BrowseState) -> Step:
    """Show the gap between two topics: the ends of the path that is shown, or the marks."""
    ends = state.place.ends or _choose_ends(state)
    if len(ends) < 2:
        return say(state, "a gap is between two topics", f"mark them: {name_key(state, 'mark')} on one topic, then on another")
    return ask(enter(state, Place(GAP, ends=ends)), do.FindGap, ends[0].topic, ends[1].topic)


def start_saving(state: BrowseState) -> Step:
    """Ask for the title under which the path that is shown is saved."""
    if not state.place.link_path:
        return say(state, "there is no path to save")
    title = state.place.listing.title if state.place.listing else ""
    return replace(state, overlay=TITLE, entry=Entry().insert(title)), ()
