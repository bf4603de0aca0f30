"""Change the title of a note in its file name, its front matter and its title line. Only the bytes of the title change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.link.link import Link
from zettel.model.link.resolve import INDEX_NAMES
from zettel.model.note import frontmatter
from zettel.model.note.blocks import BREAK
from zettel.model.note.heading import find_words_end, get_heading_words
from zettel.model.note.new_note import clean_title, describe_name_problem, format_yaml, slugify
from zettel.model.note.parse import ParsedNote, ParseNote
from zettel.model.note.passage import Passage, find_byte_end
from zettel.model.note.picture import list_pictures
from zettel.model.text.fold import fold, strip_suffix, to_nfc
from zettel.model.text.ids import strip_id

TITLE_FIELD = re.compile(
    r"(?:\A|(?<=[\r\n]))(?P<key>(?P<mark>[\"']?)title(?P=mark)[ \t]*[:=][ \t]*)"
    r"(?P<value>\"\"\".*?\"\"\"|\"(?:[^\"\\]|\\.)*\"|'''.*?'''|'(?:[^']|'')*'|[^\r\n]*?(?:(?:\r\n|\n|\r)[ \t]+[^\r\n]*)*?)"
    r"(?=[ \t]*(?:[ \t]#[^\r\n]*)?(?:[\r\n](?![ \t]+\S)|\Z))",
    re.S | re.I,
)
TITLE_PROPERTY = compile_lazily(r"(?im)^[ \t]*(?:[-*+][ \t]+)?title::[ \t]*(?P<words>[^\r\n]*?)[ \t]*$")
"""The title of a Logseq page in its properties."""

MARKUP_CHARACTER = re.compile(r"([\\`*_\[\]<>&~|#!])")
MARKUP_AT_START = re.compile(r"^(\d+)([.)])|^([-+=>#])")


def strip_to_alphanumerics(text: str) -> str:
    """Return the folded letters and digits of a text, which show whether a file name is derived from a title."""
    return "".join(char for char in fold(text) if char.isalnum())


def retitle_words(words: str, old: str, new: str) -> str | None:
    """Derive words from the title `new` in the way that `words` was derived from `old`: unchanged, cleaned, or as a slug.

    Returns None if `words` was not derived from `old`.
    """
    words = to_nfc(words)
    if not strip_to_alphanumerics(words) or strip_to_alphanumerics(words) not in (
        strip_to_alphanumerics(old),
        strip_to_alphanumerics(clean_title(old)),
    ):
        return None
    if words == old:
        return new
    if " " in words or words == clean_title(old):
        return clean_title(new)
    separator = "_" if "_" in words and "-" not in words else "-"
    derived = (
        slugify(new) if words == words.lower() else "-".join("".join(char if char.isalnum() else " " for char in clean_title(new)).split())
    )
    return derived.replace("-", separator)


def retitle_file_name(name: str, note_id: str | None, old: str, new: str) -> str | None:
    """Return a note's file name with the part that was derived from the title `old` derived from `new`.

    Returns None if no part was derived from the old title, or if the new title does not make a valid file name.
    """
    stem = strip_suffix(name)
    if fold(stem) in INDEX_NAMES:
        return None
    words = strip_id(stem, note_id, anywhere=True) if note_id else stem
    starts = [0, *(at + 1 for at, char in enumerate(words) if char == ".")]
    for start in starts:
        part = words[start:].strip(" -_")
        derived = retitle_words(part, old, new) if part and stem.count(part) == 1 else None
        if derived is not None:
            derived = clean_title(derived).strip(" -_~")
            at = stem.index(part)
            new_name = stem[:at] + derived + stem[at + len(part) :] + name[len(stem) :]
            return new_name if derived and (new_name == name or not describe_name_problem(new_name)) else None
    return None


class RetitledNote(NamedTuple):
    """A note's bytes with a new title, and the links that stood in the old title line and are no longer there."""

    data: bytes
    lost_links: tuple[Link, ...] = ()


def retitle_note(data: bytes, title: str, parse: ParseNote) -> Iterator[RetitledNote]:
    """Yield variants of the note with a new title in front matter and heading, the likeliest first.

    The caller must parse each variant to see which one has the new title. If the title comes from the file name only, or the heading is a link to
    the note itself, the first variant is the unchanged bytes.
    """
    before = parse(data)
    text = data.decode()
    front = frontmatter.find_front_matter(text)
    heading = _find_title_heading(before)
    in_heading = list(retitle_heading(data, before, heading, before.title, title)) if heading else [RetitledNote(data)]
    if front and "title" in fold(front.raw):
        start = len(text[: front.raw_start].encode())
        end = start + len(front.raw.encode())
        for raw in _replace_title_field(front.raw, front.language, title):
            for retitled in in_heading:
                yield retitled._replace(data=retitled.data[:start] + raw.encode() + retitled.data[end:])
    if not heading and (found := TITLE_PROPERTY.search(text, front.body_start if front else 0)):
        yield RetitledNote((text[: found.start("words")] + title + text[found.end("words") :]).encode())
    yield from in_heading
    for retitled in in_heading[-1:]:  # neither a heading nor the file name can carry the title
        yield retitled._replace(data=add_title_field(retitled.data, title))


def add_title_field(data: bytes, title: str) -> bytes:
    """Return the note's bytes with a title field at the top of its front matter."""
    front = frontmatter.find_front_matter(data.decode())
    is_toml = front is not None and front.language == "toml"
    return add_field(data, f"title = {_quote_double(title)}" if is_toml else f"title: {format_yaml(title)}")


def add_field(data: bytes, field: str) -> bytes:
    """Return the note's bytes with one more line at the top of its front matter, which is added if it is missing."""
    text = data.decode()
    front = frontmatter.find_front_matter(text)
    mark = text[:1] if text[:1] == "\ufeff" else ""
    found = re.search(r"\r\n|\n|\r", text)
    eol = found[0] if found else "\n"
    written = f"{field}{eol}" if front else f"---{eol}{field}{eol}---{eol}" + eol * bool(text[len(mark) :].strip())
    at = front.raw_start if front else len(mark)
    return (text[:at] + written + text[at:]).encode()


def _quote_double(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _replace_title_field(raw: str, language: str, title: str) -> Iterator[str]:
    """Yield front matter with a new `title`, quoted like the old one if that quoting can hold it, then in another quoting."""
    for found in reversed(list(TITLE_FIELD.finditer(raw))):
        value = found["value"]
        always = _quote_double(title)
        quoted = format_yaml(title) if language == "yaml" else always
        single = "'" + title.replace("'", "''") + "'" if language == "yaml" else f"'{title}'"
        variants = (always, quoted) if value.startswith('"') else (single, always) if value.startswith("'") else (quoted, always)
        for variant in dict.fromkeys(variants):
            yield raw[: found.start("value")] + variant + raw[found.end("value") :]


def _find_title_heading(parsed: ParsedNote) -> Passage | None:
    """Return the heading that is the note's title, or None."""
    for passage in parsed.passages:
        if passage.level and passage.pieces and strip_id(get_heading_words(passage), parsed.id) == parsed.title:
            return passage
    return None


def retitle_heading(data: bytes, before: ParsedNote, heading: Passage, old_title: str, title: str) -> Iterator[RetitledNote]:
    """Yield the note with the title `title` in a heading that has `old_title`: as it is, then with its markup characters escaped.

    What hangs on the heading stays. If the old title is not one piece of text, the heading is first left to the links in it, since it may be nothing
    but a link to the note itself; then all of it is replaced except pictures, and at last the pictures, too.
    """
    start, end = heading.pieces[0][1].start, heading.pieces[-1][1].end
    if heading.pieces[0][1].kind == BREAK:
        start = heading.pieces[0][1].end
    line = max(data.rfind(b"\n", 0, start), data.rfind(b"\r", 0, start)) + 1
    head = re.compile(rb"[ \t>]*#{1,6}[ \t]+").match(data, line)
    if head:
        start = head.end()
        line_ends = [at for at in (data.find(b"\r", end), data.find(b"\n", end)) if at >= 0]
        end = min(line_ends, default=len(data))
    raw = data[start:end].decode()
    closing = re.search(r"(?:[ \t]+#+)?[ \t]*\Z", raw) if head else None
    raw = raw[: closing.start()] if closing else raw
    words_end = find_words_end(heading.prose)
    if heading.prose[words_end:].strip():
        raw = data[start : find_byte_end(heading, words_end - 1)].decode()
    end = start + len(raw.encode())
    links = [link for link in before.links if start <= link.start < end]
    pictures = [piece for piece in list_pictures(heading) if piece.end <= end]
    shown = re.compile(r"\s+".join(re.escape(word) for word in old_title.split()))
    spans = [found.span() for found in shown.finditer(raw)]
    if links:
        yield RetitledNote(data)
    title_start, title_end = spans[-1] if len(spans) == 1 else _find_words_beside_id(raw, before.id)
    for words in list_escape_variants(title):
        yield RetitledNote(data[:start] + (raw[:title_start] + words + raw[title_end:]).encode() + data[end:])
    title_start, title_end = _find_words_beside_id(raw, before.id)
    for kept in ([pictures] if pictures else []) + [[]] if links or pictures else []:
        lead = [data[piece.start : piece.end].decode() for piece in kept if not data[start : piece.start].strip()]
        rest = [data[piece.start : piece.end].decode() for piece in kept][len(lead) :]
        lost = tuple(link for link in links if link.start not in [piece.start for piece in kept])
        for words in list_escape_variants(title):
            written = " ".join((*lead, words, *rest))
            yield RetitledNote(data[:start] + (raw[:title_start] + written + raw[title_end:]).encode() + data[end:], lost)


def _find_words_beside_id(raw: str, note_id: str | None) -> tuple[int, int]:
    """Return the span of a heading's words, without the note's ID."""
    if note_id and raw.startswith(note_id):
        rest = raw[len(note_id) :]
        return len(raw) - len(rest.lstrip(" \t-–—:.")), len(raw)
    if note_id and raw.endswith(note_id):
        return 0, len(raw[: -len(note_id)].rstrip(" \t-–—:(["))
    return 0, len(raw)


def list_escape_variants(title: str) -> Iterator[str]:
    """Yield a title as Markdown: as it is, then, if that differs, with every markup character escaped."""
    yield title
    escaped = MARKUP_AT_START.sub(lambda mark: f"{mark[1]}\\{mark[2]}" if mark[1] else f"\\{mark[3]}", MARKUP_CHARACTER.sub(r"\\\1", title))
    if escaped != title:
        yield escaped
