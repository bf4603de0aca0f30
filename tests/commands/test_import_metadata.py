"""Test what the notes of `zettel import` are called, who wrote them, when, and where they are from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner

Make = Callable[[dict[str, "str | bytes"]], Runner]
BODY = "Whoever leads a team owes it a reason for the work, told in words that a customer would understand, and told more than once."


def import_file(run: Runner, name: str, text: str, *words: str) -> tuple[dict[str, object], str]:
    """Import a text from a file of this name beside the notebook. Return the row of its note and the note's text."""
    file = run.folder.parent / name
    file.write_text(text, encoding="utf-8", newline="")
    result = run("import", f"../{name}", *words, "--json")
    assert 0 == result.code, result.err
    (row,) = json.loads(result.out)["notes"]
    return row, (run.folder / row["path"]).read_bytes().decode()


def test_the_command_line_wins_over_front_matter(notebook: Make) -> None:
    """Title, author, date and source replace those of the file in place, tags join, and answer, file name and note agree."""
    run = notebook({})
    text = "---\ntitle: Old # was\nauthor: [Bob]\ntags:\n  - Clips\nsource: there\ncreated: 2019-01-01\nx: 1\n---\nA body.\n"
    words = ("--title", "New", "--author", "Ann Lee", "--tag", "clips,team", "--date", "2020-02-03 14:05", "--source", "A talk")
    row, note = import_file(run, "n.md", text, *words)
    assert (
        "---\ntitle: New # was\nauthor: [Ann Lee]\ntags:\n  - Clips\n  - source\n  - team\nsource: A talk\ncreated: 2020-02-03 14:05\nx: 1\n---\nA body.\n"
        == note
    )
    assert ("New", "Ann Lee", "2020-02-03 14:05", "A talk", "202002031405 New.md") == tuple(
        row[key] for key in ("title", "author", "date", "source", "path")
    )
    assert "202002031405\tNew\tClips, source, team\n" == run("list").out


def test_the_command_line_wins_over_what_a_page_says(notebook: Make) -> None:
    """Options replace what a page tells, and its heading stays if the title is another one."""
    html = f'<html><head><title>Old</title><link rel=canonical href=https://x.org/a><meta name=author content="Bob"></head><h1>Old</h1><p>{BODY}'
    row, note = import_file(
        notebook({}), "p.html", html, "--title", "New", "--author", "Ann", "--source", "https://y.org/b", "--date", "2020-02-03"
    )
    assert note.startswith('---\ntitle: New\ndate: 2020-02-03\ntags: [source]\nauthor: Ann\nsource: "https://y.org/b"\n---\n\n# Old\n\nWho')
    assert ("New", "Ann", "https://y.org/b") == (row["title"], row["author"], row["source"])


def test_a_date_replaces_the_day_of_the_article(notebook: Make) -> None:
    """A day that the text names is not left beside another one that the user gives."""
    _, note = import_file(notebook({}), "a.txt", f"Reasons first\n\nBy Ann Lee, 3 May 2021\n\n{BODY}\n", "--date", "2020-02-03")
    assert ("date: 2020-02-03\n" in note, 'published: "2020-02-03"' in note, "2021" in note) == (True, True, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "+++\ntitle = 'Old'\ntags = ['a']\n+++\nText.\n",
            "+++\nsource = \"n.md\"\nauthor = \"Ann\"\ntitle = 'New'\ntags = ['a', 'source']\n+++\nText.\n",
        ),
        (
            '{\n  "title": "Old",\n  "tags": ["a"]\n}\n\nText.\n',
            '---\n{\n  "source": "n.md",\n  "author": "Ann",\n  "title": "New",\n  "tags": ["a", "source"]\n}\n---\n\nText.\n',
        ),
        (
            "---\r\ntitle: Old\r\nkeywords: a b\r\n---\r\nText.\r\n",
            "---\r\ntitle: New\r\nkeywords: a b source\r\nauthor: Ann\r\nsource: n.md\r\n---\r\nText.\r\n",
        ),
    ],
)
def test_front_matter_keeps_its_form(text: str, expected: str, notebook: Make) -> None:
    """TOML, JSON and other line ends stay what they are."""
    row, note = import_file(notebook({}), "n.md", text, "--title", "New", "--author", "Ann")
    assert expected == note
    assert ("New", "Ann") == (row["title"], row["author"])


def test_broken_front_matter_stays(notebook: Make) -> None:
    """If front matter cannot be parsed, the text stays as it is, a message says so, and the answer is what the note says."""
    run = notebook({})
    (run.folder.parent / "n.md").write_text("---\ntitle: [x\n---\n# Head\n\nText.\n")
    result = run("import", "../n.md", "--title", "New", "--author", "Ann", "--json")
    (row,) = json.loads(result.out)["notes"]
    assert "---\ntitle: [x\n---\n# Head\n\nText.\n" == (run.folder / row["path"]).read_text()
    assert ("Head", None) == (row["title"], row["author"])
    assert "n.md: its front matter cannot be parsed, so nothing is added to it" in result.err


@pytest.mark.parametrize(
    "address",
    ["file:///home/ann/page.html", "file://C:/Users/ann/page.html", "C:\\Users\\ann\\page.html", "/home/ann/page.html", "~/ann/page.html"],
)
def test_the_source_is_not_a_path_of_this_machine(address: str, notebook: Make) -> None:
    """A note names the file that it is from if its page knows only where it was on a machine, but what the user says is written."""
    html = f"<html><head><title>T</title><link rel=canonical href='{address}'></head><p>{BODY}"
    _, note = import_file(notebook({}), "p.html", html)
    assert "\nsource: p.html\n" in note
    assert "ann" not in note
    _, note = import_file(notebook({}), "p.html", html, "--source", "/home/ann/page.html", "--again")
    assert '\nsource: "/home/ann/page.html"\n' in note


@pytest.mark.parametrize(
    ("name", "text", "title", "body"),
    [
        (
            "h.md",
            "A plan with words.\n\n## What failed\n\nIt failed.\n",
            "A plan with words",
            "A plan with words.\n\n## What failed\n\nIt failed.",
        ),
        ("why-we-ship.md", "A plan.\n\n# What failed\n\nIt failed.\n", "why-we-ship", "A plan.\n\n# What failed\n\nIt failed."),
        ("n.md", "# Real title\nText straight below.\n", "Real title", "Text straight below."),
        ("n.md", "Real title\n=====\nText straight below.\n", "Real title", "Text straight below."),
        ("n.txt", "Real title\n=====\n\nText below.\n", "Real title", "Text below."),
        ("n.md", "Real title\n---\n\nText below.\n", "Real title", "Text below."),
        ("n.md", "# In C# #\n\n\nText.\n", "In C#", "Text."),
        (
            "n.md",
            "![a](https://x.org/a.png)\n\n<!-- from May -->\n\n# Title\nBy Ann Lee\nText.\n",
            "Title",
            "![a](https://x.org/a.png)\n\n<!-- from May -->\n\nText.",
        ),
        ("n.md", "# See [all](https://x.org/b) #work\n\nText.\n", "See all", "# See [all](https://x.org/b) #work\n\nText."),
        ("n.md", "Why plans slip\nby Mia Berg\n\nThey are hopes.\n", "Why plans slip", "They are hopes."),
        ("n.md", "Some notes\n\n- one\n- two\n", "Some notes", "Some notes\n\n- one\n- two"),
        ("n.md", "- one\n---\n\nText.\n", "one", "- one\n---\n\nText."),
        ("log.md", "# Log\n\n2021-05-03\n\nDone.\n\n2021-05-04\n\nDone, too.\n", "Log", "2021-05-03\n\nDone.\n\n2021-05-04\n\nDone, too."),
    ],
)
def test_only_the_first_heading_is_a_title(name: str, text: str, title: str, body: str, notebook: Make) -> None:
    """A heading above which there is no prose is the title, and leaves the text if the title has all of its words. Any other stays."""
    row, note = import_file(notebook({}), name, text)
    assert (title, f"{body}\n") == (row["title"], note.partition("\n---\n\n")[2])


def test_another_title_keeps_the_heading(notebook: Make) -> None:
    """If the user gives another title, the words of the heading are not lost, and the article is known under either title."""
    run = notebook({})
    _, note = import_file(run, "n.md", "# Real title\nText straight below.\n", "--title", "Mine")
    assert note.endswith("---\n\n# Real title\n\nText straight below.\n")
    again = json.loads(run("import", "../n.md", "--title", "Yet another", "--json").out)
    assert ([], 1) == (again["notes"], len(again["skipped"]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("# Monday\n\nNothing yet.\n", "# Tuesday\n\nNothing yet.\n"),
        ("---\nx: 1\n---\nTo do.\n", "---\nx: 2\n---\nTo do.\n"),
        (
            "---\ntitle: One\nsource: https://x.org/book\n---\nA thought.\n",
            "---\ntitle: Two\nsource: https://x.org/book\n---\nAnother one.\n",
        ),
    ],
)
def test_notes_of_one_source_or_frame_are_different(one: str, other: str, notebook: Make) -> None:
    """Short texts with titles of their own are two notes, and so are two notes on the same source."""
    run = notebook({})
    import_file(run, "first-one.md", one)
    import_file(run, "other-one.md", other)
    assert 2 == len(list(run.folder.glob("*.md")))


def test_several_articles_may_share_what_the_user_says(notebook: Make, tmp_path: Path) -> None:
    """Author, source and date count for all articles, which get the IDs that follow that date."""
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / "in" / f"{number}.md").write_text(f"# Talk {number}\n\nWords of talk {number}.\n")
    run = notebook({})
    words = ("--author", "Ann", "--source", "https://x.org/talks", "--date", "2020-02-03 23:59")
    rows = json.loads(run("import", "../in", *words, "--json").out)["notes"]
    assert ["202002032359", "202002040000", "202002040001"] == [row["id"] for row in rows]
    assert ["https://x.org/talks"] * 3 == [row["source"] for row in rows]


def test_what_a_format_knows_counts_more_than_the_text(notebook: Make) -> None:
    """Title, day and tags of an exported note are those of its note, and the command line adds tags and replaces the rest."""
    note = (
        "<note><title>Trust &amp; #speed</title><content><![CDATA[<en-note><h1>Trust</h1><div>Trust is slow.</div></en-note>]]></content>"
        "<created>20230709T080219Z</created><tag>Project X</tag><note-attributes><source-url>file:///home/ann/x.html</source-url></note-attributes></note>"
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?><en-export>{note}</en-export>'
    row, written = import_file(notebook({}), "t.enex", text, "--author", "Ann", "--tag", "project-x,new")
    assert ("202307090802", "Trust & #speed", "Ann") == (row["id"], row["title"], row["author"])
    head = '---\ntitle: "Trust & #speed"\ndate: 2023-07-09 08:02\ntags: [source, Project-X, new]\nauthor: Ann\nsource: t.enex\n---\n'
    assert f"{head}\n# Trust\n\nTrust is slow.\n" == written


@pytest.mark.parametrize(
    ("name", "text", "title", "day"),
    [
        ("2023-04-05.md", BODY, "2023-04-05", "2023-04-05"),
        ("2023_04_05 Offsite.txt", f"# The offsite\n\n{BODY}", "The offsite", "2023-04-05"),
        ("2023-04-05-why-we-wait.md", f"---\ndate: 2022-01-02\n---\n{BODY}", "2023-04-05-why-we-wait", "2022-01-02"),
        ("2023-04-051.md", BODY, "Whoever leads a team owes it a reason for the work, told in…", None),
        ("2023-04-05.html", f"<h1>A page</h1><p>{BODY}", "A page", None),
    ],
)
def test_a_name_that_begins_with_a_day_tells_when(name: str, text: str, title: str, day: str | None, notebook: Make) -> None:
    """A daily note is called by its day, and a text whose name begins with one was written then, unless it says more. A page is only saved then."""
    row, _ = import_file(notebook({}), name, text)
    assert (title, day) == (row["title"], row["date"])


def test_a_wrong_date_is_refused(notebook: Make) -> None:
    """A date that is not one is an error that says how to write it, and nothing is imported."""
    run = notebook({"n.txt": "Title\n\nText.\n"})
    result = run("import", "n.txt", "--date", "soon")
    assert (2, True) == (result.code, '"soon" is not a date' in result.err)
    assert [] == list(run.folder.glob("*.md"))


def test_many_notes_make_a_short_report(notebook: Make, tmp_path: Path) -> None:
    """On a terminal the first notes are listed, and one line counts all; elsewhere every note is. One undo takes all back."""
    (tmp_path / "in").mkdir()
    for number in range(30):
        (tmp_path / "in" / f"{number:02}.md").write_text(f"# Talk {number}\n\nWords of talk {number}.\n")
    (tmp_path / "in" / "copy.md").write_text("# Talk 1\n\nWords of talk 1.\n")
    (tmp_path / "in" / "zero.bin").write_bytes(b"a\0b")
    run = notebook({})
    shown = run.on_terminal("import", "../in", "--dry-run", NO_COLOR="1")
    assert ("Talk 19" in shown.out, "Talk 20" in shown.out, "… and 10 more notes" in shown.out) == (True, False, True)
    assert [] == list(run.folder.glob("*.md"))
    result = run("import", "../in")
    assert 30 == len(result.out.splitlines())
    assert "zettel: 30 notes, 1 already there, 1 refused" == result.err.splitlines()[-1]
    run("undo")
    assert [] == list(run.folder.glob("*.md"))


def test_what_is_to_say_of_several_sources_is_said_once(notebook: Make, tmp_path: Path) -> None:
    """The same remark on several sources is one line that names them, and the JSON has all."""
    (tmp_path / "in").mkdir()
    for number in range(7):
        (tmp_path / "in" / f"{number}.txt").write_bytes(f"Caf\xe9 {number}\n\nText {number}.\n".encode("cp1252"))
    result = notebook({})("import", "../in", "--json")
    assert 1 == len([line for line in result.err.splitlines() if "windows-1252" in line])
    assert "in/0.txt, in/1.txt, in/2.txt, in/3.txt, in/4.txt and 2 more" in result.err
    assert [f"in/{number}.txt" for number in range(7)] == [one["source"] for one in json.loads(result.out)["remarks"]]
