"""Find out why there is no path between topics, and what could bridge the gap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from zettel.model.graph.no_path import NearestNotes, NoPath, PathLimits
from zettel.model.graph.topic import Topic
from zettel.model.link.link import ResolvedLink
from zettel.model.note.note import Note
from zettel.services.paths import find_ambiguous_link_between, find_best_bridges, find_gap_sides, find_link_paths
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.suggest.score import Reason

MAX_NEAR_NOTES, MAX_SUGGESTIONS = 3, 20
"""Notes on the smaller side of a gap that get suggestions, and the number of suggestions for each."""


def explain_no_path(session: Session, stages: Sequence[Topic], limits: PathLimits) -> NoPath:
    """Find out whether topics without a path would have one without some of the limits, or if an ambiguous link were resolved.

    Otherwise finds the two notes across the gap that are most worth linking, if there is a reason.
    """
    notebook, notes = session.open_notebook(), [topic.notes for topic in stages]
    longer = find_link_paths(notebook, notes, 1, PathLimits(avoided=limits.avoided)) if limits.options else []
    ambiguous = None if longer else _find_ambiguous_link(session, stages, limits.avoided)
    nearest = None if longer or ambiguous else _find_nearest(session, stages, limits.avoided)
    return NoPath(tuple(stages), limits, len(longer[0].hops) if longer else 0, ambiguous, nearest)


def _find_ambiguous_link(session: Session, stages: Sequence[Topic], avoided: Iterable[Note]) -> ResolvedLink | None:
    """Return an ambiguous link in the first gap between topics that would close it, or None if there is none."""
    notebook = session.open_notebook()
    found = (find_ambiguous_link_between(notebook, one.notes, other.notes, avoided) for one, other in pairwise(stages))
    return next(filter(None, found), None)


def _find_nearest(session: Session, stages: Sequence[Topic], avoided: Iterable[Note]) -> NearestNotes | None:
    """Return the two notes across the first gap between topics that are most worth linking, or None if there is no good reason.

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
            return NearestNotes(both[best.path], both[best.other], best.why)
        near, far = sides[0]
        return _find_suggested_pair(session, near, set(far))
    return None


def _find_suggested_pair(session: Session, near: list[str], far: set[int]) -> NearestNotes | None:
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
    return NearestNotes(*best[2:]) if best else None


def _is_good_reason(reason: Reason) -> bool:
    """Return whether a reason is a mention, a sentence that says the same, or several shared words.

    Only a note that is avoided is linked with notes on both sides of a gap.
    """
    if reason.kind == "words":
        return ", " in reason.text
    return reason.kind in ("mention", "mentioned", "restatement") and reason.is_sufficient
