"""Test help, its examples, the other names of commands, words without quotes, and what is said of command lines with mistakes."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings

from tests.conftest import STARTER, Runner
from tests.properties.test_fastparse import lines, parse_with_typer
from zettel.cli._help import PAGES, TOPICS
from zettel.cli._snapshot import COMMANDS
from zettel.cli.examples import EXAMPLES
from zettel.cli.groups import FIRST_COMMANDS, GROUPS
from zettel.cli.help_page import format_help
from zettel.cli.line_error import explain_line
from zettel.cli.man_page import format_manual
from zettel.cli.synonyms import GUESSES, SYNONYMS

Make = Callable[[dict[str, "str | bytes"]], Runner]

EVERY = ("", *PAGES, *TOPICS)
WIDTHS = (40, 80, 100)
FOREIGN = re.compile(
    r"<\w|\[required\]|\{[A-Z]|list\[|unexpected extra|[Mm]issing (argument|parameter)|[Ii]nvalid value|valid integer|requires an argument|No such"
)
"""Words of the libraries that parse command lines, and types of Python."""

NEEDS_TERMINAL = ("zettel pick", "zettel edit", "zettel suggest --walk")
"""Examples that only work on a terminal."""

ARTICLE = "<html><head><title>On waiting</title></head><body><article><h1>On waiting</h1><p>{}</p></article></body></html>".format(
    "Waiting is work that nobody sees, and it costs more than the work itself. " * 9
)


@pytest.fixture
def starter(tmp_path: Path) -> Runner:
    """Return a runner in a copy of the starter notebook, beside which an article lies."""
    shutil.copytree(STARTER, tmp_path / "notes")
    (tmp_path / "notes" / "article.html").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "home").mkdir()
    return Runner(tmp_path / "notes", tmp_path / "home")


def test_every_command_is_in_one_group() -> None:
    """Every command stands in one group of the list of commands."""
    grouped = [name for _, commands in GROUPS for name, _ in commands]
    assert sorted([*COMMANDS, "help"]) == sorted(grouped)
    assert set(FIRST_COMMANDS) <= set(grouped)


def test_list_of_commands_fits_a_screen() -> None:
    """The list of commands takes at most 39 lines of 80 columns, which leaves one for the prompt, and 40 columns are enough for it."""
    assert len(format_help("").splitlines()) <= 39
    assert max(map(len, format_help("", width=40).splitlines())) <= 40


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", EVERY)
def test_pages_fit_their_width(name: str, width: int) -> None:
    """No line of a page is wider than the terminal, and none ends with a blank."""
    for line in format_help(name, width=width).splitlines():
        assert len(line) <= width, line
        assert line == line.rstrip()


@pytest.mark.parametrize("name", EVERY)
def test_pages_speak_plainly(name: str) -> None:
    """No page has types of Python or words of another library, and no escape sequence without colour."""
    assert not FOREIGN.search(format_help(name))
    assert "\x1b" not in format_help(name)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_page_shows_two_examples(name: str) -> None:
    """The page of a command shows two examples or more, and one of them is a call of the command itself."""
    page = format_help(name, width=100)
    assert len(EXAMPLES[name]) >= 2
    assert any(line.split()[1] == name for line, _ in EXAMPLES[name])
    for line, what in EXAMPLES[name]:
        assert line in page
        assert what in page


def test_examples_work(starter: Runner) -> None:
    """Every example in help works in the starter notebook, one after another."""
    failed = []
    for line, _ in (row for rows in EXAMPLES.values() for row in rows):
        words = shlex.split(re.split(r" [|>] ", line)[0])[1:]
        done = starter(*words, EDITOR="true", BROWSER="true")
        if done.code != (2 if line in NEEDS_TERMINAL else 0):
            failed.append((line, done))
    assert [] == failed


@pytest.mark.parametrize(
    "words",
    [
        ("help", "rename"),
        ("rename", "--help"),
        ("rename", "-h"),
        ("-N", "nowhere", "help", "rename"),
        ("rename", "a", "--dry-run", "--help"),
        ("help", "rename", "--help"),
    ],
)
def test_help_is_the_same_however_it_is_asked_for(starter: Runner, words: tuple[str, ...]) -> None:
    """`zettel help COMMAND` and `zettel COMMAND --help` print the same page, and need no notebook."""
    assert (0, format_help("rename"), "") == starter(*words)


def test_help_option_may_be_a_value(starter: Runner) -> None:
    """A help option that is the value of another option, or stands behind --, is not a request for help."""
    assert "Title: -h" not in starter("new", "A", "--body", "-h", "--dry-run").err
    assert "Usage" not in starter("new", "A", "--body", "-h", "--dry-run").out
    assert "Usage" not in starter("new", "--dry-run", "--", "--help").out


def test_help_without_a_subject_lists_the_commands(starter: Runner) -> None:
    """`zettel help`, `--help` and `-h` list the commands; `zettel` alone does so on stderr, since it is a mistake."""
    for words in (("help",), ("--help",), ("-h",), ("-N", ".", "--help")):
        assert (0, format_help(""), "") == starter(*words)
    assert (2, "", format_help("")) == starter()


@pytest.mark.parametrize("synonym", SYNONYMS)
def test_synonyms_have_the_help_of_their_command(starter: Runner, synonym: str) -> None:
    """Help about another name of a command is that of the command, and names both."""
    page = format_help(SYNONYMS[synonym])
    assert f"zettel {synonym}" in page
    assert (0, page, "") == starter("help", synonym)
    assert (0, page, "") == starter(synonym, "--help")


def test_synonyms_run_their_command(starter: Runner) -> None:
    """A command does the same under its other name, also behind options and with words to be excluded."""
    assert starter("list", "-n", "3") == starter("ls", "-n", "3")
    assert starter("search", "promise", "-heroic") == starter("find", "promise", "-heroic")
    assert starter("-N", ".", "new", "Basalt", "--dry-run").out == starter("-N", ".", "add", "Basalt", "--dry-run").out
    assert starter("delete", "202301172040", "--dry-run") == starter("rm", "202301172040", "--dry-run")


def test_mv_asks_whether_a_folder_or_a_title_is_meant(starter: Runner) -> None:
    """`mv` moves to a folder that exists or is written as one; any other word may be a title, so both commands are shown."""
    (starter.folder / "people").mkdir()
    assert 0 == starter("mv", "kept promises", "people", "--dry-run").code
    assert 0 == starter("mv", "kept promises", "done/", "--dry-run").code
    code, out, err = starter("mv", "kept promises", "Promises again")
    assert (2, "") == (code, out)
    assert "zettel rename 'kept promises' 'Promises again'" in err
    assert "zettel move 'kept promises' 'Promises again/'" in err


@pytest.mark.parametrize("name", ["show", "links", "backlinks", "related", "suggest", "edit"])
def test_a_note_needs_no_quotes(starter: Runner, name: str) -> None:
    """Words behind a command that takes one NOTE are its name, whatever options stand between them."""
    quoted = starter(name, "bad news travels", EDITOR="true")
    assert 0 == quoted.code
    assert quoted == starter(name, "bad", "news", "travels", EDITOR="true")


def test_unquoted_words_may_surround_options(starter: Runner) -> None:
    """Options between the words of a name stay options."""
    assert starter("links", "bad news travels", "--depth", "2") == starter("links", "bad", "--depth", "2", "news", "travels")


def test_several_notes_are_not_joined(starter: Runner) -> None:
    """Several IDs are several notes, so a command that takes one says so."""
    code, _, err = starter("show", "202302060730", "202301172040")
    assert 2 == code
    assert "show takes one NOTE, but 2 were typed" in err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("rename", "bad", "news", "travels", "Slowly"), "zettel rename 'bad news travels' Slowly"),
        (("delete", "bad", "news", "travels"), "zettel delete 'bad news travels'"),
        (("append", "safety", "shows", "in", "More."), "zettel append 'safety shows in' More."),
        (("move", "bad", "news", "travels", "people/"), 'zettel move "bad news travels" people/'),
        (("merge", "bad", "news", "travels"), 'zettel merge "NOTE ..." "OTHER ..."'),
    ],
)
def test_errors_show_where_quotes_belong(starter: Runner, words: tuple[str, ...], expected: str) -> None:
    """Where a NOTE is followed by something else, an error shows the line with quotes, and nothing is changed."""
    before = sorted(starter.folder.iterdir())
    code, out, err = starter(*words)
    assert code in (2, 4)
    assert "" == out
    assert expected in err
    assert before == sorted(starter.folder.iterdir())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("append", "string", "of", "kept", "promises", "Call", "Ana"), "zettel append 'string of kept promises' Call Ana;"),
        (("append", "string", "of", "kept", "Call", "--dry-run"), "zettel append --dry-run 'string of kept' Call;"),
        (("rename", "string", "of", "kept", "promises", "Other"), "zettel rename 'string of kept promises' Other;"),
        (("rename", "string", "of", "kept"), "zettel rename 'string of' kept;"),
        (("extract", "string", "of", "3-4", "Other"), "zettel extract 'string of' 3-4 Other;"),
        (("split", "string", "of"), "zettel split 'string of';"),
        (("rename", "Two", "days", "away", "Other"), "zettel rename 'Two days away' Other;"),
        (("append", "202401010101", "Two", "days", "away", "More."), "zettel append '202401010101 Two days away' More.;"),
        (("move", "string", "of"), "zettel move 'string of' FOLDER; or write a new folder with a slash: zettel move string of/"),
        (("rename", "202401010101#Team", "mood", "Other"), "zettel rename '202401010101#Team mood' Other;"),
    ],
)
def test_a_command_that_writes_never_guesses_where_a_name_ends(starter: Runner, words: tuple[str, ...], expected: str) -> None:
    """If the first word names a note, and so does a longer run of words, nothing is written, and an error shows the line with quotes."""
    (starter.folder / "202401010101 Two days away.md").write_text("# Two days away\n\n## Team mood\n\nGood.\n")
    (starter.folder / "202401010102 Two.md").write_text("# Two\n")
    before = {file: file.read_bytes() for file in starter.folder.glob("*.md")}
    code, out, err = starter(*words)
    assert (2, "") == (code, out)
    assert expected in err
    assert before == {file: file.read_bytes() for file in starter.folder.glob("*.md")}


def test_a_new_folder_may_have_a_word_of_a_name(starter: Runner) -> None:
    """A folder that is written with a slash, or is there, is a folder, even if its name is in the title of the note, too."""
    assert 0 == starter("move", "string", "of/").code
    (starter.folder / "kept").mkdir()
    assert 0 == starter("move", "string", "kept").code


def test_today_is_not_part_of_a_title(starter: Runner) -> None:
    """`append daily` and `append today` do not add to a note whose title has that word: the error says how to add to the daily note."""
    for word in ("daily", "today"):
        code, out, err = starter("append", word, "Ship it.")
        assert (True, "") == (code in (2, 4), out)
        assert "zettel daily --append TEXT" in err


@pytest.mark.parametrize(
    "words", [("string", "Of course."), ("string of", "kept"), ("202302060730", "of", "kept"), ("string", "is", "short")]
)
def test_a_name_that_can_end_in_one_place_only_needs_no_quotes(starter: Runner, words: tuple[str, ...]) -> None:
    """Words that were in quotes, an ID, and words that are in no title with the first one, are taken as they are."""
    assert 0 == starter("append", *words).code


def test_quotes_are_named_where_no_note_is_found(starter: Runner) -> None:
    """If no note is called by the first word, and no run of words names one, an error says that names of several words need quotes."""
    code, out, err = starter("append", "qqzz", "near", "here", "More.")
    assert (4, "") == (code, out)
    assert 'a name of several words needs quotes: zettel append "qqzz ..." TEXT' in err
    assert "needs quotes" not in starter("append", "qqzz", "More of it.").err


@pytest.mark.process
def test_missing_quotes_are_named_before_a_note_is_picked(starter: Runner) -> None:
    """On a terminal, too, a name that only lacks quotes is an error, and no list of the notes that its first word fits is opened."""
    code, shown, _ = starter.on_terminal("rename", "bad", "news", "travels", "Slowly")
    assert 2 == code
    assert "zettel rename 'bad news travels' Slowly" in shown


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        ("lsit", 'zettel has no command "lsit"', "did you mean zettel list"),
        ("Search x", 'zettel has no command "Search"', "zettel search"),
        ("cat x", 'zettel has no command "cat"', "zettel show NOTE"),
        ("nano x", 'zettel has no command "nano"', "zettel edit NOTE"),
        ("list -n many", '-n must be a number, not "many"', "zettel list -n 5"),
        ("list --limit=", '--limit must be a number, not ""', "zettel list --limit 5"),
        ("list -n 0", "--limit must be 1 or more, not 0", "leave it out"),
        ("links trust -d x", '-d must be a number, not "x"', "zettel links -d 5"),
        ("list --sort", "--sort needs a value: --sort FIELD", "zettel list --help"),
        ("list --json=1", "--json takes no value", "--json alone"),
        ("list --jsno", "zettel list has no option --jsno", "did you mean --json"),
        ("list -N x", "zettel list has no option -N", "zettel -N ... list"),
        ("--sort id list", "zettel has no option --sort", "zettel COMMAND --sort"),
        ("list --format xml", '--format cannot be "xml"', "table, plain, json"),
        ("--color blue list", '--color cannot be "blue"', "auto, always or never"),
        ("list strategy", 'list takes no words, but "strategy" was typed', "zettel search strategy"),
        ("show", "NOTE is missing", "zettel show NOTE"),
        ("path", "two topics are missing", "zettel path A B..."),
        ("search", "words to look for are missing", "zettel search WORDS..."),
        ("rename trust", "TITLE... is missing", "zettel rename trust TITLE..."),
        ("tag list a b", 'zettel tag cannot do "list"', "zettel tags"),
        ("help lnks", 'there is no help on "lnks"', "zettel help links"),
        ("show -lx trust", "zettel show has no option -x", "zettel show --help"),
        ("search --unknown x", "zettel search has no option --unknown", "zettel search -- ..."),
    ],
)
def test_mistakes_are_explained(starter: Runner, words: str, message: str, hint: str) -> None:
    """A mistake is named in plain words, with what to type instead, and the exit code is 2."""
    code, out, err = starter(*words.split())
    assert (2, "") == (code, out)
    first, second = err.splitlines()[0], " ".join(err.splitlines()[1:])
    assert f"zettel: error: {message}" in first
    assert second.startswith("hint: ")
    assert hint in second


@pytest.mark.parametrize("word", GUESSES)
def test_guesses_name_commands_that_exist(word: str) -> None:
    """What is offered for a word that is not a command is a command, and the word is not one."""
    assert word not in COMMANDS
    assert word not in SYNONYMS
    for name in re.findall(r"zettel ([a-z]+)", GUESSES[word]):
        assert name in (*COMMANDS, "help")


@settings(max_examples=600, deadline=None)
@given(lines)
@example(["list", "-n5x"])
@example(["show", "-l=1"])
@example(["--version=1"])
@example(["new", "-e=", "x"])
def test_every_mistake_is_explained(words: list[str]) -> None:
    """Whatever typer refuses, the error names the fault, in no words but our own."""
    from zettel.cli.command_line import find_command, wants_help

    if parse_with_typer(words) or not words:
        return
    at = find_command(words)
    if wants_help(words, {}) or (at is not None and words[at] == "help") or {"--version", "-V", "--show-keys"} & set(words):
        return
    error = explain_line(words)
    assert error.hint
    assert "is not understood" not in error.message
    assert not FOREIGN.search(error.message + error.hint)


def complete(run: Runner, *words: str) -> list[str]:
    """Return what Tab offers in fish behind `zettel` and these words, the last of which is being typed."""
    return [line.split("\t")[0] for line in run(*words, _ZETTEL_COMPLETE="fish").out.splitlines()[1:]]


def test_completion_knows_help_and_other_names(starter: Runner) -> None:
    """Tab completes what `zettel help` explains, and behind another name what its command takes; it offers no name or option twice."""
    assert ["help"] == complete(starter, "he")
    assert sorted([*PAGES, *TOPICS]) == sorted(complete(starter, "help", ""))
    assert sorted([*COMMANDS, "help"]) == sorted(complete(starter, ""))
    assert complete(starter, "delete", "Safety") == complete(starter, "rm", "Safety")
    assert complete(starter, "rm", "Safety")
    assert {"--back"} == {"--in", "--back"} & set(complete(starter, "links", "trust", "--"))


@pytest.mark.process
def test_help_has_colours_on_a_terminal_only(starter: Runner) -> None:
    """Help has colours on a terminal, as wide as it is, and none with NO_COLOR."""
    shown = starter.on_terminal("help", "rename", columns=60).out
    assert "\x1b[1mUsage: " in shown
    assert format_help("rename", width=60) == re.sub(r"\x1b\[[\d;]*m", "", shown)
    assert format_help("rename", width=60) == starter.on_terminal("help", "rename", columns=60, NO_COLOR="1").out


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_manual_is_clean_roff() -> None:
    """The manual page has every command, and groff formats it without a warning."""
    manual = format_manual()
    for name in COMMANDS:
        assert f'.B "zettel {name}' in manual
    done = subprocess.run(["groff", "-man", "-ww", "-Tutf8"], input=manual, capture_output=True, text=True, check=True)
    assert "" == done.stderr
    assert "zettel rename NOTE TITLE... [OPTIONS]" in re.sub(r"\x1b\[[\d;]*m|.\x08", "", done.stdout)
