"""Check the text of notes: report empty notes, unfinished merges, and near duplicates."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.check import NotebookFacts
from zettel.model.checks.links import format_paths
from zettel.model.note import Problem
from zettel.model.sketch import compute_jaccard, find_similar_pairs

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
