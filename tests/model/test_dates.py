"""Test the dates that front matter holds and that people type."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from zettel.model.base.errors import QueryError
from zettel.model.text.dates import parse_date_range, parse_timestamp

TODAY = date(2024, 5, 15)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("expected", "given"),
    [
        ("2024-05-03T00:00", "2024-05-03"),
        ("2024-05-03T00:00", "2024-5-3"),
        ("2024-05-03T00:00", "2024/05/03"),
        ("2024-05-03T00:00", "2024.05.03"),
        ("2024-05-03T00:00", " 2024-05-03 "),
        ("2024-05-03T00:00", "[2024-05-03]"),
        ("2024-05-03T00:00", "20240503"),
        ("2024-05-03T10:11", "2024-05-03 10:11"),
        ("2024-05-03T10:11", "2024-05-03T10:11"),
        ("2024-05-03T10:11:12", "2024-05-03T10:11:12"),
        ("2024-05-03T10:11:12", "2024-05-03T10:11:12Z"),
        ("2024-05-03T10:11:12", "2024-05-03T10:11:12.345+02:00"),
        ("2024-05-03T10:11:00", "2024-05-03T10:11:00"),
        ("2024-05-03T09:11", "2024-05-03 9:11"),
        ("2024-05-03T10:11", "202405031011"),
        ("2024-05-03T10:11:12", "20240503101112"),
        ("2021-01-01T00:00:00", "1609459200"),
        ("2021-01-01T00:00:00", "1609459200000"),
        ("2024-05-03T00:00", date(2024, 5, 3)),
        ("2024-05-03T10:11:12", datetime(2024, 5, 3, 10, 11, 12)),
        (None, "2024-13-01"),
        (None, "2023-02-29"),
        (None, "2024-05-03 25:00"),
        (None, "20241301"),
        ("2024-01-01T00:00", "2024"),
        ("2024-05-01T00:00", "2024-05"),
        ("2024-05-03T10:11", "20240503T1011"),
        ("2024-05-03T10:11:12", "20240503T101112Z"),
        ("2024-05-03T00:00", "May 3, 2024"),
        ("2024-05-03T00:00", "3 May 2024"),
        ("2024-05-03T00:00", "Fri, 3rd May, 2024"),
        ("2024-05-01T00:00", "May 2024"),
        ("2024-05-03T14:05", "Friday, May 3rd 2024, 2:05 PM"),
        ("2024-05-03T14:05", "2024-05-03 2:05 PM"),
        ("2024-05-03T00:05", "2024-05-03 12:05 am"),
        ("2024-05-03T14:05:06", "2024-05-03T140506"),
        ("2024-05-03T14:00", "2024-05-03T14"),
        ("2024-09-03T00:00", "Sept. 3, 2024"),
        ("2024-05-03T14:05:06", "Fri, 03 May 2024 14:05:06 +0200"),
        ("2024-05-03T14:05:06", "Fri May 03 2024 14:05:06 GMT+0200 (Central European Summer Time)"),
        ("2024-05-03T00:00", [["2024-05-03"]]),
        (None, "Mai 3, 2024"),
        (None, "3 May 3, 2024"),
        (None, "2024-13"),
        (None, "some day"),
        (None, ""),
        (None, None),
        (None, 20240503),
        (None, ["2024-05-03"]),
        (None, True),
    ],
)
def test_timestamps_are_parsed_in_their_usual_forms(expected: str | None, given: object) -> None:
    """A date or time in front matter is parsed in its usual forms, and its time zone is ignored."""
    assert expected == parse_timestamp(given)


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2024-01-01", "2025-01-01", "2024"),
        ("2024-02-01", "2024-03-01", "2024-02"),
        ("2024-12-01", "2025-01-01", "2024-12"),
        ("2024-02-29", "2024-03-01", "2024-02-29"),
        ("2024-05-03", "2024-05-04", "2024/5/3"),
        ("2024-05-15", "2024-05-16", "today"),
        ("2024-05-14", "2024-05-15", "Yesterday"),
        ("2024-05-13", "2024-05-20", "this week"),
        ("2024-05-06", "2024-05-13", "last week"),
        ("2024-05-06", "2024-05-13", "last-week"),
        ("2024-05-01", "2024-06-01", "this month"),
        ("2024-04-01", "2024-05-01", "last month"),
        ("2024-04-01", "2024-05-01", " LAST  month "),
        ("2024-04-01", "2024-05-01", "last_month"),
        ("2024-01-01", "2025-01-01", "this year"),
        ("2023-01-01", "2024-01-01", "last year"),
        ("2024-05-12", "2024-05-13", "3 days ago"),
        ("2024-05-12", "2024-05-13", "3 days"),
        ("2024-04-24", "2024-04-25", "3 weeks ago"),
        ("2024-05-14", "2024-05-15", "1 day ago"),
        ("2024-05-13", "2024-05-14", "last monday"),
        ("2024-05-13", "2024-05-14", "monday"),
        ("2024-05-08", "2024-05-09", "last wednesday"),
        ("2024-05-09", "2024-05-10", "thursday"),
        ("2024-05-01", "2024-06-01", "may"),
        ("2024-02-01", "2024-03-01", "feb"),
        ("2023-06-01", "2023-07-01", "june"),
        ("2022-06-01", "2022-07-01", "June 2022"),
    ],
)
def test_typed_dates_are_ranges_of_days(first: str, last: str, text: str) -> None:
    """A date as people type it is a range from its first day to the day after its last."""
    assert (first, last) == tuple(day.isoformat() for day in parse_date_range(text, TODAY))


@pytest.mark.parametrize(
    ("first", "last", "text", "today"),
    [
        ("2023-12-01", "2024-01-01", "last month", date(2024, 1, 31)),
        ("2024-02-01", "2024-03-01", "last month", date(2024, 3, 31)),
        ("2023-12-25", "2024-01-01", "last week", date(2024, 1, 1)),
        ("2024-12-01", "2025-01-01", "this month", date(2024, 12, 31)),
        ("2023-12-31", "2024-01-01", "yesterday", date(2024, 1, 1)),
    ],
)
def test_date_ranges_cross_year_boundaries(first: str, last: str, text: str, today: date) -> None:
    """Weeks, months and years are those of the calendar, even across its boundaries."""
    assert (first, last) == tuple(day.isoformat() for day in parse_date_range(text, today))


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2024-13", "2023-02-29", "0000", "last", "last fortnight", "may be", "99999 days ago", "9999 years ago", "12:30", "-"],
)
def test_text_that_is_not_a_date_is_an_error(text: str) -> None:
    """Text that is not a date is an error that repeats the text and shows a date."""
    with pytest.raises(QueryError) as raised:
        parse_date_range(text, TODAY)
    assert text in raised.value.message
    assert "2024-05-03" in raised.value.hint
