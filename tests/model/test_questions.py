"""Test which questions are open, and which are only prose."""

from __future__ import annotations

import pytest

from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.note.tags import is_unsorted_tag


def list_questions(text: str, path: str = "n.md") -> list[tuple[str, int]]:
    """Return (question, line) of every open question of a note in a string, with the unsorted tags inbox and draft."""
    parsed = parse_note_bytes(path, text.encode())
    is_unsorted = any(is_unsorted_tag(tag, frozenset(("inbox", "draft"))) for tag in parsed.tags)
    return [(item.text, item.line) for item in parsed.questions if is_unsorted or not item.needs_unsorted_tag]


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        # it is marked as open
        (["Who owns pricing?"], "# N\n\n- [ ] Who owns pricing?\n- [x] Who owns sales?\n"),
        (["Who owns pricing?"], "# N\n\n1. [ ] **Who** owns\n   pricing?\n"),
        (["who decides"], "# N\n\n? who decides\n\nText below.\n"),
        (["Who decides?"], "# N\n\nText.\n?? Who decides?\nText.\n"),
        (["who decides"], "# N\n\nOpen question: who decides\n\nWe do not know, do we?\n"),
        (["ask Jo: who decides?"], "# N\n\nTODO: ask Jo: who decides? Soon.\n"),
        (["What of it?", "And of that?"], "# N\n\n## Open questions\n\n- What of it?\n- A remark\n- And of that? Jo knows.\n"),
        (["What of it?"], "# N\r\n\r\n## Open Questions:\r\n\r\nWhat of it?\r\n"),
        # nothing follows it
        (["How do we price?"], "# How do we price?\n"),
        (["Who has it?"], "# Problem\n\n## Who has it?\n\n## Impact\n\nLarge.\n"),
        (["Who has it?"], "# Problem\n\n## Who has it?\n\n<!-- name two customers -->\n\n### Answer\n\n## Impact\n"),
        (["What now?"], "---\ntitle: What now?\n---\n"),
        (["What now?", "And then?"], "# N\n\nQ: What now?\nQ: And then?\n\n## More\n\nText.\n"),
        # an answer follows it
        ([], "# How do we price?\n\nBy value.\n"),
        ([], "# How do we price?\n\n## Answer\n\nBy value.\n"),
        ([], "# How?\n\n```sh\nls\n```\n"),
        ([], "# How?\n\n| a | b |\n| - | - |\n"),
        ([], "---\ntitle: What now?\n---\n\nNothing.\n"),
        ([], "# N\n\nQ: What now?\nA: Nothing.\n"),
        ([], "# N\n\n**Q: What now?**\n\nNothing.\n"),
        ([], "# N\n\nQuestion: What now? Nothing.\n"),
        # it is only prose, code or a task
        ([], "# N\n\nAnd why? Nobody knows. Who would?\n\n- What have you tried?\n- What else?\n"),
        ([], "# N\n\n`? x`\n\n```\nTODO: why?\n```\n\n- [ ] buy milk\n- TODO: tidy up\n\n???\n"),
        ([], "# N\n\n| Q: why? |\n| - |\n| ? what |\n"),
        # the note has a tag for questions or unfinished notes
        (["Would it?"], "---\ntags: [inbox]\n---\n# N\n\nIs it so? Would it? Not sure.\n"),
        (["It would"], "---\ntags: [question]\n---\n# It would\n\nSome text.\n"),
        (["Would it?"], "# N\n\n#work/open\n\nWould it?\n"),
        ([], "---\ntags: [draft]\n---\n# N\n\nSome text.\n"),
        ([], "---\ntags: [question, answered]\n---\n# Would it?\n"),
        (["為何？"], "# 為何？\n"),
        ([], ""),
    ],
)
def test_open_questions_are_asked_and_not_answered(expected: list[str], text: str) -> None:
    """A question without an answer is open, and a question mark in prose is not enough."""
    assert expected == [question for question, _ in list_questions(text)]


def test_questions_have_line_numbers() -> None:
    """A question has the line at which it starts in the file, and questions come in reading order."""
    text = "\ufeff---\ntags: [a]\n---\n\n# N\n\n## Empty?\n\n## More\n\nText.\n? first\n- [ ] And a second?\n"
    assert [("Empty?", 7), ("first", 12), ("And a second?", 13)] == list_questions(text)


def test_a_file_name_can_be_a_question() -> None:
    """A file name can be a question, and any text in the file answers it."""
    assert [("How do we price?", 1)] == list_questions("", "202401010101 How do we price?.md")
    assert [] == list_questions("By value.\n", "202401010101 How do we price?.md")


def test_questions_are_limited_in_number_and_length() -> None:
    """However many and long the questions of a note are, at most 20 of at most 300 characters are kept."""
    for text in ("? " + "x" * 500 + "\n\n", "# a?\n\n", "Q: x?\n", "## a?\ntext\n", "- [ ] why?\n", "<!-- # b?\n\n"):
        found = list_questions(text * 500)
        assert len(found) <= 20
        assert all(len(question) <= 300 for question, _ in found)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("2026-12-01", "---\nreview: 2026-12-01\n---\n"),
        ("2026-12-01", "---\nreview: '2026/12/1'\n---\n"),
        ("2026-12-01", "+++\nreview = 2026-12-01\n+++\n"),
        ("2026-12-01", "---\nreview: next year\nrevisit: 2026-12-01T08:00\n---\n"),
        (None, "---\nreview: 2026-13-41\n---\n"),
        (None, "---\nreview: [a, b]\n---\n"),
        ("2026-12-01", "---\ntags: decision\n---\n# D\n\nReview: 2026-01-01\n\n- **Look back** on: 2026-12-01\n"),
        ("2026-12-01", "#decision/hiring\n\nlook back: 2026-12-01\n"),
        (None, "# D\n\nReview: 2026-12-01\n"),
        (None, "#leadership/decisions\n\nReview: 2026-12-01\n"),
    ],
)
def test_review_date_comes_from_front_matter_or_a_line(expected: str | None, text: str) -> None:
    """Front matter holds the review date of any note, and a line of its own holds that of a decision, the last one if there are several."""
    assert expected == parse_note_bytes("n.md", text.encode()).review_date
