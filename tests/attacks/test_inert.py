"""Test a stranger's notebook: a terminal shows only text, a program gets its format, and nothing in the notebook is run or obeyed."""

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
from tests.attacks.lab.command_lines import (
    TERMINAL_COMMANDS,
    Line,
    LineSubjects,
    has_dry_run,
    list_format_options,
    list_reading_lines,
    list_writing_lines,
)
from tests.attacks.lab.forked_runner import ForkedRunner
from tests.attacks.test_baits import load_zettel
from tests.conftest import Result
from zettel.adapters.ansi import format_lines
from zettel.adapters.parse import note as note_parser
from zettel.cli._snapshot import COMMANDS
from zettel.cli.run import report_bug
from zettel.model.base.answer import Column, Rows
from zettel.model.base.errors import BUG, DONE, EXIT_CODES, NO
from zettel.model.settings.settings import DEFAULTS
from zettel.model.text.inert import escape_unsafe
from zettel.notebook.notebook import OpenNotebook
from zettel.output import csv as as_csv
from zettel.views.pick import build_link_preview, build_preview, format_row

SUBJECTS = LineSubjects(hostile.ONE, hostile.TWO, "shared", "execution", "hostile", f"Put in {hostile.EVIL}")
OWN_STYLE = re.compile(r"\x1b\[(?:(?:[0-4]|3[0-7]|4[0-46-7]|9[0-7]|2[0-9]);?)*m")
"""The styles that zettel itself sends. The notes ask for blinking on magenta (`5;45`), which is none of them."""

HARMLESS = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Characters of Unicode's category Cf that neither change the direction of text nor hide words."""

UNESCAPED = {
    ("show", ""),
    ("show", "plain"),
    ("show", "table"),
    ("random", ""),
    ("random", "plain"),
    ("random", "table"),
    ("graph", "graphml"),
}
"""The (command, format) pairs whose piped output is the bytes of a note, or exact text in a format that can hold it."""

NAME_FORMATS = ("paths", "ids", "-0")
"""Formats that consist of file names, byte for byte if no person sees them."""

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|.*;\s*[=+\-@＝＋－＠]")


def find_control_characters(shown: str) -> set[str]:
    """Return the characters that a terminal obeys: all but text, line breaks, tabs and zettel's own styles."""
    return {
        char
        for char in OWN_STYLE.sub("", shown)
        if char not in "\n\t" and char not in HARMLESS and unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    }


def find_faults(line: Line, form: Line, result: Result) -> list[str]:
    """List what is wrong with the piped output of a command."""
    name, wanted = line[0], form[-1] if form else ""
    found = ["not one of zettel's exit codes"] if result.code not in {DONE, NO, *EXIT_CODES} - {BUG} else []
    if find_control_characters(result.err):
        found.append(f"stderr controls the terminal: {find_control_characters(result.err)}")
    if not ((name, wanted) in UNESCAPED or wanted in NAME_FORMATS or "--dry-run" in line) and find_control_characters(result.out):
        found.append(f"controls the terminal: {find_control_characters(result.out)}")
    if result.out:
        try:
            check_format(name, wanted, result.out)
        except (ValueError, AssertionError, ElementTree.ParseError) as error:
            found.append(f"{wanted}: {error!r}")
    return found


def check_format(name: str, wanted: str, text: str) -> None:
    """Parse an answer in its format. Raises if it is invalid or contains more than it should."""
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
    """Assert that each statement is a node with a label and a tooltip, or an edge, and that no string has an escape of Graphviz."""
    string = r'"(?:[^"\\\n]|\\\\|\\")*"'
    node, edge = rf"n\d+ \[label={string}, tooltip={string}\];", r"n\d+ -> n\d+;"
    first, *lines = text.split("\n")
    assert "digraph zettel {" == first
    assert ["  rankdir=LR;", "  node [shape=box];"] == lines[:2]
    assert ["}", ""] == lines[-2:]
    assert all(re.fullmatch(f"  (?:{node}|{edge})", line) for line in lines[2:-2])


def assert_markdown(text: str) -> None:
    """Assert that the text links only to notes, and has neither tags nor HTML."""
    found = note_parser.parse_note_bytes("path.md", text.encode())
    assert () == tuple(found.tags)
    assert not re.findall(r"(?<!\\)(?:\\\\)*<", text)
    assert not [link.text for link in found.links if re.match(r"(?i)(?:javascript|file|https?):", link.dest)]


@pytest.fixture(scope="module", autouse=True)
def _load_everything() -> None:
    """Import everything before processes are forked."""
    load_zettel()


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> ForkedRunner:
    """The hostile notebook, in which no test writes."""
    folder = tmp_path_factory.mktemp("stranger")
    return ForkedRunner(hostile.create_notebook(folder / "notebook"), folder / "home")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> ForkedRunner:
    """The hostile notebook, in which any test may write."""
    folder = tmp_path_factory.mktemp("scratch")
    return ForkedRunner(hostile.create_notebook(folder / "notebook"), folder / "home")


def test_every_command_is_covered() -> None:
    """There are command lines for every command."""
    assert set(COMMANDS) - TERMINAL_COMMANDS == set(list_reading_lines(SUBJECTS)) | set(list_writing_lines(SUBJECTS))


@pytest.mark.parametrize("name", list_reading_lines(SUBJECTS))
def test_reading_commands_control_nothing(name: str, stranger: ForkedRunner) -> None:
    """Every format of every command that reads keeps its rules, and neither terminals nor forced colours get control characters."""
    first, *others = list_reading_lines(SUBJECTS)[name]
    assert [] == [(form, fault) for form in list_format_options(name) for fault in find_faults(first, form, stranger(*first, *form))]
    assert set() == find_control_characters(stranger("--color", "always", *first).out)
    for line in (first, *others):
        shown = stranger.on_terminal(*line)
        assert set() == find_control_characters(shown.out), line
        assert shown.code in {DONE, NO, *EXIT_CODES} - {BUG}, shown.out


def find_write_faults(name: str, folder: Path, streams: tuple[bool, ...] = (True,)) -> Iterator[str]:
    """Yield what is wrong with how a command that writes answers, dry run or not; `streams` says whether on a terminal or in a pipe."""
    for line in list_writing_lines(SUBJECTS)[name]:
        plans: list[Line] = [(*line, "--dry-run")] if has_dry_run(name) else []
        for number, full in enumerate([*plans, line]):
            for is_seen in streams:
                run = ForkedRunner(hostile.create_notebook(folder / f"{number}{is_seen}-{line[-1][:3].strip('/-')}"), folder / "home")
                if is_seen:
                    shown = run.on_terminal(*full, EDITOR="true", VISUAL="true")
                    yield from (f"{full}: {fault}" for fault in find_faults(full, (), shown._replace(err=shown.out, out="")))
                    yield from (
                        f"{full}, then undo --list: {char!r}" for char in find_control_characters(run.on_terminal("undo", "--list").out)
                    )
                else:
                    yield from (f"{full}: {fault}" for fault in find_faults(full, (), run(*full, EDITOR="true", VISUAL="true")))
                shutil.rmtree(run.folder)


@pytest.mark.parametrize("name", list_writing_lines(SUBJECTS))
def test_writing_commands_control_nothing(name: str, tmp_path: Path) -> None:
    """What a command reports as planned or done controls nothing, nor does what `undo --list` shows of it."""
    assert [] == list(find_write_faults(name, tmp_path))


@pytest.mark.parametrize(
    ("line", "key"), [(("review",), "q quit"), (("suggest", hostile.ONE, "--walk"), "q quit")], ids=["review", "suggest"]
)
def test_interactive_walks_show_only_text(line: Line, key: str, stranger: ForkedRunner) -> None:
    """Everything that an interactive walk draws is text."""
    shown = stranger.on_terminal(*line, typed=((key, "q"),))
    assert DONE == shown.code
    assert key in shown.out
    assert set() == find_control_characters(shown.out)


def test_the_picker_shows_only_text(stranger: ForkedRunner) -> None:
    """The numbered list of the picker is text, and so are the rows and previews of fzf, apart from our own colours."""
    shown = stranger.on_terminal("pick", typed=(("(Enter to leave)", "q\n"),), TERM="dumb")
    assert 130 == shown.code
    assert set() == find_control_characters(shown.out)
    notebook = OpenNotebook(str(stranger.folder), dict(DEFAULTS), dict(stranger.environ), print)
    notebook.refresh()
    items = list(notebook.catalogue.list_picker_items())
    assert items
    assert set() == find_control_characters("".join(format_row(item, 100, colour=True) for item in items))
    for note in notebook.catalogue.list_notes():
        for build in (build_preview, build_link_preview):
            assert set() == find_control_characters(format_lines(build(notebook, note, 60), colour=True))


def test_questions_show_only_text(scratch: ForkedRunner) -> None:
    """The question before a note is deleted, with its title, is text."""
    asked = scratch.on_terminal("delete", hostile.ONE, typed=(("[y/N]", "n\n"),))
    assert (NO, True) == (asked.code, "nothing was deleted" in asked.out)
    assert set() == find_control_characters(asked.out)


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
def test_error_messages_are_text(line: Line, scratch: ForkedRunner) -> None:
    """An error message that quotes the command line or a note is text, in words and as JSON."""
    run = scratch
    result = run(*line)
    assert set() == find_control_characters(result.err)
    assert BUG != result.code
    as_json = run(*line, "--json")
    assert set() == find_control_characters(as_json.err)
    assert BUG != as_json.code


CONFIGS = (
    *(f'"{name}" = "\\u001b[5;45m\\u202e [red]"' for name in ("editor", "pager-command", "note.folder", "review.daily")),
    *("\x1b[5m = 1", '"\\u001b[5m\\u202e" = 1', '"\\U000e0041" = "\\u009b"', "[\x1b[5m", 'ignore = ["\\u001b[5m"]', 'color = "\\u001b[5m"'),
)


@pytest.mark.parametrize("config", CONFIGS, ids=range(len(CONFIGS)))
def test_config_errors_are_text(config: str, tmp_path: Path) -> None:
    """Messages about keys and values of a config control nothing, and no mistake in a config is reported as a bug of zettel."""
    run = ForkedRunner(tmp_path, tmp_path / "home")
    (run.folder / ".zettel").mkdir()
    (run.folder / ".zettel" / "config.toml").write_text(config, encoding="utf-8")
    for line in (("list",), ("trust", "--list"), ("trust", "--revoke"), ("trust", "--yes"), ("undo", "--list"), ("init",)):
        for result in (run(*line), run.on_terminal(*line)):
            assert set() == find_control_characters(result.out + result.err), line
            assert BUG != result.code, result.out + result.err


def test_tracebacks_are_text(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback, which shows the data at hand, controls nothing."""
    try:
        raise ValueError(EVIL)
    except ValueError:
        assert BUG == report_bug()
    said = capsys.readouterr().err
    assert "Evil ␛[5;45mX" in said
    assert set() == find_control_characters(said)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("words", ["show ", "show E", "show 2", "show T", "show W", "list --tag ", "new --template ", "tag rename "])
def test_completions_are_text(words: str, shell: str, stranger: ForkedRunner) -> None:
    """What a shell gets at the Tab key is text."""
    line = f"zettel {words}"
    environ = {"COMP_WORDS": line.replace(" ", "\n"), "COMP_CWORD": str(line.count(" "))} if shell == "bash" else {}
    result = stranger(_ZETTEL_COMPLETE=f"complete_{shell}", _TYPER_COMPLETE_ARGS=line, _TYPER_COMPLETE_FISH_ACTION="get-args", **environ)
    assert (0, "") == (result.code, result.err)
    assert set() == find_control_characters(result.out)
    assert not re.search(r"(?<!\\)[$`]\(|\n\n", result.out) or shell == "fish"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("words", ["show ", "show E", "show 2", "show X", "show 'e", 'show "e', "list --tag ", "new --template ", "show @"])
def test_completions_for_our_scripts_are_text(words: str, shell: str, stranger: ForkedRunner) -> None:
    """What our scripts get at the Tab key is text on one line each, and bash gets every special character quoted."""
    arguments = [f"zettel {words}", " \t\n\"'@><=;|&(:"] if shell == "bash" else words.split(" ")
    result = stranger(*arguments, _ZETTEL_COMPLETE=shell)
    assert (0, "") == (result.code, result.err)
    assert set() == find_control_characters(result.out)
    assert shell != "bash" or "'" in words or not re.search(r"(?<!\\)[$`]\(", result.out)


def test_json_keeps_titles_exactly(stranger: ForkedRunner) -> None:
    """JSON has a title exactly as it is, in text that controls nothing, and people see its hidden characters."""
    titles = {note["title"] for note in json.loads(stranger("list", "--json").out)["notes"]}
    assert {" ".join(EVIL.split()), hostile.HTML, " ".join(hostile.BREAKING.split())} <= titles
    assert set(hostile.FORMULAS) - {" =1+1"} <= titles
    seen = stranger.on_terminal("list", columns=10_000, NO_COLOR="1").out
    assert escape_unsafe(" ".join(EVIL.split()))[:200] in seen
    assert "[red]R[/red][/][link=file:///etc/passwd]K[/link]:boom:" in seen


def test_null_separated_paths_are_exact(stranger: ForkedRunner) -> None:
    """Paths that no person sees are those of the files, byte for byte."""
    paths = stranger("list", "-0").out.split("\0")
    assert "" == paths.pop()
    assert {path for path in hostile.build_notes() if "\udcff" not in path} == set(paths)
    assert all((stranger.folder / path).is_file() for path in paths)


def test_graphml_has_one_node_per_note(stranger: ForkedRunner) -> None:
    """GraphML has one node per note, with the title as far as XML can hold it."""
    root = ElementTree.fromstring(stranger("graph", "--format", "graphml").out.encode())
    space = "{http://graphml.graphdrawing.org/xmlns}"
    nodes = [node.attrib["id"] for node in root.iter(f"{space}node")]
    assert len(hostile.build_notes()) - 1 == len(nodes) == len(set(nodes))
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
def test_csv_cells_are_not_formulas(expected: str, given: object) -> None:
    """Text that a spreadsheet would calculate begins with an apostrophe, and zettel's own numbers stay numbers."""
    text = as_csv.render_csv(Rows(rows=[{"key": given, "b": ""}], columns=(Column("Key", "key"), Column("B", "b"))))
    assert [["key", "b"], [expected, ""]] == list(csv.reader(text.splitlines(), strict=True))


def test_saved_path_links_only_to_its_notes(tmp_path: Path) -> None:
    """The structure note that `path --save` writes for hostile titles links only to the notes of the path."""
    run = ForkedRunner(hostile.create_notebook(tmp_path / "notebook"), tmp_path / "home")
    saved = json.loads(run("path", hostile.ONE, hostile.TWO, "--save", "--json").out)
    text = (run.folder / saved["saved"]["path"]).read_text(encoding="utf-8")
    assert set() == find_control_characters(text)
    assert_markdown(text.split("---\n", 2)[2])
    graph = json.loads(run("graph", "--json").out)
    targets = {link["target"] for link in graph["links"] if link["source"] == saved["saved"]["path"]}
    assert {note["path"] for note in saved["paths"][0]["notes"]} == targets


def long_form(_minutes: float) -> Iterator[Figures]:
    """Run every line in every format, on a terminal and with colours in a pipe, besides what the short form does."""
    tried, lost = 0, []
    with tempfile.TemporaryDirectory() as folder:
        run = ForkedRunner(hostile.create_notebook(Path(folder) / "notebook"), Path(folder) / "home")
        for name, lines in list_reading_lines(SUBJECTS).items():
            for line in lines:
                for form in list_format_options(name):
                    seen = run.on_terminal(*line, *form)
                    styled = run("--color", "always", *line, *form)
                    lost += [(line, form)] if find_control_characters(seen.out) - {"\0"} else []
                    lost += [(line, form)] if find_faults(line, form, styled) else []
                    tried += 2
        for name in list_writing_lines(SUBJECTS):
            lost += list(find_write_faults(name, Path(folder) / name, (False, True)))
            tried += 6 * len(list_writing_lines(SUBJECTS)[name])
    sys.stderr.write("".join(f"{one}\n" for one in lost))
    yield Figures("commands, formats and streams that a hostile notebook controls", tried, len(lost))
