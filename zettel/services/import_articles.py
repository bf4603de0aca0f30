"""Import articles: detect duplicates, build the notes, and suggest links for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from zettel.adapters.fs import files
from zettel.model.articles.article import RemovalOffer
from zettel.model.articles.imported import (
    MAX_NOTES_WITH_SUGGESTIONS,
    ArticleNote,
    ImportedArticle,
    NoteSuggestions,
    ParsedSource,
)
from zettel.model.edit.changes import Changes, FileEdit
from zettel.model.note.frontmatter import find_front_matter
from zettel.model.note.new_note import build_note_text, format_timestamp, insert_fields
from zettel.model.search.filter import Filter, parse_tag_filters
from zettel.model.text.fold import fold
from zettel.model.text.ids import parse_id_time
from zettel.notebook.notebook import OpenNotebook
from zettel.services.new_note import choose_note_path, find_free_id
from zettel.services.read_sources import parse_fields
from zettel.services.suggest import suggest_links
from zettel.session import Session


def override_metadata(parsed: ParsedSource, title: str | None, author: str | None) -> ParsedSource:
    """Return the source with the title and author that the user gave, if any."""
    article = parsed.article
    if title:
        article = article._replace(title=" ".join(title.split()), has_title=True)
    if author:
        article = article._replace(author=" ".join(author.split()))
    return parsed._replace(article=article)


SOURCE = "source"
"""The tag of imported articles, and the front matter field that holds their origin."""

TAG_FIELDS = {"tags", "tag", "keywords"}
"""Front matter fields that hold tags."""


class KnownArticles:
    """The articles in the notebook and those already planned, to detect duplicates."""

    def __init__(self, notebook: OpenNotebook) -> None:
        self._notebook = notebook
        self._by_origin: dict[str, list[tuple[str, str]]] = {}
        self._by_text: dict[str, str] = {}
        for note in notebook.catalogue.list_notes(Filter(tags=tuple(parse_tag_filters(SOURCE)))):
            self.add(note.handle, note.title, notebook.read_bytes(note.path).decode("utf-8", "replace"))

    def add(self, handle: str, title: str, text: str) -> None:
        """Add a note, so that later articles are compared with it."""
        for origin in _list_origins(text):
            self._by_origin.setdefault(origin, []).append((handle, fold(title)))
        self._by_text.setdefault(_normalise_body(text), handle)

    def find_duplicate(self, parsed: ParsedSource) -> str:
        """Return the handle of the note that this article already is, or an empty string if it is new.

        A note is a duplicate if it is from the same web address, has the same title and is from a file of the same name, or has the
        same text.
        """
        article, title = parsed.article, fold(parsed.article.title)
        for handle, note_title in self._by_origin.get(_normalise_origin(parsed.origin), []) if parsed.origin else []:
            if article.origin or note_title == title:
                return handle
        texts = {_normalise_body(article.format_body(removed)) for removed in ((), range(len(article.blocks)))} - {""}
        by_text = [same for text in sorted(texts) if (same := self._by_text.get(text))]
        for note in self._notebook.catalogue.find_notes_by_title(article.title):
            whole_text = self._notebook.read_bytes(note.path).decode("utf-8", "replace")
            if parsed.origin and _normalise_origin(parsed.origin) in _list_origins(whole_text):
                return note.handle
            text = _normalise_body(whole_text)
            by_text += [note.handle] if text.removeprefix(f"# {article.heading}").strip() in texts else []
        return by_text[0] if by_text else ""


def _list_origins(text: str) -> list[str]:
    """Return the origins that a note's front matter names."""
    return [_normalise_origin(line.removeprefix(f"{SOURCE}: ")) for line in text[:5000].split("\n") if line.startswith(f"{SOURCE}: ")]


def _normalise_origin(origin: str) -> str:
    """Return a web address as it is, and a file's path as its name without folders."""
    origin = origin.strip('" \r')
    return origin if "://" in origin else origin.rpartition("/")[2]


def _normalise_body(text: str) -> str:
    """Return a note's text without front matter, and with all whitespace collapsed to single spaces."""
    front = find_front_matter(text)
    return " ".join(text[front.body_start if front else 0 :].split())


class ImportPlanner:
    """Plans an import, article by article, on a locked notebook."""

    def __init__(self, session: Session, notebook: OpenNotebook, tags: tuple[str, ...]) -> None:
        self._session, self._notebook, self._tags = session, notebook, tags
        self._known_articles = KnownArticles(notebook)
        self._used_ids: set[str] = set()
        self._now = session.now()

    def find_duplicate(self, parsed: ParsedSource) -> str:
        """Return the handle of the note that an article already is, or an empty string if it is new."""
        return self._known_articles.find_duplicate(parsed)

    def build_note(self, parsed: ParsedSource, removed: Iterable[RemovalOffer]) -> ArticleNote:
        """Build the note that an article becomes, and count it as known from now on.

        An article that has an ID of its own keeps it, unless another note has it.
        """
        article = parsed.article
        removed_blocks = {number for offer in removed for number in offer.block_numbers}
        note_id, path = article.note_id, ""
        remarks: tuple[str, ...] = ()
        if note_id:
            path = self._build_path(note_id, article.title)
            if note_id in self._used_ids or not self._notebook.is_id_free(note_id) or files.exists(self._notebook.root, path):
                remarks = (
                    f"{parsed.display_name}: another note has the ID {note_id}, so this one got a new ID; links to {note_id} lead to the other note",
                )
                path = ""
        if not path:
            build_path = partial(self._build_path, title=article.title)
            note_id, path = find_free_id(self._session, self._notebook, self._now, build_path, self._used_ids)
        self._used_ids.add(note_id)
        text = self._build_text(parsed, removed_blocks, note_id)
        self._known_articles.add(note_id, article.title, text)
        return ArticleNote(note_id, path, article.title, text.encode("utf-8", "replace"), remarks)

    def _build_path(self, note_id: str, title: str) -> str:
        return choose_note_path(self._session, self._notebook, note_id, title)

    def _build_text(self, parsed: ParsedSource, removed_blocks: set[int], note_id: str) -> str:
        article, body = parsed.article, parsed.article.format_body(removed_blocks)
        is_note = bool(article.note_id)
        metadata = {"author": article.author, SOURCE: parsed.origin_name, "published": article.published}
        fields = {key: text for key, text in metadata.items() if text}
        tags = self._tags if is_note else tuple(dict.fromkeys((SOURCE, *self._tags)))
        if article.front_matter:
            return _add_missing_fields(f"{article.front_matter}{body}\n", parsed.fields, fields, tags)
        if not is_note:
            return build_note_text(article.title, format_timestamp(self._now), tags, body, fields)
        body = f"# {article.heading.replace(article.note_id, note_id)}\n\n{body}" if article.heading else body
        if not tags and not fields:
            return body.rstrip("\n") + "\n"
        when = parse_id_time(article.note_id)
        date = f"date: {when.replace('T', ' ')}\n" if when else ""
        return insert_fields(f"---\n{date}---\n\n{body}".rstrip("\n") + "\n", fields, tags)


def _add_missing_fields(text: str, own_fields: dict[str, object] | None, fields: dict[str, str], tags: tuple[str, ...]) -> str:
    """Add the fields and tags that a text's own front matter lacks.

    Returns the text unchanged if its front matter cannot be parsed, or if adding them would change another field.
    """
    if own_fields is None:
        return text
    missing = {key: text for key, text in fields.items() if key not in own_fields}
    after = insert_fields(text, missing, () if TAG_FIELDS & own_fields.keys() else tags)
    parsed = parse_fields(after)
    return after if parsed is not None and all(parsed.get(key) == item for key, item in {**own_fields, **missing}.items()) else text


def build_changes(notes: Iterable[ArticleNote]) -> Changes:
    """Return the changes that create the notes."""
    return Changes(tuple(FileEdit(note.path, None, note.data) for note in notes))


def suggest_for_imports(session: Session, done: Sequence[ImportedArticle]) -> dict[str, NoteSuggestions]:
    """Return the links suggested for each imported note, by path: three for a single note, two each for a few, none for many."""
    if not 0 < len(done) <= MAX_NOTES_WITH_SUGGESTIONS:
        return {}
    notebook = session.open_notebook()
    notebook.refresh(session.console.choose_progress())
    notes = notebook.catalogue.find_notes_by_path(item.note.path for item in done)
    limit = 3 if len(done) == 1 else 2
    return {path: (note, suggest_links(session, note, limit)) for path, note in notes.items()}
