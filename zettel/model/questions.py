"""Find open questions: what a note asks and does not answer.

Prose is full of questions that are not open, so the rules prefer to miss one. A question is open if

- it is marked as open: an unfinished task that ends with a question mark, a line that starts with `?`, `Open question:` or
  `TODO:` (if it asks something), or a question under a heading "Open questions";
- it is a heading, the title, or a line that starts with `Q:`, and nothing is written below it;
- it is the last question of a note that is tagged as a question (`#question`, `#open`) or as unfinished (`#inbox`, `#draft`, ...).
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
"""Tags of notes that are open questions, alone or as the last part of a nested tag."""

ANSWERED = frozenset(("answered", "closed"))
"""Tags of notes whose questions are no longer open."""

MOST, LONGEST = 20, 300
"""Maximum questions per note, and characters per question, that are stored."""

MARK = lazily(
    r"^[ \t]*(?:(?P<open>\?{1,3}[ \t]+|open questions?[ \t]*:[ \t]*)|(?P<todo>todo\b[ \t:]*)|(?:q|question)[ \t]*:[ \t]*)(?=\S)",
    re.I | re.M,
)
OPEN_HEADING = lazily(r"\W*(?:(?:open|unanswered)\s+questions?|questions?\s+(?:still\s+)?open)\W*", re.I)
TASK = lazily(r"\[(?P<state>[ xX])\][^\w\[\]]*\Z")
ASKED = lazily(r"[^?？]*[?？]+")
CLOSING = "\"'”’»)]*_」』）"
NO_ANSWER = lazily(r"<!--.*?(?:-->|\Z)|^[ \t]*#{1,6}[ \t][^\r\n]*", re.S | re.M)
"""Comments and headings, which do not answer the question above them."""


class Question(NamedTuple):
    """An open question, and the line of the file on which it starts."""

    text: str
    line: int


class _Ask(NamedTuple):
    """A question from byte `start` to `end`. If `is_marked`, it is open in any case, otherwise only if nothing is written below it."""

    text: str
    start: int
    end: int
    is_marked: bool


def open_questions(title: str, tags: Sequence[str], passages: Sequence[Passage], lines: Lines, body: int) -> list[Question]:
    """Return the open questions of a note in reading order. `body` is the byte offset of the note's body."""
    parts = {tag.casefold().rpartition("/")[2] for tag in tags}
    if parts & ANSWERED or not (parts & ASKING or _has_mark(title) or any(_has_mark(passage.prose) for passage in passages)):
        return []
    found = [ask for passage in passages for ask in _asks(passage, lines)]
    starts = sorted([ask.start for ask in found] + [_start(passage) for passage in passages if passage.level])
    starts.append(lines.end)
    opened = [
        ask for ask in found if ask.is_marked or _is_bare(lines, ask.end, starts[bisect_right(starts, ask.start, 0, len(starts) - 1)])
    ]
    opened += [ask for ask, till in _sections(passages, lines) if _asks_itself(ask.text) and _is_bare(lines, ask.end, till)]
    if (
        _asks_itself(title)
        and not any(passage.level and title in one_line(passage.text) for passage in passages)
        and _is_bare(lines, body, lines.end)
    ):
        opened.append(_Ask(title, body, body, is_marked=False))
    if not opened and parts & (ASKING | UNSORTED):
        opened = list(_last_asked(passages))
    if not opened and parts & ASKING:
        opened = [_Ask(title, body, body, is_marked=True)]
    opened.sort(key=lambda ask: ask.start)
    return [Question(_clipped(ask.text), lines.at(ask.start)) for ask in opened[:MOST]]


def _asks(run: Passage, lines: Lines) -> Iterator[_Ask]:
    """Yield what a block asks after a mark, as a task, or under a heading "Open questions". Yields nothing for a finished task."""
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
    is_under_heading = bool(run.headings) and OPEN_HEADING.fullmatch(run.headings[-1]) is not None
    if asked and (is_under_heading or (task and _asks_itself(run.text))):
        yield _Ask(run.text if _asks_itself(run.text) else run.text[: asked.end()], _start(run), _end(run), is_marked=True)


def _sections(passages: Sequence[Passage], lines: Lines) -> Iterator[tuple[_Ask, int]]:
    """Yield every heading with Markdown marks as a candidate, with the byte offset at which its section ends."""
    headings = [passage for passage in passages if passage.level and "#" in lines.before(_start(passage))]
    for number, heading in enumerate(headings):
        after = (headings[later] for later in range(number + 1, len(headings)))
        till = next((_start(other) for other in after if other.level <= heading.level), lines.end)
        yield _Ask(one_line(heading.text), _start(heading), _end(heading), is_marked=False), till


def _is_bare(lines: Lines, start: int, end: int) -> bool:
    """Return whether nothing is written between two byte offsets. Code and tables count as written."""
    return not any(char.isalpha() for char in NO_ANSWER.sub("", lines.slice(start, end)))


def _last_asked(passages: Sequence[Passage]) -> Iterator[_Ask]:
    """Yield the last question in a note's prose, if there is one."""
    for passage in reversed(passages):
        if passage.level or passage.is_cell or not _has_mark(passage.prose):
            continue
        starts = [*sentence_starts(passage.text), len(passage.text)]
        for number in range(len(starts) - 2, -1, -1):
            if _asks_itself(passage.prose[starts[number] : starts[number + 1]]):
                text = passage.text[starts[number] : starts[number + 1]]
                yield _Ask(text, byte_at(passage, starts[number]), _end(passage), is_marked=True)
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
