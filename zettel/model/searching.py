"""Parse search queries, and choose the snippet of a note that matches one best.

Any input is a valid query, except for a date that does not exist: punctuation is never an error.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from zettel.model.dates import span
from zettel.model.errors import QueryError
from zettel.model.lazily import lazily
from zettel.model.prose import sentence_starts
from zettel.model.text import fold
from zettel.model.tokens import tokens, words

FIELDS = {"title": "title", "alias": "alias", "tag": "tag", "heading": "heading", "body": "body", "id": "id"}
PROSE_FIELDS = ("after", "until", "date")
"""Date fields that are also ordinary words: `after:all` is not a date, so it is searched for as text."""

DATE_FIELDS = ("created", "date", "since", "after", "before", "until")
PART = re.compile(r'(?P<minus>-?)(?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
LONG_DATE = lazily(rf"(?<!\w)(?P<field>{'|'.join(DATE_FIELDS)}):(?P<words>[^\s\":]+(?:[ ]+[^\s\":]+(?![^\s]*:)){{1,2}})", re.I)


class Term(NamedTuple):
    """A word, phrase or prefix to find: `tokens` in this order, in `field` (empty: anywhere)."""

    tokens: tuple[str, ...]
    field: str = ""
    is_prefix: bool = False
    typed: str = ""


class Days(NamedTuple):
    """Notes created on or after `first` and before `last` (`YYYY-MM-DD`, or empty for no limit)."""

    first: str
    last: str


class Tagged(NamedTuple):
    """Notes with a tag, or one nested below it. `key` is folded."""

    key: str


Wanted = Term | Days | Tagged


class Question(NamedTuple):
    """A parsed query: at least one of each inner tuple of `all_of` must match, and none of `none_of`. `text` is as typed."""

    text: str
    all_of: tuple[tuple[Wanted, ...], ...]
    none_of: tuple[Wanted, ...]

    @property
    def terms(self) -> list[Term]:
        """The text terms to find, in the order typed."""
        return [term for either in self.all_of for term in either if isinstance(term, Term)]


def ask(text: str, today: date) -> Question:
    """Parse what was typed. Raises `QueryError` only for an invalid date."""
    all_of: list[tuple[Wanted, ...]] = []
    none_of: list[Wanted] = []
    either = False
    for part in PART.finditer(_with_dates_quoted(text, today)):
        if part["word"] in ("OR", "|", "||") and not part["field"] and not part["minus"]:
            either = bool(all_of)
            continue
        if part["word"] in ("AND", "&&", "+") and not part["field"] and not part["minus"]:
            continue
        wanted = _wanted(part, today)
        if wanted is None:
            continue
        if part["minus"]:
            none_of.append(wanted)
        elif either:
            all_of[-1] = (*all_of[-1], wanted)
        else:
            all_of.append((wanted,))
        either = False
    return Question(text.strip(), tuple(all_of), tuple(none_of))


def _with_dates_quoted(text: str, today: date) -> str:
    """Put the quotes back around dates of several words that a shell removed: `since:last month` means `since:"last month"`."""

    def quoted(found: re.Match[str]) -> str:
        words = found["words"].split()
        for count in range(len(words), 1, -1):
            given = " ".join(words[:count])
            try:
                _days(found["field"].lower(), given, today)
            except QueryError:
                continue
            return " ".join([f'{found["field"]}:"{given}"', *words[count:]])
        return found[0]

    return LONG_DATE.sub(quoted, text) if ":" in text else text


def _wanted(part: re.Match[str], today: date) -> Wanted | None:
    field = (part["field"] or "").lower()
    given = part["phrase"] if part["phrase"] is not None else part["word"]
    if field in DATE_FIELDS:
        try:
            return _days(field, given, today)
        except QueryError:
            if field not in PROSE_FIELDS:
                raise
    if field == "tag":
        key = fold(given).strip("#/")
        return Tagged(key) if key else None
    if field and field not in FIELDS:
        given = f"{part['field']} {given}"
    if not field and part["phrase"] is None and given.startswith("#") and len(given) > 1 and not given[1:].isdigit():
        return Tagged(fold(given).strip("#/"))
    found = tuple(words(given))
    if not found:
        return None
    is_prefix = part["phrase"] is None and given.endswith("*")
    return Term(found, FIELDS.get(field, ""), is_prefix, given.strip("*"))


def _days(field: str, given: str, today: date) -> Days:
    first, dots, last = given.partition("..")
    if field in ("since", "after"):
        return Days(span(given.rstrip("."), today)[0].isoformat(), "")
    if field in ("before", "until"):
        start, end = span(given.lstrip("."), today)
        return Days("", (end if field == "until" else start).isoformat())
    if not dots:
        start, end = span(given, today)
        return Days(start.isoformat(), end.isoformat())
    return Days(span(first, today)[0].isoformat() if first else "", span(last, today)[1].isoformat() if last else "")


class Snippet(NamedTuple):
    """The sentence of a note that matches a query best. `marks` are (start, end) of the hits in it."""

    text: str
    marks: tuple[tuple[int, int], ...]


LONGEST = 240
"""Maximum characters of a snippet."""

Hit = Callable[[str], str | None]
"""Returns the search term that a folded word matches, or None."""


def snippet(text: str, hit: Hit, most: int) -> Snippet:
    """Return the sentence of a note's plain text with the most distinct hits, the first of several.

    `text` has one block per line. `most` is the number of terms: a sentence with all of them ends the search.
    """

    def hits(part: str) -> int:
        return len({found for word in words(part) if (found := hit(word))})

    best, chosen = -1, ""
    for line in text.split("\n"):
        if best == most or 0 <= best >= hits(line):
            continue
        starts = [*sentence_starts(line), len(line)]
        for start, end in itertools.pairwise(starts):
            sentence = line[start:end].strip()
            if sentence and (found := hits(sentence)) > best:
                best, chosen = found, sentence
    return _clipped(chosen, hit)


def _clipped(sentence: str, hit: Hit) -> Snippet:
    marks = [(start, end) for word, start, end in tokens(sentence) if hit(word)]
    if len(sentence) > LONGEST:
        start = max(0, min(marks[0][0] - 60 if marks else 0, len(sentence) - LONGEST))
        cut = sentence[start : start + LONGEST]
        lead, tail = "…" if start else "", "…" if start + LONGEST < len(sentence) else ""
        marks = [(a - start + len(lead), b - start + len(lead)) for a, b in marks if a >= start and b <= start + LONGEST]
        sentence = lead + cut + tail
    return Snippet(sentence, tuple(marks))
