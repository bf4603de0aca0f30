"""Build the page of `zettel graph --format html`: some notes of a notebook, with their links and texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zettel.model.base.errors import Unreadable
from zettel.model.link.link import ResolvedLink
from zettel.model.note.note import Note
from zettel.notebook.notebook import OpenNotebook
from zettel.services.comments import hide_comments


def build_graph_page(notebook: OpenNotebook, notes: Sequence[Note], links: Sequence[ResolvedLink], *, with_text: bool = True) -> str:
    """Return the page of these notes. With `with_text`, it holds their texts. A note that cannot be read is shown without its text.

    Nothing that stands in a comment is on the page: it is for other readers than the writer of the notes.
    """
    from zettel.output.html import WholeNotebook, render_graph_page

    graph = notebook.catalogue.load_graph(with_notes=True)
    whole = WholeNotebook(
        notebook.root.rpartition("/")[2],
        graph.notes,
        frozenset(graph.notes[number].path for number in graph.structure_notes),
    )
    public_links = hide_comments(notebook, links)
    if not with_text:
        return render_graph_page(whole, notes, public_links)
    from zettel.adapters.parse.text_tree import drop_title, parse_text_tree

    titles = {note.path: note.title for note in graph.notes}
    of_note: dict[str, list[ResolvedLink]] = {}
    for one in links:
        of_note.setdefault(one.link.source, []).append(one)

    def read_text(note: Note, numbers: Mapping[str, int]) -> object:
        try:
            data = notebook.read_bytes(note.path)
        except Unreadable:
            return []
        return drop_title(parse_text_tree(data, of_note.get(note.path, []), titles, numbers), note)

    return render_graph_page(whole, notes, public_links, read_text)
