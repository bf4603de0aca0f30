"""Python's own dates and times, without the module around them: that takes several times as long to load, and makes none of them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import UTC, date, datetime, timedelta
else:
    try:
        from _datetime import UTC, date, datetime, timedelta
    except ImportError:  # a Python that has them in the module itself
        from datetime import UTC, date, datetime, timedelta

__all__ = ["UTC", "date", "datetime", "timedelta"]
