"""Show a path: as rows, as lines with the sentence at every hop, and as notes only."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.model.base.answer import Branch, Column, Line, Row
from zettel.model.graph.link_path import Hop, LinkPath
from zettel.model.graph.topic import Topic
from zettel.model.note.note import Note, note_to_record
from zettel.model.text.inert import clip, escape_unsafe
from zettel.views.notes import build_note_branch, format_plain_note, format_sentence

PATH_COLUMNS = (
    Column("Path", "rank", "dim"),
    Column("Step", "step", "dim"),
    Column("Way", "direction", "arrow"),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Headings", "headings", "heading", may_wrap=True),
    Column("Sentence", "sentence", "", may_wrap=True),
)


MAX_SUBJECT_LENGTH = 150
"""How many characters of a topic go into a title."""


def choose_path_title(stages: Sequence[Topic], link_path: LinkPath) -> str:
    """Return the title of a path between topics: "How A leads to B"."""
    by_way = "".join(f" by way of {topic.corrected_query or topic.query}" for topic in stages[1:-1])
    return f"How {_format_subject(stages[0], link_path.notes[0])} leads to {_format_subject(stages[-1], link_path.notes[-1])}{by_way}"


def _format_subject(topic: Topic, note: Note) -> str:
    """Return what a title calls a topic: its words, or the note's title if it was named by ID, path or part of its title."""
    named = note.title if topic.reason in ("id", "path", "title", "part") else topic.corrected_query or topic.query
    while "[[" in named:  # it would be a link, even in front matter
        named = named.replace("[[", "[")
    return escape_unsafe(clip(named, MAX_SUBJECT_LENGTH))


def link_path_to_rows(link_path: LinkPath, rank: int) -> list[Row]:
    """Return a path as rows: one per note, with the link that leads to it."""
    rows: list[Row] = []
    for step, note in enumerate(link_path.notes):
        hop: Row = link_path.hops[step - 1].record if step else {}
        rows.append(
            {"rank": rank, "step": step, **{key: hop.get(key, "") for key in ("direction", "headings", "sentence")}, **note_to_record(note)}
        )
    return rows


def build_path_branches(link_path: LinkPath) -> list[Branch]:
    """Build the lines of a path, top to bottom: each note, and below it the sentence of the next hop with an arrow that shows the link's direction.

    The headings above the sentence are said below it. The arrow tells the note that has it: that above for ↓, that below for ↑.
    """
    steps = zip(link_path.notes, [*link_path.hops, None], strict=True)
    return [build_note_branch(note, (_build_hop_branch(hop),) if hop else ()) for note, hop in steps]


def _build_hop_branch(hop: Hop) -> Branch:
    link, title = hop.link.link, hop.speaker.title
    sentence = format_sentence(link.sentence, link.mark) if link.sentence else [(f"line {link.line}: {link.text}", "dim")]
    above = [heading for heading in link.headings if heading != title]
    place = " › ".join(above)
    return Branch((("↓ " if hop.is_forward else "↑ ", "arrow"), *sentence), (Branch(((f"— {place}", "dim"),)),) if place else ())


def format_steps(link_path: LinkPath) -> list[Line]:
    """Format the hops of a path, one a line: an arrow in the direction of the link, and the note it leads to. Arrows stand out, titles do not."""
    return [(("→ " if hop.is_forward else "← ", "arrow"), *format_plain_note(hop.other)) for hop in link_path.hops]
