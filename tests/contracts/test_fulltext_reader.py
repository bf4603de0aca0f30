"""Test the reader of the full-text index against Whoosh's own reader, and against the notes that were indexed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contracts.test_bulk_writer import FIELDS, make_entry
from zettel.adapters import fork
from zettel.adapters.fulltext import index as fulltext_index
from zettel.adapters.fulltext.bulk_writer import IndexEntry, analyse_note, build_document
from zettel.adapters.fulltext.index import FullTextIndex
from zettel.adapters.fulltext.reader import IndexReader
from zettel.adapters.fulltext.segment import decode_positions
from zettel.adapters.fulltext.whoosh import W3Codec

Notes = dict[str, IndexEntry]
Postings = dict[tuple[str, str], dict[int, tuple[float, tuple[int, ...]]]]
"""For every field and term, the notes that have it, each with its frequency and positions."""


def read_with_whoosh(index: FullTextIndex) -> tuple[Postings, dict[int, str], dict[str, dict[int, int]]]:
    """Return all postings, the paths of all notes by number, and the lengths of all fields, as Whoosh reads them."""
    with index._open_for_writing().refresh().reader() as reader:
        numbers = [number for number in range(reader.doc_count_all()) if not reader.is_deleted(number)]
        postings: Postings = {}
        for field, term in reader.all_terms():
            matcher = reader.postings(field, term)
            while matcher.is_active():
                places = tuple(matcher.value_as("positions")) if matcher.supports("positions") else ()
                text = bytes(term).decode("utf-8", "surrogatepass")
                postings.setdefault((field, text), {})[matcher.id()] = matcher.weight(), places
                matcher.next()
        paths = {number: reader.stored_fields(number)["path"] for number in numbers}
        lengths = {field: {number: reader.doc_field_length(number, field) or 0 for number in numbers} for field in FIELDS}
    return postings, paths, lengths


def read_postings(reader: IndexReader, terms: Iterable[tuple[str, str]]) -> Postings:
    """Return the postings of some terms as zettel reads them."""
    found: Postings = {}
    for field, term in terms:
        places = dict(reader._read_values(field, term)) if field in FIELDS else {}
        for number, frequency in reader.read_matches(field, term).items():
            found.setdefault((field, term), {})[number] = frequency, tuple(decode_positions(places[number])) if number in places else ()
    return found


def check(index: FullTextIndex, notes: Notes) -> None:
    """Assert that zettel reads what Whoosh reads, and that it is what these notes say."""
    postings, paths, lengths = read_with_whoosh(index)
    reader = index.reader
    assert postings == read_postings(reader, [*postings, ("body", "nowhere"), ("nothing", "trust")])
    assert {key: len(found) for key, found in postings.items()} == {key: reader.count_notes_with(*key) for key in postings}
    assert sorted(notes) == sorted(paths.values())
    assert (len(notes), set(paths)) == (reader.note_count, reader.list_numbers())
    assert paths == {number: reader.paths[number] for number in paths}
    assert {path: number for number, path in paths.items()} == reader.find_numbers([*notes, "nowhere.md"])
    for field in FIELDS:
        read = reader.read_lengths(field)
        assert lengths[field] == {number: read[number] for number in paths}
        having = [length for length in lengths[field].values() if length]
        assert pytest.approx(mean(having) if having else 0.0) == reader.compute_mean_length(field)
    assert {path: notes[path].stored_text for path in notes} == {path: reader.read_text(number) for number, path in paths.items()}
    notes_with: dict[str, set[str]] = {}
    for path, entry in notes.items():
        for word in analyse_note(entry).words:
            notes_with.setdefault(word, set()).add(path)
    words = set(notes_with)
    assert words == reader.find_words("")
    assert {word for word in words if word.startswith("al")} == reader.find_words("al")
    assert {word for word in words if word.startswith("al") and word.endswith("7")} == reader.find_words("al", lambda word: word[-1] == "7")
    assert words == reader.find_known_words([*words, "nowhere"])
    assert notes_with == {word: {reader.paths[number] for number in reader.find_notes_with_word(word)} for word in words}


class Writer:
    """Writes notes to an index, and remembers what is in it."""

    def __init__(self, folder: Path | None) -> None:
        self.index = FullTextIndex(str(folder) if folder else None)
        self.index.create()
        self.notes: Notes = {}

    def write(self, numbers: Iterable[int], edition: int | None = 0) -> None:
        """Write an edition of some notes (None: remove them)."""
        changed = {entry.path: entry for entry in map(make_entry, numbers)}
        if edition:
            changed = {path: entry._replace(text=f"{entry.text}\nedition{edition}") for path, entry in changed.items()}
        self.notes = {
            **{path: entry for path, entry in self.notes.items() if path not in changed},
            **(changed if edition is not None else {}),
        }
        self.index.update(sorted(changed), self.notes.get, lambda _: None)


@pytest.fixture(params=["disk", "memory"])
def writer(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Writer:
    """A writer that writes in bulk from fifty notes on, with three workers if the index is on disk."""
    monkeypatch.setattr(fulltext_index, "BULK_SIZE", 50)
    monkeypatch.setattr(fork, "count_workers", lambda: 3)
    return Writer(tmp_path / "index" if request.param == "disk" else None)


History = list[tuple[Iterable[int], int | None]]
"""Calls of `Writer.write`, one after the other."""

HISTORIES: dict[str, History] = {
    "nothing": [],
    "small updates": [(range(start, start + 30), 0) for start in range(0, 180, 30)],
    "in bulk": [(range(300), 0)],
    "in bulk, then changed": [(range(300), 0), (range(0, 300, 11), 1), ([7, 8], 2)],
    "in bulk twice": [(range(200), 0), (range(100, 300), 1)],
    "small, then in bulk": [(range(40), 0), (range(20, 120), 1)],
    "with deletions": [(range(300), 0), (range(0, 300, 7), None), ([7, 500], 1)],
    "merged": [(range(180), 0), *((range(start, 180, 4), None) for start in range(3)), ([1, 2], 0)],
    "all removed": [(range(60), 0), (range(30), None), (range(30, 60), None)],
    "one note again and again": [([3], edition) for edition in (0, 1, None, 2, 3)],
}


@pytest.mark.parametrize("history", HISTORIES)
def test_an_index_is_read_as_whoosh_reads_it(history: str, writer: Writer) -> None:
    """Whatever wrote the segments, zettel finds in them the postings that Whoosh finds, and the texts and words of the notes."""
    for numbers, edition in HISTORIES[history]:
        writer.write(numbers, edition)
    check(writer.index, writer.notes)


def test_an_index_that_is_opened_again_is_the_same(tmp_path: Path) -> None:
    """What is written to disk is read by another process as by the one that wrote it."""
    writer = Writer(tmp_path / "index")
    writer.write(range(30))
    writer.write(range(5), None)
    again = FullTextIndex(str(tmp_path / "index"))
    assert again.open(writer.index.compute_seal())
    check(again, writer.notes)


steps = st.lists(st.tuples(st.sets(st.integers(0, 11), min_size=1), st.sampled_from([None, 0, 1, 2])), min_size=1, max_size=6)


@settings(max_examples=80, deadline=None)
@given(steps)
def test_any_history_of_updates_is_read_as_whoosh_reads_it(steps: Sequence[tuple[set[int], int | None]]) -> None:
    """Whichever notes are written, changed and removed, some of them in bulk, the index holds what the notes say now."""
    size, fulltext_index.BULK_SIZE = fulltext_index.BULK_SIZE, 6
    try:
        writer = Writer(None)
        for numbers, edition in steps:
            writer.write(numbers, edition)
            check(writer.index, writer.notes)
    finally:
        fulltext_index.BULK_SIZE = size


@pytest.mark.parametrize("layout", [{"compression": 9}, {"compression": 0, "blocklimit": 2}, {"compression": 1, "blocklimit": 5}])
def test_every_layout_of_a_segment_is_read(layout: dict[str, int], tmp_path: Path) -> None:
    """Blocks of any size, compressed or not, are read."""
    index = FullTextIndex(str(tmp_path / "index"))
    index.create()
    notes = {entry.path: entry for entry in map(make_entry, range(40))}
    writer = index._index.writer(compound=False, codec=W3Codec(**layout))
    for entry in notes.values():
        writer.add_document(**build_document(entry))
    writer.commit()
    index._write_sidecars({path: entry.stored_text for path, entry in notes.items()})
    check(index, notes)


def test_a_text_with_a_nul_character_is_kept_whole(tmp_path: Path) -> None:
    """A NUL character in a note is kept as the replacement character, and all that follows it."""
    index = FullTextIndex(str(tmp_path / "index"))
    index.create()
    index.update(
        ["a.md"],
        lambda path: make_entry(1)._replace(path=path, text="One\0 two\nHead\0ing", headings=["Head\0ing"], code=""),
        lambda _: None,
    )
    assert ("One\ufffd two\nHead\ufffding", ["Head\ufffding"]) == index.reader.read_text(0)


def test_texts_can_be_read_after_their_segment_was_deleted(tmp_path: Path) -> None:
    """A search that is under way reads its texts even if another process merges the segments meanwhile."""
    writer = Writer(tmp_path / "index")
    writer.write(range(20))
    reader = writer.index.reader
    reader.open_texts()
    paths = list(reader.paths)
    expected = [writer.notes[path].stored_text for path in paths]
    for number in range(20):
        writer.write([number], 1)
    for file in (tmp_path / "index").iterdir():
        file.unlink()
    assert expected == list(map(reader.read_text, range(20)))


PHRASES = (
    "trust plan",
    "plan",
    "well being",
    "everywhere alone3",
    "third third third",
    "知 識 管 理",
    "decis 42",
    "nowhere plan",
    "plan plan",
)


@pytest.mark.parametrize("phrase", PHRASES)
def test_phrases_are_found_where_their_words_follow_each_other(phrase: str, writer: Writer) -> None:
    """A phrase is found in a field of the notes whose words stand there in that order, as often as they do."""
    writer.write(range(90))
    writer.write(range(0, 90, 5), None)
    stems = phrase.split()
    reader = writer.index.reader
    for field in ("title", "alias", "heading", "body", "code"):
        expected = {}
        for path, entry in writer.notes.items():
            positions = analyse_note(entry).positions.get(field, {})
            starts = [{at - place for at in positions.get(stem, ())} for place, stem in enumerate(stems)]
            if common := set.intersection(*starts):
                expected[path] = len(common)
        assert expected == {reader.paths[number]: often for number, often in reader.read_phrase_matches(field, stems).items()}


def sum_frequencies(reader: Any, stem: str) -> dict[str, float]:
    """Return how often a stem occurs in whole notes, weighted by field."""
    found = reader.sum_frequencies((field, reader.read_matches(field, stem)) for field in FIELDS)
    return {reader.paths[number]: frequency for number, frequency in found.items()}


@pytest.mark.parametrize("stem", ["trust", "plan", "third", "old", "woolf"])
def test_deleted_notes_leave_no_trace_in_frequencies(stem: str, writer: Writer) -> None:
    """After deletions and changes, weighted frequencies are those of an index of the notes that are left."""
    writer.write(range(100))
    writer.write(range(0, 100, 3), None)
    writer.write(range(1, 20), 1)
    fresh = Writer(None)
    fresh.notes = writer.notes
    fresh.index.update(sorted(writer.notes), writer.notes.get, lambda _: None)
    found = sum_frequencies(writer.index.reader, stem)
    assert found
    assert {path: pytest.approx(frequency) for path, frequency in sum_frequencies(fresh.index.reader, stem).items()} == found
