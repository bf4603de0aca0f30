"""Test that every check fires where it should, and not at a near miss."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import ROOT, Runner, find_shared_folder
from zettel.commands import check
from zettel.model.check.registry import CHECKS
from zettel.model.settings.settings import format_toml
from zettel.session import GlobalOptions, Session

Make = Callable[[dict[str, str | bytes]], Runner]

LINKED: dict[str, str | bytes] = {
    "index.md": "[[a]] [[b]] [[c]]",
    "a.md": "A text. [[b]]",
    "b.md": "B text. [[c]]",
    "c.md": "C text. [[a]]",
}
"""A notebook in which nothing is wrong."""

LONG = " ".join(f"word{number} and" for number in range(40))
HARD = "202104291526 Make the hard decisions.md"
CONFLICT = "One.\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> other\n"


def list_problems(run: Runner, *words: str) -> list[str]:
    """Return what `zettel check` prints, without hints: `path:line:col: code message`."""
    return [line.partition(";")[0] for line in run("check", *words).out.splitlines()]


def find_positions(run: Runner, code: str) -> list[str]:
    """Return the positions of one check's problems: `path:line:col`."""
    rows = check.run(Session(GlobalOptions(str(run.folder)), run.environ), only=[code]).rows
    return [f"{row['path']}:{row['line']}:{row['col']}" for row in rows]


CASES: list[tuple[str, dict[str, str | bytes], list[str]]] = [
    ("front-matter", {"x.md": "---\ntitle: X\ndate: a: b\n---\n\nX."}, ["x.md:3:1"]),
    ("front-matter", {"x.md": "+++\ntitle = 'X'\ndate = a b\n+++\n\nX."}, ["x.md:3:1"]),
    ("front-matter", {"x.md": "---\ntitle: 'a: b'\n---\n\nX."}, []),
    ("displaced-front-matter", {"x.md": "One.\n---\ntitle: X\n---\n\nX."}, ["x.md:2:1"]),
    ("displaced-front-matter", {"x.md": "One.---\ntitle: X\n---\n\nX."}, ["x.md:1:1"]),
    ("displaced-front-matter", {"x.md": "\n---\r\ntags: [x]\r\n---\r\n\r\nX."}, ["x.md:2:1"]),
    ("displaced-front-matter", {"x.md": "One.\n\n---\n\nTwo: three.\n\n---\n"}, []),
    ("displaced-front-matter", {"x.md": "```\n---\ntitle: X\n---\n```\n"}, []),
    ("wide-table", {"x.md": "|a" * 3000 + "|\n" + "|-" * 3000 + "|\n" + "|b|\n" * 3000}, ["x.md:1:1"]),
    ("wide-table", {"x.md": "|a" * 300 + "|\n" + "|-" * 300 + "|\n" + ("|b" * 300 + "|\n") * 300}, []),
    ("encoding", {"x.md": b"One.\r\n\r\nTw\xf6."}, ["x.md:3:1"]),
    ("encoding", {"x.md": "\ufeffOne.\r\n\r\nTwö."}, []),
    ("conflict-marker", {"x.md": CONFLICT}, ["x.md:2:1"]),
    ("conflict-marker", {"x.md": CONFLICT.replace("\n", "\r\n")}, ["x.md:2:1"]),
    ("conflict-marker", {"x.md": f"How it looks:\n\n```\n{CONFLICT}```\n"}, []),
    ("conflict-marker", {"x.md": "> <<<<<<< not one\n\n=======\n\n>>>>>>> either"}, []),
    ("conflict-marker", {"x.md": f"```\ncode\n```\n\n{CONFLICT}"}, ["x.md:6:1"]),
    ("conflict-copy", {"x.md": "One.", "x (Ann's conflicted copy 2024-05-03).md": "Two."}, ["x (Ann's conflicted copy 2024-05-03).md:1:1"]),
    ("conflict-copy", {"x.sync-conflict-20240503-101112-ABCDEFG.md": "Two."}, ["x.sync-conflict-20240503-101112-ABCDEFG.md:1:1"]),
    ("conflict-copy", {"x (conflicted copy 2024-05-03 101112).md": "Two."}, ["x (conflicted copy 2024-05-03 101112).md:1:1"]),
    ("conflict-copy", {"x.md": LONG, "x 2.md": LONG + " more"}, ["x 2.md:1:1"]),
    ("conflict-copy", {"x.md": LONG, "x (1).md": LONG + " more"}, ["x (1).md:1:1"]),
    ("conflict-copy", {"x.md": LONG, "x-LAPTOP-7.md": LONG}, ["x-LAPTOP-7.md:1:1"]),
    (
        "conflict-copy",
        {HARD: "One.", "202104291526 Make the hard decisions 2.md": "Two."},
        ["202104291526 Make the hard decisions 2.md:1:1"],
    ),
    ("conflict-copy", {"Chapter.md": LONG, "Chapter 2.md": "Something else stands in it, quite another text."}, []),
    ("conflict-copy", {"x 2.md": LONG}, []),
    (
        "conflict-copy",
        {"How conflict makes teams better.md": "One.", "On conflict.md": "Two.", "A conflict (of interest).md": "Three."},
        [],
    ),
    ("conflict-copy", {"Team.md": LONG, "Team conflict.md": "Something else stands in it, quite another text."}, []),
    ("conflict-copy", {"all.md": "", "all.work-conflicts.md": "", "all conflict.md": ""}, []),
    ("conflict-copy", {"Team.md": LONG, "Team - Kopie.md": LONG + " more"}, ["Team - Kopie.md:1:1"]),
    ("duplicate-id", {"202104291526 One.md": "1", "202104291526-two.md": "2"}, ["202104291526 One.md:1:1", "202104291526-two.md:1:1"]),
    ("duplicate-id", {"202104291526 One.md": "1", "202104291527 Two.md": "2", "20210429152600 Three.md": "3"}, []),
    ("ambiguous", {"x.md": "See [[same]].", "a/Same.md": "1", "b/Same.md": "2"}, ["x.md:1:5"]),
    ("ambiguous", {"x.md": "See [[a/same]].", "a/Same.md": "1", "b/Same.md": "2"}, []),
    ("dangling", {"x.md": "Zwölf [[later]] and 202104291526 Hard."}, ["x.md:1:7", "x.md:1:21"]),
    ("dangling", {"x.md": "A number, 123456789012, and `[[code]]`, and [web](https://a.example/b.md)."}, []),
    ("self", {"x.md": "One.\n\nSee [[x]]."}, ["x.md:3:5"]),
    ("self", {"x.md": "# Part\n\nSee [[x#Part]] and [[#Part]] and [it](#part)."}, []),
    ("blank-in-link", {"x.md": 'See [it](a b.md),\n![p](c d.png "t")', "a b.md": ""}, ["x.md:1:5", "x.md:2:1"]),
    (
        "blank-in-link",
        {"x.md": "[a](<a b.md>) `[a](a b.md)` \\[a](a b.md) [so](they say) [u](https://a b.md) [t](x.md 'a b.md')", "a b.md": ""},
        [],
    ),
    ("no-heading", {"x.md": "[[y#Gone]] ![[y#^b2]] [z](y.md#gone)", "y.md": "# Y\n\n## Part ^b1"}, ["x.md:1:1", "x.md:1:12", "x.md:1:23"]),
    (
        "no-heading",
        {"x.md": "# X\n\n[up](#gone) [[#Gone]] <a href='#gone'>z</a> [[X#Gone#Lost]]"},
        ["x.md:3:1", "x.md:3:13", "x.md:3:23", "x.md:3:45"],
    ),
    (
        "no-heading",
        {
            "x.md": "[[y#Part two]] [[y#Part: two]] [a](y.md#part-two-1) [[y#^B1]] [b](y.md#cid) [[y#In quote]] [c](y#p1) [d](#top) `[[y#no]]`",
            "y.md": "# Y\n\n## Part: two {#cid}\n\nLine ^b1\n\n## Part: two\n\n> ### In quote\n\n<a id='p1'></a> [e](#in-quote)",
        },
        [],
    ),
    (
        "no-heading",
        {"x.md": "[[C# notes]] [f](<C# notes.md>) [g](z.pdf#page=3) [[y#Y#Part]]", "C# notes.md": "", "y.md": "# Y\n\n## Part"},
        [],
    ),
    ("stale-label", {HARD: "One.", "x.md": "- 202104291526 Make hard decisions early"}, ["x.md:1:3"]),
    ("stale-label", {HARD: "One.", "x.md": "See [[202104291526 Take decisions]]."}, ["x.md:1:5"]),
    ("stale-label", {HARD: "One.", "x.md": "See [why](202104291526-take-decisions.md)."}, ["x.md:1:5"]),
    ("stale-label", {HARD: "One.", "202104291527 Trust comes first.md": "Two.", "x.md": "- 202104291526 Trust comes first"}, ["x.md:1:3"]),
    (
        "stale-label",
        {HARD: "One.", "x.md": "- [[202104291526]] Make hard decisions early\n- Make hard calls: [[202104291526]]"},
        ["x.md:1:3"],
    ),
    (
        "stale-label",
        {HARD: "One.", "x.md": "- Take the hard decisions [[202104291526]]\n- 202104291526: Take the hard decisions"},
        ["x.md:1:27", "x.md:2:3"],
    ),
    ("stale-label", {HARD: "One.", "x.md": "As said, take the hard decisions ([202104291526](/202104291526/))."}, ["x.md:1:35"]),
    ("stale-label", {HARD: "One.", "x.md": "[[202104291526]] Make the hard decisions now, make the hard decisions [[202104291526]]"}, []),
    (
        "stale-label",
        {HARD: "One.", "x.md": "So we do make decisions, [[202104291526]], and [[202104291526]] says how decisions are made."},
        [],
    ),
    ("stale-label", {HARD: "One.", "x.md": "We [[202104291526|decide what is hard]], or [make hard decisions](202104291526).\n"}, []),
    ("stale-label", {HARD: "One.", "x.md": "So 202104291526 Make the hard decisions when it is time, 202104291526 (MHD)."}, []),
    (
        "stale-label",
        {HARD: "One.", "x.md": "See [it](202104291526-make-the-hard-decisions.md) and [[202104291526 make the hard decisions]]."},
        [],
    ),
    (
        "stale-label",
        {HARD: "---\naliases: [Decide hard]\n---\nOne.", "x.md": "See [[202104291526 Decide hard]] and 202104291526 Decide hard"},
        [],
    ),
    ("duplicate-title", {"a/x.md": "# One", "b/y.md": "# one"}, ["a/x.md:1:1", "b/y.md:1:1"]),
    ("duplicate-title", {"x.md": "---\naliases: [Two]\n---\n# One", "y.md": "# Two"}, ["x.md:1:1", "y.md:1:1"]),
    ("duplicate-title", {"a/index.md": "1", "b/index.md": "2", "README.md": "3", "c/README.md": "4"}, []),
    ("duplicate-title", {"202104291526 One.md": "1", "202104291526-one.md": "# One"}, []),
    ("near-duplicate", {"x.md": LONG, "y.md": "# Other\n\n" + LONG.replace("word7", "other")}, ["x.md:1:1", "y.md:1:1"]),
    ("near-duplicate", {"x.md": LONG, "y.md": LONG[: len(LONG) // 2]}, []),
    ("near-duplicate", {"x.md": "The same few words.", "y.md": "The same few words."}, []),
    (
        "empty",
        {"x.md": "---\ntitle: X\n---\n\n# X\n\n## Part\n", "y.md": "", "z.md": "<!-- later -->\n"},
        ["x.md:1:1", "y.md:1:1", "z.md:1:1"],
    ),
    ("empty", {"x.md": "# X\n\n[[y]]", "y.md": "…", "z.md": "![](a.png)", "q.md": "知"}, []),
    ("twin-tag", {"x.md": "A #leadershp text.", "y.md": "#leadership", "z.md": "#leadership"}, ["x.md:1:3"]),
    ("twin-tag", {"x.md": "---\ntags: [decision]\n---\n", "y.md": "#decisions", "z.md": "#decisions"}, ["x.md:2:8"]),
    ("twin-tag", {"x.md": "#one_on_one", "y.md": "#one-on-one", "z.md": "#one-on-one"}, ["x.md:1:1"]),
    ("twin-tag", {"x.md": "#a/metric #q1", "y.md": "#b/metrics #q2 #Team", "z.md": "#b/metrics #q2 #team"}, []),
    ("single-tag", {"x.md": "A\n\n  #once #twice", "y.md": "#Twice"}, ["x.md:3:3"]),
    ("orphan", {"x.md": "[[y]]", "y.md": "1"}, ["x.md:1:1"]),
    ("orphan", {"202501310800 x.md": "[[y]]", "y.md": "1"}, ["202501310800 x.md:1:1"]),
    ("orphan", {"2025-01-31.md": "[[y]]", "y.md": "1"}, []),
    ("orphan", {"x.md": "[[y]]", "y.md": "[[x]]", "index.md": "[[x]]", "z.md": "alone"}, []),
    ("isolated", LINKED, []),
    ("isolated", {"x.md": "[[x]]", "y.md": "[[later]]", "z.md": "[[q]]", "q.md": "1"}, ["x.md:1:1", "y.md:1:1"]),
]


@pytest.mark.parametrize(("code", "files", "expected"), CASES, ids=[f"{code} {at}" for at, (code, _, _) in enumerate(CASES)])
def test_check_fires_only_where_it_should(code: str, files: dict[str, str | bytes], expected: list[str], notebook: Make) -> None:
    """A check reports its problem at the right line and column, and ignores what only looks like it."""
    assert expected == find_positions(notebook(files), code)


def test_every_check_has_both_kinds_of_case() -> None:
    """Every check has a case in which it fires and one in which it does not."""
    firing, silent = ({code for code, _, expected in CASES if bool(expected) == wanted} for wanted in (True, False))
    elsewhere = {"unreadable", "passed-over", "rule"}  # rules are tested in tests/model/test_rule_eval.py
    assert {check.code for check in CHECKS} == firing | elsewhere
    assert {check.code for check in CHECKS} - {"single-tag"} == silent | elsewhere


def test_symlinks_are_reported(notebook: Make) -> None:
    """A symlink among the notes is a problem of its own."""
    run = notebook({"x.md": "One."})
    (run.folder / "link.md").symlink_to("x.md")
    (run.folder / "gone.md").symlink_to("/nowhere")
    assert [
        "gone.md:1:1: passed-over: a symbolic link is not followed",
        "link.md:1:1: passed-over: a symbolic link is not followed",
    ] == list_problems(run, "--only", "passed-over")


def test_checks_see_what_changed_since_the_last_one(notebook: Make) -> None:
    """What checks remember of a note's headings and of text meant for a link is forgotten when the note changes."""
    run = notebook({"x.md": "[[y#Second]] and [below](#gone)", "y.md": "# Y\n\n## First\n", "z.md": "[y](my y.md)"})
    selection = ("--only", "no-heading,blank-in-link")
    first = list_problems(run, *selection)
    assert ["x.md:1:1", "x.md:1:18", "z.md:1:1"] == [line.partition(": ")[0] for line in first]
    assert first == list_problems(run, *selection)
    (run.folder / "y.md").write_text("# Y\n\n## Second\n")
    assert first[1:] == list_problems(run, *selection)
    (run.folder / "x.md").write_text("# Gone\n\n[[y#Second]] and [below](#gone), [[z#^b]]\n")
    (run.folder / "z.md").write_text("Plain. ^b\n")
    assert [] == list_problems(run, *selection)


def test_sound_notebook_has_no_problems(notebook: Make) -> None:
    """If nothing is wrong, nothing is printed to stdout and the exit code is 0."""
    run = notebook(LINKED)
    assert (0, "", "zettel: no problems found\n") == run("check")


def test_starter_notebook_has_no_problems(starter: Runner) -> None:
    """Nothing is wrong with the starter notebook: no link dangles, no note is an orphan, and no remark is made."""
    assert (0, "", "zettel: no problems found\n") == starter("check")


@pytest.mark.parametrize(
    ("words", "config", "code", "found"),
    [
        ([], "", 1, ["dangling", "front-matter", "isolated"]),
        (["--ignore", "front-matter"], "", 0, ["dangling", "isolated"]),
        (["--only", "dangling,isolated"], "", 0, ["dangling", "isolated"]),
        (["--only", "dangling", "--only", "isolated", "--ignore", "isolated"], "", 0, ["dangling"]),
        ([], "errors = ['dangling']", 1, ["dangling", "front-matter", "isolated"]),
        (["--only", "dangling"], "errors = ['dangling']", 1, ["dangling"]),
        ([], "warnings = ['front-matter', 'single-tag']", 0, ["dangling", "front-matter", "isolated", "single-tag"]),
        ([], "ignore = ['front-matter', 'isolated:x*']", 0, ["dangling"]),
        ([], "ignore = ['front-matter', 'isolated:y*']", 0, ["dangling", "isolated"]),
        ([], "ignore = ['front-matter', 'dangling:*.md', 'isolated:*']", 0, []),
        (["--only", "isolated"], "ignore = ['isolated']", 0, ["isolated"]),
    ],
)
def test_options_and_settings_select_checks(words: list[str], config: str, code: int, found: list[str], notebook: Make) -> None:
    """Options and settings decide which checks run, and which of their problems are errors."""
    run = notebook({"x.md": "---\na: b: c\n---\n[[later]] #once", ".zettel/config.toml": f"[check]\n{config}\n"})
    result = run("check", *words, "--json")
    assert (code, found) == (result.code, sorted(problem["code"] for problem in json.loads(result.out)["problems"]))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--only", "danglin"], '--only: there is no check "danglin"'),
        (["--ignore", "orphan,x"], '--ignore: there is no check "x"'),
        (["-c", "check.ignore=x:inbox/*"], 'check.ignore: there is no check "x"'),
        (["--limit", "0"], "--limit must be 1 or more"),
        (["--dry-run"], "--yes and --dry-run go with --fix"),
        (["--fix"], "check --fix asks before it changes notes, and there is no terminal to ask on"),
    ],
)
def test_impossible_options_are_usage_errors(words: list[str], message: str, notebook: Make) -> None:
    """Options that make no sense are a usage error with a hint."""
    before, own = (words, []) if words[0] == "-c" else ([], words)
    result = notebook({"x.md": "One."})(*before, "check", *own)
    assert (2, "") == (result.code, result.out)
    assert message in result.err
    assert "hint: " in result.err


def test_named_notes_are_checked_alone(notebook: Make) -> None:
    """Only the named notes are checked, as a git hook names them, but problems that they share with others are reported."""
    run = notebook({"x.md": "[[later]]", "y.md": "[[later]]", "202104291526 a.md": "1", "202104291526 b.md": "2"})
    assert ['x.md:1:1: dangling: no note matches "later"'] == list_problems(run, "x.md", "--only", "dangling")
    assert ["202104291526 b.md:1:1"] == [
        line.partition(": ")[0] for line in list_problems(run, "202104291526 b.md", "--only", "duplicate-id")
    ]
    assert 4 == run("check", "nothing.md").code


def test_limit_changes_neither_counts_nor_exit_code(notebook: Make) -> None:
    """With a limit the counts and the exit code are still those of all problems."""
    run = notebook({"a.md": "[[later]]", "x.md": b"\xff"})
    result = run("check", "--limit", "1", "--json")
    document = json.loads(result.out)
    assert (1, 1, {"errors": 1, "warnings": 3, "checks": {"dangling": 1, "encoding": 1, "isolated": 2}}) == (
        result.code,
        len(document["problems"]),
        document["counts"],
    )


def test_json_keys_are_stable(notebook: Make) -> None:
    """The keys of a problem are a contract."""
    run = notebook({"202104291526 x.md": "See [[later]]."})
    (problem,) = json.loads(run("check", "--only", "dangling", "--json").out)["problems"]
    assert {
        "path": "202104291526 x.md",
        "id": "202104291526",
        "line": 1,
        "col": 5,
        "code": "dangling",
        "severity": "warning",
        "message": 'no note matches "later"',
        "hint": "correct the link, or write it: zettel new later",
        "fixable": False,
    } == problem


def test_every_format_lists_problems(notebook: Make) -> None:
    """Formats of names list the notes that have problems, and the other formats the problems."""
    run = notebook({"202104291526 x.md": "[[a]] [[b]]", "y.md": "[[c]]"})
    assert "202104291526 x.md\ny.md\n" == run("check", "--only", "dangling", "--format", "paths").out
    assert "202104291526\ny.md\n" == run("check", "--only", "dangling", "--format", "ids").out
    assert 3 == len(run("check", "--only", "dangling", "--format", "jsonl").out.splitlines())
    assert "path,line,col,severity,code,message,hint" == run("check", "--only", "dangling", "--format", "csv").out.splitlines()[0]


def test_hostile_text_is_inert(notebook: Make) -> None:
    """Note text cannot control the terminal or break a line of the output."""
    run = notebook({"x\x1b[31m\ny.md": "[[a\x1b[2Jb]]"})
    out = run("check", "--only", "dangling").out
    assert 1 == out.count("\n")
    assert "\x1b" not in out


def test_hints_to_copy_are_safe_in_a_shell(notebook: Make) -> None:
    """What a hint repeats of a link reaches zettel as one argument, and a shell interprets nothing in it."""
    names = ["later on", "it's $(touch x)", "`x` & \\y", 'a"; x', "what!"]
    run = notebook({f"{at}.md": f"[[{name}]]" for at, name in enumerate(names)})
    rows = json.loads(run("check", "--only", "dangling", "--json").out)["problems"]
    commands = [str(row["hint"]).removeprefix("correct the link, or write it: ") for row in rows]
    assert [["zettel", "new", name] for name in names] == [shlex.split(command) for command in commands]
    echoed = [
        subprocess.run(["bash", "-c", f"printf %s {command[11:]}"], check=True, capture_output=True, text=True).stdout
        for command in commands
    ]
    assert names == echoed


HINTED: list[tuple[str, dict[str, str | bytes]]] = [
    *((code, files) for code, files, expected in CASES if expected),
    ("dangling", {"x.md": "So 202501310800 Hand over the result and not the task, then."}),
    ("dangling", {"x.md": "So [[202501310800 Delegation|it]] goes, and [[202501310800]]."}),
    ("dangling", {"x.md": "§202501310800"}),
    ("dangling", {"x.md": '[[O\'Brien & "sons" cost $5]]'}),
    ("dangling", {"x.md": "[[Delgation]]", "Delegation.md": "One."}),
    ("conflict-copy", {"-x.md": LONG, "-x (conflicted).md": LONG}),
    ("empty", {"O'Brien & $x.md": ""}),
    ("twin-tag", {"x.md": "#überblik", "y.md": "#überblick", "z.md": "#überblick"}),
]
COMMAND_IN_HINT = re.compile(r"(?:\A|it: |then: |have: )((?:zettel|iconv) .+)\Z")


@pytest.mark.parametrize(("code", "files"), HINTED, ids=[f"{code} {at}" for at, (code, _) in enumerate(HINTED)])
def test_command_in_a_hint_heals_the_problem(code: str, files: dict[str, str | bytes], notebook: Make) -> None:
    """If a hint holds a command, the command makes the problem go away and brings no other of its kind."""
    run = notebook(files)
    before = json.loads(run("check", "--only", code, "--json").out)["problems"]
    found = COMMAND_IN_HINT.search(before[0]["hint"])
    if not found:
        assert "zettel new" not in before[0]["hint"]
        return
    if found[1].startswith("iconv"):
        subprocess.run(["sh", "-c", found[1]], cwd=run.folder, check=True)
    else:
        words = ["check", "--fix", "--yes"] if before[0]["fixable"] else shlex.split(found[1])[1:]
        assert run(*words).code < 2
    after = json.loads(run("check", "--only", code, "--json").out)["problems"]
    key = ("path", "line", "col")
    assert {tuple(row[part] for part in key) for row in after} < {tuple(row[part] for part in key) for row in before}


def test_link_to_a_deleted_note_names_the_way_back(notebook: Make) -> None:
    """A link to a note in the trash is not a note to be written: undo brings it back, or restore if other changes came after."""
    run = notebook({"202501310800 Delegation.md": "One.", "x.md": "See [[Delegation]] and 202501310800."})
    run("delete", "202501310800")
    rows = json.loads(run("check", "--only", "dangling", "--json").out)["problems"]
    assert ["bring it back: zettel undo"] * 2 == [row["hint"] for row in rows]
    assert '"Delegation" is in the trash' == rows[0]["message"]
    run("new", "Another")
    rows = json.loads(run("check", "--only", "dangling", "--json").out)["problems"]
    assert ["bring it back: zettel restore 202501310800"] * 2 == [row["hint"] for row in rows]
    run("restore", "202501310800")
    assert [] == list_problems(run, "--only", "dangling")


def test_new_notebook_has_no_problems(notebook: Make) -> None:
    """Thoughts that were just caught, and the daily note, are not called empty, isolated or orphans."""
    run = notebook({})
    for words in (("new", "A thought"), ("new", "Another", "thought"), ("new", "A third", "--link-from", "A thought")):
        assert 0 == run(*words).code
    assert 0 == run("daily", "--append", "It rained.").code
    assert (0, "", "zettel: no problems found\n") == run("check")


@pytest.mark.parametrize(
    ("name", "text", "words", "found"),
    [
        ("202501310800 Old.md", "One.", (), ["isolated"]),
        ("202501310800 Old.md", "# Old\n", (), ["empty", "isolated"]),
        ("202501310800 Old.md", "One. #journal/work", (), []),
        ("202501310800 Old.md", "One. #inbox", ("-c", "check.grace-tags=inbox"), []),
        ("202501310800 Old.md", "One. #journal", ("-c", "check.grace-tags=inbox"), ["isolated"]),
        ("2025-01-31.md", "It rained.", (), []),
        ("2025-01-31.md", "", (), ["empty"]),
        ("202501310800 2025-01-31.md", "It rained.", (), []),
        ("2025-W05.md", "---\ntags: [x]\n---\nIt rained.", (), []),
        ("2025-01.md", "It rained.", (), ["isolated"]),
        ("TODAY New.md", "# New\n", (), []),
        ("TODAY New.md", "# New\n", ("-c", "check.grace-days=0"), ["empty", "isolated"]),
        ("New.md", "---\ndate: TODAY\n---\nOne.", (), []),
        ("Without a date.md", "One.", (), ["isolated"]),
        ("209901310800 Future.md", "One.", (), []),
        ("202513990800 Not a date.md", "One.", (), []),
    ],
)
def test_grace_is_by_age_tag_and_title(name: str, text: str, words: tuple[str, ...], found: list[str], notebook: Make) -> None:
    """A note is judged once it is a fortnight old by its own date, unless its tags or its title say that it may stand alone."""
    today = datetime.now().strftime("%Y%m%d%H%M")
    run = notebook({name.replace("TODAY", today): text.replace("TODAY", f"{today[:4]}-{today[4:6]}-{today[6:8]}")})
    rows = json.loads(run(*words, "check", "--only", "empty,isolated,orphan", "--json").out)["problems"]
    assert found == [row["code"] for row in rows]


def test_note_that_icloud_has_put_away_is_not_gone(notebook: Make) -> None:
    """A note of which there is only iCloud's placeholder is said to be there, not to be written, until it is back."""
    name = "202501310800 Delegation.md"
    run = notebook({name: "One.", "x.md": "See [[Delegation]] and 202501310800."})
    assert [] == list_problems(run, "--only", "dangling,passed-over")
    (run.folder / f".{name}.icloud").write_bytes(b"bplist00")
    assert [] == list_problems(run, "--only", "dangling,passed-over")  # the file is still there
    (run.folder / name).write_bytes(b"")
    for _ in range(2):
        rows = json.loads(run("check", "--only", "dangling,passed-over", "--json").out)["problems"]
        assert ["passed-over", "dangling", "dangling"] == [row["code"] for row in rows]
        assert all(f'brctl download "{name}"' in row["hint"] and "is in iCloud" in row["message"] for row in rows)
        assert "x.md\n" == run("list", "--format", "paths").out
        result = run("show", "202501310800")
        assert (4, True) == (result.code, "is in iCloud, and not on this machine" in result.err)
        assert 5 == run("new", "--id", "202501310800", "Another").code
        (run.folder / name).unlink(missing_ok=True)
    (run.folder / name).write_bytes(b"One.")
    assert [] == list_problems(run, "--only", "dangling,passed-over")


def test_terminal_groups_problems_by_check(notebook: Make) -> None:
    """On a terminal problems are grouped by check, errors first, at most ten in each group, with hints."""
    run = notebook({"a.md": " ".join(f"[[later{number}]]" for number in range(12)), "x.md": b"\xff"})
    shown = run.on_terminal("check", columns=160, NO_COLOR="1").out
    assert shown.index("error encoding 1") < shown.index("warning dangling 12") < shown.index("warning isolated 2")
    assert "10 of 12; zettel check --only dangling shows all" in shown
    assert "1 error, 14 warnings" in shown
    assert 12 == run.on_terminal("check", "--only", "dangling", columns=160).out.count("no note matches")


def test_terminal_names_a_note_once_in_each_group(notebook: Make) -> None:
    """A note stands above its problems, what all problems of a group say is said once, the counts come last, and what `--fix` repairs is marked."""
    run = notebook(
        {"202501310800 Tides.md": "# Tides\n\n[[Nowhere]]\n\n[[Elsewhere]]\n", "b.md": "text\n---\ntitle: B\n---\nbody\n", "c.md": "# C\n"}
    )
    lines = run.on_terminal("check", NO_COLOR="1").out.splitlines()
    at = lines.index("  202501310800 Tides.md")
    assert ['    3:1  no note matches "Nowhere"', '    5:1  no note matches "Elsewhere"'] == [
        line for line in lines[at:] if "no note matches" in line
    ]
    assert "warning isolated 3  it has no links in either direction" in lines
    assert any(line.endswith("--fix repairs it") for line in lines)
    assert "1 error, 6 warnings (zettel check --fix can repair 1)" == lines[-1]


@pytest.mark.parametrize(
    "words", [("check",), ("stats",), ("undo", "--list"), ("restore",), ("tags",), ("review", "--list"), ("delete", "b", "--dry-run")]
)
def test_answers_fit_a_narrow_terminal(words: tuple[str, ...], notebook: Make) -> None:
    """On 40 columns no line is wider than that, and what a change was is still there."""
    run = notebook(
        {
            "202501310800 Tides.md": "# Tides and other slow movements of the sea\n\n[[Nowhere]] #water/salt\n",
            "b.md": "# B\n",
            "c.md": "# C\n",
        }
    )
    run("rename", "c", "A title that is far too long for such a narrow terminal")
    run("delete", "c", "--yes")
    shown = run.on_terminal(*words, columns=40, NO_COLOR="1").out
    assert [] == [line for line in shown.splitlines() if len(line) > 40]
    assert ("A title that is far too long" in " ".join(shown.split())) is (words[0] in ("undo", "restore"))


@pytest.mark.parametrize(
    "vault", ["oddities", "leadership-12", "sourcegraph-handbook", "dendron-site", "oldwinter-garden", "kraker-second-brain"]
)
def test_problems_of_real_notebooks_are_complete(vault: str, tmp_path: Path) -> None:
    """Every problem of a real notebook has a position, the code of a check, a message and a hint."""
    session = Session(GlobalOptions(str(find_shared_folder() / "vaults" / vault / "notes")))
    answer = check.run(session)
    assert {check.code for check in CHECKS} >= {row["code"] for row in answer.rows}
    assert all(row["line"] >= 1 and row["col"] >= 1 and row["message"] and row["hint"] for row in answer.rows)  # type: ignore[operator]
    assert answer.rows


def test_every_check_is_documented() -> None:
    """The reference page has a row for each check."""
    page = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    assert [] == [
        check.code for check in CHECKS if f"| `{check.code}` | {check.severity} | {check.description} | {check.hint} |" not in page
    ]
    assert format_toml(tuple(check.code for check in CHECKS if check.severity == "off")) == '["single-tag"]'


def test_a_hint_is_said_once(notebook: Make) -> None:
    """On a terminal, what to do stands above the problems of a check, and below each only the command, if it differs."""
    run = notebook({"202401010101 Keel.md": "# Keel\n", "202401010102 Mast.md": "# Mast\n", "x.md": "# X\n\n[[Rope]] [[Sail]]\n"})
    out = run.on_terminal("check", NO_COLOR="1").out
    assert (1, 1) == (out.count("or delete it"), out.count("it has nothing but a title"))
    assert ("    zettel delete 202401010101\n" in out, 1) == (True, out.count("correct the link"))
    assert "zettel new Rope\n" in out
