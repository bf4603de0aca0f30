"""What counts in prose is found the same way, whichever expression looks for it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from zettel.model.prose import IN_PROSE, found_in

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
def test_ascii_prose_is_read_as_any_other(prose: str) -> None:
    """URLs, IDs, signs and tags are those of the expression for all letters, at the same places."""
    expected = [(found.span(), found.span("tag"), found["sign"], found["digits"], found["id"]) for found in IN_PROSE.finditer(prose)]
    actual = [(found.span(), found.span("tag"), found["sign"], found["digits"], found["id"]) for found in found_in(prose)]
    assert expected == actual
