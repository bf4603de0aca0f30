"""Questions without an answer: what a note asks, where nothing in it answers.

Rather too few than too many: prose is full of questions that are no open ones. A question is open

- that a mark says to be: a task not yet done that ends in a question mark, a line that begins with `?`, `TODO:` (and asks) or
  `Open question:`, and those under a heading "Open questions";
- that stands as a heading, as the title or behind `Q:`, and below which nothing is written;
- that a note asks last which is tagged as a question (`#question`, `#open`), or as not finished (`#inbox`, `#draft`, ...).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from zettel.model.lazily import lazily
from zettel.model.passage import Lines, Passage, byte_at, one_line
from zettel.model.prose import sentence_starts
from zettel.model.tags import UNSORTED
from zettel.model.value import NamedTuple

ASKING = frozenset(("question", "questions", "open-question", "open"))
"""Tags of notes that are an open question, alone or as the last part of a nested tag."""

ANSWERED = frozenset(("answered", "closed"))
"""Tags of notes that are none any more."""

MOST, LONGEST = 20, 300
"""Questions of a note, and characters of a question, that are remembered at most."""

MARK = lazily(
    r"^[ \t]*(?:(?P<open>\?{1,3}[ \t]+|open questions?[ \t]*:[ \t]*)|(?P<todo>todo\b[ \t:]*)|(?:q|question)[ \t]*:[ \t]*)(?=\S)",
    re.I | re.M,
)
OPEN_HEADING = lazily(r"\W*(?:(?:open|unanswered)\s+questions?|questions?\s+(?:still\s+)?open)\W*", re.I)
TASK = lazily(r"\[(?P<state>[ xX])\][^\w\[\]]*\Z")
ASKED = lazily(r"[^?？]*[?？]+")
CLOSING = "\"'”’»)]*_」』）"
NO_ANSWER = lazily(r"<!--.*?(?:-->|\Z)|^[ \t]*#{1,6}[ \t][^\r\n]*", re.S | re.M)
"""What stands below a question and says nothing: comments, and headings."""


class Question(NamedTuple):
    """A question, and the line of the file in which it begins."""

    text: str
    line: int


class _Ask(NamedTuple):
    """Something asked: from where to where (bytes); open whatever stands below, or if nothing does."""

    text: str
    start: int
    end: int
    is_marked: bool


def open_questions(title: str, tags: Sequence[str], passages: Sequence[Passage], lines: Lines, body: int) -> list[Question]:
    """The questions of a note that are open, in reading order; its text begins at the byte `body`."""
    parts = {tag.casefold().rpartition("/")[2] for tag in tags}
    if parts & ANSWERED or not (parts & ASKING or _has_mark(title) or any(_has_mark(run.prose) for run in passages)):
        return []
    found = [ask for run in passages for ask in _asks(run, lines)]
    starts = sorted([ask.start for ask in found] + [_start(run) for run in passages if run.level])
    starts.append(lines.end)
    opened = [
        ask for ask in found if ask.is_marked or _is_bare(lines, ask.end, starts[bisect_right(starts, ask.start, 0, len(starts) - 1)])
    ]
    opened += [ask for ask, till in _sections(passages, lines) if _asks_itself(ask.text) and _is_bare(lines, ask.end, till)]
    if _asks_itself(title) and not any(run.level and title in one_line(run.text) for run in passages) and _is_bare(lines, body, lines.end):
        opened.append(_Ask(title, body, body, is_marked=False))
    if not opened and parts & (ASKING | UNSORTED):
        opened = list(_last_asked(passages))
    if not opened and parts & ASKING:
        opened = [_Ask(title, body, body, is_marked=True)]
    opened.sort(key=lambda ask: ask.start)
    return [Question(_clipped(ask.text), lines.at(ask.start)) for ask in opened[:MOST]]


def _asks(run: Passage, lines: Lines) -> Iterator[_Ask]:
    """What a block asks behind a mark, or as a task, or below a heading that says so; nothing if it is a task that is done."""
    if run.level or run.is_cell or not run.pieces:
        return
    task = TASK.search(lines.before(_start(run)))
    if task and task["state"] != " ":
        return
    marks = list(MARK.finditer(run.prose))
    for number, mark in enumerate(marks):
        till = marks[number + 1].start() if number + 1 < len(marks) else len(run.prose)
        asked = ASKED.match(run.prose, mark.end(), till)
        if mark["todo"] and not asked:
            continue
        line_end = run.prose.find("\n", mark.end(), till)
        end = asked.end() if asked else line_end if line_end >= 0 else till
        yield _Ask(run.text[mark.end() : end], byte_at(run, mark.start()), byte_at(run, end - 1) + 1, bool(mark["open"] or mark["todo"]))
    asked = None if marks else ASKED.match(run.prose)
    is_below = bool(run.headings) and OPEN_HEADING.fullmatch(run.headings[-1]) is not None
    if asked and (is_below or (task and _asks_itself(run.text))):
        yield _Ask(run.text if _asks_itself(run.text) else run.text[: asked.end()], _start(run), _end(run), is_marked=True)


def _sections(passages: Sequence[Passage], lines: Lines) -> Iterator[tuple[_Ask, int]]:
    """Every heading that is marked as one, with the place where what stands below it ends."""
    headings = [run for run in passages if run.level and "#" in lines.before(_start(run))]
    for number, run in enumerate(headings):
        after = (headings[later] for later in range(number + 1, len(headings)))
        till = next((_start(other) for other in after if other.level <= run.level), lines.end)
        yield _Ask(one_line(run.text), _start(run), _end(run), is_marked=False), till


def _is_bare(lines: Lines, start: int, end: int) -> bool:
    """Whether nothing is written between two places; code and tables are."""
    return not any(char.isalpha() for char in NO_ANSWER.sub("", lines.slice(start, end)))


def _last_asked(passages: Sequence[Passage]) -> Iterator[_Ask]:
    """The last question that stands in a note's prose."""
    for run in reversed(passages):
        if run.level or run.is_cell or not _has_mark(run.prose):
            continue
        starts = [*sentence_starts(run.text), len(run.text)]
        for number in range(len(starts) - 2, -1, -1):
            if _asks_itself(run.prose[starts[number] : starts[number + 1]]):
                text = run.text[starts[number] : starts[number + 1]]
                yield _Ask(text, byte_at(run, starts[number]), _end(run), is_marked=True)
                return


def _has_mark(text: str) -> bool:
    return "?" in text or "？" in text


def _asks_itself(text: str) -> bool:
    return text.rstrip().rstrip(CLOSING).endswith(("?", "？")) and any(char.isalpha() for char in text)


def _start(run: Passage) -> int:
    return run.pieces[0][1].start if run.pieces else 0


def _end(run: Passage) -> int:
    return run.pieces[-1][1].end if run.pieces else 0


def _clipped(text: str) -> str:
    folded = one_line(text)
    return folded if len(folded) <= LONGEST else folded[: LONGEST - 1] + "…"
