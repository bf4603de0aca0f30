"""Test faults of paths, gaps and suggestions: hostile titles, odd files, damaged caches and concurrent writes."""

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


def save_path(run: Runner, *words: str) -> tuple[str, list[str], list[tuple[str | None, str]], list[str]]:
    """Save a path, and return its text, its tags, its links as (target, status), and the notes of the path."""
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
def test_titles_add_nothing_to_a_saved_path(title: str, notebook: Make) -> None:
    """A saved path links its own notes and has its own tag, whatever their titles hold, and nothing in it controls a terminal."""
    run = notebook(
        {
            "202401010101.md": f"---\ntitle: {json.dumps(title)}\n---\nSee 202401010103 here.\n",
            "202401010102.md": "# B\n",
            "202401010103.md": "# C\n",
        }
    )
    text, tags, links, notes = save_path(run, "202401010101", "C")
    assert (["structure/path"], [(path, "ok") for path in notes]) == (tags, links)
    assert text.replace("\n", "").isprintable()
    assert "\u202e" not in text
    assert "<" not in text.replace("\\<", "").partition("\n---\n")[2]
    assert len(text) < 2000


@pytest.mark.parametrize("name", ["x/a", "u|v", "q#r [s]", "w]]w"])
def test_every_step_of_a_saved_path_resolves(name: str, notebook: Make) -> None:
    """A note without an ID is linked by its path if its file name is not unique or has special characters."""
    run = notebook(
        {f"{name}.md": "# Ay ]] | x\n\nto [bee](/x/b.md) ok.\n", "y/a.md": "# Other\n", "x/b.md": "# Bee\n", "y/b.md": "# Bee too\n"}
    )
    _, _, links, notes = save_path(run, f"{name}.md", "x/b.md")
    assert [(path, "ok") for path in notes] == links


def test_saved_path_tells_apart_notes_with_the_same_id(notebook: Make) -> None:
    """A step whose ID is not unique is linked by its path."""
    run = notebook({"202401010101 A.md": "# A\n\nto [[b]].\n", "x/202401010101 A2.md": "# A2\n", "b.md": "# Bee\n"})
    _, _, links, notes = save_path(run, "202401010101 A.md", "b")
    assert [(path, "ok") for path in notes] == links


# Odd and damaged files


@pytest.mark.parametrize("words", [("suggest",), ("suggest", "A"), ("suggest", "--all", "--dry-run"), ("suggest", "A", "--dismiss", "B")])
def test_unreadable_dismissed_list_is_an_error(words: tuple[str, ...], notebook: Make) -> None:
    """If the dismissed pairs cannot be read, the command fails instead of suggesting them again or suggesting nothing."""
    run = notebook({"202401010101 A.md": "apple pear\n", "202401010102 B.md": "apple pear\n", "202401010103 C.md": "stone\n"})
    (run.folder / ".zettel" / "dismissed").mkdir()
    result = run(*words, "--json")
    assert (6, "", "io") == (result.code, result.out, json.loads(result.err)["error"]["code"])


def test_graph_around_an_empty_name_is_an_error(notebook: Make) -> None:
    """An empty name, for example from an unset variable, matches no note."""
    assert 4 == notebook({"202401010101 A.md": "See [[A]].\n"})("graph", "--around", "").code


def test_long_chain_is_drawn_and_walked(notebook: Make) -> None:
    """A long chain is drawn up to the depth limit, and a path walks it to its end."""
    run = notebook({f"n{number}.md": f"to [[n{number + 1}]]\n" for number in range(1200)})
    drawn = run("graph", "--format", "tree", "--around", "n0", "--depth", "1000000000000")
    assert (0, 101) == (drawn.code, len(drawn.out.splitlines()))
    assert 1200 == len(json.loads(run("path", "n0", "n1199", "--json").out)["paths"][0]["notes"])


@pytest.mark.parametrize("length", [0, 3, 4])
def test_damaged_link_graph_is_rebuilt(length: int, notebook: Make) -> None:
    """If the link graph in the catalogue is truncated, it is rebuilt, and the answer is the same."""
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
def test_damaged_link_table_is_rebuilt(line: str, notebook: Make) -> None:
    """A catalogue with a damaged link table is rebuilt by the command that finds the damage, and the answer is the same in any format."""
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


def test_insert_links_locks_the_notebook(notebook: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """While links are inserted, the notebook is locked, so that no second process overwrites the first one's link."""
    run = notebook({"a.md": "# A\n"})
    opened = Session(GlobalOptions(notebook=str(run.folder)), {"XDG_CACHE_HOME": run.environ["XDG_CACHE_HOME"]}).open_notebook()
    observed = set()

    def sync(*_: object) -> None:
        descriptor = os.open(run.folder, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            observed.add("locked")
        finally:
            os.close(descriptor)

    monkeypatch.setattr(atomic, "sync_file", sync)
    insert_links.insert_links(
        opened, [insert_links.NoteLinkEdit(opened.catalogue.list_notes()[0], FileEdit("a.md", b"# A\n", b"# B\n"), ())]
    )
    assert {"locked"} == observed
