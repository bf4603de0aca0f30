"""Check notes: unlinked, empty and nearly equal ones, conflict markers, and the problems found when notes were parsed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from zettel.model.check.check import NotebookFacts
from zettel.model.check.links import format_paths
from zettel.model.link.resolve import INDEX_NAMES
from zettel.model.note.fingerprint import compute_jaccard, find_similar_pairs
from zettel.model.note.problem import Problem
from zettel.model.text.fold import fold, split_path, strip_suffix


def list_stored_problems(code: str) -> Callable[[NotebookFacts], Iterator[Problem]]:
    """Return a check that reports the problems with this code that were found when notes were read."""
    return lambda facts: (problem for problem in facts.known_problems if problem.code == code)


def find_orphans(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes that link to others but have no backlinks. Notes that stand for a folder, such as README, are skipped."""
    for note in facts.notes.values():
        if not note.backlinks and note.links and fold(strip_suffix(split_path(note.path)[1])) not in INDEX_NAMES:
            yield Problem(note.path, "orphan", "no other note links to it")


def find_isolated_notes(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes without links in either direction."""
    for note in facts.notes.values():
        if not note.backlinks and not note.links:
            yield Problem(note.path, "isolated", "it has no links in either direction")


MIN_SIMILARITY = 0.8
"""Smallest share of common shingles that makes two notes near duplicates."""

MIN_WORDS = 20
"""Words that a note must have to be compared with others."""

MAX_SHARING = 100
"""A shingle that more notes than these share is boilerplate from a template and is not compared."""


def find_empty_notes(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes that have only front matter and headings."""
    for path, fingerprint in facts.fingerprints.items():
        if not fingerprint.word_count:
            yield Problem(path, "empty", "there is nothing in it but a title")


def find_conflict_markers(facts: NotebookFacts) -> Iterator[Problem]:
    """Report conflict markers that git left in a note."""
    for path, fingerprint in facts.fingerprints.items():
        if fingerprint.conflict_line:
            yield Problem(path, "conflict-marker", "a merge has left a conflict here (<<<<<<< ======= >>>>>>>)", fingerprint.conflict_line)


def find_near_duplicates(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes with nearly the same text as another note. Notes with the same ID are left to `duplicate-id`."""
    nearest: dict[str, list[tuple[float, str]]] = {}
    long = [(path, fingerprint) for path, fingerprint in facts.fingerprints.items() if fingerprint.word_count >= MIN_WORDS]
    for one, other in find_similar_pairs(long, MAX_SHARING):
        if facts.notes[one].id is not None and facts.notes[one].id == facts.notes[other].id:
            continue
        share = compute_jaccard(facts.read_text(one), facts.read_text(other))
        if share >= MIN_SIMILARITY:
            nearest.setdefault(one, []).append((-share, other))
            nearest.setdefault(other, []).append((-share, one))
    for path in sorted(nearest):
        found = sorted(nearest[path])
        percent = int(-100 * found[0][0])
        how = "has the same text as" if percent == 100 else f"shares {percent} % of its text with"
        yield Problem(path, "near-duplicate", f"it {how} {format_paths([other for _, other in found])}")
