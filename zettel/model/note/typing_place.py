"""Find the place in a note's text where a person goes on typing."""

from __future__ import annotations

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.note.frontmatter import find_body_start

LINE_END = compile_lazily(r"\r\n|\n|\r")
TITLE_LINE = compile_lazily(r"[\r\n]*(?P<title>#[ \t]+\S[^\r\n]*)?(?:[\r\n]+(?P<tags>#[^\s#]+(?: #[^\s#]+)*))?[\r\n]*")
"""A body without words of its own: at most a title, and a line of tags."""

HEADING_LINE = compile_lazily(r"#{1,6}(?:[ \t]|\Z)")


def find_first_line(text: str) -> int:
    """Return the number, from 1, of the first line of the body that is not blank. Without one, it is the last line."""
    lines, first = _split_body(text)
    return next((number for number, line in enumerate(lines[first:], first + 1) if line.strip()), find_last_line(text))


def find_last_line(text: str) -> int:
    """Return the number, from 1, of the last line of a text."""
    lines = LINE_END.split(text)
    return max(1, len(lines) - (lines[-1] == ""))


def find_typing_place(text: str) -> tuple[int, int]:
    """Return the line and column, from 1, at which one types in a new note.

    It is behind an empty heading, else in the last line, except where blank lines below its headings stand above a further heading or a line of tags.
    """
    lines, first = _split_body(text)
    body = lines[first:]
    if not any(line.strip() for line in body):
        return find_last_line(text), 1
    start = next(at for at, line in enumerate(body) if line.strip())
    if body[start].strip() == "#":
        return first + start + 1, len(body[start]) + 1
    while start < len(body) and HEADING_LINE.match(body[start]):
        start += 1
        blanks = next((at for at, line in enumerate(body[start:]) if line.strip()), len(body) - start)
        if blanks and start + blanks < len(body) and body[start + blanks].startswith("#"):
            return first + start + min(blanks, 2), 1
    return find_last_line(text), 1


def add_typing_line(text: str) -> str:
    """Return the text of a new note with an empty line to type in, below the blank line behind its front matter or its title.

    Returns the text as it is if the note has other words, except a last line of tags.
    """
    start = find_body_start(text)
    body = text[start:]
    end = found[0] if (found := LINE_END.search(text)) else "\n"
    bare = TITLE_LINE.fullmatch(body)
    if bare is None:
        return text
    above = text[:start].rstrip("\r\n") if not bare["title"] else text[:start] + body[: bare.end("title")]
    if bare["tags"]:
        return above + end * 4 + body[bare.start("tags") :]
    return above + end * (3 if above else 1)


def drop_typing_line(given: str, opened: str, saved: str) -> str:
    """Return the text that was saved without the line that `add_typing_line` added to `given`, if it was not used."""
    old, opening, new = (text[find_body_start(text) :] for text in (given, opened, saved))
    return saved[: len(saved) - len(new)] + old + new[len(opening) :] if opening != old and new.startswith(opening) else saved


def _split_body(text: str) -> tuple[list[str], int]:
    """Return all lines of a text, and the index of the first one of the body."""
    return LINE_END.split(text.removeprefix("\ufeff")), len(LINE_END.findall(text[: find_body_start(text)]))
