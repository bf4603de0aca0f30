"""Find the comments of a note: what its writer has put between two `%%`."""

from __future__ import annotations

from zettel.adapters.parse.markdown import HTML_NOISE, parse_note_events
from zettel.model.note.frontmatter import find_front_matter

COMMENT_MARK = "%%"


def find_comments(text: str) -> list[tuple[int, int]]:
    """Return the spans in bytes of the comments of a text, in order. They may hold several blocks; one without an end goes on to the end of the text."""
    if COMMENT_MARK not in text:
        return []
    data = text.encode()
    front = find_front_matter(text)
    body = front.body_start if front else 0
    offset = len(text[:body].encode())
    marks: list[int] = []
    is_prose = True
    for name, said, first, last in parse_note_events(text[body:]):
        start, end = offset + first, offset + last
        if name in ("Start", "End"):
            kind = said if isinstance(said, str) else next(iter(said))
            if kind == "CodeBlock":
                is_prose = name == "End"
            elif kind == "HtmlBlock" and name == "Start":
                marks += _find_marks(HTML_NOISE.sub(lambda found: b" " * len(found[0]), data[start:end]), start)
        elif name == "Text" and is_prose:
            marks += _find_marks(data[start:end], start)
    ends = [mark + len(COMMENT_MARK) for mark in marks[1::2]]
    return list(zip(marks[::2], [*ends, len(data)], strict=False))


def _find_marks(data: bytes, offset: int) -> list[int]:
    """Return where the marks of comments begin in a piece of a text, which begins at `offset`."""
    found: list[int] = []
    at = data.find(COMMENT_MARK.encode())
    while at >= 0:
        found.append(offset + at)
        at = data.find(COMMENT_MARK.encode(), at + len(COMMENT_MARK))
    return found
