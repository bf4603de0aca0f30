"""Rewrite all links of a note as a rename requires, and prove the result by parsing it again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from zettel.model.base.errors import Refused
from zettel.model.base.value import value
from zettel.model.edit.proof import (
    METADATA,
    WORDS,
    Difference,
    ExpectedLink,
    Replacement,
    apply_replacements,
    find_difference,
    find_wrong_links,
    has_same_words_outside,
)
from zettel.model.edit.renames import LinkRename, Renames
from zettel.model.edit.rewrite_link import LinkRewrite, list_rewrites
from zettel.model.link.link import Link, Resolution
from zettel.model.link.resolve import resolve_link
from zettel.model.link.syntax import INLINE, WIKI
from zettel.model.note.parse import ParsedNote, ParseNoteAt
from zettel.model.note.passage import collapse_whitespace

Chosen = Sequence[LinkRewrite | None]
"""How each link is rewritten, or None if it is not."""


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
    """Rewrite the links of the note at `path` as the rename requires, and return the result.

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
    if original:
        before = original._replace(title=original.title if title is None else title, links=before.links, passages=before.passages)
    elif title is not None:
        before = before._replace(title=title)
    options: list[list[LinkRewrite]] = []
    for link_rename in link_renames:
        taken = max((rewrite.end for rewrites in options[-1:] for rewrite in rewrites), default=0)
        options.append(
            [rewrite for rewrite in _list_options(renames, data, link_rename) if rewrite.start >= min(taken, link_rename.link.start)]
        )
    _ensure_rewritable(path, link_renames, options)
    if not any(options) and title is None and not original and renames.map_path(path) == path:
        return RewrittenNote(data, [], [])  # the same bytes at the same place need no proof
    rewrite = NoteRewrite(renames, path, data, parse, before, link_renames, options, METADATA if is_part else frozenset(("problems",)))
    return rewrite.rewrite_together() or rewrite.rewrite_one_by_one()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _list_options(renames: Renames, data: bytes, link_rename: LinkRename) -> list[LinkRewrite]:
    """Return the ways to rewrite a link, best first."""
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
    link = link_rename.link
    return link.syntax_row.form == INLINE and link.text.endswith("]") and not link.is_in_brackets


def _build_refusal(path: str, link_rename: LinkRename) -> Refused:
    name = link_rename.new_names.title if link_rename.new_names else link_rename.link.dest
    return Refused(
        f"{path}:{link_rename.link.line}: {collapse_whitespace(link_rename.link.text)} cannot be rewritten so that it still leads to {name}",
        "nothing was written; change that link by hand: zettel edit NOTE",
    )


def _list_replacements(chosen: Chosen) -> list[Replacement]:
    return [rewrite[:3] for rewrite in sorted((rewrite for rewrite in chosen if rewrite), key=lambda rewrite: rewrite.start)]


@value
class NoteRewrite:
    """A note whose links are rewritten.

    `before` is the parsed note with the metadata that it must have afterwards, apart from the facets that `may_differ`. `link_renames` and
    `options` say for each link what becomes of it, and the ways to write that.
    """

    renames: Renames
    path: str
    data: bytes
    parse: ParseNoteAt
    before: ParsedNote
    link_renames: list[LinkRename]
    options: list[list[LinkRewrite]]
    may_differ: frozenset[str]

    def rewrite_together(self) -> RewrittenNote | None:
        """Rewrite all links in their best way, then the wrong ones in their next best, and so on. Returns None if that fails."""
        tried = [0] * len(self.options)
        while True:
            chosen = [rewrites[at] if at < len(rewrites) else None for at, rewrites in zip(tried, self.options, strict=True)]
            after = self._parse_after(chosen)
            if not self._find_difference(after, chosen):
                return self._build_result(chosen)
            wrong = list(find_wrong_links(after, self._list_expected_links(chosen), self._resolve_link))
            if not wrong or any(tried[at] + self.link_renames[at].is_rewritten >= len(self.options[at]) for at in wrong):
                return None
            for at in wrong:
                tried[at] += 1

    def rewrite_one_by_one(self) -> RewrittenNote:
        """Rewrite the links one after the other, each in the first way that parses as intended. Raises `Refused` if a link has none."""
        chosen: list[LinkRewrite | None] = [None] * len(self.link_renames)
        for at, all_rewrites in enumerate(self.options):
            rewrites = list(filter(partial(_keeps_reference_label, self.link_renames[at].link), all_rewrites))
            if not rewrites:
                continue
            for rewrite in rewrites:
                chosen[at] = rewrite
                if not self._find_difference(self._parse_after(chosen), chosen, up_to=at):
                    break
            else:
                chosen[at] = None
                if self.link_renames[at].is_rewritten:
                    raise _build_refusal(self.path, self.link_renames[at])
        difference = self._find_difference(self._parse_after(chosen), chosen)
        if difference and difference.link is not None:
            raise _build_refusal(self.path, self.link_renames[difference.link])
        if difference:
            raise Refused(
                f"{self.path} cannot be changed without changing more than its links",
                "nothing was written; check the note: zettel edit NOTE",
            )
        return self._build_result(chosen)

    def _parse_after(self, chosen: Chosen) -> ParsedNote:
        return self.parse(self.renames.map_path(self.path), apply_replacements(self.data, _list_replacements(chosen)))

    def _find_difference(self, after: ParsedNote, chosen: Chosen, up_to: int | None = None) -> Difference | None:
        """Return what the rewrites changed although they must not, or None. With `up_to`, words and links after that index are not compared yet."""
        return find_difference(
            self.before,
            after,
            may_differ={"headings", *self.may_differ, *(() if up_to is None else (WORDS,))},
            links=self._list_expected_links(chosen, up_to),
            words=partial(has_same_words_outside, replacements=_list_replacements(chosen)),
            resolve=self._resolve_link,
        )

    def _list_expected_links(self, chosen: Chosen, up_to: int | None = None) -> list[ExpectedLink]:
        """Return what each link must be after the rewrites. After the index `up_to`, a link that is not rewritten must only keep its syntax."""
        return [
            _build_expected_link(link_rename, rewrite)
            if up_to is None or at <= up_to
            else ExpectedLink(None if rewrite else link_rename.link.syntax)
            for at, (link_rename, rewrite) in enumerate(zip(self.link_renames, chosen, strict=True))
        ]

    def _resolve_link(self, link: Link) -> Resolution:
        return resolve_link(self.renames.map_path(self.path), link.syntax, link.dest, self.renames.find_after)

    def _build_result(self, chosen: Chosen) -> RewrittenNote:
        every = list(zip(self.link_renames, self.options, chosen, strict=True))
        stale = [
            link_rename.link
            for link_rename, rewrites, rewrite in every
            if rewrites and rewrites[0].new_label is not None and (rewrite is None or rewrite.new_label is None)
        ]
        after = apply_replacements(self.data, _list_replacements(chosen))
        return RewrittenNote(after, [link_rename.link for link_rename, _, rewrite in every if rewrite], stale)


def _keeps_reference_label(link: Link, rewrite: LinkRewrite) -> bool:
    """Return whether a rewrite leaves the label of a link definition as it is. If not, it is right only together with those of the links that use it."""
    mark = b"]:"
    return not link.syntax_row.is_definition or link.text.encode().partition(mark)[0] == rewrite.replacement.partition(mark)[0]


def _build_expected_link(link_rename: LinkRename, rewrite: LinkRewrite | None) -> ExpectedLink:
    """Return what a link must be after the rename, rewritten or as it is."""
    syntax = link_rename.link.syntax_row
    if syntax.names_only_id and not link_rename.destinations:
        syntax = WIKI
    if rewrite is None:
        return ExpectedLink(syntax.name, link_rename.link.text, resolution=link_rename.new_resolution)
    return ExpectedLink(syntax.name, label=rewrite.new_label, label_place=rewrite.label_place, resolution=link_rename.new_resolution)
