"""Targets: what people type, and what their settings and templates say."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cache

from tests.attacks.lab.fuzzing.place import home, number, parts, starter
from zettel.adapters import frontmatter
from zettel.adapters import settings as config
from zettel.adapters.fulltext import FullText
from zettel.adapters.reader import read
from zettel.adapters.segments import Entry
from zettel.commands.parts.shared import filter_of
from zettel.model import writing
from zettel.model.dates import parse_moment, span
from zettel.model.errors import NoSuchNote, QueryError, Refused, SettingsError, SeveralNotes
from zettel.model.globs import covers
from zettel.model.ids import ids_in, is_id, moment
from zettel.model.query import order, tag_terms
from zettel.model.searching import ask, snippet
from zettel.model.settings import ROWS, from_text
from zettel.model.template import Facts, about, filled
from zettel.model.text import inert
from zettel.session import Globals, Session

TODAY = date(2024, 2, 29)
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


@cache
def fulltext() -> FullText:
    """The full-text index of the starter notebook."""
    notebook = starter()
    found = FullText(None)
    found.make()

    def entry(path: str) -> Entry:
        note, reading = notebook.by_paths([path])[path], notebook.reading(path)
        return Entry(path, note.id, note.title, note.aliases, note.tags, note.created, reading.headings, reading.text)

    found.update([note.path for note in notebook.notes()], entry, lambda _: None)
    return found


def queries(data: bytes) -> None:
    """Whatever is searched for is found or not, and a filter says which notes, or what is wrong with it."""
    words, tags, sort = parts(data, 3)
    with suppress(QueryError):
        question = ask(words, TODAY)
        for any_word in (False, True):
            for path, _ in fulltext().search(question, any_word=any_word)[:1]:
                best = snippet(starter().text(path), lambda word: word if word in words else None, len(words))
                assert all(0 <= start <= end <= len(best.text) for start, end in best.marks)
        for term in fulltext().unknown(question):
            fulltext().nearest(term.tokens[0])
    with suppress(QueryError):
        assert all(term.key for either in tag_terms(tags) for term in either)
    with suppress(QueryError):
        order(sort)
    session = Session(Globals(), {}, starter().root)
    with suppress(QueryError):
        wanted = filter_of(session, {"tag": [tags], "created_after": sort, "folder": words, "limit": number(sort, 9)})
        assert all(words.strip("/") for _ in starter().notes(wanted)) or not wanted.folder


def names(data: bytes) -> None:
    """Whatever a note is called by, it is one note, several or none."""
    text, folder = parts(data, 2)
    with suppress(NoSuchNote, SeveralNotes):
        found = starter().note(text, folder.replace("\0", ""))
        assert starter().by_paths([found.path])[found.path] == found


def dates(data: bytes) -> None:
    """A date is days of the calendar or said to be none; a time of front matter is one as it is written, or none."""
    text, day = parts(data, 2)
    today = date.min + timedelta(days=sum(day.encode()) * 9973 % (date.max - date.min).days)
    with suppress(QueryError):
        first, last = span(text, today)
        assert first < last
    found = parse_moment(text)
    if found is not None:
        assert MOMENT.fullmatch(found)
        assert datetime.fromisoformat(found)
    for note_id in ids_in(text):
        assert is_id(note_id)
        when = moment(note_id)
        assert when is None or when.replace("-", "").replace("T", "").replace(":", "") == note_id
    assert is_id(text) is (ids_in(text) == [text])


def settings(data: bytes) -> None:
    """Any config file is settings that hold, kept and restored as they are, or one error that says what is wrong."""
    file = home() / "config.toml"
    file.write_bytes(data)
    for user, notebook in ((str(file), None), (os.devnull + ".none", str(file))):
        try:
            found, named = config.load(user, notebook)
        except SettingsError as error:
            assert error.message
            assert inert(error.message)
            continue
        assert named is None or user == str(file)
        assert found.keys() == ROWS.keys()
        assert config.restored(config.compiled(found)) == found
        _used(found)
    with suppress(SettingsError):
        name, given = from_text(data.decode("utf-8", "replace"))
        _used({name: given})


def _used(found: config.dict[str, config.Setting]) -> None:  # type: ignore[name-defined]
    """Do with settings what commands do."""
    ignored = found.get("ignore", ())
    covers(ignored if isinstance(ignored, tuple) else ())("dir/note.md")
    name = writing.file_name(str(found.get("note.filename", "{id}")), "202104291526", "A title")
    assert "202104291526" in name
    assert "/" not in name


def file_names(data: bytes) -> None:
    """Any title makes a file name: of one folder, not hidden, not too long, with the ID that the note then has, and never an option."""
    title, form = parts(data, 2)
    form = form if "{id}" in form and "/" not in form and form.isprintable() else "{id} {title}"
    name = writing.file_name(form[:60], "202104291526", title)
    assert "/" not in name
    assert "\0" not in name
    assert name[0] not in ".-"
    assert len(os.fsencode(name)) <= 255
    assert "202104291526" == read(name, b"").id
    text = writing.note_text(title, "2024-02-29 10:00", ("a b", title), title)
    found = read("a.md", text.encode("utf-8", "replace"))
    assert not [problem for problem in found.problems if problem.code == "front-matter"]
    words, body = writing.title_and_body(title)
    assert words == " ".join(words.split())
    assert {*body.split()} <= {*title.split()}


def templates(data: bytes) -> None:
    """A template is filled with what was typed, as the text that it is, or refused; nothing typed becomes a field of its own."""
    template, title, tag, body = parts(data, 4)
    title, tag = (" ".join(text.split()) for text in (title, tag))
    about(template)

    def fields(raw: str, language: str) -> dict[str, object]:
        try:
            return frontmatter.fields(raw, language)
        except frontmatter.Unparsable as error:
            raise Refused(str(error)) from None

    tags = (tag,) if tag and "," not in tag and ";" not in tag and tag.isprintable() and not tag.startswith("#") else ()
    some = Facts("Title", "202104291526", datetime(2024, 2, 29, 10, 0), (), "Body")
    with suppress(Refused):
        plain = filled(template, some, fields)
        before = read("a.md", plain.encode())
        text = filled(template, some._replace(title=title, tags=tags, body=body), fields)
        after = read("a.md", text.encode())
        assert {problem.code for problem in after.problems} <= {problem.code for problem in before.problems}
