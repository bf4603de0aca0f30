"""Rewrite all links of a note after a rename, each in the best way that still parses as intended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from zettel.model.editing.proving import Proof, sort_rewrites
from zettel.model.editing.relabelling import LinkRename, Renames
from zettel.model.editing.relinking import LinkRewrite, list_rewrites
from zettel.model.errors import Refused
from zettel.model.link import Link
from zettel.model.passage import collapse_whitespace
from zettel.model.reading import ParsedNote

ParseNoteAt = Callable[[str, bytes], ParsedNote]
"""Parses a note as if it had this path and these bytes."""


class RewrittenNote(NamedTuple):
    """A note's new bytes, the links that were rewritten, and those whose label could not be updated."""

    data: bytes
    rewritten_links: list[Link]
    stale_links: list[Link]


def rewrite_links(
    renames: Renames,
    path: str,
    data: bytes,
    parse: ParseNoteAt,
    *,
    title: str | None = None,
    original: ParsedNote | None = None,
    is_part: bool = False,
) -> RewrittenNote:
    """Rewrite the links of the note at `map_path` as the rename requires, and return the result.

    `title` is the note's own new title, if it changes. `data` contains it already, and `original` is the note as it was parsed before.
    With `is_part`, `data` is going to be merged into another note, so only its links and words are verified. Raises `Refused`,
    with the line, if a link cannot be rewritten, or if links must change in a note that is not UTF-8.
    """
    before = parse(path, data)
    link_renames = [renames.build_link_rename(link) for link in before.links]
    if not _is_utf8(data):  # offsets of links belong to the decoded text, not to these bytes
        if any(link_rename.is_rewritten for link_rename in link_renames):
            raise Refused(f"{path} is not UTF-8, so its links cannot be rewritten", "convert it to UTF-8 first")
        return RewrittenNote(data, [], [])
    options = [_list_options(renames, data, link_rename) for link_rename in link_renames]
    proof = Proof(renames, path, original or before, before, title, link_renames, is_part=is_part)
    _ensure_rewritable(path, link_renames, options)
    return _rewrite_together(proof, path, data, options, parse) or _rewrite_one_by_one(proof, path, data, link_renames, options, parse)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _list_options(renames: Renames, data: bytes, link_rename: LinkRename) -> list[LinkRewrite]:
    names = link_rename.link, link_rename.old_names, link_rename.new_names
    return [
        rewrite
        for dest in link_rename.destinations or (None,)
        for rewrite in list_rewrites(data, *names, dest, label_first=renames.label_first, heading=link_rename.heading)
    ]


def _ensure_rewritable(path: str, link_renames: list[LinkRename], options: list[list[LinkRewrite]]) -> None:
    for link_rename, rewrites in zip(link_renames, options, strict=True):
        if link_rename.is_rewritten and not rewrites and not _is_reference_style(link_rename):
            raise _build_refusal(path, link_rename)


def _is_reference_style(link_rename: LinkRename) -> bool:
    """Return whether the link's destination is in a reference definition, which counts as a link of its own."""
    return (
        link_rename.link.syntax in ("markdown", "embed")
        and link_rename.link.text.endswith("]")
        and not link_rename.link.text.startswith("![[")
    )


def _build_refusal(path: str, link_rename: LinkRename) -> Refused:
    name = link_rename.new_names.title if link_rename.new_names else link_rename.link.dest
    return Refused(
        f"{path}:{link_rename.link.line}: {collapse_whitespace(link_rename.link.text)} cannot be rewritten so that it still leads to {name}",
        "nothing was written; change that link by hand: zettel edit NOTE",
    )


def _apply_rewrites(data: bytes, chosen: Sequence[LinkRewrite | None]) -> bytes:
    parts: list[bytes] = []
    at = 0
    for rewrite in sort_rewrites(chosen):
        parts += [data[at : rewrite.start], rewrite.replacement]
        at = rewrite.end
    return b"".join([*parts, data[at:]])


def _rewrite_together(proof: Proof, path: str, data: bytes, options: list[list[LinkRewrite]], parse: ParseNoteAt) -> RewrittenNote | None:
    """Rewrite all links in their best way, then the wrong ones in their next best, and so on. Returns None if that fails."""
    tried = [0] * len(options)
    while True:
        chosen = [rewrites[at] if at < len(rewrites) else None for at, rewrites in zip(tried, options, strict=True)]
        after = _apply_rewrites(data, chosen)
        parsed = parse(proof.renames.map_path(path), after)
        if proof.find_fault(parsed, chosen) is None:
            return _build_result(proof, after, options, chosen)
        wrong = list(proof.find_wrong_links(parsed, chosen))
        if not wrong or any(tried[at] + proof.link_renames[at].is_rewritten >= len(options[at]) for at in wrong):
            return None
        for at in wrong:
            tried[at] += 1


def _build_result(proof: Proof, after: bytes, options: list[list[LinkRewrite]], chosen: Sequence[LinkRewrite | None]) -> RewrittenNote:
    every = list(zip(proof.link_renames, options, chosen, strict=True))
    stale = [
        link_rename.link
        for link_rename, rewrites, rewrite in every
        if rewrites and rewrites[0].new_label is not None and (rewrite is None or rewrite.new_label is None)
    ]
    return RewrittenNote(after, [link_rename.link for link_rename, _, rewrite in every if rewrite], stale)


def _rewrite_one_by_one(
    proof: Proof, path: str, data: bytes, link_renames: list[LinkRename], options: list[list[LinkRewrite]], parse: ParseNoteAt
) -> RewrittenNote:
    """Rewrite the links one after the other, each in the first way that parses as intended. Raises `Refused` if a link has none."""
    chosen: list[LinkRewrite | None] = [None] * len(link_renames)
    new_path = proof.renames.map_path(path)
    for at, rewrites in enumerate(options):
        if not rewrites:
            continue
        for rewrite in rewrites:
            chosen[at] = rewrite
            if proof.find_fault(parse(new_path, _apply_rewrites(data, chosen)), chosen, up_to=at) is None:
                break
        else:
            chosen[at] = None
            if link_renames[at].is_rewritten:
                raise _build_refusal(path, link_renames[at])
    after = _apply_rewrites(data, chosen)
    fault = proof.find_fault(parse(new_path, after), chosen)
    if fault is not None:
        if 0 <= fault < len(link_renames):
            raise _build_refusal(path, link_renames[fault])
        raise Refused(
            f"{path} cannot be changed without changing more than its links", "nothing was written; check the note: zettel edit NOTE"
        )
    return _build_result(proof, after, options, chosen)
