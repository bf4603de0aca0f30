"""The day from which on to look back on a note: on a decision, above all, to see what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from zettel.model.dates import parse_moment
from zettel.model.lazily import lazily
from zettel.model.passage import Passage

FIELDS = ("review", "look-back", "look back", "look_back", "revisit")
"""Front matter that tells the day; the first that holds one counts."""

DECISION = "decision"
"""The tag of notes that are a decision, and of those nested below it. Others, such as `leadership/decisions`, are a subject."""

LINE = lazily(
    r"^[ \t]*(?:review|look[ -]back|revisit)(?:[ \t]+on)?[ \t]*:?[ \t]*(?P<day>[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2})\b", re.I | re.M
)


def is_decision(tags: Iterable[str]) -> bool:
    """Whether tags say that a note is a decision."""
    return any(tag.casefold().partition("/")[0] == DECISION for tag in tags)


def lookback(fields: Mapping[str, object], tags: Iterable[str], passages: Iterable[Passage]) -> str | None:
    """The day as `YYYY-MM-DD`: of the front matter, or of a decision's last line `Review: 2026-12-01`; None if there is none."""
    for name in FIELDS:
        if name in fields and (found := parse_moment(fields[name])):
            return found[:10]
    lines = (day["day"] for run in passages for day in LINE.finditer(run.prose)) if is_decision(tags) else ()
    days = [found[:10] for day in lines if (found := parse_moment(day))]
    return days[-1] if days else None
