"""Find what stands where in a note: the link or tag at a byte, and where a link to the note or to a part of it leads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from zettel.model.base.value import NamedTuple
from zettel.model.edit.retag import TaggedNote, find_prose_tags, list_tag_items
from zettel.model.edit.sections import Section, choose_anchor, list_anchors, map_anchor_owners
from zettel.model.link.link import Link, ResolvedLink
from zettel.model.note import frontmatter
from zettel.model.note.heading import list_block_ids
from zettel.model.note.parse import ParsedNote
from zettel.model.note.passage import find_byte_end, find_byte_offset
from zettel.model.text.fold import fold
from zettel.model.text.ids import strip_id

TITLE_FIELD = re.compile(rb"(?i)[\"']?title[\"']?[ \t]*[:=][ \t]*")
LINE_END = re.compile(rb"[\r\n]|\Z")


class ByteSpan(NamedTuple):
    """The bytes of a note from `start` to `end`."""

    start: int
    end: int

    def contains(self, offset: int) -> bool:
        """Return whether a cursor at this byte touches the span."""
        return self.start <= offset <= self.end


class TagPlace(NamedTuple):
    """A tag, and where it stands, with its `#` in prose."""

    tag: str
    span: ByteSpan


class BlockPlace(NamedTuple):
    """A block ID as `^name`, the line that it stands in, and the words of its block."""

    name: str
    span: ByteSpan
    words: str


def find_link_span(data: bytes, link: Link) -> ByteSpan:
    """Return the span of a link; that of a bare link goes to the end of its label."""
    if link.syntax_row.label_follows and link.label:
        label = link.label.encode()
        if data.startswith(label, link.end + 1) and data[link.end : link.end + 1] == b" ":  # as nearly all are written
            return ByteSpan(link.start, link.end + 1 + len(label))
        words = [re.escape(word.encode()) for word in link.label.split()]
        found = re.compile(rb"[\s:\xe2\x80\x93\x94-]*?" + rb"\s+".join(words)).match(data, link.end)
        if found:
            return ByteSpan(link.start, found.end())
    return ByteSpan(link.start, link.end)


def find_link_at(data: bytes, links: Iterable[ResolvedLink], offset: int) -> tuple[ResolvedLink, ByteSpan] | None:
    """Return the link at a byte, the shortest if there are several, with its span."""
    near = ((resolved, find_link_span(data, resolved.link)) for resolved in links if resolved.link.start <= offset)
    found = [(resolved, span) for resolved, span in near if span.contains(offset)]
    return min(found, key=lambda each: (each[1].end - each[1].start, -each[1].start)) if found else None


def list_tag_places(note: TaggedNote, text: str) -> Iterator[TagPlace]:
    """Yield the tags of a note: those in its front matter, then those in prose."""
    front = frontmatter.find_front_matter(text)
    if front:
        byte = note.parsed.lines.to_byte_offset
        for item in list_tag_items(front.raw, note.tag_scalars):
            yield TagPlace(item.tag, ByteSpan(byte(front.raw_start + item.start), byte(front.raw_start + item.end)))
    for passage in note.parsed.passages:
        for start, end, tag in find_prose_tags(passage.prose):
            yield TagPlace(tag, ByteSpan(find_byte_offset(passage, max(0, start - 1)), find_byte_end(passage, end - 1)))


MAX_BLOCK_WORDS = 1000
"""How many characters at the start of a block stand for it. A block may have thousands of IDs."""


def list_block_places(parsed: ParsedNote, data: bytes) -> list[BlockPlace]:
    """Return the block IDs of a note in order."""
    words: dict[str, str] = {}
    for passage in parsed.passages:
        if "^" in passage.prose:
            start = passage.text[:MAX_BLOCK_WORDS]
            for name, _ in list_block_ids([passage]):
                words.setdefault(name, " ".join(start.replace(name, "").split()))
    return [BlockPlace(name, find_line_span(data, offset), words.get(name, "")) for name, offset in list_block_ids(parsed.passages)]


def find_line_span(data: bytes, offset: int) -> ByteSpan:
    """Return the span of the line that contains a byte, without its end."""
    start = max(data.rfind(b"\n", 0, offset), data.rfind(b"\r", 0, offset)) + 1
    end = LINE_END.search(data, offset)
    return ByteSpan(start, end.start() if end else len(data))


def find_section_at(sections: list[Section], offset: int) -> Section | None:
    """Return the section whose heading contains a byte."""
    return next((section for section in sections if section.start <= offset < max(section.body_start, section.start + 1)), None)


def find_heading_span(data: bytes, section: Section) -> ByteSpan:
    """Return the span of the words of a section's heading, without its marks."""
    start, end = find_line_span(data, section.start)
    marks = len(data[start:end]) - len(data[start:end].lstrip(b"# \t"))
    return ByteSpan(start + marks, max(start + marks, start + len(data[start:end].rstrip())))


def find_title_section(parsed: ParsedNote, sections: list[Section]) -> Section | None:
    """Return the section whose heading is the note's title."""
    return next((one for one in sections if fold(strip_id(one.heading, parsed.id)) == fold(parsed.title)), None)


def find_title_span(parsed: ParsedNote, data: bytes, sections: list[Section]) -> ByteSpan:
    """Return the span of a note's title: in its front matter, else its heading, else the start of its first line."""
    front = frontmatter.find_front_matter(data.decode(errors="replace"))
    if front:
        body = parsed.lines.to_byte_offset(front.body_start)
        start = 0
        while start < body:
            span = find_line_span(data, start)
            if found := TITLE_FIELD.match(data, span.start, span.end):
                return ByteSpan(found.end(), span.end)
            start = span.end + 1
    section = find_title_section(parsed, sections)
    return find_heading_span(data, section) if section else ByteSpan(0, 0)


def guess_title_line(data: bytes) -> int:
    """Return the number of the line, from 0, in which a note's title most likely stands: `title:` of its front matter, else its first line of text."""
    lines = data.splitlines()
    fence = lines[0].strip(b"\xef\xbb\xbf \t") if lines else b""
    start = 0
    if fence in (b"---", b"+++"):
        end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in (fence, b"...")), 0)
        for number, line in enumerate(lines[1:end], 1):
            if TITLE_FIELD.match(line):
                return number
        start = end + 1 if end else 0
    return next((number for number, line in enumerate(lines[start:], start) if line.strip()), 0)


def find_anchor_span(parsed: ParsedNote, data: bytes, sections: list[Section], link: Link) -> ByteSpan | None:
    """Return the span of the heading or block that the anchor of a link names, or None if it has none or names neither."""
    if "#" not in link.dest:
        return None
    blocks = {block.name.lower(): block.span for block in list_block_places(parsed, data)}
    for anchor in list_anchors(link):
        if anchor.key in blocks:
            return blocks[anchor.key]
    section = find_anchor_section(parsed, sections, link)
    return find_heading_span(data, section) if section else None


def find_anchor_section(parsed: ParsedNote, sections: list[Section], link: Link) -> Section | None:
    """Return the section that the anchor of a link names, or None."""
    owners = map_anchor_owners(parsed, sections)
    anchor = choose_anchor(link, owners)
    number = owners.get(anchor.key) if anchor else None
    return sections[number] if number is not None else None
