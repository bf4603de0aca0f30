"""Test init, new, edit and show, and how a command line names a note."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import COMMAND, Runner

Make = Callable[[dict[str, "str | bytes"]], Runner]


def write_editor(folder: Path, script: str) -> str:
    """Write an editor as a shell script and return its path. The file is "$1"."""
    path = folder / "editor.sh"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_init_creates_a_notebook_once(tmp_path: Path) -> None:
    """`init` writes a config with every setting commented out, and changes nothing when it runs again."""
    run = Runner(tmp_path, tmp_path / "home")
    assert 0 == run("init", "mine").code
    config = tmp_path / "mine" / ".zettel" / "config.toml"
    assert "# links.pipe = " in config.read_text(encoding="utf-8")
    assert [] == [line for line in config.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert (tmp_path / "mine" / ".zettel" / "templates").is_dir()
    config.write_text("ignore = ['x']\n", encoding="utf-8")
    again = run("init", "mine")
    assert 0 == again.code
    assert "already" in again.out
    assert "ignore = ['x']\n" == config.read_text(encoding="utf-8")


@pytest.mark.parametrize(("folder", "shown"), [("home/notes", "cd ~/notes && "), ("home/my notes", "cd ~/'my notes' && "), (".", "")])
def test_init_says_where_to_type_the_first_command(folder: str, shown: str, tmp_path: Path) -> None:
    """The command that `init` proposes is for the current folder, so that it begins with `cd` if that is not in the new notebook."""
    (tmp_path / "home").mkdir()
    assert (
        f"\nCapture your first thought: {shown}zettel new A THOUGHT"
        in Runner(tmp_path, tmp_path / "home")("init", str(tmp_path / folder)).out
    )


def test_init_counts_existing_notes(tmp_path: Path) -> None:
    """In a folder with Markdown, `init` says how many notes and links it found."""
    (tmp_path / "202401010101 A.md").write_text("See [[B]] and 202401010102.\n", encoding="utf-8")
    (tmp_path / "202401010102 B.md").write_text("", encoding="utf-8")
    assert "2 notes, 2 links" in Runner(tmp_path, tmp_path / "home")("init").out


def test_new_writes_a_note(notebook: Make) -> None:
    """`new` creates `ID Title.md` with front matter, and prints ID and path."""
    run = notebook({})
    result = run("new", "Trust", "is", "earned", "-t", "people", "--tag", "a b")
    note_id, path = result.out.rstrip("\n").split("\t")
    assert f"{note_id} Trust is earned.md" == path
    text = (run.folder / path).read_text(encoding="utf-8")
    assert text.startswith("---\ntitle: Trust is earned\ndate: ")
    assert "\ntags: [people, a-b]\n---\n" in text
    assert ["people", "a-b"] == json.loads(run("show", note_id, "--json").out)["note"]["tags"]


@pytest.mark.parametrize(
    "title",
    [
        "a: b",
        "# heading",
        "'quoted'",
        '"double"',
        "yes",
        "2024",
        "[x]",
        "- dash",
        "null",
        "emoji 🚀",
        "тест",
        "a\\b",
        "100%",
        "@x",
        "x " * 300,
    ],
)
def test_new_keeps_any_title(title: str, notebook: Make) -> None:
    """Whatever the title, the new note is read back with it."""
    run = notebook({})
    result = run("new", "--json", "--", title)
    assert 0 == result.code, result.err
    note = json.loads(result.out)["note"]
    assert " ".join(title.split()) == json.loads(run("show", note["id"], "--json").out)["note"]["title"]
    assert len(os.fsencode(note["path"])) < 256


def test_piped_text_becomes_the_body(notebook: Make) -> None:
    """Piped text is the body, and without words on the command line its first line is the title."""
    run = notebook({})
    path = json.loads(run("new", "Given title", "--json", stdin="first\nsecond\n").out)["note"]["path"]
    assert (run.folder / path).read_text(encoding="utf-8").endswith("---\n\nfirst\nsecond\n")
    note = json.loads(run("new", "--json", stdin="# Piped title\n\nBody.\n").out)["note"]
    assert "Piped title" == note["title"]
    assert (run.folder / note["path"]).read_text(encoding="utf-8").endswith("---\n\nBody.\n")


def test_new_without_input_is_an_error(notebook: Make) -> None:
    """Without words, a pipe and a terminal, `new` fails with a hint and creates no note."""
    run = notebook({})
    result = run("new")
    assert 2 == result.code
    assert "zettel new" in result.err
    assert [] == list(run.folder.glob("*.md"))


def test_dry_run_writes_nothing(notebook: Make) -> None:
    """`--dry-run` shows the note and leaves the notebook as it was."""
    run = notebook({"202401010101 A.md": "text\n"})
    result = run("new", "A thought", "--link-from", "202401010101", "--dry-run")
    assert "+title: A thought" in result.out
    assert "+++ b/202401010101 A.md" in result.out
    assert "\n+20" in result.out
    assert ["202401010101 A.md"] == [path.name for path in run.folder.glob("*.md")]
    assert "text\n" == (run.folder / "202401010101 A.md").read_text(encoding="utf-8")


def test_link_from_keeps_every_byte(notebook: Make) -> None:
    """`--link-from` appends one line to that note. BOM, CRLF, permissions and front matter stay."""
    before = b"\xef\xbb\xbf---\r\nz: 1 # comment\r\ntitle: A\r\n---\r\nText.\r\n"
    run = notebook({"202401010101 A.md": before})
    (run.folder / "202401010101 A.md").chmod(0o640)
    note_id = json.loads(run("new", "A thought", "--link-from", "A", "--json").out)["note"]["id"]
    after = (run.folder / "202401010101 A.md").read_bytes()
    assert before + f"\r\n{note_id} A thought\r\n".encode() == after
    assert 0o640 == stat.S_IMODE((run.folder / "202401010101 A.md").stat().st_mode)
    assert [note_id] == [link["id"] for link in json.loads(run("links", "A", "--out", "--json").out)["links"]]


def test_link_from_refuses_a_note_that_is_not_utf8(notebook: Make) -> None:
    """A note that is not UTF-8 is never rewritten, so the new note is not created either."""
    run = notebook({"202401010101 A.md": b"caf\xe9\n"})
    result = run("new", "A thought", "--link-from", "202401010101")
    assert 5 == result.code
    assert ["202401010101 A.md"] == [path.name for path in run.folder.glob("*.md")]
    assert b"caf\xe9\n" == (run.folder / "202401010101 A.md").read_bytes()


def test_new_warns_about_a_title_in_use(notebook: Make) -> None:
    """A second note with the same title is created, with a warning that names the first."""
    run = notebook({"202401010101 Trust.md": ""})
    result = run("new", "trust")
    assert 0 == result.code
    assert "202401010101" in result.err
    assert 2 == len(list(run.folder.glob("*.md")))


def test_ids_are_unique_across_processes(notebook: Make) -> None:
    """Notes that several processes create at the same time all get different IDs."""
    run = notebook({})
    processes = [
        subprocess.Popen(
            [*COMMAND, "new", f"Thought {number}"],
            cwd=run.folder,
            env=run.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(12)
    ]
    printed = [process.communicate(timeout=120)[0] for process in processes]
    assert [0] * 12 == [process.returncode for process in processes]
    ids = [line.split("\t")[0] for line in printed]
    assert 12 == len(set(ids))
    assert sorted(ids) == sorted(path.name[:12] for path in run.folder.glob("*.md"))


def test_id_in_front_matter_counts_as_used(notebook: Make) -> None:
    """`new` avoids every note's ID, even one that is only in the front matter."""
    run = notebook({})
    first = json.loads(run("new", "One", "--dry-run", "--json").out)["note"]["id"]
    from datetime import datetime, timedelta

    from zettel.model.text.ids import parse_id_time

    start = datetime.fromisoformat(parse_id_time(first) or "")
    used = [(start + timedelta(minutes=minutes)).strftime("%Y%m%d%H%M") for minutes in range(3)]
    for minute in used:
        (run.folder / f"note-{minute[-2:]}.md").write_text(f"---\nid: {minute}\n---\n", encoding="utf-8")
    assert json.loads(run("new", "Two", "--json").out)["note"]["id"] not in used


def test_empty_note_is_not_kept(notebook: Make, tmp_path: Path) -> None:
    """A note that the editor leaves empty is removed again."""
    run = notebook({})
    result = run("new", "Thought", "--edit", EDITOR=write_editor(tmp_path, ': > "$1"'))
    assert 0 == result.code
    assert [] == list(run.folder.glob("*.md"))
    assert "no note was kept" in result.err


def test_draft_is_named_after_its_title(notebook: Make, tmp_path: Path) -> None:
    """A draft without words on the command line is named after the title that it gets in the editor."""
    run = notebook({})
    result = run("new", "--edit", "--json", EDITOR=write_editor(tmp_path, "printf '\\n# Said in the editor\\n' >> \"$1\""))
    assert 0 == result.code, result.err
    assert [json.loads(result.out)["note"]["path"]] == [path.name for path in run.folder.glob("*.md")]
    assert json.loads(result.out)["note"]["path"].endswith(" Said in the editor.md")


def test_new_opens_the_editor_on_a_terminal(notebook: Make, tmp_path: Path) -> None:
    """Without words and a pipe, `new` opens the editor on a terminal."""
    run = notebook({})
    shown = run.on_terminal("new", NO_COLOR="1", EDITOR=write_editor(tmp_path, "printf '\\n# From the editor\\n' >> \"$1\""))
    assert 0 == shown.code, shown.out
    (path,) = run.folder.glob("*.md")
    assert path.name.endswith(" From the editor.md")
    assert f"new {path.stem}" in shown.out


def test_show_renders_a_note_on_a_terminal(notebook: Make) -> None:
    """A terminal shows the note's name and its rendered Markdown, without front matter."""
    run = notebook({"202401010101 A.md": "---\ntitle: A\nkey: hidden\n---\nSome **bold** text.\n"})
    shown = run.on_terminal("show", "A", NO_COLOR="1").out
    assert "202401010101 A" in shown
    assert "Some bold text." in shown
    assert "hidden" not in shown


def test_untouched_draft_is_not_kept(notebook: Make) -> None:
    """A draft that the editor leaves unchanged is removed again."""
    run = notebook({})
    assert 0 == run("new", "--edit", EDITOR="true").code
    assert [] == list(run.folder.glob("*.md"))


def test_editor_variables_have_an_order(notebook: Make, tmp_path: Path) -> None:
    """`$ZETTEL_EDITOR` overrides `$VISUAL`, which overrides `$EDITOR`, and arguments are split without a shell."""
    run = notebook({"202401010101 A.md": "text\n"})
    mark = write_editor(tmp_path, 'echo "$1" > mark')
    assert 0 == run("edit", "A", ZETTEL_EDITOR=f"{mark} '$(touch pwned)'", VISUAL="false", EDITOR="false").code
    assert "$(touch pwned)\n" == (run.folder / "mark").read_text(encoding="utf-8")
    assert 6 == run("edit", "A", VISUAL="false", EDITOR="true").code
    assert 0 == run("edit", "A", EDITOR="true").code
    assert 2 == run("edit", "A", EDITOR="no-such-editor-here").code


def test_notebook_cannot_choose_the_editor(notebook: Make) -> None:
    """The editor in a notebook's own config is not run."""
    run = notebook({"202401010101 A.md": "", ".zettel/config.toml": 'editor = "touch pwned"\n'})
    assert 0 == run("edit", "A", EDITOR="true").code
    assert not (run.folder / "pwned").exists()


def test_show_pipes_the_bytes_of_a_note(notebook: Make) -> None:
    """A piped note comes out byte for byte."""
    text = "\ufeff---\r\ntitle: A\r\n---\r\n*Text* \x1b[31m\r\n"
    run = notebook({"202401010101 A.md": text})
    assert text == run("show", "A").out


def test_show_links_adds_the_links(notebook: Make) -> None:
    """`--links` adds the links of the note."""
    run = notebook({"202401010101 A.md": "See 202401010102 B.\n", "202401010102 B.md": "Text.\n"})
    assert "← 202401010101 A" in run("show", "B", "--links").out
    assert ["202401010101"] == [link["id"] for link in json.loads(run("show", "B", "--links", "--json").out)["note"]["links"]]


NAMED = {
    "202401010101 Execution first.md": "---\naliases: [doing]\n---\n",
    "202401010102 Execution second.md": "",
    "sub/202405010101 Über Mut.md": "",
    "sub/plain name.md": "# Headed\n",
}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("202401010101", "202401010101 Execution first.md"),
        ("2024050", "sub/202405010101 Über Mut.md"),
        ("202401010101 Execution first.md", "202401010101 Execution first.md"),
        ("sub/plain name", "sub/plain name.md"),
        ("./sub/plain name.md", "sub/plain name.md"),
        ("EXECUTION first", "202401010101 Execution first.md"),
        ("Doing", "202401010101 Execution first.md"),
        ("headed", "sub/plain name.md"),
        ("plain name", "sub/plain name.md"),
        ("secon", "202401010102 Execution second.md"),
        ("über", "sub/202405010101 Über Mut.md"),
        ("202401010102 some old title", "202401010102 Execution second.md"),
    ],
)
def test_note_is_found_by_any_name(text: str, path: str, notebook: Make) -> None:
    """A note is named by its ID or the start of it, path, title, alias, file name or part of a title."""
    assert path == notebook(NAMED)("show", text, "--format", "paths").out.rstrip("\n")


def test_dash_reads_a_name_from_stdin(notebook: Make) -> None:
    """`-` reads the note's name from stdin."""
    assert "202401010102\n" == notebook(NAMED)("show", "-", "--format", "ids", stdin="second\n").out


def test_ambiguous_name_lists_the_candidates(notebook: Make) -> None:
    """If several notes match, none is chosen: exit code 4, with the candidates."""
    result = notebook(NAMED)("show", "execution")
    assert 4 == result.code
    assert "202401010101" in result.err
    assert "202401010102" in result.err


def test_unknown_name_offers_the_nearest(notebook: Make) -> None:
    """If no note matches, the nearest name is offered, and JSON has an error code."""
    run = notebook(NAMED)
    result = run("show", "Excution frst")
    assert 4 == result.code
    assert 'did you mean "Execution first"' in result.err
    error = json.loads(run("show", "Excution frst", "--json").err)["error"]
    assert "no-such-note" == error["code"]


def test_nearest_notebook_is_used(notebook: Make, tmp_path: Path) -> None:
    """-N overrides the nearest folder with a marker, which overrides $ZETTEL_DIR, which overrides the user's config."""
    run = notebook({"202401010101 Near.md": "", "deep/er/x.txt": ""})
    for name in ("named", "environ", "config"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.md").write_text("", encoding="utf-8")
    config = tmp_path / "home" / "config" / "zettel" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'notebook = "{tmp_path}/config"\n', encoding="utf-8")
    deep = Runner(run.folder / "deep" / "er", tmp_path / "home")
    away = Runner(tmp_path, tmp_path / "home")
    environ = str(tmp_path / "environ")
    assert "named" in deep("-N", "../../../named", "list", ZETTEL_DIR=environ).out
    assert "Near" in deep("list", ZETTEL_DIR=environ).out
    assert "environ" in away("list", ZETTEL_DIR=environ).out
    assert "config" in away("list").out
    config.unlink()
    assert 3 == away("list").code
