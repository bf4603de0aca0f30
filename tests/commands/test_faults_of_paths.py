"""Faults and strangers where paths, gaps and suggestions are: hostile titles, odd files, and what must not be lost."""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Runner
from zettel.adapters.catalogue import schema
from zettel.adapters.fs import atomic
from zettel.adapters.fs.seal import Seal
from zettel.model.edit.changes import FileEdit
from zettel.services import insert_links
from zettel.session import GlobalOptions, Session

Make = Callable[[dict[str, "str | bytes"]], Runner]


def saved(run: Runner, *words: str) -> tuple[str, list[str], list[tuple[str | None, str]], list[str]]:
    """Save a path; gives its text, its tags, its links as (target, status), and the notes of the path."""
    answer = json.loads(run("path", *words, "--save", "--json").out)
    path = answer["saved"]["path"]
    graph = json.loads(run("graph", "--format", "json").out)
    (tags,) = (note["tags"] for note in graph["notes"] if note["path"] == path)
    links = [(link["target"], link["status"]) for link in graph["links"] if link["source"] == path]
    return (run.folder / path).read_text(encoding="utf-8"), tags, links, [note["path"] for note in answer["paths"][0]["notes"]]


@pytest.mark.parametrize(
    "title",
    [
        "\x1b]0;pwned\x07 red",
        "\u202eturned",
        "one\n\n# two",
        "see [[B]] and #secret",
        "as in 202401010102 B",
        "<script>alert(1)</script>",
        "`open",
        "x" * 10_000,
    ],
)
def test_titles_put_nothing_into_a_saved_path(title: str, notebook: Make) -> None:
    """A saved path links its own notes and has its own tag, whatever their titles hold; nothing in it steers a terminal."""
    run = notebook(
        {
            "202401010101.md": f"---\ntitle: {json.dumps(title)}\n---\nSee 202401010103 here.\n",
            "202401010102.md": "# B\n",
            "202401010103.md": "# C\n",
        }
    )
    text, tags, links, notes = saved(run, "202401010101", "C")
    assert (["structure/path"], [(path, "ok") for path in notes]) == (tags, links)
    assert text.replace("\n", "").isprintable()
    assert "\u202e" not in text
    assert "<" not in text.replace("\\<", "").partition("\n---\n")[2]
    assert len(text) < 2000


@pytest.mark.parametrize("name", ["x/a", "u|v", "q#r [s]", "w]]w"])
def test_every_step_of_a_saved_path_is_a_link(name: str, notebook: Make) -> None:
    """Notes without an ID are linked by their paths where others have their file names, or where these say something in a link."""
    run = notebook(
        {f"{name}.md": "# Ay ]] | x\n\nto [bee](/x/b.md) ok.\n", "y/a.md": "# Other\n", "x/b.md": "# Bee\n", "y/b.md": "# Bee too\n"}
    )
    _, _, links, notes = saved(run, f"{name}.md", "x/b.md")
    assert [(path, "ok") for path in notes] == links


def test_the_right_one_of_two_notes_with_an_id(notebook: Make) -> None:
    """A step of a saved path whose ID another note has, too, is linked by its path."""
    run = notebook({"202401010101 A.md": "# A\n\nto [[b]].\n", "x/202401010101 A2.md": "# A2\n", "b.md": "# Bee\n"})
    _, _, links, notes = saved(run, "202401010101 A.md", "b")
    assert [(path, "ok") for path in notes] == links


# Files that are something else


@pytest.mark.parametrize("words", [("suggest",), ("suggest", "A"), ("suggest", "--all", "--dry-run"), ("suggest", "A", "--dismiss", "B")])
def test_a_list_of_dismissed_pairs_that_cannot_be_read(words: tuple[str, ...], notebook: Make) -> None:
    """Nothing is suggested as if nobody had dismissed anything, nor is no suggestion the answer: it is an error."""
    run = notebook({"202401010101 A.md": "apple pear\n", "202401010102 B.md": "apple pear\n", "202401010103 C.md": "stone\n"})
    (run.folder / ".zettel" / "dismissed").mkdir()
    result = run(*words, "--json")
    assert (6, "", "io") == (result.code, result.out, json.loads(result.err)["error"]["code"])


def test_a_drawing_around_nothing(notebook: Make) -> None:
    """An empty name (of an unset variable, say) is no note, rather than no name."""
    assert 4 == notebook({"202401010101 A.md": "See [[A]].\n"})("graph", "--around", "").code


def test_a_long_chain(notebook: Make) -> None:
    """A chain of notes of any length is drawn as deep as makes sense, and walked to its end."""
    run = notebook({f"n{number}.md": f"to [[n{number + 1}]]\n" for number in range(1200)})
    drawn = run("graph", "--format", "tree", "--around", "n0", "--depth", "1000000000000")
    assert (0, 101) == (drawn.code, len(drawn.out.splitlines()))
    assert 1200 == len(json.loads(run("path", "n0", "n1199", "--json").out)["paths"][0]["notes"])


@pytest.mark.parametrize("length", [0, 3, 4])
def test_a_damaged_link_graph_is_made_anew(length: int, notebook: Make) -> None:
    """Where the link graph in the catalogue is cut short, it is made anew, and the answer is the same."""
    run = notebook({"a.md": "# A\n\n[[b]]\n", "b.md": "# B\n\n[[c]]\n", "c.md": "# C\n"})
    whole = run("path", "A", "C", "--json")
    for file in Path(run.environ["XDG_CACHE_HOME"]).rglob("catalogue*.db"):
        with sqlite3.connect(file) as connection:
            columns = [row[1] for row in connection.execute("PRAGMA table_info(adjacency)")]
            connection.execute(f"UPDATE adjacency SET {', '.join(f'{name} = substr({name}, 1, {length})' for name in columns)}")
        connection.close()
        Seal(str(file), schema.SCHEMA_VERSION).write()
    assert (0, whole.out) == run("path", "A", "C", "--json")[:2]


@pytest.mark.parametrize("line", ["list", "list --json", "orphans --format jsonl", "links A"])
def test_damage_where_only_some_look(line: str, notebook: Make) -> None:
    """A catalogue whose links are damaged is made anew by whoever comes upon that, and the answer is the same, in any format."""
    run = notebook({"a.md": "# A\n\n[[b]]\n", "b.md": "# B\n\n[[c]]\n", "c.md": "# C\n"})
    whole = run(*line.split())
    for file in Path(run.environ["XDG_CACHE_HOME"]).rglob("catalogue*.db"):
        with sqlite3.connect(file) as connection:
            (size,) = connection.execute("PRAGMA page_size").fetchone()
            pages = connection.execute("SELECT rootpage FROM sqlite_master WHERE tbl_name = 'link'").fetchall()
        connection.close()
        data = bytearray(file.read_bytes())
        for (page,) in pages:
            data[(page - 1) * size : page * size] = b"\xa5" * size
        file.write_bytes(data)
        Seal(str(file), schema.SCHEMA_VERSION).write()
    assert (0, whole.out) == run(*line.split())[:2]


def test_two_processes_do_not_overwrite_each_other(notebook: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """While links are put in place no other zettel can do so: both would find the notes unchanged, and one link would be lost."""
    run = notebook({"a.md": "# A\n"})
    opened = Session(GlobalOptions(notebook=str(run.folder)), {"XDG_CACHE_HOME": run.environ["XDG_CACHE_HOME"]}).open_notebook()
    held = set()

    def sync(*_: object) -> None:
        descriptor = os.open(run.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.add("locked")
        finally:
            os.close(descriptor)

    monkeypatch.setattr(atomic, "sync_file", sync)
    insert_links.insert_links(opened, [insert_links.NoteLinkEdit(opened.list_notes()[0], FileEdit("a.md", b"# A\n", b"# B\n"), ())])
    assert {"locked"} == held
