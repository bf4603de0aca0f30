"""Show clusters."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.model.base.answer import Branch
from zettel.model.graph.subjects import WORD_SEPARATOR
from zettel.model.note.note import Note
from zettel.views.notes import build_note_branch


def build_cluster_branch(central: Note, size: str, words: Sequence[str], below: tuple[Branch, ...]) -> Branch:
    """Build the branch of a cluster: its central note and the number of its notes, above its telling words and `below`."""
    described = (Branch(((WORD_SEPARATOR.join(words), "dim"),)),) if words else ()
    return build_note_branch(central, (*described, *below), after=((f"  {size}", "dim"),))
