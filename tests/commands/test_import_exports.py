"""Test that exports of other tools become notes as their users had them: titles, dates, tags, links and pictures."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commands import exports
from tests.conftest import Runner

Make = Callable[[dict[str, "str | bytes"]], Runner]

EXPORTS: dict[str, tuple[str, bytes, exports.Files]] = {
    "notion": ("Export-7c1e0f5a.zip", exports.make_notion_zip(exports.NOTION), exports.NOTION),
    "notion-html": ("Export.zip", exports.make_zip(exports.NOTION_HTML), exports.NOTION_HTML),
    "joplin": ("joplin.jex", exports.make_tar(exports.JOPLIN), exports.JOPLIN),
    "bear": ("Bear Notes.bear2bk", exports.make_zip(exports.BEAR), exports.BEAR),
    "obsidian": ("vault.zip", exports.make_zip(exports.OBSIDIAN), exports.OBSIDIAN),
    "keep": ("takeout.zip", exports.make_zip(exports.KEEP), exports.KEEP),
    "logseq": ("graph.zip", exports.make_zip(exports.LOGSEQ), exports.LOGSEQ),
}


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the local time be UTC, whatever the machine's time zone is."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(params=["archive", "folder"])
def import_export(request: pytest.FixtureRequest, notebook: Make, tmp_path: Path) -> Callable[[str], Runner]:
    """Import an export of a tool into an empty notebook, as an archive and as the folder that it holds."""

    def import_one(tool: str) -> Runner:
        name, data, files = EXPORTS[tool]
        place = tmp_path / "export" / name
        place.parent.mkdir()
        if request.param == "archive":
            place.write_bytes(data)
        else:
            for path, content in files.items():
                (place / path).parent.mkdir(parents=True, exist_ok=True)
                (place / path).write_bytes(content.encode() if isinstance(content, str) else content)
        run = notebook({})
        result = run("import", "--keep", str(place))
        assert 0 == result.code, result.err
        return run

    return import_one


def read_note(run: Runner, title: str) -> str:
    """Return the text of the only note whose file name ends in a title."""
    (path,) = run.folder.glob(f"*{title}.md")
    return path.read_text(encoding="utf-8")


def list_titles(run: Runner) -> list[str]:
    """Return the titles of all notes."""
    return sorted(row["title"] for row in json.loads(run("list", "--json").out)["notes"])


def list_broken_links(run: Runner) -> str:
    """Return what `check` says about links that no note answers to, or several do."""
    return run("check", "--only", "dangling", "--only", "ambiguous").out


@pytest.mark.parametrize("tool", EXPORTS)
def test_import_leaves_no_dangling_link(import_export: Callable[[str], Runner], tool: str) -> None:
    """Each link between the notes of an export leads to a note afterwards."""
    run = import_export(tool)
    assert "" == list_broken_links(run)


def test_import_knows_pages_of_notion(import_export: Callable[[str], Runner]) -> None:
    """Titles have no numbers, properties are fields, what refers to other pages stays in the text, and callouts are quotes."""
    run = import_export("notion")
    assert ["Delegation", "Feedback", "Ideas", "Meeting rhythm", "Team handbook"] == list_titles(run)
    text = read_note(run, "Delegation")
    assert text.startswith(
        "---\ntitle: Delegation\ndate: 2024-05-03 09:14\ntags: [source, trust, growth]\nauthor: Ada Example\n"
        'source: "https://example.org/delegation"\nStatus: Done\n---\n'
    )
    assert "- Related: [Feedback](202406010000%20Feedback.md)\n\nHand over the outcome" in text
    assert "\nNote: a step that is handed over comes back.\n" in text
    assert "\n> 💡 Start with [Meeting rhythm](" in read_note(run, "Team handbook")
    assert "aside" not in read_note(run, "Team handbook")
    assert exports.PICTURE == (run.folder / "files" / "white board.png").read_bytes()
    assert "![whiteboard](files/white%20board.png)" in read_note(run, "Meeting rhythm")


def test_import_makes_a_table_of_a_database_of_notion(import_export: Callable[[str], Runner]) -> None:
    """A database is one note, with all of its rows, each of which links to its page."""
    text = read_note(import_export("notion"), "Ideas")
    assert "| [Delegation](202405030914%20Delegation.md) | May 3, 2024 9:14 AM | Done |" in text
    assert "| [Feedback](202406010000%20Feedback.md) | June 1, 2024 | Open |" in text


def test_import_knows_pages_of_notion_in_html(import_export: Callable[[str], Runner]) -> None:
    """Properties of a page of HTML are fields in any language, ticks stay ticks, and a relation stays a link."""
    text = read_note(import_export("notion-html"), "Delegation")
    assert '\ndate: 2024-05-03 09:14\ntags: [source, trust, growth]\nsource: Delegation.html\nStatus: Done\nShared: "yes"\n' in text
    assert "- Related: [Feedback](" in text
    assert "- [x] Ask first" in text
    assert "- [ ] Ask again" in text
    assert "(files/map.png)" in text


def test_import_knows_notes_of_joplin(import_export: Callable[[str], Runner]) -> None:
    """Notes have their day, tags, author, notebook and state, links lead to notes and attachments, and HTML becomes Markdown."""
    run = import_export("joplin")
    assert ["Flow", "Page", "Value delivery"] == list_titles(run)
    text = read_note(run, "Value delivery")
    assert "\ndate: 2023-02-01 08:30\ntags: [source, lead-time]\nauthor: Ada Example\n" in text
    assert "\nnotebook: Work/Strategy\n" in text
    assert "[Flow](202302010831%20Flow.md) and [its end](202302010831%20Flow.md#the-end)" in text
    assert "![curve](files/learning%20curve.png)" in text
    assert text.endswith("\nkey: value in the text\n")
    assert '\ncompleted: "yes"\n' in read_note(run, "Flow")
    assert "## Part\n\nKept as **HTML**" in read_note(run, "Page")


def test_import_knows_notes_of_bear(import_export: Callable[[str], Runner]) -> None:
    """A tag of several words is a tag, a link to a heading leads there, and what was thrown away is left out."""
    run = import_export("bear")
    assert ["Listening", "Silence"] == list_titles(run)
    text = read_note(run, "Listening")
    assert "\ndate: 2022-07-05 10:20\ntags: [source, one-on-one]\n" in text
    assert "#people/coaching one on one\n" in text
    assert "[[Silence#Why]]" in text
    assert "(files/ear.png)" in text
    assert "tags: [source, two-minutes]" in read_note(run, "Silence")


def test_import_knows_notes_of_obsidian(import_export: Callable[[str], Runner]) -> None:
    """Links keep their words and headings, aliases stay, embedded pictures come along, and settings do not."""
    run = import_export("obsidian")
    assert ["Queues", "Small batches"] == list_titles(run)
    text = read_note(run, "Small batches")
    assert "aliases: [batches]\n" in text
    assert "[[Queues#Cost|what queues cost]]" in text
    assert "![[files/batch.png|300]]" in text


def test_import_knows_notes_of_keep(import_export: Callable[[str], Runner]) -> None:
    """A list has its boxes, labels are tags, and neither the page of a note nor what is in the trash is imported."""
    run = import_export("keep")
    assert ["Questions for Monday"] == list_titles(run)
    text = read_note(run, "Questions for Monday")
    assert "\ndate: 2022-04-30 10:30\ntags: [source, one-on-one]\n" in text
    assert "- [x] Who decides?\n- [ ] By when?\n" in text
    assert "[Deciding](<https://example.org/deciding>)" in text
    assert "(files/desk.jpg)" in text


def test_import_knows_pages_of_logseq(import_export: Callable[[str], Runner]) -> None:
    """A page's properties are fields, its name may have slashes, and a journal has its day."""
    run = import_export("logseq")
    assert ["2024-05-03", "Teams/Trust"] == list_titles(run)
    text = read_note(run, "Teams Trust")
    assert "tags: [source, people, trust]\n" in text
    assert "alias: confidence\n" in text
    assert "owner: Ada\n" in text
    assert "collapsed::" not in text
    assert "date: 2024-05-03 00:00\n" in read_note(run, "2024-05-03")


@pytest.mark.parametrize("tool", EXPORTS)
def test_import_knows_an_export_again(notebook: Make, tmp_path: Path, tool: str) -> None:
    """An export that was imported as an archive is already there when its unpacked folder is imported."""
    name, data, files = EXPORTS[tool]
    (tmp_path / name).write_bytes(data)
    for path, content in files.items():
        (tmp_path / "unpacked" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "unpacked" / path).write_bytes(content.encode() if isinstance(content, str) else content)
    run = notebook({})
    assert 0 == run("import", "--keep", str(tmp_path / name)).code
    before = list_titles(run)
    run("import", "--keep", str(tmp_path / "unpacked"))
    assert before == list_titles(run)


def test_import_of_an_export_is_undone_at_once(notebook: Make, tmp_path: Path) -> None:
    """One undo takes out the notes and the files of an export."""
    (tmp_path / "a.zip").write_bytes(exports.make_notion_zip(exports.NOTION))
    run = notebook({})
    assert 0 == run("import", "--keep", str(tmp_path / "a.zip")).code
    assert 0 == run("undo").code
    assert [] == [path for path in run.folder.rglob("*") if path.is_file() and ".zettel" not in path.parts]


def test_import_keeps_notes_of_the_same_title(notebook: Make, tmp_path: Path) -> None:
    """Two notes of an export with one title and different texts are two notes, and the import is recognised when it is made again."""
    files = {f"A/Untitled {'a' * 32}.md": "# Untitled\n\nOne thing.\n", f"B/Untitled {'b' * 32}.md": "# Untitled\n\nAnother thing.\n"}
    (tmp_path / "a.zip").write_bytes(exports.make_zip(files))
    run = notebook({})
    for _ in range(2):
        run("import", "--keep", str(tmp_path / "a.zip"))
        assert ["Untitled", "Untitled"] == list_titles(run)
