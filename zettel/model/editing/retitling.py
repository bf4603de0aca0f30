"""A note with another title: its file name, its front matter, its title line. Only the bytes of the title change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from zettel.model import frontmatter
from zettel.model.ids import without_id
from zettel.model.passage import Passage, one_line
from zettel.model.reading import Reading
from zettel.model.resolving import INDEX_NAMES
from zettel.model.text import fold, nfc, without_suffix
from zettel.model.writing import clean, slug, unfit, yaml

TITLE_FIELD = re.compile(
    r"(?:\A|(?<=[\r\n]))(?P<key>(?P<mark>[\"']?)title(?P=mark)[ \t]*[:=][ \t]*)"
    r"(?P<value>\"\"\".*?\"\"\"|\"(?:[^\"\\]|\\.)*\"|'''.*?'''|'(?:[^']|'')*'|[^\r\n]*?(?:(?:\r\n|\n|\r)[ \t]+[^\r\n]*)*?)"
    r"(?=[ \t]*(?:[ \t]#[^\r\n]*)?(?:[\r\n](?![ \t]+\S)|\Z))",
    re.S,
)
MARKUP = re.compile(r"([\\`*_\[\]<>&~|#!])")
AT_START = re.compile(r"^(\d+)([.)])|^([-+=>#])")

Read = Callable[[bytes], Reading]
"""Gives what the note would be read as if these were its bytes."""


def letters(words: str) -> str:
    """The letters and digits of a text, by which a file name is known to be made of a title."""
    return "".join(char for char in fold(words) if char.isalnum())


def remade(words: str, old: str, new: str) -> str | None:
    """What was made of the title `old` (as it stands, cleaned, or as a slug) made of `new` in the same manner; None if `words` was not."""
    words = nfc(words)
    if not letters(words) or letters(words) not in (letters(old), letters(clean(old))):
        return None
    if words == old:
        return new
    if " " in words or words == clean(old):
        return clean(new)
    joint = "_" if "_" in words and "-" not in words else "-"
    made = slug(new) if words == words.lower() else "-".join("".join(char if char.isalnum() else " " for char in clean(new)).split())
    return made.replace("-", joint)


def file_name(name: str, note_id: str | None, old: str, new: str) -> str | None:
    """A note's file name with the part that was made of the title `old` made of `new`; None where no part was, or none can be."""
    stem = without_suffix(name)
    if fold(stem) in INDEX_NAMES:
        return None
    words = without_id(stem, note_id, anywhere=True) if note_id else stem
    starts = [0, *(at + 1 for at, char in enumerate(words) if char == ".")]
    for start in starts:
        part = words[start:].strip(" -_")
        made = remade(part, old, new) if part and stem.count(part) == 1 else None
        if made is not None:
            made = clean(made).strip(" -_~")
            at = stem.index(part)
            whole = stem[:at] + made + stem[at + len(part) :] + name[len(stem) :]
            return whole if made and (whole == name or not unfit(whole)) else None
    return None


def retitled(data: bytes, title: str, read: Read) -> Iterator[bytes]:
    """The note's bytes with `title` wherever its own stood as such: in the front matter, in its heading; the likeliest first.

    Each has to be read to see whether it says so. Where only the file name tells the title, these are the bytes as they are.
    """
    before = read(data)
    text = data.decode()
    front = frontmatter.split(text)
    heading = _heading(before)
    in_heading = list(_with_heading(data, before, heading, title)) if heading else [data]
    if front and "title" in front.raw:
        start = len(text[: front.start].encode())
        end = start + len(front.raw.encode())
        for raw in _with_field(front.raw, front.language, title):
            for bytes_after in in_heading:
                yield bytes_after[:start] + raw.encode() + bytes_after[end:]
    yield from in_heading
    if not heading:  # neither that nor a heading told the title, and the file's name cannot
        yield with_title(data, title)


def with_title(data: bytes, title: str) -> bytes:
    """The note's bytes with a title at the top of its front matter."""
    front = frontmatter.split(data.decode())
    is_toml = front is not None and front.language == "toml"
    return with_new_field(data, f"title = {_double_quoted(title)}" if is_toml else f"title: {yaml(title)}")


def with_new_field(data: bytes, field: str) -> bytes:
    """The note's bytes with one more line at the top of its front matter, which is made where there is none."""
    text = data.decode()
    front = frontmatter.split(text)
    mark = text[:1] if text[:1] == "\ufeff" else ""
    found = re.search(r"\r\n|\n|\r", text)
    eol = found[0] if found else "\n"
    written = f"{field}{eol}" if front else f"---{eol}{field}{eol}---{eol}" + eol * bool(text[len(mark) :].strip())
    at = front.start if front else len(mark)
    return (text[:at] + written + text[at:]).encode()


def _double_quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _with_field(raw: str, language: str, title: str) -> Iterator[str]:
    """Front matter with another `title`, quoted as it was where that holds it."""
    for found in reversed(list(TITLE_FIELD.finditer(raw))):
        value = found["value"]
        always = _double_quoted(title)
        quoted = yaml(title) if language == "yaml" else always
        single = "'" + title.replace("'", "''") + "'" if language == "yaml" else f"'{title}'"
        ways = (always, quoted) if value.startswith('"') else (single, always) if value.startswith("'") else (quoted, always)
        for way in dict.fromkeys(ways):
            yield raw[: found.start("value")] + way + raw[found.end("value") :]


def _heading(reading: Reading) -> Passage | None:
    """The heading that says the title."""
    for run in reading.passages:
        if run.level and without_id(one_line(run.text), reading.id) == reading.title and run.pieces:
            return run
    return None


def _with_heading(data: bytes, before: Reading, heading: Passage, title: str) -> Iterator[bytes]:
    """The note's bytes with other words for the title in its heading: as they are, then with their marks escaped."""
    start, end = heading.pieces[0][1].start, heading.pieces[-1][1].end
    if heading.pieces[0][1].kind == "break":
        start = heading.pieces[0][1].end
    line = max(data.rfind(b"\n", 0, start), data.rfind(b"\r", 0, start)) + 1
    head = re.compile(rb"[ \t>]*#{1,6}[ \t]+").match(data, line)
    if head:
        start = head.end()
        nearest = [place for place in (data.find(b"\r", end), data.find(b"\n", end)) if place >= 0]
        end = min(nearest, default=len(data))
    raw = data[start:end].decode()
    closing = re.search(r"(?:[ \t]+#+)?[ \t]*\Z", raw) if head else None
    raw = raw[: closing.start()] if closing else raw
    shown = re.compile(r"\s+".join(re.escape(word) for word in before.title.split()))
    places = [found.span() for found in shown.finditer(raw)]
    at, till = places[-1] if len(places) == 1 else _without_the_id(raw, before.id)
    for words in ways_to_write(title):
        yield data[:start] + (raw[:at] + words + raw[till:]).encode() + data[start + len(raw.encode()) :]


def _without_the_id(raw: str, note_id: str | None) -> tuple[int, int]:
    """Where the words of a heading stand, beside the note's ID."""
    if note_id and raw.startswith(note_id):
        rest = raw[len(note_id) :]
        return len(raw) - len(rest.lstrip(" \t-–—:.")), len(raw)
    if note_id and raw.endswith(note_id):
        return 0, len(raw[: -len(note_id)].rstrip(" \t-–—:(["))
    return 0, len(raw)


def ways_to_write(title: str) -> Iterator[str]:
    """Words in Markdown: as they are, then with every mark that could mean something escaped."""
    yield title
    escaped = AT_START.sub(lambda mark: f"{mark[1]}\\{mark[2]}" if mark[1] else f"\\{mark[3]}", MARKUP.sub(r"\\\1", title))
    if escaped != title:
        yield escaped
