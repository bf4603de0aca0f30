"""What is said where no path leads from one topic to another: what would make one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from zettel.adapters import finding
from zettel.commands.parts.chains import PATH_COLUMNS, chains_through, sides_of
from zettel.commands.parts.shared import note_line
from zettel.model import note as notes
from zettel.model.answer import Answer, Branch
from zettel.model.exploring.topic import Topic
from zettel.model.note import Note
from zettel.session import Session

LOOKED_INTO, SUGGESTED = 3, 20
"""Notes on the smaller side of a gap for which suggestions are looked at, and how many of each."""


def nothing(
    session: Session,
    stages: list[Topic],
    avoided: list[Topic],
    taken: tuple[Branch, ...],
    facts: dict[str, object],
    *,
    directed: bool,
    max_hops: int,
) -> Answer:
    """That there is no path; a longer one or one against the direction of links, if there is; else the two nearest notes and what they share."""
    limit = f" of at most {max_hops} hop{'s' * (max_hops != 1)}" if max_hops else ""
    way = "following links forwards only" if directed else "whichever way links point"
    names = [f'"{topic.query}"' for topic in stages]
    through = f" by way of {', '.join(names[1:-1])}" if names[1:-1] else ""
    said = f"no path{limit} leads from {names[0]} to {names[-1]}{through}, {way}"
    without = [note for topic in avoided for note in topic.notes]
    notebook = session.notebook()
    longer = chains_through(notebook, [topic.notes for topic in stages], 1, avoided=without) if directed or max_hops else []
    if longer:
        count = len(longer[0].hops)
        said += f"; without {' and '.join(['--directed'] * directed + ['--max-hops'] * bool(max_hops))} there is one of {count} hop{'s' * (count != 1)}"
        return Answer("paths", (), PATH_COLUMNS, facts=facts, tree=taken, nothing=said)
    nearest = _nearest(session, stages, without)
    tree = list(taken)
    if nearest:
        one, other, why = nearest
        facts = {**facts, "nearest": {"notes": [notes.record(one), notes.record(other)], "why": why}}
        tree = [
            *tree,
            Branch((("nearest to each other, perhaps to be linked: ", "dim"), (why, ""))),
            Branch(note_line(one)),
            Branch(note_line(other)),
        ]
    return Answer("paths", (), PATH_COLUMNS, facts=facts, tree=tuple(tree), nothing=said)


def _nearest(session: Session, stages: list[Topic], avoided: Iterable[Note]) -> tuple[Note, Note, str] | None:
    """Of the first two topics between which there is no path, two notes on either side of the gap between which a link would make most sense, and why.

    What the catalogue knows comes first; where that is nothing, what `suggest` says of the smaller side.
    """
    notebook = session.notebook()
    for one, other in pairwise(stages):
        sides = sides_of(notebook, one.notes, other.notes, avoided)
        if not sides:
            continue
        near, far = sides
        best = min(notebook.kin(sides).values(), key=lambda kin: (-kin.score, kin.path), default=None)
        if best:
            both = notebook.by_paths([best.path, best.other])
            return both[best.path], both[best.other], best.why
        return _suggested(session, near, set(far))
    return None


def _suggested(session: Session, near: list[str], far: set[int]) -> tuple[Note, Note, str] | None:
    """The best suggestion for one of the nearest notes that lies in one of the rows on the far side."""
    from zettel.commands.parts.missing import suggestions

    notebook = session.notebook()
    found = []
    for note in notebook.by_paths(near[:LOOKED_INTO]).values():
        likely = suggestions(session, note, SUGGESTED)
        rows = finding.rows_of(notebook.connection, [suggestion.note.path for suggestion in likely])
        found += [(-suggestion.score, note.path, note, suggestion) for suggestion, row in zip(likely, rows, strict=True) if row in far]
    best = min(found, key=lambda entry: entry[:2], default=None)
    return (best[2], best[3].note, best[3].why) if best else None
