"""Test how fields and tags get into the front matter that a text brings along."""

from __future__ import annotations

import pytest

from zettel.adapters.parse.frontmatter import find_values, parse_fields_or_none
from zettel.model.edit.set_fields import FrontMatterParser, set_fields

PARSER = FrontMatterParser(parse_fields_or_none, find_values)


def fill(front: str, fields: dict[str, str], *tags: str) -> str:
    """Return front matter with fields and tags set. Its body stays."""
    filled = set_fields(f"{front}\nBody.\n", fields, tags, PARSER)
    assert () == filled.failed
    assert filled.text.endswith("\nBody.\n")
    return filled.text.removesuffix("\nBody.\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: Old # why", "title: New # why"),
        ('Title: "Old"', 'Title: "New"'),
        ("title: 'It''s old'\nx:  1", "title: 'New'\nx:  1"),
        ("title: >\n  Old\n  words\nx: 1", "title: New\nx: 1"),
        ("title:\nx: 1", "title: New\nx: 1"),
        ("x: 1", "x: 1\ntitle: New"),
        ("# a comment\n\ntitle: Old\n\n# another", "# a comment\n\ntitle: New\n\n# another"),
    ],
)
def test_a_title_is_replaced_in_place(before: str, after: str) -> None:
    """The title is written where the old one was, as that was quoted, and all other lines stay."""
    assert f"---\n{after}\n---" == fill(f"---\n{before}\n---", {"title": "New"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tags: [a, b] # few", "tags: [a, b, c, d] # few"),
        ("tags: ['a']", "tags: ['a', 'c', 'd']"),
        ("tags: []", "tags: [c, d]"),
        ("tags:", "tags: [c, d]"),
        ("tags: a", "tags: a, c, d"),
        ("tags: a b", "tags: a b c d"),
        ('keywords: "a; b"', 'keywords: "a; b; c; d"'),
        ("tags:\n  - a # first\n\n# rest\nx: 1", "tags:\n  - a # first\n  - c\n  - d\n\n# rest\nx: 1"),
        ("tags:\n- a\n- C", "tags:\n- a\n- C\n- d"),
        ("tags: [\n  a,\n  b,\n]", "tags: [\n  a,\n  b, c, d,\n]"),
        ("x: 1", "x: 1\ntags: [c, d]"),
        ("tags: [D, c]", "tags: [D, c]"),
    ],
)
def test_tags_join_those_that_are_there(before: str, after: str) -> None:
    """Tags are added in the form of those that are there, and none that is there in another letter case."""
    assert f"---\n{after}\n---" == fill(f"---\n{before}\n---", {}, "c", "d")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("author: [Ann, Bo] # two", "author: [Mia] # two"),
        ("authors:\n  - Ann\n  - Bo\nx: 1", "authors:\n  - Mia\nx: 1"),
        ("author:\n  name: Ann\n  url: x\nx: 1", "author: Mia\nx: 1"),
        ("author: {name: Ann}", "author: Mia"),
    ],
)
def test_an_author_replaces_a_list_or_a_mapping(before: str, after: str) -> None:
    """A list keeps its form with one item, and a mapping gives way to the name."""
    assert f"---\n{after}\n---" == fill(f"---\n{before}\n---", {"author": "Mia"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("created: 2020-01-01T10:00:00Z", "created: 2024-05-03 14:05"),
        ('created: "May 4, 2020"\ndate: 2020-01-01', 'created: "May 4, 2020"\ndate: 2024-05-03 14:05'),
        ("x: 1", "x: 1\ndate: 2024-05-03 14:05"),
    ],
)
def test_a_date_replaces_the_one_that_counts(before: str, after: str) -> None:
    """Of several fields with a date, the one that says when the note was written gets it."""
    assert f"---\n{after}\n---" == fill(f"---\n{before}\n---", {"date": "2024-05-03 14:05"})


def test_toml_stays_toml() -> None:
    """Fields of TOML are found above its tables, its dates stay dates, and new fields come first."""
    before = "+++\ndate = 2020-01-01T10:00:00Z # then\ntags = [\n  'a',\n]\n[extra]\ntitle = 'no'\n+++"
    after = "+++\ntitle = \"New\"\ndate = 2024-05-03T14:05:00 # then\ntags = [\n  'a', 'c',\n]\n[extra]\ntitle = 'no'\n+++"
    assert after == fill(before, {"title": "New", "date": "2024-05-03 14:05"}, "c")


def test_json_stays_json() -> None:
    """In JSON every value is in quotes, and a new field is the first one."""
    before = '---\n{\n\t"title": "Old",\n\t"tags": ["a"],\n\t"author": {"name": "Ann"}\n}\n---'
    after = '---\n{\n\t"source": "x.md",\n\t"title": "New",\n\t"tags": ["a", "c"],\n\t"author": "Mia"\n}\n---'
    assert after == fill(before, {"title": "New", "author": "Mia", "source": "x.md"}, "c")


def test_line_ends_stay() -> None:
    """New lines end as the others do."""
    assert "---\r\ntitle: New\r\ntags:\r\n- a\r\n- c\r\nauthor: Mia\r\n---" == fill(
        "---\r\ntitle: Old\r\ntags:\r\n- a\r\n---", {"title": "New", "author": "Mia"}, "c"
    )


@pytest.mark.parametrize("front", ["---\ntags: &t [a]\nx: *t\n---", "---\n- x\n---", "---\nx: [\n---", "No front matter.\n"])
def test_what_would_change_another_field_is_not_done(front: str) -> None:
    """If a field shares its value with another one, or the front matter has no fields, the text stays as it is."""
    assert (f"{front}\nBody.\n", ("tags",)) == set_fields(f"{front}\nBody.\n", {}, ("c",), PARSER)
