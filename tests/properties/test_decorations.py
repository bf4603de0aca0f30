"""Test that what is drawn into any text lies where it should: folds nest, tokens are exact spans in every encoding, hints stand within lines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zettel.model.editor.editor_text import ENCODINGS, EditorText, TextPlace
from zettel.model.editor.fold import Fold, choose_folds
from zettel.model.editor.semantic_token import KINDS, SemanticToken, encode_tokens, order_tokens
from zettel.model.settings.settings import HINTS
from zettel.services.editor.note_folds import list_folds
from zettel.services.editor.note_hints import list_hints, list_lenses
from zettel.services.editor.note_tokens import list_tokens
from zettel.services.editor.open_note_facts import check_open_note
from zettel.services.editor.open_notes import OpenNotes
from zettel.session import GlobalOptions, Session

PIECES = st.sampled_from(
    [
        *("\n", "\n\n", "\r\n", "\r", "# ", "## ", "### H\n", "- ", "  - ", "1. ", "> ", "```\n", "~~~\n", "---\n", "    ", "\t", "===\n"),
        *("a", "é", "e\u0301", "語 ", "😀", "\u2028", "\ufeff", " ", "|", "| a | b |\n|---|---|\n"),
        *(
            "202401010001",
            "202401010001 Trust is slow",
            "[[202401010001]]",
            "[[202401010001 Trust|x]]",
            "§202401010001",
            "[[Trust is slow]]",
        ),
        *(
            "[[",
            "]]",
            "[[nowhere]]",
            "[x](#h)",
            "[x](<202401010001 Trust.md>)",
            "#tag",
            "#a/b",
            "tags: [a, b]\n",
            "title: T\n",
            "`",
            "<!--",
            "[[Own]]",
        ),
        *("202401010001 Trust is quick", "[[#H]]", "^b", "202401019999", "[[202401010001#Part]]"),
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join)
ENCODING = st.sampled_from(ENCODINGS)
FOLDS = st.lists(st.builds(Fold, st.integers(0, 12), st.integers(0, 12), st.just("item")), max_size=12)
TOKENS = st.lists(st.builds(SemanticToken, st.integers(0, 40), st.integers(0, 40), st.sampled_from(KINDS)), max_size=10)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Provide a session in a notebook with one note."""
    root = tmp_path_factory.mktemp("notes")
    (root / ".zettel").mkdir()
    Path(root / "202401010001 Trust.md").write_text("# Trust is slow\n\n## Part\n\n[[Own]] [[Own#H]]\n")
    found = Session(GlobalOptions(), {"HOME": str(root), "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache"))}, str(root))
    found.open_notebook()
    yield found


def open_note(session: Session, text: str, encoding: str) -> OpenNotes:
    """Return open notes with one text."""
    notes = OpenNotes(session.open_notebook(), encoding)
    notes.open("Own.md", EditorText(text, encoding))
    return notes


def measure(words: str, encoding: str) -> int:
    """Return the length of a text in units of an encoding."""
    return {"utf-8": len(words.encode()), "utf-16": len(words.encode("utf-16-le")) // 2, "utf-32": len(words)}[encoding]


def decode(document: EditorText, numbers: list[int]) -> list[tuple[int, int, int, int]]:
    """Return (line, character, length, kind) of tokens as an editor reads them."""
    found, line, character = [], 0, 0
    for at in range(0, len(numbers), 5):
        down, right, size, kind, _ = numbers[at : at + 5]
        line, character = line + down, (0 if down else character) + right
        found.append((line, character, size, kind))
    return found


@given(text=TEXTS, encoding=ENCODING)
def test_tokens_are_exact_spans(session: Session, text: str, encoding: str) -> None:
    """What an editor reads are the bytes that were found, in order, without overlap, and within their lines."""
    notes = open_note(session, text, encoding)
    document = notes.texts["Own.md"].document
    tokens = list_tokens(session, notes, "Own.md")
    starts = [0]
    for line in document.lines:
        starts.append(starts[-1] + len(line.encode()))
    covered: set[int] = set()
    for line, character, size, _ in decode(document, encode_tokens(document, tokens)):
        words = document.lines[line].rstrip("\r\n")
        begin, end = (document.find_offset(TextPlace(line, units)) for units in (character, character + size))
        assert 0 < size
        assert character + size <= measure(words, encoding)
        assert measure(document.data[begin:end].decode(), encoding) == size
        assert covered.isdisjoint(range(begin, end))
        covered.update(range(begin, end))
    breaks = {at for at, byte in enumerate(document.data) if byte in b"\r\n"}
    assert {at for token in tokens for at in range(token.start, token.end)} - breaks == covered


@given(text=TEXTS, encoding=ENCODING, first=st.integers(0, 60), last=st.integers(0, 60))
def test_tokens_of_a_range_are_those_of_the_text(session: Session, text: str, encoding: str, first: int, last: int) -> None:
    """The tokens of a range are tokens of the text, and among them are all that lie in it."""
    notes = open_note(session, text, encoding)
    start, end = sorted((first, last))
    whole = list_tokens(session, notes, "Own.md")
    some = list_tokens(session, notes, "Own.md", start, end)
    assert set(some) <= set(whole)
    assert {token for token in whole if start <= token.start and token.end <= end} <= set(some)


@given(tokens=TOKENS)
def test_ordered_tokens_do_not_overlap(tokens: list[SemanticToken]) -> None:
    """However tokens overlap, those that are sent do not, and cover all that the given ones cover."""
    ordered = list(order_tokens(tokens))
    assert all(one.end <= other.start for one, other in pairwise(ordered))
    assert {at for one in tokens for at in range(one.start, one.end)} == {at for one in ordered for at in range(one.start, one.end)}


@given(text=TEXTS, encoding=ENCODING)
def test_folds_of_any_text_nest(session: Session, text: str, encoding: str) -> None:
    """Folds lie in the text, hide at least one line, begin in different lines and nest."""
    notes = open_note(session, text, encoding)
    check_folds(list_folds(notes, "Own.md"), len(notes.texts["Own.md"].document.lines))


@given(folds=FOLDS, limit=st.none() | st.integers(0, 5))
def test_chosen_folds_nest(folds: list[Fold], limit: int | None) -> None:
    """Whatever overlaps, the folds that are chosen nest; with a limit, they are the largest of these."""
    chosen = choose_folds(folds, limit)
    check_folds(chosen, 13)
    if limit is not None:
        rest = set(choose_folds(folds)) - set(chosen)
        assert len(chosen) <= limit
        assert not rest or len(chosen) == limit
        assert all(one.size >= other.size for one in chosen for other in rest)


def check_folds(folds: list[Fold], lines: int) -> None:
    """Fail unless folds are in order, in the text, and nest."""
    assert sorted({one.first for one in folds}) == [one.first for one in folds]
    for one in folds:
        assert 0 <= one.first < one.last < lines
        assert all(other.last <= one.last or other.first > one.last for other in folds if other.first > one.first)


@given(text=TEXTS, encoding=ENCODING)
def test_hints_and_lenses_stand_in_the_text(session: Session, text: str, encoding: str) -> None:
    """Every hint stands at the end of a link or title, never beyond its line, and so does every lens; those of a range lie in it."""
    notes = open_note(session, text, encoding)
    document = notes.texts["Own.md"].document
    hints = list_hints(notes, "Own.md", HINTS, TextPlace(0, 0), TextPlace(999, 0))
    for hint in hints:
        assert hint.place == document.find_place(document.find_offset(hint.place))
        assert hint.words.isprintable()
    for line in range(len(document.lines)):
        start, end = TextPlace(line, 0), TextPlace(line, 9999)
        some = list_hints(notes, "Own.md", HINTS, start, end)
        assert [hint for hint in hints if hint.place.line == line] == [hint for hint in some if hint.place.line == line]
    for lens in list_lenses(notes, "Own.md"):
        assert lens.span == document.find_span(*map(document.find_offset, lens.span))


@given(text=TEXTS, encoding=ENCODING)
def test_problems_stand_in_the_text(session: Session, text: str, encoding: str) -> None:
    """Any text can be checked, and every problem has a span within it."""
    notes = open_note(session, text, encoding)
    document = notes.texts["Own.md"].document
    for placed in check_open_note(session, notes, "Own.md"):
        assert placed.span.start <= placed.span.end
        assert placed.span == document.find_span(*map(document.find_offset, placed.span))
