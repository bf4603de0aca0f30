"""Test `zettel browse` in plain lines: the flows of browsing by numbers and words, and the settings for them."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from shlex import quote

import pytest

from tests.conftest import COMMAND, ROOT, Runner
from zettel.cli.make_snapshot import format_browsing_page
from zettel.model.browse import effects as do
from zettel.model.browse import events as on
from zettel.services.browse import Browser
from zettel.session import GlobalOptions, Session

Make = Callable[[dict[str, str | bytes]], Runner]

HOSTILE = "\x1b]0;owned\x07[bold red]Title[/]\u202e\x9b31m"
PAIR: dict[str, str | bytes] = {
    "202401010101 Trust.md": "# Trust\n\nTrust grows slowly; see 202401010102 Candour.\n",
    "202401010102 Candour.md": "# Candour\n\nCandour needs [[202401010101]], and [[nothing yet]].\n\n## A part\n\nMore of it.\n",
    "202401010103 Delay.md": "# Delay\n\nA delay costs trust and candour alike.\n",
}


def say(run: Runner, *lines: str, words: tuple[str, ...] = (), **environ: str) -> list[str]:
    """Return the lines that browsing says when these lines are typed."""
    done = run("browse", "--plain", *words, stdin="".join(f"{line}\n" for line in lines), **environ)
    assert (0, "") == (done.code, done.err), done
    return done.out.splitlines()


def make_editor(folder: Path, script: str) -> str:
    """Write a shell script that is used as an editor, and return its path."""
    path = folder / "editor"
    path.write_text(f"#!/bin/sh\nfor file; do :; done\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


# Flow A: recall, read, follow


def test_words_narrow_the_list_and_numbers_read(starter_to_read: Runner) -> None:
    """Words find notes with their best sentences, a number reads one, and a number there follows a link."""
    said = say(starter_to_read, "kept promises", "1", "1")
    assert '3 notes of 66 for "kept promises".' in said or any('for "kept promises".' in line for line in said)
    assert "1. Execution is a string of kept promises, 202302060730" in said
    assert "202302060730, 2023-02-06, 229 words, tags delivery/execution" in said
    assert "Safety shows in how bad news travels" in said


def test_a_sentence_of_another_note_says_so(starter_to_read: Runner) -> None:
    """Under a title stands a sentence of that note, or one of a note that links to it, which says that it is."""
    said = say(starter_to_read, "late feedback")
    at = next(number for number, line in enumerate(said) if "Feedback loses its worth within days, 2" in line)
    assert said[at + 1].startswith("   In a note that links here: Anything else in them came too late"), said[at : at + 2]


def test_the_query_is_that_of_search(starter_to_read: Runner) -> None:
    """A filter holds as it does in a search: by itself, with words, and for conditions on the text."""
    for query in ("tag:metrics", "tag:metrics value", "promise -heroic", '"string of kept promises"'):
        said = say(starter_to_read, query)
        found = starter_to_read("search", *query.split(" ") if '"' not in query else [query], "--format", "ids", "-n50").out.split()
        start = max(number for number, line in enumerate(said) if " of 66 for " in line)
        listed = {line.rpartition(", ")[2] for line in said[start:] if line[:1].isdigit() and ". " in line}
        assert listed
        assert set(found) >= listed


def test_back_and_forward_lead_through_history(notebook: Make) -> None:
    """Back leads to the note before, and forward to the one that it was left for."""
    said = say(notebook(PAIR), "1", "back", ":forward", words=("trust",))
    titles = [line for line in said if line in ("Trust", "Candour")]
    assert ["Trust", "Trust"] == titles
    assert "you have not gone back from anywhere" in "\n".join(say(notebook(PAIR), "1", "forward"))


def test_words_are_found_in_a_note(notebook: Make) -> None:
    """`find` goes to the block that has the words, and says when no block has them."""
    run = notebook(PAIR)
    assert "The text from here on; type top for its beginning." in say(run, "1", "find more", words=("candour",))
    assert '"absent" is not in this note' in say(run, "1", "find absent", words=("candour",))


def test_headings_and_backlinks_are_listed(notebook: Make) -> None:
    """The outline and the backlinks are numbered lists, from which a number goes there."""
    run = notebook(PAIR)
    said = say(run, "1", "outline", "1", words=("candour",))
    assert ["1 heading of Candour.", "1.   A part"] == said[said.index("1 heading of Candour.") :][:2]
    assert "Trust" in say(run, "1", "backlinks", "1", words=("candour",))


# Flow B: see a path


def test_two_marks_make_a_path_that_can_be_saved(notebook: Make) -> None:
    """A and B are marked by number; the path has the sentences, and is saved as a note that undo takes back."""
    run = notebook(PAIR)
    said = say(run, ":mark 1", ":mark 2", ":path", "save", "", words=("tag:none OR trust OR candour",))
    assert any(line.startswith("A: ") for line in said)
    assert any(line.startswith("How ") for line in said)
    saved = [line for line in said if line.startswith("saved as ")]
    assert 1 == len(saved)
    assert "save the path" in run("undo", "--list").out


def test_topics_can_be_marked_for_a_gap(starter_to_read: Runner) -> None:
    """Two topics that are marked have a path and a gap."""
    said = say(starter_to_read, ":topics", "mark 3", "mark 5", "gap")
    assert "A: #communication (mark another one as B, then path shows the path)" in said
    assert "The gap between #communication and #strategy." in said


def test_no_path_says_what_could_bridge_the_gap(notebook: Make) -> None:
    """Without a path, the answer is that of `zettel path`."""
    said = say(notebook(PAIR), ":mark 1", ":mark 3", ":path")
    assert any(line.startswith("no path leads from ") for line in said)


# Flow C: tend


def test_suggestions_are_applied_and_taken_back(starter: Runner) -> None:
    """A suggestion is inserted, and undo says what it takes back before it does."""
    before = {path: path.read_bytes() for path in starter.folder.glob("*.md")}
    said = say(starter, ":suggest 1", "apply", words=("kept promises",))
    assert any(line.startswith("inserted into ") for line in said)
    assert before != {path: path.read_bytes() for path in starter.folder.glob("*.md")}
    said = say(starter, ":undo", "no", ":undo", "yes")
    assert "nothing was undone" in said
    assert any(line.startswith('undo: link "') and line.endswith("Type yes or no.") for line in said)
    assert before == {path: path.read_bytes() for path in starter.folder.glob("*.md")}


def test_dismissed_pairs_are_not_suggested_again(starter: Runner) -> None:
    """What was dismissed does not come again, here or in `zettel suggest`."""
    say(starter, ":suggest 1", "dismiss", words=("kept promises",))
    assert "no longer suggest" in starter("undo", "--list").out


def test_the_review_of_the_day_is_answered(starter: Runner) -> None:
    """Each answer leads to the next item, and is what `zettel review --done` records."""
    said = say(starter, ":review", "reviewed", "skip", "quit")
    assert any(line.startswith("reviewed; due again on ") for line in said)
    assert "as reviewed" in starter("undo", "--list").out


# Flow D: edit and capture


def test_the_editor_opens_at_the_link_and_the_note_is_read_anew(notebook: Make, tmp_path: Path) -> None:
    """After the editor, the note is shown as it was saved."""
    run = notebook(PAIR)
    editor = make_editor(tmp_path, 'echo "Written in the editor." >> "$file"')
    said = say(run, "1", "edit", words=("delay",), EDITOR=editor)
    assert "Written in the editor." in said


def test_a_thought_is_captured_and_linked(notebook: Make) -> None:
    """One line becomes a note; from a note, it is linked there. Both are in the journal."""
    run = notebook({**PAIR, ".zettel/config.toml": 'note.id = "second"\n'})
    said = say(run, ":capture A quick thought", "1", "capture-linked A second one", words=("delay",))
    assert 2 == sum(line.startswith("new 2") for line in said)
    assert any(line.endswith(', linked from "Delay"') for line in said)
    assert "A second one" in (run.folder / "202401010103 Delay.md").read_text()
    assert 2 == run("undo", "--list").out.count("new ")


def test_a_link_to_nothing_can_become_a_note(notebook: Make) -> None:
    """Following a dangling link asks for the title of a new note, and an empty line takes the link's words."""
    run = notebook(PAIR)
    said = say(run, "1", "2", "", words=("candour",))
    assert "Type the title, or an empty line for: nothing yet." in said
    assert 1 == len(list(run.folder.glob("*nothing yet*.md")))


def test_an_ambiguous_link_lists_the_notes_that_it_may_mean(notebook: Make) -> None:
    """Following a link that several notes answer to says so, and lists them; no note is guessed."""
    run = notebook({"a/Twin.md": "# Twin\n", "b/Twin.md": "# Twin\n", "c.md": "# Start\n\nSee [[Twin]].\n"})
    said = say(run, "1", "1", words=("start",))
    assert 'several notes answer to "Twin"' in said
    assert ["a/Twin.md", "b/Twin.md"] == sorted(line.rpartition(", ")[2] for line in said if ". Twin, " in line and line.endswith(".md"))


# Flow E: wander


@pytest.mark.parametrize("word", ["topics", "graph 1", "random", "review"])
def test_wandering_leads_somewhere_and_back(starter_to_read: Runner, word: str) -> None:
    """Topics, the graph, a random note and the review are shown, and back leads to the list."""
    said = say(starter_to_read, f":{word}", "back")
    assert 2 == sum(line == "66 notes, those changed last first." for line in said)


# Changes by other programs


def test_an_edit_by_another_program_is_seen(notebook: Make, tmp_path: Path) -> None:
    """A note that the editor deletes is reported as gone, and its text stays until one goes back."""
    run = notebook(PAIR)
    editor = make_editor(tmp_path, 'rm "$file"')
    said = say(run, "1", "edit", "back", words=("delay",), EDITOR=editor)
    assert any("is no longer in the notebook" in line for line in said)


# Odd notebooks


def test_an_empty_notebook_says_how_to_begin(notebook: Make) -> None:
    """Without any note, the list says what to type, and no command fails."""
    run = notebook({})
    said = say(run, "words", "1", ":topics", "back", ":random", ":undo", ":review", "")
    assert "There is no note yet. Type :capture and a title to make one." in said
    assert [] == list(run.folder.glob("*.md"))


@pytest.mark.parametrize("name", ["note.md", "202401010101 Note.md", "folder/README.md"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "---\n: [broken\n---\n# Title\n",
        "# \n",
        "\x00\x01",
        "---\nid: 5\n",
        f"# {HOSTILE}\n\n[[{HOSTILE}]] {HOSTILE}\n",
        b"\xff\xfe#\xe9",
    ],
)
def test_any_note_can_be_browsed(notebook: Make, name: str, text: str | bytes) -> None:
    """Whatever a note is, every flow works on it, and nothing in it controls the terminal."""
    run = notebook({name: text, "b.md": "# Other\n"})
    done = run(
        *("browse", "--plain"),
        stdin="1\nlinks\n1\noutline\nback\n:mark 1\n:mark 2\n:path\nback\n:graph 1\nback\n:suggest 1\nback\n:topics\nback\n2\nnext-link\nfollow\nquit\n",
    )
    assert 0 == done.code
    assert not any(char in done.out for char in "\x1b\x07\x9b\u202e")


def test_a_notebook_that_cannot_be_written_is_browsed(notebook: Make) -> None:
    """In a read-only notebook everything is read, and what would write says that it cannot."""
    run = notebook(PAIR)
    run.folder.chmod(0o555)
    try:
        said = say(run, "1", "back", ":capture A thought", words=("trust",))
    finally:
        run.folder.chmod(0o755)
    assert "Trust" in said
    if os.geteuid():
        assert any("cannot be written" in line for line in said)


@pytest.mark.parametrize("harm", ["delete", "damage"])
def test_a_cache_that_is_lost_while_browsing_is_built_again(notebook: Make, harm: str) -> None:
    """If the cache is deleted or damaged while the notebook is open, everything is found and written as before."""
    run = notebook(PAIR)
    session = Session(GlobalOptions(str(run.folder)), run.environ, str(run.folder))
    browser = Browser(session)
    assert 3 == len(browser.perform(do.FindNames(1, "")).hits)  # type: ignore[union-attr]
    (catalogue,) = Path(run.environ["XDG_CACHE_HOME"]).rglob("catalogue.db")
    if harm == "delete":
        shutil.rmtree(catalogue.parent)
    else:
        catalogue.write_bytes(b"not a database" * 1000)
    (run.folder / "new.md").write_text("# New\n")
    assert on.NotebookChanged() == browser.refresh()
    assert 4 == len(browser.perform(do.FindNames(2, "")).hits)  # type: ignore[union-attr]
    if harm == "damage":
        catalogue.write_bytes(b"not a database" * 1000)
    assert isinstance(browser.perform(do.Capture(3, "A thought", "new.md")), on.Changed)
    assert 5 == len(browser.perform(do.FindNames(4, "")).hits)  # type: ignore[union-attr]


def test_a_glance_sees_what_another_program_does_to_the_notes_shown(notebook: Make) -> None:
    """A look at a few files tells whether these notes, or the files beside them, have changed since the last such look."""
    run = notebook(PAIR)
    browser = Browser(Session(GlobalOptions(str(run.folder)), run.environ, str(run.folder)))
    shown, other = sorted(PAIR)[:2]
    assert not browser.has_changed([shown])
    assert not browser.has_changed([shown])
    (run.folder / other).write_text("# Candour\n")
    assert not browser.has_changed([shown])
    (run.folder / shown).write_text("# Trust\n\nMore.\n")
    assert browser.has_changed([shown])
    assert not browser.has_changed([shown])
    (run.folder / "New.md").write_text("# New\n")
    assert browser.has_changed([shown])
    (run.folder / shown).unlink()
    assert not browser.has_changed([other]), "other notes are shown by now"
    assert not browser.has_changed([other])


# Lines


def test_help_names_what_can_be_typed(notebook: Make) -> None:
    """In the list, commands begin with a colon; in a note, they do not need one."""
    said = say(notebook(PAIR), "help", "1", "help")
    assert ":capture: Make a note of what is typed." in said
    assert "suggest (s): Go through the links that the note may lack." in said


def test_help_names_the_answers_of_a_pair(starter_to_read: Runner) -> None:
    """In the review, the help names the answers of what is shown by the words that can be typed."""
    said = say(starter_to_read, ":review", "next", "next", "next", "help")
    assert "apply (a or y): Insert the link that is shown." in said
    assert "reviewed (r): Leave them without a link; other pairs come another day." in said
    assert not any(line.startswith("tomorrow") for line in said[said.index("Type a command:") :])


def test_what_only_a_screen_has_means_nothing(notebook: Make) -> None:
    """Actions of the screen are not taken for commands."""
    for word in ("palette", "suspend", "preview-down"):
        assert f'"{word}" means nothing in the list (type help to hear what can be typed)' in say(notebook(PAIR), f":{word}")


def test_a_reader_that_leaves_ends_the_dialogue(starter_to_read: Runner) -> None:
    """If the program that reads what is said ends, browsing ends with it, without a word."""
    words = " ".join(map(quote, (*COMMAND, "-N", str(starter_to_read.folder), "browse", "--plain")))
    script = f"(yes :topics | head -300) | {words} | head -1"
    done = subprocess.run(["sh", "-c", script], env=starter_to_read.environ, capture_output=True, text=True, timeout=60, check=False)
    assert ("66 notes, those changed last first.\n", "") == (done.stdout, done.stderr)


def test_numbers_of_the_graph_are_those_that_are_drawn(starter_to_read: Runner) -> None:
    """The notes around one have the numbers by which the drawing refers to them, and the note itself has none."""
    said = say(starter_to_read, "1", ":graph", "4", words=("start",))
    drawn = said[said.index("Around Start here.") + 1 :]
    assert any(line.startswith("4. ") for line in drawn)
    title = next(line for line in drawn if line.startswith("4. ")).partition("202")[2].partition(" ")[2].partition("  ")[0]
    assert title in drawn


def test_unknown_words_are_explained(notebook: Make) -> None:
    """A word that means nothing where one is says so, and what to type."""
    said = say(notebook(PAIR), "1", "frobnicate", "99", words=("trust",))
    assert '"frobnicate" means nothing in a note (type help to hear what can be typed)' in said
    assert "there is no number 99 here" in said


def test_long_lists_are_said_in_parts(starter_to_read: Runner) -> None:
    """An empty line shows the next part of a list."""
    said = say(starter_to_read, "")
    assert "46 more: an empty line shows the next ones." in said
    assert "26 more: an empty line shows the next ones." in said


def test_lines_draw_nothing(starter_to_read: Runner) -> None:
    """Nothing that is said has boxes or moves the cursor, so that a screen reader can read it."""
    done = starter_to_read("browse", "--plain", stdin="kept\n1\n:topics\nhelp\n")
    assert not any(char in done.out for char in "\x1b\r│┃╭╰├")


def test_lines_name_no_keys(starter_to_read: Runner) -> None:
    """Whoever browses by words is never told to press a key of the screen."""
    typed = "kept\n1\n:links\n:backlinks\n:outline\n:mark\n:path\n:gap\n:suggest\n:review\n:topics\n:graph\n:undo\n:save\n:copy\nback\nhelp\n99\n"
    done = starter_to_read("browse", "--plain", stdin=typed)
    assert not re.findall(r"Ctrl-\w|Alt-\w|\bF\d\b|\bEsc\b|\bTab\b|Backspace|press \w", done.out + done.err)


def test_without_a_terminal_it_is_plain(starter_to_read: Runner) -> None:
    """With a pipe as stdin, `zettel browse` is as with `--plain`."""
    assert starter_to_read("browse", "--plain", "kept", stdin="1\n").out == starter_to_read("browse", "kept", stdin="1\n").out


def test_a_dumb_terminal_is_asked_line_by_line(starter_to_read: Runner) -> None:
    """With TERM=dumb, a prompt says where one is, and nothing moves the cursor."""
    shown = starter_to_read.on_terminal(
        "browse", "kept", typed=(("list> ", "1\r"), ("note> ", "back\r"), ("list> ", "quit\r")), TERM="dumb"
    )
    assert (0, False) == (shown.code, "\x1b" in shown.out)
    assert "229 words" in shown.out


# Settings


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('keys.sugest = ["S"]', 'config.toml:1: keys.sugest: there is no action "sugest" in browsing'),
        ('\n[keys]\nsuggest = "blah"', 'config.toml:3: keys.suggest: "blah" is not a key'),
        ('keys.suggest = ["m"]', 'config.toml:1: keys.suggest: m is the key of "mark" already, in a note'),
        ("keys.suggest = 5", "config.toml: keys.suggest must be a list of strings"),
    ],
)
def test_a_wrong_key_is_one_error(notebook: Make, text: str, message: str) -> None:
    """A wrong setting of a key names the file, the line and what to type, stops browsing, and nothing else."""
    run = notebook({**PAIR, ".zettel/config.toml": f"{text}\n"})
    done = run("browse", "--plain", stdin="")
    first, *rest = done.err.splitlines()
    assert (2, True, True) == (done.code, message in first, any("hint" in line for line in rest)), done
    assert 0 == run("list").code


def test_keys_of_the_settings_are_named_by_help(notebook: Make) -> None:
    """Another key for an action holds from the config file, and for one call."""
    run = notebook({**PAIR, ".zettel/config.toml": 'keys.suggest = ["S"]\n'})
    assert "suggest (S): Go through the links that the note may lack." in say(run, "1", "help")
    done = run("-c", "keys.suggest=T", "browse", "--plain", stdin="1\nhelp\n")
    assert "suggest (T): Go through the links that the note may lack." in done.out.splitlines()


def test_zettel_alone_opens_the_notebook(starter_to_read: Runner) -> None:
    """On a terminal, in a notebook, `zettel` alone shows the list of notes on the whole screen, and Ctrl-Q leaves."""
    shown = starter_to_read.on_terminal(typed=(("66 notes", "\x11"),))
    assert (0, True, False) == (shown.code, "\x1b[?1049h" in shown.out, "Usage" in shown.out)


def test_zettel_with_global_options_alone_opens_that_notebook(starter_to_read: Runner, tmp_path: Path) -> None:
    """Without a command, global options mean what they mean elsewhere: `-N` names the notebook to open, `-c start=help` has the commands listed."""
    elsewhere = Runner(tmp_path, tmp_path / "home")
    shown = elsewhere.on_terminal("-N", str(starter_to_read.folder), typed=(("66 notes", "\x11"),))
    assert (0, True) == (shown.code, "\x1b[?1049h" in shown.out)
    for words in (("-c", "start=help"), ("-N", str(starter_to_read.folder), "--config=start=help"), ("--color", "never")):
        shown = elsewhere.on_terminal(*words)
        assert (2, True, False) == (shown.code, "Capture" in shown.out, "\x1b[?1049h" in shown.out)
    shown = elsewhere.on_terminal("-N", str(tmp_path / "absent"))
    assert (3, True) == (shown.code, "there is no folder" in shown.out)
    assert "-N needs a value" in elsewhere.on_terminal("-N").out
    shown = elsewhere.process("-N", str(starter_to_read.folder))
    assert (2, True) == (shown.code, "Capture" in shown.out + shown.err)


def test_zettel_alone_prints_help_if_the_setting_says_so(notebook: Make) -> None:
    """With `start = help`, `zettel` alone prints the list of commands on a terminal, too."""
    run = notebook({**PAIR, ".zettel/config.toml": 'start = "help"\n'})
    shown = run.on_terminal()
    assert (2, True) == (shown.code, "Capture" in shown.out)


def test_zettel_alone_prints_help_elsewhere(tmp_path: Path) -> None:
    """Outside a notebook, and without a terminal, `zettel` alone prints the list of commands."""
    run = Runner(tmp_path, tmp_path / "home")
    assert (2, True) == (run.on_terminal().code, "Capture" in run.on_terminal().out)
    assert 2 == run.process().code


def test_docs_have_the_table_of_keys() -> None:
    """The tables in docs/browsing.md are those that are made from the code."""
    page = (ROOT / "docs" / "browsing.md").read_text(encoding="utf-8")
    assert format_browsing_page(page) == page
    assert "| `s` | `suggest` |" in page
