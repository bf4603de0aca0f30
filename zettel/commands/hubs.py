"""List the hubs: notes by the number of others that link to them."""

from __future__ import annotations

from zettel.model.base.answer import Answer, Column, Rows
from zettel.model.note.note import note_to_record
from zettel.model.text.phrases import describe_limit
from zettel.services.filters import FilterOptions, build_filter
from zettel.session import Session
from zettel.views.notes import NOTE_COLUMNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import HubRecord

COLUMNS = (
    Column("Linked by", "sources", "strong"),
    Column("Links to", "targets"),
    *NOTE_COLUMNS[:2],
    Column("Structure note", "structure", "dim"),
)

PEOPLE_COLUMNS = (*NOTE_COLUMNS[:2], *COLUMNS[:2])


def run(session: Session, *, filters: FilterOptions) -> Answer:
    """List the notes that most others link to, and whether they are structure notes. Every other note counts once."""
    wanted = build_filter(session, filters)
    notebook = session.open_notebook()
    graph = notebook.catalogue.load_graph(with_notes=True)
    ranked = graph.rank_by_backlinks()
    if not wanted.matches_all or wanted.sort:
        number = {note.path: node for node, note in enumerate(graph.notes)}
        fitting = [
            number[note.path] for note in notebook.catalogue.list_notes(wanted.drop_limit(), [graph.notes[node].path for node in ranked])
        ]
        is_fitting = frozenset(fitting)
        ranked = fitting if wanted.sort else [node for node in ranked if node in is_fitting]
    rows: list[HubRecord] = [
        {
            "sources": len(graph.sources[node]),
            "targets": len(graph.targets[node]),
            "structure": graph.is_structure_note(node),
            **note_to_record(graph.notes[node]),
        }
        for node in ranked[: wanted.limit or None]
    ]
    people_columns = (*PEOPLE_COLUMNS, COLUMNS[-1]) if any(row["structure"] for row in rows) else PEOPLE_COLUMNS
    rest = describe_limit(len(rows), len(ranked), "note")
    nothing = "no note links to another" if wanted.matches_all else "no note matches the filters"
    return Rows(name="notes", is_numbered=True, rows=rows, columns=COLUMNS, people_columns=people_columns, empty_message=nothing, rest=rest)
