"""One note's text as a part of another one: below a heading of its title, its own headings demoted, its tags and aliases among the other's."""

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
"""The level of the heading under which a note becomes a part of another one."""

MARKS = re.compile(rb"(?P<lead>[ \t>]*(?:[-+*][ \t]+|[0-9]+[.)][ \t]+)?)(?P<marks>#{1,6})(?=[ \t]|$)")
UNDERLINE = re.compile(rb"(?P<text>[^\r\n]*)(?P<end>\r\n|\n|\r)[ ]{0,3}(?:=+|-+)[ \t]*(?=\r|\n|\Z)")
FOOTNOTE = re.compile(rb"^\[\^([^\]\r\n]+)\]:", re.M)

Read = Callable[[bytes], Reading]
"""Gives what the note would be read as if these were its bytes."""


def eol_of(data: bytes) -> bytes:
    """How a note ends its lines."""
    found = EOL.search(data)
    return found[0] if found else b"\n"


def section(data: bytes, reading: Reading, eol: bytes) -> bytes:
    """A note's text without its front matter and title line, below a heading of its title; its lines end with `eol`."""
    text = data.decode()
    front = frontmatter.split(text)
    start = len(text[: front.end].encode()) if front else 3 * text.startswith("\ufeff")
    heading = next((run for run in reading.passages if run.pieces), None)
    levels = [run.level for run in reading.passages if run.level]
    if (
        heading
        and heading.level
        and without_id(one_line(heading.text), reading.id) == reading.title
        and "link" not in {p.kind for _, p in heading.pieces}
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
    """The bytes from `start` on with every heading `by` levels lower (six at most); an underlined one gets marks instead."""
    if by <= 0:
        return data[start:]
    starts = [run.pieces[0][1].start for run in reading.passages if run.level and run.pieces and run.pieces[0][1].start >= start]
    for at in reversed(starts):
        line = max(data.rfind(b"\n", 0, at), data.rfind(b"\r", 0, at)) + 1
        marks = MARKS.match(data, line)
        under = UNDERLINE.match(data, line)
        if marks:
            now = marks["lead"] + b"#" * min(6, len(marks["marks"]) + by)
            data = data[:line] + now + data[marks.end() :]
        elif under:
            level = 1 if b"=" in data[under.end("end") : under.end()] else 2
            data = data[:line] + b"#" * min(6, level + by) + b" " + under["text"].lstrip() + data[under.end() :]
    return data[start:]


def shared_footnotes(one: bytes, other: bytes) -> list[str]:
    """The names of footnotes that two notes both have."""
    return [name.decode("utf-8", "replace") for name in sorted({*FOOTNOTE.findall(one)} & {*FOOTNOTE.findall(other)})]


def with_items(data: bytes, keys: tuple[str, ...], items: Sequence[str]) -> bytes | None:
    """The note's bytes with more items in a list of its front matter, called by one of `keys`; None where that is no list.

    Without such a list, or any front matter, it is made.
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
