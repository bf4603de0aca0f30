"""Adding text at the end of a note: from its bytes to its bytes with more below. Proved by reading the result."""

from __future__ import annotations

import re
from collections.abc import Callable

from zettel.model.errors import Refused
from zettel.model.passage import one_line
from zettel.model.reading import Reading

LINE_END = re.compile(rb"\r\n|\n|\r")
ITEM = re.compile(rb"(?:\A|[\r\n])[-*+] [^\r\n]*(?:(?:\r\n|\n|\r)  [^\r\n]*)*[\r\n]*\Z")
"""A list item of one paragraph at the very end."""

PROBE = "Qprobeq"

Read = Callable[[bytes], Reading]
"""Gives what the note would be read as if these were its bytes."""


def line_end(data: bytes) -> bytes:
    """How lines end in a file: as its first one does."""
    found = LINE_END.search(data)
    return found[0] if found else b"\n"


def appended(path: str, data: bytes, text: str, read: Read) -> bytes:
    """A note's bytes with a text at the end: as a paragraph of its own, or a list item `- ` right below a list's last one.

    All bytes that were there stay. Raises `Refused` where the text would be swallowed by code or a comment that is not
    closed, where it would change what the note says before it, and in a note that is not UTF-8.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        raise Refused(f"{path} is not UTF-8, so nothing can be added to it", "convert it to UTF-8 first") from None
    before = read(data)
    probe = read(_joined(data, PROBE))
    if [one_line(run.text) for run in probe.passages] != [*(one_line(run.text) for run in before.passages), PROBE]:
        raise Refused(f"{path} ends in code, a comment or a tag, which would swallow the text", "close it first: zettel edit NOTE")
    after = _joined(data, text)
    if not _is_kept(before, read(after)):
        raise Refused(f"the text would change what {path} says: its title, its ID or a link above", "put it in by hand: zettel edit NOTE")
    return after


def _joined(data: bytes, text: str) -> bytes:
    end = line_end(data)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    added = end.join(line.encode("utf-8", "replace") for line in lines) + end
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        return data + added
    gap = b"" if data.endswith((b"\n", b"\r")) else end
    is_item = lines[0].startswith("- ") and ITEM.search(data)
    return data + gap + (b"" if is_item or data.endswith(end + end) else end) + added


def _is_kept(before: Reading, after: Reading) -> bool:
    """Whether a longer note says all that it said before."""
    if before.passages:
        for field in ("id", "title", "aliases", "created", "problems"):
            if getattr(before, field) != getattr(after, field):
                return False
    links = [(link.syntax, link.text, link.dest, link.start) for link in before.links]
    if links != [(link.syntax, link.text, link.dest, link.start) for link in after.links][: len(links)]:
        return False
    old, new = (" ".join(one_line(run.text) for run in reading.passages).split() for reading in (before, after))
    return new[: len(old)] == old and set(before.tags) <= set(after.tags)
