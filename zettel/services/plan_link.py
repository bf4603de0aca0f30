"""Plan to link one note to another: at words of it, where it mentions the other, or at its end."""

from __future__ import annotations

from zettel.model.base.errors import UsageError
from zettel.model.edit.changes import Changes, Plan
from zettel.model.note.note import Note, summarise_note
from zettel.model.note.parse import ParsedNote
from zettel.model.suggest.insertion_points import InsertionPoint, find_note_end
from zettel.notebook.notebook import OpenNotebook
from zettel.services.insert_links import combine_edits, describe_insertions, plan_insertions


def plan_link(notebook: OpenNotebook, source: Note, target: Note, words: str = "") -> Plan:
    """Plan to link `source` to `target`: at `words`, which occur once in its prose, else where it mentions the target, else at its end.

    The plan is empty if it has such a link. Raises `UsageError`, `Refused` and `Unreadable`.
    """
    if source.path == target.path:
        raise UsageError("a note does not link to itself", "name two notes")
    parsed = notebook.parse_note(source.path, notebook.read_unchanged_bytes(source.path))
    facts = {"note": summarise_note(source)}
    if any(notebook.resolve_link(link) == target.path for link in parsed.links):
        remark = f'"{source.title}" links to "{target.title}" already'
        return Plan(Changes(), f'link "{source.title}" to "{target.title}"', remarks=(remark,), facts=facts)
    point = _find_words(source, target, parsed, words) if words.strip() else _find_mention(source, target, parsed)
    edits, refused = plan_insertions(notebook, [(point, source, target)])
    if refused:
        raise refused[0]
    return Plan(combine_edits(edits), describe_insertions(edits), facts=facts)


def _find_mention(source: Note, target: Note, parsed: ParsedNote) -> InsertionPoint:
    """Return where the note first mentions the target by its title or an alias, or else its end."""
    from zettel.adapters.fulltext.stem import stem
    from zettel.model.suggest.mentions import NameIndex

    names = NameIndex([(target.path, target.title, target.aliases)], stem)
    return next(iter(names.find_mentions(source.path, parsed)), None) or find_note_end(source.path, parsed)


def _find_words(source: Note, target: Note, parsed: ParsedNote, words: str) -> InsertionPoint:
    """Return where words stand in the prose of a note, outside of headings, links and code. Raises `UsageError` unless it is one place."""
    from zettel.model.suggest.mentions import find_words

    found = find_words(source.path, target.path, words, parsed)
    if len(found) == 1:
        return found[0]
    shown = " ".join(words.split())
    if not found:
        raise UsageError(f'"{source.title}" does not have the words "{shown}" in its prose', "give words as they stand there, or none")
    lines = ", ".join(str(mention.line) for mention in found[:5])
    raise UsageError(f'"{source.title}" has the words "{shown}" {len(found)} times, first in lines {lines}', "give more words around them")
