"""Test that JSON is written as the standard library writes it."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from zettel.model.base.answer import Answer
from zettel.output.json import VERSION, render_json

ITEMS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(max_codepoint=0x7E)),
    lambda inner: (
        st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text('ab"\\\n', max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(ITEMS)
def test_json_is_indented_as_the_standard_library_does(item: object) -> None:
    """A document is the same, byte for byte, as `json.dumps` with an indent of two writes it."""
    expected = json.dumps({"version": VERSION, "item": item}, ensure_ascii=False, indent=2) + "\n"
    assert expected == render_json(Answer(facts={"item": item}))
