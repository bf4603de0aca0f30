"""Show a note that is due for review as a branch of a tree."""

from __future__ import annotations

from zettel.model.base.answer import Branch
from zettel.model.review.schedule import (
    QUESTION,
    ReviewItem,
)
from zettel.views.notes import build_note_branch
from zettel.views.suggestions import build_suggestion_branch

MAX_SENTENCE_LENGTH = 140
"""How many characters of a note's first sentence are shown."""


def build_item_branch(item: ReviewItem, *below: Branch) -> Branch:
    """Return an item as a tree: the note, its sentence, why it is listed, and the branches `below`. Of a pair, the link between the two if there is one."""
    if item.suggestion:
        return build_note_branch(item.note, (Branch(((item.why, "dim"),)), build_suggestion_branch(item.note, item.suggestion)))
    lines = [build_note_branch(item.other)] if item.other else []
    lines += [Branch(((item.sentence, "hit" if item.kind == QUESTION else ""),))] if item.sentence not in ("", item.note.title) else []
    return build_note_branch(item.note, (*lines, Branch(((item.why, "dim"),)), *below))
