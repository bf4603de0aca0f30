"""Find open questions: what a note asks and does not answer.

Prose is full of questions that are not open, so the rules prefer to miss one. A question is open if

- it is marked as open: an unfinished task that ends with a question mark, a line that starts with `?`, `Open question:` or
  `TODO:` (if it asks something), or a question under a heading "Open questions";
- it is a heading, the title, or a line that starts with `Q:`, and nothing is written below it;
- it is the last question of a note that is tagged as a question (`#question`, `#open`), or as one to be sorted or finished (the
  setting `tags.unsorted`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.base.value import NamedTuple
from zettel.model.note.passage import LineIndex, Passage, collapse_whitespace, find_byte_offset
from zettel.model.text.prose import find_sentence_starts

QUESTION_TAGS = frozenset(("question", "questions", "open-question", "open"))
"""Tags of notes that are open questions, alone or as the last part of a nested tag."""

ANSWERED_TAGS = frozenset(("answered", "closed"))
"""Tags of notes whose questions are no longer open."""

MAX_QUESTIONS, MAX_QUESTION = 20, 300
"""Maximum questions per note, and characters per question, that are stored."""

QUESTION_PREFIX = compile_lazily(
    r"^[ \t]*(?:(?P<open>\?{1,3}[ \t]+|open questions?[ \t]*:[ \t]*)|(?P<todo>todo\b[ \t:]*)|(?:q|question)[ \t]*:[ \t]*)(?=\S)",
    re.I | re.M,
)
OPEN_HEADING = compile_lazily(r"\W*(?:(?:open|unanswered)\s+questions?|questions?\s+(?:still\s+)?open)\W*", re.I)
TASK = compile_lazily(r"\[(?P<state>[ xX])\][^\w\[\]]*\Z")
QUESTION = compile_lazily(r"[^?？]*[?？]+")
CLOSING_MARKS = "\"'”’»)]*_」』）"
NO_ANSWER = compile_lazily(r"<!--.*?(?:-->|\Z)|^[ \t]*#{1,6}[ \t][^\r\n]*", re.S | re.M)
"""Comments and headings, which do not answer the question above them."""


class OpenQuestion(NamedTuple):
    """An open question, and the line of the file on which it starts.

    If `needs_unsorted_tag`, it is open only if the note has one of the tags of the setting `tags.unsorted`.
    """

    text: str
    line: int
    needs_unsorted_tag: bool = False


class _Candidate(NamedTuple):
    """A question from byte `start` to `end`. If `is_marked`, it is open in any case, otherwise only if nothing is written below it."""

    text: str
    start: int
    end: int
    is_marked: bool


def find_open_questions(
    title: str, tags: Sequence[str], passages: Sequence[Passage], lines: LineIndex, body_start: int
) -> list[OpenQuestion]:
    """Return the open questions of a note in reading order. `body_start` is the byte offset of the note's body."""
    tag_words = {tag.casefold().rpartition("/")[2] for tag in tags}
    is_question = not QUESTION_TAGS.isdisjoint(tag_words)
    asks = is_question or _has_question_mark(title) or any(_has_question_mark(passage.prose) for passage in passages)
    if not asks or not ANSWERED_TAGS.isdisjoint(tag_words):
        return []
    found = [*_find_block_questions(passages, lines), *_find_heading_questions(passages, lines)]
    if _is_title_open(title, passages, lines, body_start):
        found.append(_Candidate(title, body_start, body_start, is_marked=False))
    needs_unsorted_tag = not (found or is_question)
    found = found or list(_find_last_question(passages))
    if not found and is_question:
        found = [_Candidate(title, body_start, body_start, is_marked=True)]
    found.sort(key=lambda ask: ask.start)
    return [OpenQuestion(_clip_question(ask.text), lines.find_line(ask.start), needs_unsorted_tag) for ask in found[:MAX_QUESTIONS]]


def _is_title_open(title: str, passages: Sequence[Passage], lines: LineIndex, body_start: int) -> bool:
    """Return whether the title is a question that is not also a heading, and nothing is written in the note."""
    return (
        _is_question(title)
        and not any(passage.level and title in collapse_whitespace(passage.text) for passage in passages)
        and _is_unanswered(lines, body_start, lines.content_end)
    )


def _find_block_questions(passages: Sequence[Passage], lines: LineIndex) -> Iterator[_Candidate]:
    """Yield the open questions in blocks. The answer to one is what stands before the next candidate or heading."""
    found = [ask for passage in passages for ask in _find_candidates(passage, lines)]
    starts = sorted([ask.start for ask in found] + [_find_start(passage) for passage in passages if passage.level])
    for ask in found:
        after = bisect_right(starts, ask.start)
        till = starts[after] if after < len(starts) else lines.content_end
        if ask.is_marked or _is_unanswered(lines, ask.end, till):
            yield ask


def _find_candidates(passage: Passage, lines: LineIndex) -> Iterator[_Candidate]:
    """Yield what a block asks after a mark, as a task, or under a heading "Open questions". Yields nothing for a finished task."""
    if passage.level or passage.is_cell or not passage.pieces:
        return
    task = TASK.search(lines.slice_line_before(_find_start(passage))) if passage.is_item else None
    if task and task["state"] != " ":
        return
    asks = _has_question_mark(passage.prose)
    may_have_marks = asks or ":" in passage.prose or "todo" in passage.prose.lower()
    marks = list(QUESTION_PREFIX.finditer(passage.prose)) if may_have_marks else []
    for number, mark in enumerate(marks):
        till = marks[number + 1].start() if number + 1 < len(marks) else len(passage.prose)
        asked = QUESTION.match(passage.prose, mark.end(), till)
        if mark["todo"] and not asked:
            continue
        line_end = passage.prose.find("\n", mark.end(), till)
        end = asked.end() if asked else line_end if line_end >= 0 else till
        yield _Candidate(
            passage.text[mark.end() : end],
            find_byte_offset(passage, mark.start()),
            find_byte_offset(passage, end - 1) + 1,
            bool(mark["open"] or mark["todo"]),
        )
    asked = QUESTION.match(passage.prose) if asks and not marks else None
    is_under_heading = bool(passage.headings) and OPEN_HEADING.fullmatch(passage.headings[-1]) is not None
    if asked and (is_under_heading or (task and _is_question(passage.text))):
        yield _Candidate(
            passage.text if _is_question(passage.text) else passage.text[: asked.end()],
            _find_start(passage),
            _find_end(passage),
            is_marked=True,
        )


def _find_heading_questions(passages: Sequence[Passage], lines: LineIndex) -> Iterator[_Candidate]:
    """Yield the headings with Markdown marks that are questions with nothing written in their sections."""
    headings = [passage for passage in passages if passage.level and "#" in lines.slice_line_before(_find_start(passage))]
    for number, heading in enumerate(headings):
        text = collapse_whitespace(heading.text)
        if _is_question(text):
            after = (headings[later] for later in range(number + 1, len(headings)))
            till = next((_find_start(other) for other in after if other.level <= heading.level), lines.content_end)
            if _is_unanswered(lines, _find_end(heading), till):
                yield _Candidate(text, _find_start(heading), _find_end(heading), is_marked=False)


def _is_unanswered(lines: LineIndex, start: int, end: int) -> bool:
    """Return whether nothing is written between two byte offsets. Code and tables count as written."""
    return not any(char.isalpha() for char in NO_ANSWER.sub("", lines.slice(start, end)))


def _find_last_question(passages: Sequence[Passage]) -> Iterator[_Candidate]:
    """Yield the last question in a note's prose, if there is one."""
    for passage in reversed(passages):
        if passage.level or passage.is_cell or not _has_question_mark(passage.prose):
            continue
        starts = [*find_sentence_starts(passage.text), len(passage.text)]
        for number in range(len(starts) - 2, -1, -1):
            if _is_question(passage.prose[starts[number] : starts[number + 1]]):
                text = passage.text[starts[number] : starts[number + 1]]
                yield _Candidate(text, find_byte_offset(passage, starts[number]), _find_end(passage), is_marked=True)
                return


def _has_question_mark(text: str) -> bool:
    return "?" in text or "？" in text


def _is_question(text: str) -> bool:
    return text.rstrip().rstrip(CLOSING_MARKS).endswith(("?", "？")) and any(char.isalpha() for char in text)


def _find_start(passage: Passage) -> int:
    return passage.pieces[0][1].start if passage.pieces else 0


def _find_end(passage: Passage) -> int:
    return passage.pieces[-1][1].end if passage.pieces else 0


def _clip_question(text: str) -> str:
    folded = collapse_whitespace(text)
    return folded if len(folded) <= MAX_QUESTION else folded[: MAX_QUESTION - 1] + "…"
