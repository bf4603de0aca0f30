"""Recognise the items of lists that word processors write as paragraphs, or as lists side by side, with a level."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zettel.adapters.html.tree import Element
from zettel.model.articles.page_blocks import PageBlock

LEVEL, ORDERED = "{zettel}level", "{zettel}ordered"
"""Attributes for the level of an item, from 1, and for the number with which an ordered list begins, 0 if it goes on."""

WORD_CLASS = re.compile(r"\bMsoList(?:Paragraph|Bullet|Number)", re.IGNORECASE)
WORD_LEVEL = re.compile(r"mso-list:\s*l\d+\s+level(\d)", re.IGNORECASE)
GOOGLE_LEVEL = re.compile(r"\blst-kix_[\w]+-(\d)\b")
CHECKED, UNCHECKED = "[x] ", "[ ] "
CHECKED_STATE = re.compile(r"--en-checked:\s*(true|false)", re.IGNORECASE)
CHECKLIST = re.compile(r"(?:^|\s)(?:checklist|todo-list|task-list)(?:\s|$)", re.IGNORECASE)
DONE = re.compile(r"(?:^|[\s_-])(?:checked|done|completed?)(?:$|\s)", re.IGNORECASE)
MARKER = re.compile(r"[\s\xa0]*(?:([·•▪◦‣●○§oØü–-])|(\d{1,3}|[a-z]{1,4})[.)])(?:[\s\xa0]+|$)", re.IGNORECASE)
BULLET = re.compile(r"([•‣▪▸►●◦○∙⁃·])[ \xa0]+(?=\S)")
ONLY_IN_ROWS = "·"
"""A bullet only if there are several of them: a single dot may stand between two names."""

MAX_DEPTH = 5
"""Maximum number of elements around the marker of an item."""


def mark_item(element: Element, layout: str) -> None:
    """Rename a paragraph of Word that is an item of a list, and a list of Google Docs that is part of a larger one; and set their levels."""
    names = element.get("class", "")[:500]
    if element.tag == "p" and WORD_CLASS.search(names):
        _mark_word_item(element)
    elif element.tag in ("ul", "ol") and (level := GOOGLE_LEVEL.search(names)):
        start = element.get("start", "1")
        for item in element.iterchildren("li"):
            item.set(LEVEL, str(int(level[1]) + 1))
            if element.tag == "ol":
                item.set(ORDERED, start if "start" in names.split() and start.isdecimal() and len(start) < 6 else "0")
                names = ""
        element.tag = layout
        element.set(LEVEL, "0")
    elif element.tag == "div" and find_task_mark(element):
        element.tag = "span"  # the box of a task, with the task behind it


def find_task_mark(element: Element) -> str:
    """Return the mark of a task if an element is one, or the box of one: `[x] ` if it is done, else `[ ] `. Empty if it is neither."""
    if element.tag == "input":
        is_done = "checked" in element.attrib if element.get("type", "").lower() == "checkbox" else None
    elif element.tag in ("li", "div", "span"):
        is_done = _read_state(element)
    else:
        is_done = None
    return "" if is_done is None else CHECKED if is_done else UNCHECKED


def _read_state(element: Element) -> bool | None:
    names = element.get("class", "")[:500]
    if "checkbox-on" in names or "checkbox-off" in names:
        return "checkbox-on" in names
    if element.tag != "li":
        return None
    style = CHECKED_STATE.search(element.get("style", "")[:500])
    state = style[1] if style else element.get("aria-checked") or element.get("data-checked") or ""
    if state.lower() in ("true", "false"):
        return state.lower() == "true"
    parent = element.getparent()
    return bool(DONE.search(names)) if parent is not None and CHECKLIST.search(parent.get("class", "")[:500]) else None


def _mark_word_item(paragraph: Element) -> None:
    """Make an item of a paragraph if its text begins with a bullet or number, which is cut."""
    holder = paragraph
    for _ in range(MAX_DEPTH):
        if (holder.text or "").strip("\n\r\t ") or not len(holder):
            break
        holder = holder[0]
        while not isinstance(holder.tag, str) and holder.getnext() is not None and not (holder.tail or "").strip():
            holder = holder.getnext()
    marker = MARKER.match(holder.text or "") if isinstance(holder.tag, str) else None
    if not marker:
        return
    holder.text = holder.text[marker.end() :]
    level = WORD_LEVEL.search(paragraph.get("style", "")[:500])
    paragraph.tag = "li"
    paragraph.set(LEVEL, level[1] if level and level[1] != "0" else "1")
    if marker[2] and marker[2].isdecimal():
        paragraph.set(ORDERED, str(int(marker[2])))


def join_bullets(blocks: Sequence[PageBlock]) -> list[PageBlock]:
    """Return the blocks of a page, with paragraphs and lines that begin with a bullet as a sign joined into lists."""
    joined: list[PageBlock] = []
    row: list[PageBlock] = []
    for block in [*blocks, None]:
        if block is not None and (not row or block.marks == row[0].marks) and all(map(BULLET.match, block.lines)):
            row.append(block)
            continue
        joined += _join_row(row)
        row = []
        if block is not None and all(map(BULLET.match, block.lines)):
            row = [block]
        elif block is not None:
            joined.append(block)
    return joined


def _join_row(row: list[PageBlock]) -> list[PageBlock]:
    lines = [line for block in row for line in block.lines]
    if len(lines) < 2 and any(line[0] == ONLY_IN_ROWS for line in lines):
        return row
    for block in row[1:]:
        row[0].length += block.length
        row[0].linked += block.linked
        row[0].found += block.found
        row[0].prose += block.prose
    if row:
        row[0].lines = [BULLET.sub("- ", line.removesuffix("\\"), count=1) for line in lines]
    return row[:1]
