"""File imported articles: detect those that are already in the notebook, and build the notes for the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from zettel.adapters import files
from zettel.commands.new import free
from zettel.commands.parts.intake import Taken, fields_of
from zettel.model.articles.article import Offer
from zettel.model.editing.changes import Changes, Edit
from zettel.model.frontmatter import split
from zettel.model.ids import moment
from zettel.model.query import Filter, tag_terms
from zettel.model.text import fold
from zettel.model.writing import file_name, moment_text, note_text, with_fields
from zettel.notebook import Notebook
from zettel.session import Session

SOURCE = "source"
"""The tag of imported articles, and the front matter field that holds their origin."""

TAGS = {"tags", "tag", "keywords"}
"""Front matter fields that hold tags."""


class Filed(NamedTuple):
    """The note that an article becomes, and remarks for the user."""

    note_id: str
    path: str
    title: str
    data: bytes
    remarks: tuple[str, ...] = ()


class Known:
    """The articles in the notebook and those already planned, to detect duplicates."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self._by_source: dict[str, list[tuple[str, str]]] = {}
        self._by_text: dict[str, str] = {}
        for note in notebook.notes(Filter(tags=tuple(tag_terms(SOURCE)))):
            self.add(note.handle, note.title, notebook.data(note.path).decode("utf-8", "replace"))

    def add(self, handle: str, title: str, text: str) -> None:
        """Add a note, so that later articles are compared with it."""
        for origin in _places(text):
            self._by_source.setdefault(origin, []).append((handle, fold(title)))
        self._by_text.setdefault(_body(text), handle)

    def already(self, one: Taken) -> str:
        """Return the handle of the note that this article already is, or an empty string if it is new.

        A note is a duplicate if it is from the same web address, has the same title and is from a file of the same name, or has the
        same text.
        """
        article, title = one.article, fold(one.article.title)
        for handle, note_title in self._by_source.get(_place(one.origin), []) if one.origin else []:
            if article.origin or note_title == title:
                return handle
        texts = {_body(article.body(removed)) for removed in ((), range(len(article.blocks)))} - {""}
        by_text = [same for text in sorted(texts) if (same := self._by_text.get(text))]
        for note in self._notebook.titled(article.title):
            whole_text = self._notebook.data(note.path).decode("utf-8", "replace")
            if one.origin and _place(one.origin) in _places(whole_text):
                return note.handle
            text = _body(whole_text)
            by_text += [note.handle] if text.removeprefix(f"# {article.heading}").strip() in texts else []
        return by_text[0] if by_text else ""


def _places(text: str) -> list[str]:
    """Return the origins that a note's front matter names."""
    return [_place(line.removeprefix(f"{SOURCE}: ")) for line in text[:5000].split("\n") if line.startswith(f"{SOURCE}: ")]


def _place(origin: str) -> str:
    """Return a web address as it is, and a file's path as its name without folders."""
    origin = origin.strip('" \r')
    return origin if "://" in origin else origin.rpartition("/")[2]


def _body(text: str) -> str:
    """Return a note's text without front matter, and with all whitespace collapsed to single spaces."""
    front = split(text)
    return " ".join(text[front.end if front else 0 :].split())


class Filing:
    """Plans an import, article by article, on a locked notebook."""

    def __init__(self, session: Session, notebook: Notebook, tags: tuple[str, ...]) -> None:
        self._session, self._notebook, self._tags = session, notebook, tags
        self._known = Known(notebook)
        self._taken: set[str] = set()
        self._now = session.now()

    def already(self, one: Taken) -> str:
        """Return the handle of the note that an article already is, or an empty string if it is new."""
        return self._known.already(one)

    def filed(self, one: Taken, removed: Iterable[Offer]) -> Filed:
        """Build the note that an article becomes, and count it as known from now on.

        An article that has an ID of its own keeps it, unless another note has it.
        """
        article = one.article
        removed_blocks = {number for offer in removed for number in offer.blocks}
        note_id, path = article.note_id, ""
        remarks: tuple[str, ...] = ()
        if note_id:
            path = self._path(note_id, article.title)
            if note_id in self._taken or not self._notebook.is_free(note_id) or files.exists(self._notebook.root, path):
                remarks = (
                    f"{one.called}: another note has the ID {note_id}, so this one got a new ID; links to {note_id} lead to the other note",
                )
                path = ""
        if not path:
            note_id, path = free(self._notebook, self._session, self._now, article.title, taken=self._taken)
        self._taken.add(note_id)
        text = self._text(one, removed_blocks, note_id)
        self._known.add(note_id, article.title, text)
        return Filed(note_id, path, article.title, text.encode("utf-8", "replace"), remarks)

    def _path(self, note_id: str, title: str) -> str:
        folder, pattern = str(self._session.setting("note.folder")), str(self._session.setting("note.filename"))
        return "/".join([*filter(None, folder.split("/")), file_name(pattern, note_id, title)])

    def _text(self, one: Taken, gone: set[int], note_id: str) -> str:
        article, body = one.article, one.article.body(gone)
        is_note = bool(article.note_id)
        metadata = {"author": article.author, SOURCE: one.origin, "published": article.published}
        fields = {key: text for key, text in metadata.items() if text}
        tags = self._tags if is_note else tuple(dict.fromkeys((SOURCE, *self._tags)))
        if article.front:
            return _completed(f"{article.front}{body}\n", one.fields, fields, tags)
        if not is_note:
            return note_text(article.title, moment_text(self._now), tags, body, fields)
        body = f"# {article.heading.replace(article.note_id, note_id)}\n\n{body}" if article.heading else body
        if not tags and not fields:
            return body.rstrip("\n") + "\n"
        when = moment(article.note_id)
        date = f"date: {when.replace('T', ' ')}\n" if when else ""
        return with_fields(f"---\n{date}---\n\n{body}".rstrip("\n") + "\n", fields, tags)


def _completed(text: str, own: dict[str, object] | None, fields: dict[str, str], tags: tuple[str, ...]) -> str:
    """Add the fields and tags that a text's own front matter lacks.

    Returns the text unchanged if its front matter cannot be parsed, or if adding them would change another field.
    """
    if own is None:
        return text
    missing = {key: text for key, text in fields.items() if key not in own}
    after = with_fields(text, missing, () if TAGS & own.keys() else tags)
    parsed = fields_of(after)
    return after if parsed is not None and all(parsed.get(key) == item for key, item in {**own, **missing}.items()) else text


def changes(filed: Iterable[Filed]) -> Changes:
    """Return the changes that create the notes."""
    return Changes(tuple(Edit(note.path, None, note.data) for note in filed))
