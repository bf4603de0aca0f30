"""Go through suggested links, and through what to read again today: show one after another, and take an answer to each."""

from __future__ import annotations

from dataclasses import replace

from zettel.model.browse import effects as do
from zettel.model.browse.keys import REVIEW, SUGGESTION
from zettel.model.browse.state import BrowseState, Place
from zettel.model.browse.step import CHANGE_KIND, Step, ask, change, enter, go_back, name_key, say, say_gone

APPLIED, DISMISSED, SKIPPED = "applied", "dismissed", "skipped"
"""How a suggestion can be answered."""

STILL_WRITING = "the change before is still being made"
"""What is said to an answer that comes before the last change is made."""


def open_suggestions(state: BrowseState) -> Step:
    """Go through the links that the note that is shown or chosen may lack."""
    path = state.place.chosen_path
    if state.place.is_gone:
        return say_gone(state)
    if not path:
        return say(state, "there is no note here to suggest links for")
    return ask(enter(state, Place(SUGGESTION, path=path)), do.Suggest, path)


def open_review(state: BrowseState) -> Step:
    """Go through what to read again today."""
    return ask(enter(state, Place(REVIEW)), do.LoadReview)


def move_to_item(state: BrowseState, step: int) -> Step:
    """Show the suggestion or item after the one that is shown, or before it, without an answer to it."""
    place = state.place
    row = place.row + step
    if not 0 <= row < len(place.suggestions or place.items or ()):
        return say(state, "this is the last one" if step > 0 else "this is the first one")
    return change(state, row=row, is_other=False), ()


def show_other_note(state: BrowseState) -> Step:
    """Choose the other note of a pair, whose text is shown beside it."""
    return change(state, is_other=not state.place.is_other), ()


def apply(state: BrowseState) -> Step:
    """Insert the link that is shown: the one that is suggested, or the one between a pair of the review."""
    place = state.place
    suggestion = place.shown_suggestion
    if state.is_waiting(CHANGE_KIND):
        return say(state, STILL_WRITING)
    if place.screen == REVIEW:
        item = place.shown_item
        if not item or not item.suggestion:
            return say(state, "no sentence of these two asks for a link", f"{name_key(state, 'edit')} opens the first in the editor")
        return ask(state, do.Apply, item.note.path, item.suggestion, place.catalogued, True)
    if not suggestion:
        return say(state, "there is no suggestion here")
    state = change(state, answered=(*place.answered, (suggestion.note.path, APPLIED)))
    return ask(state, do.Apply, place.path, suggestion, place.catalogued)


def dismiss(state: BrowseState) -> Step:
    """Never suggest the pair that is shown again."""
    place = state.place
    if state.is_waiting(CHANGE_KIND):
        return say(state, STILL_WRITING)
    if place.screen == REVIEW:
        item = place.shown_item
        return ask(state, do.Dismiss, item.note.path, item.other.path) if item and item.other else (state, ())
    suggestion = place.shown_suggestion
    if not suggestion:
        return say(state, "there is no suggestion here")
    state = change(state, answered=(*place.answered, (suggestion.note.path, DISMISSED)))
    return ask(state, do.Dismiss, place.path, suggestion.note.path)


def skip(state: BrowseState) -> Step:
    """Leave what is shown as it is, and show the next one."""
    place = state.place
    if place.screen == REVIEW:
        return show_next_item(state)
    suggestion = place.shown_suggestion
    if not suggestion:
        return say(state, "there is no suggestion here")
    left = tuple(other for other in place.suggestions or () if other is not suggestion)
    state = change(state, suggestions=left, answered=(*place.answered, (suggestion.note.path, SKIPPED)))
    return (state, ()) if left else end_walk(state)


def pass_pair(state: BrowseState) -> Step:
    """Leave a pair of the review without a link. Nothing is recorded, since pairs are drawn anew every day."""
    return show_next_item(replace(state, message="other pairs come another day"))


def mark_reviewed(state: BrowseState, days: int = 0) -> Step:
    """Record that the note that is shown was reviewed, or put it off by some days."""
    item = state.place.shown_item
    if not item or state.is_waiting(CHANGE_KIND):
        return say(state, STILL_WRITING if item else "there is nothing to review here")
    return ask(state, do.MarkReviewed, item.note.path, days)


def show_next_item(state: BrowseState) -> Step:
    """Show the next item of a review. After the last one, go back."""
    place = state.place
    if place.row + 1 < len(place.items or ()):
        return change(state, row=place.row + 1, is_other=False), ()
    message = state.message
    state, effects = end_walk(state)
    return replace(state, message=" – ".join(filter(None, (message, state.message)))), effects


def end_walk(state: BrowseState) -> Step:
    """Go back from suggestions or a review after the last one, and say what was done."""
    place = state.place
    if place.screen == REVIEW:
        message = "nothing to review today" if not place.items else "that was all for today"
    else:
        message = _count_answers(place) or "no link to suggest"
    state, effects = go_back(state)
    return replace(state, message=message), effects


def _count_answers(place: Place) -> str:
    """Say how many suggestions were answered in which way. Empty if none was."""
    if not place.answered:
        return ""
    counts = [sum(answer == kind for _, answer in place.answered) for kind in (APPLIED, DISMISSED, SKIPPED)]
    return "no more suggestions: {} inserted, {} dismissed, {} skipped".format(*counts)


def forget_last_answer(state: BrowseState) -> BrowseState:
    """Return the state without the last answer that applied or dismissed a suggestion, because that is being undone."""
    if state.place.screen != SUGGESTION:
        return state
    kept = list(state.place.answered)
    last = next((at for at in range(len(kept) - 1, -1, -1) if kept[at][1] != SKIPPED), None)
    if last is not None:
        del kept[last]
    return change(state, answered=tuple(kept))
