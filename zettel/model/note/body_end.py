"""Find where the text of a note ends and its closing lines begin: tags, footnotes, definitions, comments and empty sections."""

from __future__ import annotations

import re

from zettel.model.base.value import NamedTuple

LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
BLANK = re.compile(rb"[ \t\r\n]*\Z")
TAG_LINE = re.compile(rb"[ \t]*(?:\*{0,2}tags?:?\*{0,2}:?[ \t]*)?#[^\s#,;]+(?:[ \t,;]+#[^\s#,;]+)*[ \t]*\Z", re.IGNORECASE)
DEFINITION = re.compile(rb" {0,3}\[\^?[^\]\r\n]+\]:")
COMMENT = re.compile(rb"[ \t]*(?:<!--(?:(?!-->).)*-->|%%(?:(?!%%).)*%%)[ \t]*\Z", re.DOTALL)
RULE = re.compile(rb" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})\Z")
HEADING = re.compile(rb" {0,3}#{1,6}[ \t]")
LINK_HEADING = re.compile(
    rb" {0,3}#{1,6}[ \t]+(?:see also|related|links?|connections?|siehe auch|verweise|voir aussi|ver tamb)", re.IGNORECASE
)
INDENT = re.compile(rb"(?: {2,}|\t)")
ITEM = re.compile(rb"(?P<indent> {0,3})(?P<mark>[-*+]|(?P<number>[0-9]{1,8})(?P<sign>[.)]))(?P<gap>[ \t]{1,4})(?=\S)")


class BodyEnd(NamedTuple):
    """Where something can be added to the text of a note.

    `at` is the byte offset behind its last block, and `has_closing` says that other lines follow. `item` is what begins a further item if that
    block is a list, else empty, and `is_loose` says that blank lines stand between its items.
    """

    at: int
    has_closing: bool
    item: bytes
    is_loose: bool


def find_body_end(data: bytes, start: int) -> BodyEnd:
    """Return where the text of a note ends, whose body begins at the offset `start`."""
    blocks = _split_blocks(data, start)
    count = len(blocks)
    while count:
        above = _skip_closing(blocks, count)
        if above == count:
            break
        count = above
    while count < len(blocks) and RULE.match(_join(blocks[count]).strip(b"\r\n")) and count + 1 == len(blocks):
        count += 1  # a rule with nothing below it closes nothing
    if not count:
        first = blocks[0][0][0] if blocks else len(data)
        return BodyEnd(first if blocks else len(data), bool(blocks), b"", is_loose=False)
    has_closing = count < len(blocks)
    item = _find_item(blocks[count - 1])
    is_loose = bool(item) and count > 1 and _find_mark(blocks[count - 2]) == _find_mark(blocks[count - 1])
    return BodyEnd(_end(blocks[count - 1]) if has_closing or item else len(data), has_closing, item, is_loose)


BlockLines = list[tuple[int, bytes]]
"""Lines that no blank line parts, each with its offset."""


def _split_blocks(data: bytes, start: int) -> list[BlockLines]:
    blocks: list[BlockLines] = [[]]
    for found in LINE.finditer(data, start):
        if BLANK.match(found[0]):
            blocks.append([])
        else:
            blocks[-1].append((found.start(), found[0]))
    return [block for block in blocks if block]


def _skip_closing(blocks: list[BlockLines], count: int) -> int:
    """Return the number of blocks above the closing one that is the last of the first `count`. That is `count` if it is part of the text."""
    last = blocks[count - 1]
    lines = [line.strip(b"\r\n") for _, line in last]
    is_rule = len(lines) == 1 and RULE.match(lines[0])
    is_empty_section = len(lines) == 1 and count > 1 and HEADING.match(lines[0]) and not LINK_HEADING.match(lines[0])
    if (
        is_rule
        or is_empty_section
        or all(map(TAG_LINE.match, lines))
        or DEFINITION.match(lines[0])
        or COMMENT.match(_join(last).strip(b"\r\n"))
    ):
        return count - 1
    above = count
    while above and all(INDENT.match(line) for _, line in blocks[above - 1]):  # a definition goes on in indented blocks
        above -= 1
    return above - 1 if 0 < above < count and DEFINITION.match(blocks[above - 1][0][1]) else count


def _find_item(block: BlockLines) -> bytes:
    """Return what begins the next item of the list that a block ends with, or nothing."""
    last = None
    for _, line in reversed(block):
        if RULE.match(line.strip(b"\r\n")):
            break
        found = ITEM.match(line)
        if found and (last is None or len(found["indent"]) < len(last["indent"])):
            last = found
        elif not found and not INDENT.match(line):
            break
    if last is None:
        return b""
    mark = b"%d%s" % (int(last["number"]) + 1, last["sign"]) if last["number"] else last["mark"]
    return b"%s%s%s" % (last["indent"], mark, last["gap"])


def _find_mark(block: BlockLines) -> bytes:
    """Return the kind of list that a block ends with, or nothing."""
    return _find_item(block).strip().lstrip(b"0123456789")


def _join(block: BlockLines) -> bytes:
    return b"".join(line for _, line in block)


def _end(block: BlockLines) -> int:
    at, line = block[-1]
    return at + len(line)
