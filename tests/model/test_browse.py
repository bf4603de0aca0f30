"""Test the state of browsing: what each event leads to, without a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from zettel.model.base.answer import PROSE_BLOCK, Branch, TextBlock
from zettel.model.base.errors import SettingsError
from zettel.model.browse import effects as do
from zettel.model.browse import events as on
from zettel.model.browse.actions import ACTIONS
from zettel.model.browse.hit import Hit
from zettel.model.browse.keys import (
    BACKLINKS,
    CAPTURE,
    CONFIRM,
    ENTRIES,
    FIND,
    GAP,
    GRAPH,
    HELP,
    JUMP,
    KEYS,
    LIST,
    MODES,
    NOTE,
    OUTLINE,
    PAIR,
    PALETTE,
    PATH,
    PREFIX,
    PREVIEWED,
    REVIEW,
    SUGGESTION,
    TITLE,
    TOPICS,
    TYPED_MODES,
    change_keys,
    format_key,
    parse_key,
)
from zettel.model.browse.listing import Listing, ListingRow
from zettel.model.browse.names import NameList
from zettel.model.browse.note_view import Backlink, NoteLink, NoteView, OutlineEntry
from zettel.model.browse.state import BrowseState, Place
from zettel.model.browse.update import start, update
from zettel.model.graph.link_path import LinkPath
from zettel.model.note.note import Note
from zettel.model.note.picker_item import PickerItem
from zettel.model.review.schedule import ReviewItem
from zettel.model.suggest.insertion_points import NoteEnd
from zettel.model.suggest.score import Suggestion

TITLES = ("Execution is a string of kept promises", "Trust is slow", "Start here", "Äpfel, kept promises and more")


def build_note(number: int) -> Note:
    """Return one of the notes of these tests."""
    title = TITLES[number % len(TITLES)]
    return Note(f"{number}.md", f"20230101080{number % 10}", title, (), (), "2023-01-01T08:00", "2023-01-01T08:00", 10, 1, 1)


def build_view(number: int) -> NoteView:
    """Return a note with 40 blocks, links to the next notes and one to nothing, three backlinks, and three headings."""
    blocks = tuple(TextBlock(PROSE_BLOCK, (((f"word{place} of the text", ""),),)) for place in range(40))
    links = (
        NoteLink(f"{number + 1}.md", "next", 3, "ok"),
        NoteLink("", "nothing", 5, "dangling"),
        NoteLink(f"{number + 2}.md", "over", 30, "ok"),
    )
    backlinks = tuple(Backlink(f"{number + more}.md", 4, (("a note", ""),), (("says so", ""),)) for more in (3, 4, 5))
    outline = (OutlineEntry("One", 2, 1, 0), OutlineEntry("Two", 2, 20, 20), OutlineEntry("Three", 2, 30, 30))
    return NoteView(build_note(number), blocks, links, backlinks, outline)


def build_items() -> list[PickerItem]:
    """Return what the list shows of the notes."""
    notes = [build_note(number) for number in range(len(TITLES))]
    return [PickerItem(note.path, note.id, note.title, note.aliases, note.tags, note.created) for note in notes]


NAMES = NameList(build_items())
LISTING = Listing(
    "Some notes",
    (Branch((("one", ""),), (), (None, "1.md")), Branch((("two", ""),), (), (None, "2.md")), Branch((("#tag", ""),), (), (None, ""))),
    (ListingRow("1.md", "One", 3), ListingRow("2.md", "Two"), ListingRow(title="#tag", topic="#tag")),
)
SUGGESTIONS = tuple(Suggestion(build_note(number), 1.0, (), NoteEnd("0.md", (), "", (0, 0), 9, 9, 9)) for number in (1, 2))
ITEMS = (
    ReviewItem("due", build_note(1), "why"),
    ReviewItem("surprise", build_note(2), "why", other=build_note(3), suggestion=SUGGESTIONS[0]),
)


def answer(effect: do.Effect) -> on.Event | None:
    """Return what a notebook of a few notes answers to an effect."""
    number = effect.number
    match effect:
        case do.FindNames():
            return on.HitsFound(number, NAMES.find(effect.query), len(TITLES))
        case do.SearchText():
            return on.HitsFound(number, (Hit(build_items()[2], (("a sentence", ""),)),), len(TITLES), is_text=True)
        case do.LoadNote():
            return on.NoteLoaded(number, effect.path, build_view(int(effect.path.removesuffix(".md"))))
        case do.LoadPreview():
            return on.PreviewLoaded(number, effect.path, build_view(int(effect.path.removesuffix(".md"))))
        case do.FindPath():
            return on.PathFound(number, LinkPath([build_note(1), build_note(2)], []), LISTING)
        case do.FindGap() | do.LoadTopics() | do.ReadTopic() | do.DrawGraph():
            return on.ListingLoaded(number, LISTING)
        case do.Suggest():
            return on.SuggestionsFound(number, build_note(int(effect.path.removesuffix(".md"))), SUGGESTIONS)
        case do.LoadReview():
            return on.ReviewLoaded(number, ITEMS)
        case do.ChooseRandom():
            return on.RandomChosen(number, "3.md")
        case do.PlanUndo():
            return on.UndoPlanned(number, "0001", 'new "A"')
        case do.MarkReviewed():
            return on.Changed(number, "reviewed", is_answer=True)
        case do.Undo():
            return on.Changed(number, "undone", is_undone=True)
        case do.Apply() | do.Dismiss():
            return on.Changed(number, "done", is_answer=True)
        case do.Capture() | do.SavePath():
            return on.Changed(number, "done")
        case do.Edit():
            return on.Edited(number)
        case do.Copy() | do.Suspend():
            return on.Said(number, "said")
    return None


def run(state: BrowseState, effects: Sequence[do.Effect]) -> BrowseState:
    """Perform effects, and those that follow from their answers, until nothing is left to do."""
    todo = list(effects)
    while todo:
        found = answer(todo.pop(0))
        if found:
            state, more = update(state, found)
            todo += more
    return state


def begin(query: str = "", columns: int = 120, rows: int = 40) -> BrowseState:
    """Return the state in which the list is shown."""
    return run(*start(query, columns=columns, rows=rows))


def press(state: BrowseState, *keys: str) -> BrowseState:
    """Press keys, one after the other. A note that is shown is laid out, a line for each block."""
    for key in keys:
        state = run(*update(state, on.KeyPressed(key, key if len(key) == 1 else "")))
        if state.place.screen == NOTE and state.place.view and not state.lines:
            state = run(*update(state, on.Measured(40, 10, tuple(range(40)), (2, 4, 29))))
    return state


def reach(mode: str) -> BrowseState:
    """Return a state of each mode in which every key has something to do."""
    marked = press(begin(), "alt+m", "down", "alt+m", "enter")
    after_history = press(marked, "tab", "enter", "escape", "down", "down")
    keys: dict[str, tuple[str, ...]] = {
        LIST: (),
        NOTE: (),
        PATH: ("p", "down"),
        GAP: ("p", "g", "down"),
        SUGGESTION: ("s",),
        REVIEW: ("r",),
        PAIR: ("r", "down"),
        TOPICS: ("t", "down"),
        GRAPH: ("w", "down"),
        BACKLINKS: ("b", "down"),
        OUTLINE: ("o", "down"),
        JUMP: ("f",),
        FIND: ("/", "w"),
        CAPTURE: ("c", "x"),
        TITLE: ("p", "s"),
        CONFIRM: ("u",),
        PALETTE: ("ctrl+p", "down"),
        HELP: ("?", "down"),
    }
    if mode == LIST:
        state = begin()
        return replace(press(state, "k", "down"), past=after_history.past, future=after_history.future, preview_top=3)
    state = press(after_history, *keys[mode])
    return replace(state, future=after_history.future, preview_top=3 if mode in PREVIEWED else 0)


# The table of keys


@pytest.mark.parametrize(("query", "path"), [("trust", "1.md"), ("sentence", "2.md")])
def test_a_note_is_read_although_one_was_faster_than_the_search(query: str, path: str) -> None:
    """Enter before the notes are found that have the words waits for them, and reads the first, not one that had the words before."""
    state, effects = begin(), list[do.Effect]()
    for char in query:
        state, more = update(state, on.KeyPressed(char, char))
        effects += more
    state, more = update(state, on.KeyPressed("enter", ""))
    assert LIST == state.place.screen
    state = run(state, (*effects, *more))
    assert (NOTE, path) == (state.place.screen, state.place.path)


@pytest.mark.parametrize(
    "origin", [Place(NOTE, path="9.md"), Place(PATH, listing=Listing("", (), (ListingRow("1.md"), ListingRow("9.md"))))]
)
def test_the_link_to_where_one_came_from_is_chosen(origin: Place) -> None:
    """Of several links on the line of a backlink or hop, that is chosen for which one came there."""
    links = (NoteLink("", "nothing", 3, "dangling"), NoteLink("5.md", "five", 3, "ok"), NoteLink("9.md", "nine", 3, "ok"))
    here = Place(NOTE, path="1.md", view=NoteView(build_note(1), (), links, (), ()), line=3)
    state, _ = update(BrowseState(here, past=(origin,)), on.Measured(40, 10, tuple(range(40)), (2, 2, 2)))
    assert 2 == state.place.link


def test_a_note_is_not_read_any_more_after_another_key() -> None:
    """A key after an Enter that waits for notes takes it back."""
    state, effects = update(begin(), on.KeyPressed("t", "t"))
    for key in ("enter", "left"):
        state, more = update(state, on.KeyPressed(key, ""))
        effects += more
    assert LIST == run(state, effects).place.screen


def test_every_action_is_done_by_one_function() -> None:
    """Every action of the table has a function, and every function is the action of a key."""
    assert {row.action.removeprefix(PREFIX) for row in KEYS} == ACTIONS.keys()


def test_no_key_has_two_actions() -> None:
    """The table has no conflict: reading it without any change raises nothing."""
    assert KEYS == change_keys({}).bindings


def test_every_action_has_one_row() -> None:
    """No two rows have the same name, so that a setting means one of them."""
    assert len(KEYS) == len({row.action for row in KEYS})


def test_no_character_is_a_key_where_letters_are_typed() -> None:
    """Where a line is typed, every character is part of it."""
    assert [] == [row for row in KEYS for key in row.keys if len(key) == 1 and not set(row.modes).isdisjoint(TYPED_MODES)]


@pytest.mark.parametrize(("mode", "key"), sorted({(mode, key) for row in KEYS for mode in row.modes for key in row.keys}))
def test_every_key_does_something(mode: str, key: str) -> None:
    """Each key of the table changes the state, asks for something or says why not, in each of its modes."""
    state = reach(mode)
    assert mode == state.mode
    state = replace(state, message="", hint="")
    after, effects = update(state, on.KeyPressed(key, key if len(key) == 1 else ""))
    assert (after, effects) != (state, ())


@pytest.mark.parametrize("mode", MODES)
def test_escape_leads_out(mode: str) -> None:
    """From every mode, pressing Esc again and again leaves."""
    state = reach(mode)
    for _ in range(len(state.past) + 6):
        state = press(state, "escape")
    assert state.is_over


def test_a_single_escape_too_many_leaves_nothing() -> None:
    """In the list where one began, the first Esc says what a second one does, and any other key in between is forgotten about."""
    state = press(begin(), "escape")
    assert (False, "Esc again leaves zettel") == (state.is_over, state.message)
    assert not press(state, "down", "escape").is_over
    assert press(state, "escape").is_over


def test_keys_are_shown_as_people_press_them() -> None:
    """A key with a modifier or a name is written out; a letter stands for itself."""
    assert ["Ctrl-E", "Alt-←", "Esc", "j", "G", "Shift-Tab", "F1", "/"] == [
        format_key(key) for key in ("ctrl+e", "alt+left", "escape", "j", "G", "shift+tab", "f1", "/")
    ]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ctrl-E", "ctrl+e"),
        ("alt+x", "alt+x"),
        ("F5", "f5"),
        ("S", "S"),
        ("esc", "escape"),
        ("PgDn", "pagedown"),
        ("Alt-←", "alt+left"),
        ("↑", "up"),
        ("shift-alt-left", "alt+shift+left"),
        ("f13", ""),
        ("hyper+x", ""),
        ("word", ""),
        ("", ""),
        ("ctrl+", ""),
        ("\x1b", ""),
    ],
)
def test_keys_of_settings_are_parsed(text: str, key: str) -> None:
    """A key may be written in either style; what is not a key is none."""
    assert key == parse_key(text)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sugest": ("S",)}, 'keys.sugest: there is no action "sugest" in browsing'),
        ({"suggest": ("blah",)}, 'keys.suggest: "blah" is not a key'),
        ({"suggest": ()}, "keys.suggest: an action needs a key"),
        ({"suggest": ("m",)}, 'keys.suggest: m is the key of "mark" already, in a note'),
        ({"list-mark": ("x",)}, 'keys.list-mark: "x" cannot be a key where letters are typed'),
    ],
)
def test_wrong_keys_are_refused(changes: dict[str, tuple[str, ...]], message: str) -> None:
    """A wrong setting for a key is one error that says what is wrong, and what to type."""
    with pytest.raises(SettingsError) as error:
        change_keys(changes)
    assert (message, True) == (error.value.message, bool(error.value.hint))


def test_settings_replace_the_keys_of_an_action() -> None:
    """An action has the keys of its setting and no others."""
    table = change_keys({"suggest": ("S", "Alt-S")})
    assert ("suggest", "suggest", "") == tuple(table.find_action(NOTE, key) for key in ("S", "alt+s", "s"))


# Flows


def test_a_query_is_typed_and_narrows_the_list() -> None:
    """Each letter narrows the list; notes whose text is found come below, and a sentence joins the notes found by name."""
    state = press(begin(), *"kept")
    assert ("kept", ["0.md", "3.md", "2.md"]) == (state.place.query.text, [hit.path for hit in state.place.hits])


def test_text_hits_never_move_the_chosen_row() -> None:
    """What the search of the text finds stands below the notes found by name."""
    state, effects = start("kept", columns=120, rows=40)
    names, text = effects
    state = run(state, [names])
    state = press(state, "down")
    assert "3.md" == state.place.chosen_path
    found = on.HitsFound(text.number, tuple(Hit(item, (("said", ""),)) for item in reversed(build_items())), 4, is_text=True)
    state, _ = update(state, found)
    assert ("3.md", (("said", ""),), 1) == (state.place.chosen_path, state.place.hits[1].sentence, state.place.row)


def test_hits_of_the_query_before_stand_in_until_the_text_is_searched() -> None:
    """While letters are typed, rows that were found in the text stay until the search answers, so that the list does not blink."""
    state = press(begin(), *"zz")
    assert ["2.md"] == [hit.path for hit in state.place.hits]
    state, (names, text) = update(state, on.KeyPressed("y", "y"))
    state = run(state, [names])
    assert ["2.md"] == [hit.path for hit in state.place.hits]
    state, _ = update(state, on.HitsFound(text.number, (), 0, is_text=True))
    assert () == state.place.hits


@pytest.mark.parametrize("typed", [("t",), ("t", "r")])
def test_names_and_text_are_found_in_any_order(typed: Sequence[str]) -> None:
    """The same notes are listed whichever of the two searches answers first."""
    state, effects = begin(), ()
    for key in typed:
        state, effects = update(state, on.KeyPressed(key, key))
    one, other = run(state, effects).place, run(state, effects[::-1]).place
    assert one.hits == other.hits
    assert "2.md" in [hit.path for hit in one.hits]


def test_hits_in_the_text_outlast_a_change_of_the_notebook() -> None:
    """What the text has is still listed after a change, also if its names are read last."""
    state = press(begin(), *"zz")
    state, effects = update(state, on.NotebookChanged())
    searches = [effect for effect in effects if isinstance(effect, (do.FindNames, do.SearchText))]
    assert ["2.md"] == [hit.path for hit in run(state, searches[::-1]).place.hits]


def test_a_word_that_is_only_begun_is_not_called_missing() -> None:
    """What the search of the text remarks is said only if no name has the words."""
    for typed, message in (("k", ""), ("zz", 'no note has "zz"')):
        state, effects = start(typed, columns=120, rows=40)
        state = run(state, effects[:1])
        found = on.HitsFound(effects[1].number, (), 4, is_text=True, remark=f'no note has "{typed}"')
        assert message == update(state, found)[0].message


def test_an_answer_to_an_older_query_is_dropped() -> None:
    """Only the answer to what was typed last counts."""
    state, (names, *_) = start("kept")
    state, _ = update(state, on.KeyPressed("x", "x"))
    later, _ = update(state, on.HitsFound(names.number, NAMES.hits, 4))
    assert (state, ()) == (later, later.place.hits)


def test_back_after_following_is_the_same_place() -> None:
    """Back leads to the same line, link and note, and forward leads on again."""
    state = press(begin(), "enter", "tab", "tab", "tab", "down")
    followed = press(state, "enter")
    assert ("2.md", 1 + len(state.past)) == (followed.place.path, len(followed.past))
    back = press(followed, "backspace")
    assert (state.place, state.past) == (back.place, back.past)
    assert followed.place == press(back, "L").place


def test_the_list_is_the_same_after_reading() -> None:
    """Back from a note leads to the list with its query and row."""
    state = press(begin(), *"kept", "down")
    assert state.place == press(state, "enter", "escape").place


def test_links_are_walked_from_what_is_on_the_screen() -> None:
    """Tab chooses the first link below the top of the screen, and scrolls to one that is not on it."""
    state = press(begin(), "enter", "down", "down", "down", "tab")
    assert (1, 3) == (state.place.link, state.place.top)
    assert (2, 26) == (press(state, "n").place.link, press(state, "n").place.top)


def test_a_click_on_a_link_of_the_preview_reads_its_note() -> None:
    """A link beside the list is followed like one in a note; one that leads to no note is not."""
    state = begin()
    assert (NOTE, "1.md") == (run(*update(state, on.LinkChosen(0, is_opened=True))).mode, run(*update(state, on.LinkChosen(0))).place.path)
    assert (state, ()) == update(state, on.LinkChosen(1, is_opened=True))


def test_a_letter_jumps_to_a_link() -> None:
    """The links on the screen have letters; typing one follows its link."""
    state = press(begin(), "enter", "f")
    assert (("a", 0), ("s", 1)) == state.jump_letters
    assert "1.md" == press(state, "a").place.path


def test_a_dangling_link_offers_to_make_its_note() -> None:
    """Following a link to nothing asks for the title of a new note, with the link's words typed already."""
    state = press(begin(), "enter", "tab", "tab", "enter")
    assert (CAPTURE, "nothing") == (state.mode, state.entry.text)


def test_two_marks_make_a_path() -> None:
    """`m` on two notes and `p` ask for the path between them, in this order."""
    state = press(begin(), "enter", "m", "tab", "enter", "m")
    assert ["A", "B"] == [state.find_mark(mark.topic) for mark in state.marks]
    _, effects = update(state, on.KeyPressed("p", "p"))
    assert [("0.md", "1.md")] == [(effect.start, effect.end) for effect in effects if isinstance(effect, do.FindPath)]


def test_one_mark_and_the_note_shown_make_a_path() -> None:
    """With a single mark, the path leads from it to the note that is shown."""
    _, effects = update(press(begin(), "enter", "m", "tab", "enter"), on.KeyPressed("p", "p"))
    assert [("0.md", "1.md")] == [(effect.start, effect.end) for effect in effects if isinstance(effect, do.FindPath)]


def test_enter_on_a_hop_reads_there() -> None:
    """A note of a path is read at the line that speaks of the next one."""
    state = reach(PATH)
    state = press(state, "up", "enter")
    assert ("1.md", 0) == (state.place.path, state.place.link)


def test_applied_suggestions_are_not_shown_again() -> None:
    """After a suggestion was applied, the next one is shown; at the end one is back, with a count."""
    state = press(begin(), "enter", "s", "a")
    assert "2.md" == state.place.chosen_path
    state = press(state, "k")
    assert (NOTE, "no more suggestions: 1 inserted, 0 dismissed, 1 skipped") == (state.mode, state.message)


def test_a_suggestion_that_was_refused_is_still_open() -> None:
    """If a link cannot be inserted, its suggestion is not counted as answered."""
    state, (apply,) = update(press(begin(), "enter", "s"), on.KeyPressed("a", "a"))
    state, _ = update(state, on.Failed(apply.number, "it has changed"))
    assert ((), "1.md", "it has changed") == (state.place.answered, state.place.chosen_path, state.message)


def test_undo_shows_the_suggestion_again() -> None:
    """What was taken back is suggested again."""
    state = press(begin(), "enter", "s", "a", "u")
    assert (CONFIRM, 'undo: new "A"?') == (state.mode, state.question)
    assert "1.md" == press(state, "y").place.chosen_path


def test_undo_happens_only_after_a_yes() -> None:
    """Nothing is undone before the question was answered with yes."""
    state, effects = update(press(begin(), "enter", "u"), on.KeyPressed("n", "n"))
    assert ((), "nothing was undone") == (effects, state.message)


def test_a_question_that_comes_late_is_not_asked() -> None:
    """If another key was pressed before the question could be asked, it is not, so that no letter answers it by accident."""
    state, (plan, *_) = update(begin(), on.KeyPressed("alt+u"))
    state, _ = update(state, on.KeyPressed("y", "y"))
    assert LIST == update(state, on.UndoPlanned(plan.number, "0001", "new"))[0].mode


def test_a_review_goes_on_with_each_answer() -> None:
    """Reviewed leads to the next item, and the last one leads back."""
    state = press(begin(), "enter", "r", "r")
    assert (PAIR, 1) == (state.mode, state.place.row)
    state = press(state, "r")
    assert (NOTE, "other pairs come another day – that was all for today") == (state.mode, state.message)


def test_the_editor_opens_at_the_chosen_link() -> None:
    """`e` asks for the editor at the line of the link, and the note is read again afterwards."""
    state = press(begin(), "enter", "tab")
    state, (edit,) = update(state, on.KeyPressed("e", "e"))
    assert isinstance(edit, do.Edit)
    assert ("0.md", 3) == (edit.path, edit.line)
    _, effects = update(state, on.Edited(edit.number))
    assert ["0.md"] == [effect.path for effect in effects if isinstance(effect, do.LoadNote)]


def test_captured_notes_are_linked_if_asked() -> None:
    """`C` makes a note that is linked from the one shown, `c` one that is not."""
    for key, source in (("c", ""), ("C", "0.md")):
        state = press(begin(), "enter", key, *"Hi")
        _, (capture,) = update(state, on.KeyPressed("enter"))
        assert do.Capture(capture.number, "Hi", source) == capture


def test_a_note_that_was_made_of_the_query_is_chosen() -> None:
    """`Ctrl-N` makes a note of what is typed, and Enter reads that note."""
    state = press(begin(), *"kept", "ctrl+n")
    state, (capture,) = update(state, on.KeyPressed("enter"))
    state, effects = update(state, on.Changed(capture.number, "new", "3.md"))
    state = run(state, effects)
    assert ("3.md", "") == (state.place.chosen_path, state.place.path)
    assert "3.md" == press(state, "enter").place.path


def test_what_is_noticed_does_not_hide_what_was_done() -> None:
    """A remark that comes with an answer is said behind it, and only once."""
    state, _ = update(replace(begin(), message="new 1 A"), on.Noticed("the minute has a note"))
    assert "new 1 A; the minute has a note" == state.message
    state, _ = update(replace(begin(), message="cannot be read"), on.Noticed("cannot be read"))
    assert "cannot be read" == state.message


def test_a_letter_that_does_nothing_says_so() -> None:
    """A letter that does nothing says so, and what explains those that do."""
    state = press(begin(), "enter", "z")
    assert ("z does nothing in a note", "? explains the keys") == (state.message, state.hint)
    assert "" == press(state, "j").message


def test_q_ends_a_walk_only() -> None:
    """`q` goes back from suggestions and from the review, as on the command line, and leaves zettel from a note."""
    for key in "sr":
        state = press(begin(), "enter", key, "q")
        assert (NOTE, False) == (state.mode, state.is_over)
    assert press(state, "q").is_over


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode not in (*ENTRIES, JUMP)])
def test_zettel_can_be_left_from_everywhere(mode: str) -> None:
    """Ctrl-Q leaves, except where a line or letters are typed."""
    assert press(reach(mode), "ctrl+q").is_over


def test_a_note_that_is_gone_keeps_its_text_and_says_so() -> None:
    """If another program deletes the note that is shown, its last text stays, and a message says that it is gone."""
    state = press(begin(), "enter")
    state, effects = update(state, on.NotebookChanged())
    load = next(effect for effect in effects if isinstance(effect, do.LoadNote))
    state, _ = update(state, on.NoteLoaded(load.number, "0.md", None))
    assert (True, f'"{TITLES[0]}" is no longer in the notebook') == (state.place.view is not None, state.message)
    for key in "es":
        assert ((), state.message) == (update(state, on.KeyPressed(key, key))[1], update(state, on.KeyPressed(key, key))[0].message)


def test_a_moved_note_is_followed() -> None:
    """If another program moves a note, history leads to its new path."""
    state = press(begin(), "enter", "tab", "enter")
    state, _ = update(state, on.NotebookChanged())
    state, (load, *_) = update(state, on.KeyPressed("backspace"))
    assert do.LoadNote(load.number, "0.md", "202301010800") == load
    state, _ = update(state, on.NoteLoaded(load.number, "0.md", build_view(5)))
    assert ("5.md", False) == (state.place.path, state.is_waiting())


def test_a_change_keeps_the_chosen_row() -> None:
    """The list is read again after a change, and the chosen note stays chosen."""
    state = press(begin(), "down", "down")
    state, effects = update(state, on.NotebookChanged())
    names = next(effect for effect in effects if isinstance(effect, do.FindNames))
    state, _ = update(state, on.HitsFound(names.number, NAMES.hits[1:], 3))
    assert ("2.md", 1) == (state.place.chosen_path, state.place.row)
    state = begin()
    state, effects = update(state, on.NotebookChanged())
    names = next(effect for effect in effects if isinstance(effect, do.FindNames))
    state, _ = update(state, on.HitsFound(names.number, NAMES.hits[::-1], 4))
    assert ("0.md", 3) == (state.place.chosen_path, state.place.row)


def test_a_change_keeps_the_place_in_a_note() -> None:
    """A note that is read again after a change keeps its line and its link, as far as they still exist."""
    state = press(begin(), "enter", "tab", "tab", "down", "down")
    state = run(*update(state, on.NotebookChanged()))
    assert (1, 2) == (state.place.link, state.place.top)
    load = next(effect for effect in update(state, on.NotebookChanged())[1] if isinstance(effect, do.LoadNote))
    state, _ = update(state, on.NotebookChanged())
    shorter = NoteView(build_note(0), build_view(0).blocks[:1], build_view(0).links[:1])
    assert 0 == update(state, on.NoteLoaded(load.number, "0.md", shorter))[0].place.link


def test_finding_goes_from_place_to_place() -> None:
    """What is typed behind `/` is found at once; Enter goes to the next place, and Esc ends it there."""
    state = press(begin(), "enter", "/", *"word1")
    assert 1 == state.place.top
    state = press(state, "enter")
    assert 10 == state.place.top
    assert (NOTE, 10) == (press(state, "escape").mode, press(state, "escape").place.top)


def test_finding_sees_the_title() -> None:
    """Words that stand in the title only are found at the top; those that stand nowhere are not in this note."""
    state = press(begin("trust"), "enter", "G", "/", *"slow")
    assert (0, "in 1 place") == (state.place.top, state.message)
    assert '"slowly" is not in this note' == press(state, "l", "y").message


@pytest.mark.parametrize(
    ("sentence", "is_citation", "top"),
    [("… WORD20 of the, text…", False, 17), ("word2 of the text", False, 0), ("word20 of the text", True, 0), ("not there", False, 0)],
)
def test_a_note_that_its_text_has_found_is_read_at_the_sentence(sentence: str, is_citation: bool, top: int) -> None:
    """Enter on a note whose text has the words goes to the sentence that was shown, if that is the note's own and not seen anyway."""
    state, effects = start("xyzzy", columns=120, rows=40)
    names, text = effects
    state, _ = update(state, on.HitsFound(names.number, (), 4))
    hit = Hit(build_items()[2], ((sentence, ""),), is_citation)
    state, more = update(state, on.HitsFound(text.number, (hit,), 4, is_text=True))
    state = press(run(state, more), "enter")
    assert ("2.md", top, "") == (state.place.path, state.place.top, state.place.sentence)
    assert "xyzzy" == state.shown_query
    assert "" == press(state, "tab", "enter").shown_query


def test_a_note_that_its_name_has_found_is_read_from_the_top() -> None:
    """Enter on a note whose title has the words begins at its beginning, although a sentence of it is shown."""
    state = begin("start")
    item = build_items()[2]
    text = Hit(item, (("word20 of the text", ""),))
    state = replace(state, place=replace(state.place, hits=(text,), name_count=1))
    assert ("2.md", 0) == (press(state, "enter").place.path, press(state, "enter").place.top)


def test_a_sentence_beyond_the_preview_is_reached_once_the_note_is_there() -> None:
    """A preview may end above the sentence, so it is looked for again when all of the note is laid out."""
    whole = build_view(2)
    preview = NoteView(whole.note, whole.blocks[:5])
    here = Place(NOTE, path="2.md", view=preview, sentence="word20 of the text")
    state, _ = update(BrowseState(here, waiting=(("note", 7),)), on.Measured(5, 10, tuple(range(5))))
    assert 0 == state.place.top
    state, _ = update(state, on.NoteLoaded(7, "2.md", whole))
    state, _ = update(state, on.Measured(40, 10, tuple(range(40))))
    assert (17, "") == (state.place.top, state.place.sentence)


def test_a_small_screen_asks_for_no_preview() -> None:
    """Where there is room for one pane only, the chosen note is not read."""
    _, effects = start("", columns=40, rows=10)
    state = begin("", 40, 10)
    _, more = update(state, on.KeyPressed("down"))
    assert [] == [effect for effect in (*effects, *more) if isinstance(effect, do.LoadPreview)]


# Names


def test_names_are_ranked_by_how_well_they_fit() -> None:
    """A title that begins with the words comes before one that has them further inside, and an ID is a name, too."""
    assert ["3.md", "0.md"] == [hit.path for hit in NAMES.find("kept")][::-1]
    assert "2.md" == NAMES.find("start")[0].path
    assert ["1.md"] == [hit.path for hit in NAMES.find("202301010801")]
    assert ["3.md"] == [hit.path for hit in NAMES.find("apfel")]


def test_narrowing_finds_what_a_fresh_search_finds() -> None:
    """A query that was typed letter by letter finds the same notes as the whole one, and so does one that was shortened again."""
    names = NameList(build_items())
    for text in ("k", "ke", "kept", "kept mo", "kept", "ke tr", "slow", ""):
        assert NameList(build_items()).find(text) == names.find(text)


def test_lists_of_the_history_do_not_keep_notes_as_they_were() -> None:
    """After a change of the notebook, a list to go back to remembers the chosen note only, and the others are found again on the way back."""
    state = press(begin(), "down", "enter")
    before = state.past[0]
    state, effects = update(state, on.NotebookChanged())
    state = run(state, effects)
    assert [before.chosen_path] == [hit.path for hit in state.past[0].hits]
    state = press(state, "escape")
    assert (before.chosen_path, before.row) == (state.place.chosen_path, state.place.row)
    assert before.hits == state.place.hits
