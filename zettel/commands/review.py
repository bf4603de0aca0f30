"""Review notes: list what is due, go through it on a terminal, or record what was reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zettel.adapters import finding, reviewed
from zettel.commands.parts.looking import noted
from zettel.commands.parts.shared import brief, note_line
from zettel.model.answer import Answer, Branch, Column
from zettel.model.errors import Unreadable, UsageError
from zettel.model.note import Note
from zettel.model.passage import one_line
from zettel.model.prose import OPAQUE, sentence_starts, without_links
from zettel.model.questions import Question
from zettel.model.review import DUE, HEADINGS, OCCASIONS, ORPHAN, QUESTION, SURPRISE, Candidates, Item, chosen
from zettel.model.text import clipped
from zettel.notebook import Notebook
from zettel.session import Session

COLUMNS = (
    Column("Kind", "kind", "dim"),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Why", "why", "dim", may_wrap=True),
    Column("Sentence", "sentence", "", may_wrap=True),
)
LONGEST = 140
"""How many characters of a note's first sentence are shown."""

FEWEST = 4
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
        raise UsageError("--daily, --weekly and --monthly exclude each other", "zettel review --weekly")
    if done or later:
        return noted(session, list(map(session.note, done)), list(map(session.note, later)))
    occasion = "monthly" if monthly else "weekly" if weekly else "daily"
    items = _items(session, occasion)
    if session.is_interactive and not only_list:
        from zettel.commands.parts.reviewing import walk

        return walk(session, items) if items else _listed(session, items)
    return _listed(session, items)


def _items(session: Session, occasion: str) -> list[Item]:
    """Return the items to review, the pairs of similar notes last."""
    notebook, today = session.notebook(), session.today()
    notes = notebook.notes()
    questions: dict[str, list[Question]] = {}
    for path, line, text in finding.questions(notebook.connection):
        questions.setdefault(path, []).append(Question(text, line))
    review_dates = {path: date.fromisoformat(day) for path, day in finding.lookbacks(notebook.connection)}
    found = Candidates(notes, questions, review_dates, set(notebook.orphans()))
    items = chosen(found, reviewed.read(notebook.root), occasion, today)
    items = [item._replace(sentence=_opening(notebook, item.note)) if item.kind == DUE else item for item in items]
    from zettel.commands.parts.surprising import surprises

    return [*items, *surprises(session, notes, today, OCCASIONS[occasion][SURPRISE])]


def _opening(notebook: Notebook, note: Note) -> str:
    """Return the first sentence of a note's prose, or an empty string if it has none or cannot be read."""
    try:
        passages = notebook.reading(note.path).passages
    except Unreadable:
        return ""
    prose = (passage for passage in passages if not passage.level and not passage.is_cell)
    text = next((passage.text for passage in prose if len(without_links(passage.prose).replace(OPAQUE, "").split()) >= FEWEST), "")
    starts = [*sentence_starts(text), len(text)]
    return clipped(one_line(text[: starts[1]]), LONGEST)


def _listed(session: Session, items: Sequence[Item]) -> Answer:
    rows = [_row(item) for item in items]
    lines = [line for row, item in zip(rows, items, strict=True) for line in (row, *([{**row, **brief(item.other)}] if item.other else []))]
    tree = [
        Branch(((heading, "strong"),), tuple(branch(item) for item in items if item.kind == kind))
        for kind, heading in HEADINGS.items()
        if any(item.kind == kind for item in items)
    ]
    tree += [Branch(((HINT, "dim"),))] if tree else []
    facts = {"day": str(session.today())}
    return Answer("items", rows, COLUMNS, lines=lines, facts=facts, tree=tuple(tree), nothing="there is nothing to review today")


def _row(item: Item) -> dict[str, object]:
    """Return an item as a row for JSON and tables; `command` is what to type next."""
    from shlex import quote

    handle = quote(item.note.handle)
    commands = {ORPHAN: f"zettel suggest {handle}", QUESTION: f"zettel edit {handle}"}
    if item.other:
        commands[SURPRISE] = f"zettel suggest {handle} --apply {quote(item.other.handle)}"
    return {
        "kind": item.kind,
        **brief(item.note),
        "why": item.why,
        "sentence": item.sentence,
        "line": item.line,
        "other": brief(item.other) if item.other else None,
        "command": commands.get(item.kind, f"zettel show {handle}"),
    }


def branch(item: Item, *below: Branch) -> Branch:
    """Return an item as a tree: the note, its sentence, why it is listed, and the branches `below`."""
    lines = [Branch(note_line(item.other))] if item.other else []
    lines += [Branch(((item.sentence, "hit" if item.kind == QUESTION else ""),))] if item.sentence not in ("", item.note.title) else []
    return Branch(note_line(item.note), (*lines, Branch(((item.why, "dim"),)), *below))
