"""Find the day from which a note, usually a decision, is due for a look back at what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from zettel.model.dates import parse_moment
from zettel.model.lazily import lazily
from zettel.model.passage import Passage

FIELDS = ("review", "look-back", "look back", "look_back", "revisit")
"""Front matter fields for the day. The first one that holds a date wins."""

DECISION = "decision"
"""The tag of decisions; tags nested below it count too. Others, such as `leadership/decisions`, name a subject."""

LINE = lazily(
    r"^[ \t]*(?:review|look[ -]back|revisit)(?:[ \t]+on)?[ \t]*:?[ \t]*(?P<day>[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2})\b", re.I | re.M
)


def is_decision(tags: Iterable[str]) -> bool:
    """Return whether the tags mark a note as a decision."""
    return any(tag.casefold().partition("/")[0] == DECISION for tag in tags)


def lookback(fields: Mapping[str, object], tags: Iterable[str], passages: Iterable[Passage]) -> str | None:
    """Return the day as `YYYY-MM-DD`, or None: from the front matter, or from the last line such as `Review: 2026-12-01` in a decision."""
    for name in FIELDS:
        if name in fields and (found := parse_moment(fields[name])):
            return found[:10]
    lines = (day["day"] for passage in passages for day in LINE.finditer(passage.prose)) if is_decision(tags) else ()
    days = [found[:10] for day in lines if (found := parse_moment(day))]
    return days[-1] if days else None
