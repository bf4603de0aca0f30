"""Merge one note into another: as a section under its title, with its headings demoted, and with its tags and aliases added."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from zettel.model import frontmatter
from zettel.model.editing.retitling import ways_to_write, with_new_field
from zettel.model.ids import without_id
from zettel.model.passage import BLANK, one_line
from zettel.model.reading import Reading
from zettel.model.writing import yaml

EOL = re.compile(rb"\r\n|\n|\r")
LEVEL = 2
"""Level of the heading under which the merged note stands."""

MARKS = re.compile(rb"(?P<lead>[ \t>]*(?:[-+*][ \t]+|[0-9]+[.)][ \t]+)?)(?P<marks>#{1,6})(?=[ \t]|$)")
UNDERLINE = re.compile(rb"(?P<text>[^\r\n]*)(?P<end>\r\n|\n|\r)[ ]{0,3}(?:=+|-+)[ \t]*(?=\r|\n|\Z)")
FOOTNOTE = re.compile(rb"^\[\^([^\]\r\n]+)\]:", re.M)

Read = Callable[[bytes], Reading]
"""Parses the note as if it had these bytes."""


def eol_of(data: bytes) -> bytes:
    """Return the line ending of a note's first line, or a line feed if the note has no line ending."""
    found = EOL.search(data)
    return found[0] if found else b"\n"


def section(data: bytes, reading: Reading, eol: bytes) -> bytes:
    """Return a note's text as a section: without front matter and title line, under a heading with its title, with `eol` as line ending."""
    text = data.decode()
    front = frontmatter.split(text)
    start = len(text[: front.end].encode()) if front else 3 * text.startswith("\ufeff")
    heading = next((passage for passage in reading.passages if passage.pieces), None)
    levels = [passage.level for passage in reading.passages if passage.level]
    if (
        heading
        and heading.level
        and without_id(one_line(heading.text), reading.id) == reading.title
        and "link" not in {piece.kind for _, piece in heading.pieces}
    ):
        end = _end_of_heading(data, heading.pieces[-1][1].end)
        levels.remove(heading.level)
        body = _demoted(data, reading, end, LEVEL + 1 - min(levels, default=LEVEL + 1))
    else:
        body = _demoted(data, reading, start, LEVEL + 1 - min(levels, default=LEVEL + 1))
    *_, title = ways_to_write(reading.title)
    return eol.join([b"#" * LEVEL + b" " + title.encode(), b"", EOL.sub(eol, body.strip(b"\r\n").rstrip(BLANK))]).rstrip(BLANK)


def _end_of_heading(data: bytes, at: int) -> int:
    line = EOL.search(data, at)
    if not line:
        return len(data)
    below = re.compile(rb"[ ]{0,3}(?:=+|-+)[ \t]*(?=\r|\n|\Z)").match(data, line.end())
    return below.end() if below else line.end()


def _demoted(data: bytes, reading: Reading, start: int, by: int) -> bytes:
    """Return the bytes from `start` on with every heading `by` levels lower, down to six. An underlined heading is rewritten with `#` marks."""
    if by <= 0:
        return data[start:]
    starts = [
        passage.pieces[0][1].start
        for passage in reading.passages
        if passage.level and passage.pieces and passage.pieces[0][1].start >= start
    ]
    for at in reversed(starts):
        line = max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1
        marks = MARKS.match(data, line)
        under = UNDERLINE.match(data, line)
        if marks:
            demoted = marks["lead"] + b"#" * min(6, len(marks["marks"]) + by)
            data = data[:line] + demoted + data[marks.end() :]
        elif under:
            level = 1 if b"=" in data[under.end("end") : under.end()] else 2
            data = data[:line] + b"#" * min(6, level + by) + b" " + under["text"].lstrip() + data[under.end() :]
    return data[start:]


def shared_footnotes(one: bytes, other: bytes) -> list[str]:
    """Return the names of the footnotes that occur in both notes, sorted."""
    return [name.decode("utf-8", "replace") for name in sorted({*FOOTNOTE.findall(one)} & {*FOOTNOTE.findall(other)})]


def with_items(data: bytes, keys: tuple[str, ...], items: Sequence[str]) -> bytes | None:
    """Add items to the list in the note's front matter that has one of the names in `keys`, and return the new bytes.

    The list is added as `keys[0]` if it is missing, and so is the front matter. Returns None if the field is not a list.
    """
    text = data.decode()
    front = frontmatter.split(text)
    language = front.language if front else "yaml"
    shown = ", ".join(_scalar(item, language) for item in items)
    sign = " = " if language == "toml" else ": "
    raw = front.raw if front else ""
    field = re.search(rf"(?:\A|(?<=[\r\n]))(?:{'|'.join(keys)})[ \t]*[:=][ \t]*(?P<rest>[^\r\n]*)", raw)
    if not front or not field:
        return with_new_field(data, f"{keys[0]}{sign}[{shown}]")
    start = front.start
    flow = re.compile(r"\[(?P<inside>[^\[\]\r\n]*)\][ \t]*(?:#[^\r\n]*)?\Z").match(field["rest"])
    if flow:
        at = start + field.start("rest") + flow.end("inside")
        inside = flow["inside"].rstrip()
        at -= len(flow["inside"]) - len(inside)
        written = shown if not inside else (" " if inside.endswith(",") else ", ") + shown
        return (text[:at] + written + text[at:]).encode()
    block = (
        re.compile(r"(?:[ \t]*(?:\r\n|\n|\r)(?P<indent>[ \t]*)-[ \t]+[^\r\n]*)+").match(raw, field.end())
        if not field["rest"].strip()
        else None
    )
    if block and language == "yaml":
        end = EOL.search(data)
        eol = end[0].decode() if end else "\n"
        at = start + block.end()
        return (text[:at] + "".join(f"{eol}{block['indent']}- {_scalar(item, language)}" for item in items) + text[at:]).encode()
    return None


def _scalar(item: str, language: str) -> str:
    return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"' if language == "toml" or "," in item else yaml(item)
