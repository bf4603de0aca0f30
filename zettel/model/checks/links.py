"""Checks of links: those that name no note, several, or their own."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.check import Facts
from zettel.model.link import AMBIGUOUS, DANGLING, OK
from zettel.model.note import Problem
from zettel.model.text import clipped

LONGEST = 80
"""Characters of a text that are quoted at most."""


def dangling(facts: Facts) -> Iterator[Problem]:
    """Links that no note answers to."""
    for one in facts.links(DANGLING):
        link = one.link
        yield Problem(link.source, "dangling", f'no note answers to "{clipped(link.dest, LONGEST)}"', *facts.place(link.source, link.start))


def ambiguous(facts: Facts) -> Iterator[Problem]:
    """Links that several notes answer to."""
    for one in facts.links(AMBIGUOUS):
        link, found = one.link, one.resolution.candidates
        named = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
        message = f'{len(found)} notes answer to "{clipped(link.dest, LONGEST)}": {named}'
        yield Problem(link.source, "ambiguous", message, *facts.place(link.source, link.start))


def to_itself(facts: Facts) -> Iterator[Problem]:
    """Links of a note to itself, but for those to one of its own headings."""
    for one in facts.links(OK):
        link = one.link
        if one.is_self and "#" not in link.dest:
            message = f'"{clipped(link.text, LONGEST)}" leads to the note that it stands in'
            yield Problem(link.source, "self", message, *facts.place(link.source, link.start))
