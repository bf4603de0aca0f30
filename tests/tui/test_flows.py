"""Test the flows of browsing on the screen: recall and read, paths, tend, edit and capture, wander, the mouse, and sizes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.tui.lab import SIZES, Browsing, Notebook, copy_starter, write_notebook
from zettel.model.browse.events import TextPasted
from zettel.model.browse.keys import (
    BACKLINKS,
    CAPTURE,
    CONFIRM,
    FIND,
    GRAPH,
    HELP,
    JUMP,
    LIST,
    NOTE,
    OUTLINE,
    PAIR,
    PATH,
    REVIEW,
    SUGGESTION,
    TOPICS,
)

THREE = {
    "202401010900 Trust.md": "# Trust\n\nTrust grows from [[202401010901]] and small promises.\n\n## Where it ends\n\nSee [[202401010902]].\n",
    "202401010901 Promises.md": "# Promises\n\nA promise is kept or renegotiated. Execution is the sum of them.\n",
    "202401010902 Execution.md": "# Execution\n\nExecution needs [[202401010901]]. Nothing here is about the other one.\n",
}


@pytest.fixture
def three(tmp_path: Path) -> Notebook:
    """A notebook of three notes."""
    return write_notebook(tmp_path, THREE)


@pytest.fixture
def starter_notebook(tmp_path: Path) -> Notebook:
    """A copy of the starter notebook."""
    return copy_starter(tmp_path)


def test_words_narrow_the_list_and_a_sentence_says_why(starter_notebook: Notebook) -> None:
    """Each key narrows the list by name, and the text of notes joins with the sentence that has the words."""

    async def drive(one: Browsing) -> None:
        assert "66 notes" in one.read()[0]
        await one.type("kept promises")
        assert "Execution is a string of kept promises" in one.read()[3]
        assert one.shows("few promises, written"), "\n".join(one.read())
        assert one.app.state.preview
        assert one.app.state.preview.note.id == "202302060730"

    starter_notebook.browse(drive)


def test_links_are_walked_followed_and_left_again(three: Notebook) -> None:
    """Tab chooses a link, Enter follows it, Backspace goes back to the same link, and L forward again."""

    async def drive(one: Browsing) -> None:
        await one.type("trust")
        await one.press("enter", "tab", "tab")
        before = one.app.state.place
        assert (NOTE, 1) == (before.screen, before.link)
        await one.press("enter")
        assert one.shows("Nothing here is about the other one.")
        await one.press("backspace")
        assert before == one.app.state.place
        await one.press("L")
        assert "202401010902 Execution.md" == one.app.state.place.path

    three.browse(drive)


def test_letters_jump_to_links(three: Notebook) -> None:
    """The key f puts a letter on every link of the screen, and typing it follows the link."""

    async def drive(one: Browsing) -> None:
        await one.type("trust")
        await one.press("enter", "f")
        assert JUMP == one.app.state.mode
        assert one.shows("grows from aromises")
        await one.press("s")
        assert "202401010902 Execution.md" == one.app.state.place.path

    three.browse(drive)


def test_words_are_found_in_a_note(starter_notebook: Notebook) -> None:
    """The key / looks for words in the note that is read, and shows the place."""

    async def drive(one: Browsing) -> None:
        await one.type("map of getting things done")
        await one.press("enter", "/")
        await one.type("punctual")
        await one.press("enter", "escape")
        assert NOTE == one.app.state.mode
        assert one.shows("Being punctual is not being useful")

    starter_notebook.browse(drive, size=(80, 24))


def test_a_path_between_two_marked_notes_is_shown_and_saved(starter_notebook: Notebook) -> None:
    """Two notes are marked, p shows the chain with its sentences, Enter reads a note of it, and s saves it as a note."""

    async def drive(one: Browsing) -> None:
        await one.type("string of kept promises")
        await one.press("alt+m", "ctrl+u")
        await one.type("trust is repaid")
        await one.press("alt+m", "alt+p")
        assert PATH == one.app.state.mode
        assert one.app.state.place.link_path
        await one.press("down", "enter")
        assert NOTE == one.app.state.mode
        await one.press("backspace", "s")
        assert one.shows("save the path as:")
        await one.press("enter")
        assert one.shows("saved as"), one.read()

    before = {path.name for path in starter_notebook.folder.glob("*.md")}
    starter_notebook.browse(drive)
    made = [path for path in starter_notebook.folder.glob("*.md") if path.name not in before]
    assert 1 == len(made)
    text = made[0].read_text()
    assert text.index("202302060730") < text.index("202409031610")


def test_a_suggested_link_is_inserted_and_taken_back(tmp_path: Path) -> None:
    """The key a inserts the link that is suggested; u says what it would undo, and y does it."""
    text = "# Promises\n\nOnly kept promises make Quiet execution visible.\n"
    notebook = write_notebook(
        tmp_path, {"202401010901 Promises.md": text, "202401010902 Quiet execution.md": "# Quiet execution\n\nNo drama on Fridays.\n"}
    )
    path = notebook.folder / "202401010901 Promises.md"

    async def drive(one: Browsing) -> None:
        await one.type("promises")
        await one.press("enter", "s")
        assert SUGGESTION == one.app.state.mode, one.read()
        assert one.shows("suggestion 1 of 1")
        await one.press("a")
        assert "202401010902" in path.read_text()
        assert NOTE == one.app.state.mode
        await one.press("u")
        assert CONFIRM == one.app.state.mode
        assert one.shows("undo:")
        await one.press("y")
        assert text == path.read_text()

    notebook.browse(drive)


def test_the_editor_gets_the_note_at_the_line_of_the_link(three: Notebook, tmp_path: Path) -> None:
    """The key e opens the note at the chosen link, and afterwards the note is shown as it was saved, at the same link."""
    editor = tmp_path / "vi"
    editor.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/words\nfor file; do :; done\necho "Added by the editor." >> "$file"\nsleep 0.4\n')
    editor.chmod(0o755)

    async def drive(one: Browsing) -> None:
        await one.type("trust")
        await one.press("enter", "tab", "tab", "e")
        assert one.shows("Added by the editor."), one.read()
        assert (NOTE, 1) == (one.app.state.place.screen, one.app.state.place.link)

    three.browse(drive, EDITOR=str(editor))
    assert "+7" in (tmp_path / "words").read_text() or "+call cursor(7" in (tmp_path / "words").read_text()


def test_a_thought_is_captured_in_one_line(three: Notebook) -> None:
    """The key C makes a note of one line, and links it from the note that is shown."""

    async def drive(one: Browsing) -> None:
        await one.type("trust")
        await one.press("enter", "C")
        await one.type("Say no early")
        await one.press("enter")
        assert one.shows("Say no early")

    three.browse(drive)
    made = list(three.folder.glob("*Say no early.md"))
    assert 1 == len(made)
    assert made[0].name[:12] in (three.folder / "202401010900 Trust.md").read_text()


def test_another_program_changes_a_note(three: Notebook) -> None:
    """An edit by another program is seen while the note is read."""

    async def drive(one: Browsing) -> None:
        await one.type("trust")
        await one.press("enter")
        path = three.folder / "202401010900 Trust.md"
        path.write_text(path.read_text() + "\nA line from elsewhere.\n")
        one.app.look_for_changes()
        await one.settle()
        assert one.shows("A line from elsewhere.")

    three.browse(drive)


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_opens_and_closes(size: tuple[int, int], starter_notebook: Notebook) -> None:
    """Every screen and pane opens by its key at every size, and Esc leads back to the note."""
    screens = {"t": TOPICS, "w": GRAPH, "r": REVIEW, "?": HELP, "s": SUGGESTION, "o": OUTLINE, "b": BACKLINKS, "/": FIND, "c": CAPTURE}

    async def drive(one: Browsing) -> None:
        await one.type("nobody owns value")
        await one.press("enter")
        before = one.app.state.place
        for key, mode in screens.items():
            await one.press(key)
            assert mode == one.app.state.mode
            await one.press("escape")
            assert (NOTE, before.path) == (one.app.state.mode, one.app.state.place.path)

    starter_notebook.browse(drive, size=size)


def test_a_click_chooses_and_a_double_click_reads(three: Notebook) -> None:
    """A click chooses a row, a double click reads its note, and a click on a link follows it."""

    async def drive(one: Browsing) -> None:
        await one.click("Trust")
        assert "202401010900 Trust.md" == one.app.state.place.chosen_path
        await one.click("Trust", times=2)
        assert NOTE == one.app.state.mode
        await one.click("Promises")
        assert "202401010901 Promises.md" == one.app.state.place.path
        await one.click("Trust grows from")
        assert "202401010900 Trust.md" == one.app.state.place.path

    three.browse(drive)


def test_the_wheel_scrolls(tmp_path: Path) -> None:
    """The wheel scrolls the text that is read."""
    from textual import events

    notebook = write_notebook(tmp_path, {"202401010900 Long.md": "# Long\n\n" + "\n\n".join(f"Paragraph {n}." for n in range(100))})

    async def drive(one: Browsing) -> None:
        await one.press("enter")
        pane = one.app.query_one("#text")
        pane.post_message(events.MouseScrollDown(pane, 1, 1, 0, 1, 0, False, False, False))
        await one.settle()
        assert 3 == one.app.state.place.top

    notebook.browse(drive)


@pytest.mark.parametrize("size", SIZES)
def test_the_end_of_a_note_is_reached(size: tuple[int, int], starter_notebook: Notebook) -> None:
    """The key G shows the last line of a note at the bottom, whatever stands below it, and g its title again."""

    async def drive(one: Browsing) -> None:
        await one.type("being punctual")
        await one.press("enter", "G")
        state = one.app.state
        assert state.lines == state.place.top + state.page
        assert one.shows("of that sum can be done.")
        await one.press("g")
        assert one.shows("For two years our quarterly report")

    starter_notebook.browse(drive, size=size)


def test_the_screen_is_drawn_again_for_another_size(starter_notebook: Notebook) -> None:
    """At every size the chosen note stays chosen; on the smallest screens a line asks for room."""

    async def drive(one: Browsing) -> None:
        await one.type("trust")
        await one.press("down")
        chosen = one.app.state.place.chosen_path
        for columns, rows in ((40, 10), (19, 3), (200, 60), (80, 24), (1, 1), (120, 40)):
            await one.pilot.resize_terminal(columns, rows)
            await one.settle()
            assert chosen == one.app.state.place.chosen_path
            assert all(len(line) <= columns for line in one.read())
        assert one.shows("backlinks")

    starter_notebook.browse(drive)


def test_the_palette_runs_an_action_by_its_name(three: Notebook) -> None:
    """Ctrl-P lists the actions of this screen by their names, and Enter runs the one that matches what is typed."""

    async def drive(one: Browsing) -> None:
        await one.type("trust")
        await one.press("enter", "ctrl+p")
        await one.type("outl")
        assert one.shows("Choose among the headings.")
        await one.press("enter")
        assert OUTLINE == one.app.state.mode
        await one.press("escape", "ctrl+p")
        await one.click("Put a letter on each link", times=2)
        assert JUMP == one.app.state.mode

    three.browse(drive)


def test_the_text_beside_the_list_is_scrolled(starter_notebook: Notebook) -> None:
    """Shift with an arrow scrolls the text of the chosen note, and another row shows its text from the beginning."""

    async def drive(one: Browsing) -> None:
        await one.type("map of getting things done")
        first = one.read()[3]
        await one.press("shift+down")
        assert first.split("│")[-1] != one.read()[3].split("│")[-1]
        assert "A map of getting things done" in one.read()[3].split("│")[0]
        await one.press("shift+up")
        assert first == one.read()[3]

    starter_notebook.browse(drive, size=(120, 30))


def test_a_pair_of_the_review_is_linked(starter_notebook: Notebook) -> None:
    """The review shows the link that could join a pair, `a` inserts it, and `u` takes it back."""
    before = {path: path.read_bytes() for path in starter_notebook.folder.glob("*.md")}

    async def drive(one: Browsing) -> None:
        await one.press("alt+r")
        while one.app.state.mode != PAIR:
            await one.press("down")
        assert one.shows("Do these belong together?")
        await one.press("a")
        assert one.shows("inserted into"), one.read()
        assert before != {path: path.read_bytes() for path in before}
        await one.press("alt+u", "y")
        assert before == {path: path.read_bytes() for path in before}

    starter_notebook.browse(drive)


def test_words_of_the_query_are_marked_in_titles(starter_notebook: Notebook) -> None:
    """What is typed is marked in the titles of the list, as it is in their sentences."""

    async def drive(one: Browsing) -> None:
        await one.type("kept promis")
        strip = one.app.screen._compositor.render_strips(one.app.size)[3]
        hits = [segment.text for segment in strip if segment.style and segment.style.bold and segment.text in ("kept", "promis")]
        assert ["kept", "promis"] == hits[:2], list(strip)

    starter_notebook.browse(drive)


@pytest.mark.parametrize("size", SIZES)
def test_a_long_note_is_read_at_the_sentence_that_was_found(size: tuple[int, int], tmp_path: Path) -> None:
    """Enter on a note whose text has the words shows the sentence that has them, with the words marked, however wide the preview was."""
    filler = "Many words stand in this paragraph, so that it is broken in other places on a wide screen than beside a list. " * 3
    paragraphs = [*[filler] * 30, "Nobody knows why the walrus sings.", *[filler] * 30]
    notebook = write_notebook(tmp_path, {"202401010900 Long.md": "# Long\n\n" + "\n\n".join(paragraphs), **THREE})

    async def drive(one: Browsing) -> None:
        await one.type("walrus sings")
        await one.press("enter")
        line = next(number for number, line in enumerate(one.read()) if "the walrus" in line)
        cells = one.read_cells()[line]
        at = one.read()[line].index("walrus")
        assert cells[at][1] != cells[at - 1][1], "the words are not marked"

    notebook.browse(drive, size=size)


@pytest.mark.parametrize("size", SIZES)
def test_a_heading_of_the_outline_is_shown_at_the_top(size: tuple[int, int], tmp_path: Path) -> None:
    """Enter on a heading shows it at the top, although the text is broken in other places once the outline is closed."""
    filler = "Many words stand in this paragraph, so that it is broken in other places on a wide screen than beside a list. " * 9
    text = "".join(f"## Part {number}\n\n{filler}\n\n" for number in range(20))
    notebook = write_notebook(tmp_path, {"202401010900 Long.md": f"# Long\n\n{text}"})

    async def drive(one: Browsing) -> None:
        await one.press("enter", "o", *["j"] * 14, "enter")
        text = [line.strip(" ▐") for line in one.read()]
        assert "Part 14" in text[:4], "\n".join(text)
        assert "" == one.app.state.place.pane

    notebook.browse(drive, size=size)


def test_a_sentence_of_another_note_has_an_arrow(three: Notebook) -> None:
    """Where the sentence under a title is one that links to the note, it says so."""

    async def drive(one: Browsing) -> None:
        await one.type("small grows")
        rows = one.read()
        at = next(number for number, row in enumerate(rows) if "Promises" in row and "Trust" not in row)
        assert rows[at + 1].startswith("  ← "), "\n".join(rows)

    three.browse(drive)


def test_an_empty_notebook_says_so(tmp_path: Path) -> None:
    """A notebook without notes can be browsed, and everything that needs a note says that there is none."""

    async def drive(one: Browsing) -> None:
        assert one.shows("0 notes")
        assert one.shows("there is no note yet")
        await one.press("enter", "alt+m", "alt+s", "alt+r", "ctrl+e", "alt+u")
        assert LIST == one.app.state.mode

    write_notebook(tmp_path, {}).browse(drive)


def test_a_thought_is_kept_although_one_leaves_at_once(three: Notebook) -> None:
    """A change that was asked for is made before the app ends, however soon that is."""

    async def drive(one: Browsing) -> None:
        await one.pilot.press("ctrl+n", "x", "enter", "ctrl+q")
        await one.settle()

    three.browse(drive)
    assert list(three.folder.glob("* x.md"))


def test_a_notebook_that_is_gone_is_said(three: Notebook) -> None:
    """Whatever is asked for once the notebook was removed, the screen stays and says why nothing comes."""

    async def drive(one: Browsing) -> None:
        await one.press("enter")
        shutil.rmtree(three.folder)
        for keys in (("s",), ("t",), ("c", "x", "enter"), ("C", "x", "enter"), ("u",), ("r",), ("e",)):
            await one.press(*keys)
            assert "the notebook is gone" in one.app.state.message, keys
            assert one.app.state.hint.startswith(f"put {three.folder} back"), keys
            assert NOTE == one.app.state.mode, keys

    assert three.browse(drive).failure is None


def test_the_cursor_of_a_long_query_is_seen(three: Notebook) -> None:
    """A query that is longer than the screen shows the part in which one types."""

    async def drive(one: Browsing) -> None:
        one.app.handle(TextPasted("long " * 100 + "end"))
        await one.settle()
        assert one.read()[1].endswith("long end"), one.read()[1]
        assert one.read()[1].startswith(" > …")

    three.browse(drive)
