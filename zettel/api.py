"""Offer notebooks to Python programs: notes, links, search, paths and the link graph.

    import zettel

    notebook = zettel.open("notes")
    for note in notebook:
        print(note.id, note.title, note.tags)
    for link in notebook.backlinks("202302060730"):
        print(link.link.source, link.link.sentence)
    for note, score in notebook.search("trust -metrics"):
        print(note.title, score)
    for path in notebook.paths("execution", "value delivery", count=3):
        print([note.title for note in path.notes], [hop.link.link.sentence for hop in path.hops])
    graph = notebook.graph()  # networkx.MultiDiGraph

Notes are named as on the command line. Errors are subclasses of `zettel.model.base.errors.ZettelError`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from zettel.model.link.link import ResolvedLink
from zettel.model.note.note import Note
from zettel.session import GlobalOptions, Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    import networkx as nx

    from zettel.model.graph.link_path import LinkPath


class Notebook:
    """An open notebook. Every call answers from the files as they are at that moment."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        """Open the notebook in `folder`. Raises `NoNotebook` if there is no such folder."""
        self._session = Session(GlobalOptions(notebook=os.fspath(folder)))
        self._notebook = self._session.open_notebook()

    @property
    def root(self) -> str:
        """The notebook's folder."""
        return self._notebook.root

    def __iter__(self) -> Iterator[Note]:
        """Iterate over all notes, ordered by path."""
        self._notebook.refresh()
        return iter(self._notebook.catalogue.list_notes())

    def __len__(self) -> int:
        """Return the number of notes."""
        return sum(1 for _ in self)

    def note(self, name: str) -> Note:
        """Return the note called `name`. Raises `NoSuchNote` or `SeveralNotes`."""
        self._notebook.refresh()
        return self._notebook.resolve_note(name)

    def text(self, note: Note | str) -> str:
        """Return the decoded text of a note."""
        from zettel.adapters.fs.files import decode_bytes

        return decode_bytes(self._notebook.read_bytes(self._resolve_path(note)))[0]

    def links(self, note: Note | str) -> list[ResolvedLink]:
        """Return all links in a note, in reading order, whether or not they resolve."""
        return self._notebook.catalogue.find_links(source=self._resolve_path(note))

    def backlinks(self, note: Note | str) -> list[ResolvedLink]:
        """Return the links to a note from other notes."""
        return [link for link in self._notebook.catalogue.find_links(target=self._resolve_path(note)) if not link.is_self]

    def search(self, words: str, limit: int | None = None) -> list[tuple[Note, float]]:
        """Return (note, score) of the notes that match a search, best first, as `zettel search` ranks them."""
        from zettel.services.search import rank_notes

        self._notebook.refresh()
        return rank_notes(self._session, words, limit)

    def paths(self, *topics: str, count: int = 1, directed: bool = False, max_hops: int = 0) -> list[LinkPath]:
        """Return the best paths through the topics in the given order, best first; topics are written as on the command line.

        Each path has `notes`, and `hops` with their links.
        """
        from zettel.model.graph.no_path import PathLimits
        from zettel.services.paths import find_link_paths
        from zettel.services.topics import resolve_topic

        self._notebook.refresh()
        stages = [resolve_topic(self._session, topic).notes for topic in topics]
        return find_link_paths(self._notebook, stages, count, PathLimits(directed, max_hops))

    def graph(self) -> nx.MultiDiGraph[str]:
        """Return the link graph: a node for every note (keyed by path, with id, title and tags) and an edge for every resolved link.

        Edges have the attributes syntax, line, sentence and more.
        """
        from zettel.adapters.networkx_graph import build_multigraph

        self._notebook.refresh()
        return build_multigraph(self._notebook.catalogue.list_notes(), self._notebook.catalogue.find_links())

    def _resolve_path(self, note: Note | str) -> str:
        return self.note(note if isinstance(note, str) else note.path).path


def open(folder: str | os.PathLike[str] = ".") -> Notebook:
    """Open the notebook in `folder`, which can be any folder of Markdown files."""
    return Notebook(folder)
