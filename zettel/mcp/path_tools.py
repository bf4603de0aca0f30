"""The tools that compare two topics: why they hang together, and what is missing between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zettel.mcp.answers import (
    INTEGER,
    MOST_CHARACTERS,
    NOTE,
    NUMBER,
    RESERVE,
    STRING,
    USUAL_CHARACTERS,
    JsonObject,
    ToolAnswer,
    count_fitting,
    describe_list,
    describe_note,
    describe_object,
    format_reference,
    measure,
    note_to_reference,
    put_on_one_line,
    record_to_reference,
)
from zettel.mcp.arguments import NUMBER as NUMBER_KIND
from zettel.mcp.arguments import TEXT, ToolArgument
from zettel.mcp.shared_notebook import SharedNotebook
from zettel.mcp.tool import Given, Tool
from zettel.model.base.errors import UsageError
from zettel.model.graph.link_path import LinkPath
from zettel.model.graph.no_path import PathLimits
from zettel.model.graph.topic import Topic, separate_topics
from zettel.model.text.phrases import format_count
from zettel.services.gap import find_gap
from zettel.services.no_path import explain_no_path
from zettel.services.paths import find_link_paths
from zettel.services.topics import resolve_topic
from zettel.views.gap import build_gap_rows
from zettel.views.no_path import report_no_path

MOST_PATHS, USUAL_HOPS, MOST_HOPS = 5, 2, 6

MAX_TOPIC_NOTES = 10
"""How many notes of a topic are listed."""

SENTENCE_WIDTHS = (600, 240, 80, 0)
"""How long the sentences of hops may be: the first width with which the answer fits."""


def find_path(served: SharedNotebook, given: Given) -> ToolAnswer:
    """Return the best chains of links from one topic to another, with the sentence of every link; or if there is none, the nearest notes."""
    one, other = _resolve_topics(served, given)
    middle = [_resolve(served, given["via"])] if given["via"] else []
    avoided = _resolve(served, given["avoid"]).notes if given["avoid"] else ()
    stages = [one, *middle, other]
    for topic in stages:
        if all(note in avoided for note in topic.notes):
            raise UsageError(f'avoid excludes every note of "{topic.query}"', "leave one of them out of avoid")
    limits = PathLimits(avoided=tuple(avoided))
    paths = find_link_paths(served.notebook, [topic.notes for topic in stages], given["count"], limits)
    structured: JsonObject = {"from": _describe_topic(one), "to": _describe_topic(other), "paths": []}
    head = [_format_topic(structured["from"]), _format_topic(structured["to"])]
    if not paths:
        report = report_no_path(explain_no_path(served.session, stages, limits), (), {})
        lines = [*head, report.empty_message]
        nearest: Any = (report.facts or {}).get("nearest")
        if nearest:
            structured["nearest"] = {
                "notes": [record_to_reference(note) for note in nearest["notes"]],
                "why": put_on_one_line(nearest["why"]),
            }
            lines.append("closest to each other, perhaps worth linking:")
            lines += [f"  {format_reference(note)}" for note in structured["nearest"]["notes"]] + [f"  {structured['nearest']['why']}"]
        return ToolAnswer("\n".join(lines), structured)
    budget = USUAL_CHARACTERS if given["count"] == 1 else MOST_CHARACTERS
    items = _fit_paths(paths, budget - max(measure(structured), sum(map(len, head))))
    structured["paths"] = [row for _, row in items]
    lines = [*head, *(line for line, _ in items)]
    if len(items) < len(paths):
        lines.append(f"{len(items)} of {len(paths)} paths: via and avoid choose others")
    return ToolAnswer("\n\n".join(lines), structured)


def _resolve_topics(served: SharedNotebook, given: Given) -> tuple[Topic, Topic]:
    return separate_topics(_resolve(served, given["from"]), _resolve(served, given["to"]))


def _resolve(served: SharedNotebook, text: str) -> Topic:
    served.check_topic(text)
    return resolve_topic(served.session, text)


def _describe_topic(topic: Topic) -> JsonObject:
    return {
        "query": put_on_one_line(topic.query, 200),
        "notes": [note_to_reference(note) for note in topic.notes[:MAX_TOPIC_NOTES]],
        "total": len(topic.notes),
    }


def _format_topic(row: JsonObject) -> str:
    more = row["total"] - len(row["notes"])
    names = [format_reference(note) for note in row["notes"]] + ([f"and {more} more"] if more else [])
    return "\n  ".join([f"{row['query']}: {format_count(row['total'], 'note')}", *names])


def _fit_paths(paths: Sequence[LinkPath], budget: int) -> list[tuple[str, JsonObject]]:
    """Return as many paths as fit into a budget, but at least one, with sentences as long as that allows."""
    for width in SENTENCE_WIDTHS:
        items = [_describe_path(number, path, width) for number, path in enumerate(paths, 1)]
        fitting = items[: count_fitting(items, budget)]
        if RESERVE + measure([row for _, row in fitting]) <= budget:
            break
    return fitting


def _describe_path(number: int, path: LinkPath, width: int) -> tuple[str, JsonObject]:
    """Return a path in plain text and in structured form. `↓`: the note above links to the one below; `↑`: the one below to that above."""
    notes = [note_to_reference(note) for note in path.notes]
    hops: list[JsonObject] = []
    lines = [f"{number}. {format_count(len(path.hops), 'hop')}", format_reference(notes[0])]
    for hop, note in zip(path.hops, notes[1:], strict=True):
        link = hop.link.link
        headings = [heading for heading in link.headings if heading != hop.speaker.title]
        row: JsonObject = {
            "direction": "forward" if hop.is_forward else "back",
            **({"heading": put_on_one_line(headings[-1], 200)} if headings else {}),
            "sentence": put_on_one_line(link.sentence or link.text, width) if width else "",
        }
        hops.append(row)
        lines.append(f"  {'↓' if hop.is_forward else '↑'} {row['sentence']}" + (f"  — {row['heading']}" if "heading" in row else ""))
        lines.append(format_reference(note))
    return "\n".join(lines), {"notes": notes, "hops": hops}


TOPIC_ARGUMENTS = (ToolArgument("from", TEXT, "ID, title, #tag or words"), ToolArgument("to"))

TOPIC = describe_object({"query": STRING, "notes": describe_list(NOTE), "total": INTEGER})

PATH = Tool(
    "path",
    "Why two topics hang together: the best chain of links from one to the other, with every link's sentence. "
    "Without a chain, the two nearest notes.",
    (
        *TOPIC_ARGUMENTS,
        ToolArgument("via", TEXT, default=None),
        ToolArgument("avoid", TEXT, default=None),
        ToolArgument("count", NUMBER_KIND, default=1, most=MOST_PATHS),
    ),
    find_path,
    describe_object(
        {
            "from": TOPIC,
            "to": TOPIC,
            "paths": describe_list(
                describe_object(
                    {
                        "notes": describe_list(NOTE),
                        "hops": describe_list(describe_object({"direction": STRING, "heading": STRING, "sentence": STRING}, ("heading",))),
                    }
                )
            ),
            "nearest": describe_object({"notes": describe_list(NOTE), "why": STRING}),
        },
        ("nearest",),
    ),
)


# Gaps


def report_gap(served: SharedNotebook, given: Given) -> ToolAnswer:
    """Return how many notes of each topic are within some hops of the other, and which are not, with a link that could change that."""
    topics = _resolve_topics(served, given)
    sides = find_gap(served.notebook, *topics, given["hops"])
    structured: JsonObject = {}
    items: list[tuple[str, JsonObject]] = []
    for name, topic, side in zip(("from", "to"), topics, sides, strict=True):
        coverage = side.coverage
        structured[name] = {
            "query": put_on_one_line(topic.query, 200),
            "reached": coverage["reached"],
            "total": coverage["notes"],
            "share": coverage["share"],
            "missing": [],
        }
        for record in build_gap_rows(side):
            if not record["reached"]:
                row = _build_missing_row(record)
                items.append((_format_missing(row), {"side": name, **row}))
    shown = items[: count_fitting(items, USUAL_CHARACTERS)]
    lines = []
    for name in ("from", "to"):
        side_row = structured[name]
        goal = structured["from" if name == "to" else "to"]["query"]
        count, hops = format_count(side_row["total"], "note"), format_count(given["hops"], "hop")
        lines.append(f"{side_row['query']} → {goal}: {side_row['reached']} of {count} within {hops}")
        missing = [(line, row) for line, row in shown if row["side"] == name]
        if missing:
            lines += ["missing:", *(line for line, _ in missing)]
        side_row["missing"] = [{key: one for key, one in row.items() if key != "side"} for _, row in missing]
    if len(shown) < len(items):
        lines.append(f"{len(shown)} of {len(items)} missing notes: narrower topics show the others")
    return ToolAnswer("\n".join(lines), structured)


def _build_missing_row(record: Any) -> JsonObject:
    suggestion = record["suggestion"]
    perhaps = {**record_to_reference(suggestion["note"]), "why": put_on_one_line(suggestion["why"], 300)} if suggestion else None
    return {**record_to_reference(record), **({"perhaps": perhaps} if perhaps else {})}


def _format_missing(row: JsonObject) -> str:
    perhaps = row.get("perhaps")
    link = f"\n    perhaps link it with {format_reference(perhaps)}: {perhaps['why']}" if perhaps else ""
    return f"  {format_reference(row)}{link}"


SIDE = describe_object(
    {
        "query": STRING,
        "reached": INTEGER,
        "total": INTEGER,
        "share": NUMBER,
        "missing": describe_list(describe_note(("perhaps",), perhaps=describe_note(why=STRING))),
    }
)

GAP = Tool(
    "gap",
    "What is missing between two topics: how many notes of each are within some hops of the other, which are not, and the link that could change that.",
    (*TOPIC_ARGUMENTS, ToolArgument("hops", NUMBER_KIND, default=USUAL_HOPS, most=MOST_HOPS)),
    report_gap,
    describe_object({"from": SIDE, "to": SIDE}),
)
