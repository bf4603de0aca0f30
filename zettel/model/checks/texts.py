"""Checks of notes' texts: nothing in them, a merge that was not finished, the same text twice."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.check import Facts
from zettel.model.checks.links import listed
from zettel.model.note import Problem
from zettel.model.sketch import alike, likeness

ALIKE = 0.8
"""The share of their shingles that two notes have in common, at least, to be nearly the same."""

FEWEST = 20
"""Words of a note at least that is compared with others."""

COMMON = 100
"""What more notes than these share is a template, not a text."""


def empty(facts: Facts) -> Iterator[Problem]:
    """Notes with nothing below their front matter and headings."""
    for path, sketch in facts.sketches.items():
        if not sketch.words:
            yield Problem(path, "empty", "there is nothing in it but a title")


def markers(facts: Facts) -> Iterator[Problem]:
    """Conflicts that git has left in a note."""
    for path, sketch in facts.sketches.items():
        if sketch.marker:
            yield Problem(path, "conflict-marker", "a merge has left a conflict here (<<<<<<< ======= >>>>>>>)", sketch.marker)


def near_duplicates(facts: Facts) -> Iterator[Problem]:
    """Notes with nearly the same text as another; those of one ID are told as such."""
    nearest: dict[str, list[tuple[float, str]]] = {}
    long = [(path, sketch) for path, sketch in facts.sketches.items() if sketch.words >= FEWEST]
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
