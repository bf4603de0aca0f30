"""Split a note: make notes of parts of it, and put links in their place."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from typing import NamedTuple

from zettel.model.base.errors import Refused
from zettel.model.base.value import value
from zettel.model.edit.anchor import AnchorNumber, strip_headings_above
from zettel.model.edit.append import detect_line_ending
from zettel.model.edit.insert_link import list_link_variants
from zettel.model.edit.labels import LabelDefinition, LabelledText
from zettel.model.edit.note_part import NotePart, build_section_parts
from zettel.model.edit.proof import ANCHORS, LINKS, WORDS, Replacement, find_difference
from zettel.model.edit.rename_heading import HeadingRename
from zettel.model.edit.sections import (
    AnchorTarget,
    HeadingLink,
    SectionSpans,
    choose_anchor,
    find_heading_links,
    list_anchors,
    list_sections,
    map_anchor_owners,
    map_anchors,
    retarget_heading_link,
    retarget_link,
)
from zettel.model.link.link import Link
from zettel.model.link.resolve import ResolveLink
from zettel.model.link.syntax import SYNTAX_BY_NAME
from zettel.model.note.blocks import HIDDEN, LINK
from zettel.model.note.heading import build_heading_key
from zettel.model.note.note import Note
from zettel.model.note.parse import ParsedNote, ParseNoteAt
from zettel.model.note.passage import BLANK, collapse_whitespace

WORD = re.compile(r"\w+")
BLANK_LINE = re.compile(rb"[ \t]*(?:\r\n|\n|\r)")
BLANK_LINES = re.compile(rb"\A(?:[ \t]*(?:\r\n|\n|\r))+")
BLANK_LINE_LOOKBACK = 1000
"""Bytes before a part that are searched for a blank line."""


FindIndex = Callable[[int], int | None]
"""Returns the number of the part that a byte belongs to, or None for what stays."""


class SplitContext(NamedTuple):
    """Functions that see the notebook with the new notes in it: `parse` parses a note of a path and bytes, `resolve` returns the path that a link leads to."""

    parse: ParseNoteAt
    resolve: ResolveLink
    label_first: bool = False


class NoteVersion(NamedTuple):
    """A version of a note: its bytes, and what they parse to."""

    parsed: ParsedNote
    data: bytes


class Cut(NamedTuple):
    """A part that becomes the note `target`. `front` is the start of the new note's text, such as its front matter."""

    part: NotePart
    target: Note
    front: bytes


class SplitResult(NamedTuple):
    """The bytes of the note without the parts, and the bytes of each new note."""

    rest: bytes
    new_notes: list[bytes]


def split_note(source: Note, data: bytes, cuts: Sequence[Cut], style: str, context: SplitContext) -> SplitResult:
    """Split `source`: return its bytes with links in place of the parts, and the bytes of the new notes.

    The parts must be in order and must not overlap. The links are written in the style `style`, or in another one if that does not parse
    there. Raises `Refused` if a word, link, heading or table would change.
    """
    old = NoteVersion(context.parse(source.path, data), data)
    eol = detect_line_ending(data)
    spans = SectionSpans([(cut.part.start, cut.part.end) for cut in cuts])
    anchors = map_anchors(old.parsed, data, spans)
    removed, copies = _distribute_definitions(old, [cut.part for cut in cuts], spans)
    owners = SectionSpans([(start, end) for start, end, _ in removed])
    stays = [link for link in find_heading_links(old.parsed) if owners.find_index(link.start) is None]
    heading_links = list(_redirect_heading_links(stays, data, spans.find_index, source, cuts, anchors))
    copied = [definition for number in copies for definition in copies[number]]
    added_links = [*_list_copied_links(old, copied, removed, anchors, cuts, source, context), *(target for target, _ in heading_links)]
    definitions: dict[int | None, list[bytes]] = {}
    for number, found in copies.items():
        for definition in found:
            written, targets = _copy_definition(definition, number, old, source, cuts, anchors, context)
            definitions.setdefault(number, []).append(written)
            added_links += targets
    proof = SplitProof(source, old, cuts, anchors, context, added_links)
    changed: dict[int | None, list[Replacement]] = {}
    redirected = [replacement for _, replacement in heading_links]
    own_links = _redirect_own_links(old.parsed.links, spans.find_index, source, cuts, anchors, context)
    for span in (*removed, *own_links, *redirected):
        changed.setdefault(spans.find_index(span[0]), []).append(span)
    texts = []
    for number, (part, _, front) in enumerate(cuts):
        body = _apply_replacements(data, part.text_start, part.end, (*part.replacements, *changed.get(number, ())))
        texts.append(
            _append_definitions(front.replace(b"\n", eol) + BLANK_LINES.sub(b"", body).rstrip(BLANK), definitions.get(number, ()), eol)
        )
    new = [NoteVersion(context.parse(cut.target.path, text), text) for cut, text in zip(cuts, texts, strict=True)]
    for variant in zip_longest(*(_format_links(source, cut.target, style) for cut in cuts)):
        links = [link or _format_links(source, cut.target, style)[-1] for link, cut in zip(variant, cuts, strict=True)]
        placed = _place_links(data, [cut.part for cut in cuts], links, eol)
        rest = _apply_replacements(data, 0, len(data), (*changed.get(None, ()), *placed))
        rest = _append_definitions(rest, definitions[None], eol) if None in definitions else rest
        words = WORD.findall(b" ".join((*links, *chain.from_iterable(definitions.values()))).decode())
        added_words = Counter([*words, *("`" + word for word in words)])
        if proof.is_correct(NoteVersion(context.parse(source.path, rest), rest), new, added_words):
            return SplitResult(rest, texts)
    part = cuts[0].part
    raise Refused(
        f'{source.path}:{old.parsed.lines.find_line(part.start)}: "{part.title}" cannot become a note without changing the text around it',
        "cut between blocks of text, not within code, a quote or a table",
    )


def split_note_in_batches(source: Note, old: NoteVersion, cuts: Sequence[Cut], style: str, context: SplitContext) -> SplitResult:
    """Split `source` like `split_note`, even if its parts cannot all be cut at once.

    Parts can get in each other's way, for example if a footnote goes to one part and a definition that it uses to another. So a batch
    that is refused is halved, down to single parts. What comes after parts that are cut already is found again by the number of its
    section, because its offsets have shifted. Raises `Refused` if a part cannot be cut even alone.
    """
    starts = [section.start for section in list_sections(old.parsed, old.data)]
    rest = old.data
    new_notes: list[bytes] = []
    removed = 0  # headings of the original note that are no longer in `rest`
    pending = [cuts]
    while pending:
        batch = pending.pop()
        numbers = [bisect_left(starts, cut.part.start) - removed for cut in batch]
        current = _find_again(batch, numbers, context.parse(source.path, rest), rest) if new_notes else batch
        try:
            result = split_note(source, rest, current, style, context)
        except Refused:
            if len(batch) == 1:
                raise
            pending += [batch[len(batch) // 2 :], batch[: len(batch) // 2]]
            continue
        rest = result.rest
        new_notes += result.new_notes
        ends = [bisect_left(starts, cut.part.end) - removed for cut in batch]
        kept = sum(cut.part.keeps_heading for cut in current)
        removed += sum(end - number for number, end in zip(numbers, ends, strict=True)) - kept
    return SplitResult(rest, new_notes)


def _find_again(cuts: Sequence[Cut], numbers: Sequence[int], parsed: ParsedNote, data: bytes) -> list[Cut]:
    """Return cuts of sections with the offsets that these have now. Raises `Refused` if other sections have these numbers."""
    sections = list_sections(parsed, data)
    parts = build_section_parts([sections[min(number, len(sections) - 1)] for number in numbers], sections)
    for part, cut in zip(parts, cuts, strict=True):
        if part.title != cut.part.title:
            raise Refused(
                f'"{cut.part.title}" can no longer be found once the other parts are cut out', "split one heading after the other"
            )
    return [cut._replace(part=part) for part, cut in zip(parts, cuts, strict=True)]


def _format_links(source: Note, target: Note, style: str) -> list[bytes]:
    return [written.encode() for written, _ in list_link_variants(source.path, target, style)]


def _apply_replacements(data: bytes, start: int, end: int, replacements: Iterable[Replacement]) -> bytes:
    """Return the bytes between two offsets with `replacements` replaced. If spans overlap, only the first one counts."""
    parts, at = [], start
    for span_start, span_end, written in sorted(replacements):
        if at <= span_start and span_end <= end:
            parts += [data[at:span_start], written]
            at = span_end
    return b"".join([*parts, data[at:end]])


def _place_links(data: bytes, parts: Sequence[NotePart], links: Sequence[bytes], eol: bytes) -> Iterator[Replacement]:
    """Yield replacements that put a link in place of each part, as a list item or a paragraph."""
    first, last = len(data) - len(data.lstrip(BLANK + b"\xef\xbb\xbf")), len(data.rstrip(BLANK))
    spaced = -1  # end of the last part whose link is followed by a blank line
    for part, link in zip(parts, links, strict=True):
        end = b"" if not data[part.start : part.end].endswith((b"\n", b"\r")) else eol
        gap = below = b""
        if not part.link_prefix or part.keeps_heading:
            above = data[max(0, part.start - BLANK_LINE_LOOKBACK) : part.start].removesuffix(eol).rstrip(b" \t")
            gap = b"" if part.start in (spaced, 0) or part.start <= first or above.endswith((b"\n", b"\r")) else eol
            below = eol if part.end < last and not BLANK_LINE.match(data, part.end) else b""
            spaced = part.end if below else -1
        yield part.start, part.end, gap + part.link_prefix + link + end + below


def _append_definitions(data: bytes, definitions: Iterable[bytes], eol: bytes) -> bytes:
    """Append link definitions and then footnotes to a text, which ends with a line ending then."""
    ordered = sorted(
        definitions, key=lambda definition: definition.lstrip().startswith(b"[^")
    )  # a link definition may not follow a footnote
    below = b"".join(definition.rstrip(b"\r\n") + eol for definition in ordered)
    data = data if not data or data.endswith((b"\n", b"\r")) else data + eol
    return data + (b"" if not below or data.endswith(eol + eol) else eol) + below


def _distribute_definitions(
    old: NoteVersion, parts: Sequence[NotePart], spans: SectionSpans
) -> tuple[list[Replacement], dict[int | None, list[LabelDefinition]]]:
    """Assign link definitions and footnotes to the notes that use them.

    Returns the replacements that delete those no longer used where they are, and the definitions to copy to each part, by index (None: the
    old note).
    """
    text = LabelledText(old.data, old.parsed)
    removed: list[Replacement] = []
    copies: dict[int | None, list[LabelDefinition]] = {}
    used: dict[str, set[int | None]] = {}
    owners = SectionSpans([(definition.start, definition.end) for definition in text.definitions])
    within: dict[str, set[str]] = {}  # the labels that a footnote uses, by its own
    for use in text.list_uses():
        number, owner = spans.find_index(use.start), owners.find_index(use.start)
        if owner is not None:
            within.setdefault(text.definitions[owner].label, set()).add(use.label)
        elif number is None or use.start >= parts[number].text_start:
            used.setdefault(use.label, set()).add(number)
    for definition in text.definitions:
        if definition.label in within and definition.label not in used:
            used[definition.label] = {spans.find_index(definition.start)}  # it stays where it is
    pending = [label for label in used if label in within]
    while pending:
        label = pending.pop()
        for inner in within[label]:
            users = used.setdefault(inner, set())
            if not used[label] <= users:
                users |= used[label]
                pending += [inner] * (inner in within)
    for definition in text.definitions:
        own, users = spans.find_index(definition.start), used.get(definition.label, set())
        for number in sorted(users - {own}, key=lambda number: -1 if number is None else number):
            copies.setdefault(number, []).append(definition)
        if users and own not in users:
            removed.append((definition.start, definition.end, b""))
    return list(_widen_removals(old.data, removed, spans)), copies


def _widen_removals(data: bytes, removed: Sequence[Replacement], spans: SectionSpans) -> Iterator[Replacement]:
    """Yield removals that also take the blank lines below, where a blank line or a removal is above, so that no gap is left."""
    above = -1
    for start, end, _ in removed:
        number, wider = spans.find_index(start), end
        if start == above or data[max(0, start - 4) : start].endswith((b"\n\n", b"\r\n\r\n", b"\r\r")):
            while (blank := BLANK_LINE.match(data, wider)) and spans.find_index(blank.end() - 1) == number:
                wider = blank.end()
        above = wider if wider > end or start == above else -1
        yield start, wider, b""


def _list_copied_links(
    old: NoteVersion,
    copied: Sequence[LabelDefinition],
    removed: Sequence[Replacement],
    anchors: Mapping[str, AnchorTarget | None],
    cuts: Sequence[Cut],
    source: Note,
    context: SplitContext,
) -> Iterator[str]:
    """Yield what the links in footnotes lead to that are more often there after the split: once for each copy, unless the first one is removed."""
    left = {start for start, _, _ in removed}
    starts = [link.start for link in old.parsed.links]
    for definition in copied:
        if definition.start in left:
            left.remove(definition.start)
        else:
            first, last = (bisect_left(starts, at) for at in (definition.start, definition.end))
            for link in old.parsed.links[first:last]:
                anchor, target = choose_anchor(link, anchors), context.resolve(link)
                home = anchors[anchor.key] if anchor and target == source.path else None
                if not link.syntax_row.is_definition:
                    yield cuts[home.position].target.path if home else target or link.dest


def _copy_definition(
    definition: LabelDefinition,
    number: int | None,
    old: NoteVersion,
    source: Note,
    cuts: Sequence[Cut],
    anchors: Mapping[str, AnchorTarget | None],
    context: SplitContext,
) -> tuple[bytes, list[str]]:
    """Return the copy of a definition for the part `number` (None: the old note), and what its links to headings lead to that are links to notes now."""
    inside = range(definition.start, definition.end)
    heading_links = [link for link in find_heading_links(old.parsed) if link.start in inside]
    own_links = [link for link in old.parsed.links if link.start in inside]
    redirected = list(_redirect_heading_links(heading_links, old.data, lambda _: number, source, cuts, anchors))
    replacements = [*_redirect_own_links(own_links, lambda _: number, source, cuts, anchors, context), *(one for _, one in redirected)]
    return _apply_replacements(old.data, definition.start, definition.end, replacements), [target for target, _ in redirected]


def _redirect_heading_links(
    links: Iterable[HeadingLink],
    data: bytes,
    find_index: FindIndex,
    source: Note,
    cuts: Sequence[Cut],
    anchors: Mapping[str, AnchorTarget | None],
) -> Iterator[tuple[str, Replacement]]:
    """Yield (path of the note that it leads to, replacement) for each link to a heading of the same text that is in another note now."""
    for link in links:
        here, home = find_index(link.start), anchors.get(link.key)
        if link.key in anchors and (here != (home.position if home else None) or _becomes_title(home, cuts)):
            target = cuts[home.position].target if home else source
            own_path = source.path if here is None else cuts[here].target.path
            written = retarget_heading_link(data, link, own_path, target, to_whole_note=bool(home and home.is_at_start))
            if written is not None:
                yield target.path, written


def _becomes_title(home: AnchorTarget | None, cuts: Sequence[Cut]) -> bool:
    """Return whether an anchor leads to a heading that becomes the title of a new note, where no heading has it anymore."""
    return home is not None and home.is_at_start and bool(cuts[home.position].part.heading)


def _redirect_own_links(
    links: Iterable[Link],
    find_index: FindIndex,
    source: Note,
    cuts: Sequence[Cut],
    anchors: Mapping[str, AnchorTarget | None],
    context: SplitContext,
) -> Iterator[Replacement]:
    """Yield replacements for the note's links to its own headings and blocks, if these are in another note now."""
    for link in links:
        anchor = choose_anchor(link, anchors) or next(iter(list_anchors(link)), None)
        home = anchors.get(anchor.key) if anchor else None
        here = find_index(link.start) if link.dest.startswith("#") else None
        is_kept = here == (home.position if home else None) and not _becomes_title(home, cuts)
        if not anchor or is_kept or context.resolve(link) != source.path:
            continue  # the link and its target are still in the same note
        target = cuts[home.position].target if home else source
        suffix = f"#{strip_headings_above(anchor.text, target.title) if home else anchor.text}"
        text = retarget_link(link, target, "" if home and home.is_at_start else suffix, label_first=context.label_first)
        if text is not None:
            yield link.start, link.end, text.encode()


@value
class SplitProof:
    """The proof that `old`, a note that is split, keeps its content.

    `anchors` says which of its anchors are in which part, and `added_links` what the links lead to that are added besides those to the parts.
    """

    source: Note
    old: NoteVersion
    cuts: Sequence[Cut]
    anchors: Mapping[str, AnchorTarget | None]
    context: SplitContext
    added_links: Sequence[str] = ()

    def is_correct(self, rest: NoteVersion, new_notes: Sequence[NoteVersion], added_words: Counter[str]) -> bool:
        """Return whether the notes have the content of the old note and nothing else, except links and any of the words in `added_words`."""
        old_tags, notes = set(self.old.parsed.tags), [rest, *new_notes]
        names = [(new.parsed.id, new.parsed.title, new.parsed.problems) for new in new_notes]
        return (
            not find_difference(self.old.parsed, rest.parsed, may_differ=("tags", "headings", "table cells", ANCHORS, LINKS, WORDS))
            and names == [(cut.target.id, cut.target.title, []) for cut in self.cuts]
            and set(rest.parsed.tags) <= old_tags <= {tag for note in notes for tag in note.parsed.tags}
            and self._keeps_links(notes)
            and self._keeps_text(_count_content(notes), added_words)
        )

    def _keeps_links(self, notes: Iterable[NoteVersion]) -> bool:
        """Return whether every link leads to where it did, or to the part that its target is in now, and each part has one link more."""
        links, definitions = _collect_targets([self.old], self.context)
        for link in self.old.parsed.links:
            anchor = choose_anchor(link, self.anchors)
            home = self.anchors[anchor.key] if anchor else None
            if home and self.context.resolve(link) == self.source.path:
                links.subtract([self.source.path])
                links.update([self.cuts[home.position].target.path])
        links.update(cut.target.path for cut in self.cuts)  # the links that replace the parts
        links.update(self.added_links)
        return (+links, definitions) == _collect_targets(notes, self.context)

    def _keeps_text(self, new: Content, added_words: Counter[str]) -> bool:
        """Return whether the words, headings and cells of the new notes are the old ones, except the headings that are titles and links now."""
        old = _count_content([self.old])
        parts = [cut.part for cut in self.cuts if cut.part.heading]
        title_words = WORD.findall(" ".join(part.heading for part in parts))
        marked_title_words = Counter("`" + word for word in title_words)
        new_words = new.words + Counter(title_words) + marked_title_words
        new_headings = new.headings + Counter(part.heading for part in parts if part.has_atx_heading)
        extra_words, extra_headings = new_words - old.words - marked_title_words, new_headings - old.headings
        return (
            old.words <= new_words
            and extra_words <= added_words
            and old.headings <= new_headings
            and extra_headings.total() == sum(cut.part.keeps_heading for cut in self.cuts)
            and Counter(WORD.findall(" ".join(extra_headings))) <= added_words
            and old.cells == new.cells
        )


def _collect_targets(notes: Iterable[NoteVersion], context: SplitContext) -> tuple[Counter[str], set[str]]:
    """Return what the links of the notes lead to, and what their link definitions lead to."""
    targets = [(link.syntax_row.is_definition, context.resolve(link) or link.dest) for parsed, _ in notes for link in parsed.links]
    return Counter(dest for is_definition, dest in targets if not is_definition), {dest for is_definition, dest in targets if is_definition}


class Content(NamedTuple):
    """The words, the headings with marks, and the table cells of notes.

    Words in links count only in links that show words of the text. Those in code count once more with a `` ` `` before them.
    """

    words: Counter[str]
    headings: Counter[str]
    cells: Counter[str]


def _count_content(notes: Iterable[NoteVersion]) -> Content:
    content = Content(Counter(), Counter(), Counter())
    for parsed, data in notes:
        for passage in parsed.passages:
            shown = (
                " " if piece.kind == LINK and not SYNTAX_BY_NAME[piece.syntax].shows_own_words else piece.text
                for _, piece in passage.pieces
            )
            content.words.update(WORD.findall("".join(shown)))
            content.words.update("`" + word for _, piece in passage.pieces if piece.kind == HIDDEN for word in WORD.findall(piece.text))
        content.headings.update(section.text for section in list_sections(parsed, data) if section.mark_count >= 0)
        content.cells.update(collapse_whitespace(passage.text) for passage in parsed.passages if passage.is_cell)
    return content


def list_renumberings(
    old: NoteVersion, source: Note, cuts: Sequence[Cut], rest: bytes, texts: Sequence[bytes], parse: ParseNoteAt
) -> list[HeadingRename]:
    """Return what a split means for the numbered anchors that lead to headings with the same words, such as `#part-2`: one for each note with such headings.

    `rest` and `texts` are the results of the split.
    """
    sections = list_sections(*old)
    keys = [build_heading_key(section.heading) for section in sections]
    if len(set(keys)) == len(keys):
        return []
    owners = map_anchor_owners(old.parsed, sections)
    spans = SectionSpans([(cut.part.start, cut.part.end) for cut in cuts])
    places: dict[int | None, list[int | None]] = {}
    for at, section in enumerate(sections):
        part = spans.find_target(section.start)
        if part and part.is_at_start and cuts[part.position].part.keeps_heading:
            places.setdefault(None, []).append(None)  # the heading that is the link to the part
        if not part or not part.is_at_start or not cuts[part.position].part.heading:
            places.setdefault(part.position if part else None, []).append(at)
    found = []
    for position, inside in places.items():
        path, data = (source.path, rest) if position is None else (cuts[position].target.path, texts[position])
        parsed = parse(path, data)
        after = list_sections(parsed, data)
        if len(after) != len(inside):
            continue
        new_owners = map_anchor_owners(parsed, after)
        new_keys = [build_heading_key(section.heading) for section in after]
        numbers = {}
        for new_at, old_at in enumerate(inside):
            if old_at is not None and new_keys[new_at] == (base := keys[old_at]):
                change = AnchorNumber(keys[:old_at].count(base), new_keys[:new_at].count(base))
                key, new_key = (f"{base}{count}" if count else base for count in change)
                if change.before and key != new_key and owners.get(key) == old_at and new_owners.get(new_key) == new_at:
                    numbers[key] = change
        if numbers:
            found.append(HeadingRename(path, "", "", -1, owners, frozenset(), numbers, range(0)))
    return found
