"""Show the gap between two topics: how many notes of each lead to the other, by which paths, and what could bridge it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zettel.model.base.answer import BLANK_LINE, Branch, Column, Line
from zettel.model.graph.link_path import LinkPath
from zettel.model.graph.topic import NAMED_REASONS, Topic
from zettel.model.note.note import note_to_record
from zettel.model.suggest.gap import GapNote, GapSide
from zettel.model.text.phrases import format_count
from zettel.views.notes import build_note_branch, build_offer_branch, format_plain_note
from zettel.views.paths import format_steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import BridgeRecord, GapRecord

GAP_COLUMNS = (
    Column("Topic", "topic", "strong", may_wrap=True),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Reached", "reached", "dim"),
    Column("Hops", "hops", "dim"),
    Column("By", "by", "", may_wrap=True),
)


def build_gap_rows(side: GapSide) -> list[GapRecord]:
    """Return a row for each note of a topic. Notes that reach the other topic come first."""
    return [
        {
            **note_to_record(found.note),
            "topic": side.topic.query,
            "reached": found.path is not None,
            "hops": len(found.path.hops) if found.path else None,
            "by": " ".join("".join(text for text, _ in line) for line in _format_path(found.path)) if found.path else "",
            "by_path": found.path.record if found.path else None,
            "suggestion": _suggestion_to_record(found),
        }
        for found in sorted(side.notes, key=lambda found: found.path is None)
    ]


def _suggestion_to_record(found: GapNote) -> BridgeRecord | None:
    """Return the JSON record of the suggested link for a note, or None."""
    if not found.bridge or not found.other:
        return None
    return {"note": note_to_record(found.other), "score": round(found.bridge.score, 4), "why": found.bridge.why}


def build_gap_branches(sides: Sequence[GapSide], meanings: tuple[Branch, ...]) -> tuple[Branch, ...]:
    """Build what people see: how many notes of each topic reach the other, then the notes with a path, then those without one."""
    branches = [*meanings, *(Branch(_format_coverage(side)) for side in sides)]
    for side in sides:
        if reached := tuple(_build_reached_branches(side)):
            branches += [BLANK_LINE, Branch(_format_heading(side), reached)]
    if unreached := tuple(_build_unreached_branch(found) for side in sides for found in side.notes if not found.path):
        branches += [BLANK_LINE, Branch(((f"Not within {format_count(sides[0].max_hops, 'hop')}", "heading"),), unreached)]
    return tuple(branches)


def _build_reached_branches(side: GapSide) -> Iterator[Branch]:
    """Build a branch of each note that reaches the other topic, with its path."""
    for found in side.notes:
        if found.path:
            yield build_note_branch(found.note, tuple(map(Branch, _format_path(found.path))))


def _build_unreached_branch(found: GapNote) -> Branch:
    """Build a branch of a note without a path, with the note that it could be linked with, the reason, and what to type for that."""
    below: tuple[Branch, ...] = ()
    if found.bridge and found.other:
        with_other: Line = (("perhaps link it with ", "dim"), *format_plain_note(found.other))
        below = (Branch(with_other), Branch(((found.bridge.why, "dim"),)))
    return build_note_branch(found.note, (*below, build_offer_branch(found.note, found.other)), before=(("✗ ", "warning"),))


def _format_heading(side: GapSide) -> Line:
    """Return the heading above the paths of a topic's notes."""
    notes = "reaches" if len(side.notes) == 1 else "notes reach"
    return ((f"How {_quote_name(side.topic)} {notes} {_quote_name(side.goal)}", "heading"),)


def _format_coverage(side: GapSide) -> Line:
    """Say how many of the notes reach the other topic: "3 of 5 strategy notes are within 2 hops of execution (60%)"."""
    count, reached = side.coverage["notes"], side.coverage["reached"]
    hops, name, goal = format_count(side.max_hops, "hop"), (_quote_name(side.topic), ""), (_quote_name(side.goal), "")
    if count == 1:
        is_named = side.topic.reason in NAMED_REASONS
        subject: Line = (("" if is_named else "the one ", ""), (name[0], "strong"), ("" if is_named else " note", ""))
        verbs, share = ("leads to", "is") if reached else ("does not lead to", "is not"), ""
    else:
        subject = ((f"{reached} of {count}", "strong"), (" ", ""), name, (" notes", ""))
        verbs, share = ("leads to", "is") if reached == 1 else ("lead to", "are"), f" ({100 * reached / count:.0f}%)"
    if side.is_directed:
        return (*subject, (f" {verbs[0]} ", ""), goal, (f" within {hops}, following links forwards{share}", ""))
    return (*subject, (f" {verbs[1]} within {hops} of ", ""), goal, (share, ""))


def _quote_name(topic: Topic) -> str:
    """Return the name of a topic, in quotes if it is the title of a note."""
    return f'"{topic.name}"' if len(topic.notes) == 1 and topic.reason in NAMED_REASONS else topic.name


def _format_path(link_path: LinkPath) -> list[Line]:
    """Format the hops of a path, or say that its only note belongs to both topics."""
    return format_steps(link_path) or [(("belongs to both", "dim"),)]
