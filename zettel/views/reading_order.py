"""Show the notes of a topic in the order to read them, under the structure notes and headings that order them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from zettel.model.base.answer import Branch, Column, Tree
from zettel.model.graph.reading_order import FIRST, FURTHER, STRUCTURE, ReadingOrder, ReadingStop
from zettel.model.note.note import note_to_record
from zettel.model.text.phrases import format_count
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


def show_reading_order(order: ReadingOrder) -> Tree:
    """Return the answer that lists the notes of a topic."""
    rows: list[ReadingStopRecord] = [
        {
            "step": step,
            "part": stop.role,
            "under": None if stop.structure_note is None else order.notes[stop.structure_note].path,
            "headings": list(stop.headings),
            **note_to_record(order.notes[stop.node]),
        }
        for step, stop in enumerate(order.stops, 1)
    ]
    read_as: TopicSummary = {"query": order.topic.query, "reason": order.topic.reason, "why": order.topic.why}
    return Tree(
        name="notes",
        is_numbered=True,
        rows=rows,
        columns=COLUMNS,
        branches=tuple(build_order_branches(order)),
        is_spaced=True,
        facts={"topic": read_as},
    )


def build_order_branches(order: ReadingOrder) -> Iterator[Branch]:
    """Build the numbered stops as a tree: each structure note with its headings and what it orders, then further notes.

    The first line says what the topic was taken to mean.
    """
    stops = order.stops
    count = format_count(len(stops), "note") if len(stops) == order.total else f"the first {len(stops):,} of {order.total:,} notes"
    yield Branch(((order.topic.query, "strong"), (f": {order.topic.why}, {count}", "dim")))
    leaves: dict[int, Branch] = {}
    for step, stop in enumerate(stops, 1):
        branch = build_note_branch(order.notes[stop.node], before=((f"{step}. ", "number"),))
        is_lead = stop.role in (FIRST, STRUCTURE)
        leaves[stop.node] = branch if is_lead else Branch(weaken_title(branch.line), (), branch.note)
    below: dict[int | None, list[ReadingStop]] = {}
    for stop in stops:
        below.setdefault(stop.structure_note, []).append(stop)
    leads = [stop.node for stop in stops if stop.role in (FIRST, STRUCTURE)]
    for node in leads:
        yield Branch(leaves[node].line, tuple(_build_heading_branches(below.get(node, []), leaves)), leaves[node].note)
    if further := tuple(leaves[stop.node] for stop in stops if stop.role == FURTHER):
        yield Branch(((FURTHER_HEADING if leads else CENTRAL_HEADING, "heading"),), further)


def _build_heading_branches(stops: Sequence[ReadingStop], leaves: dict[int, Branch], depth: int = 0) -> list[Branch]:
    """Return the notes that a structure note orders as a tree of its headings from level `depth` on."""
    branches = []
    for heading, group in groupby(stops, key=lambda stop: stop.headings[depth : depth + 1]):
        if heading:
            branches.append(Branch(((heading[0], "heading"),), tuple(_build_heading_branches(list(group), leaves, depth + 1))))
        else:
            branches += [leaves[stop.node] for stop in group]
    return branches
