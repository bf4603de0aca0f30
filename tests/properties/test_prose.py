"""Test that the faster expressions for prose find what the general ones find."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from zettel.model.text.prose import (
    ASCII_CLAUSE_END,
    ASCII_SENTENCE_END,
    CLAUSE_END,
    INLINE_TOKEN,
    SENTENCE_END,
    find_inline_tokens,
    find_prose_ids,
)

WORDS = [
    "202104291526",
    "20210429152600",
    "2021042915261",
    "§",
    "#",
    "tag",
    "tag/a-",
    "https://",
    "www.",
    "mailto:",
    "x.org/",
    "￼￼",
    "\x00",
]
PARTS = st.sampled_from([*WORDS, *" \n./\\@=&?%+~$-_:,;()<>\"'a1€é信"])


@settings(max_examples=1500, deadline=None)
@given(st.lists(PARTS, max_size=12).map("".join))
def test_ascii_prose_has_the_same_tokens(prose: str) -> None:
    """URLs, IDs, signs and tags are those of the expression for all letters, in the same places."""
    expected = [(found.span(), found.span("tag"), found["sign"], found["digits"], found["id"]) for found in INLINE_TOKEN.finditer(prose)]
    actual = [(found.span(), found.span("tag"), found["sign"], found["digits"], found["id"]) for found in find_inline_tokens(prose)]
    assert expected == actual


@settings(max_examples=1500, deadline=None)
@given(st.lists(PARTS, max_size=12).map("".join))
def test_prose_ids_match_the_inline_tokens(prose: str) -> None:
    """IDs and their signs are those of the expression for all tokens, whatever surrounds them."""
    expected = [(found.span(), found["sign"], found["digits"]) for found in INLINE_TOKEN.finditer(prose) if found["id"]]
    assert expected == [(found.span(), found["sign"], found["digits"]) for found in find_prose_ids(prose)]


@settings(max_examples=1500, deadline=None)
@given(st.lists(PARTS, max_size=12).map("".join).filter(str.isascii))
def test_ascii_prose_has_the_same_clause_and_sentence_ends(prose: str) -> None:
    """The expressions for ASCII text find the ends that those for all letters find."""
    ends = [(found.span(), found.groups()) for found in SENTENCE_END.finditer(prose)]
    assert ends == [(found.span(), found.groups()) for found in ASCII_SENTENCE_END.finditer(prose)]
    clauses = [(found.span(), found["next"]) for found in CLAUSE_END.finditer(prose)]
    assert clauses == [(found.span(), found["next"]) for found in ASCII_CLAUSE_END.finditer(prose)]
