"""Find mentions: titles and aliases in prose that are not links, of other notes in a note and of the note in others."""

from __future__ import annotations

from collections.abc import Iterator

from zettel.model.base.answer import Answer, Branch, Column, Tree
from zettel.model.base.errors import QueryError, Unreadable, ensure_positive
from zettel.model.base.progress import SilentProgress
from zettel.model.note.note import Note, note_to_record
from zettel.model.search.query import SearchQuery, TextTerm
from zettel.model.suggest.insertion_points import Mention
from zettel.model.suggest.insertion_points import insertion_point_to_record as place_record
from zettel.model.suggest.mentions import NameIndex, is_searchable_name
from zettel.model.text.tokens import tokenise
from zettel.notebook.notebook import OpenNotebook
from zettel.session import Session
from zettel.views.notes import ARROWS, format_note, format_sentence

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

MentionHit = tuple[str, str, list[Mention]]
"""(direction, the other note's path, its mentions in reading order)."""


def run(session: Session, *, note: str, out: bool = False, back: bool = False, limit: int | None = None) -> Answer:
    """Return the mentions of other notes in `note` and of `note` in others; only the first with `out`, only the second with `back`."""
    ensure_positive("--limit", limit, "leave it out to see everything", QueryError)
    start = session.resolve_note(note)
    notebook = session.open_notebook()
    names = notebook.load_names()
    found: list[MentionHit] = []
    if out or not back:
        found += find_mentions_in(notebook, start, names)
    if back or not out:
        found += find_mentions_of(session, start, names)
    linked = set(notebook.catalogue.list_neighbours(start.path))
    found = sorted(found, key=lambda item: item[1] in linked)[:limit]  # a stable sort: linked notes last, otherwise in the same order
    notes = notebook.catalogue.find_notes_by_path(path for _, path, _ in found)
    rows = [_build_row(way, notes[path], mention, path in linked) for way, path, mentions in found for mention in mentions]
    branches = tuple(_build_branch(way, notes[path], start, mentions, path in linked) for way, path, mentions in found)
    tree = (Branch(format_note(start), branches),) if branches else ()
    facts, nothing = {"note": note_to_record(start)}, f'"{start.title}" has no mentions'
    return Tree(name="mentions", rows=rows, columns=COLUMNS, branches=tree, facts=facts, empty_message=nothing)


def find_mentions_in(notebook: OpenNotebook, note: Note, names: NameIndex) -> Iterator[MentionHit]:
    """Find the notes that `note` mentions, in reading order."""
    by_target: dict[str, list[Mention]] = {}
    for mention in names.find_mentions(note.path, notebook.parse_file(note.path)):
        by_target.setdefault(mention.target, []).append(mention)
    return (("out", path, places) for path, places in by_target.items())


def find_mentions_of(session: Session, note: Note, names: NameIndex) -> Iterator[MentionHit]:
    """Yield the notes that mention `note`, in the order in which the full-text index ranks them."""
    notebook = session.open_notebook()
    phrases = [tuple(word for word, _, _ in tokenise(name)) for name in (note.title, *note.aliases)]
    terms = tuple(TextTerm(words, "body") for words in dict.fromkeys(phrases) if is_searchable_name(list(words)))
    if not terms:
        return
    ranked = notebook.query_fulltext(lambda index: index.search(SearchQuery("", (terms,), ())), session.console.choose_progress())
    paths = [path for path, _ in ranked if path != note.path]
    with (session.console.choose_progress() or SilentProgress)("Reading notes", len(paths)) as step:
        for path in paths:
            step(path)
            try:
                parsed = notebook.parse_file(path)
            except Unreadable:
                continue
            mentions = [mention for mention in names.find_mentions(path, parsed) if mention.target == note.path]
            if mentions:
                yield "back", path, mentions


def _build_row(way: str, other: Note, mention: Mention, linked: bool) -> MentionRecord:
    return {
        "direction": way,
        "id": other.id,
        "path": other.path,
        "title": other.title,
        "target": mention.target,
        "name": mention.name,
        **place_record(mention),
        "linked": linked,
    }


def _build_branch(way: str, other: Note, start: Note, mentions: list[Mention], linked: bool) -> Branch:
    title = start.title if way == "out" else other.title
    shown = [Branch(tuple(format_sentence(place.headings, place.sentence, place.mark, title))) for place in mentions[:MAX_SHOWN]]
    if len(mentions) > MAX_SHOWN:
        shown.append(Branch(((f"… {len(mentions) - MAX_SHOWN} more", "dim"),)))
    line = format_note(other, (ARROWS[way] + " ", "arrow"))
    return Branch((*line, ("  (linked already)", "dim")) if linked else line, tuple(shown))
