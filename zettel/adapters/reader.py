"""Parse the bytes of a note with the Markdown and front matter parsers."""

from __future__ import annotations

import re

from zettel.adapters import files, markdown
from zettel.model import frontmatter as front_matter
from zettel.model import reading
from zettel.model.note import Problem
from zettel.model.outline import Outline
from zettel.model.plainfields import plain_fields
from zettel.model.reading import Prose, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.editing.retagging import Seen
    from zettel.model.frontmatter import FrontMatter

LINE_END = re.compile(rb"\r\n|\n|\r")
LONE_CR = re.compile(r"\r(?!\n)")
"""A line end that the Markdown parser does not recognise everywhere."""


def read(path: str, data: bytes, *, label_first: bool = False) -> Reading:
    """Parse the bytes of the note at `path`. Errors end up in its `problems`, none is raised."""
    text, wrong = files.decode(data)
    problems = (
        [Problem(path, "encoding", f"{wrong}: read with replacement characters, never rewritten", _first_wrong_line(data))] if wrong else []
    )
    front = front_matter.split(text)
    fields: dict[str, object] = {}
    if front:
        plain = plain_fields(front.raw) if front.language == "yaml" else None
        if plain is not None:
            fields = plain
        else:
            from zettel.adapters import frontmatter

            try:
                fields = frontmatter.fields(front.raw, front.language)
            except frontmatter.Unparsable as error:
                problems.append(Problem(path, "front-matter", str(error), error.line))
    outline = _outline(text, front)
    if outline.is_wide:
        problems.append(Problem(path, "wide-table", "a table has so many columns and rows that it is read as prose"))
    parsed = reading.read(path, text, front, fields, outline, label_first=label_first)
    return parsed._replace(problems=problems)


def prose(path: str, data: bytes, *, label_first: bool = False) -> Prose:
    """Return only the headings and text of the note at `path`, the same as `read` does."""
    text, _ = files.decode(data)
    front = front_matter.split(text)
    return reading.prose(path, text, front, _outline(text, front), label_first=label_first)


def _outline(text: str, front: FrontMatter | None) -> Outline:
    head = text[: front.end] if front else text[:1] if text[:1] == "\ufeff" else ""
    blank = " " * (len(head.encode()) - 1) + "\n" if head else ""  # one line of the same length, so that offsets are those in the file
    return markdown.outline(blank + LONE_CR.sub("\n", text[len(head) :]))


def see(path: str, data: bytes, *, label_first: bool = False) -> Seen:
    """Parse a note along with the fields of its front matter and the spans of the tags in them."""
    from zettel.adapters import frontmatter
    from zettel.model.editing.retagging import Seen

    parsed = read(path, data, label_first=label_first)
    front = front_matter.split(files.decode(data)[0])
    if not front or any(problem.code == "front-matter" for problem in parsed.problems):
        return Seen(parsed, {}, [])
    fields = frontmatter.fields(front.raw, front.language)
    return Seen(parsed, fields, frontmatter.scalars(front.raw, front.language, front_matter.TAG_FIELDS))


def _first_wrong_line(data: bytes) -> int:
    """Return the line of the first byte that is not UTF-8, 1 if the file as a whole is in another encoding."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return 1 + len(LINE_END.findall(data, 0, error.start))
    return 1


def unread(path: str, reason: str) -> Reading:
    """Return a parsed note for a file that cannot be read: what follows from its path, and the problem."""
    parsed = reading.read(path, "", None, {}, Outline([], []))
    return parsed._replace(problems=[Problem(path, "unreadable", reason)])
