"""List the notes whose removal would disconnect others."""

from __future__ import annotations

from zettel.model.base.answer import Answer, Branch, Column, Tree
from zettel.model.base.errors import ensure_positive
from zettel.model.note.note import note_to_record, summarise_note
from zettel.model.text.phrases import describe_limit, format_count
from zettel.session import Session
from zettel.views.notes import NOTE_COLUMNS, build_note_branch, format_note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import CutNoteRecord

COLUMNS = (
    Column("Cuts off", "cut_off", "strong"),
    *NOTE_COLUMNS[:2],
    Column("Pieces", "hanging", "dim", may_wrap=True),
)
_PIECES_SHOWN = 3
"""Number of pieces to show for each bridge. JSON lists all of them."""


def run(session: Session, *, limit: int = 20) -> Answer:
    """List the notes whose removal would cut others off, by how many these are, with the most linked note of each piece."""
    from zettel.adapters.networkx_graph import find_cut_nodes

    ensure_positive("--limit", limit, "zettel bridges --limit 50")
    graph = session.open_notebook().catalogue.load_graph(with_notes=True)
    found = find_cut_nodes(len(graph.notes), graph.edges)
    cut_off = {node: sum(piece.size for piece in pieces) for node, pieces in found.items()}
    rows: list[CutNoteRecord] = []
    lines, tree = [], []
    for node in sorted(found, key=lambda node: (-cut_off[node], -len(graph.neighbours[node]), node))[:limit]:
        note = note_to_record(graph.notes[node])
        pieces = [(piece.size, graph.notes[piece.node]) for piece in found[node]]
        rows.append({"cut_off": cut_off[node], "pieces": [{"size": size, **summarise_note(other)} for size, other in pieces], **note})
        below = [
            Branch((*format_note(other), (f" and {size - 1} more" if size > 1 else "", "dim"))) for size, other in pieces[:_PIECES_SHOWN]
        ]
        below += [Branch(((f"and {len(pieces) - _PIECES_SHOWN} more pieces", "dim"),))] if len(pieces) > _PIECES_SHOWN + 1 else []
        counted = f"  cuts off {format_count(cut_off[node], 'note')}"
        tree.append(build_note_branch(graph.notes[node], tuple(below), after=((counted, "dim"),)))
        hanging = [other.title if size == 1 else f"{other.title} and {size - 1} more" for size, other in pieces[:_PIECES_SHOWN]]
        hanging += [format_count(more, "more piece")] if (more := len(pieces) - _PIECES_SHOWN) > 0 else []
        lines.append({"cut_off": cut_off[node], "hanging": "; ".join(hanging), **note})
    return Tree(
        name="notes",
        is_numbered=True,
        rows=rows,
        columns=COLUMNS,
        display_rows=lines,
        branches=tuple(tree),
        is_spaced=True,
        rest=describe_limit(len(rows), len(found), "note"),
        empty_message="no note is a bridge: whichever note you remove, the others stay connected",
    )
