"""Show a path: as rows, and as a tree with the sentence at every hop."""

from __future__ import annotations

from zettel.model.base.answer import Branch, Column, Row
from zettel.model.graph.link_path import LinkPath
from zettel.model.note.note import note_to_record
from zettel.views.notes import format_context, format_note

PATH_COLUMNS = (
    Column("Path", "rank", "dim"),
    Column("Step", "step", "dim"),
    Column("Way", "direction", "arrow"),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Headings", "headings", "heading", may_wrap=True),
    Column("Sentence", "sentence", "", may_wrap=True),
)


def link_path_to_rows(link_path: LinkPath, rank: int) -> list[Row]:
    """Return a path as rows: one per note, with the link that leads to it."""
    rows: list[Row] = []
    for step, note in enumerate(link_path.notes):
        hop: Row = link_path.hops[step - 1].record if step else {}
        rows.append(
            {"rank": rank, "step": step, **{key: hop.get(key, "") for key in ("direction", "headings", "sentence")}, **note_to_record(note)}
        )
    return rows


def build_path_branches(link_path: LinkPath) -> list[Branch]:
    """Build the tree of a path, top to bottom: each note, and below it the sentence of the next hop with an arrow that shows the link's direction."""
    branches = []
    for note, hop in zip(link_path.notes, [*link_path.hops, None], strict=True):
        below: tuple[Branch, ...] = ()
        if hop:
            speaker = () if hop.is_forward else ((f"{hop.speaker.title}: ", "dim"),)
            below = (Branch((("↓ " if hop.is_forward else "↑ ", "arrow"), *speaker, *format_context(hop.link, hop.speaker.title))),)
        branches.append(Branch(format_note(note), below))
    return branches
