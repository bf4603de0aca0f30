"""Parse the bytes of a note with the Markdown and front matter parsers."""

from __future__ import annotations

import re

from zettel.adapters.fs import files
from zettel.adapters.parse import markdown
from zettel.model.note import frontmatter as front_matter
from zettel.model.note import parse
from zettel.model.note.blocks import ParsedMarkdown
from zettel.model.note.parse import IsTaken, ParsedNote, Prose
from zettel.model.note.plain_yaml import parse_plain_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.edit.retag import TaggedNote
    from zettel.model.note.frontmatter import FrontMatter
    from zettel.model.note.problem import Problem

FENCE_NEAR_TOP = re.compile(r"(?:---|\+\+\+)[ \t]*[\r\n]+[\w\"']")
"""A line that ends in a fence of front matter, above a line that may be a field."""

MAX_CHARS_ABOVE = 10_000
"""Characters at the start of a note in which its front matter may stand."""

LINE_END = re.compile(rb"\r\n|\n|\r")
LONE_CR = re.compile(r"\r(?!\n)")
"""A line end that the Markdown parser does not recognise everywhere."""


def parse_note_bytes(path: str, data: bytes, *, label_first: bool = False, is_taken: IsTaken | None = None) -> ParsedNote:
    """Parse the bytes of the note at `path`. Errors end up in its `problems`, none is raised.

    `is_taken` returns whether another note has an ID by stronger evidence than a title line.
    """
    text, wrong = files.decode_bytes(data)
    problems = (
        [_build_problem(path, "encoding", f"{wrong}: read with replacement characters, never rewritten", _find_first_bad_line(data))]
        if wrong
        else []
    )
    front = front_matter.find_front_matter(text)
    fields, problem = _parse_fields(path, front)
    if problem:
        problems.append(problem)
    if not front and (problem := _find_displaced_front_matter(path, text)):
        problems.append(problem)
    outline = _parse_body(text, front)
    if outline.has_wide_table:
        problems.append(_build_problem(path, "wide-table", "a table has so many columns and rows that it is read as prose"))
    parsed = parse.build_parsed_note(path, text, front, fields, outline, label_first=label_first, is_taken=is_taken)
    return parsed._replace(problems=problems)


def parse_note_prose(path: str, data: bytes, *, label_first: bool = False, is_taken: IsTaken | None = None) -> Prose:
    """Return only what can be searched in the note at `path`, the same as `parse_note_bytes` does."""
    text, _ = files.decode_bytes(data)
    front = front_matter.find_front_matter(text)
    fields, _ = _parse_fields(path, front)
    return parse.build_prose(path, text, front, fields, _parse_body(text, front), label_first=label_first, is_taken=is_taken)


def _parse_fields(path: str, front: FrontMatter | None) -> tuple[dict[str, object], Problem | None]:
    """Return the fields of the front matter, empty if there is none, and the problem if it cannot be parsed."""
    if not front:
        return {}, None
    plain = parse_plain_fields(front.raw) if front.language == "yaml" else None
    if plain is not None:
        return front_matter.fold_keys(plain), None
    from zettel.adapters.parse import frontmatter

    try:
        return front_matter.fold_keys(frontmatter.parse_fields(front.raw, front.language)), None
    except frontmatter.UnparsableFrontMatter as error:
        return {}, _build_problem(path, "front-matter", str(error), error.line)


def _find_displaced_front_matter(path: str, text: str) -> Problem | None:
    """Return the problem of a note whose front matter is displaced, or None. Most notes have no fence near the top."""
    if not text.startswith(("-", "+")) and not FENCE_NEAR_TOP.search(text, 0, MAX_CHARS_ABOVE):
        return None
    from zettel.model.note.displaced_front_matter import ABOVE, find_displaced_front_matter

    def parse_block(raw: str, language: str) -> dict[str, object] | None:
        from zettel.adapters.parse.frontmatter import parse_fields_or_none  # loads a YAML parser

        return parse_fields_or_none(raw, language)

    found = find_displaced_front_matter(text, parse_block)
    if not found:
        return None
    fault = (
        "its front matter does not begin in the first line"
        if found.place == ABOVE
        else "text stands in the line that ends its front matter"
    )
    return _build_problem(path, "displaced-front-matter", f"{fault}, so its title, tags and date are ignored", found.line)


def _parse_body(text: str, front: FrontMatter | None) -> ParsedMarkdown:
    return markdown.parse_markdown(blank_front_matter(text, front))


def blank_front_matter(text: str, front: FrontMatter | None) -> str:
    """Return a note's text with one line of the same length in place of its front matter, so that offsets are those in the file."""
    head = text[: front.body_start] if front else text[:1] if text[:1] == "\ufeff" else ""
    blank = " " * (len(head.encode()) - 1) + "\n" if head else ""
    return blank + LONE_CR.sub("\n", text[len(head) :])


def parse_tagged_note(path: str, data: bytes, *, label_first: bool = False, is_taken: IsTaken | None = None) -> TaggedNote:
    """Parse a note along with the fields of its front matter and the spans of the tags in them."""
    return find_tag_scalars(parse_note_bytes(path, data, label_first=label_first, is_taken=is_taken), data)


def find_tag_scalars(parsed: ParsedNote, data: bytes) -> TaggedNote:
    """Return a parsed note, whose bytes are `data`, with the fields of its front matter and the spans of the tags in them."""
    from zettel.adapters.parse import frontmatter
    from zettel.model.edit.retag import TaggedNote

    front = front_matter.find_front_matter(files.decode_bytes(data)[0])
    if not front or any(problem.code == "front-matter" for problem in parsed.problems):
        return TaggedNote(parsed, {}, [])
    fields = front_matter.fold_keys(frontmatter.parse_fields(front.raw, front.language))
    return TaggedNote(parsed, fields, frontmatter.find_scalars(front.raw, front.language, front_matter.TAG_FIELDS))


def _find_first_bad_line(data: bytes) -> int:
    """Return the line of the first byte that is not UTF-8, 1 if the file as a whole is in another encoding."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return 1 + len(LINE_END.findall(data, 0, error.start))
    return 1


def build_unreadable_note(path: str, reason: str) -> ParsedNote:
    """Return a parsed note for a file that cannot be read: what follows from its path, and the problem."""
    parsed = parse.build_parsed_note(path, "", None, {}, ParsedMarkdown([], []))
    return parsed._replace(problems=[_build_problem(path, "unreadable", reason)])


def _build_problem(path: str, code: str, message: str, line: int = 1) -> Problem:
    """Build a problem. Most notes have none, so the class is only imported here."""
    from zettel.model.note.problem import Problem

    return Problem(path, code, message, line)
