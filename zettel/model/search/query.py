"""Parse search queries, and choose the snippet of a note that matches one best.

Any input is a valid query, except for a date that does not exist: punctuation is never an error.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from zettel.model.base.errors import QueryError
from zettel.model.base.lazy_re import compile_lazily
from zettel.model.text.dates import parse_date_range
from zettel.model.text.fold import fold
from zettel.model.text.prose import find_sentence_starts
from zettel.model.text.tokens import split_words, tokenise

SEARCH_FIELDS = {"title": "title", "alias": "alias", "tag": "tag", "heading": "heading", "body": "body", "id": "id"}
AMBIGUOUS_DATE_FIELDS = ("after", "until", "date")
"""Date fields that are also ordinary words: `after:all` is not a date, so it is searched for as text."""

DATE_FIELDS = ("created", "date", "since", "after", "before", "until")
QUERY_PART = re.compile(r'(?P<minus>-?)(?:(?P<field>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
MULTIWORD_DATE = compile_lazily(rf"(?<!\w)(?P<field>{'|'.join(DATE_FIELDS)}):(?P<words>[^\s\":]+(?:[ ]+[^\s\":]+(?![^\s]*:)){{1,2}})", re.I)


class TextTerm(NamedTuple):
    """A word, phrase or prefix to find: `tokens` in this order, in `field` (empty: anywhere)."""

    tokens: tuple[str, ...]
    field: str = ""
    is_prefix: bool = False
    typed: str = ""


class DateTerm(NamedTuple):
    """Notes created on or after `start` and before `end` (`YYYY-MM-DD`, or empty for no limit)."""

    start: str
    end: str


class TagTerm(NamedTuple):
    """Notes with a tag, or one nested below it. `key` is folded."""

    key: str


QueryTerm = TextTerm | DateTerm | TagTerm


class SearchQuery(NamedTuple):
    """A parsed query: at least one of each inner tuple of `all_of` must match, and none of `none_of`. `text` is as typed."""

    text: str
    all_of: tuple[tuple[QueryTerm, ...], ...]
    none_of: tuple[QueryTerm, ...]

    @property
    def text_terms(self) -> list[TextTerm]:
        """The text terms to find, in the order typed."""
        return [term for either in self.all_of for term in either if isinstance(term, TextTerm)]


def parse_query(text: str, today: date) -> SearchQuery:
    """Parse what was typed. Raises `QueryError` only for an invalid date."""
    all_of: list[tuple[QueryTerm, ...]] = []
    none_of: list[QueryTerm] = []
    either = False
    for part in QUERY_PART.finditer(_quote_dates(text, today)):
        if part["word"] in ("OR", "|", "||") and not part["field"] and not part["minus"]:
            either = bool(all_of)
            continue
        if part["word"] in ("AND", "&&", "+") and not part["field"] and not part["minus"]:
            continue
        wanted = _parse_term(part, today)
        if wanted is None:
            continue
        if part["minus"]:
            none_of.append(wanted)
        elif either:
            all_of[-1] = (*all_of[-1], wanted)
        else:
            all_of.append((wanted,))
        either = False
    return SearchQuery(text.strip(), tuple(all_of), tuple(none_of))


def _quote_dates(text: str, today: date) -> str:
    """Put the quotes back around dates of several words that a shell removed: `since:last month` means `since:"last month"`."""

    def quote(found: re.Match[str]) -> str:
        words = found["words"].split()
        for count in range(len(words), 1, -1):
            given = " ".join(words[:count])
            try:
                _parse_date_term(found["field"].lower(), given, today)
            except QueryError:
                continue
            return " ".join([f'{found["field"]}:"{given}"', *words[count:]])
        return found[0]

    return MULTIWORD_DATE.sub(quote, text) if ":" in text else text


def _parse_term(part: re.Match[str], today: date) -> QueryTerm | None:
    field = (part["field"] or "").lower()
    given = part["phrase"] if part["phrase"] is not None else part["word"]
    if field in DATE_FIELDS:
        try:
            return _parse_date_term(field, given, today)
        except QueryError:
            if field not in AMBIGUOUS_DATE_FIELDS:
                raise
    if field == "tag":
        key = fold(given).strip("#/")
        return TagTerm(key) if key else None
    if field and field not in SEARCH_FIELDS:
        given = f"{part['field']} {given}"
    if not field and part["phrase"] is None and given.startswith("#") and len(given) > 1 and not given[1:].isdigit():
        return TagTerm(fold(given).strip("#/"))
    found = tuple(split_words(given))
    if not found:
        return None
    is_prefix = part["phrase"] is None and given.endswith("*")
    return TextTerm(found, SEARCH_FIELDS.get(field, ""), is_prefix, given.strip("*"))


def _parse_date_term(field: str, given: str, today: date) -> DateTerm:
    first, dots, last = given.partition("..")
    if field in ("since", "after"):
        return DateTerm(parse_date_range(given.rstrip("."), today)[0].isoformat(), "")
    if field in ("before", "until"):
        start, end = parse_date_range(given.lstrip("."), today)
        return DateTerm("", (end if field == "until" else start).isoformat())
    if not dots:
        start, end = parse_date_range(given, today)
        return DateTerm(start.isoformat(), end.isoformat())
    return DateTerm(
        parse_date_range(first, today)[0].isoformat() if first else "", parse_date_range(last, today)[1].isoformat() if last else ""
    )


class Snippet(NamedTuple):
    """The sentence of a note that matches a query best. `marks` are (start, end) of the hits in it."""

    text: str
    marks: tuple[tuple[int, int], ...]


MAX_SNIPPET = 240
"""Maximum characters of a snippet."""

MatchWord = Callable[[str], str | None]
"""Returns the search term that a folded word matches, or None."""


def choose_snippet(text: str, match_word: MatchWord, term_count: int) -> Snippet:
    """Return the sentence of a note's plain text with the most distinct hits, the first of several.

    `text` has one block per line. `term_count` is the number of terms: a sentence with all of them ends the search.
    """

    def count_hits(part: str) -> int:
        return len({found for word in split_words(part) if (found := match_word(word))})

    best, chosen = -1, ""
    for line in text.split("\n"):
        if best == term_count or 0 <= best >= count_hits(line):
            continue
        starts = [*find_sentence_starts(line), len(line)]
        for start, end in itertools.pairwise(starts):
            sentence = line[start:end].strip()
            if sentence and (found := count_hits(sentence)) > best:
                best, chosen = found, sentence
    return _clip_sentence(chosen, match_word)


def _clip_sentence(sentence: str, match_word: MatchWord) -> Snippet:
    marks = [(start, end) for word, start, end in tokenise(sentence) if match_word(word)]
    if len(sentence) > MAX_SNIPPET:
        start = max(0, min(marks[0][0] - 60 if marks else 0, len(sentence) - MAX_SNIPPET))
        cut = sentence[start : start + MAX_SNIPPET]
        lead, tail = "…" if start else "", "…" if start + MAX_SNIPPET < len(sentence) else ""
        marks = [(a - start + len(lead), b - start + len(lead)) for a, b in marks if a >= start and b <= start + MAX_SNIPPET]
        sentence = lead + cut + tail
    return Snippet(sentence, tuple(marks))
