"""Test that after any outside edits the catalogue is the same as one built from scratch."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zettel.adapters.catalogue import writer
from zettel.adapters.fs import files
from zettel.model.link.link import NOT_A_LINK
from zettel.model.settings.settings import DEFAULTS
from zettel.notebook.notebook import OpenNotebook


@pytest.fixture(autouse=True)
def _exact_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No note is read again only because it has just been written."""
    monkeypatch.setattr(files, "TICK", 0)


IDS = ("202104291526", "202104291527", "20210429152612", "202199999999")
PATHS = (
    "a.md",
    "B.md",
    "b.md",
    "Trust.md",
    "dir/Trust.md",
    "dir/a.md",
    "zz/a.md",
    "README.md",
    "dir/README.md",
    "dir/index.md",
    "dir/sub/README.md",
    "U\u0308bung.md",
    "C# and F#.md",
    f"{IDS[0]}.md",
    f"{IDS[0]} Trust.md",
    f"{IDS[0]} Other.md",
    f"{IDS[1]}-slug.md",
    f"dir/{IDS[1]} Trust.md",
    f"{IDS[0]} Dir/{IDS[2]} Name.md",
    f"{IDS[0]} Dir/README.md",
    f"zz/{IDS[3]}.markdown",
    f"{IDS[0]} Trust (Bo's conflicted copy 2024-05-03).md",
    f"{IDS[0]} Trust 2.md",
    f"{IDS[0]} Trust (Bo's conflicted copy 2024-05-03) 2.md",
    f"dir/{IDS[1]} Trust.sync-conflict-20240503-120000-ABCDEFG.md",
    "Trust (1).md",
    "a (conflicted).md",
    "README (conflicted).md",
)
TITLES = ("Trust", "trust", "Übung", "Other", "C# and F#", "a", IDS[0])
LINKS = (
    *IDS,
    f"§{IDS[0]}",
    f"{IDS[1]} Some title",
    f"[[{IDS[0]}]]",
    f"[[{IDS[0]} Trust]]",
    f"[[{IDS[1]} Wrong]]",
    f"[[Wrong {IDS[2]}]]",
    f"[[{IDS[3]}|label]]",
    "[[Trust]]",
    "[[trust]]",
    "[[TRUST]]",
    "[[a]]",
    "[[b]]",
    "[[B]]",
    "[[dir/a]]",
    "[[zz/a]]",
    "[[dir/Trust#part]]",
    "[[dir]]",
    "[[sub]]",
    "[[README]]",
    "[[Übung]]",
    "[[C# and F#]]",
    "[[C# and F##part]]",
    "[[Nick]]",
    "[[nick name]]",
    "[[#part]]",
    "[[../a]]",
    "![[Trust]]",
    "![[picture.png]]",
    "[x](a.md)",
    "[x](dir/a.md)",
    "[x](../a.md)",
    "[x](/zz/a.md)",
    "[x](Trust)",
    "[x](trust.md#part)",
    "[x](dir)",
    "[x](dir/)",
    "[x](..)",
    "[x](../)",
    "[x](/)",
    "[x](.)",
    "[x](./)",
    "[x](../../out.md)",
    "[x](U%CC%88bung.md)",
    f"[x](<{IDS[0]} Dir/{IDS[2]}-slug.md>)",
    f"[x](/{IDS[0]}%20Dir)",
    f"[x]({IDS[1]}-slug.md)",
    f"[x](../{IDS[1]}-old.md)",
    f"[x]({IDS[0]}.pdf)",
    '<a href="b.md">x</a>',
    "https://example.org/a.md",
)


class Write(NamedTuple):
    """Write a note, new or over an existing one."""

    path: str
    text: str


class Remove(NamedTuple):
    """Remove a note, if it exists."""

    path: str


class Move(NamedTuple):
    """Give a note another name or folder, replacing a note that is there."""

    path: str
    to: str


Step = Write | Remove | Move


def build_text(title: str, heading: str, aliases: list[str], note_id: str, tags: list[str], links: list[str]) -> str:
    """Return the text of a note. A `heading` that begins with a plus sign is its first line, without marks."""
    fields = [f"title: {title}"] * bool(title) + [f"id: {note_id}"] * bool(note_id)
    fields += [f"aliases: [{', '.join(aliases)}]"] * bool(aliases) + [f"tags: [{', '.join(tags)}]"] * bool(tags)
    front = "---\n" + "\n".join(fields) + "\n---\n" if fields else ""
    first = heading[1:] if heading[:1] == "+" else f"# {heading}" if heading else "Text."
    return f"{front}{first}\n\n" + " and\n".join(links) + "\n"


some = st.sampled_from
texts = st.builds(
    build_text,
    some(("", "", *TITLES)),
    some(("", "", *TITLES, f"{IDS[0]} Trust", f"On {IDS[1]}", f"+{IDS[0]}", f"+{IDS[2]} Trust", "+[[Trust]]")),
    st.lists(some(("Nick", "Nick name", "Trust", "a")), max_size=2),
    some(("", "", "", IDS[0], IDS[1])),
    st.lists(some(("x", "X", "x/y", "Führung")), max_size=2),
    st.lists(some(LINKS), max_size=4),
)
writes = st.builds(Write, some(PATHS), texts)
steps = st.one_of(writes, writes, st.builds(Remove, some(PATHS)), st.builds(Move, some(PATHS), some(PATHS)))
histories = st.lists(st.lists(steps, min_size=1, max_size=4), min_size=2, max_size=5)
"""Lists of edits, with a refresh after each list."""


@contextmanager
def open_temporary_folder() -> Iterator[Path]:
    """Yield a folder for one example."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@contextmanager
def open_notebook(root: Path, cache: Path | None, **settings: str) -> Iterator[OpenNotebook]:
    """Open a notebook whose catalogue is in `cache`, or in memory if that is None, as when no cache can be written."""
    notebook = OpenNotebook(
        str(root), {**DEFAULTS, **settings}, {"XDG_CACHE_HOME": str(cache or os.devnull)}, pytest.fail if cache else str
    )
    try:
        yield notebook
    finally:
        notebook.catalogue.connection.close()


def carry_out(step: Step, root: Path, stamps: Iterator[int]) -> None:
    """Do what a step says, as an editor would. Each edited file gets a time of its own."""
    match step:
        case Write(path, words):
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(words, encoding="utf-8")
        case Remove(path):
            (root / path).unlink(missing_ok=True)
            return
        case Move(path, to):
            target = root / to
            if path == to or not (root / path).exists():
                return
            target.parent.mkdir(parents=True, exist_ok=True)
            (root / path).replace(target)
    stamp = next(stamps)
    os.utime(target, ns=(stamp, stamp))


def read_catalogue(notebook: OpenNotebook) -> dict[str, object]:
    """Return everything that the catalogue knows about the notes."""
    return {
        "notes": notebook.catalogue.list_notes(),
        "links": notebook.catalogue.find_links(),
        "unlinked": notebook.catalogue.connection.execute(
            "SELECT s.path, l.text FROM link l JOIN note s ON s.id = l.source WHERE l.status = ? ORDER BY s.path, l.start", (NOT_A_LINK,)
        ).fetchall(),
        "tags": notebook.catalogue.count_tags(),
        "names": notebook.catalogue.list_note_names(),
        "keys": notebook.catalogue.connection.execute(
            "SELECT key, path FROM name JOIN note ON note.id = name.note ORDER BY key, path"
        ).fetchall(),
        "orphans": sorted(notebook.catalogue.list_orphans()),
        "isolated": sorted(notebook.catalogue.list_orphans(isolated=True)),
        "edges": sorted(notebook.catalogue.list_edges()),
        "problems": notebook.list_problems(),
        "questions": notebook.catalogue.list_questions(),
        "lookbacks": notebook.catalogue.list_review_dates(),
    }


def read_from_scratch(root: Path, cache: Path | None = None, **settings: str) -> dict[str, object]:
    """Return what the catalogue of a notebook knows that was never read before."""
    with open_notebook(root, cache, **settings) as notebook:
        notebook.refresh()
        return read_catalogue(notebook)


def check_history(history: list[list[Step]], **settings: str) -> None:
    """Assert that after each refresh the catalogue knows what one built from scratch knows."""
    stamps = itertools.count(1_600_000_000_000_000_000, 1_000_000_000)
    with open_temporary_folder() as place:
        root = place / "notes"
        root.mkdir()
        with open_notebook(root, place / "cache", **settings) as notebook:
            for edits in history:
                for step in edits:
                    carry_out(step, root, stamps)
                notebook.refresh()
                expected, actual = read_from_scratch(root, **settings), read_catalogue(notebook)
                for part, found in expected.items():
                    assert found == actual[part], part
                assert 0 == notebook.refresh()


MOVED_ASIDE = [[Write("a.md", "[[zz/a]] [x](zz/a.md)"), Write("zz/a.md", "")], [Move("zz/a.md", "dir/a.md")]]
ANOTHER_CASE = [[Write("dir/a.md", "[[B]] [[b]]"), Write("zz/b.md", "")], [Move("zz/b.md", "zz/B.md")]]
ROOT_README = [[Write("dir/a.md", "[x](..) [x](../)")], [Write("README.md", "")], [Remove("README.md")]]
ID_BELOW_ID = [[Write("a.md", f"[x](<{IDS[0]} Dir/{IDS[2]}-slug.md>)")], [Write(f"{IDS[2]} Name.md", "")], [Write(f"{IDS[0]}.md", "")]]
COPY, COPY_OF_COPY, ORIGINAL = PATHS[21], PATHS[23], PATHS[14]
COPY_COMES_FIRST = [
    [Write("b.md", f"{IDS[0]} [[Trust]] [[{IDS[0]} Trust (Bo's conflicted copy 2024-05-03)]]"), Write(COPY, "# Trust\n")],
    [Write(ORIGINAL, "# Trust\n")],
    [Move(ORIGINAL, f"{IDS[0]} Other.md")],
    [Write(COPY_OF_COPY, "# Trust\n")],
    [Remove(f"{IDS[0]} Other.md")],
    [Remove(COPY)],
]
COPY_BY_ID_IN_FRONT_MATTER = [
    [
        Write("a.md", "[[a]] " + IDS[0]),
        Write("Trust.md", f"---\nid: {IDS[0]}\n---\n"),
        Write("Trust (1).md", f"---\nid: {IDS[0]}\n---\n# Trust\n"),
    ],
    [Write("Trust.md", f"---\nid: {IDS[1]}\n---\n")],
    [Write("Trust.md", f"---\nid: {IDS[0]}\n---\n")],
    [Remove("Trust.md")],
]
SAME_TEXT = "# Other\n\nA few words that both of them have.\n"
COPY_BY_TEXT = [
    [Write("a.md", "[[Other]] [x](Trust%20%281%29.md)"), Write("Trust.md", SAME_TEXT), Write("Trust (1).md", SAME_TEXT)],
    [Write("Trust.md", "# Other\n\nNow it says something else, with not one of the old words.\n")],
    [Write("Trust.md", SAME_TEXT)],
    [Write("Trust (1).md", SAME_TEXT.replace("Other", "Another"))],
    [Write("Trust (1).md", SAME_TEXT)],
    [Remove("Trust.md")],
]
TITLE_COMES_AND_GOES = [[Write("a.md", "[[Trust]]")], [Write("b.md", "# Trust\n")], [Write("B.md", "# Trust\n")], [Remove("b.md")]]
ID_IN_A_TITLE_LINE = [
    [Write("a.md", f"{IDS[0]} Trust\n"), Write("b.md", f"# On {IDS[0]}\n"), Write("zz/a.md", f"[[{IDS[0]}]]")],
    [Write("B.md", f"---\nid: {IDS[0]}\n---\n"), Remove("b.md")],
    [Write("a.md", f"# {IDS[0]}\n"), Write("dir/a.md", f"{IDS[0]} Trust\n")],
    [Move("B.md", f"{IDS[1]}-slug.md")],
    [Remove(f"{IDS[1]}-slug.md")],
]
TITLE_LINE_AND_COPY = [
    [
        Write("a.md", f"[[{IDS[0]}]]"),
        Write("Trust.md", f"# {IDS[0]} Trust\n"),
        Write("Trust (1).md", f"---\nid: {IDS[0]}\n---\n# Trust\n"),
        Write("README (conflicted).md", f"{IDS[0]} Trust\n"),
    ],
    [Write("B.md", f"---\nid: {IDS[0]}\n---\n")],
    [Remove("Trust.md")],
    [Remove("B.md")],
    [Write("Trust.md", f"{IDS[0]} Trust\n"), Write("README.md", f"+{IDS[0]}\n")],
]


@settings(max_examples=150, deadline=None)
@given(histories)
@example(MOVED_ASIDE)
@example(ANOTHER_CASE)
@example(ROOT_README)
@example(ID_BELOW_ID)
@example(TITLE_COMES_AND_GOES)
@example(ID_IN_A_TITLE_LINE)
@example(TITLE_LINE_AND_COPY)
@example(COPY_COMES_FIRST)
@example(COPY_BY_ID_IN_FRONT_MATTER)
@example(COPY_BY_TEXT)
def test_refresh_matches_a_catalogue_from_scratch(history: list[list[Step]]) -> None:
    """Whatever is created, edited, renamed and removed, notes, links, targets and tags are those of a fresh catalogue."""
    check_history(history)


@settings(max_examples=40, deadline=None)
@given(histories)
@example(MOVED_ASIDE)
@example(ROOT_README)
@example(ID_BELOW_ID)
@example(ID_IN_A_TITLE_LINE)
@example(TITLE_LINE_AND_COPY)
@example(COPY_COMES_FIRST)
@example(COPY_BY_ID_IN_FRONT_MATTER)
@example(COPY_BY_TEXT)
def test_bulk_refresh_matches_a_catalogue_from_scratch(history: list[list[Step]]) -> None:
    """The same holds when so much changes that names, rows and stamps are updated in bulk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "BULK_LOOKUP_THRESHOLD", 0)
        patch.setattr(writer, "BATCH_SIZE", 1)
        patch.setattr(writer, "MAX_SINGLE_STAMPS", 1)
        check_history(history)


@settings(max_examples=15, deadline=None)
@given(histories)
def test_refresh_matches_a_catalogue_from_scratch_with_labels_first(history: list[list[Step]]) -> None:
    """The same holds with the reversed pipe."""
    check_history(history, **{"links.pipe": "label-first"})


def interrupt(*_: object) -> None:
    """Raise what Ctrl-C raises."""
    raise KeyboardInterrupt


def test_interrupted_refresh_changes_nothing(tmp_path: Path) -> None:
    """A refresh that is interrupted leaves the catalogue as it was, and the next one completes it."""
    root = tmp_path / "notes"
    root.mkdir()
    (root / "a.md").write_text("# A\n\n[[b]]\n", encoding="utf-8")
    with open_notebook(root, tmp_path / "cache") as notebook:
        notebook.refresh()
        before = read_catalogue(notebook)
        (root / "b.md").write_text("# B\n\n[[a]]\n", encoding="utf-8")
        (root / "c.md").write_text("# C\n\n[[b]]\n", encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(writer, "resolve_link", interrupt)
            notebook.refresh()
        assert before == read_catalogue(notebook)
        assert 2 == notebook.refresh()
        assert read_from_scratch(root) == read_catalogue(notebook)
