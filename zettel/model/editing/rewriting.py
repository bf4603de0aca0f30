"""Rewrite all links of a note after a rename, each in the best way that still parses as intended."""

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
"""Parses a note as if it had this path and these bytes."""


class Relinked(NamedTuple):
    """A note's new bytes, the links that were rewritten, and those whose label could not be updated."""

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
    """Rewrite the links of the note at `path` as the rename requires, and return the result.

    `title` is the note's own new title, if it changes. `data` contains it already, and `original` is the note as it was parsed before.
    With `is_part`, `data` is going to be merged into another note, so only its links and words are verified. Raises `Refused`,
    with the line, if a link cannot be rewritten, or if links must change in a note that is not UTF-8.
    """
    before = read(path, data)
    link_renames = [world.choice(link) for link in before.links]
    if not _is_utf8(data):  # offsets of links belong to the decoded text, not to these bytes
        if any(link_rename.is_rewritten for link_rename in link_renames):
            raise Refused(f"{path} is not UTF-8, so its links cannot be rewritten", "convert it to UTF-8 first")
        return Relinked(data, [], [])
    options = [_options(world, data, link_rename) for link_rename in link_renames]
    proof = Proof(world, path, original or before, before, title, link_renames, is_part=is_part)
    _demand(path, link_renames, options)
    return _at_once(proof, path, data, options, read) or _one_by_one(proof, path, data, link_renames, options, read)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _options(world: Relabelling, data: bytes, choice: Choice) -> list[Way]:
    names = choice.link, choice.old, choice.new
    return [
        rewrite for dest in choice.dests or (None,) for rewrite in ways(data, *names, dest, label_first=world.label_first, part=choice.part)
    ]


def _demand(path: str, choices: list[Choice], options: list[list[Way]]) -> None:
    for link_rename, rewrites in zip(choices, options, strict=True):
        if link_rename.is_rewritten and not rewrites and not _is_by_definition(link_rename):
            raise _refusal(path, link_rename)


def _is_by_definition(choice: Choice) -> bool:
    """Return whether the link's destination is in a reference definition, which counts as a link of its own."""
    return choice.link.syntax in ("markdown", "embed") and choice.link.text.endswith("]") and not choice.link.text.startswith("![[")


def _refusal(path: str, choice: Choice) -> Refused:
    name = choice.new.title if choice.new else choice.link.dest
    return Refused(
        f"{path}:{choice.link.line}: {one_line(choice.link.text)} cannot be rewritten so that it still leads to {name}",
        "nothing was written; change that link by hand: zettel edit NOTE",
    )


def _written(data: bytes, chosen: Sequence[Way | None]) -> bytes:
    parts: list[bytes] = []
    at = 0
    for rewrite in in_order(chosen):
        parts += [data[at : rewrite.start], rewrite.written]
        at = rewrite.end
    return b"".join([*parts, data[at:]])


def _at_once(proof: Proof, path: str, data: bytes, options: list[list[Way]], read: Read) -> Relinked | None:
    """Rewrite all links in their best way, then the wrong ones in their next best, and so on. Returns None if that fails."""
    tried = [0] * len(options)
    while True:
        chosen = [rewrites[at] if at < len(rewrites) else None for at, rewrites in zip(tried, options, strict=True)]
        after = _written(data, chosen)
        parsed = read(proof.world.path(path), after)
        if proof.fault(parsed, chosen) is None:
            return _relinked(proof, after, options, chosen)
        wrong = list(proof.wrong(parsed, chosen))
        if not wrong or any(tried[at] + proof.choices[at].is_rewritten >= len(options[at]) for at in wrong):
            return None
        for at in wrong:
            tried[at] += 1


def _relinked(proof: Proof, after: bytes, options: list[list[Way]], chosen: Sequence[Way | None]) -> Relinked:
    every = list(zip(proof.choices, options, chosen, strict=True))
    stale = [
        link_rename.link
        for link_rename, rewrites, rewrite in every
        if rewrites and rewrites[0].label is not None and (rewrite is None or rewrite.label is None)
    ]
    return Relinked(after, [link_rename.link for link_rename, _, rewrite in every if rewrite], stale)


def _one_by_one(proof: Proof, path: str, data: bytes, choices: list[Choice], options: list[list[Way]], read: Read) -> Relinked:
    """Rewrite the links one after the other, each in the first way that parses as intended. Raises `Refused` if a link has none."""
    chosen: list[Way | None] = [None] * len(choices)
    new_path = proof.world.path(path)
    for at, rewrites in enumerate(options):
        if not rewrites:
            continue
        for rewrite in rewrites:
            chosen[at] = rewrite
            if proof.fault(read(new_path, _written(data, chosen)), chosen, upto=at) is None:
                break
        else:
            chosen[at] = None
            if choices[at].is_rewritten:
                raise _refusal(path, choices[at])
    after = _written(data, chosen)
    fault = proof.fault(read(new_path, after), chosen)
    if fault is not None:
        if 0 <= fault < len(choices):
            raise _refusal(path, choices[fault])
        raise Refused(
            f"{path} cannot be changed without changing more than its links", "nothing was written; check the note: zettel edit NOTE"
        )
    return _relinked(proof, after, options, chosen)
