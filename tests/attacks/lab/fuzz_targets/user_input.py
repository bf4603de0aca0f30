"""Targets: what people type, and what their settings and templates say."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import cache

from tests.attacks.lab.fuzz_targets.workspace import choose_number, get_home, open_starter, split_texts
from zettel.adapters import config_file
from zettel.adapters import settings as config
from zettel.adapters.fulltext.index import FullTextIndex
from zettel.adapters.parse import frontmatter
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.base.errors import NoSuchNote, QueryError, Refused, SettingsError, SeveralNotes
from zettel.model.note import draft_title, new_note
from zettel.model.note.template import TemplateValues, describe_template, fill_template
from zettel.model.search.filter import parse_sort, parse_tag_filters
from zettel.model.search.query import parse_query
from zettel.model.settings.settings import KEYS, SPECS, parse_assignment
from zettel.model.text.dates import parse_date_range, parse_timestamp
from zettel.model.text.globs import build_subtree_matcher
from zettel.model.text.ids import find_ids, is_id, parse_id_time
from zettel.model.text.inert import escape_unsafe
from zettel.services.filters import FilterOptions, build_filter
from zettel.services.search import search_index
from zettel.session import GlobalOptions, Session
from zettel.views.search import SnippetChooser

TODAY = date(2024, 2, 29)
TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")


@cache
def get_index() -> FullTextIndex:
    """Return the full-text index of the starter notebook, built on first use."""
    return open_starter().query_fulltext(lambda index: index)


def check_queries(data: bytes) -> None:
    """Any query finds notes or none, and any filter selects notes or is reported as wrong."""
    words, tags, sort = split_texts(data, 3)
    with suppress(QueryError):
        found = search_index(open_starter(), get_index(), parse_query(words, TODAY), limit=1)
        for hit in found.hits[:1]:
            best, _ = SnippetChooser(found).choose(hit, open_starter().catalogue.find_notes_by_path([hit.path])[hit.path])
            assert all(0 <= start <= end <= len(best.text) for start, end in best.marks)
    with suppress(QueryError):
        assert all(term.key for either in parse_tag_filters(tags) for term in either)
    with suppress(QueryError):
        parse_sort(sort)
    session = Session(GlobalOptions(), {}, open_starter().root)
    with suppress(QueryError):
        wanted = build_filter(session, FilterOptions(tag=[tags], created_after=sort, folder=words, limit=choose_number(sort, 9)))
        assert all(words.strip("/") for _ in open_starter().catalogue.list_notes(wanted)) or not wanted.folder


def check_names(data: bytes) -> None:
    """Any name stands for one note, several or none."""
    text, folder = split_texts(data, 2)
    with suppress(NoSuchNote, SeveralNotes):
        found = open_starter().resolve_note(text, folder.replace("\0", ""))
        assert open_starter().catalogue.find_notes_by_path([found.path])[found.path] == found


def check_dates(data: bytes) -> None:
    """A date is a range of days or is reported as wrong, and a time in front matter is parsed as it is written, or not at all."""
    text, day = split_texts(data, 2)
    today = date.min + timedelta(days=sum(day.encode()) * 9973 % (date.max - date.min).days)
    with suppress(QueryError):
        first, last = parse_date_range(text, today)
        assert first < last
    found = parse_timestamp(text)
    if found is not None:
        assert TIMESTAMP.fullmatch(found)
        assert datetime.fromisoformat(found)
    for note_id in find_ids(text):
        assert is_id(note_id)
        when = parse_id_time(note_id)
        assert when is None or when.replace("-", "").replace("T", "").replace(":", "") == note_id
    assert is_id(text) is (find_ids(text) == [text])


def check_settings(data: bytes) -> None:
    """Any config file is parsed to valid settings, which are stored and restored unchanged, and to errors that say what is wrong."""
    file = get_home() / "config.toml"
    file.write_bytes(data)
    for user, notebook in ((str(file), None), (os.devnull + ".none", str(file))):
        found, named = config_file.read_settings(user, notebook)
        for error in found.list_unraised():
            assert error.message
            assert escape_unsafe(error.message)
        assert named is None or user == str(file)
        names = found.keys() | found.errors.keys() - {config_file.NOTEBOOK_KEY}
        assert {KEYS if name.startswith("keys.") else name for name in names} | {KEYS} == SPECS.keys()
        assert found.keys().isdisjoint(found.errors)
        if not (found.errors or found.ignored):
            assert config.deserialise_settings(config.serialise_settings(found)) == found
        _use_settings(found)
    with suppress(SettingsError):
        name, given = parse_assignment(data.decode("utf-8", "replace"))
        _use_settings({name: given})


def _use_settings(found: config.dict[str, config.Setting]) -> None:  # type: ignore[name-defined]
    """Use settings as commands do."""
    ignored = found.get("ignore", ())
    build_subtree_matcher(ignored if isinstance(ignored, tuple) else ())("dir/note.md")
    name = new_note.build_file_name(str(found.get("note.filename", "{id}")), "202104291526", "A title")
    assert "202104291526" in name
    assert "/" not in name


def check_file_names(data: bytes) -> None:
    """Any title makes a file name in one folder that is not hidden, not too long, has the note's ID, and is never taken for an option."""
    title, form = split_texts(data, 2)
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
    words, body = draft_title.split_title(title)
    assert words == " ".join(words.split())
    assert {*body.split()} <= {*title.split()}


def check_templates(data: bytes) -> None:
    """A template is filled with exactly what was typed, or refused. Nothing typed becomes a field of its own."""
    template, title, tag, body = split_texts(data, 4)
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
