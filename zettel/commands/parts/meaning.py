"""Resolve topics: find the notes that a name, a tag or words stand for."""

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
"""Minimum score of a note that a search finds, as a share of the best note's score."""

SHORTEST = 3
"""Minimum number of letters to match as a part of a title."""

NAMED = {
    "id": "its ID",
    "path": "its path",
    "start": "the beginning of its ID",
    "title": "its title",
    "alias": "an alias of it",
    "name": "its file name",
}


def meaning(session: Session, text: str) -> Topic:
    """Resolve an ID, a path, a title or alias, a `#tag` (with the tags nested below it), or words to a topic.

    Words stand for the notes whose titles contain them, else for those that a search ranks best. Raises `NoSuchNote`.
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
    """Build the topic of notes that are called `text`, with other notes whose titles contain it.

    A file name may just name a folder's subject, so notes with `text` in their titles are added to the topic.
    """
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
        why += "; other titles contain it, too"
    return Topic(text, {"start": "id", "alias": "title", "name": "title"}.get(reason, reason), why, tuple(found))


def _tagged(notebook: Notebook, text: str) -> Topic:
    """Resolve a tag to the notes that have it or a tag nested below it. A tag that does not exist stands for the most similar one."""
    key = fold(text).strip("#/ ")
    why = "notes with this tag"
    if not finding.tagged(notebook.connection, key):
        from zettel.model.nearness import nearest

        names = _tag_names(notebook)
        near = nearest(key, names, most=1)
        if not near:
            raise NoSuchNote(f'no note has the tag "{clipped(text, 80)}"', "zettel tags lists the tags")
        key, why = fold(names[near[0]]), f"no note has this tag; using #{names[near[0]]} instead"
    found = notebook.notes(Filter(tags=((TagTerm(key, True),),), sort="id"))
    return Topic(text, "tag", why, tuple(found))


def _cluster(session: Session, notebook: Notebook, text: str) -> Topic | None:
    """Resolve a cluster's label, as `zettel clusters` shows it, to the notes of the cluster."""
    from zettel.model.exploring.labels import may_be_label

    if not may_be_label(text):
        return None
    from zettel.commands.clusters import clusters_of
    from zettel.model.exploring.subjects import cluster_called

    network = notebook.network()
    cluster = cluster_called(text, clusters_of(session, network).found)
    return Topic(text, "cluster", "a cluster", tuple(network.notes[node] for node in cluster.members)) if cluster else None


def _tag_names(notebook: Notebook) -> dict[str, str]:
    """Return all tags by their names and by their last parts, including tags that only have others nested below them."""
    whole = [tag.split("/") for tag, _ in finding.tags(notebook.connection)]
    names = {"/".join(parts[:depth]): "/".join(parts[:depth]) for parts in whole for depth in range(1, len(parts) + 1)}
    return {**{name.rpartition("/")[2]: name for name in sorted(names, reverse=True)}, **names}


def _in_titles(notebook: Notebook, text: str) -> Topic | None:
    """Resolve words to the notes whose titles or aliases contain them all, else to those with the text as a part of their title."""
    from zettel.adapters.stemming import stem

    found = _by_titles(notebook, set(stems_of(text, stem)), stem)
    if found:
        return Topic(text, "words", f"in the {_titles(len(found))}", tuple(found[:FEW]))
    found = finding.by_part(notebook.connection, text) if len(text) >= SHORTEST or not text.isascii() else []
    return Topic(text, "part", f"a part of the {_titles(len(found))}", tuple(found[:FEW])) if found else None


def _by_titles(notebook: Notebook, words: set[str], stem: Callable[[str], str]) -> list[Note]:
    """Return the notes with all of the stems in their title or in one alias.

    Notes are sorted by the share of the title or alias that the words make up, then by backlinks, both descending, then by ID.
    """
    candidates = finding.with_names_like(notebook.connection, sorted(map(beginning, words))) if words else []
    shares = {row: best for row, names in candidates if (best := max(share(words, name, stem) for name in names))}
    found = zip(shares.values(), finding.by_rows(notebook.connection, shares), strict=True)
    ranked = sorted((-best, -note.backlinks, note.handle, note.path, note) for best, note in found if not is_saved(note))
    return [note for *_, note in ranked]


def _titles(count: int) -> str:
    if count == 1:
        return "title of one note"
    return f"titles of {count} notes" + (f" (the first {FEW} are used)" if count > FEW else "")


def _in_text(session: Session, notebook: Notebook, text: str) -> Topic:
    """Resolve words to the notes that a search ranks best, with typing errors corrected as in a search. Raises `NoSuchNote`."""
    from zettel.commands.search import found

    wanted = " ".join(word.lstrip("-") for word in text.split())  # a topic has no words to leave out
    read_as, ranked, remarks = found(session, wanted)
    corrections = "; ".join(remarks)
    if read_as != wanted and (by_title := _in_titles(notebook, read_as)):
        return Topic(text, by_title.reason, f"{corrections}, {by_title.why}", by_title.notes, read_as)
    if not ranked:
        raise NoSuchNote(
            f'no note answers to "{clipped(text, 80)}"', "a topic is an ID, a title, an alias, a #tag, or words; zettel topics lists some"
        )
    notes = notebook.by_paths(path for path, score in ranked if score >= FALL * ranked[0][1])
    chosen = [path for path, note in notes.items() if not is_saved(note)][:FEW] or list(notes)[:FEW]
    why = "the only note about it" if len(ranked) == 1 else f"the best {len(chosen)} of {len(ranked)} notes about it"
    return Topic(text, "text", f"{corrections}: {why}" if corrections else why, tuple(notes[path] for path in chosen), read_as)


def topic_record(topic: Topic) -> dict[str, object]:
    """Return the topic as JSON."""
    return {"query": topic.query, "reason": topic.reason, "why": topic.why, "notes": [record(note) for note in topic.notes]}


def topic_branches(topics: Sequence[Topic]) -> tuple[Branch, ...]:
    """Build branches that show what topics stand for: one line each, with the notes below if there are several."""
    from zettel.commands.parts.shared import note_line

    branches = []
    for topic in topics:
        is_single = len(topic.notes) == 1
        line = ((topic.query, "strong"), (f": {topic.why}", "dim"), *((("  ", ""), *note_line(topic.notes[0])) if is_single else ()))
        branches.append(Branch(line, () if is_single else tuple(Branch(note_line(note)) for note in topic.notes)))
    return tuple(branches)
