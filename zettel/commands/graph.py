"""Export the link graph: as a drawing around a note, as a page for a browser, or as data for other programs."""

from __future__ import annotations

from zettel.commands.parts.shared import Filters, filter_of
from zettel.commands.parts.sketch import neighbours_of, sketch
from zettel.model import link as links
from zettel.model import note as notes
from zettel.model.answer import Answer
from zettel.model.errors import UsageError
from zettel.model.exploring.vicinity import vicinity
from zettel.model.link import Resolved
from zettel.model.note import Note
from zettel.model.query import Filter
from zettel.notebook import Notebook
from zettel.session import Session

FEW = 200
"""Up to this number of notes, links are queried note by note instead of all at once."""


def run(session: Session, *, around: str | None = None, depth: int = 1, format: str = "json", **filters: Filters) -> Answer:
    """Export the whole graph, or the notes within `depth` links of `around`. The format `tree` is always drawn around a note."""
    if depth < 1:
        raise UsageError(f"--depth must be 1 or more, not {depth}", "zettel graph --around NOTE --depth 2")
    if format == "html" and session.is_terminal:
        raise UsageError("an HTML page is for a browser, not for a terminal", "zettel graph --format html > graph.html")
    center = session.note(around) if around is not None else None
    wanted = filter_of(session, filters)
    notebook = session.notebook()
    if format == "tree":
        return sketch(notebook, center, depth, wanted) if center else _around_the_largest_hub(notebook, depth, wanted)
    near: set[str] | None = None
    if center:
        near = {center.path, *(found.path for found in vicinity(center.path, depth, neighbours_of(notebook)))}
    chosen = notebook.notes(wanted, near)
    found = _links(notebook, chosen)
    paths = {note.path for note in chosen}
    loose = paths if near is None and wanted.is_empty else {center.path} if center and wanted.is_empty else set()
    found = [one for one in found if one.resolution.target in paths or (one.resolution.target is None and one.link.source in loose)]
    return _written(format, notebook, chosen, found)


def _around_the_largest_hub(notebook: Notebook, depth: int, wanted: Filter) -> Answer:
    hubs = notebook.notes(_most_linked(wanted))
    if not hubs:
        return Answer(nothing="no note fits")
    remark = "drawn around the note that most notes link to; --around NOTE draws another, --format html > graph.html the whole graph"
    return sketch(notebook, hubs[0], depth, wanted, (remark,))


def _most_linked(wanted: Filter) -> Filter:
    return Filter(wanted.tags, wanted.linked_by, wanted.links_to, wanted.after, wanted.before, wanted.folder, "backlinks", True, 1)


def _links(notebook: Notebook, chosen: list[Note]) -> list[Resolved]:
    """Return the links of the chosen notes, by source and position."""
    paths = {note.path for note in chosen}
    if len(paths) <= FEW:
        return [one for path in sorted(paths) for one in notebook.links(source=path)]
    return [one for one in notebook.links() if one.link.source in paths]


def _written(format: str, notebook: Notebook, chosen: list[Note], found: list[Resolved]) -> Answer:
    if format == "json":
        facts = {"notes": [notes.record(note) for note in chosen], "links": [links.record(one) for one in found]}
        return Answer(facts=facts)
    if format == "graphml":
        from zettel.adapters.graph import graphml, multigraph

        return Answer(text=graphml(multigraph(chosen, found)))
    if format == "html":
        from zettel.output import html

        return Answer(text=html.write(notebook.root.rpartition("/")[2], chosen, found))
    from zettel.output import drawing

    return Answer(text=drawing.write(format, chosen, found))
