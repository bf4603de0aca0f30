"""Export the link graph: as a drawing around a note, as a page for a browser, or as data for other programs."""

from __future__ import annotations

from zettel.adapters.browser import find_browser, open_page
from zettel.model.base.answer import Answer, Document
from zettel.model.base.errors import DONE, NO, UsageError, ensure_positive
from zettel.model.graph.neighbourhood import find_nearby_notes
from zettel.model.link import link as links
from zettel.model.link.link import ResolvedLink
from zettel.model.note import note as notes
from zettel.model.note.note import Note
from zettel.model.search.filter import Filter
from zettel.notebook.notebook import OpenNotebook
from zettel.services.filters import FilterOptions, build_filter
from zettel.services.graph_page import build_graph_page
from zettel.session import Session
from zettel.views.graph_drawing import build_neighbour_lookup, draw_neighbourhood

DEFAULT_FORMATS = ("tree", "json")
_QUERY_PER_NOTE_LIMIT = 200
"""Up to this number of notes, links are queried note by note instead of all at once."""


def run(
    session: Session,
    *,
    filters: FilterOptions,
    around: str | None = None,
    depth: int = 1,
    open: bool = False,
    no_text: bool = False,
    format: str = "json",
) -> Answer:
    """Export the whole graph, or the notes within `depth` links of `around`. The format `tree` is always drawn around a note.

    With `open`, a browser opens the page. With `no_text`, the page holds no texts of notes.
    """
    ensure_positive("--depth", depth, "zettel graph --around NOTE --depth 2")
    if format == "html" and session.console.is_terminal and not open:
        raise UsageError("an HTML page is for a browser, not for a terminal", "zettel graph --open")
    if open and format not in ("tree", "json", "html"):
        raise UsageError(f"--open opens a page in a browser, which --format {format} is not", "zettel graph --open")
    browser = find_browser(session.environ) if open else None
    center = session.resolve_note(around) if around is not None else None
    wanted = build_filter(session, filters)
    notebook = session.open_notebook()
    if format == "tree" and not open:
        return draw_neighbourhood(notebook, center, depth, wanted) if center else _draw_largest_hub(notebook, depth, wanted)
    near: set[str] | None = None
    if center:
        near = {center.path, *(found.path for found in find_nearby_notes(center.path, depth, build_neighbour_lookup(notebook)))}
    chosen = notebook.catalogue.list_notes(wanted, near)
    found = _list_links(notebook, chosen)
    if open or format == "html":
        page = build_graph_page(notebook, chosen, found, with_text=not no_text)
        answer = Answer(remarks=(f"opened {open_page(browser, page, session.environ)}",)) if browser else Document(text=page)
        return answer.replace(exit_code=DONE if chosen else NO)
    paths = {note.path for note in chosen}
    loose = paths if near is None and wanted.is_empty else {center.path} if center and wanted.is_empty else set()
    found = [one for one in found if one.resolution.target in paths or (one.resolution.target is None and one.link.source in loose)]
    return _format_graph(format, notebook, chosen, found).replace(exit_code=DONE if chosen else NO)


def _draw_largest_hub(notebook: OpenNotebook, depth: int, wanted: Filter) -> Answer:
    hubs = notebook.catalogue.list_notes(_build_most_linked_filter(wanted))
    if not hubs:
        return Answer(empty_message="no note matches the filters")
    remark = "drawn around the note that most notes link to; --around NOTE draws another, --open the whole graph"
    return draw_neighbourhood(notebook, hubs[0], depth, wanted, (remark,))


def _build_most_linked_filter(wanted: Filter) -> Filter:
    return Filter(wanted.tags, wanted.linked_by, wanted.links_to, wanted.after, wanted.before, wanted.folder, "backlinks", True, 1)


def _list_links(notebook: OpenNotebook, chosen: list[Note]) -> list[ResolvedLink]:
    """Return the links of the chosen notes, by source and position."""
    paths = {note.path for note in chosen}
    if len(paths) <= _QUERY_PER_NOTE_LIMIT:
        return [one for path in sorted(paths) for one in notebook.catalogue.find_links(source=path)]
    return [one for one in notebook.catalogue.find_links() if one.link.source in paths]


def _format_graph(format: str, notebook: OpenNotebook, chosen: list[Note], found: list[ResolvedLink]) -> Answer:
    if format == "json":
        facts = {"notes": [notes.note_to_record(note) for note in chosen], "links": [links.link_to_record(one) for one in found]}
        return Answer(facts=facts)
    if format == "graphml":
        from zettel.adapters.networkx_graph import build_multigraph, format_graphml

        return Document(text=format_graphml(build_multigraph(chosen, found)))
    from zettel.output import dot_mermaid

    return Document(text=dot_mermaid.format_graph_source(format, chosen, found))
