"""Checks of links: those that name no note, several, or their own."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.check import Facts
from zettel.model.ids import is_id
from zettel.model.intended import Intentions, Meant, named, squeezed
from zettel.model.link import AMBIGUOUS, DANGLING, OK, Link
from zettel.model.mending import Mend, redirected
from zettel.model.note import Problem
from zettel.model.text import clipped

LONGEST = 80
"""Characters of a text that are quoted at most."""

MOST = 3
"""Notes that are named in a message at most."""


def dangling(facts: Facts) -> Iterator[Problem]:
    """Links that no note answers to; with the note that was meant, where that can be told."""
    found = [one.link for one in facts.links(DANGLING)]
    wanting: dict[str, set[str]] = {}
    for link in found:
        wanting.setdefault(squeezed(named(link)[1]), set()).add(link.source)
    intentions = Intentions(facts.notes.values(), facts.is_word, lambda key: len(wanting.get(key, ())))
    for link in found:
        meant = intentions.meant(link)
        mend = redirected(link, facts.notes[meant.paths[0]]) if meant.is_sure else None
        message = f'no note answers to "{clipped(link.dest, LONGEST)}"'
        yield Problem(link.source, "dangling", message, *facts.place(link.source, link.start), _hint(facts, link, meant, mend), mend)


def _hint(facts: Facts, link: Link, meant: Meant, mend: Mend | None) -> str:
    if not meant.paths:
        name = named(link)[1]
        is_plain = name and not is_id(name) and all(char.isalnum() or char in " -_.," for char in name)  # nothing that a shell would run
        return f'write it: zettel new "{name}", or correct the link' if is_plain and len(name) <= LONGEST else ""
    names = " or ".join(facts.notes[path].name for path in meant.paths[:MOST])
    return f"zettel check --fix links it to {names}" if mend else f"did you mean {names}?"


def ambiguous(facts: Facts) -> Iterator[Problem]:
    """Links that several notes answer to."""
    for one in facts.links(AMBIGUOUS):
        link, found = one.link, one.resolution.candidates
        message = f'{len(found)} notes answer to "{clipped(link.dest, LONGEST)}": {listed(found)}'
        yield Problem(link.source, "ambiguous", message, *facts.place(link.source, link.start))


def to_itself(facts: Facts) -> Iterator[Problem]:
    """Links of a note to itself, but for those to one of its own headings."""
    for one in facts.links(OK):
        link = one.link
        if one.is_self and "#" not in link.dest:
            message = f'"{clipped(link.text, LONGEST)}" leads to the note that it stands in'
            yield Problem(link.source, "self", message, *facts.place(link.source, link.start))


def listed(paths: tuple[str, ...] | list[str]) -> str:
    """Some paths, and how many more there are."""
    return ", ".join(paths[:MOST]) + (f" and {len(paths) - MOST} more" if len(paths) > MOST else "")
