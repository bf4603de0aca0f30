"""Take the steps of which browsing consists: ask for something, say something, go to a place and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from zettel.model.browse import effects as do
from zettel.model.browse.effects import Effect
from zettel.model.browse.entry import Entry
from zettel.model.browse.keys import (
    GAP,
    GRAPH,
    LIST,
    NOTE,
    PATH,
    REVIEW,
    SUGGESTION,
    TOPICS,
)
from zettel.model.browse.state import BrowseState, Place

Step = tuple[BrowseState, tuple[Effect, ...]]
"""The next state, and what is to be done."""

NAMES_KIND, TEXT_KIND, NOTE_KIND, PREVIEW_KIND, SCREEN_KIND, CHANGE_KIND, UNDO_KIND, EDIT_KIND, OTHER_KIND = (
    *("names", "text", "note", "preview", "screen", "change", "undo", "edit", "other"),
)
"""The kinds of effects. Of each kind, only the answer to the last one counts."""

KINDS: dict[type, str] = {
    do.FindNames: NAMES_KIND,
    do.SearchText: TEXT_KIND,
    do.LoadNote: NOTE_KIND,
    do.LoadPreview: PREVIEW_KIND,
    **dict.fromkeys(
        (do.FindPath, do.FindGap, do.LoadTopics, do.ReadTopic, do.DrawGraph, do.Suggest, do.LoadReview, do.ChooseRandom), SCREEN_KIND
    ),
    **dict.fromkeys(do.CHANGE_EFFECTS, CHANGE_KIND),
    do.PlanUndo: UNDO_KIND,
    do.Edit: EDIT_KIND,
}

MAX_PAST = 200
"""How many places one can go back."""


def ask(state: BrowseState, build: Callable[..., Any], *given: object) -> Step:
    """Return the state that waits for an effect, and the effect."""
    number = state.number + 1
    effect: Effect = build(number, *given)
    kind = KINDS.get(type(effect), OTHER_KIND)
    waiting = (*(item for item in state.waiting if item[0] != kind), (kind, number))
    return replace(state, number=number, waiting=waiting), (effect,)


def forget(state: BrowseState, *kinds: str) -> BrowseState:
    """Return the state that does not wait for effects of these kinds any more."""
    return replace(state, waiting=tuple(item for item in state.waiting if item[0] not in kinds))


def say(state: BrowseState, message: str, hint: str = "") -> Step:
    """Say something until the next key."""
    return replace(state, message=message, hint=hint), ()


def name_key(state: BrowseState, action: str) -> str:
    """Return what people press for an action in this mode, or the word that they type in plain lines."""
    return state.keys.name_action(state.mode, action)


# Places


def change(state: BrowseState, **changes: Any) -> BrowseState:
    """Return the state with something changed about the place."""
    return replace(state, place=replace(state.place, **changes))


def enter(state: BrowseState, place: Place) -> BrowseState:
    """Return the state at a new place, from which one can go back to the one before."""
    past = (*state.past, state.place)[-MAX_PAST:]
    return _show(replace(state, past=past, future=(), place=replace(place, version=state.version)))


def _show(state: BrowseState) -> BrowseState:
    """Return the state without what belonged to the place before."""
    return forget(forget_layout(replace(state, overlay="", entry=Entry())), NOTE_KIND, SCREEN_KIND)


def forget_layout(state: BrowseState) -> BrowseState:
    """Return the state without the layout of the text, because the text will be laid out anew."""
    return replace(state, lines=0, block_lines=(), link_lines=())


def read_note(state: BrowseState, path: str, line: int = 0, sentence: str = "") -> Step:
    """Go to a note, and to a line of its file or a sentence of its text. A note that is previewed is shown at once."""
    if not path:
        return say(state, "there is no note here to read")
    view = state.preview if state.preview and state.preview.note.path == path else None
    return ask(enter(state, Place(NOTE, path=path, view=view, line=line, sentence=sentence)), do.LoadNote, path)


def go_back(state: BrowseState) -> Step:
    """Go back to the place before."""
    if not state.past:
        return say(state, "this is where you began", f"{name_key(state, 'quit')} leaves zettel")
    state = replace(state, past=state.past[:-1], future=(state.place, *state.future), place=state.past[-1])
    return _reload_if_stale(_show(state))


def go_forward(state: BrowseState) -> Step:
    """Go to the place from which one went back."""
    if not state.future:
        return say(state, "you have not gone back from anywhere")
    state = replace(state, past=(*state.past, state.place), future=state.future[1:], place=state.future[0])
    return _reload_if_stale(_show(state))


def _reload_if_stale(state: BrowseState) -> Step:
    place = state.place
    loaded: dict[str, object] = {LIST: LIST, NOTE: place.view, SUGGESTION: place.suggestions, REVIEW: place.items}
    if place.version == state.version and loaded.get(place.screen, place.listing) is not None:
        return state, ()
    return reload(state)


def raise_version(state: BrowseState) -> BrowseState:
    """Return the state after notes have changed. The lists in the history keep the chosen row only, since each would hold all notes as they were."""
    past, future = tuple(map(_drop_rows, state.past)), tuple(map(_drop_rows, state.future))
    return replace(state, version=state.version + 1, past=past, future=future)


def _drop_rows(place: Place) -> Place:
    """Return a list of notes with its chosen row only. The others are found again on the way back."""
    return replace(place, hits=place.hits[place.row : place.row + 1], row=0) if place.screen == LIST and len(place.hits) > 1 else place


def reload(state: BrowseState) -> Step:
    """Ask again for what the place shows."""
    state = change(state, version=state.version)
    place = state.place
    topics = [mark.topic for mark in place.ends]
    if place.screen == LIST:
        return search(state)
    if place.screen == NOTE:
        return ask(state, do.LoadNote, place.path, (place.view.note.id or "") if place.view else "")
    if place.screen == PATH:
        return ask(state, do.FindPath, *topics)
    if place.screen == GAP:
        return ask(state, do.FindGap, *topics)
    if place.screen == TOPICS:
        return ask(state, do.ReadTopic, place.topic) if place.topic else ask(state, do.LoadTopics)
    if place.screen == GRAPH:
        return ask(state, do.DrawGraph, place.path)
    if place.screen == SUGGESTION:
        return ask(state, do.Suggest, place.path)
    return state, ()  # a review keeps its items, so that nothing is skipped


def search(state: BrowseState) -> Step:
    """Look for the query: in the names of notes at once, and in their text a moment later."""
    query = state.place.query.text
    state, effects = ask(state, do.FindNames, query)
    if not query.strip():
        return forget(state, TEXT_KIND), effects
    state, text = ask(state, do.SearchText, query)
    return state, (*effects, *text)


def open_list(state: BrowseState, query: str = "") -> Step:
    """Go to a list with a query of its own."""
    return search(enter(state, Place(LIST, query=Entry().insert(query), total=state.place.total)))


def change_query(state: BrowseState, entry: Entry) -> Step:
    """Change what is typed in the list, and look for it."""
    if entry.text == state.place.query.text:
        return change(state, query=entry), ()
    return search(change(state, query=entry, row=0))


def say_gone(state: BrowseState) -> Step:
    """Say that the note shown is no longer there."""
    place = state.place
    name = f'"{place.view.note.title}"' if place.view else place.path
    return say(state, f"{name} is no longer in the notebook", f"{name_key(state, 'back')} goes back; the text shown is the last one")
