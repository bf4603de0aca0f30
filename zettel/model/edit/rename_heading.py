"""Give a heading other words, and rewrite the links to it, each in the spelling in which it names the heading."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from zettel.model.base.errors import Refused
from zettel.model.edit.anchor import WIKI_MARKS, AnchorNumber, number_anchor, rename_anchor
from zettel.model.edit.destinations import is_wiki_destination
from zettel.model.edit.proof import (
    ExpectedLink,
    Replacement,
    apply_replacements,
    find_difference,
    has_same_words_outside,
    keep_links,
)
from zettel.model.edit.retitle import retitle_heading
from zettel.model.edit.rewrite_link import keep_spacing, parse_wiki_link
from zettel.model.edit.sections import (
    Anchor,
    Section,
    choose_anchor,
    find_heading,
    find_heading_links,
    list_sections,
    map_anchor_owners,
    rewrite_heading_link,
)
from zettel.model.link.link import Link
from zettel.model.link.resolve import ResolveLink
from zettel.model.note.heading import build_heading_key
from zettel.model.note.parse import ParsedNote, ParseNoteAt
from zettel.model.note.passage import collapse_whitespace
from zettel.model.text.fold import to_nfc


class HeadingRename(NamedTuple):
    """A heading of the note at `path` that is called `new` instead of `old`.

    `owners` has the keys of all anchors of the note, each with the number of its section, and `number` is that of the heading. `stable` are the keys
    that still lead to it afterwards, such as that of `{#id}`. `anchor_numbers` has the keys of numbered anchors, such as `#part-2`, to other headings
    with the old words. `below` are the numbers of the sections below the heading.
    """

    path: str
    old: str
    new: str
    number: int
    owners: Mapping[str, int | None]
    stable: frozenset[str]
    anchor_numbers: Mapping[str, AnchorNumber]
    below: range

    def rename(self, anchor: Anchor, *, is_wiki: bool) -> str | None:
        """Return the anchor that a link with the anchor `anchor` needs afterwards, or None if it stays."""
        if anchor.key in self.anchor_numbers:
            return number_anchor(anchor.text, self.anchor_numbers[anchor.key])
        parts, number, key = anchor.text.split("#"), self.owners.get(anchor.key), build_heading_key(self.old)
        if number is None or anchor.key in self.stable:
            return None
        if number in self.below and [build_heading_key(part) for part in parts[:-1]].count(key) == 1:  # `#Heading#Subheading`
            return "#".join(self._rename_part(part, is_wiki=is_wiki) if build_heading_key(part) == key else part for part in parts)
        if number != self.number:
            return None
        above, last = parts[:-1], parts[-1]
        if build_heading_key(last) != key:  # the `#` is part of the heading
            above, last = [], anchor.text
        return "#".join((*above, self._rename_part(last, is_wiki=is_wiki)))

    def _rename_part(self, part: str, *, is_wiki: bool) -> str:
        return rename_anchor(part, self.old, self.new, is_wiki=is_wiki)


class FollowedNote(NamedTuple):
    """A note's bytes after a heading was renamed, the number of links that follow, and those that were in the heading and are gone."""

    data: bytes
    link_count: int
    lost_links: tuple[Link, ...] = ()


def build_heading_rename(path: str, parsed: ParsedNote, data: bytes, section: Section, new: str) -> HeadingRename:
    """Return what it means to give a section's heading the words `new`. Raises `Refused` if a link could not tell it from another heading."""
    sections = list_sections(parsed, data)
    number = next(at for at, one in enumerate(sections) if one.start == section.start)
    key, owners = build_heading_key(new), map_anchor_owners(parsed, sections)
    twin = next((one for at, one in enumerate(sections) if at != number and key in one.keys), None)
    numbered = owners.get(key) if key[-1:].isdigit() else None
    if twin is None and numbered is not None and numbered != number:
        twin = sections[numbered]  # `#part-1` is the second heading "Part"
    if twin:
        raise Refused(
            f'{path}:{twin.line}: there is a heading "{twin.heading}" already, and a link could not tell the two apart',
            "choose other words",
        )
    below = range(number + 1, bisect_left(sections, section.end, key=_get_start))
    stable = frozenset((section.own_key, key))
    return HeadingRename(path, section.heading, new, number, owners, stable, _number_twins(parsed, sections, number, owners), below)


def _get_start(section: Section) -> int:
    return section.start


def _number_twins(
    parsed: ParsedNote, sections: Sequence[Section], number: int, owners: Mapping[str, int | None]
) -> dict[str, AnchorNumber]:
    """Return the keys of numbered anchors to headings that have the same words as the one that is renamed, and need another number afterwards."""
    key = build_heading_key(sections[number].heading)
    after = map_anchor_owners(parsed, [one._replace(keys=(), heading="") if at == number else one for at, one in enumerate(sections)])
    found: dict[str, AnchorNumber] = {}
    for count, at in enumerate(at for at, one in enumerate(sections) if build_heading_key(one.heading) == key):
        fewer = count - 1
        if at > number and owners.get(f"{key}{count}") == at == after.get(f"{key}{fewer}" if fewer else key):
            found[f"{key}{count}"] = AnchorNumber(count, fewer)
    return found


def rename_own_anchors(data: bytes, parsed: ParsedNote, old: str, new: str) -> bytes:
    """Return a note with its Markdown links to its own heading `old` leading to the heading `new`."""
    replacements: list[Replacement] = []
    for link in find_heading_links(parsed):
        if link.key == build_heading_key(old):
            written = rewrite_heading_link(data, link, f"#{rename_anchor(link.anchor, old, new, is_wiki=False)}")
            replacements += [written] if written else []
    return apply_replacements(data, replacements)


def rename_heading(
    data: bytes, parsed: ParsedNote, section: Section, rename: HeadingRename, parse: ParseNoteAt, resolve: ResolveLink, *, label_first: bool
) -> FollowedNote:
    """Return the note with the heading of `section` renamed, and its own links to it. Raises `Refused` if that would change anything else."""
    heading = find_heading(parsed, section)
    for retitled in retitle_heading(data, parsed, heading, section.heading, rename.new) if heading else ():
        end = section.body_start + len(retitled.data) - len(data)
        own = (section.start, section.body_start, retitled.data[section.start : end])
        if retitled.data != data:
            rest = parsed._replace(links=[link for link in parsed.links if link not in retitled.lost_links])
            followed = follow_heading(rename.path, data, rest, rename, parse, resolve, label_first=label_first, heading=own)
            if followed:
                return followed._replace(lost_links=retitled.lost_links)
    raise Refused(
        f'{rename.path}:{section.line}: "{section.heading}" cannot be called "{rename.new}" without changing more than its words',
        "choose other words, or write it by hand: zettel edit NOTE",
    )


def follow_heading(
    path: str,
    data: bytes,
    parsed: ParsedNote,
    rename: HeadingRename,
    parse: ParseNoteAt,
    resolve: ResolveLink,
    *,
    label_first: bool,
    heading: Replacement | None = None,
) -> FollowedNote | None:
    """Return the note at `path` with its links to the heading rewritten, or None if that would change anything else.

    A label follows if it is the heading. `heading` is the replacement of the heading itself, if it is in this note.
    """
    for with_labels in (True, False):
        links = keep_links(parsed.links, may_move=True)
        replacements = [] if heading is None else [heading]
        count = 0
        for at, link in enumerate(parsed.links):
            anchor = choose_anchor(link, rename.owners) if "#" in link.dest else None
            is_wiki = link.is_in_brackets or is_wiki_destination(link.dest)
            new_anchor = rename.rename(anchor, is_wiki=is_wiki) if anchor else None
            if not anchor or new_anchor is None or resolve(link) != rename.path:
                continue
            text = _rewrite_anchor(link, anchor.text, new_anchor, rename, label_first=label_first, with_label=with_labels)
            dest = _replace_last(link.dest, f"#{anchor.text}", f"#{new_anchor}")
            links[at] = ExpectedLink(link.syntax, dests=(dest,), resolution=rename.path)
            if text != link.text:
                replacements.append((link.start, link.end, text.encode()))
                count += 1
        anchors = []
        for own in find_heading_links(parsed) if path == rename.path else ():
            anchors.append(own.anchor)
            new_anchor = rename.rename(Anchor(own.key, own.anchor), is_wiki=False)
            if new_anchor is not None:
                written = rewrite_heading_link(data, own, f"#{new_anchor}")
                if written:
                    anchors[-1] = new_anchor
                    label = _replace_label(written[2].decode("utf-8", "replace"), rename) if with_labels else None
                    replacements.append(written if label is None else (own.start, own.end, label.encode()))
                    count += 1
        after = apply_replacements(data, sorted(replacements))
        if _is_as_planned(parsed, parse(path, after), after, rename, links, sorted(replacements), resolve, anchors, heading=heading):
            return FollowedNote(after, count)
    return None


def _rewrite_anchor(link: Link, anchor: str, new_anchor: str, rename: HeadingRename, *, label_first: bool, with_label: bool) -> str:
    """Return the text of a link with another anchor, and with the new heading as its label if that was the old one."""
    if not link.is_in_brackets:
        return _replace_last(_replace_label(link.text, rename) if with_label else link.text, f"#{anchor}", f"#{new_anchor}")
    written = parse_wiki_link(link.text, label_first=label_first)
    if with_label and collapse_whitespace(written.label) == rename.old and not set(rename.new) & set(WIKI_MARKS):
        written = written._replace(label=keep_spacing(written.label, rename.new))
    return str(written._replace(target=_replace_last(written.target, f"#{anchor}", f"#{new_anchor}")))


def _replace_label(raw: str, rename: HeadingRename) -> str:
    """Return a Markdown link, or one in a tag, that shows the new heading if it shows the old one."""
    label = f"[{rename.old}]"
    return f"[{rename.new}]{raw[len(label) :]}" if raw.startswith(label) else raw


def _replace_last(text: str, old: str, new: str) -> str:
    before, found, after = text.rpartition(old)
    return before + new + after if found else text


def _is_as_planned(
    before: ParsedNote,
    after: ParsedNote,
    data: bytes,
    rename: HeadingRename,
    links: Sequence[ExpectedLink],
    replacements: Sequence[Replacement],
    resolve: ResolveLink,
    anchors: Sequence[str],
    *,
    heading: Replacement | None,
) -> bool:
    """Return whether the note has changed as planned, and not otherwise."""
    words = partial(has_same_words_outside, replacements=replacements)
    if heading is not None:
        sections = list_sections(after, data)
        if len(sections) <= rename.number or sections[rename.number].heading != rename.new:
            return False
        kept = [tag for tag in before.tags if f"#{tag}" not in to_nfc(rename.old) or tag in after.tags]
        before = before._replace(tags=tuple(kept))
        if sorted(before.tags) == sorted(after.tags):
            before = before._replace(tags=after.tags)
    if [*_list_own_anchors(after)] != [*anchors] and anchors:
        return False
    return not find_difference(before, after, may_differ=("headings",), links=links, words=words, resolve=resolve)


def _list_own_anchors(parsed: ParsedNote) -> Iterator[str]:
    return (link.anchor for link in find_heading_links(parsed))
