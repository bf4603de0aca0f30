"""Parse dates as people write them: in front matter, filters and searches."""

from __future__ import annotations

from zettel.model.base.errors import QueryError
from zettel.model.base.lazy_re import compile_lazily
from zettel.model.text.fast_datetime import UTC, date, datetime, timedelta

UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
PARTIAL_DATE = compile_lazily(r"([0-9]{4})(?:[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?)?")
TIMESTAMP = compile_lazily(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?(?P<half>[AaPp])\.?[Mm]\b)?|T(\d{2})(?:(\d{2})(\d{2})?)?(?![\d:]))?"
)
CLOCK_TIME = compile_lazily(r"(?P<day>.+?)(?:T|[ ,]+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?")
COMPACT_TIMESTAMP = compile_lazily(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})?(?:Z|[+-][0-9:]+)?")
WORDED_DATE = compile_lazily(
    r"(?:[A-Za-z]{3,9},? +)??(?:(?P<day_first>[0-9]{1,2})(?:st|nd|rd|th)?\.? +)?(?P<month>[A-Za-z]{3,9})\.?,? +(?:(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? +)?"
    r"(?P<year>[0-9]{4})(?:,? +(?:at +)?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?"
    r"(?: ?(?:Z|UTC|GMT)?(?:[+-][0-9]{2}:?[0-9]{2})?(?: \([A-Za-z ]{1,40}\))?))?"
)
"""`May 4, 2024`, `4 May 2024`, `Sat, 4 May 2024 10:30` and the like."""

TIME_AGO = compile_lazily(r"([0-9]{1,6}) (day|week|month|year)s?(?: ago)?")


def parse_timestamp(given: object) -> str | None:
    """Return a date or time of front matter as `YYYY-MM-DDTHH:MM[:SS]`, or None if it is neither.

    Accepts ISO 8601 and its usual variants, years and months (their first day), dates with the name of a month in English,
    `YYYYMMDD[HHMM[SS]]`, and seconds or milliseconds since 1970 (UTC). A time zone is ignored: the local time stays as it is written.
    """
    match given:
        case [[str(day)]]:  # how YAML reads `[[2024-05-04]]`
            given = day
    if not isinstance(given, str):
        if not isinstance(given, (datetime, date)):
            return None
        given = given.isoformat()
    text = given.strip().strip("[]\"'")
    found = TIMESTAMP.match(text)
    if found:
        parts = [int(part) for part in found.groups() if part and part.isdigit()]
        if found["half"]:
            parts[3] = _to_24_hours(parts[3], found["half"])
    elif text.isascii() and text.isdigit() and len(text) in (8, 12, 14):
        parts = [int(text[:4]), *(int(text[at : at + 2]) for at in range(4, len(text), 2))]
    elif text.isascii() and text.isdigit() and len(text) in (10, 13):
        when = datetime.fromtimestamp(int(text[:10]), UTC)
        return when.strftime("%Y-%m-%dT%H:%M:%S")
    elif found := COMPACT_TIMESTAMP.fullmatch(text) or PARTIAL_DATE.fullmatch(text):
        parts = [int(part) for part in found.groups() if part]
        parts += [1] * (3 - len(parts))
    elif not (parts := _parse_worded_date(text)):
        return None
    try:
        when = datetime(*(parts + [0] * (5 - len(parts)) if len(parts) < 5 else parts))  # type: ignore[arg-type]
    except ValueError:
        return None
    return when.isoformat(timespec="seconds" if len(parts) == 6 else "minutes")


def _parse_worded_date(text: str) -> list[int]:
    """Return year, month, day and perhaps the time of a date with the name of a month, or an empty list."""
    found = WORDED_DATE.fullmatch(text) if (text[-1:].isalnum() or text.endswith((")", "."))) and not text.isdigit() else None
    month = next((number for number, name in enumerate(MONTHS, 1) if name.startswith(found["month"].lower())), None) if found else None
    if not found or not month or (found["day"] and found["day_first"]):
        return []
    parts = [int(found["year"]), month, int(found["day"] or found["day_first"] or 1)]
    if found["hour"]:
        parts += [
            _to_24_hours(int(found["hour"]), found["half"] or ""),
            int(found["minute"]),
            *([int(found["second"])] if found["second"] else []),
        ]
    return parts


def _to_24_hours(hour: int, half: str) -> int:
    """Return the hour of the day for an hour of a half of the day, which begins with `a` or `p`; without one, the hour as it is."""
    return hour % 12 + 12 * (half in "pP") if half else hour


def format_shown_time(time: str) -> str:
    """Return a time such as 2024-05-03T14:05:20 as people see it: the day and the minute."""
    return time[:16].replace("T", " ")


def parse_moment(text: str, now: datetime) -> datetime:
    """Parse a day, with or without a time such as `14:05`, into a time. Without one it is that of `now`. Raises `QueryError`."""
    hint = "write it like 2024-05-03, yesterday or monday"
    found = CLOCK_TIME.fullmatch(text.strip())
    try:
        first, after = parse_date_range(found["day"] if found else text, now.date())
    except QueryError as error:
        raise QueryError(error.message, hint) from None
    if (after - first).days != 1:
        raise QueryError(f'"{text}" is more than one day', hint)
    if first.year < 1000:  # some systems format such years with fewer digits, so that the result would not be an ID
        raise QueryError(f'"{text}" is before the year 1000', hint)
    if not found:
        return datetime.combine(first, now.time())
    try:
        return datetime(first.year, first.month, first.day, int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        raise QueryError(f'"{text}" is not a valid time', "write it like 2024-05-03 14:05") from None


def parse_date_range(text: str, today: date) -> tuple[date, date]:
    """Parse a date expression into its first day and the day after its last. Raises `QueryError`.

    Accepts `2024`, `2024-05`, `2024-05-03`, `today`, `yesterday`, `this|last week|month|year`, `3 days ago`,
    `last monday`, `may`, `may 2024`.
    """
    try:
        return _parse_range(text, today)
    except (OverflowError, ValueError):
        raise QueryError(f'"{text}" is not a valid date', "write it like 2024-05-03") from None


def _parse_range(text: str, today: date) -> tuple[date, date]:
    words = " ".join(text.lower().replace("_", " ").split())
    if words[:1].isalpha():
        words = words.replace("-", " ")  # `last-week` needs no quotes
    found = PARTIAL_DATE.fullmatch(words)
    if found:
        return _build_calendar_range(int(found[1]), found[2], found[3], text)
    if words in ("today", "yesterday", "tomorrow"):
        day = today + timedelta(days={"today": 0, "yesterday": -1, "tomorrow": 1}[words])
        return day, day + timedelta(days=1)
    which, _, unit = words.partition(" ")
    if which in ("this", "last", "past") and unit in UNIT_DAYS:
        return _build_relative_range(unit, today, is_previous=which != "this")
    day_name = unit if which in ("last", "on") else words
    if day_name in WEEKDAYS:
        day = today - timedelta(days=(today.weekday() - WEEKDAYS.index(day_name) - 1) % 7 + 1)
        return day, day + timedelta(days=1)
    month = next((number for number, name in enumerate(MONTHS, 1) if which in (name, name[:3])), None)
    if month and (not unit or PARTIAL_DATE.fullmatch(unit)):
        year = int(unit[:4]) if unit else today.year - (month > today.month)
        return _build_calendar_range(year, str(month), None, text)
    ago = TIME_AGO.fullmatch(words)
    if ago and int(ago[1]) < 4000 and int(ago[1]) * UNIT_DAYS[ago[2]] < 700_000:
        day = today - timedelta(days=int(ago[1]) * UNIT_DAYS[ago[2]])
        return day, day + timedelta(days=1)
    raise QueryError(f'"{text}" is not a date', 'write it like 2024-05-03, 2024-05, 2024, yesterday, "last month" or "3 weeks ago"')


def _build_calendar_range(year: int, month: str | None, day: str | None, text: str) -> tuple[date, date]:
    try:
        if day:
            first = date(year, int(month or 1), int(day))
            return first, first + timedelta(days=1)
        if month:
            first = date(year, int(month), 1)
            return first, _find_next_month(first)
        return date(year, 1, 1), date(year + 1, 1, 1)
    except (ValueError, OverflowError):
        raise QueryError(f'"{text}" is not a valid date', "write it like 2024-05-03") from None


def _find_next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _build_relative_range(unit: str, today: date, *, is_previous: bool) -> tuple[date, date]:
    if unit == "day":
        first = today - timedelta(days=is_previous)
        return first, first + timedelta(days=1)
    if unit == "week":
        first = today - timedelta(days=today.weekday() + 7 * is_previous)
        return first, first + timedelta(days=7)
    if unit == "month":
        first = today.replace(day=1)
        first = (first - timedelta(days=1)).replace(day=1) if is_previous else first
        return first, _find_next_month(first)
    return date(today.year - is_previous, 1, 1), date(today.year - is_previous + 1, 1, 1)
