"""Check the words beside an ID in a link: report those that are a former title or file name of the note.

A label in brackets is usually written by hand, so it counts as a title only if it repeats the words in the link's destination.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from zettel.model.check import Facts
from zettel.model.ids import first_id, is_id, without_id
from zettel.model.intended import named, names_of, squeezed
from zettel.model.link import OK, Link
from zettel.model.mending import Mend, redirected, relabelled
from zettel.model.note import Note, Problem
from zettel.model.text import clipped, fold
from zettel.model.tokens import tokens

ALIKE = 0.6
"""Smallest share of words that an old title has in common with the new one: twice the common words by all words (Dice coefficient)."""


class Stale(NamedTuple):
    """The words that a link calls its note by, and the repair of the link. None means that a person must decide."""

    words: str
    mend: Mend | None


def stale(facts: Facts) -> Iterator[Problem]:
    """Report links by ID whose words are no longer a name of their note."""
    for resolved in facts.links(OK):
        if resolved.is_self or "#" in resolved.link.dest:
            continue
        link, note = resolved.link, facts.notes[str(resolved.resolution.target)]
        found = _in_prose(facts, link, note) if link.syntax in ("bare", "sign") else _in_destination(link, note)
        if found:
            hint = f'zettel check --fix calls it "{clipped(note.title, 80)}"' if found.mend else ""
            message = f'"{clipped(found.words, 80)}" is called {note.name}'
            yield Problem(link.source, "stale-label", message, *facts.place(link.source, link.start), hint, found.mend)


def _in_prose(facts: Facts, link: Link, note: Note) -> Stale | None:
    """Check the words after a bare ID. They may end with their clause or continue after the title."""
    label = link.label
    if label.startswith(note.title) or note.title.startswith(label) or not label[0].isalnum():
        return None  # a quick exit for nearly all links
    words = _words(label)
    if not words or any(_begins(words, _words(name)) for name in names_of(note)):
        return None
    is_alone = link.sentence == f"{link.text} {link.label}"
    if is_alone and len(words) > 1 and facts.named(f"t:{fold(label)}"):
        return Stale(link.label, None)  # either the ID or the words are wrong, and there is no way to know which
    if not _is_changed(words[: len(_words(note.title)) + 1], _words(note.title)):
        return None
    return Stale(link.label, relabelled(link, note) if is_alone else None)


def _in_destination(link: Link, note: Note) -> Stale | None:
    """Check the words beside the ID in `[[ID words]]` and `[label](ID-words.md)`."""
    if not note.id or note.id not in link.dest or len(link.dest) == len(note.id):
        return None
    name = named(link)[1]
    note_id = first_id(name)
    words = without_id(name, note_id, anywhere=True) if note_id else ""
    if not any(map(str.isalnum, words)) or is_id(name) or squeezed(words) in set(map(squeezed, names_of(note))):
        return None
    is_title = squeezed(link.label) == squeezed(words)
    return Stale(words, redirected(link, note, note.title if is_title else None))


def _words(text: str) -> list[str]:
    return [word for word, _, _ in tokens(text)]


def _begins(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether one of two texts, given as words, starts with the other."""
    shorter = min(len(one), len(other))
    return shorter > 0 and list(one[:shorter]) == list(other[:shorter])


def _is_changed(said: Sequence[str], title: Sequence[str]) -> bool:
    """Return whether words look like an earlier version of a title: most words are the same, in the same order."""
    matcher = SequenceMatcher(None, said, title, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return same > 1 and 2 * same / (len(said) + len(title)) >= ALIKE
