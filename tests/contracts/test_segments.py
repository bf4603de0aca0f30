"""Segments that are written here against those that Whoosh's own writer makes of the same notes; and several written side by side."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from zettel.adapters import fork
from zettel.adapters.fulltext import index as fulltext_index
from zettel.adapters.fulltext.bulk_writer import IndexEntry, build_document, write_segment
from zettel.adapters.fulltext.index import FullTextIndex
from zettel.model.search.query import parse_query

WORDS = [
    "trust",
    "trusting",
    "team's",
    "plan",
    "decisions",
    "42",
    "202101011200",
    "知識管理",
    "Élan",
    "naïve",
    "ﬁne",
    "don’t",
    "x" * 300,
    "𝗯𝗼𝗹𝗱",
    "a",
]
COUNT = 300
"""More than two blocks of a term's postings."""


def entry(number: int) -> IndexEntry:
    """A note of some words, of which a few are in every note, in every third, or in one."""
    rng = random.Random(number)
    lines = [" ".join(rng.choices(WORDS, k=rng.randrange(9))) for _ in range(rng.randrange(5))]
    tags = tuple(rng.sample(["people", "people/trust", "Work,plan", "信"], rng.randrange(3)))
    aliases = tuple(rng.choices(WORDS, k=rng.randrange(3)))
    text = "\n".join([*lines, f"everywhere alone{number}", "third " * (number % 3 == 0) * number])
    note_id = f"2021010112{number % 60:02}" if number % 7 else None
    return IndexEntry(
        f"{number:03} ü.md", note_id, f"Title {number % 5} trust", aliases, tags, f"2024-0{1 + number % 9}-01T10:00", lines[:2], text
    )


def found_in(index: Any) -> dict[str, Any]:
    """All that an index tells: every term with its figures and its postings, and every note's stored fields and lengths."""
    reader = index.reader()
    terms = {}
    for field, term in reader.all_terms():
        info = reader.term_info(field, term)
        figures = info.weight(), info.doc_frequency(), info.min_length(), info.max_length(), info.max_weight(), info.min_id(), info.max_id()
        matcher = reader.postings(field, term)
        postings = []
        while matcher.is_active():
            places = matcher.value_as("positions") if matcher.supports("positions") else None
            postings.append((matcher.id(), matcher.weight(), places))
            matcher.next()
        terms[field, bytes(term)] = figures, postings
    notes = [
        (reader.stored_fields(n), [reader.doc_field_length(n, name) for name in ("title", "alias", "body")])
        for n in range(reader.doc_count())
    ]
    lengths = [
        (reader.field_length(name), reader.min_field_length(name), reader.max_field_length(name)) for name in ("title", "body", "heading")
    ]
    return {"terms": terms, "notes": notes, "lengths": lengths}


def test_a_segment_is_as_whoosh_writes_it(tmp_path: Path) -> None:
    """Terms, figures, postings, places, lengths and stored fields are those that Whoosh's own writer makes."""
    made = []
    for name in ("own", "theirs"):
        index = FullTextIndex(str(tmp_path / name))
        index.create()
        writer = index._index.writer(compound=False)
        if name == "own":
            segment = write_segment(index._index.storage, map(entry, range(COUNT)))
            writer.commit(mergetype=lambda *_, segment=segment: [segment])
        else:
            for number in range(COUNT):
                writer.add_document(**build_document(entry(number)))
            writer.commit()
        made.append(found_in(index._index))
    own, theirs = made
    assert theirs["notes"] == own["notes"]
    assert theirs["lengths"] == own["lengths"]
    assert theirs["terms"].keys() == own["terms"].keys()
    assert [] == [term for term in own["terms"] if own["terms"][term] != theirs["terms"][term]]


QUESTIONS = (
    "trust",
    "third",
    "everywhere alone7",
    "plan*",
    "-trust plan",
    '"trust plan"',
    "title:trust",
    "tag:people",
    "知識",
    "decision OR 42",
)


def answers(index: FullTextIndex) -> list[list[tuple[str, float]]]:
    """What an index says to some questions."""
    from datetime import date

    return [[(path, round(score, 9)) for path, score in index.search(parse_query(text, date(2024, 5, 1)))] for text in QUESTIONS]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes are many from fifty on, and there are three cores."""
    monkeypatch.setattr(fulltext_index, "BULK_SIZE", 50)
    monkeypatch.setattr(fork, "count_workers", lambda: 3)


def updated(folder: Path, steps: list[str] | None = None) -> FullTextIndex:
    """An index of all notes."""
    index = FullTextIndex(str(folder))
    index.create()
    paths = [f"{number:03} ü.md" for number in range(COUNT)]
    index.update(paths, lambda path: entry(int(path[:3])), lambda _: None, step=[].append if steps is None else steps.append)
    return index


def test_side_by_side_gives_the_same_answers(tmp_path: Path, many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three processes write an index that answers as that of one does; a note of theirs can be changed and taken away afterwards."""
    together = updated(tmp_path / "together")
    assert 3 == len(together._index._segments())
    monkeypatch.setattr(fork, "count_workers", lambda: 1)
    alone = updated(tmp_path / "alone")
    assert answers(alone) == answers(together)
    for index in (together, alone):
        index.update(["003 ü.md", "250 ü.md"], lambda path: entry(3)._replace(text="changed") if path < "1" else None, lambda _: None)
        assert ["003 ü.md"] == [path for path, _ in index.search(parse_query("changed", None))]  # type: ignore[arg-type]
        assert [] == index.search(parse_query("alone250", None))  # type: ignore[arg-type]
        assert COUNT - 1 == index.count_notes()
    assert not os.path.exists(tmp_path / "together.new")


def test_the_share_of_a_process_that_dies_is_done_all_the_same(tmp_path: Path, many: None) -> None:
    """Where a process ends before its time, this one writes its notes."""
    own = os.getpid()

    def dying(path: str) -> IndexEntry:
        if os.getpid() != own and path.startswith("15"):
            os._exit(9)
        return entry(int(path[:3]))

    index = FullTextIndex(str(tmp_path / "index"))
    index.create()
    index.update([f"{number:03} ü.md" for number in range(COUNT)], dying, lambda _: None)
    assert answers(updated(tmp_path / "whole")) == answers(index)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # what Whoosh had open is closed with its objects
def test_ctrl_c_leaves_the_index_as_it_was(tmp_path: Path, many: None) -> None:
    """Whoever interrupts it finds no process left, no file left, and the index with its seal."""
    index = FullTextIndex(str(tmp_path / "index"))
    index.create()
    index.update(["000 ü.md"], lambda _: entry(0), lambda _: None)
    seal, own = index.compute_seal(), os.getpid()

    def interrupted(path: str) -> IndexEntry:
        if os.getpid() == own and path.startswith("05"):
            raise KeyboardInterrupt
        return entry(int(path[:3]))

    with pytest.raises(KeyboardInterrupt):
        index.update([f"{number:03} ü.md" for number in range(COUNT)], interrupted, lambda _: None)
    assert seal == index.compute_seal()
    assert ["index"] == os.listdir(tmp_path)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert ["000 ü.md"] == [path for path, _ in index.search(parse_query("everywhere", None))]  # type: ignore[arg-type]


def test_steps_are_told_in_one_process(tmp_path: Path, many: None) -> None:
    """Progress goes up to the number of notes, told by this process alone."""
    steps: list[str] = []
    updated(tmp_path / "index", steps)
    assert COUNT == len(steps)
