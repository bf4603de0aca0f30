"""Review notes: list what is due, go through it on a terminal, or record what was reviewed."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.model.base.answer import BLANK_LINE, Answer, Branch, Column, Tree
from zettel.model.base.errors import DONE, UsageError
from zettel.model.note.note import summarise_note
from zettel.model.review.schedule import (
    HEADINGS,
    ORPHAN,
    QUESTION,
    SURPRISE,
    ReviewItem,
)
from zettel.services.review import list_review_items, mark_notes
from zettel.session import Session
from zettel.views.review import build_item_branch

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
    items = list_review_items(session, occasion)
    if session.console.is_interactive and not only_list:
        from zettel.interactive.review_walk import walk_review

        return walk_review(session, items) if items else _build_list_answer(session, items)
    return _build_list_answer(session, items)


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
