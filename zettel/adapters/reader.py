"""Reading a note's bytes, by the Markdown and front matter parsers."""

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
"""A line end that the parser does not see everywhere."""


def read(path: str, data: bytes, *, label_first: bool = False) -> Reading:
    """The reading of the note at `path`; what is wrong with it is carried in `problems`."""
    text, wrong = files.decode(data)
    problems = [Problem(path, "encoding", f"{wrong}: read with replacement, never rewritten", _first_wrong_line(data))] if wrong else []
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
    found = reading.read(path, text, front, fields, outline, label_first=label_first)
    return found._replace(problems=problems)


def prose(path: str, data: bytes, *, label_first: bool = False) -> Prose:
    """The headings and text of the note at `path`, as `read` gives them."""
    text, _ = files.decode(data)
    front = front_matter.split(text)
    return reading.prose(path, text, front, _outline(text, front), label_first=label_first)


def _outline(text: str, front: FrontMatter | None) -> Outline:
    head = text[: front.end] if front else text[:1] if text[:1] == "\ufeff" else ""
    blank = " " * (len(head.encode()) - 1) + "\n" if head else ""  # one line, so that offsets stay those of the file
    return markdown.outline(blank + LONE_CR.sub("\n", text[len(head) :]))


def see(path: str, data: bytes, *, label_first: bool = False) -> Seen:
    """A note as it is read, with the fields of its front matter and where the tags among them stand."""
    from zettel.adapters import frontmatter
    from zettel.model.editing.retagging import Seen

    found = read(path, data, label_first=label_first)
    front = front_matter.split(files.decode(data)[0])
    if not front or any(problem.code == "front-matter" for problem in found.problems):
        return Seen(found, {}, [])
    fields = frontmatter.fields(front.raw, front.language)
    return Seen(found, fields, frontmatter.scalars(front.raw, front.language, front_matter.TAG_FIELDS))


def _first_wrong_line(data: bytes) -> int:
    """The line with the first byte that is no UTF-8; the first one, where the whole file is something else."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return 1 + len(LINE_END.findall(data, 0, error.start))
    return 1


def unread(path: str, reason: str) -> Reading:
    """The reading of a note that cannot be read: what its name tells, and the problem."""
    found = reading.read(path, "", None, {}, Outline([], []))
    return found._replace(problems=[Problem(path, "unreadable", reason)])
