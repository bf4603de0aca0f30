"""Checks of notes among others: unlinked ones, and what was found when they were read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from zettel.model.check import Facts
from zettel.model.note import Problem


def known(code: str) -> Callable[[Facts], Iterator[Problem]]:
    """The problems of a code that were found when notes were read."""
    return lambda facts: (problem for problem in facts.known if problem.code == code)


def orphans(facts: Facts) -> Iterator[Problem]:
    """Notes that no other note links to, but that link to others."""
    for note in facts.notes.values():
        if not note.backlinks and note.links:
            yield Problem(note.path, "orphan", "no other note links to it")


def isolated(facts: Facts) -> Iterator[Problem]:
    """Notes without links either way."""
    for note in facts.notes.values():
        if not note.backlinks and not note.links:
            yield Problem(note.path, "isolated", "it has no links, neither way")
