"""A stranger's notebook: whatever stands in it, a terminal is shown text, a program gets its format, and nobody runs or obeys a word of it."""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.attacks import Figures
from tests.attacks.lab import hostile
from tests.attacks.lab.forked import Forked
from tests.attacks.lab.lines import Line, Of, formats, knows_dry_run, reading, writing
from tests.attacks.test_bait import load
from tests.conftest import Result
from zettel.adapters.parse import note as note_parser
from zettel.cli._snapshot import COMMANDS
from zettel.cli.run import report_bug
from zettel.model.base.answer import Answer, Column
from zettel.model.base.errors import BUG, DONE, EXIT_CODES, NO
from zettel.model.text.inert import escape_unsafe
from zettel.output import csv as as_csv

OF = Of(hostile.ONE, hostile.TWO, "shared", "execution", "hostile", f"Put in {hostile.EVIL}")
OWN_STYLE = re.compile(r"\x1b\[(?:(?:[0-4]|3[0-7]|4[0-46-7]|9[0-7]|2[0-9]);?)*m")
"""What zettel's own styles send; the notes ask for blinking on magenta (`5;45`), which none of them does."""

SCRIPTS_NEED = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Characters of Unicode's category Cf that turn nothing round and hide no words."""

AS_IT_IS = {
    ("show", ""),
    ("show", "plain"),
    ("show", "table"),
    ("random", ""),
    ("random", "plain"),
    ("random", "table"),
    ("graph", "graphml"),
}
"""(command, format) of answers that are the bytes of a note, or exact text of a format that can hold it, where no person sees them."""

NAMES = ("paths", "ids", "-0")
"""Formats that are names of files, byte for byte where no person sees them."""

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|.*;\s*[=+\-@＝＋－＠]")


def steering(shown: str) -> set[str]:
    """What a terminal would not just show, of what it is sent: anything but text, line breaks, tabs and zettel's own styles."""
    return {
        char
        for char in OWN_STYLE.sub("", shown)
        if char not in "\n\t" and char not in SCRIPTS_NEED and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }


def wrong(line: Line, form: Line, result: Result) -> list[str]:
    """What is wrong with how a command has answered where no person sees it."""
    name, wanted = line[0], form[-1] if form else ""
    found = ["no exit code of its own"] if result.code not in {DONE, NO, *EXIT_CODES} - {BUG} else []
    if steering(result.err):
        found.append(f"stderr steers: {steering(result.err)}")
    if not ((name, wanted) in AS_IT_IS or wanted in NAMES or "--dry-run" in line) and steering(result.out):
        found.append(f"steers: {steering(result.out)}")
    if result.out:
        try:
            parsed(name, wanted, result.out)
        except (ValueError, AssertionError, ElementTree.ParseError) as error:
            found.append(f"{wanted}: {error!r}")
    return found


def parsed(name: str, wanted: str, text: str) -> None:
    """Read an answer as its format says. Raises where it is none, or says more than it should."""
    if wanted in ("json", "--json"):
        json.loads(text)
    elif wanted == "jsonl":
        assert all(isinstance(json.loads(line), dict) for line in text.split("\n")[:-1])
    elif wanted == "csv":
        rows = list(csv.reader(text.split("\n")[:-1], strict=True))
        assert {len(rows[0])} == {len(row) for row in rows}
        assert not [cell for row in rows for cell in row if FORMULA.match(cell)]
    elif wanted == "graphml":
        ElementTree.fromstring(text.encode())
    elif wanted == "dot":
        assert_dot(text)
    elif wanted == "mermaid":
        node, edge = r'  n\d+\["(?:[^\W_]|[ .,\-]|#\d+;)*"\]', r"  n\d+ --> n\d+"
        assert "flowchart LR" == text.split("\n", 1)[0]
        assert all(re.fullmatch(f"{node}|{edge}", line) for line in text.split("\n")[1:-1])
    elif wanted == "markdown":
        assert_markdown(text)


def assert_dot(text: str) -> None:
    """Every statement is a node with a label and a tooltip, or an edge; and strings end where they should, with no escape of Graphviz's in them."""
    string = r'"(?:[^"\\\n]|\\\\|\\")*"'
    node, edge = rf"n\d+ \[label={string}, tooltip={string}\];", r"n\d+ -> n\d+;"
    first, *lines = text.split("\n")
    assert "digraph zettel {" == first
    assert ["  rankdir=LR;", "  node [shape=box];"] == lines[:2]
    assert ["}", ""] == lines[-2:]
    assert all(re.fullmatch(f"  (?:{node}|{edge})", line) for line in lines[2:-2])


def assert_markdown(text: str) -> None:
    """It links to notes and to nothing else, has no tags, and no markup of HTML."""
    found = note_parser.parse_note_bytes("path.md", text.encode())
    assert () == tuple(found.tags)
    assert not re.findall(r"(?<!\\)(?:\\\\)*<", text)
    assert not [link.text for link in found.links if re.match(r"(?i)(?:javascript|file|https?):", link.dest)]


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """What is forked has everything loaded."""
    load()


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Forked:
    """The notebook, in which nothing writes."""
    folder = tmp_path_factory.mktemp("stranger")
    return Forked(hostile.laid(folder / "notebook"), folder / "home")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Forked:
    """The notebook, in which anything may write."""
    folder = tmp_path_factory.mktemp("scratch")
    return Forked(hostile.laid(folder / "notebook"), folder / "home")


def test_no_command_is_forgotten() -> None:
    """There are lines for every command there is."""
    assert set(COMMANDS) == set(reading(OF)) | set(writing(OF))


@pytest.mark.parametrize("name", reading(OF))
def test_what_is_read(name: str, stranger: Forked) -> None:
    """Every format of every command that reads holds to its rules, and neither a terminal nor one's own colours let anything through."""
    first, *others = reading(OF)[name]
    assert [] == [(form, said) for form in formats(name) for said in wrong(first, form, stranger(*first, *form))]
    assert set() == steering(stranger("--color", "always", *first).out)
    for line in (first, *others):
        shown = stranger.on_terminal(*line)
        assert set() == steering(shown.out), line
        assert shown.code in {DONE, NO, *EXIT_CODES} - {BUG}, shown.out


def written(name: str, folder: Path, streams: tuple[bool, ...] = (True,)) -> Iterator[str]:
    """What is wrong with how a command that writes answers, as a plan and for real; `streams`: on a terminal, in a pipe."""
    for line in writing(OF)[name]:
        plans: list[Line] = [(*line, "--dry-run")] if knows_dry_run(name) else []
        for number, full in enumerate([*plans, line]):
            for is_seen in streams:
                run = Forked(hostile.laid(folder / f"{number}{is_seen}-{line[-1][:3].strip('/-')}"), folder / "home")
                if is_seen:
                    shown = run.on_terminal(*full, EDITOR="true", VISUAL="true")
                    yield from (f"{full}: {said}" for said in wrong(full, (), shown._replace(err=shown.out, out="")))
                    yield from (f"{full}, then undo --list: {said}" for said in steering(run.on_terminal("undo", "--list").out))
                else:
                    yield from (f"{full}: {said}" for said in wrong(full, (), run(*full, EDITOR="true", VISUAL="true")))
                shutil.rmtree(run.folder)


@pytest.mark.parametrize("name", writing(OF))
def test_what_is_written(name: str, tmp_path: Path) -> None:
    """What a command says that it would do, or has done, steers nothing, nor does what `undo --list` says of it."""
    assert [] == list(written(name, tmp_path))


@pytest.mark.parametrize(
    ("line", "key"), [(("review",), "q   ?"), (("suggest", hostile.ONE, "--walk"), "q quit")], ids=["review", "suggest"]
)
def test_what_a_walk_shows(line: Line, key: str, stranger: Forked) -> None:
    """What a walk draws is text, to the last line."""
    shown = stranger.on_terminal(*line, typed=((key, "q"),))
    assert DONE == shown.code
    assert key in shown.out
    assert set() == steering(shown.out)


EVIL = hostile.EVIL
COMPLAINTS: tuple[Line, ...] = (
    *((EVIL,), (f"--{EVIL}",), ("-N", EVIL, "list"), ("-c", f"{EVIL}=1", "list"), ("-c", f"review.daily={EVIL}", "list"), ("list", EVIL)),
    *(
        ("list", f"--{EVIL}"),
        ("list", "--sort", EVIL),
        ("list", "--limit", EVIL),
        ("list", "--format", EVIL),
        ("list", "--created-after", EVIL),
    ),
    *(("show", EVIL), ("show", "Twin"), ("show", "Evil"), ("path", EVIL, EVIL), ("path", EVIL), ("gap", EVIL, "x"), ("topic", EVIL)),
    *(
        ("search", f'"{EVIL}('),
        ("search", f"created:{EVIL}"),
        ("search", EVIL),
        ("check", "--only", EVIL),
        ("check", EVIL),
        ("import", EVIL),
    ),
    *(("new", "x", "--template", EVIL), ("new", "x", "--tag", EVIL), ("daily", "--date", EVIL), ("init", f"{EVIL}/\0"[:-1] + "/x")),
    *(("move", hostile.ONE, EVIL), ("rename", hostile.ONE, EVIL), ("tag", "rename", EVIL, EVIL), ("tag", EVIL, "a", "b"), ("undo",)),
    *(("extract", hostile.ONE, EVIL, "x"), ("split", hostile.ONE, EVIL), ("graph", "--around", EVIL), ("show", "\udcff\x1b[5m")),
)


@pytest.mark.parametrize("line", COMPLAINTS, ids=range(len(COMPLAINTS)))
def test_what_is_wrong_is_said_in_text(line: Line, scratch: Forked) -> None:
    """A message that says the words of the command line, or of a note, is text, in words and as JSON."""
    run = scratch
    result = run(*line)
    assert set() == steering(result.err)
    assert BUG != result.code
    as_json = run(*line, "--json")
    assert set() == steering(as_json.err)
    assert BUG != as_json.code


CONFIGS = (
    *(f'"{name}" = "\\u001b[5;45m\\u202e [red]"' for name in ("editor", "pager-command", "note.folder", "review.daily")),
    *("\x1b[5m = 1", '"\\u001b[5m\\u202e" = 1', '"\\U000e0041" = "\\u009b"', "[\x1b[5m", 'ignore = ["\\u001b[5m"]', 'color = "\\u001b[5m"'),
)


@pytest.mark.parametrize("config", CONFIGS, ids=range(len(CONFIGS)))
def test_what_is_wrong_with_a_config_is_said_in_text(config: str, tmp_path: Path) -> None:
    """Keys and values of a config steer nothing when they are complained of; nobody calls a mistake in them a bug of zettel."""
    run = Forked(tmp_path, tmp_path / "home")
    (run.folder / ".zettel").mkdir()
    (run.folder / ".zettel" / "config.toml").write_text(config, encoding="utf-8")
    for line in (("list",), ("trust", "--list"), ("trust", "--revoke"), ("trust", "--yes"), ("undo", "--list"), ("init",)):
        for result in (run(*line), run.on_terminal(*line)):
            assert set() == steering(result.out + result.err), line
            assert BUG != result.code, result.out + result.err


def test_a_bug_is_said_in_text(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback, which shows what a program was about, steers nothing."""
    try:
        raise ValueError(EVIL)
    except ValueError:
        assert BUG == report_bug()
    said = capsys.readouterr().err
    assert "Evil ␛[5;45mX" in said
    assert set() == steering(said)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("words", ["show ", "show E", "show 2", "show T", "show W", "list --tag ", "new --template ", "tag rename "])
def test_what_is_offered_for_completion(words: str, shell: str, stranger: Forked) -> None:
    """What a shell is offered at the Tab key is text."""
    line = f"zettel {words}"
    environ = {"COMP_WORDS": line.replace(" ", "\n"), "COMP_CWORD": str(line.count(" "))} if shell == "bash" else {}
    result = stranger(_ZETTEL_COMPLETE=f"complete_{shell}", _TYPER_COMPLETE_ARGS=line, _TYPER_COMPLETE_FISH_ACTION="get-args", **environ)
    assert (0, "") == (result.code, result.err)
    assert set() == steering(result.out)
    assert not re.search(r"(?<!\\)[$`]\(|\n\n", result.out) or shell == "fish"


def test_programs_get_the_title_itself(stranger: Forked) -> None:
    """JSON says a title exactly as it is, in text that steers nothing; people see what stands in it."""
    titles = {note["title"] for note in json.loads(stranger("list", "--json").out)["notes"]}
    assert {" ".join(EVIL.split()), hostile.HTML, " ".join(hostile.BREAKING.split())} <= titles
    assert set(hostile.FORMULAS) - {" =1+1"} <= titles
    seen = stranger.on_terminal("list", columns=10_000, NO_COLOR="1").out
    assert escape_unsafe(" ".join(EVIL.split()))[:200] in seen
    assert "[red]R[/red][/][link=file:///etc/passwd]K[/link]:boom:" in seen


def test_names_lead_to_their_files(stranger: Forked) -> None:
    """Where no person sees them, paths are those of files, byte for byte, whatever stands in them."""
    paths = stranger("list", "-0").out.split("\0")
    assert "" == paths.pop()
    assert {path for path in hostile.notes() if "\udcff" not in path} == set(paths)
    assert all((stranger.folder / path).is_file() for path in paths)


def test_a_graph_keeps_its_notes_apart(stranger: Forked) -> None:
    """GraphML has a node a note, with the title as far as XML can hold it."""
    root = ElementTree.fromstring(stranger("graph", "--format", "graphml").out.encode())
    space = "{http://graphml.graphdrawing.org/xmlns}"
    nodes = [node.attrib["id"] for node in root.iter(f"{space}node")]
    assert len(hostile.notes()) - 1 == len(nodes) == len(set(nodes))
    texts = {data.text for data in root.iter(f"{space}data")}
    assert {hostile.HTML, hostile.FORMULAS[0]} <= texts
    assert any("Evil ␛[5;45mX" in str(text) and "\u202e" in str(text) for text in texts)


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        *((f"'{text}", text) for text in ("=1", "+1", "-1", "@x", " =1", "\u3000＝1", "＋1", "－1", "＠1", "-")),
        *(("a;'=1", "a;=1"), ("a;' -1", "a; -1"), ("a=1", "a=1"), ("a - b", "a - b"), ("1-1", "1-1")),
        *(("-1", -1), ("-0.50", -0.5), ("", None), ("yes", True), ("'-a, b", ["-a", "b"]), ("␉=1", "\t=1"), ("␍@", "\r@")),
    ],
)
def test_a_spreadsheet_takes_nothing_for_a_formula(expected: str, given: object) -> None:
    """Text that a spreadsheet would calculate gets an apostrophe before it; numbers of zettel's own stay numbers."""
    text = as_csv.render_csv(Answer("rows", [{"key": given, "b": ""}], (Column("Key", "key"), Column("B", "b"))))
    assert [["key", "b"], [expected, ""]] == list(csv.reader(text.splitlines(), strict=True))


def test_a_saved_path_adds_nothing(tmp_path: Path) -> None:
    """The structure note that `path --save` makes of hostile titles links to the notes of the path only, and is found under its title."""
    run = Forked(hostile.laid(tmp_path / "notebook"), tmp_path / "home")
    saved = json.loads(run("path", hostile.ONE, hostile.TWO, "--save", "--json").out)
    text = (run.folder / saved["saved"]["path"]).read_text(encoding="utf-8")
    assert set() == steering(text)
    assert_markdown(text.split("---\n", 2)[2])
    graph = json.loads(run("graph", "--json").out)
    targets = {link["target"] for link in graph["links"] if link["source"] == saved["saved"]["path"]}
    assert {note["path"] for note in saved["paths"][0]["notes"]} == targets


def long_form(_minutes: float) -> Iterator[Figures]:
    """Every line in every format on a terminal and with colours in a pipe, besides what the short form does."""
    tried, lost = 0, []
    with tempfile.TemporaryDirectory() as folder:
        run = Forked(hostile.laid(Path(folder) / "notebook"), Path(folder) / "home")
        for name, lines in reading(OF).items():
            for line in lines:
                for form in formats(name):
                    seen = run.on_terminal(*line, *form)
                    styled = run("--color", "always", *line, *form)
                    lost += [(line, form)] if steering(seen.out) - {"\0"} else []
                    lost += [(line, form)] if wrong(line, form, styled) else []
                    tried += 2
        for name in writing(OF):
            lost += list(written(name, Path(folder) / name, (False, True)))
            tried += 6 * len(writing(OF)[name])
    sys.stderr.write("".join(f"{one}\n" for one in lost))
    yield Figures("commands, formats and streams that a hostile notebook steers", tried, len(lost))
