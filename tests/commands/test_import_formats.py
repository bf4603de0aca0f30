"""Test that `zettel import` makes notes of exports, mails and documents, and refuses what it cannot read."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from tests.conftest import Runner

Make = Callable[[dict[str, "str | bytes"]], Runner]
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
MAIL = "From: Mia Berg <m@example.org>\nSubject: Why we wait\nDate: Fri, 03 May 2024 09:30:00 +0000\nMessage-ID: <1@x>\n\nBecause it pays.\n\n> Why?\n"


def build_enex() -> str:
    """Return an Evernote export with two notes of the same title, the first one with a picture, and a note that is only a title."""
    picture = f"<resource><data>{base64.b64encode(PICTURE).decode()}</data><mime>image/png</mime></resource>"
    shown = f'<en-media hash="{hashlib.md5(PICTURE).hexdigest()}"/>'
    origin = "<note-attributes><source-url>https://example.org/</source-url></note-attributes>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<en-export>'
        f"<note><title>Talk</title><created>20230709T080219Z</created><tag>team</tag>{origin}"
        f"<content><![CDATA[<en-note><div>The first talk.</div>{shown}</en-note>]]></content>{picture}</note>"
        f"<note><title>Talk</title>{origin}<content><![CDATA[<en-note><div>Another one.</div></en-note>]]></content></note>"
        "<note><title>Only a title</title><content><![CDATA[<en-note/>]]></content></note></en-export>"
    )


def read_notes(run: Runner) -> list[str]:
    """Return the text of each note, in the order of their names."""
    return [path.read_text(encoding="utf-8") for path in sorted(run.folder.glob("*.md"))]


def test_an_evernote_export_becomes_its_notes(notebook: Make, tmp_path: Path) -> None:
    """Each note is one, also if it has the title and address of another, with its day, tags and picture; and none comes twice."""
    (tmp_path / "all.txt").write_text(build_enex(), encoding="utf-8")
    run = notebook({})
    assert 0 == run("import", "../all.txt").code
    first, *rest = read_notes(run)
    assert "title: Talk\n" in first
    assert "date: 2023-07-09 " in first
    assert "tags: [source, team]\n" in first
    assert "The first talk.\n\n![](files/picture.png)" in first
    assert PICTURE == (run.folder / "files" / "picture.png").read_bytes()
    assert ["Another one.", ""] == [text.rpartition("---\n")[2].strip() for text in rest]
    assert [] == json.loads(run("import", "../all.txt", "--json").out)["notes"]


def test_a_folder_is_imported_by_content(notebook: Make, tmp_path: Path) -> None:
    """Files of known formats become notes, whatever they are called, and the rest is passed over with the reason."""
    folder = tmp_path / "mixed"
    (folder / "Page_files").mkdir(parents=True)
    for name, data in {
        "a.eml": MAIL,
        "b.data": build_enex(),
        "Page.html": "<html><title>A page</title><p>Words.",
        "Page_files/style.html": "<html>frame",
        "style.css": "p {color: red}",
        "memo.rtf": "{\\rtf1 We wait.}",
    }.items():
        (folder / name).write_text(data, encoding="utf-8")
    result = notebook({})("import", "../mixed", "--json")
    assert 0 == result.code
    assert ["A page", "Why we wait", "Talk", "Talk", "Only a title"] == [note["title"] for note in json.loads(result.out)["notes"]]
    assert "mixed/memo.rtf: an RTF file" in result.err
    assert "mixed/style.css: not of a format that can be imported" in result.err
    assert "frame" not in result.err


def test_a_folder_of_which_nothing_can_be_read_is_an_error(notebook: Make, tmp_path: Path) -> None:
    """If every file is refused, the exit code says so, and each has its reason."""
    (tmp_path / "some").mkdir()
    for number in range(12):
        (tmp_path / "some" / f"{number:02}.png").write_bytes(PICTURE)
    run = notebook({})
    result = run("import", "../some")
    assert (6, "") == (result.code, result.out)
    assert "some/00.png: a picture (PNG)\n" in result.err
    assert "… and 2 more\n" in result.err
    assert [] == read_notes(run)


def test_a_mail_is_imported_from_a_pipe(notebook: Make) -> None:
    """A mail in a pipe is known by its headers."""
    run = notebook({})
    assert 0 == run("import", "-", stdin=MAIL).code
    (note,) = read_notes(run)
    assert "title: Why we wait\n" in note
    assert "author: Mia Berg\n" in note
    assert note.endswith("---\n\nBecause it pays.\n\n> Why?\n")


def test_a_refusal_says_what_to_type(notebook: Make, tmp_path: Path) -> None:
    """What cannot be imported is named, with a hint, and nothing is written."""
    (tmp_path / "a.txt").write_text("{\\rtf1 We wait.}", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes("Ожидание окупается, если знать, чего ждёшь.".encode("cp1251"))
    run = notebook({})
    result = run("import", "../a.txt")
    assert (6, "") == (result.code, result.out)
    assert "a.txt is an RTF file, which cannot be imported\n" in result.err
    assert "pandoc -f rtf" in result.err
    result = run("import", "../b.txt")
    assert 6 == result.code
    assert "zettel import --encoding windows-1251" in result.err
    assert 0 == run("import", "../b.txt", "--encoding", "windows-1251").code
