"""Report that there is no path between topics, with what would make one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from zettel.adapters import finding
from zettel.commands.parts.chains import PATH_COLUMNS, find_gap_sides, find_link_paths
from zettel.commands.parts.shared import format_note
from zettel.model import note as notes
from zettel.model.answer import Answer, Branch
from zettel.model.exploring.topic import Topic
from zettel.model.note import Note
from zettel.session import Session

MAX_NEAR_NOTES, MAX_SUGGESTIONS = 3, 20
"""Notes on the smaller side of a gap that get suggestions, and the number of suggestions for each."""


def report_no_path(
    session: Session,
    stages: list[Topic],
    avoided: list[Topic],
    meanings: tuple[Branch, ...],
    facts: dict[str, object],
    *,
    directed: bool,
    max_hops: int,
) -> Answer:
    """Report that there is no path, and if there would be one without `directed` and `max_hops`.

    Otherwise names the two notes across the gap that are most worth linking, and why.
    """
    limit = f" of at most {max_hops} hop{'s' * (max_hops != 1)}" if max_hops else ""
    direction = "following links forwards only" if directed else "whichever way links point"
    names = [f'"{topic.query}"' for topic in stages]
    through = f" by way of {', '.join(names[1:-1])}" if names[1:-1] else ""
    message = f"no path{limit} leads from {names[0]} to {names[-1]}{through}, {direction}"
    excluded = [note for topic in avoided for note in topic.notes]
    notebook = session.open_notebook()
    longer = find_link_paths(notebook, [topic.notes for topic in stages], 1, avoided=excluded) if directed or max_hops else []
    if longer:
        count = len(longer[0].hops)
        message += f"; without {' and '.join(['--directed'] * directed + ['--max-hops'] * bool(max_hops))} there is one of {count} hop{'s' * (count != 1)}"
        return Answer("paths", (), PATH_COLUMNS, facts=facts, tree=meanings, empty_message=message)
    nearest = _find_nearest(session, stages, excluded)
    tree = list(meanings)
    if nearest:
        one, other, why = nearest
        facts = {**facts, "nearest": {"notes": [notes.note_to_record(one), notes.note_to_record(other)], "why": why}}
        tree = [
            *tree,
            Branch((("closest to each other, perhaps worth linking: ", "dim"), (why, ""))),
            Branch(format_note(one)),
            Branch(format_note(other)),
        ]
    return Answer("paths", (), PATH_COLUMNS, facts=facts, tree=tuple(tree), empty_message=message)


def _find_nearest(session: Session, stages: list[Topic], avoided: Iterable[Note]) -> tuple[Note, Note, str] | None:
    """Return the two notes across the first gap between topics that are most worth linking, and why.

    Evidence from the catalogue comes first. If there is none, uses the best suggestion for a note on the smaller side.
    """
    notebook = session.open_notebook()
    for one, other in pairwise(stages):
        sides = find_gap_sides(notebook, one.notes, other.notes, avoided)
        if not sides:
            continue
        near, far = sides
        best = min(notebook.find_best_bridges(sides).values(), key=lambda bridge: (-bridge.score, bridge.path), default=None)
        if best:
            both = notebook.find_notes_by_path([best.path, best.other])
            return both[best.path], both[best.other], best.why
        return _find_suggested_pair(session, near, set(far))
    return None


def _find_suggested_pair(session: Session, near: list[str], far: set[int]) -> tuple[Note, Note, str] | None:
    """Return the best suggestion of a note on the far side (given by rows) for one of the nearest notes."""
    from zettel.commands.parts.missing import suggest_links

    notebook = session.open_notebook()
    candidates = []
    for note in notebook.find_notes_by_path(near[:MAX_NEAR_NOTES]).values():
        suggested = suggest_links(session, note, MAX_SUGGESTIONS)
        rows = finding.find_rows(notebook.connection, [suggestion.note.path for suggestion in suggested])
        candidates += [
            (-suggestion.score, note.path, note, suggestion) for suggestion, row in zip(suggested, rows, strict=True) if row in far
        ]
    best = min(candidates, key=lambda entry: entry[:2], default=None)
    return (best[2], best[3].note, best[3].why) if best else None
