"""Append text to a note, and verify the result by parsing it again."""

from __future__ import annotations

import re
from functools import partial

from zettel.model.base.errors import Refused
from zettel.model.edit.proof import (
    ANCHORS,
    METADATA,
    find_difference,
    has_one_text_changed,
    has_same_words_outside,
    has_words_appended,
    keep_links,
)
from zettel.model.note.parse import ParsedNote, ParseNote
from zettel.model.note.passage import BLANK

LINE_END = re.compile(rb"\r\n|\n|\r")
FINAL_LIST_ITEM = re.compile(rb"(?:\A|[\r\n])[-*+] [^\r\n]*(?:(?:\r\n|\n|\r)  [^\r\n]*)*[\r\n]*\Z")
"""A list item of one paragraph at the end of the file."""

PROBE = "Qprobeq"


def detect_line_ending(data: bytes) -> bytes:
    """Return the line ending of a file's first line, or a line feed if the file has no line ending."""
    found = LINE_END.search(data)
    return found[0] if found else b"\n"


def append_text(path: str, data: bytes, text: str, parse: ParseNote) -> bytes:
    """Return the note's bytes with `text` appended: as a new paragraph, or as a list item if it starts with `- ` and a list ends the note.

    No existing byte changes. Raises `Refused` if unclosed code or an unclosed comment would swallow the text, if the text would
    change the meaning of what precedes it, or if the note is not UTF-8.
    """
    _ensure_utf8(path, data)
    before = parse(data)
    if not has_one_text_changed(before, parse(_join_text(data, PROBE)), added=(PROBE,)):
        raise Refused(f"{path} ends in code, a comment or a tag, which would swallow the text", "close it first: zettel edit NOTE")
    after = _join_text(data, text)
    if not _keeps_content(before, parse(after)):
        raise Refused(f"the text would change the title, the ID or a link of {path}", "add it by hand: zettel edit NOTE")
    return after


def append_to_section(path: str, data: bytes, at: int, text: str, parse: ParseNote) -> bytes:
    """Return the note's bytes with `text` added to the section whose own text ends before byte `at`, as `append_text` adds it to a note.

    Raises `Refused` as that does.
    """
    _ensure_utf8(path, data)
    before, place = parse(data), len(data[:at].rstrip(BLANK))
    old, probed = ([passage.text for passage in parsed.passages] for parsed in (before, parse(_insert_text(data, place, PROBE))))
    if PROBE in old or probed.count(PROBE) != 1 or [words for words in probed if words != PROBE] != old:
        raise Refused(
            f"the section of {path} ends in code, a comment or a tag, which would swallow the text", "add it by hand: zettel edit NOTE"
        )
    result = _insert_text(data, place, text)
    insertion = (place, place, result[place : place + len(result) - len(data)])
    after = parse(result)
    own = [link for link in after.links if not place <= link.start < place + len(insertion[2])]
    difference = find_difference(
        before,
        after._replace(links=own),
        may_differ={"tags", "headings", "table cells", ANCHORS},
        links=keep_links(before.links, [insertion]),
        words=partial(has_same_words_outside, replacements=[insertion]),
    )
    if difference or not {*before.tags} <= {*after.tags}:
        raise Refused(f"the text would change the title, the ID or a link of {path}", "add it by hand: zettel edit NOTE")
    return result


def _insert_text(data: bytes, place: int, text: str) -> bytes:
    """Return `data` with a text added below what ends at `place`, where a line ends, and above the blank line that follows it."""
    head, tail, end = _join_text(data[:place], text), data[place:], detect_line_ending(data)
    return head.removesuffix(end) + tail if tail.startswith(end * 2) or (tail and not tail.strip()) else head + tail


def _ensure_utf8(path: str, data: bytes) -> None:
    try:
        data.decode()
    except UnicodeDecodeError:
        raise Refused(f"{path} is not UTF-8, so nothing can be appended to it", "convert it to UTF-8 first") from None


def _join_text(data: bytes, text: str) -> bytes:
    end = detect_line_ending(data)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    added = end.join(line.encode("utf-8", "replace") for line in lines) + end
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        return data + added
    gap = b"" if data.endswith((b"\n", b"\r")) else end
    is_item = lines[0].startswith("- ") and FINAL_LIST_ITEM.search(data)
    return data + gap + (b"" if is_item or data.endswith(end + end) else end) + added


def _keeps_content(before: ParsedNote, after: ParsedNote) -> bool:
    """Return whether the longer note still has all its metadata, links, words and tags. An empty note may get a title and an ID."""
    may_differ = {"tags", "headings", "table cells", ANCHORS, *(() if before.passages else METADATA)}
    start = after._replace(links=after.links[: len(before.links)])
    return not find_difference(before, start, may_differ=may_differ, words=has_words_appended) and {*before.tags} <= {*after.tags}
