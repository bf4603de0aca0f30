"""Check links: report those that lead to no note, to several, or to the note that contains them."""

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
"""Characters quoted from a text at most."""

MOST = 3
"""Notes named in a message at most."""


def dangling(facts: Facts) -> Iterator[Problem]:
    """Report links that no note answers to, with the intended note if there is a clear candidate."""
    links = [resolved.link for resolved in facts.links(DANGLING)]
    sources: dict[str, set[str]] = {}
    for link in links:
        sources.setdefault(squeezed(named(link)[1]), set()).add(link.source)
    intentions = Intentions(facts.notes.values(), facts.is_word, lambda key: len(sources.get(key, ())))
    for link in links:
        intended = intentions.meant(link)
        repair = redirected(link, facts.notes[intended.paths[0]]) if intended.is_sure else None
        message = f'no note answers to "{clipped(link.dest, LONGEST)}"'
        yield Problem(link.source, "dangling", message, *facts.place(link.source, link.start), _hint(facts, link, intended, repair), repair)


def _hint(facts: Facts, link: Link, meant: Meant, mend: Mend | None) -> str:
    if not meant.paths:
        name = named(link)[1]
        is_plain = (
            name and not is_id(name) and all(char.isalnum() or char in " -_.," for char in name)
        )  # nothing that a shell would interpret
        return f'write it: zettel new "{name}", or correct the link' if is_plain and len(name) <= LONGEST else ""
    names = " or ".join(facts.notes[path].name for path in meant.paths[:MOST])
    return f"zettel check --fix links it to {names}" if mend else f"did you mean {names}?"


def ambiguous(facts: Facts) -> Iterator[Problem]:
    """Report links that several notes answer to."""
    for resolved in facts.links(AMBIGUOUS):
        link, candidates = resolved.link, resolved.resolution.candidates
        message = f'{len(candidates)} notes answer to "{clipped(link.dest, LONGEST)}": {listed(candidates)}'
        yield Problem(link.source, "ambiguous", message, *facts.place(link.source, link.start))


def to_itself(facts: Facts) -> Iterator[Problem]:
    """Report links of a note to itself, except links to one of its own headings."""
    for resolved in facts.links(OK):
        link = resolved.link
        if resolved.is_self and "#" not in link.dest:
            message = f'"{clipped(link.text, LONGEST)}" leads to the note that contains it'
            yield Problem(link.source, "self", message, *facts.place(link.source, link.start))


def listed(paths: tuple[str, ...] | list[str]) -> str:
    """List the first paths, and say how many more there are."""
    return ", ".join(paths[:MOST]) + (f" and {len(paths) - MOST} more" if len(paths) > MOST else "")
