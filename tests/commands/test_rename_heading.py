"""Test that a heading can be shown and renamed, and that every link to it follows in its own spelling."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, str | bytes]], Runner]

NOTE = "# Plan\n\n## First: steps ^f\n\none\n\n### Sub\n\n## Money {#cash} #team\n\ntwo\n\n## Q & A\n"


def read_texts(folder: Path) -> dict[str, str]:
    """Return the text of every note in the top folder."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}


LINKS = [
    # (heading, new words, link before, link after)
    ("First: steps", "Next: what?", "[[Plan#First steps]]", "[[Plan#Next what]]"),
    ("First: steps", "Next: what?", "[[Plan#First: steps]]", "[[Plan#Next: what?]]"),
    ("First: steps", "Next: what?", "![[plan#first steps|First: steps]]", "![[plan#Next what|Next: what?]]"),
    ("First: steps", "Next [x]", "[[Plan#First steps|my words]]", "[[Plan#Next x|my words]]"),
    ("First: steps", "Next: what?", "[First: steps](Plan.md#first-steps)", "[Next: what?](Plan.md#next-what)"),
    ("First: steps", "Übung 2", "[x](Plan.md#First%20steps)", "[x](Plan.md#%C3%9Cbung%202)"),
    ("First: steps", "Übung 2", "[x](Plan#first-steps 'First')", "[x](Plan#übung-2 'First')"),
    ("First: steps", "Next", "[x](<Plan.md#First: steps>)", "[x](<Plan.md#Next>)"),
    ("First: steps", "Next", '<a href="Plan.md#first-steps">x</a>', '<a href="Plan.md#next">x</a>'),
    ("First: steps", "Next", "[x][r] [r]\n\n[r]: Plan.md#first-steps", "[x][r] [r]\n\n[r]: Plan.md#next"),
    ("First: steps", "Next", "[[Plan#Plan#First steps]] [[Plan#^f]]", "[[Plan#Plan#Next]] [[Plan#^f]]"),
    ("First: steps", "Next", "`[[Plan#First steps]]` [[Plan#Sub]] [[Plan]]", "`[[Plan#First steps]]` [[Plan#Sub]] [[Plan]]"),
    ("First: steps", "Next: x", "[x](<[[Plan#First steps|y]]>)", "[x](<[[Plan#Next x|y]]>)"),
    ("Money", "Cash flow", "[x](Plan.md#cash) [[Plan#Money]]", "[x](Plan.md#cash) [[Plan#Cash flow]]"),
    ("Q & A", "Why and how", "[x](Plan.md#q--a) [y](Plan.md#q-a)", "[x](Plan.md#why-and-how) [y](Plan.md#why-and-how)"),
    ("Q & A", "🚀 Go", "[x](Plan.md#q--a) [y](Plan.md#q-a)", "[x](Plan.md#-go) [y](Plan.md#go)"),
    ("3", "Tea & talk", "[x](Plan.md#money-team)", "[x](Plan.md#tea--talk)"),
]


@pytest.mark.parametrize(("heading", "new", "before", "after"), LINKS)
def test_links_follow_a_heading(heading: str, new: str, before: str, after: str, notebook: Make) -> None:
    """Links by words, by words without marks, by slug or percent-encoded keep their spelling. A label that was the heading follows."""
    run = notebook({"Plan.md": NOTE, "b.md": f"# B\n\n{before}\n"})
    result = run("rename", f"Plan#{heading}", new)
    assert 0 == result.code, result.err
    assert f"# B\n\n{after}\n" == read_texts(run.folder)["b.md"]
    assert [] == json.loads(run("check", "--only", "no-heading", "--json").out)["problems"]
    assert 0 == run("undo").code
    assert {"Plan.md": NOTE, "b.md": f"# B\n\n{before}\n"} == read_texts(run.folder)


TWINS = "# Plan\n\n## Part\n\n## Part\n\n### Deep\n\n## Part\n\n[x](#part-2) [y][r]\n\n[r]: #part-1\n\n## Last\n"
NUMBERED = [
    # (number of the heading, links before, links after, links within the note after)
    ("1", "[x](Plan.md#part) [y](Plan.md#part-1)", "[x](Plan.md#new) [y](Plan.md#part)", "[x](#part-1) [y](#part)"),
    ("2", "[x](Plan.md#part-1) [y](Plan#part-2)", "[x](Plan.md#new) [y](Plan#part-1)", "[x](#part-1) [y](#new)"),
    ("2", "[[Plan#Part#Deep]] [[Plan#Part]]", "[[Plan#New#Deep]] [[Plan#Part]]", "[x](#part-1) [y](#new)"),
    ("4", "[x](Plan.md#part-2)\n\n[r]: Plan.md#part-1", "[x](Plan.md#new)\n\n[r]: Plan.md#part-1", "[x](#new) [y][r]"),
]


@pytest.mark.parametrize(("heading", "before", "after", "own"), NUMBERED)
def test_numbers_of_headings_with_the_same_words_follow(heading: str, before: str, after: str, own: str, notebook: Make) -> None:
    """When one of several headings with the same words gets others, links that tell them apart by number still lead to theirs."""
    run = notebook({"Plan.md": TWINS, "b.md": f"# B\n\n{before}\n"})
    result = run("rename", f"Plan#{heading}", "New")
    assert 0 == result.code, result.err
    assert f"# B\n\n{after}\n" == read_texts(run.folder)["b.md"]
    assert own in read_texts(run.folder)["Plan.md"]
    assert [] == json.loads(run("check", "--only", "no-heading", "--json").out)["problems"]
    assert 0 == run("undo").code
    assert {"Plan.md": TWINS, "b.md": f"# B\n\n{before}\n"} == read_texts(run.folder)


def test_words_that_number_another_heading_are_refused(notebook: Make) -> None:
    """A heading cannot be called "Part 1" while `#part-1` is the second heading "Part"."""
    run = notebook({"Plan.md": TWINS})
    assert 5 == run("rename", "Plan#Last", "Part 1").code
    assert 0 == run("rename", "Plan#Last", "Part 3").code


def test_show_prints_a_section(notebook: Make) -> None:
    """`show NOTE#HEADING` prints the section up to the next heading of the same or a higher level, byte for byte, however the heading is named."""
    run = notebook({"Plan.md": NOTE, "b.md": "# C# or #2\n\n## Sub\n"})
    section = "## First: steps ^f\n\none\n\n### Sub\n\n"
    assert [section] * 3 == [run("show", f"plan#{name}").out for name in ("First: steps", "first-steps", "1")]
    assert ["## Money {#cash} #team\n\ntwo\n\n"] * 2 == [run("show", f"Plan#{name}").out for name in ("cash", "3")]
    assert "### Sub\n\n" == run("show", "Plan#First steps#Sub").out
    assert NOTE == run("show", "Plan#Plan").out
    assert "# C# or #2\n\n## Sub\n" == run("show", "C# or #2").out
    note = json.loads(run("show", "Plan#Sub", "--json").out)["note"]
    assert ("Plan.md", "Sub", "### Sub\n\n") == (note["path"], note["heading"], note["text"])
    missing = run("show", "Plan#Nothing")
    assert (2, "") == (missing.code, missing.out)
    assert '"Plan" has no heading "Nothing"' in missing.err
    assert 4 == run("show", "Nobody#Sub").code


def test_what_hangs_on_a_heading_stays(notebook: Make) -> None:
    """Tags, the block ID and attributes of the heading stay, and so does everything below it."""
    run = notebook({"Plan.md": NOTE})
    assert 0 == run("rename", "Plan#First steps", "Next", "steps").code
    assert 0 == run("rename", "plan#money", "Cash").code
    expected = NOTE.replace("First: steps ^f", "Next steps ^f").replace("Money {#cash} #team", "Cash {#cash} #team")
    assert expected == read_texts(run.folder)["Plan.md"]


def test_links_within_the_note_follow(notebook: Make) -> None:
    """So do the note's own links to the heading, in brackets or not, and in front matter."""
    text = '---\nup: "[[a#Some part]]"\n---\n# A\n\n[Some part](#some-part), [[#Some part]], <a href="#some-part">x</a>, `#some-part`\n\n## Some part\n'
    run = notebook({"a.md": text})
    assert "updated 4 links in 1 note\n" in run("rename", "a#some part", "Other part").out
    expected = text.replace("#Some part", "#Other part").replace("#some-part)", "#other-part)").replace('"#some-part', '"#other-part')
    assert expected.replace("[Some part]", "[Other part]").replace("## Some part", "## Other part") == read_texts(run.folder)["a.md"]


def test_dry_run_shows_the_plan(notebook: Make) -> None:
    """With --dry-run the changes are shown as a diff, and nothing is written."""
    files = {"Plan.md": NOTE, "b.md": "[[Plan#Sub]]\n"}
    run = notebook(dict(files))
    result = run("rename", "Plan#Sub", "Part", "--dry-run")
    assert "+[[Plan#Part]]\n" in result.out
    assert "+### Part\n" in result.out
    assert files == read_texts(run.folder)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("Plan#Nothing", "New"), 2, '"Plan" has no heading "Nothing"'),
        (("Plan#s", "New"), 2, "2 headings"),
        (("Plan#Sub", "first steps"), 5, 'Plan.md:3: there is a heading "First: steps" already'),
        (("Plan#Sub", " "), 2, "a heading needs words"),
        (("None#Sub", "New"), 4, "no note is called"),
        (("bad#Sub", "New"), 5, "not UTF-8"),
    ],
)
def test_refused_rename_changes_nothing(words: tuple[str, ...], code: int, message: str, notebook: Make) -> None:
    """A heading that is not there or is not the only one, and words that another heading has, are errors."""
    run = notebook({"Plan.md": NOTE, "bad.md": b"# \xff\n\n## Sub\n"})
    result = run("rename", *words)
    assert code == result.code
    assert message in result.err
    assert NOTE == (run.folder / "Plan.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name", ["202104291524", "2021042915", "sub/202104291524 My plan.md", "202104291524 My plan", "my PLAN", "Nick", "plan"]
)
def test_the_note_is_named_in_any_way(name: str, notebook: Make) -> None:
    """The note may be named by its ID or the beginning of one, its path, title, alias, or part of a title."""
    run = notebook(
        {"sub/202104291524 My plan.md": "---\naliases: [Nick]\n---\n# My plan\n\n## Some part\n", "b.md": "# C# and #2\n\n## Some part\n"}
    )
    assert '"Some part" is now "Other part": sub/202104291524 My plan.md:6' in run("rename", f"{name}#some-part", "Other part").out


def test_a_title_with_a_number_sign_is_a_note(notebook: Make) -> None:
    """A name that is the title of a note means that note, and the heading of the title is the title."""
    run = notebook({"a.md": "# C# and F#\n\n## Part\n", "b.md": "# B\n\n## B side\n"})
    assert '"C# and F#" is now "Two"' in run("rename", "C# and F#", "Two").out
    assert '"Part" is now "Side"' in run("rename", "Two#Part", "Side").out
    assert '"B" is now "Bee": bee.md' in run("rename", "b#B", "Bee").out


def test_anchors_of_the_title_follow_a_rename_of_the_note(notebook: Make) -> None:
    """A link to the heading with the note's title follows when the note gets another one."""
    text = "# Old: title\n\n[x](#old-title) [[#Old title]]\n"
    run = notebook({"Old title.md": text, "b.md": "[[Old title#Old title]] [y](Old%20title.md#old-title) [[Old title#Sub]]\n"})
    assert 0 == run("rename", "Old title", "New: words").code
    assert {
        "New words.md": "# New: words\n\n[x](#new-words) [[#New words]]\n",
        "b.md": "[[New words#New words]] [y](New%20words.md#new-words) [[New words#Sub]]\n",
    } == read_texts(run.folder)
