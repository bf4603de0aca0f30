"""Review notes: list what is due, go through it on a terminal, or record what was reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zettel.adapters.zettel_dir import lists
from zettel.model.base.answer import BLANK_LINE, Answer, Branch, Column, Tree
from zettel.model.base.errors import DONE, Unreadable, UsageError
from zettel.model.note.note import Note, summarise_note
from zettel.model.note.passage import collapse_whitespace
from zettel.model.note.questions import OpenQuestion
from zettel.model.note.tags import is_unsorted_tag
from zettel.model.review.schedule import (
    DUE,
    HEADINGS,
    OCCASION_LIMITS,
    ORPHAN,
    QUESTION,
    SURPRISE,
    ReviewCandidates,
    ReviewItem,
    choose_items,
)
from zettel.model.text.inert import clip
from zettel.model.text.prose import OPAQUE, blank_links, find_sentence_starts
from zettel.notebook.notebook import OpenNotebook
from zettel.services.review import mark_notes
from zettel.session import Session
from zettel.views.review import MAX_SENTENCE_LENGTH, build_item_branch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import ReviewRecord

COLUMNS = (
    Column("Kind", "kind", "dim"),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Why", "why", "dim", may_wrap=True),
    Column("Sentence", "sentence", "", may_wrap=True),
)

INTERACTIVE = True
MIN_WORDS = 4
"""How many words outside links a block needs for its first sentence to be shown."""

HINT = "zettel show NOTE, zettel suggest NOTE, and then: zettel review --done NOTE"


def run(
    session: Session,
    *,
    daily: bool = False,
    weekly: bool = False,
    monthly: bool = False,
    done: Sequence[str] = (),
    later: Sequence[str] = (),
    only_list: bool = False,
) -> Answer:
    """Return what to review, or (`done`, `later`) record it for these notes. On a terminal, go through the items unless `only_list`."""
    if daily + weekly + monthly > 1:
        raise UsageError("--daily, --weekly and --monthly cannot be used together", "zettel review --weekly")
    if done or later:
        return mark_notes(session, list(map(session.resolve_note, done)), list(map(session.resolve_note, later)))
    occasion = "monthly" if monthly else "weekly" if weekly else "daily"
    items = _list_items(session, occasion)
    if session.console.is_interactive and not only_list:
        from zettel.interactive.review_walk import walk_review

        return walk_review(session, items) if items else _build_list_answer(session, items)
    return _build_list_answer(session, items)


def _list_items(session: Session, occasion: str) -> list[ReviewItem]:
    """Return the items to review, the pairs of similar notes last."""
    notebook, today = session.open_notebook(), session.today()
    notes = notebook.catalogue.list_notes()
    questions: dict[str, list[OpenQuestion]] = {}
    unsorted = notebook.list_unsorted_tags()
    is_unsorted = {note.path: any(is_unsorted_tag(tag, unsorted) for tag in note.tags) for note in notes}
    for path, question in notebook.catalogue.list_questions():
        if is_unsorted[path] or not question.needs_unsorted_tag:
            questions.setdefault(path, []).append(question)
    review_dates = {path: date.fromisoformat(day) for path, day in notebook.catalogue.list_review_dates()}
    found = ReviewCandidates(notes, questions, review_dates, set(notebook.catalogue.list_orphans()))
    items = choose_items(found, lists.read_reviews(notebook.root), occasion, today)
    items = [item._replace(sentence=_find_first_sentence(notebook, item.note)) if item.kind == DUE else item for item in items]
    from zettel.services.review import choose_surprises

    return [*items, *choose_surprises(session, notes, today, OCCASION_LIMITS[occasion][SURPRISE])]


def _find_first_sentence(notebook: OpenNotebook, note: Note) -> str:
    """Return the first sentence of a note's prose, or an empty string if it has none or cannot be read."""
    try:
        passages = notebook.parse_file(note.path).passages
    except Unreadable:
        return ""
    prose = (passage for passage in passages if not passage.level and not passage.is_cell)
    text = next((passage.text for passage in prose if len(blank_links(passage.prose).replace(OPAQUE, "").split()) >= MIN_WORDS), "")
    starts = [*find_sentence_starts(text), len(text)]
    return clip(collapse_whitespace(text[: starts[1]]), MAX_SENTENCE_LENGTH)


def _build_list_answer(session: Session, items: Sequence[ReviewItem]) -> Answer:
    rows = [_build_row(item) for item in items]
    lines = [
        line
        for row, item in zip(rows, items, strict=True)
        for line in (row, *([{**row, **summarise_note(item.other)}] if item.other else []))
    ]
    tree = [
        Branch(((heading, "heading"),), tuple(build_item_branch(item) for item in items if item.kind == kind))
        for kind, heading in HEADINGS.items()
        if any(item.kind == kind for item in items)
    ]
    tree += [BLANK_LINE, Branch(((HINT, "dim"),))] if tree else []
    return Tree(
        name="items",
        is_numbered=True,
        rows=rows,
        columns=COLUMNS,
        display_rows=lines,
        branches=tuple(tree),
        is_spaced=True,
        facts={"day": str(session.today())},
        empty_message="nothing to review today",
        exit_code=DONE,
    )


def _build_row(item: ReviewItem) -> ReviewRecord:
    """Return an item as a row for JSON and tables; `command` is what to type next."""
    from shlex import quote

    handle = quote(item.note.handle)
    commands = {ORPHAN: f"zettel suggest {handle}", QUESTION: f"zettel edit {handle}"}
    if item.other:
        commands[SURPRISE] = f"zettel suggest {handle} --apply {quote(item.other.handle)}"
    return {
        "kind": item.kind,
        **summarise_note(item.note),
        "why": item.why,
        "sentence": item.sentence,
        "line": item.line,
        "other": summarise_note(item.other) if item.other else None,
        "command": commands.get(item.kind, f"zettel show {handle}"),
    }
