"""Order the notes of a topic for reading: structure notes with what they order under their headings, then the rest, most central first."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from zettel.model.base.answer import Branch, Column, Tree
from zettel.model.graph.graph import LinkGraph
from zettel.model.graph.reading_order import FIRST, FURTHER, STRUCTURE, ReadingStop, build_reading_order, list_links_in_order
from zettel.model.note.note import note_to_record
from zettel.model.text.phrases import format_count
from zettel.services.topics import resolve_topic
from zettel.session import Session
from zettel.views.notes import build_note_branch, weaken_title

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import ReadingStopRecord, TopicSummary

COLUMNS = (
    Column("Step", "step", "dim"),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Part", "part", "dim"),
    Column("Headings", "headings", "heading", may_wrap=True),
)
FURTHER_HEADING, CENTRAL_HEADING = "Further notes, the most central first", "The most central first"


def list_in_reading_order(session: Session, text: str, limit: int | None = None) -> Tree:
    """Return the notes of a topic in the order in which to read them. A topic of a single note includes that note's neighbours.

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

    order = build_reading_order(graph, members, list_ordered_notes, first)
    stops = order[:limit]
    rows: list[ReadingStopRecord] = [
        {
            "step": step,
            "part": stop.role,
            "under": None if stop.structure_note is None else graph.notes[stop.structure_note].path,
            "headings": list(stop.headings),
            **note_to_record(graph.notes[stop.node]),
        }
        for step, stop in enumerate(stops, 1)
    ]
    read_as: TopicSummary = {"query": found.query, "reason": found.reason, "why": found.why}
    count = format_count(len(stops), "note") if len(stops) == len(order) else f"the first {len(stops)} of {len(order)} notes"
    head = Branch(((found.query, "strong"), (f": {found.why}, {count}", "dim")))
    return Tree(
        name="notes",
        is_numbered=True,
        rows=rows,
        columns=COLUMNS,
        branches=(head, *_build_tree(graph, stops)),
        is_spaced=True,
        facts={"topic": read_as},
    )


def _build_tree(graph: LinkGraph, stops: list[ReadingStop]) -> list[Branch]:
    """Return the numbered stops as a tree: each structure note with its headings and what it orders, then further notes."""
    leaves: dict[int, Branch] = {}
    for step, stop in enumerate(stops, 1):
        branch = build_note_branch(graph.notes[stop.node], before=((f"{step}. ", "number"),))
        is_lead = stop.role in (FIRST, STRUCTURE)
        leaves[stop.node] = branch if is_lead else Branch(weaken_title(branch.line), (), branch.note)
    below: dict[int | None, list[ReadingStop]] = {}
    for stop in stops:
        below.setdefault(stop.structure_note, []).append(stop)
    leads = [stop.node for stop in stops if stop.role in (FIRST, STRUCTURE)]
    branches = [Branch(leaves[node].line, tuple(_build_heading_branches(below.get(node, []), leaves)), leaves[node].note) for node in leads]
    further = tuple(leaves[stop.node] for stop in stops if stop.role == FURTHER)
    return [*branches, Branch(((FURTHER_HEADING if branches else CENTRAL_HEADING, "heading"),), further)] if further else branches


def _build_heading_branches(stops: list[ReadingStop], leaves: dict[int, Branch], depth: int = 0) -> list[Branch]:
    """Return the notes that a structure note orders as a tree of its headings from level `depth` on."""
    branches = []
    for heading, group in groupby(stops, key=lambda stop: stop.headings[depth : depth + 1]):
        if heading:
            branches.append(Branch(((heading[0], "heading"),), tuple(_build_heading_branches(list(group), leaves, depth + 1))))
        else:
            branches += [leaves[stop.node] for stop in group]
    return branches
