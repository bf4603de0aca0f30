"""The link graph, for other programs and for drawing."""

from __future__ import annotations

from zettel.commands.shared import Filters, filter_of
from zettel.model import link as links
from zettel.model import note as notes
from zettel.model.answer import Answer
from zettel.model.errors import UsageError
from zettel.session import Session


def run(session: Session, *, around: str | None = None, depth: int = 1, format: str = "json", **filters: Filters) -> Answer:
    """The whole graph, or the notes within `depth` links of `around`, as JSON, DOT, GraphML or Mermaid."""
    if depth < 1:
        raise UsageError(f"--depth must be 1 or more, not {depth}", "zettel graph --around NOTE --depth 2")
    center = session.note(around) if around else None
    wanted = filter_of(session, filters)
    notebook = session.notebook()
    near: set[str] | None = None
    if center:
        near = {center.path}
        frontier = [center.path]
        for _ in range(depth):
            frontier = sorted({path for origin in frontier for path in notebook.neighbours(origin)} - near)
            near.update(frontier)
    chosen = notebook.notes(wanted, near)
    paths = {note.path for note in chosen}
    everything = near is None and wanted.is_empty
    found = [
        one
        for one in notebook.links()
        if one.link.source in paths and (one.resolution.target in paths or (everything and one.resolution.target is None))
    ]
    if near is not None and wanted.is_empty:
        found += [one for one in notebook.links(source=center.path if center else None) if one.resolution.target is None]
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
