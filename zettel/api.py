"""The Python API: a notebook as Python sees it.

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

Notes are named as on the command line. Errors are `zettel.model.errors.ZettelError` and its subclasses.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from zettel.model.link import Resolved
from zettel.model.note import Note
from zettel.session import Globals, Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    import networkx as nx

    from zettel.commands.parts.chains import Chain


class Notebook:
    """An open notebook. Each question is answered from the files as they are at that moment."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        """Open the notebook in `folder`; raises `NoNotebook` if there is no such folder."""
        self._session = Session(Globals(notebook=os.fspath(folder)))
        self._notebook = self._session.notebook()

    @property
    def root(self) -> str:
        """The notebook's folder."""
        return self._notebook.root

    def __iter__(self) -> Iterator[Note]:
        """Every note, by path."""
        self._notebook.refresh()
        return iter(self._notebook.notes())

    def __len__(self) -> int:
        """The number of notes."""
        return sum(1 for _ in self)

    def note(self, name: str) -> Note:
        """The note that `name` means; raises `NoSuchNote` and `SeveralNotes`."""
        self._notebook.refresh()
        return self._notebook.note(name)

    def text(self, note: Note | str) -> str:
        """The text of a note, decoded."""
        from zettel.adapters.files import decode

        return decode(self._notebook.data(self._path(note)))[0]

    def links(self, note: Note | str) -> list[Resolved]:
        """The links that stand in a note, in reading order, whatever they lead to."""
        return self._notebook.links(source=self._path(note))

    def backlinks(self, note: Note | str) -> list[Resolved]:
        """The links to a note from other notes."""
        return [link for link in self._notebook.links(target=self._path(note)) if not link.is_self]

    def search(self, words: str, limit: int | None = None) -> list[tuple[Note, float]]:
        """(note, score) of the notes that answer a search, best first, as `zettel search` ranks them."""
        from zettel.commands.search import ranking

        self._notebook.refresh()
        return ranking(self._session, words)[:limit]

    def paths(self, *topics: str, count: int = 1, directed: bool = False, max_hops: int = 0) -> list[Chain]:
        """The best paths through topics (as on the command line) in order, best first; each has `notes`, and `hops` with their links."""
        from zettel.commands.parts.chains import chains_through
        from zettel.commands.parts.meaning import meaning

        self._notebook.refresh()
        stages = [meaning(self._session, topic).notes for topic in topics]
        return chains_through(self._notebook, stages, count, directed=directed, max_hops=max_hops)

    def graph(self) -> nx.MultiDiGraph[str]:
        """The link graph: a node a note (by path; id, title, tags), an edge a resolved link (syntax, line, sentence, ...)."""
        from zettel.adapters.graph import multigraph

        self._notebook.refresh()
        return multigraph(self._notebook.notes(), self._notebook.links())

    def _path(self, note: Note | str) -> str:
        return self.note(note if isinstance(note, str) else note.path).path


def open(folder: str | os.PathLike[str] = ".") -> Notebook:
    """Open the notebook in `folder`, which may be any folder with Markdown files."""
    return Notebook(folder)
