"""Suggest missing links with reasons, insert them into notes, or dismiss them for good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zettel.adapters.questions import confirm
from zettel.model.base.answer import Answer, Branch, Column, Document, Tree
from zettel.model.base.errors import Declined, QueryError, Refused, UsageError, ensure_positive
from zettel.model.note import note as notes
from zettel.model.note.note import Note
from zettel.model.suggest.insertion_points import Mention, NoteEnd, SentenceEnd
from zettel.model.suggest.insertion_points import insertion_point_to_record as place_record
from zettel.model.suggest.score import Suggestion, suggestion_to_record
from zettel.model.text.phrases import format_count
from zettel.services.suggest import MAX_EACH, dismiss_pairs, suggest_for_least_linked, suggest_links
from zettel.session import Session
from zettel.views.notes import format_note
from zettel.views.suggestions import build_suggestion_branch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import SuggestionRecord

COLUMNS = (
    Column("No", "number", "dim"),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Score", "score", "dim"),
    Column("Reasons", "why", "", may_wrap=True),
    Column("Sentence", "sentence", "", may_wrap=True),
)


INSERTION_KINDS = {Mention: "mention", SentenceEnd: "sentence", NoteEnd: "end"}
"""Names of the kinds of insertion points in JSON."""

DEFAULT_LIMIT = 10
"""How many suggestions to show by default."""


def run(
    session: Session,
    *,
    note: str | None = None,
    limit: int | None = None,
    apply: Sequence[str] = (),
    dismiss: Sequence[str] = (),
    all: bool = False,
    walk: bool = False,
    yes: bool = False,
    dry_run: bool = False,
) -> Answer:
    """Return the links suggested for `note`, or without one for the notes with the fewest links. Apply or dismiss them if asked to."""
    if sum((bool(apply), bool(dismiss), all, walk)) > 1:
        raise UsageError("--apply, --dismiss, --all and --walk cannot be used together", "zettel suggest NOTE --apply 1")
    ensure_positive("--limit", limit, f"leave it out to see {DEFAULT_LIMIT}", QueryError)
    start = session.resolve_note(note) if note is not None else None
    if walk:
        from zettel.interactive.suggest_walk import walk_suggestions as walked

        return walked(session, start, limit)
    found = _list_suggestions(session, start, limit or DEFAULT_LIMIT)
    if apply:
        return _insert_links(session, choose_suggestions(session, start, found, apply), dry_run=dry_run, needs_yes=False)
    if dismiss:
        return _dismiss(session, choose_pairs(session, start, found, dismiss), dry_run=dry_run)
    if all:
        return _insert_links(session, found, dry_run=dry_run, needs_yes=not yes)
    return _build_list_answer(start, found)


def _list_suggestions(session: Session, start: Note | None, most: int) -> NumberedSuggestions:
    """Return at most `most` suggestions for `start`, or for the notes with the fewest links."""
    if start:
        return [(start, found) for found in suggest_links(session, start, most)]
    found: dict[frozenset[str], tuple[Note, Suggestion]] = {}  # suggest a pair of notes only once, for the note with fewer links
    for note, several in suggest_for_least_linked(session, MAX_EACH):
        for suggestion in several:
            found.setdefault(frozenset((note.path, suggestion.note.path)), (note, suggestion))
        if len(found) >= most:
            break
    return list(found.values())[:most]


def _insert_links(session: Session, wanted: NumberedSuggestions, *, dry_run: bool, needs_yes: bool) -> Answer:
    """Insert the links of suggestions, or with `dry_run` only show how. With `needs_yes`, ask for confirmation first."""
    from zettel.services import insert_links

    notebook = session.open_notebook()
    changes, refused = insert_links.plan_insertions(
        notebook, (insert_links.find_link_ends(note, suggestion) for note, suggestion in wanted)
    )
    if refused and not changes:
        raise refused[0]
    left_out = Counter(error.message for error in refused)
    remarks = tuple(f"left out {format_count(number, 'link')}: {message}" for message, number in left_out.items())
    if dry_run or not changes:
        return insert_links.report_insertions(changes, remarks if changes else ("there is no link to insert",), dry_run=dry_run)
    links = format_count(sum(len(change.links) for change in changes), "link")
    where = format_count(len(changes), "note")
    if needs_yes:
        question = f"Insert {links} into {where}?"
        if not session.console.is_interactive:
            raise Refused(
                f"zettel asks before it inserts {links} into {where}, and there is no terminal to ask on",
                "add --yes, or --dry-run to see what would be written",
            )
        if not confirm(session.console, insert_links.build_insertion_branches(changes), question):
            raise Declined("nothing was written")
    insert_links.insert_links(notebook, changes, session.console.choose_progress())
    report = insert_links.report_insertions(changes, remarks)
    done = (f"inserted {links} into {where}",)
    if needs_yes:  # the diff stands above the question
        return Document(
            name=report.name, rows=report.rows, columns=report.columns, facts=report.facts, remarks=remarks, closing_remarks=done
        )
    return report.replace(closing_remarks=done)


def _dismiss(session: Session, gone: list[tuple[Note, Note]], *, dry_run: bool) -> Answer:
    """Record that these pairs of notes are not to be suggested again, unless `dry_run`."""
    if any(one.path == other.path for one, other in gone):
        raise UsageError("a note is never suggested to itself", "name another note")
    if dry_run:
        remarks = ["nothing was written (--dry-run)"]
    else:
        dismiss_pairs(session, gone)
        remarks = [f"{one.name} and {other.name} will not be suggested again" for one, other in gone]
        remarks.append("take it back with: zettel undo")
    facts = {"dismissed": [{"note": one.handle, "other": other.handle} for one, other in gone], "dry_run": dry_run}
    return Answer(facts=facts, remarks=tuple(remarks))


def _build_list_answer(start: Note | None, found: NumberedSuggestions) -> Answer:
    rows = [_build_row(number, note, suggestion) for number, (note, suggestion) in enumerate(found, 1)]
    lines = [{**row, "why": suggestion.why} for row, (_, suggestion) in zip(rows, found, strict=True)]
    by_note: dict[str, tuple[Note, list[Branch]]] = {}
    for number, (note, suggestion) in enumerate(found, 1):
        by_note.setdefault(note.path, (note, []))[1].append(build_suggestion_branch(note, suggestion, f"{number}  "))
    tree = tuple(Branch(format_note(note), tuple(below)) for note, below in by_note.values())
    nothing = "no link to suggest"
    if start and not found:
        from shlex import quote

        nothing = (
            f'no link to suggest for "{start.title}": no unlinked note has enough in common with it;'
            f" to look yourself: zettel search WORDS, zettel links {quote(start.handle)}"
        )
    return Tree(
        name="suggestions",
        is_numbered=True,
        rows=rows,
        columns=COLUMNS,
        display_rows=lines,
        facts={"note": notes.note_to_record(start)} if start else {},
        branches=tree,
        is_spaced=True,
        empty_message=nothing,
    )


def _build_row(number: int, note: Note, suggestion: Suggestion) -> SuggestionRecord:
    point = suggestion.insertion_point
    return {
        "number": number,
        "for": note.path,
        **suggestion_to_record(suggestion),
        "place": INSERTION_KINDS[type(point)],
        **place_record(point),
    }


NO_LIMIT = 100_000
"""Limit that stands for all suggestions: no note has more."""

MAX_DIGITS, MAX_SURE_DIGITS = 5, 3
"""Maximum digits of a suggestion's number, and maximum digits of a number that cannot be a note's name.

A longer number that is not in the list, such as 2024, is looked up as a note.
"""

NumberedSuggestions = list[tuple[Note, Suggestion]]
"""Pairs of a note and a suggestion for it. A suggestion's number is its position in the list, from 1."""


def choose_suggestions(session: Session, start: Note | None, found: NumberedSuggestions, selectors: Sequence[str]) -> NumberedSuggestions:
    """Return the suggestions that `selectors` name, each once. Raises `Refused` for a note that is not suggested."""
    selected = [_choose_suggestion(session, start, found, text) for text in _split_selectors(selectors)]
    return list({(note.path, suggestion.note.path): (note, suggestion) for note, suggestion in selected}.values())


def choose_pairs(session: Session, start: Note | None, found: NumberedSuggestions, selectors: Sequence[str]) -> list[tuple[Note, Note]]:
    """Return the pairs of notes that `selectors` name, each once, whether suggested or not."""
    selected = [_choose_pair(session, start, found, text) for text in _split_selectors(selectors)]
    return list({(one.path, other.path): (one, other) for one, other in selected}.values())


def _split_selectors(selectors: Sequence[str]) -> list[str]:
    """Split option values into single names. A value that holds only numbers may list several, separated by commas."""
    parts = ([part.strip() for part in text.split(",") if part.strip()] for text in selectors)
    return [part for text, pieces in zip(selectors, parts, strict=True) for part in (pieces if all(map(_is_number, pieces)) else [text])]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _choose_suggestion(session: Session, start: Note | None, found: NumberedSuggestions, selector: str) -> tuple[Note, Suggestion]:
    """Return the suggestion that `selector` names: by its number, or by the suggested note, even if the list ends before it."""
    by_number = _find_by_number(found, selector)
    if by_number:
        return by_number
    if not start:
        raise UsageError("to apply a suggestion, name its number, or both notes", "zettel suggest NOTE --apply OTHER")
    other = session.resolve_note(selector)
    for suggestion in suggest_links(session, start, NO_LIMIT):
        if suggestion.note.path == other.path:
            return start, suggestion
    raise Refused(
        f"{other.name} is not suggested for {start.name}: they are linked, dismissed or have too little in common",
        f"write the link yourself: zettel edit {start.handle}",
    )


def _find_by_number(found: NumberedSuggestions, selector: str) -> tuple[Note, Suggestion] | None:
    if not _is_number(selector) or len(selector) > MAX_DIGITS:
        return None
    if 1 <= int(selector) <= len(found):
        return found[int(selector) - 1]
    if len(selector) > MAX_SURE_DIGITS:
        return None
    raise QueryError(
        f"there is no suggestion {selector}: the list has {format_count(len(found), 'suggestion')}",
        "zettel suggest shows them; --limit N shows more",
    )


def _choose_pair(session: Session, start: Note | None, found: NumberedSuggestions, selector: str) -> tuple[Note, Note]:
    by_number = _find_by_number(found, selector)
    if by_number:
        return by_number[0], by_number[1].note
    if not start:
        raise UsageError("to dismiss a suggestion, name its number, or both notes", "zettel suggest NOTE --dismiss OTHER")
    return start, session.resolve_note(selector)
