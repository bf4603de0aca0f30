"""Targets: what is imported, and what is written as drawings and tables."""

from __future__ import annotations

import csv
import io
import json
import re
from contextlib import suppress
from xml.etree import ElementTree

from tests.attacks.lab.fuzz_targets.workspace import split_texts
from zettel.adapters import encoding as text_encoding
from zettel.adapters.html import page as web_page
from zettel.adapters.networkx_graph import build_multigraph, format_graphml
from zettel.adapters.parse.frontmatter import UnparsableFrontMatter, parse_fields
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.articles import styled
from zettel.model.articles.article import Article
from zettel.model.articles.parse import build_page_article, parse_text
from zettel.model.base.answer import Column, Rows
from zettel.model.base.errors import ZettelError
from zettel.model.link.link import Link, Resolution, ResolvedLink
from zettel.model.note.new_note import build_note_text
from zettel.model.note.note import Note
from zettel.model.text.fold import fold_letters
from zettel.model.text.inert import clip, escape_unsafe
from zettel.output import csv as csv_output
from zettel.output import dot_mermaid, html
from zettel.output import json as json_output

CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def check_pages(data: bytes) -> None:
    """Any page becomes an article whose links run nothing, and a note that can be parsed again."""
    decoded = text_encoding.decode_source(data, is_html=True)
    if decoded is None:
        return
    page = web_page.parse_page(text_encoding.fix_text(decoded.text).text)
    article = build_page_article(*page[:5])
    _check_article(article)
    for link in parse_note_bytes("a.md", _build_note(article)).links:
        assert not link.dest.lower().startswith(("javascript:", "data:", "vbscript:"))


def check_texts(data: bytes) -> None:
    """Any text in any encoding that has a name becomes an article, or is reported as not being text."""
    name, _, rest = data.partition(b"\xff")
    for encoding in ("", name.decode("ascii", "ignore").replace("\0", "")):
        with suppress(LookupError):
            decoded = text_encoding.decode_source(rest if encoding else data, encoding)
            if decoded is not None:
                _check_article(parse_text(text_encoding.fix_text(decoded.text).text))


def _build_note(article: Article) -> bytes:
    return build_note_text(article.title, "2024-02-29 10:00", ("source",), article.format_body(()), {"author": article.author}).encode(
        "utf-8", "replace"
    )


def _check_article(article: Article) -> None:
    for text in (article.title, article.author):
        assert text == " ".join(text.split())
        assert not CONTROL_CHARACTERS.search(text)
    assert "\r" not in article.format_body(())
    assert not article.published or re.fullmatch(r"\d{4}-\d\d-\d\d", article.published)
    article.format_body(range(len(article.blocks)))
    note = parse_note_bytes("a.md", _build_note(article))
    assert not note.problems
    with suppress(UnparsableFrontMatter):
        parse_fields(article.front_matter, "yaml")


def check_letters(data: bytes) -> None:
    """Plain letters stay plain, printable ASCII stays as it is, and nothing that is shown can control a terminal."""
    text = data.decode("utf-8", "replace")
    done = styled.strip_styles(text)
    assert done == styled.strip_styles(done)
    styled.convert_styles(text)
    if text.isascii() and text.isprintable():
        assert text == done == escape_unsafe(text)
    shown = escape_unsafe(text)
    assert shown == escape_unsafe(shown)
    assert not CONTROL_CHARACTERS.search(shown)
    assert "\n" not in shown
    assert len(clip(text, 20)) <= 20
    fold_letters(text)


def check_drawings(data: bytes) -> None:
    """Whatever notes are called, drawings, tables and pages of them can be parsed, and contain only what was put into them."""
    title, tag, path, sentence = split_texts(data, 4)
    path = path.replace("\0", "") or "a.md"
    notes = [
        Note(path, None, title or "x", (), (tag,), "2024", "2024", 1, 1, 1),
        Note(path + "b", "202104291526", title, (), (), "", "", 0, 0, 0),
    ]
    link = Link(path, "wiki", sentence, title, tag, 1, 0, 1, (title,), sentence, (0, 0))
    links = [ResolvedLink(link, Resolution("ok", path + "b"))]
    root = ElementTree.fromstring(format_graphml(build_multigraph(notes, links)))
    assert 2 == len(root.findall(".//{*}node"))
    dot = dot_mermaid.format_graph_source("dot", notes, links)
    assert 7 == len(dot.splitlines()), dot
    for line in dot.splitlines():
        assert 0 == re.sub(r"\\.", "", line).count('"') % 2
    assert 4 == len(dot_mermaid.format_graph_source("mermaid", notes, links).splitlines())
    page = html.render_graph_page(html.WholeNotebook(title, notes), notes, links, lambda note, numbers: [sentence, ["a", path, title]])
    assert 4 == len(re.findall(r"<script\b", page, re.IGNORECASE))
    rows = [{"title": title, "tags": [tag], "path": path}]
    answer = Rows(name="notes", rows=rows, columns=tuple(Column(key, key) for key in ("title", "tags", "path")))
    table = list(csv.reader(io.StringIO(csv_output.render_csv(answer), newline="")))
    assert [3, 3] == [len(row) for row in table]
    assert not any(cell[:1] in ("=", "+", "-", "@") for row in table for cell in row)
    assert title == json.loads(json_output.render_json(answer, "\n"))["notes"][0]["title"]
    str(ZettelError(title, tag))
