"""Resolve topics: find the notes that a name, a tag or words stand for."""

from __future__ import annotations

from collections.abc import Callable

from zettel.model.base.errors import NoSuchNote, UsageError
from zettel.model.graph.topic import MAX_WORD_MATCHES, WORD_REASONS, Topic, is_saved_path, list_stems, score_coverage
from zettel.model.note.note import Note, note_to_record
from zettel.model.search.filter import Filter, TagFilter
from zettel.model.text.fold import fold
from zettel.model.text.ids import is_id
from zettel.model.text.inert import clip
from zettel.model.text.stems import strip_stem_ending
from zettel.notebook.find_note import parse_list_number
from zettel.notebook.notebook import OpenNotebook
from zettel.session import PICK, Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import TopicRecord

MIN_SCORE_SHARE = 0.5
"""Minimum score of a note that a search finds, as a share of the best note's score."""

MAX_SEARCH_HITS = 50
"""Maximum number of notes that a search finds of which a topic takes the best."""

MIN_PART_LENGTH = 3
"""Minimum number of letters to match as a part of a title."""

NAME_KINDS = {
    "id": "its ID",
    "path": "its path",
    "start": "the beginning of its ID",
    "title": "its title",
    "alias": "an alias of it",
    "name": "its file name",
}


def complete_topics(session: Session, names: list[str]) -> list[str]:
    """Return the names of topics, of which there are to be two at least: on a terminal, `@` stands for each that is missing, which is picked."""
    return [*names, *[PICK] * (2 - len(names))] if names and session.console.is_interactive else names


def resolve_topic(session: Session, text: str, prompt: str = "note") -> Topic:
    """Resolve an ID, a path, a title or alias, a `#tag` (with the tags nested below it), or words to a topic.

    Words stand for the notes whose titles contain them, else for those that a search ranks best. `@` stands for a note that is picked,
    where `prompt` says what for. Raises `NoSuchNote`.
    """
    if text in ("-", PICK) or parse_list_number(text.strip()) is not None:
        note = session.resolve_note(text, prompt)
        return Topic(note.handle, "id", NAME_KINDS["id"], (note,))
    text = " ".join(text.split())
    if not text.strip("#"):
        raise UsageError(
            "a topic is missing", 'a topic is an ID, a title, an alias, a #tag, or words: zettel path execution "value delivery"'
        )
    notebook = session.open_notebook()
    if text.startswith("#"):
        return _resolve_tag(notebook, text)
    for reason, found in notebook.match_name(text, session.cwd):
        if reason == "id" and text[:7].lower() == "around " and (cluster := _resolve_cluster(session, notebook, text)):
            return cluster  # around ID
        if found and (reason != "start" or len(found) == 1):
            return _build_named_topic(notebook, text, reason, found)
    if is_id(text):
        raise NoSuchNote(f"no note has the ID {text}", "zettel list shows all notes, zettel search WORDS finds them by their text")
    return _resolve_cluster(session, notebook, text) or _resolve_title_words(notebook, text) or _resolve_by_search(session, notebook, text)


def resolve_topics(session: Session, names: list[str], *, can_join: bool) -> tuple[list[Topic], list[list[str]]]:
    """Resolve topics, and return them with the words of each topic that was joined.

    With `can_join`, neighbouring words that each stand for the same notes, and together as well, become one topic, as long as two topics
    are left: `execution value delivery` is a path from execution to value delivery, because no note is about value without delivery.
    """
    topics: list[Topic] = []
    words: list[list[str]] = []
    for rest, name in zip(range(len(names) - 1, -1, -1), names, strict=True):
        topic = resolve_topic(session, name, "to" if topics else "from")
        if can_join and topics and len(topics) + rest > 1 and (joined := _join_topics(session, topics[-1], topic, words[-1])):
            topics[-1] = joined
            words[-1].append(name)
        else:
            topics.append(topic)
            words.append([name])
    return topics, [run for run in words if len(run) > 1]


def _join_topics(session: Session, one: Topic, other: Topic, words: list[str]) -> Topic | None:
    """Return the topic of both queries if each is a word, and they stand for the same notes, together as well. Otherwise return None."""
    if any(" " in word for word in (*words, other.query)) or any(topic.reason not in WORD_REASONS for topic in (one, other)):
        return None
    if set(one.notes) != set(other.notes):
        return None
    joined = resolve_topic(session, f"{one.query} {other.query}")
    return joined if set(joined.notes) == set(one.notes) else None


def _build_named_topic(notebook: OpenNotebook, text: str, reason: str, found: list[Note]) -> Topic:
    """Build the topic of notes that are called `text`, with other notes whose titles contain it.

    A file name may just name a folder's subject, so notes with `text` in their titles are added to the topic.
    """
    if reason == "title" and all(fold(note.title) != fold(text) for note in found):
        reason = "alias"
    why = (
        NAME_KINDS[reason]
        if len(found) == 1
        else f"{len(found)} notes have it as {NAME_KINDS[reason].replace('its', 'their').removesuffix(' of it')}"
    )
    others = _resolve_title_words(notebook, text) if reason in ("title", "alias", "name") else None
    more = [note for note in others.notes if note not in found] if others and others.reason == "words" else []
    if more and reason == "name":
        return Topic(text, "words", f"{why}, and {others.why if others else ''}", tuple([*found, *more][:MAX_WORD_MATCHES]))
    if more:
        why += "; other titles contain it, too"
    return Topic(text, {"start": "id", "alias": "title", "name": "title"}.get(reason, reason), why, tuple(found))


def _resolve_tag(notebook: OpenNotebook, text: str) -> Topic:
    """Resolve a tag to the notes that have it or a tag nested below it. A tag that does not exist stands for the most similar one."""
    key = fold(text).strip("#/ ")
    why, instead = "notes with this tag", ""
    if not notebook.catalogue.count_tagged_notes(key):
        from zettel.model.text.fuzzy import find_nearest

        names = _list_tag_names(notebook)
        near = find_nearest(key, names, limit=1)
        if not near:
            raise NoSuchNote(f'no note has the tag "{clip(text, 80)}"', "zettel tags lists the tags")
        instead = f"#{names[near[0]]}"
        key, why = fold(names[near[0]]), f"no note has this tag; using {instead} instead"
    found = notebook.catalogue.list_notes(Filter(tags=((TagFilter(key, True),),), sort="id"))
    return Topic(text, "tag", why, tuple(found), instead)


def _resolve_cluster(session: Session, notebook: OpenNotebook, text: str) -> Topic | None:
    """Resolve a cluster's label or telling words, as `zettel clusters` shows them, to the notes of the cluster."""
    from zettel.model.graph.subjects import can_name_cluster

    if not can_name_cluster(text):
        return None
    from zettel.services.clusters import find_named_cluster

    network = notebook.catalogue.load_graph(with_notes=True)
    cluster = find_named_cluster(session, network, text)
    return Topic(text, "cluster", "a cluster", tuple(network.notes[node] for node in cluster.members)) if cluster else None


def _list_tag_names(notebook: OpenNotebook) -> dict[str, str]:
    """Return all tags by their names and by their last parts, including tags that only have others nested below them."""
    whole = [tag.split("/") for tag, _ in notebook.catalogue.count_tags()]
    names = {"/".join(parts[:depth]): "/".join(parts[:depth]) for parts in whole for depth in range(1, len(parts) + 1)}
    return {**{name.rpartition("/")[2]: name for name in sorted(names, reverse=True)}, **names}


def _resolve_title_words(notebook: OpenNotebook, text: str) -> Topic | None:
    """Resolve words to the notes whose titles or aliases contain them all, else to those with the text as a part of their title."""
    from zettel.adapters.fulltext.stem import stem

    found = _find_by_title_stems(notebook, set(list_stems(text, stem)), stem)
    if found:
        return Topic(text, "words", f"in the {_describe_titles(len(found))}", tuple(found[:MAX_WORD_MATCHES]))
    found = notebook.catalogue.find_notes_by_words(text) if len(text) >= MIN_PART_LENGTH or not text.isascii() else []
    return Topic(text, "part", f"a part of the {_describe_titles(len(found))}", tuple(found[:MAX_WORD_MATCHES])) if found else None


def _find_by_title_stems(notebook: OpenNotebook, stems: set[str], stem: Callable[[str], str]) -> list[Note]:
    """Return the notes with all of the stems in their title or in one alias.

    Notes are sorted by the share of the title or alias that the words make up, then by backlinks, both descending, then by ID.
    """
    candidates = notebook.catalogue.find_names_containing(sorted(map(strip_stem_ending, stems))) if stems else []
    shares = {row: best for row, names in candidates if (best := max(score_coverage(stems, name, stem) for name in names))}
    found = zip(shares.values(), notebook.catalogue.load_notes_by_row(shares), strict=True)
    ranked = sorted((-best, -note.backlinks, note.handle, note.path, note) for best, note in found if not is_saved_path(note))
    return [note for *_, note in ranked]


def _describe_titles(count: int) -> str:
    if count == 1:
        return "title of one note"
    return f"titles of {count} notes" + (f" (the first {MAX_WORD_MATCHES} are used)" if count > MAX_WORD_MATCHES else "")


def _resolve_by_search(session: Session, notebook: OpenNotebook, text: str) -> Topic:
    """Resolve words to the notes that a search ranks best, with typing errors corrected as in a search. Raises `NoSuchNote`."""
    from zettel.services.search import search_notes

    wanted = " ".join(word.lstrip("-") for word in text.split())  # a topic has no words to leave out
    found = search_notes(session, wanted, limit=MAX_SEARCH_HITS)
    read_as, corrections = found.read_as(wanted), "; ".join(found.remarks)
    if read_as != wanted and (by_title := _resolve_title_words(notebook, read_as)):
        return Topic(text, by_title.reason, f"{corrections}, {by_title.why}", by_title.notes, read_as)
    if not found.hits:
        raise NoSuchNote(
            f"no note matches {clip(text, 80)}" if '"' in text else f'no note matches "{clip(text, 80)}"',
            "a topic is an ID, a title, an alias, a #tag, or words; zettel topics lists some",
        )
    notes = notebook.catalogue.find_notes_by_path(hit.path for hit in found.hits if hit.score >= MIN_SCORE_SHARE * found.hits[0].score)
    chosen = [path for path, note in notes.items() if not is_saved_path(note)][:MAX_WORD_MATCHES] or list(notes)[:MAX_WORD_MATCHES]
    why = "the only note about it" if found.total == 1 else f"the best {len(chosen)} of {found.total:,} notes about it"
    return Topic(text, "text", f"{corrections}: {why}" if corrections else why, tuple(notes[path] for path in chosen), read_as)


def topic_to_record(topic: Topic) -> TopicRecord:
    """Return the topic as JSON."""
    return {"query": topic.query, "reason": topic.reason, "why": topic.why, "notes": [note_to_record(note) for note in topic.notes]}
