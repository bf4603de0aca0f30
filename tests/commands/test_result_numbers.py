"""Test result numbers: `@2` names the second note of the last list that this terminal has shown."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import COMMAND, Runner
from zettel.adapters.last_list import MAX_LISTS

Make = Callable[[dict[str, str | bytes]], Runner]

HARBOUR, LANTERN, ANCHOR = "202405011200", "202405021200", "202405031200"
NOTES: dict[str, str | bytes] = {
    f"{HARBOUR} Harbour.md": f"# Harbour\n\nShips rest in the harbour. See [[{LANTERN}]].\n",
    f"{LANTERN} Lantern.md": f"# Lantern\n\nLight for the harbour, #night #signal/red. See [[{ANCHOR}]].\n",
    f"{ANCHOR} Anchor.md": "# Anchor\n\nIron for the harbour.\n",
    "Tide.md": "# Tide\n\nWater without a number.\n",
}
NUMBERED = re.compile(r"^[ │├└─]* (\d+) (?:\S )?(\d{12}) ", re.M)
"""A number before a note in a tree, and the note's ID."""

STYLES = re.compile(r"\x1b\[[0-9;]*m")

BY_ID = ("list", "--sort", "id", "-n", "3")
"""A command whose list is Harbour, Lantern, Anchor."""


@pytest.fixture
def run(notebook: Make) -> Runner:
    """A notebook of four notes, of which one has no ID."""
    return notebook(NOTES)


def read_title(run: Runner, name: str) -> str:
    """Return the title of the note that `name` names, or the error."""
    done = run("show", name, "--json")
    return str(json.loads(done.out)["note"]["title"] if done.out else json.loads(done.err)["error"]["message"])


def list_titles(run: Runner, count: int) -> list[str]:
    """Return the titles of the first notes of the last list."""
    return [read_title(run, f"@{number}") for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("line", "titles"),
    [
        ("list --sort title", ["Anchor", "Harbour", "Lantern", "Tide"]),
        ("list --sort title- -n 2", ["Tide", "Lantern"]),
        ("search lantern", ["Lantern"]),
        ("orphans --sort title", ["Harbour", "Tide"]),
        ("hubs --sort title", ["Anchor", "Lantern"]),
        ("links Lantern", ["Anchor", "Harbour"]),
        ("links Harbour --depth 2", ["Lantern", "Anchor"]),
        ("backlinks Anchor", ["Lantern"]),
        (f"path {HARBOUR} {ANCHOR}", ["Harbour", "Lantern", "Anchor"]),
        ("topic Harbour", ["Harbour", "Lantern"]),
        ("random --in nowhere", []),
        ("random --tag night", ["Lantern"]),
        ("bridges", ["Lantern"]),
    ],
)
def test_lists_are_remembered_in_the_order_shown(line: str, titles: list[str], run: Runner) -> None:
    """After a command that lists notes, `@1` is the first that it showed, and a note that was asked about does not count."""
    run(*line.split())
    assert titles == list_titles(run, len(titles))
    assert f"there is no @{len(titles) + 1}: the last list has {len(titles) or 'no'} note" in read_title(run, f"@{len(titles) + 1}")


def test_lists_of_suggestions_count_as_numbered(starter: Runner) -> None:
    """In `suggest`, `related` and `mentions`, numbers stand for the other notes, as in the rows."""
    for words in (["suggest", "Start here"], ["suggest"], ["related", "Start here"], ["mentions", "A map of getting things done"]):
        document = json.loads(starter(*words, "--json").out)
        rows = next(value for value in document.values() if isinstance(value, list))
        starter(*words)
        for number, row in enumerate(rows[:3], 1):
            assert row["title"] == read_title(starter, f"@{number}"), (words, number)


@pytest.mark.parametrize(
    "words", [["topic", "#strategy"], ["review", "--weekly", "--list"], ["clusters"], ["topics"], ["path", "trust", "metrics", "-k", "2"]]
)
def test_numbers_on_a_terminal_are_those_that_name_notes(words: list[str], starter: Runner) -> None:
    """The number before a note on a terminal is the one that names it."""
    shown = starter(*words, "--format", "table", FORCE_COLOR="1", COLUMNS="300").out
    found = NUMBERED.findall(STYLES.sub("", shown))
    assert found
    assert [str(number) for number in range(1, len(found) + 1)] == [number for number, _ in found]
    for number, note_id in found[:5]:
        assert note_id == json.loads(starter("show", f"@{number}", "--json").out)["note"]["id"]


@pytest.mark.parametrize(
    "line",
    [
        "show @2",
        "links @2",
        "backlinks @2",
        "mentions @2",
        "related @2",
        "suggest @2",
        "append @2 More --dry-run",
        "rename @2 Lamp --dry-run",
        "move @2 lights/ --dry-run",
        "merge @1 @2 --dry-run",
        "delete @2 --dry-run",
        "split @2",
        "list --linked-by @2",
        "list --links-to @2",
        "new A lamp --link-from @2 --dry-run",
        "path @2 @3",
        "path @1 @3 --via @2",
        "gap @1 @2",
        "topic @2",
        "graph --around @2 --format json",
        "check @2",
        "review --later @2",
    ],
)
def test_numbers_stand_wherever_a_note_is_named(line: str, run: Runner) -> None:
    """A number means the same as the ID, in every argument and option that takes a note or a topic."""
    run(*BY_ID)
    named = line.replace("@1", HARBOUR).replace("@2", LANTERN).replace("@3", ANCHOR)
    assert run(*line.split()) == run(*named.split())


def test_numbers_can_be_piped(run: Runner) -> None:
    """A name that is read from stdin may be a number."""
    run(*BY_ID)
    assert run("show", LANTERN) == run("show", "-", stdin="@2\n")


@pytest.mark.parametrize(
    "words", [["--json"], ["--format", "jsonl"], ["--format", "csv"], ["--format", "ids"], ["--format", "paths"], ["-0"]]
)
def test_lists_for_programs_leave_the_last_list(words: list[str], run: Runner) -> None:
    """A list in a format for programs does not change what a number means."""
    run(*BY_ID)
    run("list", "--sort", "id-", *words)
    assert ["Harbour", "Lantern", "Anchor"] == list_titles(run, 3)


@pytest.mark.parametrize(
    "line", ["show Tide", "tags", "stats", "check", "graph --around Harbour --format tree", "new A lamp", "index", "undo --list"]
)
def test_other_commands_leave_the_last_list(line: str, run: Runner) -> None:
    """A command that lists no notes does not change what a number means."""
    run(*BY_ID)
    run(*line.split())
    assert ["Harbour", "Lantern", "Anchor"] == list_titles(run, 3)


def test_a_list_without_notes_takes_the_place_of_the_last(run: Runner) -> None:
    """If nothing is found, the numbers of an earlier list mean nothing any more."""
    run(*BY_ID)
    run("search", "volcano")
    assert "there is no @1: the last list has no notes" == read_title(run, "@1")


@pytest.mark.parametrize("name", ["@1", "@0", "@12345678901234567890"])
def test_without_a_list_a_number_says_what_to_do(name: str, run: Runner) -> None:
    """Before the first list, a number is an error with a hint."""
    done = run("show", name)
    assert (4, "") == (done.code, done.out)
    assert "means a note of the last list, and none was shown here yet\nhint: list notes first, e.g. zettel search WORDS\n" in done.err


@pytest.mark.parametrize(("name", "number"), [("@0", "@0"), ("@4", "@4"), ("@007", "@7"), ("@12345678901234567890", "@123456789")])
def test_numbers_outside_the_list_say_how_long_it_is(name: str, number: str, run: Runner) -> None:
    """A number that the last list does not have is an error that says which ones it has."""
    run(*BY_ID)
    done = run("edit", name)
    assert 4 == done.code
    assert f"there is no {number}: the last list has 3 notes\nhint: name one from @1 to @3, or list notes again" in done.err


def test_only_digits_after_the_sign_are_a_number(notebook: Make) -> None:
    """A title may begin with the sign. One that looks like a number has to be named in another way."""
    run = notebook({**NOTES, "home.md": "# @home\n", "two.md": "# @2\n"})
    run(*BY_ID)
    assert ["@home", "Lantern", "@2"] == [read_title(run, name) for name in ("@home", "@2", "two.md")]
    assert 'no note is called "@x2"' == read_title(run, "@x2")
    assert 'no note is called "@２"' == read_title(run, "@２")


@pytest.mark.parametrize(
    "change",
    [
        lambda run: run("rename", "@2", "Lamp"),
        lambda run: run("move", "@2", "lights/"),
        lambda run: (run.folder / f"{LANTERN} Lantern.md").rename(run.folder / f"Lamp {LANTERN}.md"),
        lambda run: (run("rename", "@2", "Lamp"), run("undo")),
        lambda run: run("delete", "@1"),
        lambda run: (run("delete", "@2"), run("undo")),
    ],
)
def test_numbers_follow_notes(change: Callable[[Runner], object], run: Runner) -> None:
    """A number keeps its note when that is renamed, moved, or deleted and restored, and when another is deleted."""
    run(*BY_ID)
    change(run)
    assert LANTERN == json.loads(run("show", "@2", "--json").out)["note"]["id"]


@pytest.mark.parametrize(
    "lines", [["rename @1 Ebb"], ["move @1 sea/"], ["rename @1 Ebb", "undo"], ["rename @1 Ebb", "undo", "undo --redo"]]
)
def test_numbers_follow_notes_without_an_id(lines: list[str], run: Runner) -> None:
    """A note without an ID keeps its number when zettel renames or moves it."""
    run("search", "water")
    for line in lines:
        assert 0 == run(*line.split()).code
    assert "Water without a number." in run("show", "@1").out


@pytest.mark.parametrize(("number", "path"), [("@1", "Tide.md"), ("@2", f"{LANTERN} Lantern.md")])
@pytest.mark.parametrize("how", ["deleted", "removed"])
def test_a_note_that_is_gone_is_named(number: str, path: str, how: str, run: Runner) -> None:
    """If the note is gone, the error says which one it was, and no other takes its place."""
    run("list", "--sort", "title-", "-n", "2")
    run("delete", number) if how == "deleted" else (run.folder / path).unlink()
    assert f"{number} was {path}, which no longer exists" == read_title(run, number)


@pytest.mark.parametrize("how", ["renamed", "moved"])
def test_two_notes_with_the_id_are_told_apart_by_path(how: str, run: Runner) -> None:
    """If another note has the same ID, the one at the path of the list is meant; if none is there, both are named."""
    run(*BY_ID)
    (run.folder / "copy").mkdir()
    (run.folder / "copy" / f"{LANTERN} Lamp.md").write_text("# Lamp\n", encoding="utf-8")
    assert "Lantern" == read_title(run, "@2")
    (run.folder / f"{LANTERN} Lantern.md").rename(run.folder / "copy" / f"{LANTERN} {how}.md")
    assert '2 notes match "@2"' == read_title(run, "@2")


def find_lists(run: Runner) -> Path:
    """Return the folder of the lists."""
    (folder,) = Path(run.environ["XDG_CACHE_HOME"]).glob("zettel/*/lists")
    return folder


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data.replace(b"202405021200", b"202405021201"),
        lambda data: data.replace(b"\0", b"\n"),
        lambda data: b"\xff" * 100_000,
        lambda data: data.replace(b"list 1", b"list 2"),
        lambda data: b"\n" + data,
        lambda data: data * 1000,
    ],
)
def test_a_damaged_list_is_no_list(damage: Callable[[bytes], bytes], run: Runner) -> None:
    """A file that is not exactly what zettel wrote counts as no list, and the next list replaces it."""
    run(*BY_ID)
    (file,) = find_lists(run).iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert "@2 means a note of the last list, and none was shown here yet" == read_title(run, "@2")
    run(*BY_ID)
    assert "Lantern" == read_title(run, "@2")


@pytest.mark.parametrize("what", ["folder", "pipe", "symlink"])
def test_whatever_is_in_place_of_a_list_is_replaced(what: str, run: Runner) -> None:
    """A folder, a pipe or a symlink in place of a list is not read, and the next list replaces it."""
    run(*BY_ID)
    (file,) = find_lists(run).iterdir()
    file.rename(file.parent / "other")
    {"folder": file.mkdir, "pipe": lambda: os.mkfifo(file), "symlink": lambda: file.symlink_to(file.parent / "other")}[what]()
    assert "@2 means a note of the last list, and none was shown here yet" == read_title(run, "@2")
    run("list", "--sort", "id-")
    assert "Lantern" == read_title(run, "@2")


def test_lists_are_private(run: Runner) -> None:
    """Only the user can read a list, and nothing of it is among the notes."""
    before = sorted(run.folder.rglob("*"))
    run("list")
    (file,) = find_lists(run).iterdir()
    assert [0o700, 0o600] == [path.stat().st_mode & 0o777 for path in (file.parent, file)]
    assert before == sorted(run.folder.rglob("*"))


def test_without_a_cache_there_is_no_list(run: Runner) -> None:
    """If the cache cannot be written, lists are shown as ever, and numbers mean nothing."""
    run.environ["XDG_CACHE_HOME"] = str(run.folder / "Tide.md")
    assert 0 == run(*BY_ID).code
    assert "none was shown here yet" in run("show", "@1").err


# Terminals


class Terminal:
    """A terminal on which commands are typed; their output goes through a pipe."""

    def __init__(self, run: Runner) -> None:
        self._run = run
        self._main, self._side = pty.openpty()

    def __call__(self, *words: str) -> str:
        """Run a command whose stdin is the terminal, and return its output, or its errors if it has none."""
        environ = {**self._run.environ, "TERM": "xterm"}
        done = subprocess.run(
            [*COMMAND, *words], stdin=self._side, cwd=self._run.folder, env=environ, capture_output=True, text=True, check=False
        )
        return done.stdout or done.stderr

    def close(self) -> None:
        """Close the terminal."""
        os.close(self._main)
        os.close(self._side)


@pytest.fixture
def terminals(run: Runner) -> Iterator[Callable[[], Terminal]]:
    """A function that opens a terminal."""
    opened: list[Terminal] = []

    def open_terminal() -> Terminal:
        opened.append(Terminal(run))
        return opened[-1]

    yield open_terminal
    for terminal in opened:
        terminal.close()


def test_each_terminal_has_its_own_list(terminals: Callable[[], Terminal], run: Runner) -> None:
    """A list on one terminal, or without any, does not change what a number means on another."""
    one, other, third = terminals(), terminals(), terminals()
    one("list", "--sort", "title")
    other("list", "--sort", "title-")
    run("list", "--sort", "id", "-n", "1")
    assert "# Anchor" in one("show", "@1")
    assert "# Tide" in other("show", "@1")
    assert "# Harbour" in run("show", "@1").out
    assert "none was shown here yet" in third("show", "@1")


def test_only_the_lists_of_the_last_terminals_are_kept(terminals: Callable[[], Terminal], run: Runner) -> None:
    """The cache does not fill with the lists of terminals that are long closed."""
    run("list")
    folder = find_lists(run)
    for number in range(2 * MAX_LISTS):
        (folder / f"pts-{1000 + number}").write_bytes(b"")
        os.utime(folder / f"pts-{1000 + number}", (number, number))
    one = terminals()
    one("list", "--sort", "title")
    assert MAX_LISTS == len(list(folder.iterdir()))
    assert "# Anchor" in one("show", "@1")
    assert (folder / "no-terminal").exists()


def run_in_shell(run: Runner, script: str, answer: str = "") -> str:
    """Run a bash script with job control on a terminal, and return what it shows. `z` is zettel, and `answer` is typed if it asks."""
    child, main = pty.fork()
    if not child:  # pragma: no cover - replaced by bash
        os.chdir(run.folder)
        os.execvpe("bash", ["bash", "-c", f'set -m; z() {{ {" ".join(COMMAND)} "$@"; }}; {script}'], {**run.environ, "TERM": "dumb"})
    shown = b""
    try:
        while data := os.read(main, 65536):
            shown += data
            if shown.endswith(b"[y/N] "):
                os.write(main, answer.encode())
    except OSError:  # bash has ended
        pass
    os.close(main)
    os.waitpid(child, 0)
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.process
def test_a_job_in_the_background_leaves_the_last_list(run: Runner) -> None:
    """A script in the background of a terminal does not change what a number means there; a pipeline does."""
    assert "# Anchor" in run_in_shell(run, "z list --sort title | cat; z list --sort title- > /dev/null & wait; z show @1 | cat")
    assert "# Tide" in run_in_shell(run, "z list --sort title | cat; z list --sort title- | head -n 1; z show @1 | cat")


def test_a_list_on_a_terminal_has_numbers(run: Runner) -> None:
    """On a terminal, a number stands before every note, aligned right; through a pipe, the ID comes first."""
    assert ["1  202405011200  Harbour", "2  202405021200  Lantern"] == [
        line[:24] for line in run.on_terminal(*BY_ID, NO_COLOR="1").out.splitlines()[1:3]
    ]
    assert f"{HARBOUR}\tHarbour\t\n" == run(*BY_ID).out.splitlines(keepends=True)[0]
    shown = run.on_terminal("search", "harbour", "--sort", "id", NO_COLOR="1").out
    assert f"  2 {LANTERN} Lantern  2024-05-02 #night #signal/red\n    Light for" in shown
    assert f"{LANTERN} Lantern  2024-05-02 #night #signal/red\n  Light for" in run("search", "harbour", "--sort", "id").out
    assert f"    1 ← {HARBOUR} Harbour\n" in run.on_terminal("links", LANTERN, "--sort", "id", NO_COLOR="1").out


def test_a_long_title_wraps_beside_its_number(notebook: Make) -> None:
    """If a line does not fit, its rest begins below the note, so that the numbers stand alone."""
    run = notebook({f"2024050112{minute:02} Bell {minute}.md": f"# Bell {minute} rings over the whole long quay\n" for minute in range(12)})
    lines = run.on_terminal("search", "bell", "--sort", "id", columns=40, NO_COLOR="1").out.splitlines()
    assert ["  1 202405011200 Bell 0 rings over the", "    whole long quay  2024-05-01"] == lines[:2]
    assert " 10 202405011209 Bell 9 rings over the" in lines


@pytest.mark.process
@pytest.mark.parametrize(("answer", "is_deleted"), [("y\n", True), ("n\n", False)])
def test_a_number_shows_what_is_deleted(answer: str, is_deleted: bool, run: Runner) -> None:
    """On a terminal, `delete @2` shows the note and asks before it acts."""
    shown = run_in_shell(run, "z list --sort id -n 3 > /dev/null; z delete @2", answer)
    assert f"{LANTERN} Lantern: 1 note links to it. Delete it? [y/N]" in shown
    assert is_deleted is not (run.folder / f"{LANTERN} Lantern.md").exists()
    assert is_deleted is not ("zettel: nothing was deleted" in shown)


def test_a_number_names_a_note_in_full_for_a_program(run: Runner) -> None:
    """Without a terminal, `delete @2` does not ask: a number is not just a part of a name."""
    run(*BY_ID)
    assert (0, True) == ((done := run("delete", "@2")).code, '"Lantern" is now in the trash' in done.out)
    assert (0, True) == ((done := run("merge", "@1", "@3")).code, '"Anchor" is now part of "Harbour"' in done.out)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("zettel\nshow\n@", ["@1  Harbour", "@2  Lantern", "@3  Anchor"]),
        ("zettel\nshow\n@\n2", ["@2"]),
        ("zettel\npath\n@\n1\n@\n3", ["@3"]),
        ("zettel\nlist\n--linked-by\n@\n1", ["@1"]),
        ("zettel\nshow\n@\n9", []),
    ],
)
def test_completion_offers_the_last_list(words: str, wanted: list[str], run: Runner) -> None:
    """After the sign, Tab offers the notes of the last list. Bash hands over the sign and the digits as two words."""
    run(*BY_ID)
    out = run(_ZETTEL_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(words.count("\n"))).out
    assert wanted == out.splitlines()
    line = words.replace("@\n", "@").replace("\n", " ")
    fish = run(_ZETTEL_COMPLETE="complete_fish", _TYPER_COMPLETE_FISH_ACTION="get-args", _TYPER_COMPLETE_ARGS=line).out
    assert [choice.split("  ")[0] for choice in wanted] == [choice.split("\t")[0] for choice in fish.splitlines()]


def test_a_number_without_its_sign_is_not_part_of_a_date(run: Runner) -> None:
    """After a list, a short number that is not the name of a note is refused, with the sign that it lacks. A title of digits is found."""
    (run.folder / "202405041200 2024-05-02.md").write_text("# 2024-05-02\n")
    run(*BY_ID)
    refused = run("show", "2")
    assert (4, True) == (refused.code, "did you mean @2" in refused.err)
    assert "the last list ends at @3" in run("show", "99").err
    (run.folder / "2.md").write_text("# 2\n")
    assert 0 == run("show", "2").code
