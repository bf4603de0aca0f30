"""Read the highlights and notes of a Kindle (`My Clippings.txt`): each book is a document.

The language of the Kindle decides the words of the file, so it is read by its structure: title, position and day, text, a line of `=`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from zettel.adapters.encoding import decode_source
from zettel.model.articles.byline import parse_day
from zettel.model.articles.imported import Source, SourceDocument
from zettel.model.text.dates import parse_timestamp

ENTRY_END = re.compile(r"^={10}[ \t]*(?:\n|\Z)", re.MULTILINE)
ENTRY_START = re.compile(rb"(?:\xef\xbb\xbf)?[^\r\n]{1,1000}\r?\n- [^\r\n]{1,500}\r?\n\r?\n")
LAST_ENTRY = re.compile(rb"^={10}[ \t]*\r?$", re.MULTILINE)
AUTHOR = re.compile(r"(?P<title>.*\S)\s*\((?P<author>[^()]*(?:\([^()]*\)[^()]*)*)\)")
PLACE = re.compile(r"(?<![\d.:])(\d{1,7})(?:\s?[-–]\s?(\d{1,7}))?(?![\d.:])")
PAGE_WORD = re.compile(r"page|seite|p[áa]gin|pagina|страниц|стр\.|页|頁|ページ|stron|sida|sivu|side|strán", re.IGNORECASE)
NOTE_WORD = re.compile(r"\b(?:note|notiz|nota|notitie|notatka|anteckning|poznámka)\b|заметк|笔记|筆記|メモ|노트|메모", re.IGNORECASE)
CJK_DAY = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
CLOCK = re.compile(r"(?<!\d)(\d{1,2}):(\d{2})(?::\d{2})?\s*([AP]M)?", re.IGNORECASE)


MAX_TIME = 200
"""Maximum characters of the time of an entry that are read."""

MAX_UNDATED = 20
"""Number of entries of a book that are searched for a date in a language that is known."""


class _Clipping(NamedTuple):
    """One entry of the file. `start` and `end` are its location, or its page if it has no location; 0 if it has neither."""

    book: str
    page: str
    start: int
    end: int
    has_location: bool
    is_note: bool
    when: str
    text: str


def is_kindle(head: bytes) -> bool:
    """Return whether a file begins like the clippings of a Kindle."""
    return bool(ENTRY_START.match(head)) and bool(LAST_ENTRY.search(head))


def read_kindle(data: bytes, source: Source, encoding: str) -> list[SourceDocument]:
    """Return the books of a file of clippings, in the order in which they come first."""
    decoded = decode_source(data, encoding)
    entries = ENTRY_END.split(decoded.text.replace("\r\n", "\n")) if decoded else []
    books: dict[str, list[_Clipping]] = {}
    for entry in entries:
        if clipping := _parse_entry(entry):
            books.setdefault(clipping.book, []).append(clipping)
    return [_format_book(book, clippings, source) for book, clippings in books.items()]


def _parse_entry(entry: str) -> _Clipping | None:
    """Parse an entry. Returns None for a bookmark, which has no text."""
    lines = entry.strip("\n\ufeff").split("\n")
    text = "\n".join(lines[2:]).strip()
    if len(lines) < 3 or not lines[1].startswith("- ") or not text:
        return None
    parts = lines[1].split("|")
    described, when = "|".join(parts[:-1]) if len(parts) > 1 else parts[0], parts[-1]
    places = list(PLACE.finditer(described))
    page = places[0] if places and (len(places) > 1 or PAGE_WORD.search(described)) else None
    place = places[-1] if places else None
    start = int(place[1]) if place else 0
    end = _expand_end(place[1], place[2]) if place and place[2] else start
    return _Clipping(
        " ".join(lines[0].strip("\ufeff ").split()),
        page[0] if page else "",
        start,
        end,
        place is not page,
        bool(NOTE_WORD.search(parts[0])) and start == end,
        when,
        text,
    )


def _expand_end(start: str, end: str) -> int:
    """Return the end of a range that may be shortened, such as 1042-44."""
    return int(start[: len(start) - len(end)] + end) if len(end) < len(start) else int(end)


def _parse_when(text: str) -> str:
    """Return the time of an entry, `YYYY-MM-DD HH:MM`, empty if it is not in a language that is known."""
    text = text[:MAX_TIME]
    numbers = CJK_DAY.search(text)
    day = f"{numbers[1]}-{int(numbers[2]):02}-{int(numbers[3]):02}" if numbers else ""
    clock = CLOCK.search(text)
    if not day:
        words = (text[: clock.start()] if clock else text).strip(" ,").split()
        day = next((found for at in range(len(words)) if (found := parse_day(" ".join(words[at:]).strip(" ,")))), "")
    if not day or not parse_timestamp(day):
        return ""
    if not clock:
        return day
    hour = int(clock[1]) % 12 + 12 * (clock[3].lower() == "pm") if clock[3] else int(clock[1])
    if "下午" in text or "午後" in text or "오후" in text:
        hour = hour % 12 + 12
    return f"{day} {hour:02}:{clock[2]}" if hour < 24 and int(clock[2]) < 60 else day


def _format_book(book: str, clippings: list[_Clipping], source: Source) -> SourceDocument:
    found = AUTHOR.fullmatch(book)
    title, author = (found["title"], found["author"]) if found else (book, "")
    quotes = [one for one in clippings if not one.is_note]
    notes = {one.start: one for one in clippings if one.is_note}  # a note that was edited comes again
    parts = [(quote.start, 0, _format_quote(quote)) for quote in _drop_repeated(quotes)]
    for note, owner in _find_owners(list(notes.values()), quotes):
        place = "" if owner else f"{html.escape(_format_place(note))}: "
        parts.append((owner.start if owner else note.start, 1, f"<p>{place}{_format_text(note.text)}</p>"))
    created = next((when for one in clippings[:MAX_UNDATED] if (when := _parse_when(one.when))), "")
    return SourceDocument(
        f"{source.name}: {title}",
        title,
        "\n".join(part for _, _, part in sorted(parts, key=lambda part: part[:2])),
        is_page=True,
        title=title,
        author=_turn_name(author),
        created=created,
        is_clean=True,
    )


def _find_owners(notes: list[_Clipping], quotes: list[_Clipping]) -> Iterator[tuple[_Clipping, _Clipping | None]]:
    """Yield the notes in the order of the book, each with the first highlight that it stands in, or None."""
    coming = sorted(enumerate(quotes), key=lambda item: -item[1].start)
    open_quotes: list[tuple[int, _Clipping]] = []  # a heap: the earliest in the file first
    for note in sorted(notes, key=lambda one: one.start):
        while coming and coming[-1][1].start <= note.start:
            heappush(open_quotes, coming.pop())
        while open_quotes and open_quotes[0][1].end < note.start:
            heappop(open_quotes)
        yield note, open_quotes[0][1] if open_quotes else None


def _format_quote(quote: _Clipping) -> str:
    return f"<blockquote><p>{_format_text(quote.text)}</p><p>{html.escape(_format_place(quote))}</p></blockquote>"


def _drop_repeated(quotes: list[_Clipping]) -> list[_Clipping]:
    """Return the highlights in the order of the book, without those that were made again, longer or shorter."""
    kept: list[_Clipping] = []
    for quote in sorted(quotes, key=lambda one: (one.start, -len(one.text))):
        near = [at for at, one in enumerate(kept[-20:], max(0, len(kept) - 20)) if one.end >= quote.start]
        same = next((at for at in near if quote.text in kept[at].text or kept[at].text in quote.text), None)
        if same is None:
            kept.append(quote)
        elif len(quote.text) > len(kept[same].text):
            kept[same] = quote
    return kept


def _format_place(clipping: _Clipping) -> str:
    page = f"page {clipping.page}" if clipping.page else ""
    span = str(clipping.start) if clipping.start == clipping.end else f"{clipping.start}–{clipping.end}"
    location = f"location {span}" if clipping.start and clipping.has_location else ""
    return ", ".join(part for part in (page, location) if part)


def _format_text(text: str) -> str:
    return html.escape(" ".join(text.split(" "))).replace("\n", "<br>")


def _turn_name(author: str) -> str:
    """Return the name of an author who is given as `Last, First` in the usual order."""
    names = [name.strip() for name in author.split(";") if name.strip()]
    return ", ".join(f"{parts[1].strip()} {parts[0].strip()}" if len(parts := name.split(",")) == 2 else name for name in names)
