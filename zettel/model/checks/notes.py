"""Check notes: report unlinked ones, and the problems that were found when notes were read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from zettel.model.check import NotebookFacts
from zettel.model.note import Problem
from zettel.model.resolving import INDEX_NAMES
from zettel.model.text import fold, split_path, strip_suffix


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
