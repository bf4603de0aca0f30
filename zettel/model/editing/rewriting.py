"""A note whose links follow: written in the best ways that the proof by reading allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from zettel.model.editing.proving import Proof, in_order
from zettel.model.editing.relabelling import Choice, Relabelling
from zettel.model.editing.relinking import Way, ways
from zettel.model.errors import Refused
from zettel.model.link import Link
from zettel.model.passage import one_line
from zettel.model.reading import Reading

Read = Callable[[str, bytes], Reading]
"""Gives what a note at a path would be read as if these were its bytes."""


class Relinked(NamedTuple):
    """A note's new bytes, the links in it that are rewritten, and those whose words could not follow."""

    data: bytes
    rewritten: list[Link]
    stale: list[Link]


def relinked(
    world: Relabelling,
    path: str,
    data: bytes,
    read: Read,
    *,
    title: str | None = None,
    original: Reading | None = None,
    is_part: bool = False,
) -> Relinked:
    """The note at `path` with every link saying what it is to say. Raises `Refused`, with the place, where one cannot, and for a note that is not UTF-8.

    `title` is the note's own title afterwards, if it changes; `data` says it already, `original` is what it was read as before that.
    `is_part`: `data` becomes a part of another note, so only its links and words count.
    """
    before = read(path, data)
    choices = [world.choice(link) for link in before.links]
    if not _is_utf8(data):  # where links stand is told of what it was read as, not of these bytes
        if any(choice.is_rewritten for choice in choices):
            raise Refused(f"{path} is not UTF-8, so its links cannot be rewritten", "convert it to UTF-8 first")
        return Relinked(data, [], [])
    options = [_options(world, data, choice) for choice in choices]
    proof = Proof(world, path, original or before, before, title, choices, is_part=is_part)
    _demand(path, choices, options)
    return _at_once(proof, path, data, options, read) or _one_by_one(proof, path, data, choices, options, read)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _options(world: Relabelling, data: bytes, choice: Choice) -> list[Way]:
    names = choice.link, choice.old, choice.new
    return [way for dest in choice.dests or (None,) for way in ways(data, *names, dest, label_first=world.label_first, part=choice.part)]


def _demand(path: str, choices: list[Choice], options: list[list[Way]]) -> None:
    for choice, found in zip(choices, options, strict=True):
        if choice.is_rewritten and not found and not _is_by_definition(choice):
            raise _refusal(path, choice)


def _is_by_definition(choice: Choice) -> bool:
    """Whether a link's destination is that of a reference definition, which is a link of its own."""
    return choice.link.syntax in ("markdown", "embed") and choice.link.text.endswith("]") and not choice.link.text.startswith("![[")


def _refusal(path: str, choice: Choice) -> Refused:
    name = choice.new.title if choice.new else choice.link.dest
    return Refused(
        f"{path}:{choice.link.line}: {one_line(choice.link.text)} cannot be written so that it still leads to {name}",
        "nothing was written; change that link by hand: zettel edit NOTE",
    )


def _written(data: bytes, chosen: Sequence[Way | None]) -> bytes:
    parts: list[bytes] = []
    at = 0
    for way in in_order(chosen):
        parts += [data[at : way.start], way.written]
        at = way.end
    return b"".join([*parts, data[at:]])


def _at_once(proof: Proof, path: str, data: bytes, options: list[list[Way]], read: Read) -> Relinked | None:
    """All links written in their first ways, those that do not read right in their next, and so on; None where that comes to no end."""
    tried = [0] * len(options)
    while True:
        chosen = [found[at] if at < len(found) else None for at, found in zip(tried, options, strict=True)]
        after = _written(data, chosen)
        reading = read(proof.world.path(path), after)
        if proof.fault(reading, chosen) is None:
            return _relinked(proof, after, options, chosen)
        wrong = list(proof.wrong(reading, chosen))
        if not wrong or any(tried[at] + proof.choices[at].is_rewritten >= len(options[at]) for at in wrong):
            return None
        for at in wrong:
            tried[at] += 1


def _relinked(proof: Proof, after: bytes, options: list[list[Way]], chosen: Sequence[Way | None]) -> Relinked:
    every = list(zip(proof.choices, options, chosen, strict=True))
    stale = [choice.link for choice, found, way in every if found and found[0].label is not None and (way is None or way.label is None)]
    return Relinked(after, [choice.link for choice, _, way in every if way], stale)


def _one_by_one(proof: Proof, path: str, data: bytes, choices: list[Choice], options: list[list[Way]], read: Read) -> Relinked:
    """The links written one after the other, each in the first way that reads right."""
    chosen: list[Way | None] = [None] * len(choices)
    here = proof.world.path(path)
    for at, found in enumerate(options):
        if not found:
            continue
        for way in found:
            chosen[at] = way
            if proof.fault(read(here, _written(data, chosen)), chosen, upto=at) is None:
                break
        else:
            chosen[at] = None
            if choices[at].is_rewritten:
                raise _refusal(path, choices[at])
    after = _written(data, chosen)
    fault = proof.fault(read(here, after), chosen)
    if fault is not None:
        if 0 <= fault < len(choices):
            raise _refusal(path, choices[fault])
        raise Refused(f"{path} cannot be changed without changing more than its links", "nothing was written; look at it: zettel edit NOTE")
    return _relinked(proof, after, options, chosen)
