"""Suggest missing links with reasons, insert them into notes, or dismiss them for good."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zettel.adapters import dismissed
from zettel.commands.parts import putting
from zettel.commands.parts.choosing import NumberedSuggestions, choose_pairs, choose_suggestions
from zettel.commands.parts.missing import suggest_for_least_linked, suggest_links
from zettel.commands.parts.shared import ARROWS, format_count, format_headings, format_note, format_sentence
from zettel.model import note as notes
from zettel.model.answer import Answer, Branch, Column, StyledText
from zettel.model.errors import QueryError, Refused, UsageError
from zettel.model.exploring.missing import Suggestion, suggestion_to_record
from zettel.model.exploring.places import Mention, NoteEnd, SentenceEnd
from zettel.model.exploring.places import insertion_point_to_record as place_record
from zettel.model.note import Note
from zettel.session import Session

COLUMNS = (
    Column("No", "number", "dim"),
    Column("ID", "id", "id"),
    Column("Title", "title", "title", may_wrap=True),
    Column("Score", "score", "dim"),
    Column("Reasons", "why", "", may_wrap=True),
    Column("Sentence", "sentence", "", may_wrap=True),
)
DEFAULT_LIMIT, MAX_EACH = 10, 3
"""How many suggestions to show by default, and how many for each note if none is named."""

WALK_LIMIT = 100
"""How many suggestions for one note a walk shows."""

INSERTION_KINDS = {Mention: "mention", SentenceEnd: "sentence", NoteEnd: "end"}
"""Names of the kinds of insertion points in JSON."""


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
    """Return the links suggested for `resolve_note`, or without one for the notes with the fewest links. Apply or dismiss them if asked to."""
    if sum((bool(apply), bool(dismiss), all, walk)) > 1:
        raise UsageError("--apply, --dismiss, --all and --walk exclude each other", "zettel suggest NOTE --apply 1")
    if limit is not None and limit < 1:
        raise QueryError(f"--limit must be 1 or more, not {limit}", f"leave it out to see {DEFAULT_LIMIT}")
    start = session.resolve_note(note) if note is not None else None
    if walk:
        from zettel.commands.parts.walking import walk_suggestions as walked

        return walked(session, start, limit)
    found = _list_suggestions(session, start, limit or DEFAULT_LIMIT)
    if apply:
        return _insert_links(session, choose_suggestions(session, start, found, apply), dry_run=dry_run, confirm=False)
    if dismiss:
        return _dismiss(session, choose_pairs(session, start, found, dismiss), dry_run=dry_run)
    if all:
        return _insert_links(session, found, dry_run=dry_run, confirm=not yes)
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


def _insert_links(session: Session, wanted: NumberedSuggestions, *, dry_run: bool, confirm: bool) -> Answer:
    """Insert the links of suggestions, or with `dry_run` only show how. With `confirm`, ask for confirmation first."""
    notebook = session.open_notebook()
    changes, refused = putting.plan_insertions(notebook, (putting.find_link_ends(note, suggestion) for note, suggestion in wanted))
    if refused and not changes:
        raise refused[0]
    left_out = Counter(error.message for error in refused)
    remarks = tuple(f"left out {format_count(number, 'link')}: {message}" for message, number in left_out.items())
    if dry_run or not changes:
        return putting.report_insertions(changes, remarks if changes else ("there is no link to insert",), dry_run=dry_run)
    links = format_count(sum(len(change.links) for change in changes), "link")
    where = format_count(len(changes), "note")
    if confirm:
        question = f"Insert {links} into {where}?"
        if not session.is_interactive:
            raise Refused(f"inserting {links} into {where} needs a yes", "add --yes, or --dry-run to see what would be written")
        if not session.confirm(putting.build_diff_branches(changes), question):
            return Answer(remarks=("nothing was written",))
    putting.insert_links(notebook, changes, session.choose_progress())
    return putting.report_insertions(changes, (*remarks, f"inserted {links} into {where}"))


def _dismiss(session: Session, gone: list[tuple[Note, Note]], *, dry_run: bool) -> Answer:
    """Record that these pairs of notes are not to be suggested again, unless `dry_run`."""
    notebook = session.open_notebook()
    if any(one.path == other.path for one, other in gone):
        raise UsageError("a note is never suggested to itself", "name another note")
    if dry_run:
        remarks = ["nothing was written (--dry-run)"]
    else:
        with notebook.lock():
            for one, other in gone:
                dismissed.dismiss_pair(notebook.root, one.handle, other.handle)
        remarks = [f"{one.name} and {other.name} will not be suggested again" for one, other in gone]
        remarks.append(f"delete {'its line' if len(gone) == 1 else 'their lines'} in {dismissed.DISMISSED_PATH} to undo this")
    facts = {"dismissed": [{"note": one.handle, "other": other.handle} for one, other in gone], "dry_run": dry_run}
    return Answer(facts=facts, text="", remarks=tuple(remarks))


def _build_list_answer(start: Note | None, found: NumberedSuggestions) -> Answer:
    rows = [_build_row(number, note, suggestion) for number, (note, suggestion) in enumerate(found, 1)]
    lines = [{**row, "why": suggestion.why} for row, (_, suggestion) in zip(rows, found, strict=True)]
    by_note: dict[str, tuple[Note, list[Branch]]] = {}
    for number, (note, suggestion) in enumerate(found, 1):
        by_note.setdefault(note.path, (note, []))[1].append(build_suggestion_branch(note, suggestion, f"{number}  "))
    tree = tuple(Branch(format_note(note), tuple(below)) for note, below in by_note.values())
    nothing = f'no link is suggested for "{start.title}"' if start else "no link is suggested"
    return Answer(
        "suggestions",
        rows,
        COLUMNS,
        display_rows=lines,
        facts={"note": notes.note_to_record(start)} if start else {},
        tree=tree,
        empty_message=nothing,
    )


def _build_row(number: int, note: Note, suggestion: Suggestion) -> dict[str, object]:
    point = suggestion.insertion_point
    return {
        "number": number,
        "for": note.path,
        **suggestion_to_record(suggestion),
        "place": INSERTION_KINDS[type(point)],
        **place_record(point),
    }


def build_suggestion_branch(note: Note, suggestion: Suggestion, lead: str = "") -> Branch:
    """Return a suggestion for `resolve_note` as a tree: the other note, the reasons, and the sentence with the words or the new link marked."""
    point, other = suggestion.insertion_point, suggestion.note
    below = [Branch(((reason.text, "dim"),)) for reason in suggestion.main_reasons]
    source, target, arrow = (note, other, "out") if point.source == note.path else (other, note, "back")
    label = target.name if target.id else target.title
    spans: list[StyledText] = [(ARROWS[arrow] + " ", "arrow")]
    if isinstance(point, Mention):
        spans += format_sentence(point.headings, point.sentence, point.mark, source.title)
    elif isinstance(point, SentenceEnd):
        at = point.mark[0]
        spans += format_headings(point.headings, source.title)
        spans += [(point.sentence[:at], ""), (f" ({label})", "hit"), (point.sentence[at:], "")]
    else:
        spans += [("See also: ", "dim"), (label, "hit")]
    below.append(Branch(tuple(spans)))
    return Branch(format_note(other, (lead, "dim")), tuple(below))
