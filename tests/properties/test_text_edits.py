"""Test that the edits of a text make of it what they should, whatever the texts."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given

from tests.properties.test_editor_text import ENCODING, TEXTS
from zettel.model.editor.editor_text import EditorText
from zettel.model.editor.text_edits import list_span_edits


@given(TEXTS, TEXTS, ENCODING)
def test_edits_make_the_new_text(before: str, after: str, encoding: str) -> None:
    """Applied from the last to the first, the edits turn one text into the other, and they are in order without overlaps."""
    text = EditorText(before, encoding)
    edits = list_span_edits(text, after)
    assert all(one.span.end <= other.span.start for one, other in pairwise(edits))
    for edit in reversed(edits):
        text.replace(*edit.span, edit.text)
    assert after == text.text
