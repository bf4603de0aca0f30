"""Test how one goes through suggested links and the review of the day: from one to the next, with and without answers."""

from __future__ import annotations

from dataclasses import replace

from tests.model.test_browse import ITEMS, SUGGESTIONS, begin, build_note, press, run
from zettel.model.browse import effects as do
from zettel.model.browse import events as on
from zettel.model.browse.keys import LIST, PAIR, REVIEW, SUGGESTION
from zettel.model.browse.state import BrowseState
from zettel.model.browse.update import update
from zettel.model.suggest.score import Suggestion


def show_pair() -> BrowseState:
    """Return the state in which the review shows a pair."""
    return press(begin(), "alt+r", "down")


def test_suggestions_are_walked_without_an_answer() -> None:
    """Down shows the next suggestion and Up the one before; neither is an answer, and the last one says that it is."""
    state = press(begin(), "alt+s")
    assert (SUGGESTION, SUGGESTIONS[0]) == (state.mode, state.place.shown_suggestion)
    state = press(state, "j")
    assert (SUGGESTIONS[1], ()) == (state.place.shown_suggestion, state.place.answered)
    last = press(state, "down")
    assert (SUGGESTIONS[1], "this is the last one") == (last.place.shown_suggestion, last.message)
    assert SUGGESTIONS[0] == press(state, "up").place.shown_suggestion


def test_an_answer_leads_to_the_next_suggestion_and_not_to_the_first() -> None:
    """What was passed by comes again only if one goes back to it."""
    three = (*SUGGESTIONS, Suggestion(build_note(3), 0.5, (), SUGGESTIONS[0].insertion_point))
    state = press(begin(), "alt+s")
    state = replace(state, place=replace(state.place, suggestions=three))
    state, effects = update(press(state, "down"), on.KeyPressed("d", "d"))
    state, effects = update(state, on.Changed(effects[0].number, "dismissed", is_answer=True))
    state, _ = update(state, on.SuggestionsFound(effects[0].number, build_note(0), three))
    assert three[2] == state.place.shown_suggestion


def test_the_review_is_walked_without_an_answer() -> None:
    """Down and Up go from item to item, and nothing is recorded."""
    state = press(begin(), "alt+r")
    assert REVIEW == state.mode
    state, effects = update(state, on.KeyPressed("down"))
    assert (ITEMS[1], PAIR) == (state.place.shown_item, state.mode)
    assert not [effect for effect in effects if isinstance(effect, do.CHANGE_EFFECTS)]
    assert ITEMS[0] == press(state, "up").place.shown_item


def test_a_pair_of_the_review_can_be_linked() -> None:
    """`a` inserts the link that is shown between the two notes, and the review goes on."""
    state, effects = update(show_pair(), on.KeyPressed("a", "a"))
    assert [do.Apply(effects[0].number, "2.md", SUGGESTIONS[0], 0, True)] == list(effects)
    assert LIST == run(state, effects).mode


def test_a_pair_without_a_place_for_a_link_says_so() -> None:
    """Where no link is suggested between the two, `a` says so and what to do instead."""
    state = show_pair()
    bare = ITEMS[1]._replace(suggestion=None)
    state = press(replace(state, place=replace(state.place, items=(ITEMS[0], bare))), "a")
    assert (PAIR, "no sentence of these two asks for a link", "e opens the first in the editor") == (state.mode, state.message, state.hint)


def test_a_pair_has_its_own_answers() -> None:
    """A pair can be left without a link, which records nothing, or dismissed; a single note cannot be dismissed, nor a pair put off."""
    pair, note = show_pair(), press(begin(), "alt+r")
    assert [] == [effect for effect in update(pair, on.KeyPressed("r", "r"))[1] if isinstance(effect, do.CHANGE_EFFECTS)]
    dismissed = update(pair, on.KeyPressed("d", "d"))[1]
    assert [do.Dismiss(dismissed[0].number, "2.md", "3.md")] == list(dismissed)
    assert "d does nothing in the review" == press(note, "d").message
    assert "t does nothing in a pair of the review" == press(pair, "t").message


def test_both_notes_of_a_pair_can_be_read() -> None:
    """Tab shows the other note of a pair, Enter reads the one that is shown, and the next item begins with its first note."""
    state, effects = update(show_pair(), on.KeyPressed("tab"))
    assert [do.LoadPreview(effects[0].number, "3.md")] == list(effects)
    state = run(state, effects)
    assert "3.md" == press(state, "enter").place.path
    assert "2.md" == press(state, "tab").place.chosen_path
    assert not press(state, "up", "down").place.is_other


def test_a_walk_on_a_small_screen_scrolls_its_own_text() -> None:
    """Where there is no room for the other note, the keys that scroll it scroll what is shown, and the next item begins at its first line."""
    state = press(begin(columns=40, rows=10), "alt+s")
    state, _ = update(state, on.Measured(20, 8))
    state = press(state, "shift+down")
    assert 4 == state.preview_top
    assert 0 == press(state, "down").preview_top
