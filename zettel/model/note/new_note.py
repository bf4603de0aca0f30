"""Build new notes: the file name, the text, and the link to it from another note."""

from __future__ import annotations

from collections.abc import Mapping

from zettel.model.text.fast_datetime import datetime
from zettel.model.text.fold import strip_suffix, to_nfc
from zettel.model.text.ids import find_first_id

UNSAFE_IN_NAMES = '\\/:*?"<>|#^[]`'
"""Characters with a special meaning in file systems, shells, wiki links or URLs."""

MAX_NAME_BYTES = 180
"""Maximum bytes of a file name, which leaves room for suffixes, sync conflict marks and encrypted folders."""

WINDOWS_DEVICES = frozenset(
    [
        "con",
        "prn",
        "aux",
        "nul",
        "conin$",
        "conout$",
        *(f"{port}{number}" for port in ("com", "lpt") for number in "123456789\u00b9\u00b2\u00b3"),
    ]
)
"""Names that Windows reserves for devices, with any suffix."""


def describe_name_problem(name: str) -> str:
    """Return why a file or folder should not have this name (a phrase that follows the name), or an empty string if it may."""
    if not name.isprintable():
        return "contains a character that cannot be shown"
    if name[:1] in ("-", "."):
        return f"begins with a {'hyphen' if name[0] == '-' else 'dot'}"
    if name[-1:] in (" ", ".") or strip_suffix(name)[-1:] in (" ", "."):
        return "ends with a space or a dot"
    if name.partition(".")[0].rstrip(" ").casefold() in WINDOWS_DEVICES:
        return "is a reserved device name on Windows"
    return "is too long" if len(name.encode()) > 255 else ""


def build_file_name(pattern: str, note_id: str, title: str) -> str:
    """Return the file name of a new note with its suffix, by the pattern of the setting `note.filename`. An empty `note_id` means none."""
    words = clean_title(title)
    name = pattern.replace("{id}", note_id).replace("{slug}", slugify(words)).replace("{title}", words)
    name = " ".join(name.split()).strip(" -_.~") + ".md"
    if (find_first_id(name) or "") != note_id or describe_name_problem(name):  # another number in the title would be read as the ID
        name = f"{note_id} {words}".strip(" -_.") + ".md"
    return name


def clean_title(title: str) -> str:
    """Return a title without the characters that file names should not have, and not too long."""
    words = "".join(" " if char in UNSAFE_IN_NAMES or not char.isprintable() else char for char in to_nfc(title))
    name = " ".join(words.split()).strip(" .")
    while len(name.encode()) > MAX_NAME_BYTES:
        shorter = name[: min(len(name) - 1, MAX_NAME_BYTES)]
        name = (shorter.rpartition(" ")[0] if len(shorter.encode()) <= MAX_NAME_BYTES and " " in shorter else shorter).rstrip(" .")
    return name


def slugify(title: str) -> str:
    """Return a title in lower case, its words joined by hyphens."""
    return "-".join("".join(char if char.isalnum() else " " for char in title.lower()).split())


def format_yaml(text: str) -> str:
    """Format a text as a YAML scalar: plain if that is safe, else in double quotes."""
    is_plain = text[:1].isalpha() and all(char.isalnum() or char in " _-.,'()/" for char in text) and not text.endswith(" ")
    if is_plain and text.lower() not in ("yes", "no", "true", "false", "null", "on", "off", "y", "n"):
        return text
    return quote(text)


def quote(text: str) -> str:
    """Return a text in double quotes, escaped for both YAML and TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in escaped) + '"'


def format_yaml_list(texts: tuple[str, ...]) -> str:
    """Format texts as a YAML list in brackets."""
    return f"[{', '.join(quote(text) if ',' in text else format_yaml(text) for text in texts)}]"


def format_timestamp(when: datetime) -> str:
    """Format a time for the front matter of a new note."""
    return when.strftime("%Y-%m-%d %H:%M")


def build_note_text(title: str, timestamp: str, tags: tuple[str, ...], body: str, fields: Mapping[str, str] | None = None) -> str:
    """Return the text of a new note: front matter with title, date, tags and further fields, then the body."""
    further = "".join(f"{key}: {format_yaml(text)}\n" for key, text in (fields or {}).items())
    front = f"---\ntitle:{' ' + format_yaml(title) if title else ''}\ndate: {timestamp}\ntags: {format_yaml_list(tags)}\n{further}---\n"
    body = body.strip("\n")
    return f"{front}\n{body}\n" if body.strip() else f"{front}\n"


def insert_fields(text: str, fields: Mapping[str, str], tags: tuple[str, ...]) -> str:
    """Return a text with fields and tags added to its front matter, in YAML or TOML. Does nothing if it has none.

    The front matter must not have these fields yet.
    """
    from zettel.model.note.frontmatter import find_front_matter

    front = find_front_matter(text)
    if front is None:
        return text
    is_toml = front.language == "toml"
    at = front.raw_start if is_toml else front.raw_start + len(front.raw)  # after a TOML table they would belong to it
    lines = [f"{key} = {quote(given)}" if is_toml else f"{key}: {format_yaml(given)}" for key, given in fields.items()]
    if tags:
        lines.append(f"tags = [{', '.join(map(quote, tags))}]" if is_toml else f"tags: {format_yaml_list(tags)}")
    return text[:at] + "".join(f"{line}\n" for line in lines) + text[at:]


def append_link(data: bytes, note_id: str | None, title: str, path: str, *, at_end: bool = False) -> bytes:
    """Return a note's bytes with a link to another note added below the last block of its text. Keeps the style of line ends.

    The link is a paragraph, or an item if that block is a list. Lines that close the note, such as tags and footnotes, stay below it, unless
    it is to be `at_end`.
    """
    from zettel.model.note.body_end import BodyEnd, find_body_end
    from zettel.model.note.frontmatter import find_first_body_byte

    end = b"\r\n" if b"\r\n" in data else b"\r" if b"\r" in data and b"\n" not in data else b"\n"
    place = BodyEnd(len(data), has_closing=False, item=b"", is_loose=False) if at_end else find_body_end(data, find_first_body_byte(data))
    before, after = data[: place.at], data[place.at :]
    link = format_link(note_id, title, path)
    if note_id and not before[find_first_body_byte(before) :].strip():
        link = f"[[{note_id}]] {title}".rstrip()  # a bare ID in the first line would be read as the note's own
        if place.has_closing:
            return before + link.encode() + end + end + after
    needs_blank = before.strip() and not before.endswith(end + end) and (not place.item or place.is_loose)
    gap = (b"" if not before.strip() or before.endswith(end) else end) + (end if needs_blank else b"")
    return before + gap + place.item + link.encode() + end + after


def format_link(note_id: str | None, title: str, path: str) -> str:
    """Return the link that zettel writes to a note: its bare ID and title, or a wiki link if it has no ID."""
    if note_id:
        return f"{note_id} {title}"
    stem = path.rpartition("/")[2].rpartition(".")[0]
    return f"[[{stem}]]" if stem == title else f"[[{stem}|{title}]]"
