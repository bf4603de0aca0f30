"""One subject as a reading order: a structure note, what it orders under its headings, then the rest by how central it is."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from zettel.commands.parts.meaning import meaning
from zettel.commands.parts.shared import note_line
from zettel.model.answer import Answer, Branch, Column, Span
from zettel.model.errors import UsageError
from zettel.model.exploring.network import Network
from zettel.model.exploring.reading_order import FIRST, FURTHER, STRUCTURE, Stop, outlined, reading_order
from zettel.model.note import record
from zettel.session import Session

COLUMNS = (
    Column("Step", "step", "dim"),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Part", "part", "dim"),
    Column("Headings", "headings", "heading", may_wrap=True),
)
FURTHER_HEADING, CENTRAL_HEADING = "Further notes, the most central first", "The most central first"


def run(session: Session, *, topic: list[str], limit: int | None = None) -> Answer:
    """The notes of a topic in the order in which to read them; where it is a single note, that note with its neighbours."""
    if limit is not None and limit < 1:
        raise UsageError(f"--limit must be 1 or more, not {limit}", "leave it out to see everything")
    notebook = session.notebook()
    network = notebook.network()
    number = {note.path: node for node, note in enumerate(network.notes)}
    found = meaning(session, " ".join(topic))
    members = {number[note.path] for note in found.notes}
    first = min(members) if len(members) == 1 else None
    if first is not None:
        members |= network.near[first]

    def outline(node: int) -> Iterable[tuple[int, tuple[str, ...]]]:
        note = network.notes[node]
        return [(number[path], headings) for path, headings in outlined(notebook.links(source=note.path), note.title)]

    order = reading_order(network, members, outline, first)
    stops = order[:limit]
    rows = [
        {
            "step": step,
            "part": stop.part,
            "under": None if stop.under is None else network.notes[stop.under].path,
            "headings": list(stop.headings),
            **record(network.notes[stop.node]),
        }
        for step, stop in enumerate(stops, 1)
    ]
    facts = {"topic": {"query": found.query, "reason": found.reason, "why": found.why}}
    count = f"{len(stops)} notes" if len(stops) == len(order) else f"the first {len(stops)} of {len(order)} notes"
    head = Branch(((found.query, "strong"), (f": {found.why}, {count}", "dim")))
    return Answer("notes", rows, COLUMNS, facts=facts, tree=(head, *_tree(network, stops)))


def _tree(network: Network, stops: list[Stop]) -> list[Branch]:
    """The stops by what leads them, numbered; what a structure note orders stands under its headings there."""
    lines = {stop.node: note_line(network.notes[stop.node], (f"{step}. ", "dim")) for step, stop in enumerate(stops, 1)}
    below: dict[int | None, list[Stop]] = {}
    for stop in stops:
        below.setdefault(stop.under, []).append(stop)
    leads = [stop.node for stop in stops if stop.part in (FIRST, STRUCTURE)]
    branches = [Branch(lines[node], tuple(_under(below.get(node, []), lines))) for node in leads]
    further = tuple(Branch(lines[stop.node]) for stop in stops if stop.part == FURTHER)
    return [*branches, Branch(((FURTHER_HEADING if branches else CENTRAL_HEADING, "heading"),), further)] if further else branches


def _under(stops: list[Stop], lines: dict[int, tuple[Span, ...]], depth: int = 0) -> list[Branch]:
    """The notes that a structure note orders, in trees of its headings from `depth` on."""
    branches = []
    for heading, group in groupby(stops, key=lambda stop: stop.headings[depth : depth + 1]):
        if heading:
            branches.append(Branch(((heading[0], "heading"),), tuple(_under(list(group), lines, depth + 1))))
        else:
            branches += [Branch(lines[stop.node]) for stop in group]
    return branches
