"""Test front matter: where it starts and ends, its language, and the fields that zettel reads."""

from __future__ import annotations

import pytest

from zettel.model.note.frontmatter import find_front_matter, find_id, find_title, list_aliases, list_tags

BOM = "\ufeff"


@pytest.mark.parametrize(
    ("language", "raw", "body", "text"),
    [
        ("yaml", "title: T\n", "# H\n", "---\ntitle: T\n---\n# H\n"),
        ("yaml", "title: T\r\n", "# H\r\n", "---\r\ntitle: T\r\n---\r\n# H\r\n"),
        ("yaml", "title: T\r", "# H\r", "---\rtitle: T\r---\r# H\r"),
        ("yaml", "title: T\n", "", "---\ntitle: T\n---"),
        ("yaml", "title: T\n", "x", f"{BOM}---\ntitle: T\n---\nx"),
        ("yaml", "title: T\n", "x", "---  \ntitle: T\n---\t\nx"),
        ("yaml", "title: T\n", "x", "---\ntitle: T\n...\nx"),
        ("yaml", "", "x", "---\n---\nx"),
        ("yaml", "a: |\n  b\n  ---\n", "x", "---\na: |\n  b\n  ---\n---\nx"),
        ("yaml", "a: 1\n----\n", "x", "---\na: 1\n----\n---\nx"),
        ("yaml", "title: T\n", "\n---\ntitle: Wrong\n---\n", "---\ntitle: T\n---\n\n---\ntitle: Wrong\n---\n"),
        ("toml", 'title = "T"\n', "x", '+++\ntitle = "T"\n+++\nx'),
        ("toml", 'title = "T"\r\n', "x", f'{BOM}+++\r\ntitle = "T"\r\n+++\r\nx'),
    ],
)
def test_front_matter_is_found_at_the_start_of_a_note(language: str, raw: str, body: str, text: str) -> None:
    """Front matter stands between `---` or `+++` lines at the very start, with any line endings and with or without a byte order mark."""
    found = find_front_matter(text)
    assert found is not None
    assert (language, raw, body) == (found.language, found.raw, text[found.body_start :])
    assert raw == text[found.raw_start : found.raw_start + len(raw)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# H\n",
        "---\ntitle: never closed\n\ntext\n",
        "+++\ntitle = 'never closed'\n",
        "\n---\ntitle: late\n---\n",
        " ---\ntitle: indented\n---\n",
        "----\ntitle: four\n----\n",
        "---\ntitle: other fence\n+++\n",
        "+++\ntitle = 'other fence'\n---\n",
        "--- title: T\n---\n",
        "---",
        "---\n",
        "- a\n- b\n",
        "a\n---\nb: c\n---\n",
    ],
)
def test_other_text_is_not_front_matter(text: str) -> None:
    """Text that is not at the start, is not closed, or is closed by another fence is not front matter."""
    assert find_front_matter(text) is None


@pytest.mark.parametrize(
    ("expected", "raw"),
    [
        ("202104291526", "id: 202104291526\n"),
        ("202104291526", 'title: T\nid: "202104291526"\n'),
        ("202104291526", "id: '202104291526'\r\ntitle: T\r\n"),
        ("202104291526", "title: T\rid: 202104291526\r"),
        ("202104291526", 'id = "202104291526"\n'),
        ("20210429152612", "id: 20210429152612"),
        ("000101010101", "id: 000101010101\n"),
        ("202104291526", "id: 202104291526 # of the day\n"),
        (None, "nid: 202104291526\n"),
        (None, "id: 2021042915\n"),
        (None, "id: 2021042915261\n"),
        (None, "id: x202104291526\n"),
        (None, "other:\n  id: 202104291526\n"),
        (None, "title: id: 202104291526\n"),
        (None, "id: ２０２１０４２９１５２６\n"),
        (None, ""),
    ],
)
def test_id_is_read_as_written(expected: str | None, raw: str) -> None:
    """The `id` field is read as written, so that no digit is lost."""
    assert expected == find_id(raw)


@pytest.mark.parametrize(
    ("expected", "fields"),
    [
        ("T", {"title": "T"}),
        ("a b", {"title": "  a \n b "}),
        ("Zoë", {"title": "Zoe\u0308"}),
        (None, {"title": ""}),
        (None, {"title": "  "}),
        (None, {"title": 12}),
        (None, {"title": ["a"]}),
        (None, {"title": {"a": "b"}}),
        (None, {"title": None}),
        (None, {}),
    ],
)
def test_title_is_text_on_one_line(expected: str | None, fields: dict[str, object]) -> None:
    """The title is read only if it is text, and becomes one line."""
    assert expected == find_title(fields)


@pytest.mark.parametrize(
    ("expected", "fields"),
    [
        (("A", "B C"), {"aliases": ["A", "B  C"]}),
        (("A", "or B"), {"aliases": "A, or B"}),
        (("A",), {"alias": "A"}),
        (("A", "B", "C"), {"aliases": ["A", "B"], "alias": ["C", "A"]}),
        (("Zoë",), {"aliases": ["Zoe\u0308", "Zoë"]}),
        (("A",), {"aliases": ["A", 12, None, ["x"], ""]}),
        ((), {"aliases": None}),
        ((), {}),
    ],
)
def test_aliases_are_a_list_or_one_text(expected: tuple[str, ...], fields: dict[str, object]) -> None:
    """Aliases are a list or one text under `aliases` or `alias`, and each is listed once."""
    assert expected == list_aliases(fields)


@pytest.mark.parametrize(
    ("expected", "fields"),
    [
        (("a", "b"), {"tags": ["a", "b"]}),
        (("a", "b"), {"tags": "a, b"}),
        (("a", "b"), {"tags": "a b"}),
        (("a", "b"), {"tags": "#a #b"}),
        (("a/b",), {"tags": ["#a/b/"]}),
        (("k", "l"), {"keywords": "k, l"}),
        (("a", "k"), {"tags": ["a"], "keywords": ["k", "a"]}),
        (("a",), {"tags": ["a", "", 12, None, "2024", "1/2", "202104291526"]}),
        (("2024-plan",), {"tags": ["2024-plan"]}),
        (("Führung",), {"tags": ["Fu\u0308hrung"]}),
        ((), {"tags": None}),
        ((), {}),
    ],
)
def test_tags_are_a_list_or_one_text(expected: tuple[str, ...], fields: dict[str, object]) -> None:
    """Tags are a list, or one text separated by commas or spaces, and plain numbers are not tags."""
    assert expected == list_tags(fields)


def test_a_rule_above_many_crlf_lines_is_not_front_matter() -> None:
    """A rule above thousands of lines that end in CRLF is not front matter, and the search for its end does not backtrack."""
    assert find_front_matter("---\r\n" + "a line\r\n" * 2000) is None
