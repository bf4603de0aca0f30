"""Find the day from which a note, usually a decision, is due for a look back at what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.note.passage import Passage
from zettel.model.text.dates import parse_timestamp

REVIEW_FIELDS = ("review", "look-back", "look back", "look_back", "revisit")
"""Front matter fields for the day. The first one that holds a date wins."""

DECISION_TAG = "decision"
"""The tag of decisions; tags nested below it count too. Others, such as `leadership/decisions`, name a subject."""

REVIEW_LINE = compile_lazily(
    r"^[ \t]*(?:review|look[ -]back|revisit)(?:[ \t]+on)?[ \t]*:?[ \t]*(?P<day>[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2})\b", re.I | re.M
)


def is_decision(tags: Iterable[str]) -> bool:
    """Return whether the tags mark a note as a decision."""
    return any(tag.casefold().partition("/")[0] == DECISION_TAG for tag in tags)


def find_review_date(fields: Mapping[str, object], tags: Iterable[str], passages: Iterable[Passage]) -> str | None:
    """Return the day as `YYYY-MM-DD`, or None: from the front matter, or from the last line such as `Review: 2026-12-01` in a decision."""
    for name in REVIEW_FIELDS:
        if name in fields and (found := parse_timestamp(fields[name])):
            return found[:10]
    lines = (day["day"] for passage in passages for day in REVIEW_LINE.finditer(passage.prose)) if is_decision(tags) else ()
    days = [found[:10] for day in lines if (found := parse_timestamp(day))]
    return days[-1] if days else None
