"""Order the notes of a topic for reading: structure notes with what they order under their headings, then the rest, most central first."""

from __future__ import annotations

from collections.abc import Iterable

from zettel.model.graph.reading_order import ReadingOrder, build_reading_order, list_links_in_order
from zettel.services.topics import resolve_topic
from zettel.session import Session


def find_reading_order(session: Session, text: str, limit: int | None = None) -> ReadingOrder:
    """Return the notes of a topic in the order in which to read them, or the first `limit`. A topic of a single note includes that note's neighbours.

    Raises `NoSuchNote` and `UsageError`.
    """
    notebook = session.open_notebook()
    graph = notebook.catalogue.load_graph(with_notes=True)
    number = {note.path: node for node, note in enumerate(graph.notes)}
    found = resolve_topic(session, text)
    members = {number[note.path] for note in found.notes}
    first = min(members) if len(members) == 1 else None
    if first is not None:
        members.update(graph.neighbours[first])

    def list_ordered_notes(node: int) -> Iterable[tuple[int, tuple[str, ...]]]:
        note = graph.notes[node]
        return [
            (number[path], headings) for path, headings in list_links_in_order(notebook.catalogue.find_links(source=note.path), note.title)
        ]

    stops = build_reading_order(graph, members, list_ordered_notes, first)
    return ReadingOrder(found, tuple(stops[:limit]), len(stops), graph.notes)
