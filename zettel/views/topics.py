"""Show which notes topics were taken to mean."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.model.base.answer import Branch
from zettel.model.graph.topic import Topic


def build_topic_branches(topics: Sequence[Topic]) -> tuple[Branch, ...]:
    """Build branches that show what topics stand for: one line each, with the notes below if there are several."""
    from zettel.views.notes import format_note

    branches = []
    for topic in topics:
        is_single = len(topic.notes) == 1
        line = ((topic.query, "strong"), (f": {topic.why}", "dim"), *((("  ", ""), *format_note(topic.notes[0])) if is_single else ()))
        branches.append(Branch(line, () if is_single else tuple(Branch(format_note(note)) for note in topic.notes)))
    return tuple(branches)
