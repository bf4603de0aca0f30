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
    r"(?:written by|authors?|words by|posted by|text by|geschrieben von|autor(?:in)?|auteur|作者|yazar|автор)\s*[:：]?\s+(.+)|(?:作者|著者|筆者|執筆者?|authors?)\s?[:：](.+)",
    re.IGNORECASE,
)
BY_AUTHOR = re.compile(r"(?:by|von|par|por|di)\s+(.+)", re.IGNORECASE)
DATE_LINE = re.compile(
    r"(?:(?:first )?(?:published|posted|written|updated|last updated|veröffentlicht|publié|公開日|投稿日|发布时间|发表于)\s*(?:on|am|le)?\s*[:：]?\s*)?(?:on )?(.+)",
    re.IGNORECASE,
)
MONTH_NAMES = (
    MONTHS,
    ["januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"],
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
    ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
    ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"],
    ["janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"],
    ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"],
)
MONTH_NUMBERS = {name: number for names in MONTH_NAMES for number, name in enumerate(names, 1)}
MONTH_NUMBERS |= {name[:length]: number for number, name in enumerate(MONTHS, 1) for length in (3, 4)}
WEEKDAY_NAME = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+(?=[\dA-Z])", re.IGNORECASE)
WEEKDAY = r"(?:[^\W\d_]{3,10}\.?,? )?"
DAY_FIRST = re.compile(rf"{WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th|er|\.)? (?:of |de )?([^\W\d_]{{3,10}})\.?,? (?:de )?(\d{{4}})")
MONTH_FIRST = re.compile(rf"{WEEKDAY}([^\W\d_]{{3,10}})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})")
NUMERIC_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ,]+\d{1,2}:\d{2}.{0,20})?")
DOTTED_DATE = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})")
"""A date in figures with dots, in which the day always comes first."""

EAST_ASIAN_DATE = re.compile(r"(\d{4}) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号일](?: ?[（(]\w{1,3}[)）])?")
CLOCK_TIME = re.compile(r",? (?:at |um |à )?\d{1,2}[:.h]\d{2}(?: ?[ap]\.?m\.?)?(?: [a-z]{2,4})?(?: uhr)?", re.IGNORECASE)
NOT_BEHIND_LABEL = "".join(rf"(?<!(?i:{label}))" for label in ("published", "posted", "updated", "veröffentlicht", "publié"))
PART_SEPARATOR = re.compile(
    rf"\s*[|·•]\s*|\s+[–—-]\s+|{NOT_BEHIND_LABEL},?\s+(?:on|le|am)\s+(?=\S*\d|[A-Z])|(?<=[\dhm日])\s+(?=(?:by|von|par|por|di)\s)"
    r"|,\s+(?=(?:[A-Z][a-z]+,? )?\d{1,2}[.\s]|\d{4}-|[A-Z][a-z]+\.? \d)"
)
LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
MAX_LINE, MAX_MARKED_LINE = 160, 1000
"""Maximum length of a byline in characters, without and with the addresses of links in it."""

MAX_DATE_WORDS = 5


def parse_byline(line: str) -> tuple[str, str] | None:
    """Return (author, day) from a line that contains nothing else. Either may be empty. Return None if there is other text in the line."""
    line = LINK.sub(r"\1", line).strip(" *_") if len(line) <= MAX_MARKED_LINE else line
    if len(line) > MAX_LINE:
        return None
    author = day = ""
    parts = [line] if parse_day(line) else PART_SEPARATOR.split(WEEKDAY_NAME.sub("", line))
    for part in [half for whole in parts for half in _split_date(whole)]:
        found_day, found_name = parse_day(part), _parse_author(part)
        if found_name and not author:
            author = found_name
        elif found_day and not day:
            day = found_day
        else:
            return None
    return author, day


def _split_date(part: str) -> list[str]:
    """Return the name and the date of a part that has both, one right behind the other, else the part as it is."""
    words = part.split()
    for length in range(min(MAX_DATE_WORDS, len(words) - 1), 0, -1):
        name, date = " ".join(words[:-length]), " ".join(words[-length:])
        if date[0].isalnum() and parse_day(date) and _parse_author(name):
            return [name, date]
    return [part]


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
    """Return the day as `YYYY-MM-DD` if the text is a date and nothing else, such as 3 May 2021, May 3rd, 2021, 3.5.2021 or 2021年5月3日, else an empty string."""
    line = DATE_LINE.fullmatch(" ".join(text.split()))
    words = line[1].lower() if line else ""
    if NUMERIC_DATE.fullmatch(words):
        return (parse_timestamp(words) or "")[:10]
    words = words.removesuffix(time[0]) if (time := CLOCK_TIME.search(words)) and time.end() == len(words) else words
    if month_first := MONTH_FIRST.fullmatch(words):
        month, day, year = month_first.groups()
    elif day_first := DAY_FIRST.fullmatch(words):
        day, month, year = day_first.groups()
    elif dotted := DOTTED_DATE.fullmatch(words):
        day, month, year = dotted.groups()
    elif east_asian := EAST_ASIAN_DATE.fullmatch(words):
        year, month, day = east_asian.groups()
    else:
        return ""
    number = int(month) if month.isdecimal() else MONTH_NUMBERS.get(month, 0)
    return (parse_timestamp(f"{year}-{number:02}-{int(day):02}") or "")[:10] if number else ""
