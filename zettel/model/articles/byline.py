"""Parse bylines: lines of an article that say who wrote it, and on what day."""

from __future__ import annotations

import re

from zettel.model.text.dates import MONTHS, parse_timestamp

NAME_WORD = r"[^\W\d_][\w.'’-]*"
NAME = re.compile(rf"{NAME_WORD}(?: {NAME_WORD}){{0,4}}")
NAME_SEPARATOR = re.compile(r", (?:and |& )?| and | & ")
NAME_PARTICLES = frozenset(
    ["de", "van", "von", "der", "den", "la", "le", "al", "bin", "ibn", "da", "di", "do", "dos", "du", "el", "and", "ten", "ter", "y", "zu"]
)
LABELLED_AUTHOR = re.compile(
    r"(?:written by|authors?|words by|posted by|text by|geschrieben von|autor(?:in)?|auteur|作者|yazar|автор)\s*[:：]?\s+(.+)|(?:作者|authors?)[:：](.+)",
    re.IGNORECASE,
)
BY_AUTHOR = re.compile(r"(?:by|von|par|por|di)\s+(.+)", re.IGNORECASE)
DATE_LINE = re.compile(
    r"(?:(?:first )?(?:published|posted|written|updated|last updated|veröffentlicht|publié)\s*(?:on|am|le)?\s*:?\s*)?(?:on )?(.+)",
    re.IGNORECASE,
)
DAY_FIRST = re.compile(r"(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th|\.)? (?:of )?([a-z]{3,9})\.?,? (\d{4})")
MONTH_FIRST = re.compile(r"(?:[a-z]{3,9},? )?([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
NUMERIC_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ,]+\d{1,2}:\d{2}.{0,20})?")
PART_SEPARATOR = re.compile(r"\s*[|·•]\s*|\s+[–—-]\s+|,?\s+on\s+|,\s+(?=\d{1,2}\s|\d{4}-|[A-Z][a-z]+\.? \d)")


def parse_byline(line: str) -> tuple[str, str] | None:
    """Return (author, day) from a line that contains nothing else. Either may be empty. Return None if there is other text in the line."""
    if len(line) > 160:
        return None
    line = line.strip(" *_")
    author = day = ""
    for part in [line] if parse_day(line) else PART_SEPARATOR.split(line):
        found_day, found_name = parse_day(part), _parse_author(part)
        if found_name and not author:
            author = found_name
        elif found_day and not day:
            day = found_day
        else:
            return None
    return author, day


def is_labelled(line: str) -> bool:
    """Return whether a line labels the author explicitly ("Written by ..."), so that it is a byline anywhere in a text."""
    return bool(LABELLED_AUTHOR.fullmatch(line.strip(" *_")))


def _parse_author(text: str) -> str:
    text = text.strip()
    labelled = LABELLED_AUTHOR.fullmatch(text)
    found = labelled or BY_AUTHOR.fullmatch(text)
    name = " ".join((found[1] or (found[2] if labelled else "") or "").split()).strip(" *_[]") if found else ""
    if len(name) > 100 or not all(map(NAME.fullmatch, NAME_SEPARATOR.split(name))) or (not labelled and " " not in name):
        return ""
    return name if all(word in NAME_PARTICLES or not word[0].islower() for word in NAME_SEPARATOR.sub(" ", name).split()) else ""


def parse_day(text: str) -> str:
    """Return the day as `YYYY-MM-DD` if the text is a date and nothing else: 3 May 2021, May 3rd, 2021, 2021-05-03. Return an empty string otherwise."""
    words = " ".join(DATE_LINE.fullmatch(text.strip())[1].lower().split()) if text.strip() else ""  # type: ignore[index]
    if NUMERIC_DATE.fullmatch(words):
        return (parse_timestamp(words) or "")[:10]
    month_first, day_first = MONTH_FIRST.fullmatch(words), DAY_FIRST.fullmatch(words)
    month, day, year = (
        (month_first[1], month_first[2], month_first[3])
        if month_first
        else (day_first[2], day_first[1], day_first[3])
        if day_first
        else ("", "", "")
    )
    number = next((at for at, name in enumerate(MONTHS, 1) if month and (month == name or month in (name[:3], name[:4]))), 0)
    return (parse_timestamp(f"{year}-{number:02}-{int(day):02}") or "")[:10] if number else ""
