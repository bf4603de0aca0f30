"""Import articles: build the notes, and suggest links for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from zettel.adapters.fs import files
from zettel.adapters.parse import frontmatter
from zettel.model.articles.article import Article, RemovalOffer
from zettel.model.articles.imported import (
    MAX_NOTES_WITH_SUGGESTIONS,
    ArticleNote,
    ImportedArticle,
    NoteSuggestions,
    ParsedSource,
)
from zettel.model.edit.set_fields import FrontMatterParser, find_field, set_fields
from zettel.model.note.new_note import build_note_text, format_timestamp, insert_fields
from zettel.model.text.fast_datetime import datetime
from zettel.model.text.fold import fold
from zettel.model.text.ids import parse_id_time
from zettel.notebook.notebook import OpenNotebook
from zettel.services.import_metadata import SOURCE, find_source
from zettel.services.known_articles import KnownArticles
from zettel.services.new_note import choose_id_step, choose_note_path, find_free_id
from zettel.services.suggest import suggest_links
from zettel.session import Session

FRONT_MATTER_PARSER = FrontMatterParser(frontmatter.parse_fields_or_none, frontmatter.find_values)


class ImportPlanner:
    """Plans an import, article by article, on a locked notebook.

    Articles that say no date get the IDs up to now, so that an import of many does not take those of days to come. `articles` are all that are
    going to be built.
    """

    def __init__(self, session: Session, notebook: OpenNotebook, tags: tuple[str, ...], articles: Sequence[ParsedSource] = ()) -> None:
        self._session, self._notebook, self._tags = session, notebook, tags
        self._known_articles = KnownArticles(notebook)
        self._used_ids: set[str] = set()
        self._next_times: dict[datetime, datetime] = {}
        self._now = session.now()
        undated_count = sum(not one.article.date and not one.article.note_id for one in articles)
        self._first_time = self._now - max(0, undated_count - 1) * choose_id_step(session)

    def find_duplicate(self, parsed: ParsedSource) -> str:
        """Return the handle of the note that an article already is, or an empty string if it is new."""
        return self._known_articles.find_duplicate(parsed)

    def build_note(self, parsed: ParsedSource, removed: Iterable[RemovalOffer]) -> ArticleNote:
        """Build the note that an article becomes, and count it as known from now on.

        An article that has an ID of its own keeps it, unless another note has it. The ID of any other is the time of its date, or now.
        """
        article = parsed.article
        removed_blocks = {number for offer in removed for number in offer.block_numbers}
        note_id, path = article.note_id, ""
        remarks: list[str] = []
        if note_id:
            path = self._build_path(note_id, article.title)
            if note_id in self._used_ids or not self._notebook.is_id_free(note_id) or files.exists(self._notebook.root, path):
                remarks.append(f"{parsed.display_name}: another note has the ID {note_id}, so this one got a new ID")
                path = ""
        if not path:
            note_id, path = self._find_free_id(article)
        self._used_ids.add(note_id)
        text, failed = self._build_text(parsed, removed_blocks, note_id, path)
        if failed:
            remarks.append(
                f"{parsed.display_name}: its front matter stays without {' and '.join(failed)}, which cannot be added to it as it is written"
            )
        title = self._find_title(path, text) if article.front_matter or article.note_id else article.title
        self._known_articles.add(note_id, title, text, is_planned=True)
        return ArticleNote(note_id, path, title, text.encode("utf-8", "replace"), tuple(remarks))

    def _find_free_id(self, article: Article) -> tuple[str, str]:
        """Return a free ID and path. Notes of one time get the IDs that follow it, without trying those again that are in use."""
        wanted = _parse_time(article.date, self._now) if article.date else self._first_time
        start = self._next_times.get(wanted, wanted)
        note_id, path = find_free_id(self._session, self._notebook, start, partial(self._build_path, title=article.title), self._used_ids)
        found = datetime.fromisoformat(parse_id_time(note_id) or start.isoformat())
        self._next_times[wanted] = found + choose_id_step(self._session)
        return note_id, path

    def _build_path(self, note_id: str, title: str) -> str:
        return choose_note_path(self._session, self._notebook, note_id, title)

    def _find_title(self, path: str, text: str) -> str:
        """Return the title that a note with this text would have."""
        return self._notebook.parse_note(path, text.encode("utf-8", "replace")).title

    def _build_text(self, parsed: ParsedSource, removed_blocks: set[int], note_id: str, path: str) -> tuple[str, tuple[str, ...]]:
        """Return the text of a note, and the names of the fields that its own front matter could not get."""
        article, body = parsed.article, parsed.article.format_body(removed_blocks)
        is_note = bool(article.note_id)
        tags = _join_tags(() if is_note else (SOURCE,), article.tags, self._tags)
        if article.front_matter:
            return self._fill_front_matter(parsed, f"{article.front_matter}{body}\n", tags, path)
        metadata = {"author": article.author, SOURCE: parsed.origin_name, "published": article.published, **dict(parsed.document.fields)}
        fields = {key: text for key, text in metadata.items() if text}
        if not is_note:
            return build_note_text(article.title, article.date or format_timestamp(self._now), tags, body, fields), ()
        if article.heading:
            body = f"# {article.heading.replace(article.note_id, note_id)}\n\n{body}"
        else:
            body = body.replace(article.note_id, note_id, 1) if body.startswith(f"# {article.note_id}") else body
        if self._find_title(path, body) != article.title:
            fields = {"title": article.title, **fields}
        when = article.date or (parse_id_time(article.note_id) or "").replace("T", " ")
        if not tags and not fields and not article.date:
            return body.rstrip("\n") + "\n", ()
        date = f"date: {when}\n" if when else ""
        return insert_fields(f"---\n{date}---\n\n{body}".rstrip("\n") + "\n", fields, tags), ()

    def _fill_front_matter(self, parsed: ParsedSource, text: str, tags: tuple[str, ...], path: str) -> tuple[str, tuple[str, ...]]:
        """Return the text with what its own front matter lacks, and with what the user says in place of what it says."""
        article, own, found = parsed.article, parsed.fields, parsed.found or parsed.article
        failed: tuple[str, ...] = ()
        if own is not None:
            has_source = bool(find_source(own)) and article.origin == found.origin
            wanted = {
                "author": (article.author, article.author != found.author or not find_field(own, "author")),
                "date": (article.date, article.date != found.date or not find_field(own, "date")),
                SOURCE: (parsed.origin_name, not has_source),
                "published": (article.published, not find_field(own, "published")),
                **{key: (value, not find_field(own, key)) for key, value in parsed.document.fields},
            }
            fields = {key: value for key, (value, is_due) in wanted.items() if value and is_due}
            if self._find_title(path, text) != article.title:
                fields = {"title": article.title, **fields}
            text, failed = set_fields(text, fields, tags, FRONT_MATTER_PARSER)
        original = parsed.original_text
        has_crlf = "\r\n" in original and original.count("\r\n") == original.count("\n") == original.count("\r")
        return text.replace("\n", "\r\n") if has_crlf else text, failed


def _join_tags(*several: Iterable[str]) -> tuple[str, ...]:
    """Return all tags in order. Of tags that differ only in letter case, the first one is there."""
    joined: dict[str, str] = {}
    for tags in several:
        for tag in tags:
            joined.setdefault(fold(tag), tag)
    return tuple(joined.values())


def _parse_time(date: str, now: datetime) -> datetime:
    """Return the time of a note's date, with the time of day of `now` if it has none, or `now` if an ID cannot be made of it."""
    when = datetime.fromisoformat(date.replace(" ", "T"))
    if len(date) == 10:
        when = datetime.combine(when.date(), now.time())
    return when if when.year >= 1000 else now


def suggest_for_imports(session: Session, done: Sequence[ImportedArticle]) -> dict[str, NoteSuggestions]:
    """Return the links suggested for each imported note, by path: three for a single note, two each for a few, none for many."""
    if not 0 < len(done) <= MAX_NOTES_WITH_SUGGESTIONS:
        return {}
    notebook = session.open_notebook()
    notebook.refresh(session.console.choose_progress())
    notes = notebook.catalogue.find_notes_by_path(item.note.path for item in done)
    limit = 3 if len(done) == 1 else 2
    return {path: (note, suggest_links(session, note, limit)) for path, note in notes.items()}
