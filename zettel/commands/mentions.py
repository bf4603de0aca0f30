"""Find mentions: titles and aliases in prose that are not links, of other notes in a note and of the note in others."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.commands.parts.shared import ARROWS, note_line, sentence_spans
from zettel.model.answer import Answer, Branch, Column
from zettel.model.errors import QueryError, Unreadable
from zettel.model.exploring.mentions import Names, is_name
from zettel.model.exploring.places import Mention
from zettel.model.exploring.places import record as place_record
from zettel.model.note import Note, record
from zettel.model.progress import Silent
from zettel.model.searching import Question, Term
from zettel.model.tokens import tokens
from zettel.notebook import Notebook
from zettel.session import Session

COLUMNS = (
    Column("Way", "direction", "arrow"),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Headings", "headings", "heading", may_wrap=True),
    Column("Sentence", "sentence", "", may_wrap=True),
    Column("Linked", "linked", "dim"),
)
SHOWN = 3
"""How many mentions of one note the tree shows; the other formats have them all."""

Found = tuple[str, str, list[Mention]]
"""(direction, the other note's path, its mentions in reading order)."""


def run(session: Session, *, note: str, out: bool = False, back: bool = False, limit: int | None = None) -> Answer:
    """Return the mentions of other notes in `note` and of `note` in others; only the first with `out`, only the second with `back`."""
    if limit is not None and limit < 1:
        raise QueryError(f"--limit must be 1 or more, not {limit}", "leave it out to see everything")
    start = session.note(note)
    notebook = session.notebook()
    names = notebook.names()
    found: list[Found] = []
    if out or not back:
        found += named_in(notebook, start, names)
    if back or not out:
        found += naming(session, start, names)
    linked = set(notebook.neighbours(start.path))
    found = sorted(found, key=lambda item: item[1] in linked)[:limit]  # a stable sort: linked notes last, otherwise in the same order
    notes = notebook.by_paths(path for _, path, _ in found)
    rows = [_row(way, notes[path], mention, path in linked) for way, path, mentions in found for mention in mentions]
    branches = tuple(_branch(way, notes[path], start, mentions, path in linked) for way, path, mentions in found)
    tree = (Branch(note_line(start), branches),) if branches else ()
    return Answer("mentions", rows, COLUMNS, facts={"note": record(start)}, tree=tree, nothing=f'"{start.title}" has no mentions')


def named_in(notebook: Notebook, note: Note, names: Names) -> Iterator[Found]:
    """Find the notes that `note` mentions, in reading order."""
    by_target: dict[str, list[Mention]] = {}
    for mention in names.mentions(note.path, notebook.reading(note.path)):
        by_target.setdefault(mention.target, []).append(mention)
    return (("out", path, places) for path, places in by_target.items())


def naming(session: Session, note: Note, names: Names) -> Iterator[Found]:
    """Yield the notes that mention `note`, in the order in which the full-text index ranks them."""
    notebook = session.notebook()
    phrases = [tuple(word for word, _, _ in tokens(name)) for name in (note.title, *note.aliases)]
    terms = tuple(Term(words, "body") for words in dict.fromkeys(phrases) if is_name(list(words)))
    if not terms:
        return
    ranked = notebook.ask_fulltext(lambda index: index.search(Question("", (terms,), ())), session.progress())
    paths = [path for path, _ in ranked if path != note.path]
    with (session.progress() or Silent)("Reading notes", len(paths)) as step:
        for path in paths:
            step(path)
            try:
                parsed = notebook.reading(path)
            except Unreadable:
                continue
            mentions = [mention for mention in names.mentions(path, parsed) if mention.target == note.path]
            if mentions:
                yield "back", path, mentions


def _row(way: str, other: Note, place: Mention, linked: bool) -> dict[str, object]:
    return {
        "direction": way,
        "id": other.id,
        "path": other.path,
        "title": other.title,
        "target": place.target,
        "name": place.name,
        **place_record(place),
        "linked": linked,
    }


def _branch(way: str, other: Note, start: Note, places: list[Mention], linked: bool) -> Branch:
    title = start.title if way == "out" else other.title
    shown = [Branch(tuple(sentence_spans(place.headings, place.sentence, place.mark, title))) for place in places[:SHOWN]]
    if len(places) > SHOWN:
        shown.append(Branch(((f"… {len(places) - SHOWN} more", "dim"),)))
    line = note_line(other, (ARROWS[way] + " ", "arrow"))
    return Branch((*line, ("  (linked already)", "dim")) if linked else line, tuple(shown))
