"""Test the term statistics of the full-text index against counting."""

from __future__ import annotations

import gc
import weakref
from collections import Counter
from math import isclose, log
from pathlib import Path

import pytest

from zettel.adapters.fulltext.bulk_writer import IndexEntry
from zettel.adapters.fulltext.index import FullTextIndex
from zettel.adapters.fulltext.stem import stem
from zettel.model.search.score import compute_idf
from zettel.model.settings.settings import DEFAULTS
from zettel.model.suggest.shared_words import WordUse
from zettel.model.suggest.similarity import compute_length_norm
from zettel.model.text.tokens import tokenise
from zettel.notebook.notebook import OpenNotebook
from zettel.services.paths import find_best_bridges

TEXTS = {
    "a.md": "Queues hide work. Queues grow.\nWorking queues",
    "b.md": "The queue",
    "c.md": "",
    "d.md": "Trust, trust and trust again in the long run of all things",
}
TITLES = {"a.md": "Work", "b.md": "Constraint", "c.md": "Trusting", "d.md": "Ünique"}


@pytest.fixture
def index() -> FullTextIndex:
    """An index of TEXTS and TITLES in memory, in which d.md has an alias and a.md a heading."""
    found = FullTextIndex(None)
    found.create()

    def make_entry(path: str) -> IndexEntry:
        aliases, headings = ("Queueing",) if path == "d.md" else (), ["Working queues"] if path == "a.md" else []
        return IndexEntry(path, TITLES[path], aliases, path[:1], "", (), headings, TEXTS[path])

    found.update(sorted(TEXTS), make_entry, lambda _: None)
    return found


def _list_stems(text: str) -> list[str]:
    return [stem(word) for line in text.split("\n") for word, _, _ in tokenise(line)]


def test_statistics_are_freed_at_once(index: FullTextIndex) -> None:
    """Nothing keeps the statistics, and with them the index, in memory until garbage is collected: a server would grow with every suggestion."""
    gc.disable()
    try:
        statistics = index.read_term_stats()
        assert statistics.weights.postings(stem("queues"))
        freed = weakref.ref(statistics)
        del statistics
        assert freed() is None
    finally:
        gc.enable()


def test_postings_match_counting(index: FullTextIndex) -> None:
    """A stem weighs 1 + log of how often the body has it, and 1 more in a title or alias."""
    weights = index.read_term_stats().weights
    paths = index.read_term_stats().find_paths(range(4))
    for term in sorted({found for text in TEXTS.values() for found in _list_stems(text)} | {stem("constraint"), stem("trusting")}):
        expected = {}
        for path, text in TEXTS.items():
            count = Counter(_list_stems(text))[term]
            named = (term in _list_stems(TITLES[path])) + (path == "d.md" and term == stem("queueing"))
            if count or named:
                expected[path] = (1 + log(count) if count else 0.0) + named
        found = {paths[number]: weight for number, weight in weights.postings(term).items()}
        assert expected.keys() == found.keys()
        assert all(isclose(expected[path], found[path]) for path in expected)


def test_frequency_counts_bodies_else_titles(index: FullTextIndex) -> None:
    """The frequency of a stem is the number of bodies that have it, or of titles if no body does."""
    weights = index.read_term_stats().weights
    assert (4, 2, 1, 0) == (
        weights.note_count,
        weights.document_frequency(stem("queue")),
        weights.document_frequency(stem("constraint")),
        weights.document_frequency("nothing"),
    )
    assert isclose(log(2), weights.compute_idf(stem("queue")))
    assert 0.0 == weights.compute_idf("nothing")


def test_lengths_are_relative_to_the_mean(index: FullTextIndex) -> None:
    """A note without a body has the smallest norm, and only the longest note has one greater than 1."""
    weights = index.read_term_stats().weights
    norms = {path: weights.length_norm(number) for number, path in index.read_term_stats().find_paths(range(4)).items()}
    assert compute_length_norm(0.0) == norms["c.md"]
    assert norms["c.md"] < norms["b.md"] < 1.0 < norms["d.md"]


def test_use_of_a_word_tells_its_places(index: FullTextIndex) -> None:
    """The use of a word says how often the body has its stem, and whether the title, an alias or a heading has it."""
    statistics = index.read_term_stats()
    a, c, d = (statistics.find_number(path) or 0 for path in ("a.md", "c.md", "d.md"))
    assert WordUse(3, is_in_title=False, is_in_heading=True) == statistics.describe_use(stem("queue"), a)
    assert WordUse(2, is_in_title=True, is_in_heading=True) == statistics.describe_use(stem("work"), a)
    assert WordUse(0, is_in_title=True, is_in_heading=False) == statistics.describe_use(stem("trusting"), c)
    assert WordUse(0, is_in_title=True, is_in_heading=False) == statistics.describe_use(stem("queueing"), d)


def test_titles_match_by_weight_and_share(index: FullTextIndex) -> None:
    """A title is found with the weights of its stems and their share of it, and without a weight only if it is whole."""
    statistics = index.read_term_stats()
    index.update(["b.md"], lambda path: IndexEntry(path, "The last work", (), path, "", (), [], ""), lambda _: None)
    statistics = index.read_term_stats()
    numbers = {path: statistics.find_number(path) for path in TEXTS}
    assert {numbers["a.md"]: (2.0, 1.0), numbers["b.md"]: (2.0, 2 / 3)} == statistics.match_titles({"work": 2.0, "the": 0.0})
    assert {numbers["a.md"]: (0.0, 1.0)} == statistics.match_titles({"work": 0.0})
    assert {numbers["d.md"]} == statistics.find_notes_with_alias([stem("queueing"), "work"])


def test_phrases_are_found_in_other_notes(index: FullTextIndex) -> None:
    """A phrase is found in all notes but one."""
    statistics = index.read_term_stats()
    a, d = statistics.find_number("a.md"), statistics.find_number("d.md")
    phrase = [stem(word) for word in ("queues", "hide", "work")]
    assert {a} == statistics.find_notes_with_phrase(phrase, d)
    assert set() == statistics.find_notes_with_phrase(phrase, a)
    assert set() == statistics.find_notes_with_phrase(["work", "hide"], d)


def test_words_of_a_question_are_found_as_by_a_search(index: FullTextIndex) -> None:
    """A word of a question is found in text, titles and aliases in any form, and weighs as much as its idf."""
    statistics = index.read_term_stats()
    found = statistics.find_word("queue", stem("queue"))
    assert {"a.md", "b.md", "d.md"} == set(statistics.find_paths(found.frequencies).values())
    assert {"d.md"} == set(statistics.find_paths(found.names["alias"]).values())
    assert compute_idf(len(TEXTS), 3) == found.weight


def test_note_numbers_lead_to_paths_and_back(index: FullTextIndex) -> None:
    """Every note has a number that leads back to its path, and a note that is not there has none."""
    assert {path: path for path in TEXTS} == {
        path: index.read_term_stats().find_paths([index.read_term_stats().find_number(path) or 0])[
            index.read_term_stats().find_number(path) or 0
        ]
        for path in TEXTS
    }
    assert None is index.read_term_stats().find_number("e.md")


def test_an_updated_note_is_found_by_its_new_text(index: FullTextIndex) -> None:
    """After an update, the stems of a note are those of its new text."""
    index.read_term_stats()
    index.update(["b.md"], lambda path: IndexEntry(path, "New", (), "b", "", (), [], "Sunflowers"), lambda _: None)
    found = index.read_term_stats().weights.postings(stem("sunflowers"))
    assert ["b.md"] == list(index.read_term_stats().find_paths(found).values())


def test_links_two_hops_away_are_those_of_the_neighbours(tmp_path: Path) -> None:
    """The links of all neighbours are those that each neighbour has by itself."""
    links = {"a": "b c a", "b": "a d", "c": "c d", "d": "e", "e": "", "f": "a f"}
    for name, targets in links.items():
        (tmp_path / f"{name}.md").write_text(" ".join(f"[[{target}]]" for target in targets.split()))
    notebook = OpenNotebook(str(tmp_path), DEFAULTS, {}, lambda _: None, in_memory=True)
    notebook.refresh()
    catalogue = notebook.catalogue
    for note in catalogue.list_notes():
        near = catalogue.list_neighbours(note.path)
        expected = {
            path: (set(catalogue.list_neighbours(path, back=False)), set(catalogue.list_neighbours(path, out=False))) for path in near
        }
        assert expected == catalogue.list_neighbour_links(note.path)
    numbers = dict(catalogue.connection.execute("SELECT id, path FROM note"))
    (number,) = (number for number, path in numbers.items() if path == "d.md")
    expected_hops = {("b.md", "a.md"), ("b.md", "d.md"), ("c.md", "a.md"), ("c.md", "d.md"), ("e.md", "d.md")}
    assert expected_hops == {(numbers[one], numbers[other]) for one, other in catalogue.list_two_hop_pairs(number)}


def test_a_notebook_finds_the_best_bridges(tmp_path: Path) -> None:
    """A notebook finds the best bridge from each note to others."""
    (tmp_path / "a.md").write_text("# Queues hide\n\n#flow [[c]]\n")
    (tmp_path / "b.md").write_text("# A queue\n\n#flow\n")
    (tmp_path / "c.md").write_text("# Other\n")
    (tmp_path / "d.md").write_text("# Last\n\n[[c]]\n")
    notebook = OpenNotebook(str(tmp_path), DEFAULTS, {}, lambda _: None, in_memory=True)
    notebook.refresh()
    rows = dict(zip(paths := ["a.md", "b.md", "c.md", "d.md"], notebook.catalogue.find_rows(paths), strict=True))
    found = find_best_bridges(notebook, (["a.md", "d.md"], [rows["b.md"], rows["d.md"]]))
    assert {"a.md": ("b.md", "both have #flow; both titles have queues")} == {
        path: (found[path].other, found[path].why) for path in ["a.md"]
    }
    assert ["a.md"] == list(found)
    assert 'both are linked with "Other"' == find_best_bridges(notebook, (["d.md"], [rows["a.md"]]))["d.md"].why
