"""Lay out plain text as Markdown: find its paragraphs, lists and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from zettel.model.articles.byline import parse_byline
from zettel.model.articles.furniture import is_furniture
from zettel.model.text.prose import MAX_WRAPPED_LINE, ends_sentence, is_plain_heading

KEYCAP = re.compile(r"^(\s*)(?:([0-9])\ufe0f?\u20e3|(\U0001f51f))\s*(?=\S)")
LIST_ITEM = re.compile(
    r"(?P<indent>\s*)(?:(?P<bullet>[•‣▪▸►●◦○∙·⁃]|[*+–—-](?=\s))|(?P<number>\d{1,3})(?P<stop>[.)])(?=\s))\s*(?P<text>\S.*)"
)
DASH_BULLETS = "–—"
"""Bullets only if there are several of them: a single dash may open direct speech."""

HTML_BRACKET = re.compile(r"<(?=[A-Za-z/!?])(?!(?:https?|mailto|ftp):[^\s<>]*>)")
LONG_NUMBER = re.compile(r"(\s*\d{4,9})([.)]\s)")
CODE_INDENT = 4
"""Indentation, in blanks, of a block that stays as it is, because Markdown also treats it as code."""


def split_paragraphs(text: str) -> list[list[str]]:
    """Split a plain text into paragraphs and lists, each a list of lines."""
    found: list[list[str]] = []
    for group in _group_lines(KEYCAP.sub(_format_keycap, line).rstrip() for line in text.split("\n")):
        if len(group) > 1 and all(line[:1].isspace() for line in group[1:]) and not found and not any(map(_match_item, group)):
            found.append([" ".join(line.strip() for line in group)])  # a heading that was wrapped on its page
        elif len(group) > 1 and all(_measure_indent(line) >= CODE_INDENT for line in group) and not any(map(_match_item, group)):
            found.append(group)
        else:
            found += _split_group(group)
    return found


def _format_keycap(keycap: re.Match[str]) -> str:
    return f"{keycap[1]}{keycap[2] or 10}. "


def _group_lines(lines: Iterator[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for line in lines:
        if line.strip():
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _split_group(group: Sequence[str]) -> list[list[str]]:
    """Split lines without blank lines into paragraphs. In text wrapped to a width, a short line ends a paragraph; otherwise every line does."""
    width = max(map(len, group))
    width = width if width <= MAX_WRAPPED_LINE else 0
    found: list[list[str]] = []
    for line in group:
        before = found[-1][-1] if found else ""
        in_list = bool(found) and _match_item(found[-1][0]) is not None
        if not found or is_furniture(before) or is_furniture(line):
            continues = False
        elif _match_item(line):
            continues = in_list
        elif in_list:
            head = _match_item(before)
            continues = (
                _measure_indent(line) > _measure_indent(found[-1][0])
                or (head is not None and head["text"].rstrip("*_").endswith(":"))
                or _is_full(before, line, width)
            )
        else:
            continues = (
                _is_full(before, line, width)
                or (bool(width) and not ends_sentence(before))
                or (line[0].islower() and not ends_sentence(before))
            )
        if continues:
            found[-1].append(line)
        else:
            found.append([line])
    return found


def _is_full(line: str, next_line: str, width: int) -> bool:
    """Return whether the first word of the next line would not fit on this line."""
    return bool(width) and len(line) + 1 + len(next_line.split(maxsplit=1)[0]) > width


def _measure_indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _match_item(line: str) -> re.Match[str] | None:
    return LIST_ITEM.fullmatch(line)


def format_block(lines: Sequence[str], next_text: str) -> list[str]:
    """Format a paragraph or list as Markdown. `next_text` is the text that follows it."""
    first = _match_item(lines[0])
    if len(lines) == 1 and (heading := find_heading(lines[0], next_text)):
        return [f"## {_escape_html(heading)}"]
    dashes = [line for line in lines if (item := _match_item(line)) and item["bullet"] and item["bullet"] in DASH_BULLETS]
    if first and not (dashes and len(dashes) < 2):
        return list(_format_list(lines))
    if len(lines) > 1 and all(_measure_indent(line) >= CODE_INDENT for line in lines):
        return list(lines)
    return [LONG_NUMBER.sub(r"\1\\\2", _escape_html(line.strip())) for line in lines]


def find_heading(line: str, next_text: str) -> str:
    """Return the heading if a single line is one, else an empty string.

    A question is a heading only above a paragraph that is long enough to answer it.
    """
    words = line.strip()
    bold = words[2:-2] if len(words) > 4 and words[:2] == words[-2:] == "**" and "*" not in words[2:-2] else ""
    item = _match_item(bold or words)
    if parse_byline(words) or (item and (item["bullet"] or _match_item(next_text))):
        return ""
    if not is_plain_heading(item["text"] if item else bold or words, next_text) or is_furniture(words):
        return ""
    return (bold or words) if not words.endswith("?") or len(next_text) >= 3 * len(words) else ""


def _format_list(lines: Sequence[str]) -> Iterator[str]:
    """Yield list items and their continuation lines, indented as Markdown requires."""
    levels: list[tuple[int, int]] = []  # for each level: the indentation of its items, and the column where their text begins in Markdown
    for line in lines:
        item = _match_item(line)
        if item is None:
            yield " " * (levels[-1][1] if levels else 0) + _escape_html(line.strip())
            continue
        indent = len(item["indent"].expandtabs(4))
        while levels and levels[-1][0] > indent:
            levels.pop()
        if levels and levels[-1][0] == indent:
            levels.pop()
        at = levels[-1][1] if levels else 0
        mark = f"{item['number']}{item['stop']}" if item["number"] else item["bullet"] if item["bullet"] in "-*+" else "-"
        levels.append((indent, at + len(mark) + 1))
        yield f"{' ' * at}{mark} {_escape_html(item['text'])}"


def _escape_html(line: str) -> str:
    """Escape what Markdown would treat as HTML and hide."""
    return HTML_BRACKET.sub(r"\\<", line)
