"""Targets: what people type, and what their settings and templates say."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cache

from tests.attacks.lab.fuzzing.place import home, number, parts, starter
from zettel.adapters import settings as config
from zettel.adapters.fulltext.bulk_writer import IndexEntry
from zettel.adapters.fulltext.index import FullTextIndex
from zettel.adapters.parse import frontmatter
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.base.errors import NoSuchNote, QueryError, Refused, SettingsError, SeveralNotes
from zettel.model.note import new_note
from zettel.model.note.template import TemplateValues, describe_template, fill_template
from zettel.model.search.filter import parse_sort, parse_tag_filters
from zettel.model.search.query import choose_snippet, parse_query
from zettel.model.settings.settings import SPECS, parse_assignment
from zettel.model.text.dates import parse_date_range, parse_timestamp
from zettel.model.text.globs import build_subtree_matcher
from zettel.model.text.ids import find_ids, is_id, parse_id_time
from zettel.model.text.inert import escape_unsafe
from zettel.services.filters import build_filter
from zettel.session import GlobalOptions, Session

TODAY = date(2024, 2, 29)
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


@cache
def fulltext() -> FullTextIndex:
    """The full-text index of the starter notebook."""
    notebook = starter()
    found = FullTextIndex(None)
    found.create()

    def entry(path: str) -> IndexEntry:
        note, reading = notebook.find_notes_by_path([path])[path], notebook.parse_file(path)
        return IndexEntry(path, note.id, note.title, note.aliases, note.tags, note.created, reading.headings, reading.text)

    found.update([note.path for note in notebook.list_notes()], entry, lambda _: None)
    return found


def queries(data: bytes) -> None:
    """Whatever is searched for is found or not, and a filter says which notes, or what is wrong with it."""
    words, tags, sort = parts(data, 3)
    with suppress(QueryError):
        question = parse_query(words, TODAY)
        for any_word in (False, True):
            for path, _ in fulltext().search(question, any_word=any_word)[:1]:
                best = choose_snippet(starter().read_plain_text(path), lambda word: word if word in words else None, len(words))
                assert all(0 <= start <= end <= len(best.text) for start, end in best.marks)
        for term in fulltext().find_unknown_terms(question):
            fulltext().find_similar_words(term.tokens[0])
    with suppress(QueryError):
        assert all(term.key for either in parse_tag_filters(tags) for term in either)
    with suppress(QueryError):
        parse_sort(sort)
    session = Session(GlobalOptions(), {}, starter().root)
    with suppress(QueryError):
        wanted = build_filter(session, {"tag": [tags], "created_after": sort, "folder": words, "limit": number(sort, 9)})
        assert all(words.strip("/") for _ in starter().list_notes(wanted)) or not wanted.folder


def names(data: bytes) -> None:
    """Whatever a note is called by, it is one note, several or none."""
    text, folder = parts(data, 2)
    with suppress(NoSuchNote, SeveralNotes):
        found = starter().resolve_note(text, folder.replace("\0", ""))
        assert starter().find_notes_by_path([found.path])[found.path] == found


def dates(data: bytes) -> None:
    """A date is days of the calendar or said to be none; a time of front matter is one as it is written, or none."""
    text, day = parts(data, 2)
    today = date.min + timedelta(days=sum(day.encode()) * 9973 % (date.max - date.min).days)
    with suppress(QueryError):
        first, last = parse_date_range(text, today)
        assert first < last
    found = parse_timestamp(text)
    if found is not None:
        assert MOMENT.fullmatch(found)
        assert datetime.fromisoformat(found)
    for note_id in find_ids(text):
        assert is_id(note_id)
        when = parse_id_time(note_id)
        assert when is None or when.replace("-", "").replace("T", "").replace(":", "") == note_id
    assert is_id(text) is (find_ids(text) == [text])


def settings(data: bytes) -> None:
    """Any config file is settings that hold, kept and restored as they are, or one error that says what is wrong."""
    file = home() / "config.toml"
    file.write_bytes(data)
    for user, notebook in ((str(file), None), (os.devnull + ".none", str(file))):
        try:
            found, named = config.read_settings(user, notebook)
        except SettingsError as error:
            assert error.message
            assert escape_unsafe(error.message)
            continue
        assert named is None or user == str(file)
        assert found.keys() == SPECS.keys()
        assert config.deserialise_settings(config.serialise_settings(found)) == found
        _used(found)
    with suppress(SettingsError):
        name, given = parse_assignment(data.decode("utf-8", "replace"))
        _used({name: given})


def _used(found: config.dict[str, config.Setting]) -> None:  # type: ignore[name-defined]
    """Do with settings what commands do."""
    ignored = found.get("ignore", ())
    build_subtree_matcher(ignored if isinstance(ignored, tuple) else ())("dir/note.md")
    name = new_note.build_file_name(str(found.get("note.filename", "{id}")), "202104291526", "A title")
    assert "202104291526" in name
    assert "/" not in name


def file_names(data: bytes) -> None:
    """Any title makes a file name: of one folder, not hidden, not too long, with the ID that the note then has, and never an option."""
    title, form = parts(data, 2)
    form = form if "{id}" in form and "/" not in form and form.isprintable() else "{id} {title}"
    name = new_note.build_file_name(form[:60], "202104291526", title)
    assert "/" not in name
    assert "\0" not in name
    assert name[0] not in ".-"
    assert len(os.fsencode(name)) <= 255
    assert "202104291526" == parse_note_bytes(name, b"").id
    text = new_note.build_note_text(title, "2024-02-29 10:00", ("a b", title), title)
    found = parse_note_bytes("a.md", text.encode("utf-8", "replace"))
    assert not [problem for problem in found.problems if problem.code == "front-matter"]
    words, body = new_note.split_title(title)
    assert words == " ".join(words.split())
    assert {*body.split()} <= {*title.split()}


def templates(data: bytes) -> None:
    """A template is filled with what was typed, as the text that it is, or refused; nothing typed becomes a field of its own."""
    template, title, tag, body = parts(data, 4)
    title, tag = (" ".join(text.split()) for text in (title, tag))
    describe_template(template)

    def fields(raw: str, language: str) -> dict[str, object]:
        try:
            return frontmatter.parse_fields(raw, language)
        except frontmatter.UnparsableFrontMatter as error:
            raise Refused(str(error)) from None

    tags = (tag,) if tag and "," not in tag and ";" not in tag and tag.isprintable() and not tag.startswith("#") else ()
    some = TemplateValues("Title", "202104291526", datetime(2024, 2, 29, 10, 0), (), "Body")
    with suppress(Refused):
        plain = fill_template(template, some, fields)
        before = parse_note_bytes("a.md", plain.encode())
        text = fill_template(template, some._replace(title=title, tags=tags, body=body), fields)
        after = parse_note_bytes("a.md", text.encode())
        assert {problem.code for problem in after.problems} <= {problem.code for problem in before.problems}
