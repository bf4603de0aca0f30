"""Explain why there is no path between topics, and what could bridge the gap."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from zettel.model.base.answer import Branch, Row, Tree
from zettel.model.graph.topic import Topic
from zettel.model.link.link import ResolvedLink
from zettel.model.note import note as notes
from zettel.model.note.note import Note
from zettel.model.text.inert import clip
from zettel.model.text.phrases import format_count
from zettel.services.paths import PathLimits, find_ambiguous_link_between, find_best_bridges, find_gap_sides
from zettel.session import Session
from zettel.views.notes import build_note_branch, build_offer_branch
from zettel.views.paths import MAX_SUBJECT_LENGTH, PATH_COLUMNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import AmbiguousLinkRecord
    from zettel.model.suggest.score import Reason


MAX_NEAR_NOTES, MAX_SUGGESTIONS = 3, 20
"""Notes on the smaller side of a gap that get suggestions, and the number of suggestions for each."""


def report_no_path(session: Session, stages: list[Topic], limits: PathLimits, meanings: tuple[Branch, ...], facts: Row) -> Tree:
    """Report that there is no path, and if there would be one without some of the limits.

    Otherwise names the two notes across the gap that are most worth linking, and why, if there is a reason.
    """
    limit = f" of at most {format_count(limits.max_hops, 'hop')}" if limits.max_hops else ""
    around = " without passing through structure notes" if limits.no_structure else ""
    direction = "following links forwards only" if limits.directed else "whichever way links point"
    names = [f'"{topic.query}"' for topic in stages]
    through = f" by way of {', '.join(names[1:-1])}" if names[1:-1] else ""
    message = f"no path{limit} leads from {names[0]} to {names[-1]}{through}{around}, {direction}"
    longer = PathLimits(False, 0, False, limits.avoided).find_paths(session.open_notebook(), stages, 1) if limits.options else []
    nearest = None
    ambiguous = None if longer else _find_ambiguous_link(session, stages, limits.avoided)
    if longer:
        message += f"; without {' and '.join(limits.options)} there is one of {format_count(len(longer[0].hops), 'hop')}"
    elif ambiguous:
        link = ambiguous.link
        message += f"; an ambiguous link lies in between: {clip(link.text, MAX_SUBJECT_LENGTH)} in {link.source}:{link.line}"
        facts = {**facts, "ambiguous": _ambiguous_link_to_record(ambiguous)}
    else:
        nearest = _find_nearest(session, stages, limits.avoided)
    tree = list(meanings)
    if nearest:
        one, other, why = nearest
        facts = {**facts, "nearest": {"notes": [notes.note_to_record(one), notes.note_to_record(other)], "why": why}}
        pair = (build_note_branch(one), build_note_branch(other), Branch(((why, "dim"),)), build_offer_branch(one, other))
        tree.append(Branch((("closest to each other, perhaps worth linking:", ""),), pair))
    elif not (longer or ambiguous):
        tree.append(build_offer_branch(min(stages, key=lambda topic: len(topic.notes)).notes[0]))
    return Tree(name="paths", is_numbered=True, columns=PATH_COLUMNS, branches=tuple(tree), facts=facts, empty_message=message)


def _find_ambiguous_link(session: Session, stages: list[Topic], avoided: Iterable[Note]) -> ResolvedLink | None:
    """Return an ambiguous link in the first gap between topics that would close it, or None if there is none."""
    notebook = session.open_notebook()
    found = (find_ambiguous_link_between(notebook, one.notes, other.notes, avoided) for one, other in pairwise(stages))
    return next(filter(None, found), None)


def _ambiguous_link_to_record(ambiguous: ResolvedLink) -> AmbiguousLinkRecord:
    """Return the JSON object of an ambiguous link that lies between two topics."""
    link = ambiguous.link
    return {"source": link.source, "line": link.line, "text": link.text, "candidates": [*ambiguous.resolution.candidates]}


def _find_nearest(session: Session, stages: list[Topic], avoided: Iterable[Note]) -> tuple[Note, Note, str] | None:
    """Return the two notes across the first gap between topics that are most worth linking, and why, or None if there is no good reason.

    Mentions and what the catalogue knows come first. If that gives no reason, uses the best suggestion for a note on the smaller side.
    """
    notebook = session.open_notebook()
    for one, other in pairwise(stages):
        sides = find_gap_sides(notebook, one.notes, other.notes, avoided)
        if not sides:
            continue
        best = min(find_best_bridges(notebook, *sides).values(), key=lambda bridge: (-bridge.score, bridge.path), default=None)
        if best:
            both = notebook.catalogue.find_notes_by_path([best.path, best.other])
            return both[best.path], both[best.other], best.why
        near, far = sides[0]
        return _find_suggested_pair(session, near, set(far))
    return None


def _find_suggested_pair(session: Session, near: list[str], far: set[int]) -> tuple[Note, Note, str] | None:
    """Return the best suggestion of a note on the far side (given by rows) for one of the nearest notes, if there is a good reason for it."""
    from zettel.services.suggest import suggest_links

    notebook = session.open_notebook()
    candidates = []
    for note in notebook.catalogue.find_notes_by_path(near[:MAX_NEAR_NOTES]).values():
        suggested = suggest_links(session, note, MAX_SUGGESTIONS)
        rows = notebook.catalogue.find_rows([suggestion.note.path for suggestion in suggested])
        for suggestion, row in zip(suggested, rows, strict=True):
            reasons = "; ".join(reason.text for reason in suggestion.reasons if _is_good_reason(reason))
            if reasons and row in far:
                candidates.append((-suggestion.score, note.path, note, suggestion.note, reasons))
    best = min(candidates, key=lambda entry: entry[:2], default=None)
    return best[2:] if best else None


def _is_good_reason(reason: Reason) -> bool:
    """Return whether a reason is a mention, a sentence that says the same, or several shared words.

    Only a note that is avoided is linked with notes on both sides of a gap.
    """
    if reason.kind == "words":
        return ", " in reason.text
    return reason.kind in ("mention", "mentioned", "restatement") and reason.is_sufficient
