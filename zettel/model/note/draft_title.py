"""Give a text that has no title its first line as title: a draft from the editor, or what is piped in."""

from __future__ import annotations

import re

from zettel.model.base.value import NamedTuple
from zettel.model.note.frontmatter import find_body_start, find_front_matter
from zettel.model.note.new_note import format_yaml, quote

MAX_TITLE = 120
"""Maximum length of a line that is a title as a whole. A longer one is a paragraph and stays in the text."""

LINE_ENDS = "\r\n"
LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
HEADING_MARKS = re.compile(r"[ \t]*#{1,6}[ \t]+")
OTHER_MARKS = re.compile(r"[ \t]*(?:(?:[-*+>]|[0-9]{1,9}[.)]|\[[ xX]\])[ \t]+)+")
CODE_FENCE = re.compile(r"[ \t]*(?:`{3}|~{3})")
MARKS = " \t\r\n-*_=#>`~|+"
"""The characters of a line without words."""

TAG_SIGN = r"(?<!\S)#(?=\w)(?!\d+(?:\W|\Z))"
MARKUP = re.compile(TAG_SIGN + r"|\[\[|\]\(|<[/!A-Za-z]|\A\s*\||(?<!\d)(?:\d{12}|\d{14})(?!\d)")
"""What would be lost in a title: a tag, a link, HTML or a table."""

LINK = re.compile(r"!?\[\[(?:[^\]|]*\|)?([^\]|]+)\]\]|!?\[([^\]]+)\]\([^)]*\)")
INLINE_TAG = re.compile(TAG_SIGN)
LEADING_ID = re.compile(r"(?:\d{14}|\d{12})[ \t]+")
EMPTY_TITLE = re.compile(r"(?mi)^(title[ \t]*(?P<sign>[:=]))[ \t]*(?:\"\"|''|~|null)?[ \t]*(?=[\r\n]|\Z)")
TITLE_FIELD = re.compile(r"(?mi)^title[ \t]*[:=]")
SENTENCE_END = re.compile(r"(?<=[.!?。！？])\s")


class TitledText(NamedTuple):
    """A title, and the text of the draft that has it now."""

    title: str
    text: str


def fill_title(before: str, after: str) -> TitledText | None:
    """Return a draft with the first line that was typed as its title, or None if there is no such line.

    `before` is the draft that the editor was given. A line that stands alone at the start moves into the title; it stays in the text if it
    is a paragraph, has tags or links, or stands below headings of a template. The title goes into an empty heading if the draft began with
    one, else into front matter. Text that has neither stays as it is.
    """
    front = find_front_matter(after)
    head, body = (after[: front.body_start], after[front.body_start :]) if front else ("", after)
    has_heading = before[find_body_start(before) :].lstrip("\r\n").startswith(("# \n", "#\n", "# \r", "#\r"))
    if has_heading:
        body = _take_out_heading_mark(body)
    known = {line.strip() for line in LINE.findall(before)}
    lines = LINE.findall(body)
    typed = [at for at, line in enumerate(lines) if line.strip() not in known and line.strip(MARKS) and not CODE_FENCE.match(line)]
    at = next((at for at in typed if any(map(str.isalnum, lines[at]))), min(typed, default=None))
    if at is None:
        return None
    title = _choose_title(lines[at])
    if not front and not has_heading:
        return TitledText(title, after)
    words = HEADING_MARKS.sub("", lines[at], count=1).strip()
    is_alone = not "".join(lines[:at]).strip() and _is_single(words, lines[at + 1] if at + 1 < len(lines) else "")
    may_move = is_alone and (has_heading or not MARKUP.search(words))
    rest = "".join(lines[at + 1 :] if may_move else lines)
    end = "\r\n" if "\r\n" in after else "\n"
    if has_heading:
        return TitledText(title, f"{head}{end if head else ''}# {words if may_move else title}{end * 2}{rest.lstrip(LINE_ENDS)}")
    return TitledText(title, _write_title(head, title) + (end + rest.lstrip(LINE_ENDS) if may_move else rest))


def split_title(text: str) -> TitledText:
    """Split a text that has no title of its own into its first line with a word, and what is below.

    The line stays in the text if a title would lose something of it: a tag, a link, a list mark, the fence above it, or words beyond
    `MAX_TITLE`. Both parts are empty if there is no word.
    """
    lines = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    at = next((at for at, line in enumerate(lines) if line.strip(MARKS) and not CODE_FENCE.match(line)), None)
    if at is None:
        return TitledText("", "")
    words = " ".join(HEADING_MARKS.sub("", lines[at], count=1).split())
    may_move = (
        len(words) <= MAX_TITLE
        and not OTHER_MARKS.match(words)
        and not MARKUP.search(LEADING_ID.sub("", words, count=1))
        and not any(CODE_FENCE.match(line) for line in lines[:at])
    )
    return TitledText(words if may_move else _choose_title(lines[at]), "\n".join(lines[at + 1 :] if may_move else lines).strip("\n"))


def _choose_title(line: str) -> str:
    """Return the words of a line as a title: without marks, and only the first sentence or words of a long one."""
    words = HEADING_MARKS.sub("", line, count=1)
    words = LINK.sub(lambda found: found[1] or found[2], OTHER_MARKS.sub("", words, count=1))
    words = " ".join(INLINE_TAG.sub("", words).split())
    if len(words) <= MAX_TITLE:
        return words
    sentence = SENTENCE_END.split(words)[0]
    return sentence if len(sentence) <= MAX_TITLE else sentence[: MAX_TITLE - 20].rpartition(" ")[0] or sentence[: MAX_TITLE - 20]


def _is_single(words: str, below: str) -> bool:
    """Return whether the words of a line can be a title as a whole: they are short and plain, and do not go on in the line below."""
    if len(words) > MAX_TITLE or OTHER_MARKS.match(words):
        return False
    below = below.strip()
    return not (below[:1].islower() or below.startswith(("---", "===")))


def _take_out_heading_mark(body: str) -> str:
    """Return the body of a draft that began with an empty heading without the mark, wherever the words were typed."""
    lines = LINE.findall(body)
    for at, line in enumerate(lines):
        if line.strip() == "#":
            return "".join([*lines[:at], *lines[at + 1 :]])
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is not None and not HEADING_MARKS.match(lines[first]):
        words = lines[first].rstrip("\r\n")
        end = lines[first][len(words) :]
        stripped = words.strip()
        if stripped.endswith("#"):
            lines[first] = stripped[:-1].rstrip() + end
        elif stripped.startswith("#"):
            lines[first] = stripped[1:].lstrip() + end
    return "".join(lines)


def _write_title(head: str, title: str) -> str:
    """Return front matter with the title in its empty field, or in a new one at the start."""
    found = EMPTY_TITLE.search(head)
    if found:
        return head[: found.start()] + found[1] + " " + (format_yaml(title) if found["sign"] == ":" else quote(title)) + head[found.end() :]
    front = find_front_matter(head)
    if front is None or TITLE_FIELD.search(head):  # such as a list
        return head
    end = "\r\n" if "\r\n" in head else "\n"
    field = f"title = {quote(title)}" if front.language == "toml" else f"title: {format_yaml(title)}"
    return head[: front.raw_start] + field + end + head[front.raw_start :]
