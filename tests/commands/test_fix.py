"""Test what `check --fix` repairs, what it leaves alone, and that it asks first."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]

NOTES: dict[str, str | bytes] = {
    "202104291526 Make the hard decisions.md": "Hard.",
    "20220101120030 Trust.md": "Trust.",
    "far/Delegate the result.md": "Delegating.",
    "far/Causal inference.md": "Not every casual remark.",
    "Statute.md": "Law.",
    "far/security.md": "Locks.",
    "Plan A.md": "One.",
    "Leadership principles 2024.md": "Some.",
    "Conway's law.md": "Law.",
}

REPAIRED = [
    ("[[Make the hard decsions]]", "[[Make the hard decisions]]"),
    ("[[make-the-hard-decisions]]", "[[Make the hard decisions]]"),
    ("[[Make_the hard–decisions|them]]", "[[Make the hard decisions|them]]"),
    ("![[Delegate the reslut#Part]]", "![[Delegate the result#Part]]"),
    ("| a |\n| - |\n| [[Delegate-the-result\\|it]] |", "| a |\n| - |\n| [[Delegate the result\\|it]] |"),
    ("[[conways law]]", "[[Conway's law]]"),
    ("[[wrong/Delegate the result]]", "[[far/Delegate the result]]"),
    ("[it](wrong/Delegate%20the%20result.md#part)", "[it](far/Delegate%20the%20result.md#part)"),
    ("[it](</Delegate the result.markdown>)", "[it](</far/Delegate%20the%20result.md>)"),
    ("[it][r]\n\n[r]: delegate-the-result.md", "[it][r]\n\n[r]: far/Delegate%20the%20result.md"),
    ("20210429152633", "202104291526"),
    ("So 202201011200 Trust is all.", "So 202201011200 Trust is all."),
    ("So 202201011200 Trust.", "So 20220101120030 Trust."),
    ("§202201011200", "§20220101120030"),
    ("[[202201011200]]", "[[20220101120030]]"),
    ("![[202201011200]] [[202201011200|202201011200 Trust]]", "![[20220101120030]] [[20220101120030|202201011200 Trust]]"),
    ("[[202104291527 Make the hard decisions]]", "[[202104291526 Make the hard decisions]]"),
    ("- 202104291527 Make the hard decisions", "- 202104291526 Make the hard decisions"),
    ("[[202104291526 Take hard decisions]]", "[[202104291526 Make the hard decisions]]"),
    ("[[202104291526 Take hard decisions|Take hard decisions]]", "[[202104291526 Make the hard decisions|Make the hard decisions]]"),
    ("[[202104291526 Take hard decisions|my words]]", "[[202104291526 Make the hard decisions|my words]]"),
    ("[my words](202104291526-take-hard-decisions.md)", "[my words](202104291526%20Make%20the%20hard%20decisions.md)"),
    ("- 202104291526 Make hard decisions early", "- 202104291526 Make the hard decisions"),
    ("[a](Plan A.md) ![b](Plan A.md#part 'x y')", "[a](Plan%20A.md) ![b](Plan%20A.md#part 'x y')"),
    ("| a |\n| - |\n| [it](far/Delegate the result) |", "| a |\n| - |\n| [it](far/Delegate%20the%20result) |"),
    ("[it](far/No such plan.md) [it](of the plan)", "[it](far/No such plan.md) [it](of the plan)"),
    ("- 202104291526: Make hard decisions early", "- 202104291526: Make the hard decisions"),
    ("- [[202104291526]] Make hard decisions early", "- [[202104291526]] Make the hard decisions"),
    ("- Take the hard decisions ([[202104291526]]", "- Make the hard decisions ([[202104291526]]"),
    ("- [202104291526](/202104291526/) – Take the hard decisions", "- [202104291526](/202104291526/) – Make the hard decisions"),
]

UNCHANGED = [
    "[[Make the hard decision]]",  # another form may be another note
    "[[Formal trust]] [[Trusts]] [[Trusty]]",
    "[[Statue]]",  # a word that occurs elsewhere in this note: statue
    "[[Casual inference]]",  # a word of another note
    "[[Plan B]] [[Plan]]",
    "[[Leadership principles 2025]] [[Leadership principles]]",
    "[it](wrong/security.md) [[wrong/security]]",  # the one word may be another note's name
    "[it](security/)",
    "202104291525 is one digit off",
    "202201011200 Something else",
    "[[202201011200 Something else]]",
    "`[[Make the hard decsions]]` <!-- [[Make the hard decsions]] -->",
    "[[202104291526|Take hard decisions]]",  # labels are written by hand
    "So 202104291526 Make hard decisions early and go.",  # nobody knows where the old title ends
]


def repair(notebook: Make, text: str) -> str:
    """Return a note's text after `check --fix --yes`."""
    run = notebook({**NOTES, "x.md": f"A statue.\n\n{text}\n"})
    assert 0 == run("check", "--fix", "--yes").code
    for path, before in NOTES.items():
        assert before == (run.folder / path).read_text()
    return (run.folder / "x.md").read_text().removeprefix("A statue.\n\n").removesuffix("\n")


@pytest.mark.parametrize(("text", "expected"), REPAIRED)
def test_fix_repairs_unambiguous_links(text: str, expected: str, notebook: Make) -> None:
    """A link with only one possible meaning gets the note's current name. Its label, heading and brackets stay."""
    assert expected == repair(notebook, text)


@pytest.mark.parametrize("text", UNCHANGED)
def test_fix_leaves_other_links(text: str, notebook: Make) -> None:
    """A link that may mean something else, or a note still to be written, stays as it is."""
    assert text == repair(notebook, text)


def test_fix_leaves_a_name_that_is_used_twice(notebook: Make) -> None:
    """A wrong name that two notes link to is not a typing error."""
    files: dict[str, str | bytes] = {"Leadership.md": "1", "x.md": "[[Leadrship]]", "y.md": "[[Leadrship]]"}
    assert "zettel: nothing can be repaired safely\n" in notebook(files)("check", "--fix", "--yes").err
    del files["y.md"]
    (Path(notebook(files).folder) / "y.md").unlink()
    assert "x.md:1: [[Leadrship]] → [[Leadership]]\n" == notebook(files)("check", "--fix", "--yes").out


def test_fix_keeps_all_other_bytes(notebook: Make) -> None:
    """BOM, line ends, front matter and a missing final line end stay, and a note that is not UTF-8 is not touched."""
    start = b"\xef\xbb\xbf---\r\ntitle: X # so\r\nup: '[[conways-law]]'\r\n---\r\nZw\xc3\xb6lf [[conways-law]],\rand [[conways_law]]"
    run = notebook({**NOTES, "x.md": start, "y.md": b"\xff [[conways-law]]"})
    run("check", "--fix", "--yes")
    after = (run.folder / "x.md").read_bytes()
    assert (
        start.replace(b"[[conways-law]]", b"[[Conway's law]]")
        .replace(b"[[conways_law]]", b"[[Conway's law]]")
        .replace(b"'[[Conway's law]]'", b"'[[conways-law]]'")
        == after
    )  # the apostrophe would end the quoted text
    assert b"\xff [[conways-law]]" == (run.folder / "y.md").read_bytes()


def test_fix_respects_notes_checks_and_settings(notebook: Make) -> None:
    """`--fix` is limited to the notes and checks that are named, and skips what a setting ignores."""
    files: dict[str, str | bytes] = {**NOTES, "x.md": "[[conways-law]]", "y.md": "[[conways-law]] [[202104291526 Take decisions]]"}
    run = notebook(files)
    run("-c", "check.ignore=dangling:x.md", "check", "y.md", "--only", "stale-label", "--fix", "--yes")
    assert "[[conways-law]] [[202104291526 Make the hard decisions]]" == (run.folder / "y.md").read_text()
    run("-c", "check.ignore=dangling:x.md", "check", "--fix", "--yes")
    assert "[[Conway's law]] [[202104291526 Make the hard decisions]]" == (run.folder / "y.md").read_text()
    assert "[[conways-law]]" == (run.folder / "x.md").read_text()


def test_fix_dry_run_writes_nothing(notebook: Make) -> None:
    """With `--dry-run` the plan is a diff, and JSON lists what would be written."""
    run = notebook({**NOTES, "x.md": "[[conways-law]]\n"})
    result = run("check", "--fix", "--dry-run")
    assert (0, "diff --git a/x.md b/x.md\n--- a/x.md\n+++ b/x.md\n@@ -1 +1 @@\n-[[conways-law]]\n+[[Conway's law]]\n") == (
        result.code,
        result.out,
    )
    document = json.loads(run("check", "--fix", "--dry-run", "--json").out)
    assert [{"path": "x.md", "line": 1, "before": "[[conways-law]]", "after": "[[Conway's law]]", "target": "Conway's law.md"}] == document[
        "mended"
    ]
    assert (True, "repair 1 link in 1 note") == (document["dry_run"], document["done"])
    assert "[[conways-law]]\n" == (run.folder / "x.md").read_text()


@pytest.mark.parametrize(("key", "expected"), [("y\n", "[[Conway's law]]"), ("n\n", "[[conways-law]]"), ("\n", "[[conways-law]]")])
def test_fix_asks_on_a_terminal(key: str, expected: str, notebook: Make) -> None:
    """The plan is shown before the prompt, and only a yes carries it out."""
    run = notebook({**NOTES, "x.md": "[[conways-law]]"})
    shown = run.on_terminal("check", "--fix", typed=(("Repair 1 link in 1 note? [y/N]", key),), NO_COLOR="1").out
    assert "+[[Conway's law]]" in shown
    assert expected == (run.folder / "x.md").read_text()


def test_fix_exit_code_reflects_remaining_problems(notebook: Make) -> None:
    """After the repair, the exit code says whether errors are left."""
    run = notebook({**NOTES, "x.md": "[[conways-law]]"})
    result = run("-c", "check.errors=dangling", "check", "--fix", "--yes", "--only", "dangling")
    assert (0, "x.md:1: [[conways-law]] → [[Conway's law]]\n", "") == result
    (run.folder / "x.md").write_text("[[conways-law]] [[later]]")
    result = run("-c", "check.errors=dangling", "check", "--fix", "--yes", "--only", "dangling")
    assert (1, "zettel: 1 error, 0 warnings left: zettel check\n") == (result.code, result.err)


def test_fix_replaces_the_words_beside_an_id(notebook: Make) -> None:
    """The words beside an ID become the title, however little they resemble it, and the ID stays."""
    target = "202302060730 Execution is a string of kept promises"
    run = notebook({f"{target}.md": f"# {target}\n", "n.md": "# N\n\nSee [[202302060730 Wrong old title]].\n"})
    assert 0 == run("check", "--fix", "--yes", "--only", "stale-label").code
    assert f"# N\n\nSee [[{target}]].\n" == (run.folder / "n.md").read_text(encoding="utf-8")


def test_fix_moves_displaced_front_matter_to_the_top(notebook: Make) -> None:
    """Front matter that slid off the first line counts again, links in the note are repaired in the same change, and `undo` takes both back."""
    slid = "Typed too early.\n---\ntitle: Renewal\ntags: [law]\n---\n\nOld text. [[conways law]]\n"
    run = notebook({**NOTES, "x.md": slid})
    assert "x.md:2:1" in run("check", "x", "--only", "displaced-front-matter").out
    assert '"fixable": true' in run("check", "--only", "displaced-front-matter", "--json").out
    result = run("check", "--fix", "--yes")
    assert "x.md: moved its front matter to the first line" in result.out
    assert "---\ntitle: Renewal\ntags: [law]\n---\n\nTyped too early.\n\nOld text. [[Conway's law]]\n" == (run.folder / "x.md").read_text(
        "utf-8"
    )
    assert "Renewal" in run("list", "--tag", "law").out
    assert "nothing" in run("check", "--fix", "--yes").err
    run("undo")
    assert slid == (run.folder / "x.md").read_text("utf-8")


def test_fix_never_rewrites_a_displaced_note_in_another_encoding(notebook: Make) -> None:
    """A note that is not UTF-8 keeps its bytes."""
    slid = b"Caf\xe9\n---\ntitle: X\n---\n"
    run = notebook({"x.md": slid})
    run("check", "--fix", "--yes")
    assert slid == (run.folder / "x.md").read_bytes()
