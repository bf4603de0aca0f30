"""List the notes whose removal would disconnect others."""

from __future__ import annotations

from zettel.commands.parts.shared import NOTE_COLUMNS, brief, note_line
from zettel.model.answer import Answer, Branch, Column
from zettel.model.errors import UsageError
from zettel.model.note import record
from zettel.session import Session

COLUMNS = (
    Column("Cuts off", "cut_off", "strong"),
    *NOTE_COLUMNS[:2],
    Column("Pieces", "hanging", "dim", may_wrap=True),
)
PIECES = 3
"""Number of pieces to show for each bridge. JSON lists all of them."""


def run(session: Session, *, limit: int = 20) -> Answer:
    """List the notes whose removal would cut others off, by how many these are, with the most linked note of each piece."""
    from zettel.adapters.graph import cuts

    if limit < 1:
        raise UsageError(f"--limit must be 1 or more, not {limit}", "zettel bridges --limit 50")
    graph = session.notebook().network()
    found = cuts(len(graph.notes), graph.pairs)
    cut_off = {node: sum(piece.size for piece in pieces) for node, pieces in found.items()}
    rows, lines, tree = [], [], []
    for node in sorted(found, key=lambda node: (-cut_off[node], -len(graph.near[node]), node))[:limit]:
        note = record(graph.notes[node])
        pieces = [(piece.size, graph.notes[piece.node]) for piece in found[node]]
        rows.append({"cut_off": cut_off[node], "pieces": [{"size": size, **brief(other)} for size, other in pieces], **note})
        below = [Branch((*note_line(other), (f" and {size - 1} more" if size > 1 else "", "dim"))) for size, other in pieces[:PIECES]]
        below += [Branch(((f"and {len(pieces) - PIECES} more pieces", "dim"),))] if len(pieces) > PIECES + 1 else []
        tree.append(Branch((*note_line(graph.notes[node]), (f"  cuts off {cut_off[node]}", "dim")), tuple(below)))
        hanging = [other.title if size == 1 else f"{other.title} and {size - 1} more" for size, other in pieces[:PIECES]]
        hanging += [f"{more} more piece{'s' * (more > 1)}"] if (more := len(pieces) - PIECES) > 0 else []
        lines.append({"cut_off": cut_off[node], "hanging": "; ".join(hanging), **note})
    return Answer(
        "notes",
        rows,
        COLUMNS,
        lines=lines,
        tree=tuple(tree),
        nothing="no note is a bridge: if you remove any one of them, the others stay connected",
    )
