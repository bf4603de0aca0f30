"""Check notes: unlinked, empty and nearly equal ones, conflict markers, and the problems found when notes were parsed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from zettel.model.check.check import NotebookFacts
from zettel.model.check.links import format_paths
from zettel.model.link.resolve import INDEX_NAMES
from zettel.model.note.displaced_front_matter import FrontMatterRepair
from zettel.model.note.fingerprint import compute_jaccard, find_similar_pairs
from zettel.model.note.note import Note
from zettel.model.note.problem import Problem
from zettel.model.note.tags import is_unsorted_tag
from zettel.model.text.fold import fold, split_path, strip_suffix
from zettel.model.text.ids import strip_id
from zettel.model.text.shell_argument import quote_path

DAY = re.compile(r"[0-9]{4}-(?:[0-9]{2}-[0-9]{2}|W[0-9]{2})")
"""The title of a daily or weekly note."""


def list_stored_problems(code: str) -> Callable[[NotebookFacts], Iterator[Problem]]:
    """Return a check that reports the problems with this code that were found when notes were read."""
    return lambda facts: (problem for problem in facts.known_problems if problem.code == code)


def find_displaced_front_matter(facts: NotebookFacts) -> Iterator[Problem]:
    """Report front matter that does not begin in the first line, with its repair."""
    for problem in list_stored_problems("displaced-front-matter")(facts):
        yield Problem(problem.path, problem.code, problem.message, problem.line, repair=FrontMatterRepair(problem.line))


def find_wrong_encodings(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes that are not UTF-8, each with the command that converts it."""
    for problem in list_stored_problems("encoding")(facts):
        encoding = "UTF-16" if "UTF-16" in problem.message else "WINDOWS-1252"
        path, converted = quote_path(problem.path), quote_path(f"{problem.path}.utf8")
        hint = f"convert it: iconv -f {encoding} -t UTF-8 {path} > {converted} && mv {converted} {path}"
        yield Problem(problem.path, "encoding", problem.message, problem.line, problem.col, hint)


def find_skipped_files(facts: NotebookFacts) -> Iterator[Problem]:
    """Report files and folders that the scan skipped."""
    put_away = {note.path for note in facts.absent_notes if not note.trash_path}
    for problem in list_stored_problems("passed-over")(facts):
        hint = f"open its folder in the Finder, or type: brctl download {quote_path(problem.path)}" if problem.path in put_away else ""
        yield Problem(problem.path, "passed-over", problem.message, problem.line, problem.col, hint)


def find_orphans(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes that link to others but have no backlinks. Notes that stand for a folder, such as README, are skipped."""
    for note in facts.notes.values():
        if not note.backlinks and note.links and not _is_index(note) and not _may_stand_alone(facts, note):
            yield Problem(note.path, "orphan", "no other note links to it")


def find_isolated_notes(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes without links in either direction."""
    for note in facts.notes.values():
        if not note.backlinks and not note.links and not _may_stand_alone(facts, note):
            yield Problem(note.path, "isolated", "it has no links in either direction")


def _is_index(note: Note) -> bool:
    return fold(strip_suffix(split_path(note.path)[1])) in INDEX_NAMES


def _may_stand_alone(facts: NotebookFacts, note: Note) -> bool:
    """Return whether a note needs no links: it is new, a daily note, or a copy that is reported as such."""
    stem = strip_id(strip_suffix(split_path(note.path)[1]), note.id, anywhere=True)
    return bool(note.original) or is_day(note.title) or is_day(stem) or has_grace(facts, note)


def is_day(text: str) -> bool:
    """Return whether a text is a day or week, such as `2024-05-03` or `2024-W18`, as daily notes are called."""
    return bool(DAY.fullmatch(text))


def has_grace(facts: NotebookFacts, note: Note) -> bool:
    """Return whether a note is not to be judged yet, because it was created a few days ago, or by its tags.

    Only a date that the note states counts, in its ID or front matter. If that is in the future, the file's date counts.
    """
    if any(is_unsorted_tag(tag, facts.grace_tags) for tag in note.tags):
        return True
    if not note.id and note.created == note.modified:
        return False
    created = note.created if note.created[:10] <= facts.today.isoformat() else note.modified
    try:
        return 0 <= (facts.today - type(facts.today).fromisoformat(created[:10])).days < facts.grace_days
    except ValueError:
        return False  # not a real day


MIN_SIMILARITY = 0.8
"""Smallest share of common shingles that makes two notes near duplicates."""

MIN_WORDS = 20
"""Words that a note must have to be compared with others."""

MAX_SHARING = 100
"""A shingle that more notes than these share is boilerplate from a template and is not compared."""


def find_empty_notes(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes that have only front matter and headings."""
    for path, fingerprint in facts.fingerprints.items():
        if not fingerprint.word_count and not has_grace(facts, facts.notes[path]):
            hint = f"write it, or delete it: zettel delete {quote_path(facts.notes[path].handle)}"
            yield Problem(path, "empty", "it has nothing but a title", hint=hint)


def find_conflict_markers(facts: NotebookFacts) -> Iterator[Problem]:
    """Report conflict markers that git left in a note."""
    for path, fingerprint in facts.fingerprints.items():
        if fingerprint.conflict_line:
            yield Problem(path, "conflict-marker", "a merge left a conflict here (<<<<<<< ======= >>>>>>>)", fingerprint.conflict_line)


def _are_versions(one: Note, other: Note) -> bool:
    """Return whether two notes have the same ID, or one is a copy of the other."""
    return (
        one.id == other.id is not None or other.path == one.original or one.path == other.original or one.original == other.original != ""
    )


def find_near_duplicates(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes with nearly the same text as another note. Those with the same ID are left to `duplicate-id`, and copies to `conflict-copy`."""
    nearest: dict[str, list[tuple[float, str]]] = {}
    long = [(path, fingerprint) for path, fingerprint in facts.fingerprints.items() if fingerprint.word_count >= MIN_WORDS]
    for one, other in find_similar_pairs(long, MAX_SHARING):
        if _are_versions(facts.notes[one], facts.notes[other]):
            continue
        share = compute_jaccard(facts.read_text(one), facts.read_text(other))
        if share >= MIN_SIMILARITY:
            nearest.setdefault(one, []).append((-share, other))
            nearest.setdefault(other, []).append((-share, one))
    for path in sorted(nearest):
        found = sorted(nearest[path])
        percent = int(-100 * found[0][0])
        how = "has the same text as" if percent == 100 else f"shares {percent}% of its text with"
        others = tuple(other for _, other in found)
        yield Problem(path, "near-duplicate", f"it {how} {format_paths(others)}", related=others)
