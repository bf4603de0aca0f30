"""Filing articles: which are in the notebook already, and what the notes of the others are called and say. Used by import."""

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
"""The tag of imported articles, and the field that says where they are from."""


TAGS = {"tags", "tag", "keywords"}


class Filed(NamedTuple):
    """The note that an article becomes, and what people are told about it."""

    note_id: str
    path: str
    title: str
    data: bytes
    remarks: tuple[str, ...] = ()


class Known:
    """What is in the notebook already, and what is about to be: to tell an article that was imported before."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self._by_source: dict[str, list[tuple[str, str]]] = {}
        self._by_text: dict[str, str] = {}
        for note in notebook.notes(Filter(tags=tuple(tag_terms(SOURCE)))):
            self.add(note.handle, note.title, notebook.data(note.path).decode("utf-8", "replace"))

    def add(self, handle: str, title: str, text: str) -> None:
        """Take note of a note."""
        for place in _places(text):
            self._by_source.setdefault(place, []).append((handle, fold(title)))
        self._by_text.setdefault(_body(text), handle)

    def already(self, one: Taken) -> str:
        """The note that this article is already; empty if it is new.

        It is one from the same web address, one of the same title from a file of the same name, or one with the same text.
        """
        article, title = one.article, fold(one.article.title)
        for handle, its in self._by_source.get(_place(one.origin), []) if one.origin else []:
            if article.origin or its == title:
                return handle
        texts = {_body(article.body(gone)) for gone in ((), range(len(article.blocks)))} - {""}
        by_text = [same for text in sorted(texts) if (same := self._by_text.get(text))]
        for note in self._notebook.titled(article.title):
            whole = self._notebook.data(note.path).decode("utf-8", "replace")
            if one.origin and _place(one.origin) in _places(whole):
                return note.handle
            text = _body(whole)
            by_text += [note.handle] if text.removeprefix(f"# {article.heading}").strip() in texts else []
        return by_text[0] if by_text else ""


def _places(text: str) -> list[str]:
    """Where a note says that it is from."""
    return [_place(line.removeprefix(f"{SOURCE}: ")) for line in text[:5000].split("\n") if line.startswith(f"{SOURCE}: ")]


def _place(origin: str) -> str:
    """A web address, or a file's name without the folder that it was imported from."""
    place = origin.strip('" \r')
    return place if "://" in place else place.rpartition("/")[2]


def _body(text: str) -> str:
    """A note's text without its front matter and blanks."""
    front = split(text)
    return " ".join(text[front.end if front else 0 :].split())


class Filing:
    """The plan of an import, article by article, on a locked notebook."""

    def __init__(self, session: Session, notebook: Notebook, tags: tuple[str, ...]) -> None:
        self._session, self._notebook, self._tags = session, notebook, tags
        self._known = Known(notebook)
        self._taken: set[str] = set()
        self._now = session.now()

    def already(self, one: Taken) -> str:
        """The note that an article is already; empty if it is new."""
        return self._known.already(one)

    def filed(self, one: Taken, removed: Iterable[Offer]) -> Filed:
        """The note that an article becomes; one that is a note already keeps its ID, if no other has it."""
        article = one.article
        gone = {number for offer in removed for number in offer.blocks}
        note_id, path = article.note_id, ""
        remarks: tuple[str, ...] = ()
        if note_id:
            path = self._path(note_id, article.title)
            if note_id in self._taken or not self._notebook.is_free(note_id) or files.exists(self._notebook.root, path):
                remarks = (
                    f"{one.called}: another note has the ID {note_id}, so this one got a new ID; links to {note_id} lead to the other",
                )
                path = ""
        if not path:
            note_id, path = free(self._notebook, self._session, self._now, article.title, taken=self._taken)
        self._taken.add(note_id)
        text = self._text(one, gone, note_id)
        self._known.add(note_id, article.title, text)
        return Filed(note_id, path, article.title, text.encode("utf-8", "replace"), remarks)

    def _path(self, note_id: str, title: str) -> str:
        folder, form = str(self._session.setting("note.folder")), str(self._session.setting("note.filename"))
        return "/".join([*filter(None, folder.split("/")), file_name(form, note_id, title)])

    def _text(self, one: Taken, gone: set[int], note_id: str) -> str:
        article, body = one.article, one.article.body(gone)
        is_note = bool(article.note_id)
        known = {"author": article.author, SOURCE: one.origin, "published": article.published}
        fields = {key: text for key, text in known.items() if text}
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
    """A text with the fields that its own front matter lacks; it is left as it is where they cannot be added and everything else stay the same."""
    if own is None:
        return text
    missing = {key: given for key, given in fields.items() if key not in own}
    after = with_fields(text, missing, () if TAGS & own.keys() else tags)
    read = fields_of(after)
    return after if read is not None and all(read.get(key) == item for key, item in {**own, **missing}.items()) else text


def changes(filed: Iterable[Filed]) -> Changes:
    """The notes that are to be made."""
    return Changes(tuple(Edit(note.path, None, note.data) for note in filed))
