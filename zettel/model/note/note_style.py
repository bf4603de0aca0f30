"""Recognise what the notes of a notebook look like, and write new ones in the same style."""

from __future__ import annotations

from zettel.model.note.new_note import build_note_text, format_yaml_list
from zettel.model.text.fold import strip_suffix
from zettel.model.text.ids import find_first_id, is_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

FRONT_MATTER, HEADING, BOTH = "front-matter", "heading", "both"
"""Where a note has its title: in front matter, in a heading without front matter, or in a heading below front matter without a title."""

DEFAULT_FILE_NAME = "{id} {title}"

MIN_NOTES = 2
"""How many notes must look alike before new ones follow them."""

SAFE_IN_HEADINGS = frozenset(" ,.;:!?'\"()/-+%@")
"""ASCII characters besides letters and digits that mean nothing in a heading."""

SWALLOWING_MARKS = ("```", "~~~", "<!--", "%%", "$$", "<", "\t", "    ")
"""What may begin a block that goes on to the end of the text, so that a line below it would belong to it."""


NoteStyle = tuple[str, str]
"""What new notes look like: where their title is, and the pattern of their file names. A plain tuple, since every `new` loads it."""


def detect_style(notes: Iterable[tuple[str, str]]) -> NoteStyle:
    """Return the style of most of these notes, given as path and first characters. Where they say nothing, it is the default."""
    titles, names = [], []
    for path, start in notes:
        titles.append(_classify_title(start))
        names.append(_classify_name(strip_suffix(path[path.rfind("/") + 1 :])))
    return _choose(titles, FRONT_MATTER), _choose(names, DEFAULT_FILE_NAME)


def _choose(found: list[str], default: str) -> str:
    """Return the word that occurs most often, if it is in more than half of those that are not empty."""
    given = [word for word in found if word]
    best = max(dict.fromkeys(given), key=given.count, default="")
    return best if given.count(best) >= MIN_NOTES and 2 * given.count(best) > len(given) else default


def _classify_title(start: str) -> str:
    """Return where a note has its title, or an empty string if it has none, or another form of it."""
    lines = start.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    fence = lines[0].rstrip()
    body = lines
    if fence in ("---", "+++") and len(lines) > 1 and lines[1].strip():
        end = next((at for at, line in enumerate(lines) if at and line.rstrip() == fence), len(lines))
        if end == len(lines) or any(line.lower().startswith(("title:", "title =", "title=")) for line in lines[:end]):
            return FRONT_MATTER
        body = lines[end + 1 :]
    has_heading = next((line for line in body if line.strip()), "").startswith("# ")
    if body is lines:
        return HEADING if has_heading else ""
    return BOTH if has_heading else FRONT_MATTER


def _classify_name(stem: str) -> str:
    """Return the pattern of a file name that holds an ID, or an empty string."""
    note_id = find_first_id(stem)
    if not note_id:
        return ""
    before, _, after = stem.partition(note_id)
    words, mark = (after, after[:1]) if not before else (before, before[-1:])
    if not words:
        return "{id}"
    if (before and after) or mark not in " -_":
        return ""
    is_slug = words == words.lower() and " " not in words.strip(mark)
    if mark == " ":
        mark = " - " if words.strip(" ")[:2] == "- " or words.strip(" ")[-2:] == " -" else " "
        return f"{{id}}{mark}{{title}}" if after else f"{{title}}{mark}{{id}}"
    if not is_slug:
        return ""
    return f"{{id}}{mark}{{slug}}" if after else f"{{slug}}{mark}{{id}}"


def is_plain_title(title: str) -> bool:
    """Return whether a title certainly reads the same in a heading: without markup, tags and IDs."""
    return all(char.isalnum() or char in SAFE_IN_HEADINGS or not char.isascii() for char in title) and not any(
        is_id(word.strip(",.;:!?'\"()/-+%@")) for word in title.split()
    )


def is_prose_tag(tag: str) -> bool:
    """Return whether a tag can certainly be written as `#tag`: letters, digits, hyphens, underscores and slashes."""
    return all(char.isalnum() or char in "-_/" for char in tag) and any(char.isalpha() for char in tag) and tag.strip("-_/") == tag


def build_styled_text(style: str, heading: str, title: str, timestamp: str, tags: tuple[str, ...], body: str) -> str:
    """Return the text of a new note in a style. `heading` is the title as it is written in a heading."""
    if style == FRONT_MATTER:
        return build_note_text(title, timestamp, tags, body)
    lines = [f"date: {timestamp}"] if style == BOTH else []
    if style == BOTH or not all(map(is_prose_tag, tags)):
        lines.append(f"tags: {format_yaml_list(tags)}")
        tags = ()
    front = "".join(f"{line}\n" for line in ("---", *lines, "---", "")) if lines else ""
    return front + add_tag_line(f"# {heading}", body, tags)


def add_tag_line(head: str, body: str, tags: tuple[str, ...]) -> str:
    """Return the text of a note with `#tag`s in its last line, or below its head if the body could swallow a last line."""
    body, line = body.strip("\n"), " ".join(f"#{tag}" for tag in tags)
    blocks = [head, line, body] if any(mark in body for mark in SWALLOWING_MARKS) else [head, body, line]
    given = [block for block in blocks if block.strip()]
    return "\n\n".join(given if len(given) > 1 else [*given, ""]) + "\n" * (len(given) > 1)
