"""Ask for confirmation before notes go to the trash, if other notes link to them or they may not be the ones that were meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zettel.adapters.questions import confirm
from zettel.model.base.answer import Branch
from zettel.model.base.errors import Declined, Refused
from zettel.model.note.note import Note
from zettel.model.text.phrases import format_count
from zettel.session import Session
from zettel.views.notes import format_note


def confirm_delete(session: Session, named: Mapping[str, Note], *, yes: bool) -> None:
    """Ask on a terminal whether to delete notes, if other notes link to them or one may not be meant. `named` holds what was typed for each.

    Raises `Declined` if the answer is no, and without a terminal `Refused` if one may not be meant. With `yes`, does nothing.
    """
    notes = list(dict.fromkeys(named.values()))
    count = count_linking_notes(session, notes)
    if len(notes) == 1:
        _confirm(session, named, "delete", f"{notes[0].name}: {_describe_links(count, 'it')}. Delete it?", is_doubted=count > 0, yes=yes)
        return
    shown = [Branch((*format_note(note), (f"  {_describe_links(count_linking_notes(session, [note]), 'it')}", "dim"))) for note in notes]
    question = f"{_describe_links(count, 'them').capitalize()}. Delete {format_count(len(notes), 'note')}?"
    _confirm(session, named, "delete", question, is_doubted=count > 0, yes=yes, shown=shown)


def confirm_merge(session: Session, text: str, other: Note, note: Note, *, yes: bool) -> None:
    """Ask on a terminal whether to merge `other` into `note`, if `other` may not be meant by `text`. Raises as `confirm_delete` does."""
    count = count_linking_notes(session, [other])
    links = f"{_describe_links(count, 'it')}{' and will link to the other' if count else ''}"
    _confirm(session, {text: other}, "merge", f"{other.name}: {links}. Merge it into {note.name}?", is_doubted=False, yes=yes)


def count_linking_notes(session: Session, notes: Sequence[Note]) -> int:
    """Count the other notes that link to one of `notes`."""
    catalogue, paths = session.open_notebook().catalogue, {note.path for note in notes}
    return len({found.link.source for path in paths for found in catalogue.find_links(target=path)} - paths)


def _describe_links(count: int, pronoun: str) -> str:
    return f"{format_count(count, 'note')} link{'s' * (count == 1)} to {pronoun}" if count else f"no note links to {pronoun}"


def _confirm(
    session: Session, named: Mapping[str, Note], verb: str, question: str, *, is_doubted: bool, yes: bool, shown: Sequence[Branch] = ()
) -> None:
    if yes:
        return
    doubts = {text: doubt for text, note in named.items() if (doubt := session.find_doubt(text, note))}
    if session.console.is_interactive:
        if (doubts or is_doubted) and not confirm(session.console, shown, question):
            raise Declined(f"nothing was {verb.removesuffix('e')}ed")
    elif doubts:
        text, doubt = next(iter(doubts.items()))
        raise Refused(doubt, f"to {verb} it, name it in full: zettel {verb} … {named[text].handle}")
