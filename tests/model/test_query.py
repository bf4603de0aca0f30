"""The filter grammar: tags, order, and what a filter says."""

from __future__ import annotations

import pytest

from zettel.model.base.errors import QueryError
from zettel.model.search.filter import SORT_FIELDS, Filter, TagFilter, parse_sort, parse_tag_filters

LEAD, INBOX = TagFilter("leadership", True), TagFilter("inbox", True)
NOT_INBOX = TagFilter("inbox", False)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ([(LEAD,)], "leadership"),
        ([(LEAD,)], "#leadership"),
        ([(LEAD,)], " Leadership/ "),
        ([(TagFilter("a/b", True),)], "a/b"),
        ([(TagFilter("führung", True),)], "FU\u0308HRUNG"),
        ([(LEAD,), (INBOX,)], "leadership, inbox"),
        ([(LEAD,), (INBOX,)], "leadership,,inbox,"),
        ([(LEAD, INBOX)], "leadership|inbox"),
        ([(LEAD, INBOX)], "leadership OR inbox"),
        ([(LEAD, INBOX)], "leadership or inbox"),
        ([(NOT_INBOX,)], "not inbox"),
        ([(NOT_INBOX,)], "NOT inbox"),
        ([(NOT_INBOX,)], "-inbox"),
        ([(NOT_INBOX,)], "!#inbox"),
        ([(LEAD,), (NOT_INBOX,)], "leadership, not inbox"),
        ([(LEAD, NOT_INBOX)], "leadership | -inbox"),
        ([(TagFilter("notes", True),)], "notes"),
        ([(TagFilter("in-box", True),)], "in-box"),
        ([(TagFilter("orders", True),)], "orders"),
    ],
)
def test_tag_terms(expected: list[tuple[TagFilter, ...]], text: str) -> None:
    """Commas mean and, bars mean or, `not`, `-` and `!` mean without; letter case does not count."""
    assert expected == parse_tag_filters(text)


@pytest.mark.parametrize("text", ["", " ", ",", "|", "#", "-", "not #", "a, -"])
def test_tags_that_are_none(text: str) -> None:
    """A tag filter that names no tag is an error, with a hint."""
    with pytest.raises(QueryError) as raised:
        parse_tag_filters(text)
    assert raised.value.hint


@pytest.mark.parametrize(
    ("expected", "text"),
    [(("created", False), "created"), (("created", True), "created-"), (("created", False), "created+"), (("id", True), "id-")],
)
def test_order(expected: tuple[str, bool], text: str) -> None:
    """A minus sign after the field turns the order round."""
    assert expected == parse_sort(text)


@pytest.mark.parametrize("text", ["", "-", "size", "-created", "created--", "Created"])
def test_orders_that_are_none(text: str) -> None:
    """An unknown field is an error that names the known ones."""
    with pytest.raises(QueryError) as raised:
        parse_sort(text)
    assert all(field in raised.value.hint for field in SORT_FIELDS)


@pytest.mark.parametrize(
    ("is_open", "is_empty", "wanted"),
    [
        (True, True, Filter()),
        (True, False, Filter(sort="title")),
        (True, False, Filter(limit=1)),
        (False, False, Filter(tags=((LEAD,),))),
        (False, False, Filter(linked_by=("a.md",))),
        (False, False, Filter(links_to=("a.md",))),
        (False, False, Filter(after="2024-01-01")),
        (False, False, Filter(before="2024-01-01")),
        (False, False, Filter(folder="dir")),
    ],
)
def test_what_a_filter_says(is_open: bool, is_empty: bool, wanted: Filter) -> None:
    """A filter is open where it fits every note, and empty where it asks for no order and number either."""
    assert (is_open, is_empty) == (wanted.matches_all, wanted.is_empty)


def test_without_limit() -> None:
    """The same filter without its limit differs in nothing else."""
    said = {
        "tags": ((LEAD, NOT_INBOX),),
        "linked_by": ("a.md",),
        "links_to": ("b.md",),
        "after": "2024-01-01",
        "before": "2025-01-01",
        "folder": "dir",
        "sort": "title",
        "descending": True,
    }
    assert Filter(**said) == Filter(**said, limit=3).drop_limit()
