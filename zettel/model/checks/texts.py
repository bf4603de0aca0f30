"""Check the text of notes: report empty notes, unfinished merges, and near duplicates."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.check import Facts
from zettel.model.checks.links import listed
from zettel.model.note import Problem
from zettel.model.sketch import alike, likeness

ALIKE = 0.8
"""Smallest share of common shingles that makes two notes near duplicates."""

FEWEST = 20
"""Words that a note must have to be compared with others."""

COMMON = 100
"""A shingle that more notes than these share is boilerplate from a template and is not compared."""


def empty(facts: Facts) -> Iterator[Problem]:
    """Report notes that have only front matter and headings."""
    for path, fingerprint in facts.sketches.items():
        if not fingerprint.words:
            yield Problem(path, "empty", "there is nothing in it but a title")


def markers(facts: Facts) -> Iterator[Problem]:
    """Report conflict markers that git left in a note."""
    for path, fingerprint in facts.sketches.items():
        if fingerprint.marker:
            yield Problem(path, "conflict-marker", "a merge has left a conflict here (<<<<<<< ======= >>>>>>>)", fingerprint.marker)


def near_duplicates(facts: Facts) -> Iterator[Problem]:
    """Report notes with nearly the same text as another note. Notes with the same ID are left to `duplicate-id`."""
    nearest: dict[str, list[tuple[float, str]]] = {}
    long = [(path, fingerprint) for path, fingerprint in facts.sketches.items() if fingerprint.words >= FEWEST]
    for one, other in alike(long, COMMON):
        if facts.notes[one].id is not None and facts.notes[one].id == facts.notes[other].id:
            continue
        share = likeness(facts.text(one), facts.text(other))
        if share >= ALIKE:
            nearest.setdefault(one, []).append((-share, other))
            nearest.setdefault(other, []).append((-share, one))
    for path in sorted(nearest):
        found = sorted(nearest[path])
        percent = int(-100 * found[0][0])
        how = "has the same text as" if percent == 100 else f"shares {percent} % of its text with"
        yield Problem(path, "near-duplicate", f"it {how} {listed([other for _, other in found])}")
