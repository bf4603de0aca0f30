"""Test properties of browsing: whatever is pressed, on whatever screen, with whatever notes."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from tests.model.test_browse import LISTING, SUGGESTIONS, answer, begin, build_note, build_view, press, run
from zettel.model.base.answer import PROSE_BLOCK, TextBlock
from zettel.model.browse import effects as do
from zettel.model.browse import events as on
from zettel.model.browse.hit import Hit
from zettel.model.browse.keys import KEYS, LIST, MODES, NOTE, REVIEW, SUGGESTION, change_keys, parse_key
from zettel.model.browse.listing import Listing
from zettel.model.browse.note_view import NoteLink, NoteView, OutlineEntry
from zettel.model.browse.state import BrowseState
from zettel.model.browse.update import start, update
from zettel.model.note.picker_item import PickerItem

ALL_KEYS = sorted({key for row in KEYS for key in row.keys} | {"x", "é", "1", "delete", "ctrl+w", "left", "f9", "ctrl+x"})
NUMBERS = st.integers(-3, 60)
TEXTS = st.text(max_size=12)
ANY_TEXT = st.one_of(TEXTS, st.sampled_from(["\x1b]0;title\x07", "[bold]x[/bold]", "\u202e", "a\nb", "tag:", '"', "since:99", "\ud800"]))


@st.composite
def build_views(draw: st.DrawFn) -> NoteView:
    """Draw a note whose text, links and headings are anything, also such that do not fit together."""
    note = build_note(draw(st.integers(0, 9)))
    note = note.__class__(*(draw(ANY_TEXT) if name == "title" else getattr(note, name) for name in note.__match_args__))
    blocks = tuple(TextBlock(PROSE_BLOCK, (((text, draw(ANY_TEXT)),),)) for text in draw(st.lists(ANY_TEXT, max_size=4)))
    links = tuple(
        NoteLink(draw(st.sampled_from(["", "1.md", "2.md"])), draw(ANY_TEXT), draw(NUMBERS), status)
        for status in draw(st.lists(st.sampled_from(["ok", "dangling", "ambiguous", "external", ""]), max_size=4))
    )
    outline = tuple(OutlineEntry(text, 2, draw(NUMBERS), draw(NUMBERS)) for text in draw(st.lists(ANY_TEXT, max_size=3)))
    return NoteView(note, blocks, links, build_view(1).backlinks[: draw(st.integers(0, 3))], outline, draw(TEXTS))


KEY_EVENTS = st.sampled_from(ALL_KEYS).map(lambda key: on.KeyPressed(key, key if len(key) == 1 else " " if key == "space" else ""))
INPUTS = st.one_of(
    KEY_EVENTS,
    KEY_EVENTS,
    KEY_EVENTS,
    st.builds(on.KeyPressed, TEXTS, ANY_TEXT),
    st.builds(on.ActionChosen, st.sampled_from([*(row.action for row in KEYS), "nonsense"])),
    st.builds(on.TextPasted, ANY_TEXT),
    st.builds(on.QueryTyped, ANY_TEXT),
    st.builds(on.RowChosen, NUMBERS, st.booleans()),
    st.builds(on.LinkChosen, NUMBERS, st.booleans()),
    st.builds(on.BacklinkOpened, NUMBERS),
    st.builds(on.Scrolled, NUMBERS),
    st.builds(on.Resized, st.integers(0, 200), st.integers(0, 80)),
    st.builds(
        on.Measured,
        NUMBERS,
        NUMBERS,
        st.lists(NUMBERS, max_size=5).map(tuple),
        st.lists(NUMBERS, max_size=5).map(tuple),
    ),
    st.just(on.NotebookChanged()),
    st.builds(on.Noticed, ANY_TEXT, ANY_TEXT),
)


def build_answers(effect: do.Effect) -> st.SearchStrategy[on.Event | None]:
    """Return answers to an effect: a good one, a failure, none at all, or one with nothing or something odd in it."""
    number = effect.number
    found: list[st.SearchStrategy[on.Event | None]] = [
        st.just(answer(effect)),
        st.just(None),
        st.builds(on.Failed, st.just(number), ANY_TEXT, ANY_TEXT),
        st.builds(on.HitsFound, st.just(number), st.just(()), st.just(0), st.booleans(), TEXTS),
        st.builds(on.ListingLoaded, st.just(number), st.sampled_from([Listing(), LISTING])),
        st.builds(on.SuggestionsFound, st.just(number), st.just(build_note(0)), st.sampled_from([(), SUGGESTIONS])),
        st.just(on.ReviewLoaded(number, ())),
        st.just(on.RandomChosen(number, "")),
        st.just(on.UndoPlanned(number, "", "")),
        st.builds(on.PathFound, st.just(number), st.none(), st.just(Listing("no path"))),
    ]
    if isinstance(effect, do.LoadNote):
        found.append(st.builds(on.NoteLoaded, st.just(number), st.just(effect.path), st.one_of(st.none(), build_views())))
    if isinstance(effect, do.LoadPreview):
        found.append(st.builds(on.PreviewLoaded, st.just(number), st.just(effect.path), st.one_of(st.none(), build_views())))
    if isinstance(effect, do.FindNames):
        item = PickerItem("0.md", None, "title", (), (), "")
        found.append(st.builds(on.HitsFound, st.just(number), st.lists(st.just(Hit(item)), max_size=3).map(tuple), NUMBERS))
    return st.one_of(found)


def walk(data: st.DataObject, steps: int = 25) -> BrowseState:
    """Return the state after any events, with the answers to what was asked for in any order, some of them late or never."""
    state, effects = start(data.draw(ANY_TEXT), columns=data.draw(st.integers(0, 150)), rows=data.draw(st.integers(0, 60)))
    open_effects = list(effects)
    for _ in range(data.draw(st.integers(0, steps))):
        if open_effects and data.draw(st.booleans()):
            effect = open_effects.pop(data.draw(st.integers(0, len(open_effects) - 1)))
            event = data.draw(build_answers(effect))
        else:
            event = data.draw(INPUTS)
        if event is not None:
            state, effects = update(state, event)
            open_effects += effects
        if state.is_over:
            break
    return state


@given(st.data())
def test_nothing_raises_and_every_state_is_whole(data: st.DataObject) -> None:
    """Whatever happens in whatever order, no event raises, and what is chosen is something that is there."""
    state = walk(data)
    place = state.place
    assert state.mode in MODES
    assert 0 <= place.row
    assert not place.hits or place.screen != LIST or place.row < len(place.hits)
    assert place.screen != NOTE or not place.pane or place.row < max(place.pane_size, 1)
    assert -1 <= place.link < (len(place.view.links) if place.view else 1)
    assert place.top >= 0
    assert 0 <= state.entry.cursor <= len(state.entry.text)
    assert isinstance(place.chosen_path, str)
    assert isinstance(state.jump_letters, tuple)


@given(st.data())
def test_every_state_has_a_way_out(data: st.DataObject) -> None:
    """From any state, Esc again and again leaves, whatever is still being looked for and never found."""
    state = walk(data)
    for _ in range(2 * len(state.past) + 5):
        state, _ = update(state, on.KeyPressed("escape"))
    assert state.is_over


@given(st.data())
def test_ctrl_q_leaves_from_every_screen(data: st.DataObject) -> None:
    """From any state, closing what lies over the screen and pressing Ctrl-Q leaves."""
    state = walk(data)
    for key in ("escape", "escape", "ctrl+q") if state.overlay or state.place.pane else ("ctrl+q",):
        state, _ = update(state, on.KeyPressed(key))
    assert state.is_over


@given(
    st.lists(st.sampled_from(["enter", "tab", "n", "N", "j", "d", "b", "m", "G"]), max_size=12),
    st.sampled_from(["enter", "f a", "b enter", "t", "w", "R"]),
)
def test_back_is_the_inverse_of_going_on(keys: list[str], going: str) -> None:
    """However one left a note, back leads to the same place: the same line, link and pane."""
    before = press(begin(), "enter", *keys)
    after = press(before, *going.split())
    if len(after.past) != len(before.past) + 1:
        return  # it led nowhere
    back = press(after, "alt+left")
    assert before.past == back.past
    shown = after.past[-1]
    assert replace(shown, version=0) == replace(back.place, version=0)
    assert replace(after.place, version=0) == replace(press(back, "alt+right").place, version=0)


@given(st.lists(KEY_EVENTS, max_size=30))
def test_the_same_keys_lead_to_the_same_state(keys: list[on.KeyPressed]) -> None:
    """A state depends on nothing but what has happened."""
    one, other = begin(), begin()
    for event in keys:
        one, other = run(*update(one, event)), run(*update(other, event))
    assert all(getattr(one, field.name) == getattr(other, field.name) for field in fields(one) if field.compare)


@given(st.data())
def test_a_walk_answers_each_suggestion_once(data: st.DataObject) -> None:
    """Whatever is pressed among suggestions, none is answered twice."""
    state = press(begin(), "enter", "s")
    for key in data.draw(st.lists(st.sampled_from(["a", "d", "k", "u", "n", "e", "j"]), max_size=12)):
        state = press(state, key)
        answered = [path for path, _ in state.place.answered]
        assert len(answered) == len(set(answered))
        assert (
            state.place.screen not in (SUGGESTION, REVIEW)
            or state.place.shown_suggestion is None
            or state.place.shown_suggestion.note.path not in answered
        )


@given(st.text(max_size=20))
def test_any_text_is_a_key_or_none(text: str) -> None:
    """Parsing a key never raises, and what it returns is a key that parses as itself."""
    key = parse_key(text)
    assert key == "" or key == parse_key(key)


@given(
    st.dictionaries(st.sampled_from([row.action for row in KEYS]), st.lists(st.sampled_from(ALL_KEYS), max_size=2).map(tuple), max_size=4)
)
def test_settings_of_keys_are_taken_or_refused(changes: dict[str, tuple[str, ...]]) -> None:
    """Any setting of keys is either refused with what to type, or each of its keys does its action in each of its modes."""
    from zettel.model.base.errors import SettingsError

    try:
        table = change_keys(changes)
    except SettingsError as error:
        assert error.message.startswith("keys.") and error.hint
        return
    for row in table.bindings:
        for mode in row.modes:
            for key in row.keys:
                assert row.action.removeprefix("list-") == table.find_action(mode, key)
