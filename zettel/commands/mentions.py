"""List mentions: titles and aliases in prose that are not links, of other notes in a note and of the note in others."""

from __future__ import annotations

from zettel.model.base.answer import Answer, Branch, Column, StyledText, Tree
from zettel.model.base.errors import QueryError, ensure_positive
from zettel.model.note.note import Note, note_to_record
from zettel.model.suggest.insertion_points import Mention
from zettel.model.suggest.insertion_points import insertion_point_to_record as place_record
from zettel.model.text.phrases import describe_limit
from zettel.services.mentions import find_mentions
from zettel.session import Session
from zettel.views.notes import ARROWS, build_note_branch, format_note, format_place, format_sentence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import MentionRecord

COLUMNS = (
    Column("Way", "direction", "arrow"),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Headings", "headings", "heading", may_wrap=True),
    Column("Sentence", "sentence", "", may_wrap=True),
    Column("Linked", "linked", "dim"),
)
MAX_SHOWN = 3
"""How many mentions of one note the tree shows; the other formats have them all."""

PART_MARK: StyledText = ("  (part of the title)", "dim")


def run(session: Session, *, note: str, out: bool = False, back: bool = False, limit: int | None = None) -> Answer:
    """Return the mentions of other notes in `note` and of `note` in others; only the first with `out`, only the second with `back`."""
    ensure_positive("--limit", limit, "leave it out to see everything", QueryError)
    start = session.resolve_note(note)
    notebook = session.open_notebook()
    found = find_mentions(session, start, out=out or not back, back=back or not out)
    linked = set(notebook.catalogue.list_neighbours(start.path))
    # a stable sort: linked notes last, among each those with only a part of a name last, otherwise in the same order
    ranked = sorted(found, key=lambda item: (item[1] in linked, item[2][0].is_partial))
    found = ranked[:limit]
    notes = notebook.catalogue.find_notes_by_path(path for _, path, _ in found)
    rows = [_build_row(way, notes[path], mention, path in linked) for way, path, mentions in found for mention in mentions]
    branches = tuple(_build_branch(way, notes[path], start, mentions, path in linked) for way, path, mentions in found)
    tree = (Branch(format_note(start), branches),) if branches else ()
    facts, nothing = {"note": note_to_record(start)}, f'"{start.title}" has no mentions'
    return Tree(
        name="mentions",
        is_numbered=True,
        rows=rows,
        columns=COLUMNS,
        branches=tree,
        is_spaced=True,
        rest=describe_limit(len(found), len(ranked), "note"),
        facts=facts,
        empty_message=nothing,
    )


def _build_row(way: str, other: Note, mention: Mention, linked: bool) -> MentionRecord:
    return {
        "direction": way,
        "id": other.id,
        "path": other.path,
        "title": other.title,
        "target": mention.target,
        "name": mention.name,
        "partial": mention.is_partial,
        **place_record(mention),
        "linked": linked,
    }


def _build_branch(way: str, other: Note, start: Note, mentions: list[Mention], linked: bool) -> Branch:
    title = start.title if way == "out" else other.title
    is_partial = mentions[0].is_partial
    shown = [
        Branch(
            (
                *format_sentence(place.sentence, place.mark, "hit"),
                *format_place(place.headings, title),
                *((PART_MARK,) if place.is_partial and not is_partial else ()),
            )
        )
        for place in mentions[:MAX_SHOWN]
    ]
    if len(mentions) > MAX_SHOWN:
        shown.append(Branch(((f"… {len(mentions) - MAX_SHOWN} more", "dim"),)))
    after = (*((PART_MARK,) if is_partial else ()), *((("  (linked already)", "dim"),) if linked else ()))
    return build_note_branch(other, tuple(shown), before=((ARROWS[way] + " ", "arrow"),), after=after)
