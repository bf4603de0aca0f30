"""Test templates, daily, append, split and extract, as a person types them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tests.conftest import COMMAND, ROOT, Runner

Make = Callable[[dict[str, "str | bytes"]], Runner]
TEMPLATES = sorted(path.stem for path in (ROOT / "zettel" / "templates").iterdir())
DAILY_NAME = re.compile(r"\d{12} (\d{4}-\d\d-\d\d)\.md")


def read_notes(run: Runner) -> dict[str, bytes]:
    """Return every note and its bytes."""
    return {path.name: path.read_bytes() for path in sorted(run.folder.glob("*.md"))}


# Templates


def test_init_creates_the_templates(tmp_path: Path) -> None:
    """`init` creates the templates, names them, and never overwrites an existing one."""
    run = Runner(tmp_path, tmp_path / "home")
    own = tmp_path / "mine" / ".zettel" / "templates" / "decision.md"
    own.parent.mkdir(parents=True)
    own.write_text("# $title\n", encoding="utf-8")
    result = run("init", "mine")
    assert "principle" in result.out
    assert "decision" not in result.out
    assert "# $title\n" == own.read_text(encoding="utf-8")
    listed = json.loads(run("-N", "mine", "templates", "--json").out)["templates"]
    assert TEMPLATES == [row["name"] for row in listed]
    assert all(row["about"] for row in listed if row["name"] != "decision")
    again = run("init", "mine", "--json")
    assert [] == json.loads(again.out)["made"]


def test_new_fills_in_a_template(notebook: Make) -> None:
    """Title, tags and body go where the template has them, and the note reads back what was typed."""
    run = notebook(
        {".zettel/templates/decision.md": "---\n# For choices\ntitle: $title\ntags: [decision]\nid: $id\n---\n\n$body\n\n## Options?\n"}
    )
    result = run("new", "--template", "decision", 'Say "no": #1', "-t", "x", "--json", stdin="Because.\n")
    note = json.loads(result.out)["note"]
    shown = json.loads(run("show", note["id"], "--json").out)["note"]
    assert ('Say "no": #1', ["decision", "x"]) == (shown["title"], shown["tags"])
    text = (run.folder / note["path"]).read_text(encoding="utf-8")
    assert text.endswith(f"\nid: {note['id']}\n---\n\nBecause.\n\n## Options?\n")
    assert "For choices" not in text


def test_note_template_setting_is_the_default(notebook: Make) -> None:
    """`note.template` is used if no template is named, and an empty value means none."""
    run = notebook({".zettel/templates/plain.md": "# $title\n", ".zettel/config.toml": 'note.template = "plain"\n'})
    first, second = (
        json.loads(run(*words, "--json").out)["note"]["path"] for words in (("new", "A"), ("-c", "note.template=", "new", "B"))
    )
    assert "# A\n" == (run.folder / first).read_text(encoding="utf-8")
    assert (run.folder / second).read_text(encoding="utf-8").startswith("---\ntitle: B\n")


def test_template_without_a_title_works(notebook: Make) -> None:
    """The file's name holds the ID and the title if the template holds neither."""
    run = notebook({".zettel/templates/t.md": "no title here\n"})
    note = json.loads(run("new", "-T", "t", "My title", "--json").out)["note"]
    assert "My title" == json.loads(run("show", note["id"], "--json").out)["note"]["title"]


def test_template_may_change_the_title(notebook: Make) -> None:
    """The file is named after the title that the note has."""
    run = notebook({".zettel/templates/t.md": "---\ntitle: Talk with $title\n---\n"})
    note = json.loads(run("new", "-T", "t", "Ana", "--json").out)["note"]
    assert f"{note['id']} Talk with Ana.md" == note["path"]


@pytest.mark.parametrize(
    ("code", "name", "message"),
    [
        (2, "decison", 'did you mean "decision"?'),
        (2, "../config", "there is no template"),
        (2, "", None),
        (6, "latin", "byte 4 is not UTF-8"),
        (6, "folder", "cannot be"),
        (6, "link", "symbolic link"),
        (6, "huge", "too large"),
        (5, "broken", "not valid YAML"),
    ],
)
def test_unusable_template_is_an_error(code: int, name: str, message: str | None, notebook: Make, tmp_path: Path) -> None:
    """The error says why the template cannot be used, and no note is created."""
    run = notebook(
        {
            ".zettel/templates/decision.md": "# $title\n",
            ".zettel/templates/latin.md": b"caf\xe9\n",
            ".zettel/templates/folder.md/x": "",
            ".zettel/templates/huge.md": "x" * 1_000_001,
            ".zettel/templates/broken.md": "---\ntitle: [\n---\n",
            ".zettel/config.toml": "",
        }
    )
    (tmp_path / "secret").write_text("secret\n", encoding="utf-8")
    (run.folder / ".zettel" / "templates" / "link.md").symlink_to(tmp_path / "secret")
    result = run("new", "-T", name, "A thought")
    if message is None:
        assert 0 == result.code
        return
    assert (code, "") == (result.code, result.out)
    assert message in result.err
    assert {} == read_notes(run)
    assert 0 == run("templates").code


def test_symlinked_templates_folder_is_not_followed(notebook: Make, tmp_path: Path) -> None:
    """A templates folder that is a symlink is not followed."""
    run = notebook({})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "t.md").write_text("secret\n", encoding="utf-8")
    (run.folder / ".zettel" / "templates").symlink_to(tmp_path / "elsewhere")
    assert 5 == run("new", "-T", "t", "x").code


def test_completion_lists_templates(notebook: Make) -> None:
    """Tab after --template offers the names of templates."""
    run = notebook({".zettel/templates/decision.md": "", ".zettel/templates/demo.md": "", ".zettel/templates/x.md": ""})
    result = run(_ZETTEL_COMPLETE="complete_fish", _TYPER_COMPLETE_ARGS="zettel new --template de")
    assert ["decision\t", "demo\t"] == result.out.splitlines()


def test_draft_is_named_by_what_was_typed(notebook: Make, tmp_path: Path) -> None:
    """Not a question of the template becomes the title, but the first line that was typed."""
    script = tmp_path / "editor.sh"
    script.write_text('#!/bin/sh\necho "Answer." >> "$1"\n', encoding="utf-8")
    script.chmod(0o755)
    run = notebook({".zettel/templates/t.md": "---\ntitle: $title\n---\n\n## Why?\n"})
    run.on_terminal("new", "-T", "t", EDITOR=str(script))
    ((name, text),) = read_notes(run).items()
    assert re.fullmatch(r"\d{12} Answer\.md", name)
    assert b"---\ntitle: Answer.\n---\n\n## Why?\nAnswer.\n" == text


# Daily


def test_daily_creates_one_note_a_day(notebook: Make) -> None:
    """The first call creates the note, and the next one finds it and prints the same."""
    run = notebook({})
    first, second = run("daily"), run("daily")
    assert (0, first.out) == (second.code, second.out)
    (name,) = read_notes(run)
    assert DAILY_NAME.fullmatch(name)


def test_concurrent_daily_creates_one_note(notebook: Make) -> None:
    """Several processes at the same time create one note, and none of their lines is lost."""
    run = notebook({})
    started = [
        subprocess.Popen(
            [*COMMAND, "daily", "--append", f"line {number}"],
            cwd=run.folder,
            env=run.environ,
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
        )
        for number in range(6)
    ]
    outs = {process.communicate()[0] for process in started}
    assert 1 == len(outs)
    (text,) = read_notes(run).values()
    assert [f"line {number}" for number in range(6)] == sorted(re.findall(r"(?m)^- \d\d:\d\d (.*)$", text.decode()))


def test_daily_append_adds_lines(notebook: Make) -> None:
    """Each line has the time and goes below the one before, and piped text is appended too."""
    run = notebook({})
    run("daily", "--append", "one")
    run("daily", stdin="two\nmore\n")
    (text,) = read_notes(run).values()
    assert re.search(r"---\n\n- \d\d:\d\d one\n- \d\d:\d\d two\n  more\n\Z", text.decode())


def test_daily_uses_its_template(notebook: Make) -> None:
    """A template called daily is used, and the note is found by the title that it gives."""
    run = notebook({".zettel/templates/daily.md": "# $day $date\n\n## Log\n"})
    run("daily", "--append", "one")
    run("daily", "--append", "two")
    (text,) = read_notes(run).values()
    assert re.fullmatch(r"# \w+day \d{4}-\d\d-\d\d\n\n## Log\n\n- \d\d:\d\d one\n- \d\d:\d\d two\n", text.decode())


def test_daily_finds_a_note_without_an_id(notebook: Make) -> None:
    """A note that another program has created for the day is used."""
    name = f"journal/{datetime.now():%Y-%m-%d}.md"
    run = notebook({name: "text\n"})
    run("daily", "--append", "one")
    assert {} == read_notes(run)
    assert (run.folder / name).read_text(encoding="utf-8").startswith("text\n\n- ")


def test_daily_accepts_any_date(notebook: Make) -> None:
    """--date accepts any day, and nothing but a day."""
    run = notebook({})
    assert re.fullmatch(r"20240503\d{4}\t20240503\d{4} 2024-05-03\.md\n", run("daily", "--date", "2024-05-03").out)
    assert 2 == run("daily", "--date", "2024").code


def test_daily_refuses_several_notes_of_a_day(notebook: Make) -> None:
    """If two notes are of the same day, neither is chosen."""
    day = f"{datetime.now():%Y-%m-%d}"
    assert 4 == notebook({f"a/{day}.md": "", f"b/{day}.md": ""})("daily").code


def test_daily_opens_the_editor(notebook: Make, tmp_path: Path) -> None:
    """On a terminal `daily` opens the note in the editor."""
    script = tmp_path / "editor.sh"
    script.write_text('#!/bin/sh\necho "Written." >> "$1"\n', encoding="utf-8")
    script.chmod(0o755)
    run = notebook({})
    assert 0 == run.on_terminal("daily", EDITOR=str(script)).code
    (text,) = read_notes(run).values()
    assert text.decode().endswith("Written.\n")


def test_daily_dry_run_writes_nothing(notebook: Make) -> None:
    """--dry-run shows what would be written and writes nothing."""
    run = notebook({})
    assert re.search(r"(?m)^\+- \d\d:\d\d one$", run("daily", "--append", "one", "--dry-run").out)
    assert {} == read_notes(run)


# Append


def test_append_adds_a_paragraph(notebook: Make) -> None:
    """The words, or piped text, become a paragraph at the end, and every earlier byte stays."""
    before = b"\xef\xbb\xbf---\r\nz: 1 # c\r\ntitle: A\r\n---\r\nText."
    run = notebook({"202401010101 A.md": before})
    assert "202401010101\t202401010101 A.md\n" == run("append", "A", "More", "words").out
    run("append", "202401010101", stdin="one\ntwo\n\n")
    assert before + b"\r\n\r\nMore words\r\n\r\none\r\ntwo\r\n" == read_notes(run)["202401010101 A.md"]


@pytest.mark.parametrize(("code", "data", "words"), [(5, b"```\n", ["x"]), (5, b"caf\xe9\n", ["x"]), (2, b"a\n", []), (2, b"a\n", [" "])])
def test_append_refuses_unsafe_notes_and_empty_text(code: int, data: bytes, words: list[str], notebook: Make) -> None:
    """An open code block, another encoding and an empty text are errors, and the note stays as it was."""
    run = notebook({"202401010101 A.md": data})
    assert code == run("append", "202401010101", *words).code
    assert data == read_notes(run)["202401010101 A.md"]


def test_append_dry_run_shows_a_diff(notebook: Make) -> None:
    """--dry-run shows a diff and writes nothing."""
    run = notebook({"202401010101 A.md": "a\n"})
    assert run("append", "A", "b", "--dry-run").out.endswith("@@ -1,1 +1,3 @@\n a\n+\n+b\n".replace("1,1", "1"))
    assert b"a\n" == read_notes(run)["202401010101 A.md"]


# Split and extract

PARTS = {
    "in/202401010101 A.md": "---\ntitle: A\ntags: [t]\n---\nSee [b](B.md) and [[#Two]].\n\n## One\n\nfirst [b](B.md)\n\n### Sub\n\n## Two\n\nsecond\n",
    "in/B.md": "[[202401010101 A#Two|two]], [x](<202401010101 A.md#one>), ![[202401010101#Sub]] and [[202401010101 A]].\n",
}


def test_split_lists_headings(notebook: Make) -> None:
    """Without a heading, `split` lists the headings with their numbers."""
    result = notebook(PARTS)("split", "202401010101")
    assert "1\tOne\t7\n2\tSub\t11\n3\tTwo\t13\n" == result.out
    assert "zettel split NOTE HEADING" in result.err


def test_split_all_makes_a_note_of_each_heading(notebook: Make) -> None:
    """Every heading below the title becomes a note in the same folder with the same tags, and links to headings are rewritten everywhere."""
    run = notebook(PARTS)
    result = run("split", "202401010101", "--all", "--json")
    one, two = json.loads(result.out)["notes"]
    here = run.folder / "in"
    assert (f"in/{one['id']} One.md", f"in/{two['id']} Two.md") == (one["path"], two["path"])
    assert here.joinpath("202401010101 A.md").read_text(encoding="utf-8") == (
        f"---\ntitle: A\ntags: [t]\n---\nSee [b](B.md) and [[{two['id']} Two]].\n\n[One]({one['id']}%20One.md)\n\n[Two]({two['id']}%20Two.md)\n"
    )
    text = (run.folder / one["path"]).read_text(encoding="utf-8")
    assert text.endswith("tags: [t]\n---\n\nfirst [b](B.md)\n\n## Sub\n")
    assert here.joinpath("B.md").read_text(encoding="utf-8") == (
        f"[[{two['id']}|two]], [x](<{one['id']}%20One.md>), ![[{one['id']} One#Sub]] and [[202401010101 A]].\n"
    )
    assert [] == [link for link in json.loads(run("graph", "--format", "json").out)["links"] if link["status"] != "ok"]


def test_links_to_headings_in_footnotes_follow_a_split(notebook: Make) -> None:
    """Each copy of a footnote that both parts use, and one that moves with its part, leads to the headings from where it is."""
    text = "# S\n\n## One\n\nx[^a] y[^b]\n\n## Two\n\nz[^a]\n\n[^a]: [two](#two) [[#One]]\n\n[^b]: [[#Two]] [one](#one)\n"
    run = notebook({"s.md": text})
    result = run("split", "s.md", "One")
    assert 0 == result.code, result.err
    note_id, path = result.out.strip().split("\t")
    new = path.replace(" ", "%20")
    moved = (run.folder / path).read_text(encoding="utf-8")
    assert f"[^a]: [two](s.md#two) [[{note_id} One]]\n" in moved
    assert f"[^b]: [[s#Two]] [one]({new})\n" in moved
    assert f"[^a]: [two](#two) [[{note_id} One]]\n" in (run.folder / "s.md").read_text(encoding="utf-8")
    assert 0 == run("undo").code
    assert text == (run.folder / "s.md").read_text(encoding="utf-8")


def test_split_keeps_numbered_anchors(notebook: Make) -> None:
    """Links that tell headings with the same words apart by number, or name the heading that becomes a title, lead to their text after a split."""
    text = (
        "# S\n\n## Part\n\none\n\n## Part\n\ntwo [own](#part-1) [[#Whole]]\n\n## Whole\n\n[up](#whole) [r][]\n\n[r]: #whole\n\n### Part\n"
    )
    links = "[a](s.md#part) [b](s.md#part-1) [c](s.md#part-2) [[s#Whole#Part]]\n"
    run = notebook({"s.md": text, "o.md": links})
    result = run("split", "s.md", "Whole")
    assert 0 == result.code, result.err
    note_id, path = result.out.strip().split("\t")
    new = path.replace(" ", "%20")
    assert f"[up]({new}) [r]({new})" in (run.folder / path).read_text(encoding="utf-8")
    assert f"two [own](#part-1) [[{note_id} Whole]]" in (run.folder / "s.md").read_text(encoding="utf-8")
    assert f"[a](s.md#part) [b](s.md#part-1) [c]({new}#part) [[{note_id} Whole#Part]]\n" == (run.folder / "o.md").read_text(
        encoding="utf-8"
    )
    assert 0 == run("split", "s.md", "1").code
    assert "[b](s.md#part)" in (run.folder / "o.md").read_text(encoding="utf-8")
    assert "two [own](#part)" in (run.folder / "s.md").read_text(encoding="utf-8")
    assert (0, 0) == (run("undo").code, run("undo").code)
    assert (text, links) == tuple((run.folder / name).read_text(encoding="utf-8") for name in ("s.md", "o.md"))


@pytest.mark.parametrize(
    ("code", "words", "message"),
    [
        (2, ["Three"], "has no heading"),
        (2, ["o"], "2 headings"),
        (2, ["One", "Sub"], "is below"),
        (2, ["One", "--all"], "--all"),
        (2, ["9"], "has no heading"),
    ],
)
def test_split_refuses_unclear_headings(code: int, words: list[str], message: str, notebook: Make) -> None:
    """A heading that does not exist, several that match, and one nested in another are errors, and nothing is written."""
    run = notebook(PARTS)
    result = run("split", "202401010101", *words)
    assert (code, "") == (result.code, result.out)
    assert message in result.err


@pytest.mark.parametrize("heading", ["One", "one", "## One", "1"])
def test_headings_are_named_by_words_or_number(heading: str, notebook: Make) -> None:
    """A heading is named in any letter case, with its marks, or by its number."""
    assert " One.md" in notebook(PARTS)("split", "202401010101", heading).out


def test_split_tells_apart_a_title_in_use(notebook: Make) -> None:
    """Links to the note that has the title already stay, and the new note's title gets its origin added."""
    run = notebook({"202401010101 A.md": "# A\n\n## Notes\n\nx\n", "202401010102 Notes.md": "# Notes\n", "B.md": "[[Notes]]\n"})
    result = run("split", "202401010101", "Notes")
    assert result.out.endswith(" Notes (A).md\n")
    assert "there is already a note" in result.err
    assert ["202401010102"] == [link["id"] for link in json.loads(run("links", "B", "--out", "--json").out)["links"]]


SPELLINGS = [
    # (heading, link to it in another note, what follows the name of the new note)
    ("Why: now?", "[[A#Why now]]", ""),
    ("Why: now?", "[[A#Why: now?|x]]", ""),
    ("Why: now?", "[x](202401010101%20A.md#why-now)", ""),
    ("Rust & C#", "[[A#Rust & C#]] [[A#Rust C]]", ""),
    ("Pros | cons", "[[A#Pros cons]]", ""),
    ("**Bold** `code`", "[[A#**Bold** `code`]] [[A#Bold code]]", ""),
    ("Plan {#plan-b}", "[x](202401010101%20A.md#plan-b)", ""),
    ("Plan #team ^p1", "[[A#Plan]] [[A#Plan team]] [[A#^p1]]", ""),
    ("Über uns", "[x](202401010101%20A.md#%C3%BCber-uns)", ""),
    ("Plan\n\n### Sub-part", "[[A#Plan#Sub part]] [x](202401010101%20A.md#sub-part)", "#"),
    ("Plan\n\nLine ^p2", "![[A#^p2]]", "#^p2"),
]


@pytest.mark.parametrize(("heading", "link", "anchor"), SPELLINGS)
def test_links_to_a_heading_follow_it_in_any_spelling(heading: str, link: str, anchor: str, notebook: Make) -> None:
    """Headings are compared by letters and digits, as Obsidian, GitHub and Foam write them in links."""
    run = notebook({"202401010101 A.md": f"# A\n\n## {heading}\n\nx\n", "B.md": f"# B\n\n{link}\n"})
    result = run("split", "202401010101", "1")
    assert 0 == result.code, result.err
    new = result.out.split("\t")[0]
    after = read_notes(run)["B.md"].decode()
    assert link.count("]") == after.count("]")
    assert {new} == {found["id"] for found in json.loads(run("links", "B", "--out", "--json").out)["links"]}
    assert ("#" in after.partition("\n")[2]) == bool(anchor)
    assert anchor in after


def test_split_mends_links_to_headings_of_the_same_text(notebook: Make) -> None:
    """A Markdown link to a heading of the note leads to the heading's new place, from wherever it stands."""
    text = "# A\n\n[down](#notes) [stay](#here)\n\n## Here\n\n## Notes\n\nx [up](#here) [self](#sub)\n\n### Sub\n"
    run = notebook({"202401010101 A.md": text})
    new, path = run("split", "202401010101", "Notes").out.rstrip("\n").split("\t")
    notes = {name: data.decode() for name, data in read_notes(run).items()}
    assert f"[down]({new}%20Notes.md) [stay](#here)" in notes["202401010101 A.md"]
    assert "x [up](202401010101%20A.md#here) [self](#sub)" in notes[path]


def test_extract_turns_lines_into_a_note(notebook: Make) -> None:
    """The lines become a note and a link takes their place. --dry-run writes nothing."""
    run = notebook({"202401010101 A.md": "# A\n\none\n\ntwo\n"})
    assert "+two\n" in run("extract", "202401010101", "5", "Number", "two", "--dry-run").out
    assert ["202401010101 A.md"] == list(read_notes(run))
    note_id, _ = run("extract", "202401010101", "5", "Number", "two", "-t", "x").out.rstrip("\n").split("\t")
    assert f"# A\n\none\n\n{note_id} Number two\n" == read_notes(run)["202401010101 A.md"].decode()
    assert ["x"] == json.loads(run("show", note_id, "--json").out)["note"]["tags"]


@pytest.mark.parametrize(
    ("code", "lines"), [(2, "x"), (2, "0"), (2, "3-2"), (2, "-3"), (5, "4"), (5, "9"), (5, "3-99"), (2, "1-9999999999")]
)
def test_extract_refuses_wrong_lines(code: int, lines: str, notebook: Make) -> None:
    """What is not a line range, or names blank or missing lines, is an error, and nothing is written."""
    run = notebook({"202401010101 A.md": "# A\n\none\n\ntwo\n"})
    result = run("extract", "202401010101", "--", lines)
    assert (code, "") == (result.code, result.out)
    assert ["202401010101 A.md"] == list(read_notes(run))


def test_split_takes_note_and_heading_in_one_word(notebook: Make) -> None:
    """`NOTE#HEADING` names the section, as it does for `rename`."""
    run = notebook({"202401010101 Harbour.md": "# Harbour\n\n## Tides\n\nWater.\n\n## Ships\n\nWood.\n"})
    made = json.loads(run("split", "Harbour#Tides", "--json").out)["notes"]
    assert ["Tides"] == [note["title"] for note in made]
    assert "name any" in run("split", "Harbour#Ships", "--all").err


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (("new", "Ropes"), r"new \d{12} Ropes"),
        (("append", "Harbour", "More"), "added to 202401010101 Harbour"),
        (("split", "Harbour", "Tides"), r"new \d{12} Tides\nfrom 202401010101 Harbour"),
        (("daily", "--append", "More"), r"new \d{12} \d{4}-\d\d-\d\d"),
    ],
)
def test_a_person_reads_what_was_written(words: tuple[str, ...], shown: str, notebook: Make) -> None:
    """A terminal says what happened to which note. A pipe gets its ID and path."""
    run = notebook({"202401010101 Harbour.md": "# Harbour\n\n## Tides\n\nWater.\n"})
    assert re.fullmatch(shown + "\n", run.on_terminal(*words, NO_COLOR="1").out)
    assert re.fullmatch(r"\d{12}\t\d{12} [^\t]+\.md\n", run("append", "Harbour", "Still more").out)


def test_append_to_daily_is_named(notebook: Make) -> None:
    """Whoever appends to "daily" learns how."""
    assert "zettel daily --append TEXT" in notebook({"a.md": "# A\n"})("append", "daily", "text").err
