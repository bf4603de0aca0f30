"""Express a change of a text as edits of small spans, which an editor can undo one by one with its cursor left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from zettel.model.base.value import NamedTuple
from zettel.model.editor.editor_text import EditorText, TextSpan, split_lines

WORD = re.compile(r"\w+|\W")

MIN_KEPT = 8
"""How many characters between two changes of a line must stay the same for these to be two edits."""

MAX_WORDS = 4000
"""A change of more words and marks than this is one edit."""


class SpanEdit(NamedTuple):
    """The replacement of a span by a text."""

    span: TextSpan
    text: str


def list_span_edits(before: EditorText, after: str) -> list[SpanEdit]:
    """Return the edits that turn a text into another, in order, none longer than the lines that differ.

    Several changes in one line are several edits, so that the words between them are left alone.
    """
    old, new = before.lines, split_lines(after.removeprefix(before.mark))
    if len(old) == len(new):
        changes = [(number, number + 1, number, number + 1) for number in range(len(old)) if old[number] != new[number]]
    else:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        changes = [change[1:] for change in matcher.get_opcodes() if change[0] != "equal"]
    return [edit for first, last, start, end in changes for edit in _trim(before, "".join(old[first:last]), "".join(new[start:end]), first)]


def _trim(before: EditorText, old: str, new: str, line: int) -> Iterator[SpanEdit]:
    """Yield the edits of some lines without what is the same at their beginning and end."""
    most = min(len(old), len(new))
    same = next((at for at in range(most) if old[at] != new[at]), most)
    while same and old[same - 1] == "\r":
        same -= 1  # a line end is not cut in two
    left = most - same
    tail = next((at for at in range(left) if old[-1 - at] != new[-1 - at]), left)
    if tail and old[-tail] == "\n" and "\r" in (old[-tail - 1 : -tail], new[-tail - 1 : -tail]):
        tail -= 1
    start = before.find_line_start(line) + len(old[:same].encode())
    for words, written in _split_change(old[same : len(old) - tail], new[same : len(new) - tail]):
        end = start + len(words.encode())
        if words != written:
            yield SpanEdit(before.find_span(start, end), written)
        start = end


def _split_change(old: str, new: str) -> list[tuple[str, str]]:
    """Return a change of a text as pairs of what stood there and what stands there now, those that stay the same among them."""
    whole = [(old, new)]
    if min(len(old), len(new)) <= MIN_KEPT or "\n" in old + new or "\r" in old + new:
        return whole
    words, written = WORD.findall(old), WORD.findall(new)
    if max(len(words), len(written)) > MAX_WORDS:
        return whole
    found: list[tuple[str, str]] = []
    for tag, first, last, start, end in SequenceMatcher(None, words, written).get_opcodes():
        before, after = "".join(words[first:last]), "".join(written[start:end])
        is_kept = tag == "equal" and len(before) >= MIN_KEPT
        if found and not is_kept and found[-1][0] != found[-1][1]:
            found[-1] = (found[-1][0] + before, found[-1][1] + after)
        else:
            found.append((before, after))
    return found
