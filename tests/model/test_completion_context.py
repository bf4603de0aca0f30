"""Test what is completed where: `¦` is the cursor, and `«»` enclose what would be replaced."""

from __future__ import annotations

import pytest

from zettel.model.editor import completion_context as contexts
from zettel.model.editor.completion_context import CompletionContext, find_context, list_last_words

CASES = [
    ("see «[[¦»", contexts.NOTE, "", ""),
    ("see «[[deci mak¦»", contexts.NOTE, "deci mak", ""),
    ("see «![[deci¦»", contexts.NOTE, "deci", ""),
    ("see «[[deci¦]]» now", contexts.NOTE, "deci", ""),
    ("see «[[¦]]»", contexts.NOTE, "", ""),
    ("see «[[deci¦]» now", contexts.NOTE, "deci", ""),
    ("[[one]] and «[[tw¦»", contexts.NOTE, "tw", ""),
    ("[[202401010000#«head¦»", contexts.HEADING, "head", "202401010000"),
    ("[[#«¦»", contexts.HEADING, "", ""),
    ("[[Note#^«b¦»]]", contexts.BLOCK, "b", "Note"),
    ("[[Note|«la¦»", contexts.LABEL, "la", "Note"),
    (r"| [[Note\|«la¦»", contexts.LABEL, "la", "Note"),
    ("[words]«(de¦»", contexts.PATH, "de", ""),
    ("[words]«(<de ci¦>)»", contexts.PATH, "de ci", ""),
    ("[words]«(de¦)» and", contexts.PATH, "de", ""),
    ("[words](note.md#«he¦»", contexts.PATH_HEADING, "he", "note.md"),
    ("so «[Deci¦»", contexts.LABELLED, "Deci", ""),
    ("so «[Deci¦]» and", contexts.LABELLED, "Deci", ""),
    ("as «§deci mak¦»", contexts.SIGN, "deci mak", ""),
    ("as «§2024¦»", contexts.SIGN, "2024", ""),
    ("in «2024¦»", contexts.ID, "2024", ""),
    ("as §202401010000 in «2024¦»", contexts.ID, "2024", ""),
    ("a #«lead/de¦»", contexts.TAG, "lead/de", ""),
    ("#«le¦»", contexts.TAG, "le", ""),
    ("a #«¦»", contexts.TAG, "", ""),
    ("we «take the deci¦»", contexts.WORDS, "we take the deci", ""),
]


def read_case(case: str) -> tuple[str, int, int, int]:
    """Return a line without its marks, and where they stood: the cursor, the start and the end of what is replaced."""
    marks = {mark: len("".join(char for char in case[: case.index(mark)] if char not in "«»¦")) for mark in "¦«»"}
    return "".join(char for char in case if char not in "«»¦"), marks["¦"], marks["«"], marks["»"]


@pytest.mark.parametrize(("case", "kind", "words", "name"), CASES)
def test_context_is_read_from_the_text_before_the_cursor(case: str, kind: str, words: str, name: str) -> None:
    """What is before the cursor says what is completed, and closing marks right behind it belong to what is replaced."""
    line, at, start, end = read_case(case)
    found = find_context([line], 0, at, with_words=True)
    assert found
    if kind == contexts.WORDS:
        start -= 3
    assert (kind, words, start, end, name) == found[:5]


@pytest.mark.parametrize(
    "case",
    ["[[done]] ¦", "# ¦", "#¦", "##¦", "a `[[¦", "1234567 a 123¦", "v1.2024¦", "[done](note.md)¦", r"\[esc¦", "[wor¦ds](note.md)", "word¦"],
)
def test_nothing_is_completed_elsewhere(case: str) -> None:
    """There is no context behind a finished link, in its words, in code, in a heading's mark, in short or other numbers, and in prose unless it is asked for."""
    assert None is find_context([case.replace("¦", "")], 0, case.index("¦"))


def test_fenced_code_is_left_alone() -> None:
    """Nothing is completed in a fence, and the text behind it is prose again."""
    lines = ["```\n", "[[a\n", "~~~\n", "````\n", "[[a"]
    assert None is find_context(lines, 1, 3)
    assert contexts.NOTE == (find_context(lines, 4, 3) or CompletionContext("", "", 0, 0)).kind


@pytest.mark.parametrize(
    ("lines", "kind", "words"),
    [
        (["---", "tags: [one, tw"], contexts.TAG, "tw"),
        (["---", "tags: tw"], contexts.TAG, "tw"),
        (["---", "tags:", "  - one", "  - tw"], contexts.TAG, "tw"),
        (["---", "ti"], contexts.KEY, "ti"),
        (["---", ""], contexts.KEY, ""),
        (["---", 'up: "[[ab'], contexts.NOTE, "ab"),
    ],
)
def test_front_matter_has_contexts_of_its_own(lines: list[str], kind: str, words: str) -> None:
    """Front matter completes keys at a line's start, tags in their field and list, and links."""
    found = find_context(lines, len(lines) - 1, len(lines[-1]), is_in_front_matter=True)
    assert found
    assert (kind, words) == found[:2]


def test_words_behind_other_items_are_not_tags() -> None:
    """A list below another field than tags has no tags."""
    assert None is find_context(["---", "people:", "  - tw"], 2, 6, is_in_front_matter=True)


def test_last_words_end_at_a_sentence() -> None:
    """The last words before the cursor are those of the sentence, at most six, longest first."""
    assert ["take the deci", "the deci", "deci"] == list_last_words("It ended. take the deci")
    assert 6 == len(list_last_words("a b c d e f g h"))
