"""What the full-text index tells of stems, against counting them."""

from __future__ import annotations

from collections import Counter
from math import isclose, log
from pathlib import Path

import pytest

from zettel.adapters.catalogue import queries
from zettel.adapters.catalogue.queries import list_neighbour_links, list_two_hop_pairs
from zettel.adapters.fulltext.bulk_writer import IndexEntry
from zettel.adapters.fulltext.index import FullTextIndex
from zettel.adapters.fulltext.stem import stem
from zettel.model.settings.settings import DEFAULTS
from zettel.model.text.tokens import tokenise
from zettel.notebook.notebook import OpenNotebook

TEXTS = {
    "a.md": "Queues hide work. Queues grow.\nWorking queues",
    "b.md": "The queue",
    "c.md": "",
    "d.md": "Trust, trust and trust again in the long run of all things",
}
TITLES = {"a.md": "Work", "b.md": "Constraint", "c.md": "Trusting", "d.md": "Ünique"}


@pytest.fixture
def index() -> FullTextIndex:
    """An index in memory of TEXTS and TITLES; d has an alias."""
    found = FullTextIndex(None)
    found.create()

    def entry(path: str) -> IndexEntry:
        return IndexEntry(path, None, TITLES[path], ("Queueing",) if path == "d.md" else (), (), "2024-01-01", [], TEXTS[path])

    found.update(sorted(TEXTS), entry, lambda _: None)
    return found


def _stems(text: str) -> list[str]:
    return [stem(word) for line in text.split("\n") for word, _, _ in tokenise(line)]


def test_postings_are_what_counting_gives(index: FullTextIndex) -> None:
    """A stem weighs 1 + log of how often the body has it, and 1 more in a title or alias."""
    words = index.read_term_stats().weights
    paths = index.read_term_stats().find_paths(range(4))
    for sought in sorted({found for text in TEXTS.values() for found in _stems(text)} | {stem("constraint"), stem("trusting")}):
        expected = {}
        for path, text in TEXTS.items():
            count = Counter(_stems(text))[sought]
            named = (sought in _stems(TITLES[path])) + (path == "d.md" and sought == stem("queueing"))
            if count or named:
                expected[path] = (1 + log(count) if count else 0.0) + named
        found = {paths[number]: weight for number, weight in words.postings(sought).items()}
        assert expected.keys() == found.keys()
        assert all(isclose(expected[path], found[path]) for path in expected)


def test_frequency_counts_bodies_else_titles(index: FullTextIndex) -> None:
    """The frequency of a stem is the number of notes whose body has it, or of titles where none does."""
    words = index.read_term_stats().weights
    assert (4, 2, 1, 0) == (
        words.note_count,
        words.document_frequency(stem("queue")),
        words.document_frequency(stem("constraint")),
        words.document_frequency("nothing"),
    )
    assert isclose(log(2), words.compute_idf(stem("queue")))
    assert 0.0 == words.compute_idf("nothing")


def test_lengths_are_parts_of_the_mean(index: FullTextIndex) -> None:
    """A note without a body has no length, and the longest is longer than the mean."""
    words = index.read_term_stats().weights
    lengths = {path: words.relative_length(number) for number, path in index.read_term_stats().find_paths(range(4)).items()}
    assert 0.0 == lengths["c.md"]
    assert lengths["b.md"] < 1.0 < lengths["d.md"]


def test_numbers_lead_to_paths_and_back(index: FullTextIndex) -> None:
    """Every note has a number, one that is not there has none."""
    assert {path: path for path in TEXTS} == {
        path: index.read_term_stats().find_paths([index.read_term_stats().find_number(path) or 0])[
            index.read_term_stats().find_number(path) or 0
        ]
        for path in TEXTS
    }
    assert None is index.read_term_stats().find_number("e.md")


def test_a_note_taken_up_again_is_found_as_it_is_now(index: FullTextIndex) -> None:
    """After an update the stems are those of the new text."""
    index.read_term_stats()
    index.update(["b.md"], lambda path: IndexEntry(path, None, "New", (), (), "2024-01-01", [], "Sunflowers"), lambda _: None)
    found = index.read_term_stats().weights.postings(stem("sunflowers"))
    assert ["b.md"] == list(index.read_term_stats().find_paths(found).values())


def test_links_beyond_are_those_of_the_neighbours(tmp_path: Path) -> None:
    """What every neighbour links to and what links to it, as asked one by one."""
    links = {"a": "b c a", "b": "a d", "c": "c d", "d": "e", "e": "", "f": "a f"}
    for name, targets in links.items():
        (tmp_path / f"{name}.md").write_text(" ".join(f"[[{target}]]" for target in targets.split()))
    notebook = OpenNotebook(str(tmp_path), DEFAULTS, {}, lambda _: None, in_memory=True)
    notebook.refresh()
    for note in notebook.list_notes():
        near = notebook.list_neighbours(note.path)
        expected = {
            path: (set(notebook.list_neighbours(path, back=False)), set(notebook.list_neighbours(path, out=False))) for path in near
        }
        assert expected == notebook.list_neighbour_links(note.path)
        assert sorted((path, other) for path in near for other in notebook.list_neighbours(path)) == sorted(
            {(through, other) for through, other, _ in list_neighbour_links(notebook.connection, note.path)}
        )
    numbers = dict(notebook.connection.execute("SELECT id, path FROM note"))
    (number,) = (number for number, path in numbers.items() if path == "d.md")
    expected_hops = {("b.md", "a.md"), ("b.md", "d.md"), ("c.md", "a.md"), ("c.md", "d.md"), ("e.md", "d.md")}
    assert expected_hops == {(numbers[one], numbers[other]) for one, other in list_two_hop_pairs(notebook.connection, number)}


def test_kin_in_a_notebook(tmp_path: Path) -> None:
    """A notebook gives the nearest kin of each note among others."""
    (tmp_path / "a.md").write_text("# Queues hide\n\n#flow [[c]]\n")
    (tmp_path / "b.md").write_text("# A queue\n\n#flow\n")
    (tmp_path / "c.md").write_text("# Other\n")
    (tmp_path / "d.md").write_text("# Last\n\n[[c]]\n")
    notebook = OpenNotebook(str(tmp_path), DEFAULTS, {}, lambda _: None, in_memory=True)
    notebook.refresh()
    rows = dict(zip(paths := ["a.md", "b.md", "c.md", "d.md"], queries.find_rows(notebook.connection, paths), strict=True))
    found = notebook.find_best_bridges((["a.md", "d.md"], [rows["b.md"], rows["d.md"]]))
    assert {"a.md": ("b.md", "both have #flow; both titles have queues")} == {
        path: (found[path].other, found[path].why) for path in ["a.md"]
    }
    assert ["a.md"] == list(found)
    assert "Other lies between them" == notebook.find_best_bridges((["d.md"], [rows["a.md"]]))["d.md"].why
