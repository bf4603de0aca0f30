"""Format the times that exports hold, in the local time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from zettel.model.note.new_note import format_timestamp


def format_local_time(text: str) -> str:
    """Return a time of ISO 8601 as `YYYY-MM-DD HH:MM`, in local time if it names its zone. Empty if it is not one."""
    try:
        return _format(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError, OSError):
        return ""


def format_mail_time(text: str) -> str:
    """Return the date of a mail as `YYYY-MM-DD HH:MM` in local time. Empty if it is not one."""
    try:
        return _format(parsedate_to_datetime(text[:200]))
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return ""


def format_epoch(given: object, units_per_second: int) -> str:
    """Return a time that is counted since 1970, in units such as milliseconds (1000), as `YYYY-MM-DD HH:MM` in local time. Empty for 0."""
    try:
        count = int(str(given))
        return _format(datetime.fromtimestamp(count / units_per_second, UTC)) if count else ""
    except (ValueError, OverflowError, OSError):
        return ""


def _format(when: datetime) -> str:
    return format_timestamp(when.astimezone() if when.tzinfo else when) if when.year >= 1000 else ""
