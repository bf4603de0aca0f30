"""Test what lies beside and over the rows of browsing: the text of the chosen note, the palette, and numbers that are typed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.model.test_browse import begin, press, reach, run
from zettel.model.base.answer import Branch
from zettel.model.browse import events as on
from zettel.model.browse.actions import ACTIONS, list_palette
from zettel.model.browse.keys import (
    DEFAULT_KEYS,
    GRAPH,
    LIST,
    MODES,
    MOVES,
    NOTE,
    OUTLINE,
    PALETTE,
    PATH,
    PREFIX,
    PREVIEWED,
    SCREENS,
    WordTable,
)
from zettel.model.browse.listing import Listing, ListingRow
from zettel.model.browse.palette import list_actions
from zettel.model.browse.state import BrowseState
from zettel.model.browse.update import start, update

# The text beside the rows


@pytest.mark.parametrize("mode", PREVIEWED)
def test_the_text_beside_the_rows_is_scrolled(mode: str) -> None:
    """Shift with an arrow, or Alt-J and Alt-K, scroll it by half a page as far as it goes, and the chosen row stays."""
    state, _ = update(replace(reach(mode), preview_top=0), on.Measured(100, 20))
    row = state.place.row
    state = press(state, "shift+down", "alt+j")
    assert (20, row) == (state.preview_top, state.place.row)
    assert 10 == press(state, "shift+up").preview_top
    assert 80 == press(state, *["alt+j"] * 20).preview_top
    assert 0 == press(state, *["alt+k"] * 20).preview_top


def test_another_row_shows_its_text_from_the_beginning() -> None:
    """What is scrolled is the text of one note; a change by another program does not scroll it back."""
    state, _ = update(begin(), on.Measured(100, 20))
    state = press(state, "shift+down")
    assert 10 == run(*update(state, on.NotebookChanged())).preview_top
    assert 0 == press(state, "down").preview_top


def test_the_wheel_scrolls_what_it_is_over() -> None:
    """The wheel scrolls the text beside the rows, the note that is read, or the help, and no other."""
    for state, name in ((begin(), "preview_top"), (press(begin(), "f1"), "help_top")):
        laid, _ = update(state, on.Measured(100, 20))
        after, _ = update(laid, on.Scrolled(7))
        assert (7, laid.place) == (getattr(after, name), after.place)
    note, _ = update(press(begin(), "enter"), on.Measured(100, 20))
    assert 7 == update(note, on.Scrolled(7))[0].place.top


def test_without_room_for_the_text_it_is_said() -> None:
    """On a small screen, the keys that scroll the text say how to read it."""
    state = press(begin(columns=40, rows=10), "shift+down")
    assert ("no text is shown beside the rows", "Enter reads the note") == (state.message, state.hint)


def test_the_help_is_scrolled_to_its_end_and_not_beyond() -> None:
    """PgDn moves by a page; at the end, one key leads back at once, and the note below stays where it was read."""
    note, _ = update(press(begin(), "enter"), on.Measured(400, 20))
    note, _ = update(note, on.Scrolled(300))
    state, _ = update(press(note, "?"), on.Measured(100, 20))
    assert 19 == press(state, "pagedown").help_top
    end = press(state, *["space"] * 9)
    assert (80, 79) == (end.help_top, press(end, "k").help_top)
    closed, _ = update(update(end, on.KeyPressed("q", "q"))[0], on.Measured(400, 20))
    assert (NOTE, 300) == (closed.mode, closed.place.top)


# The palette


def test_the_palette_runs_what_is_chosen() -> None:
    """Typing narrows the actions, the arrows choose, and Enter does it."""
    state = press(begin(), "enter", "ctrl+p", *"headings")
    assert (PALETTE, ["outline"]) == (state.mode, [row.action for row in list_palette(state)])
    assert OUTLINE == press(state, "enter").mode
    state = press(begin(), "enter", "ctrl+p", "down", "down", "up")
    assert ("", LIST) == (press(state, "escape").overlay, press(state, "escape", "escape").mode)
    assert 1 == state.palette_row
    clicked, _ = update(press(begin(), "enter", "ctrl+p", *"headings"), on.RowChosen(0, is_opened=True))
    assert OUTLINE == clicked.mode


def test_the_palette_names_actions_by_their_use() -> None:
    """Actions that the footer names come first, what moves is left out, and names count more than explanations."""
    for mode in SCREENS:
        rows = list_actions(DEFAULT_KEYS, mode, "")
        shown = [row.in_footer for row in rows]
        assert shown == sorted(shown, reverse=True)
        assert not {row.action.removeprefix(PREFIX) for row in rows} & MOVES
    assert ["path", "suggest"] == [list_actions(DEFAULT_KEYS, NOTE, typed)[0].action for typed in ("path", "sugg")]


def test_words_that_no_action_has_are_said() -> None:
    """A palette without any row says so and stays open."""
    state = press(begin(), "ctrl+p", *"xyzzy", "enter")
    assert (PALETTE, "no action has these words") == (state.mode, state.message)


# Numbers


def show_numbers() -> BrowseState:
    """Return the state of a drawing with twelve numbered notes around one without a number."""
    rows = (*(ListingRow(f"{n}.md", f"Note {n}", number=n) for n in range(1, 7)), ListingRow("0.md", "Centre"))
    rows = (*rows, *(ListingRow(f"{n}.md", f"Note {n}", number=n) for n in range(7, 13)))
    listing = Listing("Around", tuple(Branch(((row.title, ""),), (), (None, row.path)) for row in rows), rows)
    state = press(begin(), "alt+w")
    return replace(state, place=replace(state.place, listing=listing))


def test_numbers_of_the_graph_are_typed() -> None:
    """A number that is shown beside a note chooses it; digits that follow one another are one number, if there is such a note."""
    state = show_numbers()
    assert GRAPH == state.mode
    for keys, path in (("3", "3.md"), ("7", "7.md"), ("12", "12.md"), ("35", "5.md"), ("123", "3.md")):
        assert path == press(state, *keys).place.chosen_path, keys
    assert "2.md" == press(state, "1", "down", "2").place.chosen_path
    assert "there is no number 0 here" == press(state, "0").message


def test_digits_mean_nothing_where_no_number_is_shown() -> None:
    """On a screen without numbers, a digit is explained as any other character that is not a key."""
    assert "2 does nothing in a path" == press(reach(PATH), "2").message


# Words instead of keys


@pytest.mark.parametrize("mode", MODES)
def test_where_words_are_typed_no_key_is_named(mode: str) -> None:
    """In plain lines, no message and no hint names a key, whatever is done: it names the word to type."""
    state = replace(reach(mode), keys=WordTable(DEFAULT_KEYS.bindings), message="", hint="")
    for action in ACTIONS:
        after, _ = update(state, on.ActionChosen(action))
        said = f"{after.message} {after.hint}"
        assert not any(name in said for name in ("Ctrl-", "Alt-", "Shift-", "Esc", "Enter", "Tab")), said
    marked, _ = start("kept", WordTable(DEFAULT_KEYS.bindings))
    assert "type others, or make a note of them: :capture" == update(replace(marked, waiting=()), on.ActionChosen("read"))[0].hint
