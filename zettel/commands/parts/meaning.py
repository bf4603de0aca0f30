"""What a topic is taken to mean: the notes that a name, a tag or words stand for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from zettel.adapters import finding
from zettel.model.answer import Branch
from zettel.model.errors import NoSuchNote, UsageError
from zettel.model.exploring.topic import FEW, Topic, beginning, is_saved, share, stems_of
from zettel.model.ids import is_id
from zettel.model.note import Note, record
from zettel.model.query import Filter, TagTerm
from zettel.model.text import clipped, fold
from zettel.notebook import Notebook
from zettel.session import Session

FALL = 0.5
"""Of the notes whose text has the words, those are taken whose score is at least this share of the best one's."""

SHORTEST = 3
"""Letters that a part of a title has at least."""

NAMED = {
    "id": "its ID",
    "path": "its path",
    "start": "the beginning of its ID",
    "title": "its title",
    "alias": "an alias of it",
    "name": "its file name",
}


def meaning(session: Session, text: str) -> Topic:
    """The topic that a person means by an ID, a path, a title or alias, a `#tag` (with what is nested below it), or words.

    Words stand for the notes whose titles have them, else for those that a search ranks best. Raises `NoSuchNote`.
    """
    if text == "-":
        note = session.note("-")
        return Topic(note.handle, "id", NAMED["id"], (note,))
    text = " ".join(text.split())
    if not text.strip("#"):
        raise UsageError(
            "a topic is missing", 'a topic is an ID, a title, an alias, a #tag, or words: zettel path execution "value delivery"'
        )
    notebook = session.notebook()
    if text.startswith("#"):
        return _tagged(notebook, text)
    for reason, found in notebook.named(text, session.folder):
        if found and (reason != "start" or len(found) == 1):
            return _named(notebook, text, reason, found)
    if is_id(text):
        raise NoSuchNote(f"no note has the ID {text}", "zettel list shows all notes, zettel search WORDS finds them by their text")
    return _cluster(session, notebook, text) or _in_titles(notebook, text) or _in_text(session, notebook, text)


def _named(notebook: Notebook, text: str, reason: str, found: list[Note]) -> Topic:
    """The notes that are called so; a file name that is not the title, too, may be a folder's, so that titles count beside it."""
    if reason == "title" and all(fold(note.title) != fold(text) for note in found):
        reason = "alias"
    why = (
        NAMED[reason]
        if len(found) == 1
        else f"{len(found)} notes have it as {NAMED[reason].replace('its', 'their').removesuffix(' of it')}"
    )
    others = _in_titles(notebook, text) if reason in ("title", "alias", "name") else None
    more = [note for note in others.notes if note not in found] if others and others.reason == "words" else []
    if more and reason == "name":
        return Topic(text, "words", f"{why}, and {others.why if others else ''}", tuple([*found, *more][:FEW]))
    if more:
        why += "; other titles have it, too"
    return Topic(text, {"start": "id", "alias": "title", "name": "title"}.get(reason, reason), why, tuple(found))


def _tagged(notebook: Notebook, text: str) -> Topic:
    """The notes with a tag or one nested below it; a tag that is not there is taken for the nearest that is."""
    key = fold(text).strip("#/ ")
    why = "notes with this tag"
    if not finding.tagged(notebook.connection, key):
        from zettel.model.nearness import nearest

        names = _tag_names(notebook)
        near = nearest(key, names, most=1)
        if not near:
            raise NoSuchNote(f'no note has the tag "{clipped(text, 80)}"', "zettel tags lists the tags")
        key, why = fold(names[near[0]]), f"no note has this tag; taken for #{names[near[0]]}"
    found = notebook.notes(Filter(tags=((TagTerm(key, True),),), sort="id"))
    return Topic(text, "tag", why, tuple(found))


def _cluster(session: Session, notebook: Notebook, text: str) -> Topic | None:
    """The notes of the cluster with this label, as `zettel clusters` shows it."""
    from zettel.model.exploring.labels import may_be_label

    if not may_be_label(text):
        return None
    from zettel.commands.clusters import clusters_of
    from zettel.model.exploring.subjects import cluster_called

    network = notebook.network()
    cluster = cluster_called(text, clusters_of(session, network).found)
    return Topic(text, "cluster", "a cluster", tuple(network.notes[node] for node in cluster.members)) if cluster else None


def _tag_names(notebook: Notebook) -> dict[str, str]:
    """Every tag by its name, those that only have others nested below them, too; and by the last part of it."""
    whole = [tag.split("/") for tag, _ in finding.tags(notebook.connection)]
    names = {"/".join(parts[:depth]): "/".join(parts[:depth]) for parts in whole for depth in range(1, len(parts) + 1)}
    return {**{name.rpartition("/")[2]: name for name in sorted(names, reverse=True)}, **names}


def _in_titles(notebook: Notebook, text: str) -> Topic | None:
    """The notes in whose titles or aliases the words stand, else those of whose title the text is a part."""
    from zettel.adapters.stemming import stem

    found = _by_titles(notebook, set(stems_of(text, stem)), stem)
    if found:
        return Topic(text, "words", f"in the {_titles(len(found))}", tuple(found[:FEW]))
    found = finding.by_part(notebook.connection, text) if len(text) >= SHORTEST or not text.isascii() else []
    return Topic(text, "part", f"a part of the {_titles(len(found))}", tuple(found[:FEW])) if found else None


def _by_titles(notebook: Notebook, words: set[str], stem: Callable[[str], str]) -> list[Note]:
    """The notes in whose title, or in one of whose aliases, all of the words stand, given by their stems.

    First the ones of whose title or alias the words are the larger part, then those with more backlinks, then by ID.
    """
    likely = finding.with_names_like(notebook.connection, sorted(map(beginning, words))) if words else []
    shares = {row: most for row, names in likely if (most := max(share(words, name, stem) for name in names))}
    found = zip(shares.values(), finding.by_rows(notebook.connection, shares), strict=True)
    ranked = sorted((-most, -note.backlinks, note.handle, note.path, note) for most, note in found if not is_saved(note))
    return [note for *_, note in ranked]


def _titles(count: int) -> str:
    if count == 1:
        return "title of one note"
    return f"titles of {count} notes" + (f", of which {FEW} are taken" if count > FEW else "")


def _in_text(session: Session, notebook: Notebook, text: str) -> Topic:
    """The notes that a search for the words ranks best, cut where the score falls off; a typing error is mended as there."""
    from zettel.commands.search import found

    wanted = " ".join(word.lstrip("-") for word in text.split())  # a topic has no words to leave out
    read_as, ranked, remarks = found(session, wanted)
    said = "; ".join(remarks)
    if read_as != wanted and (mended := _in_titles(notebook, read_as)):
        return Topic(text, mended.reason, f"{said}, {mended.why}", mended.notes, read_as)
    if not ranked:
        raise NoSuchNote(
            f'no note answers to "{clipped(text, 80)}"', "a topic is an ID, a title, an alias, a #tag, or words; zettel topics lists some"
        )
    notes = notebook.by_paths(path for path, score in ranked if score >= FALL * ranked[0][1])
    taken = [path for path, note in notes.items() if not is_saved(note)][:FEW] or list(notes)[:FEW]
    why = "the note that speaks of it" if len(ranked) == 1 else f"the {len(taken)} of {len(ranked)} notes that speak most of it"
    return Topic(text, "text", f"{said}: {why}" if said else why, tuple(notes[path] for path in taken), read_as)


def topic_record(topic: Topic) -> dict[str, object]:
    """The topic as JSON shows it."""
    return {"query": topic.query, "reason": topic.reason, "why": topic.why, "notes": [record(note) for note in topic.notes]}


def topic_branches(topics: Sequence[Topic]) -> tuple[Branch, ...]:
    """What topics were taken to mean, for people: a line each, and below it their notes where they are several."""
    from zettel.commands.parts.shared import note_line

    branches = []
    for topic in topics:
        alone = len(topic.notes) == 1
        line = ((topic.query, "strong"), (f": {topic.why}", "dim"), *((("  ", ""), *note_line(topic.notes[0])) if alone else ()))
        branches.append(Branch(line, () if alone else tuple(Branch(note_line(note)) for note in topic.notes)))
    return tuple(branches)
