"""Analyse prose: find its sentences, IDs, URLs and tags, the labels of bare IDs, and headings without Markdown marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.text.tokens import CJK

OPAQUE = "\ufffc"
"""The placeholder in prose for each character of a link or of code."""


def _build_id_pattern(beyond: str, money: str) -> str:
    """Return the pattern of an ID in prose. Characters of the class `beyond` may touch it; other letters may not."""
    before = rf"(?<![\w/\\#@=&?%+~${money}.-])"
    after = r"(?![\w/\\@=%]|-\w|[.,:]\w)"
    if beyond:
        before, after = rf"(?:{before}|(?<=[{beyond}]))", rf"(?=[{beyond}]|{after})"
    return rf"(?P<id>{before}(?P<sign>§)?(?P<digits>[0-9]{{14}}|[0-9]{{12}}){after})"


def _build_inline_pattern(beyond: str, opaque: str, money: str, marks: str) -> re.Pattern[str]:
    """Compile the pattern of what has a meaning in prose: URLs, IDs and tags. `opaque` is the placeholder for links and code."""
    return compile_lazily(
        rf"(?P<url>(?:(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{{0,30}}://|www\.|mailto:)[^\s<>\"{opaque}]+)"
        rf"|{_build_id_pattern(beyond, money)}"
        rf"|(?<![\w/&#{opaque}])#(?P<tag>\w[\w{marks}/-]*)"
    )


INLINE_TOKEN = _build_inline_pattern(CJK, OPAQUE, "€£", "\u0300-\u036f")
"""URLs, IDs and tags in prose. Numbers and tags inside a URL do not count."""

ASCII_INLINE_TOKEN = _build_inline_pattern("", "\0", "", "")
"""The same for ASCII text, with `\\0` as the placeholder. It compiles in a tenth of the time."""

ASCII_ID = compile_lazily(_build_id_pattern("", ""))
TWELVE_DIGITS = compile_lazily("[0-9]{12,}")
DIGITS_TO_ZERO, TWELVE_ZEROS = bytes.maketrans(b"123456789", b"000000000"), b"000000000000"
"""Translation table that turns all digits into zeros, and twelve of them: `bytes.find` is faster than a pattern."""


# Patterns to search for start with one class of all their possible first characters: that is several times as fast as trying one
# alternative after another at each character. The patterns for ASCII text also compile faster.


def _build_sentence_end(stops: str, closing: str, wide_stops: str, wide_closing: str, bullets: str) -> re.Pattern[str]:
    wide = rf"|(?<=[{wide_stops}])[{wide_stops}]*[{wide_closing}]*" if wide_stops else ""
    return compile_lazily(
        rf"[.!?{stops}{wide_stops}\n](?:"
        rf"(?<=[.!?{stops}])(?<![.!?{stops}]{{2}})(?P<stops>[.!?{stops}]*)[\"'{closing})\]*_]*\s+(?=(?P<next>\S)){wide}"
        rf"|(?<=\n)(?=[ \t]*(?:[*{bullets}-]|[0-9]{{1,2}}[.)])[ \t])"
        r")"
    )


SENTENCE_END = _build_sentence_end("…", "”’»", "。！？", "”」』）", "•‣▪●◦–—")
ASCII_SENTENCE_END = _build_sentence_end("", "", "", "", "")


def _build_clause_end(stops: str, closing: str, dashes: str, wide: str, others: str) -> re.Pattern[str]:
    return compile_lazily(
        rf"[.!?{stops},;:)\]}}{wide}{others}\n0-9{dashes}-](?:"
        rf"(?<=[.!?{stops}])[.!?{stops}]*(?=[\"'{closing})\]]*(?:\s|$))"
        rf"|(?<=[,;:)\]}}\n{wide}{others.replace('§', '')}])"
        rf"|(?P<dash>(?<=\s[{dashes}-])(?=\s))"
        r"|(?P<next>(?<=§)(?:[0-9]{14}|[0-9]{12})(?![0-9])|(?<=[0-9])(?<![0-9]{2})(?:[0-9]{13}|[0-9]{11})(?![0-9]))"
        r")"
    )


CLAUSE_END = _build_clause_end("…", "”’", "–—", "。！？，；：）」", f"{OPAQUE}§")
ASCII_CLAUSE_END = _build_clause_end("", "", "", "", "")
"""The end of a clause. It has the group `next` if another ID follows, and `dash` if it is the space before a dash."""

ABBREVIATIONS = frozenset(
    [
        "e.g",
        "i.e",
        "etc",
        "vs",
        "cf",
        "al",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "no",
        "nr",
        "vol",
        "fig",
        "p",
        "pp",
        "ca",
        "approx",
        "resp",
        "incl",
        "inc",
        "ltd",
        "co",
        "jr",
        "sr",
        "bzw",
        "z.b",
        "u.a",
        "d.h",
        "usw",
    ]
)
CONJUNCTION = compile_lazily(
    r"\s(?:a(?:fter|lthough|nd)|b(?:ecause|efore|ut)|i(?:f|n order to|nstead of)|or|rather than|s(?:ince|o)|t(?:hen|hough|o remember)"
    r"|un(?:less|til)|w(?:hen|hich|hile|ho))\s"
)
"""A word that joins clauses. The pattern has one branch per first letter, for speed."""

MAX_TITLE = 60
"""Characters of a clause after a bare ID that is taken for a title as a whole."""


def find_inline_tokens(prose: str) -> Iterator[re.Match[str]]:
    """Yield the URLs, IDs and tags in prose in reading order, as matches with the offsets and groups of `INLINE_TOKEN`."""
    plain = prose.replace(OPAQUE, "\0")
    return ASCII_INLINE_TOKEN.finditer(plain) if plain.isascii() and "\0" not in prose else INLINE_TOKEN.finditer(prose)


def find_prose_ids(prose: str) -> Iterator[re.Match[str]]:
    """Yield the IDs in prose, as matches with the groups of `INLINE_TOKEN` that concern IDs."""
    flat = prose.encode("ascii", "replace").translate(DIGITS_TO_ZERO)  # one byte per character
    at = flat.find(TWELVE_ZEROS)
    if at < 0:
        return
    plain = prose.replace(OPAQUE, "\0")
    may_be_url = (":" in plain and ("://" in plain or "mailto:" in plain)) or "www." in plain
    if may_be_url or "#" in plain or not plain.isascii() or "\0" in prose:
        yield from (found for found in find_inline_tokens(prose) if found["id"])
        return
    while at >= 0:  # nothing here can hide an ID
        found = ASCII_ID.match(plain, at)
        if found:
            yield found
        digits = found or TWELVE_DIGITS.match(plain, at)
        at = flat.find(TWELVE_ZEROS, digits.end()) if digits else -1


def find_sentence_starts(text: str, upto: int | None = None) -> list[int]:
    """Return the offsets at which sentences begin, the first at 0. With `upto`, stop after the first one beyond it."""
    last = len(text) if upto is None else upto
    starts = [0]
    for end in _find_ascii_sentence_ends(text) if text.isascii() else SENTENCE_END.finditer(text):
        stops, after = end.groups()
        if after and (after.islower() or (not stops and text[end.start()] == "." and _is_abbreviation(text, end.start()))):
            continue
        starts.append(end.end())
        if starts[-1] > last:
            break
    return starts


def _find_ascii_sentence_ends(text: str) -> Iterator[re.Match[str]]:
    """Yield what `ASCII_SENTENCE_END.finditer` does, in a third of the time if there are few candidates."""
    places = text.replace("!", ".").replace("?", ".").replace("\n", ".")
    at = places.find(".")
    while at >= 0:
        end = ASCII_SENTENCE_END.match(text, at)
        if end:
            yield end
        at = places.find(".", end.end() if end else at + 1)


def _is_abbreviation(text: str, at: int) -> bool:
    word = text[max(0, at - 12) : at].rpartition(" ")[2].rpartition("\n")[2].lstrip("([\"'“‘").lower()
    return word in ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i")


def find_title_after(text: str, at: int) -> str:
    """Return the words after a bare ID that look like its title, or an empty string.

    They end with the clause. A clause that runs into another ID is cut at its last conjunction, and one of more than
    `MAX_TITLE` characters at its first: the sentence goes on after the title.
    """
    head = text[at : at + 240]
    if head[:1] not in (" ", "\t") and (head[:1].isascii() or not re.match(rf"[{CJK}]", head)):
        return ""
    end = (ASCII_CLAUSE_END if head.isascii() else CLAUSE_END).search(head)
    clause = head[: end.start() - (end["dash"] is not None)] if end else head
    if end and end["next"]:
        joints = list(CONJUNCTION.finditer(clause))
        clause = clause[: joints[-1].start()] if joints else clause
    elif len(clause.strip()) > MAX_TITLE:
        later = (joint.start() for joint in CONJUNCTION.finditer(clause) if len(clause[: joint.start()].split()) >= 2)
        clause = clause[: next(later, None)]
    words = " ".join(clause.split()).rstrip(" ([")
    return (
        words if (words[:1].isalpha() or any(char.isalpha() for char in words)) and (words[0].isupper() or not words[0].islower()) else ""
    )


def find_label_after(text: str, at: int) -> tuple[str, int]:
    """Return the words after a bare ID that look like its title, and the offset of their end (of the ID's end if there are none)."""
    label = find_title_after(text, at)
    begun = at
    while text[begun : begun + 1] in (" ", "\t"):
        begun += 1
    if text.startswith(label, begun):
        return label, begun + len(label) if label else at
    till = begun
    for word in label.split():
        while till > begun and text[till : till + 1].isspace():
            till += 1
        if not text.startswith(word, till):
            return label, at
        till += len(word)
    return label, till if label else at


def blank_links(prose: str) -> str:
    """Return prose with IDs and their labels, URLs and tags replaced by spaces, at the same length. Parsed links are `OPAQUE` already."""
    parts: list[str] = []
    at = 0
    for found in INLINE_TOKEN.finditer(prose):
        if found.start() >= at:
            till = find_label_after(prose, found.end())[1] if found["id"] else found.end()
            parts += [prose[at : found.start()], " " * (till - found.start())]
            at = till
    return "".join([*parts, prose[at:]])


MAX_WRAPPED_LINE = 120
"""Maximum characters of a line that an editor may have wrapped. A longer line is a paragraph."""


def ends_sentence(line: str) -> bool:
    """Return whether a line ends like a sentence."""
    return line.rstrip().rstrip("\"'”’»)]*_")[-1:] in tuple(".!?…:。！？")


def is_plain_heading(line: str, after: str) -> bool:
    """Return whether a line of pasted text is a heading: short, with a capital first, no full stop, and a paragraph below it."""
    line, after = line.strip(), after.strip()
    if not 2 <= len(line) <= 80 or len(line.split()) > 12 or line[0].islower() or not line[0].isalnum():
        return False
    if line[-1] in ".,;:!…。，；：" or not any(char.isalpha() for char in line):
        return False
    return len(after) > len(line) and not after[0].islower() and (len(after) > MAX_WRAPPED_LINE or ends_sentence(after))
