"""Express a change of a text as edits of small spans, which an editor can undo one by one with its cursor left alone."""

from __future__ import annotations

from difflib import SequenceMatcher

from zettel.model.base.value import NamedTuple
from zettel.model.editor.editor_text import EditorText, TextSpan, split_lines


class SpanEdit(NamedTuple):
    """The replacement of a span by a text."""

    span: TextSpan
    text: str


def list_span_edits(before: EditorText, after: str) -> list[SpanEdit]:
    """Return the edits that turn a text into another, in order, none longer than the lines that differ."""
    old, new = before.lines, split_lines(after.removeprefix(before.mark))
    if len(old) == len(new):
        changes = [(number, number + 1, number, number + 1) for number in range(len(old)) if old[number] != new[number]]
    else:
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        changes = [change[1:] for change in matcher.get_opcodes() if change[0] != "equal"]
    return [_trim(before, "".join(old[first:last]), "".join(new[start:end]), first) for first, last, start, end in changes]


def _trim(before: EditorText, old: str, new: str, line: int) -> SpanEdit:
    """Return the edit of some lines without what is the same at their beginning and end."""
    most = min(len(old), len(new))
    same = next((at for at in range(most) if old[at] != new[at]), most)
    while same and old[same - 1] == "\r":
        same -= 1  # a line end is not cut in two
    left = most - same
    tail = next((at for at in range(left) if old[-1 - at] != new[-1 - at]), left)
    if tail and old[-tail] == "\n" and "\r" in (old[-tail - 1 : -tail], new[-tail - 1 : -tail]):
        tail -= 1
    start = before.find_line_start(line) + len(old[:same].encode())
    end = start + len(old[same : len(old) - tail].encode())
    return SpanEdit(before.find_span(start, end), new[same : len(new) - tail])
