"""Say that there is no path between topics, and what could bridge the gap."""

from __future__ import annotations

from zettel.model.base.answer import Branch, Row, Tree
from zettel.model.graph.no_path import NoPath
from zettel.model.link.link import ResolvedLink
from zettel.model.note.note import note_to_record
from zettel.model.text.inert import clip
from zettel.model.text.phrases import format_count
from zettel.views.notes import build_note_branch, build_offer_branch
from zettel.views.paths import MAX_SUBJECT_LENGTH, PATH_COLUMNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import AmbiguousLinkRecord


def report_no_path(found: NoPath, meanings: tuple[Branch, ...], facts: Row) -> Tree:
    """Return the answer that there is no path, below the `meanings` of the topics, and what is known instead. JSON adds that to the `facts`."""
    nearest = found.nearest
    if found.ambiguous:
        facts = {**facts, "ambiguous": _ambiguous_link_to_record(found.ambiguous)}
    if nearest:
        pair = [note_to_record(note) for note in (nearest.one, nearest.other)]
        facts = {**facts, "nearest": {"notes": pair, "why": nearest.why}}
    return Tree(
        name="paths",
        is_numbered=True,
        columns=PATH_COLUMNS,
        branches=(*meanings, *build_no_path_branches(found)),
        facts=facts,
        empty_message=format_no_path(found),
    )


def format_no_path(found: NoPath) -> str:
    """Say that there is no path, and if there would be one without some of the limits, or if an ambiguous link were resolved."""
    limits = found.limits
    limit = f" of at most {format_count(limits.max_hops, 'hop')}" if limits.max_hops else ""
    around = " without passing through structure notes" if limits.no_structure else ""
    direction = "following links forwards only" if limits.directed else "whichever way links point"
    names = [f'"{topic.query}"' for topic in found.stages]
    through = f" by way of {', '.join(names[1:-1])}" if names[1:-1] else ""
    message = f"no path{limit} leads from {names[0]} to {names[-1]}{through}{around}, {direction}"
    if found.hops_without_limits:
        return f"{message}; without {' and '.join(limits.options)} there is one of {format_count(found.hops_without_limits, 'hop')}"
    if found.ambiguous:
        link = found.ambiguous.link
        return f"{message}; an ambiguous link lies in between: {clip(link.text, MAX_SUBJECT_LENGTH)} in {link.source}:{link.line}"
    return message


def build_no_path_branches(found: NoPath) -> tuple[Branch, ...]:
    """Build what could bridge the gap: the two notes across it that are most worth linking, or else what to type to look for links."""
    nearest = found.nearest
    if nearest:
        pair = (
            build_note_branch(nearest.one),
            build_note_branch(nearest.other),
            Branch(((nearest.why, "dim"),)),
            build_offer_branch(nearest.one, nearest.other),
        )
        return (Branch((("closest to each other, perhaps worth linking:", ""),), pair),)
    if found.hops_without_limits or found.ambiguous:
        return ()
    return (build_offer_branch(min(found.stages, key=lambda topic: len(topic.notes)).notes[0]),)


def _ambiguous_link_to_record(ambiguous: ResolvedLink) -> AmbiguousLinkRecord:
    """Return the JSON object of an ambiguous link that lies between two topics."""
    link = ambiguous.link
    return {"source": link.source, "line": link.line, "text": link.text, "candidates": [*ambiguous.resolution.candidates]}
