"""Recognise articles that the notebook has already."""

from __future__ import annotations

import re

from zettel.model.articles.article import Article
from zettel.model.articles.imported import ParsedSource
from zettel.model.articles.parse import parse_atx_heading, to_plain_title
from zettel.model.note.frontmatter import find_front_matter
from zettel.model.search.filter import Filter, parse_tag_filters
from zettel.model.text.fold import fold
from zettel.model.text.ids import strip_id
from zettel.notebook.notebook import OpenNotebook
from zettel.services.import_metadata import SOURCE

SOURCE_LINE = re.compile(rf"(?m)^[ \t]*[\"']?{SOURCE}[\"']?[ \t]*[:=][ \t]*(?P<origin>[^\r\n]*)")

SURE_WORDS = 20
"""Words that two texts with different titles have at least if they are the same article."""


class KnownArticles:
    """The articles in the notebook and those already planned, to detect duplicates."""

    def __init__(self, notebook: OpenNotebook) -> None:
        self._notebook = notebook
        self._by_origin: dict[str, list[tuple[str, set[str]]]] = {}
        self._by_text: dict[str, list[tuple[str, set[str]]]] = {}
        for note in notebook.catalogue.list_notes(Filter(tags=tuple(parse_tag_filters(SOURCE)))):
            self.add(note.handle, note.title, notebook.read_bytes(note.path).decode("utf-8", "replace"))

    def add(self, handle: str, title: str, text: str, *, is_planned: bool = False) -> None:
        """Add a note, so that later articles are compared with it.

        One that is only planned does not count as the source of its file's name: files in different folders may have the same name and title.
        Nor are its address and title enough for a duplicate: an export may have several notes of one title on the same page.
        """
        heading, bodies = _read_body(text)
        known = handle, {fold(title), fold(strip_id(heading, handle))}
        for origin in _list_origins(text):
            if is_planned and "://" not in origin:
                continue
            self._by_origin.setdefault(origin, []).append((handle, set()) if is_planned else known)
        for body in bodies:
            self._by_text.setdefault(body, []).append(known)

    def find_duplicate(self, parsed: ParsedSource) -> str:
        """Return the handle of the note that this article already is, or an empty string if it is new.

        A note is a duplicate if it is from the web address that a page names as its own, if it has the same title and is from the same address
        or a file of the same name, or if it has the same text, which has the same title, too, if it is short. What the user says of the article
        plays no part.
        """
        article = parsed.found or parsed.article
        titles = {fold(article.title), fold(parsed.article.title)}
        origin = article.origin or parsed.file_name
        is_page_address = parsed.document.is_page and bool(article.origin) and not parsed.document.origin
        for handle, note_titles in self._by_origin.get(_normalise_origin(origin), []) if origin else []:
            if is_page_address or titles & note_titles:
                return handle
        texts = {_normalise_body(article.format_body(removed)) for removed in ((), range(len(article.blocks)))} - {""}
        for text in sorted(texts):
            for handle, note_titles in self._by_text.get(text, []):
                if titles & note_titles or len(text.split()) >= SURE_WORDS:
                    return handle
        return self._find_untagged(article, titles, origin, texts)

    def _find_untagged(self, article: Article, titles: set[str], origin: str, texts: set[str]) -> str:
        """Return the handle of a note without the tag of imported articles that has the ID or title of this one, and its origin or text."""
        catalogue = self._notebook.catalogue
        paths = catalogue.find_paths_by_id(article.note_id) if article.note_id else ()
        notes = {note.path: note for title in titles for note in catalogue.find_notes_by_title(title)} | catalogue.find_notes_by_path(paths)
        for note in notes.values():
            text = self._notebook.read_bytes(note.path).decode("utf-8", "replace")
            heading, bodies = _read_body(text)
            has_title = bool(titles & {fold(note.title), fold(strip_id(heading, note.id))})
            if has_title and ((origin and _normalise_origin(origin) in _list_origins(text)) or texts & {*bodies}):
                return note.handle
        return ""


def _list_origins(text: str) -> list[str]:
    """Return the origins that a note's front matter names."""
    front = find_front_matter(text)
    return [_normalise_origin(found["origin"]) for found in SOURCE_LINE.finditer(front.raw[:5000])] if front and SOURCE in front.raw else []


def _normalise_origin(origin: str) -> str:
    """Return a web address as it is, and a file's path as its name without folders."""
    origin = origin.strip("'\" ,\r")
    return origin if "://" in origin else origin.rpartition("/")[2]


def _read_body(text: str) -> tuple[str, list[str]]:
    """Return the heading with which a note's text begins, and its text, with that heading and without it."""
    front = find_front_matter(text)
    body = text[front.body_start if front else 0 :].strip()
    first, _, rest = body.partition("\n")
    heading = parse_atx_heading(first)
    bodies = [" ".join(part.split()) for part in ([body, rest] if heading else [body])]
    return to_plain_title(heading or ""), [part for part in bodies if part]


def _normalise_body(text: str) -> str:
    """Return a text with all whitespace collapsed to single spaces."""
    return " ".join(text.split())
