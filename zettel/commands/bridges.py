"""The notes whose loss would cut the notebook apart."""

from __future__ import annotations

from zettel.commands.parts.shared import NOTE_COLUMNS, brief, note_line
from zettel.model.answer import Answer, Branch, Column
from zettel.model.errors import UsageError
from zettel.model.note import record
from zettel.session import Session

COLUMNS = (
    Column("Cuts off", "cut_off", "strong"),
    *NOTE_COLUMNS[:2],
    Column("What hangs there", "hanging", "dim", may_wrap=True),
)
PIECES = 3
"""Pieces that are shown of each bridge; the JSON document lists all."""


def run(session: Session, *, limit: int = 20) -> Answer:
    """The notes without which others would be cut off from the rest, by how many these are, with the most linked note of each piece."""
    from zettel.adapters.graph import cuts

    if limit < 1:
        raise UsageError(f"--limit must be 1 or more, not {limit}", "zettel bridges --limit 50")
    network = session.notebook().network()
    found = cuts(len(network.notes), network.pairs)
    cut_off = {node: sum(piece.size for piece in pieces) for node, pieces in found.items()}
    rows, lines, tree = [], [], []
    for node in sorted(found, key=lambda node: (-cut_off[node], -len(network.near[node]), node))[:limit]:
        note = record(network.notes[node])
        pieces = [(piece.size, network.notes[piece.node]) for piece in found[node]]
        rows.append({"cut_off": cut_off[node], "pieces": [{"size": size, **brief(other)} for size, other in pieces], **note})
        below = [Branch((*note_line(other), (f" and {size - 1} more" if size > 1 else "", "dim"))) for size, other in pieces[:PIECES]]
        below += [Branch(((f"and {len(pieces) - PIECES} more pieces", "dim"),))] if len(pieces) > PIECES + 1 else []
        tree.append(Branch((*note_line(network.notes[node]), (f"  cuts off {cut_off[node]}", "dim")), tuple(below)))
        hanging = [other.title if size == 1 else f"{other.title} and {size - 1} more" for size, other in pieces[:PIECES]]
        hanging += [f"{more} more piece{'s' * (more > 1)}"] if (more := len(pieces) - PIECES) > 0 else []
        lines.append({"cut_off": cut_off[node], "hanging": "; ".join(hanging), **note})
    return Answer(
        "notes",
        rows,
        COLUMNS,
        lines=lines,
        tree=tuple(tree),
        nothing="no note is a bridge: without any one of them the others still hang together",
    )
