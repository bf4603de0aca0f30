"""Test what the readers of exports take for a property, a tag, an item or a table, and what they leave alone."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from zettel.adapters.html.notion_page import split_page
from zettel.adapters.sources import bear, joplin, keep, logseq, notion
from zettel.adapters.sources.notion_database import build_database
from zettel.adapters.sources.properties import apply_properties
from zettel.adapters.sources.times import format_epoch, format_local_time
from zettel.model.articles.imported import SourceDocument
from zettel.model.base.errors import Unreadable

NUMBER = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the local time be nine hours ahead of UTC."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def adapt_notion(text: str, *columns: str) -> SourceDocument:
    """Return a page of Notion with this text."""
    return notion.adapt_page(SourceDocument(f"x/Page {NUMBER}.md", f"Page {NUMBER}", text), frozenset(columns))


def adapt_bear(text: str, *, is_from_bear: bool = True) -> SourceDocument:
    """Return a text with its tags of several words."""
    return bear.adapt_tags(SourceDocument("a.md", "a", text), is_from_bear=is_from_bear)


@pytest.mark.parametrize(
    ("path", "is_page"),
    [
        (f"a/Speed {NUMBER}.md", True),
        (f"Speed-{NUMBER}.html", True),
        ("Speed 01234567-89ab-cdef-0123-456789abcdef.md", True),
        (f"{NUMBER}.md", False),
        (f"Speed {NUMBER}.png", False),
        (f"Speed {NUMBER}0.md", False),
        (f"Speed {NUMBER.upper()}.md", False),
        ("Speed 202405030914.md", False),
    ],
)
def test_page_of_notion_is_known_by_its_name(path: str, is_page: bool) -> None:
    """A page has words and a number of 32 hex digits in its name."""
    assert is_page == notion.is_page(path)


@pytest.mark.parametrize(
    "paragraph",
    [
        "Note: this is how we begin.",
        "Ann: When?\nBob: Now.",
        "Created: a feeling of urgency",
        "It was made by hand.\nCreated: May 3, 2024 9:14 AM",
        "- Status: Done",
        "URL: to be found",
        "> Tags: none",
    ],
)
def test_paragraph_of_notion_is_not_taken_for_properties(paragraph: str) -> None:
    """A first paragraph with colons stays where it is if it is not a block of properties."""
    document = adapt_notion(f"# Page\n\n{paragraph}\n\nMore.\n")
    assert f"# Page\n\n{paragraph}\n\nMore." == document.text
    assert ((), (), "", "") == (document.fields, document.tags, document.created, document.origin)


def test_properties_of_notion_are_fields() -> None:
    """Known properties go where they belong, others are fields of their own, and none is lost."""
    text = "# Page\n\nCreated time: 3 May 2024 21:14\nTags: a, b c\nOwner: Ada\nID: T-7\nYes: no\nReview: weekly\n\nText.\n"
    document = adapt_notion(text)
    assert ("2024-05-03 21:14", ("a", "b c")) == (document.created, document.tags)
    assert (("Owner", "Ada"),) == document.fields
    assert "# Page\n\n- ID: T-7\n- Yes: no\n- Review: weekly\n\nText." == document.text


def test_value_of_several_lines_belongs_to_its_property() -> None:
    """If the columns of the database are known, a line that begins with none of them continues the value before."""
    document = adapt_notion("# Page\n\nSummary: one\nNext: two\nStatus: Open\n\nText.\n", "Name", "Summary", "Status")
    assert (("Summary", "one Next: two"), ("Status", "Open")) == document.fields


def test_first_date_counts() -> None:
    """The day of creation is that of `Created`, and `Date` stays in the text beside it; without `Created`, `Date` counts."""
    document, kept = apply_properties(SourceDocument("a", "a", ""), [("Date", "May 5, 2024"), ("Created", "May 3, 2024")])
    assert ("2024-05-03 00:00", [("Date", "May 5, 2024")]) == (document.created, kept)
    assert "2024-05-05 00:00" == apply_properties(SourceDocument("a", "a", ""), [("Date", "@May 5, 2024")])[0].created


def test_callout_becomes_a_quote() -> None:
    """A callout is a block quote, one within another a deeper one, its icon is dropped, and `<aside>` in code stays."""
    text = '# P\n\n<aside>\n<img src="https://www.notion.so/icons/light-bulb.svg" alt="x" width="40px" />\n\nOne\n\n<aside>\nTwo\n</aside>\n</aside>\n\n```\n<aside>\nx\n```\n'
    assert "# P\n\n> One\n>\n> > Two\n\n\n```\n<aside>\nx\n```" == adapt_notion(text).text


def test_links_into_notion_lead_to_the_pages_of_the_export() -> None:
    """The address of a page names its number, which is also in the name of its file. What the export does not have stays."""
    other = NUMBER[::-1]
    numbers = notion.list_numbers([f"a/Next page {other}.md", f"Table {NUMBER}_all.csv", f"Table {NUMBER}.csv", f"a/{other}.png"])
    assert {other: f"a/Next page {other}.md", NUMBER: f"Table {NUMBER}.csv"} == numbers
    text = f'[one](https://www.notion.so/team/Next-page-{other}?pvs=4#ab) <a href="https://notion.so/{NUMBER}">x</a> [two](https://www.notion.so/{"0" * 32})'
    linked = notion.link_pages(SourceDocument("x", "x", text), "b/c.md", numbers).text
    assert f'[one](../a/Next%20page%20{other}.md) <a href="../Table%20{NUMBER}.csv">x</a> [two](https://www.notion.so/{"0" * 32})' == linked


def test_table_of_notion_has_its_cells_on_one_line() -> None:
    """Line breaks and bars within a cell do not break the table, and rows of one title link to different pages."""
    data = '\ufeffName,Text\nA,"one\ntwo|three"\nA,x\n"",y\n'.encode()
    pages = [f"T/A {'1' * 32}.md", f"T/A {'2' * 32}.md", f"T/Untitled {'3' * 32}.md"]
    document = build_database(f"T {NUMBER}.csv", data, pages)
    assert [
        "| Name | Text |",
        "| --- | --- |",
        f"| [A](T/A%20{'1' * 32}.md) | one<br>two\\|three |",
        f"| [A](T/A%20{'2' * 32}.md) | x |",
        f"| [Untitled](T/Untitled%20{'3' * 32}.md) | y |",
    ] == document.text.splitlines()[2:]


def test_long_cell_of_notion_is_whole() -> None:
    """A value of any length is in the table."""
    document = build_database(f"T {NUMBER}.csv", b'Name,Text\nA,"' + b"x" * 300_000 + b'"\n', [])
    assert f"| A | {'x' * 300_000} |" == document.text.splitlines()[-1]


def test_callout_of_html_becomes_a_quote() -> None:
    """A callout in HTML is a quote, too, without the icon that Notion serves."""
    found = split_page(
        '<html><h1 class="page-title">T</h1><div class="page-body"><figure class="block-color-gray_background callout">'
        '<img class="icon" src="https://www.notion.so/icons/bell.svg"/>Mind this.</figure></div></html>'
    )
    assert found is not None
    assert '<blockquote class="block-color-gray_background callout">Mind this.</blockquote>' in found[0]
    assert [("title", "T")] == found[1]


def test_page_of_another_site_is_not_one_of_notion() -> None:
    """HTML without Notion's title is left alone."""
    assert None is split_page("<html><table class=properties><tr><th>Tags</th><td>x</td></tr></table></html>")


@pytest.mark.parametrize(
    ("text", "tags", "after"),
    [
        ("See #one on one# soon.", ("one on one",), "See one on one soon."),
        ("#people #lead time# #x", ("lead time",), "#people lead time #x"),
        ("#word#", ("word",), "#word"),
        ("#a/b c#", ("a/b c",), "a/b c"),
        ("# Heading #", (), "# Heading #"),
        ("C# and F# are two.", (), "C# and F# are two."),
        ("`#not a tag#`", (), "`#not a tag#`"),
        ("```\n#not a tag#\n```", (), "```\n#not a tag#\n```"),
        ("https://example.org/#a b#", (), "https://example.org/#a b#"),
        ("#one #two", (), "#one #two"),
    ],
)
def test_tags_of_bear(text: str, tags: tuple[str, ...], after: str) -> None:
    """A tag that ends in `#` is one, with blanks and slashes, and nothing else is."""
    document = adapt_bear(text)
    assert (tags, after) == (document.tags, document.text)


def test_tags_of_several_words_need_a_line_of_their_own_elsewhere() -> None:
    """In a text that may not be from Bear, a line of nothing but tags may have such a tag, and prose may not."""
    assert ("lead time",) == adapt_bear("#flow #lead time#", is_from_bear=False).tags
    assert () == adapt_bear("Write #f sharp and c# today.", is_from_bear=False).tags


def test_item_of_joplin_ends_in_its_fields() -> None:
    """The fields are the last lines; a text that looks like fields above an empty line is text, and a note may have none."""
    item = joplin.parse_item("Title\n\nBody\n\nkey: value\n\nid: 1\nsource_url: https://example.org/?a: b\ntype_: 1")
    assert ("Title", "Body\n\nkey: value", {"id": "1", "source_url": "https://example.org/?a: b", "type_": "1"}) == item
    assert ("", "", {"id": "2", "type_": "6"}) == joplin.parse_item("id: 2\ntype_: 6")


def test_note_of_keep_is_known_by_its_fields() -> None:
    """Other JSON is not a note of Keep, and one in the trash is refused."""
    for data in (b"{}", b'["userEditedTimestampUsec"]', b'{"userEditedTimestampUsec": 1}', b'{"createdTimestampUsec": ', b"[" * 100_000):
        assert None is keep.parse_note(data)
    note = keep.parse_note(b'{"userEditedTimestampUsec": 1651314600000000, "textContent": "x", "isTrashed": true}')
    assert note is not None
    with pytest.raises(Unreadable, match="in the trash"):
        keep.build_document("a.json", note, None)


def test_note_of_keep_survives_odd_fields() -> None:
    """Fields of an unexpected type are left out."""
    note = keep.parse_note(
        b'{"userEditedTimestampUsec": "x", "title": 5, "textContent": "Text.", "labels": [1, {"name": null}], "listContent": {"a": 1}, "annotations": null}'
    )
    assert note is not None
    document = keep.build_document("a.json", note, None)
    assert ("Text.", "a", "", ()) == (document.text, document.stem, document.created, document.tags)


def test_page_of_logseq_has_its_properties_as_fields() -> None:
    """Properties at the beginning are fields, those of blocks stay, and what only Logseq needs is dropped."""
    document = logseq.adapt_page(
        SourceDocument(
            "pages/A___B.md", "A___B", "title:: A title\ntags:: [[x]], y\ndate:: soon\n\n- One\n  id:: 64f-1\n- Two\n  owner:: Ada\n"
        )
    )
    assert ("A title", ("x", "y")) == (document.title, document.tags)
    assert "date: soon  \n\n- One\n- Two\n  owner:: Ada\n" == document.text


def test_times_are_local() -> None:
    """A time with a zone is shown in local time, one without stays, and what is not a time is empty."""
    assert "2023-02-01 17:30" == format_local_time("2023-02-01T08:30:00.000Z")
    assert "2023-02-01 08:30" == format_local_time("2023-02-01T08:30:00")
    assert "1970-01-01 09:00" == format_epoch("1", 1000)
    assert ["", "", "", ""] == [format_local_time("9999-99-99"), format_epoch("0", 1000), format_epoch(10**30, 1), format_epoch(None, 1)]
