"""Test index segments that the bulk writer writes, in one process or several, against those of Whoosh's own writer."""

from __future__ import annotations

import os
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from zettel.adapters import fork
from zettel.adapters.fulltext import index as fulltext_index
from zettel.adapters.fulltext.bulk_writer import IndexEntry, analyse_note, build_document, write_segment
from zettel.adapters.fulltext.index import FullTextIndex
from zettel.adapters.fulltext.lookup import TermLookup
from zettel.model.search import score
from zettel.model.search.query import parse_query

TODAY = date(2024, 5, 1)

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
    "well-being",
    "l'équipe",
    "🚀",
    "การสื่อสาร",
    "\ud800",
]
COUNT = 300
"""The number of notes, enough for more than two blocks of a term's postings."""


def make_entry(number: int) -> IndexEntry:
    """Make a note of some words, a few of which are in every note, in every third, or in one."""
    chance = random.Random(number)
    lines = [" ".join(chance.choices(WORDS, k=chance.randrange(9))) for _ in range(chance.randrange(5))]
    tags = tuple(chance.sample(["people", "people/trust", "Work,plan", "信"], chance.randrange(3)))
    aliases = tuple(chance.choices(WORDS, k=chance.randrange(3)))
    text = "\n".join([*lines, f"everywhere alone{number}", "third " * (number % 3 == 0) * number])
    return IndexEntry(
        path=f"{number:03} ü.md",
        title=f"Title {number % 5} trust",
        aliases=aliases,
        name=f"{number:03} ü",
        folder=chance.choice(["", "plans", "plans/old team"]),
        tags=tags,
        headings=list(filter(None, lines[:2])),
        text=text,
        code=" ".join(chance.choices(WORDS, k=chance.randrange(3))),
        addresses=[f"https://example.org/{word}" for word in chance.choices(["plan", "team"], k=chance.randrange(3))],
        fields=[("author", "Woolf"), ("status", f"draft {number % 2}")] if number % 4 else [],
    )


FIELDS = (*score.FIELDS, score.FOLDER_FIELD)


def read_index(index: Any) -> dict[str, Any]:
    """Return all that an index holds: every term with its statistics and postings, and every note's stored fields and lengths."""
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
    notes = [(reader.stored_fields(n), [reader.doc_field_length(n, name) for name in FIELDS]) for n in range(reader.doc_count())]
    lengths = [(reader.field_length(name), reader.min_field_length(name), reader.max_field_length(name)) for name in FIELDS]
    return {"terms": terms, "notes": notes, "lengths": lengths}


def test_a_segment_is_as_whoosh_writes_it(tmp_path: Path) -> None:
    """Terms, statistics, postings, positions, lengths and stored fields are those that Whoosh's own writer writes."""
    contents = []
    for name in ("own", "theirs"):
        index = FullTextIndex(str(tmp_path / name))
        index.create()
        writer = index._index.writer(compound=False)
        if name == "own":
            segment = write_segment(index._index.storage, map(make_entry, range(COUNT)))
            writer.commit(mergetype=lambda *_, segment=segment: [segment])
        else:
            for number in range(COUNT):
                writer.add_document(**build_document(make_entry(number)))
            writer.commit()
        contents.append(read_index(index._index))
    own, theirs = contents
    assert theirs["notes"] == own["notes"]
    assert theirs["lengths"] == own["lengths"]
    assert theirs["terms"].keys() == own["terms"].keys()
    assert [] == [term for term in own["terms"] if own["terms"][term] != theirs["terms"][term]]


TERMS = (
    "trust",
    "third",
    "everywhere",
    "alone7",
    '"trust plan"',
    "title:trust",
    "path:old",
    "知識",
    "decision",
    "well-being",
    "plan*",
    "url:team",
)


@pytest.mark.parametrize("times", [1, 100_000])
def test_joined_forms_stand_at_their_first_parts(times: int) -> None:
    """The joined form of a compound stands at its first part, each position once and in order, among those of the word written as one."""
    note = analyse_note(make_entry(0)._replace(text="well-being wellbeing " * times))
    assert [place for at in range(times) for place in (3 * at, 3 * at + 2)] == note.positions["body"]["wellb"]


def find_terms(index: FullTextIndex) -> list[dict[str, dict[str, float]]]:
    """Return in which fields of which notes an index finds each of TERMS, and how often."""
    lookup, paths = TermLookup(index.reader), index.reader.paths
    found = []
    for typed in TERMS:
        query = parse_query(typed, TODAY)
        (term,) = [*query.words, *query.required_terms]
        found.append({field: {paths[number]: often for number, often in notes.items()} for field, notes in lookup.find_term(term).items()})
    return found


def find_word(index: FullTextIndex, word: str) -> list[str]:
    """Return the paths of the notes with a word."""
    return sorted(index.reader.paths[number] for number in index.reader.find_notes_with_word(word))


@pytest.fixture
def three_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write in bulk from fifty notes on, with three workers."""
    monkeypatch.setattr(fulltext_index, "BULK_SIZE", 50)
    monkeypatch.setattr(fork, "count_workers", lambda: 3)


def write_index(folder: Path, steps: list[str] | None = None) -> FullTextIndex:
    """Write an index of all notes."""
    index = FullTextIndex(str(folder))
    index.create()
    paths = [f"{number:03} ü.md" for number in range(COUNT)]
    index.update(paths, lambda path: make_entry(int(path[:3])), lambda _: None, step=[].append if steps is None else steps.append)
    return index


def test_several_processes_write_the_same_index_as_one(tmp_path: Path, three_workers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that three processes write answers like that of one, and its notes can be changed and removed afterwards."""
    parallel = write_index(tmp_path / "together")
    assert 3 == len(parallel._index._segments())
    assert all(find_terms(parallel))
    monkeypatch.setattr(fork, "count_workers", lambda: 1)
    serial = write_index(tmp_path / "alone")
    assert find_terms(serial) == find_terms(parallel)
    for index in (parallel, serial):
        index.update(["003 ü.md", "250 ü.md"], lambda path: make_entry(3)._replace(text="changed") if path < "1" else None, lambda _: None)
        assert ["003 ü.md"] == find_word(index, "changed")
        assert [] == find_word(index, "alone250")
        assert COUNT - 1 == index.reader.note_count
    assert not os.path.exists(tmp_path / "together.new")


def test_the_work_of_a_dead_process_is_done_all_the_same(tmp_path: Path, three_workers: None) -> None:
    """If a worker dies, the main process writes its notes."""
    own = os.getpid()

    def make_or_die(path: str) -> IndexEntry:
        if os.getpid() != own and path.startswith("15"):
            os._exit(9)
        return make_entry(int(path[:3]))

    index = FullTextIndex(str(tmp_path / "index"))
    index.create()
    index.update([f"{number:03} ü.md" for number in range(COUNT)], make_or_die, lambda _: None)
    assert find_terms(write_index(tmp_path / "whole")) == find_terms(index)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # files that Whoosh had open are closed with its objects
def test_ctrl_c_leaves_the_index_as_it_was(tmp_path: Path, three_workers: None) -> None:
    """An interrupt leaves no process and no file behind, and the index with its seal."""
    index = FullTextIndex(str(tmp_path / "index"))
    index.create()
    index.update(["000 ü.md"], lambda _: make_entry(0), lambda _: None)
    seal, own = index.compute_seal(), os.getpid()

    def make_or_interrupt(path: str) -> IndexEntry:
        if os.getpid() == own and path.startswith("05"):
            raise KeyboardInterrupt
        return make_entry(int(path[:3]))

    with pytest.raises(KeyboardInterrupt):
        index.update([f"{number:03} ü.md" for number in range(COUNT)], make_or_interrupt, lambda _: None)
    assert seal == index.compute_seal()
    assert ["index"] == os.listdir(tmp_path)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    assert ["000 ü.md"] == find_word(index, "everywhere")


def test_progress_is_reported_by_one_process(tmp_path: Path, three_workers: None) -> None:
    """Progress reaches the number of notes, and the main process alone reports it."""
    steps: list[str] = []
    write_index(tmp_path / "index", steps)
    assert COUNT == len(steps)
