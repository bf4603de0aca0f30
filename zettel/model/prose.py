"""Running prose: sentences, headings without marks, IDs, signs and tags that stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zettel.model.lazily import lazily
from zettel.model.tokens import CJK

OPAQUE = "\ufffc"
"""What stands in prose for each character of a link or of code."""


def _id(beyond: str, money: str) -> str:
    """What an ID in prose looks like, where letters `beyond` Latin ones may touch it."""
    before = rf"(?<![\w/\\#@=&?%+~${money}.-])"
    after = r"(?![\w/\\@=%]|-\w|[.,:]\w)"
    if beyond:
        before, after = rf"(?:{before}|(?<=[{beyond}]))", rf"(?=[{beyond}]|{after})"
    return rf"(?P<id>{before}(?P<sign>§)?(?P<digits>[0-9]{{14}}|[0-9]{{12}}){after})"


def _in_prose(beyond: str, opaque: str, money: str, marks: str) -> re.Pattern[str]:
    """What counts in prose, where `opaque` stands for links and code."""
    return lazily(
        rf"(?P<url>(?:(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{{0,30}}://|www\.|mailto:)[^\s<>\"{opaque}]+)"
        rf"|{_id(beyond, money)}"
        rf"|(?<![\w/&#{opaque}])#(?P<tag>\w[\w{marks}/-]*)"
    )


IN_PROSE = _in_prose(CJK, OPAQUE, "€£", "\u0300-\u036f")
"""What counts in prose. A URL hides the numbers in it."""

IN_ASCII = _in_prose("", "\0", "", "")
"""The same for ASCII text, with another character for what is opaque: it takes a tenth of the time to compile."""

ID_IN_ASCII = lazily(_id("", ""))
TWELVE_DIGITS = lazily("[0-9]{12,}")
FLAT, TWELVE = bytes.maketrans(b"123456789", b"000000000"), b"000000000000"
"""What digits become so that runs of twelve are found without a step of an expression for each character."""


# Expressions that are searched for begin with one class of all that they may begin with: that is several times as fast as to try
# one alternative after the other at each character. Those for ASCII text are quicker to compile, too.


def _sentence_end(stops: str, closing: str, wide_stops: str, wide_closing: str, bullets: str) -> re.Pattern[str]:
    wide = rf"|(?<=[{wide_stops}])[{wide_stops}]*[{wide_closing}]*" if wide_stops else ""
    return lazily(
        rf"[.!?{stops}{wide_stops}\n](?:"
        rf"(?<=[.!?{stops}])(?<![.!?{stops}]{{2}})(?P<stops>[.!?{stops}]*)[\"'{closing})\]*_]*\s+(?=(?P<next>\S)){wide}"
        rf"|(?<=\n)(?=[ \t]*(?:[*{bullets}-]|[0-9]{{1,2}}[.)])[ \t])"
        r")"
    )


SENTENCE_END = _sentence_end("…", "”’»", "。！？", "”」』）", "•‣▪●◦–—")
ASCII_SENTENCE_END = _sentence_end("", "", "", "", "")


def _clause_end(stops: str, closing: str, dashes: str, wide: str, others: str) -> re.Pattern[str]:
    return lazily(
        rf"[.!?{stops},;:)\]}}{wide}{others}\n0-9{dashes}-](?:"
        rf"(?<=[.!?{stops}])[.!?{stops}]*(?=[\"'{closing})\]]*(?:\s|$))"
        rf"|(?<=[,;:)\]}}\n{wide}{others.replace('§', '')}])"
        rf"|(?P<dash>(?<=\s[{dashes}-])(?=\s))"
        r"|(?P<next>(?<=§)(?:[0-9]{14}|[0-9]{12})(?![0-9])|(?<=[0-9])(?<![0-9]{2})(?:[0-9]{13}|[0-9]{11})(?![0-9]))"
        r")"
    )


CLAUSE_END = _clause_end("…", "”’", "–—", "。！？，；：）」", f"{OPAQUE}§")
ASCII_CLAUSE_END = _clause_end("", "", "", "", "")
"""The end of a clause; `next` where it runs into another ID, `dash` where it is the blank before a dash."""

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
JOINT = lazily(
    r"\s(?:a(?:fter|lthough|nd)|b(?:ecause|efore|ut)|i(?:f|n order to|nstead of)|or|rather than|s(?:ince|o)|t(?:hen|hough|o remember)"
    r"|un(?:less|til)|w(?:hen|hich|hile|ho))\s"
)
"""A word that joins clauses, one branch for each letter that it may begin with."""

LONGEST_TITLE = 60


def found_in(prose: str) -> Iterator[re.Match[str]]:
    """What counts in prose, in reading order; its offsets and groups are those of `IN_PROSE`."""
    plain = prose.replace(OPAQUE, "\0")
    return IN_ASCII.finditer(plain) if plain.isascii() and "\0" not in prose else IN_PROSE.finditer(prose)


def ids_in_prose(prose: str) -> Iterator[re.Match[str]]:
    """The IDs among what counts in prose."""
    flat = prose.encode("ascii", "replace").translate(FLAT)  # a byte for each character
    at = flat.find(TWELVE)
    if at < 0:
        return
    plain = prose.replace(OPAQUE, "\0")
    may_be_url = (":" in plain and ("://" in plain or "mailto:" in plain)) or "www." in plain
    if may_be_url or "#" in plain or not plain.isascii() or "\0" in prose:
        yield from (found for found in found_in(prose) if found["id"])
        return
    while at >= 0:  # what could hide them is not there
        found = ID_IN_ASCII.match(plain, at)
        if found:
            yield found
        digits = found or TWELVE_DIGITS.match(plain, at)
        at = flat.find(TWELVE, digits.end()) if digits else -1


def sentence_starts(text: str, upto: int | None = None) -> list[int]:
    """Where the sentences of a block begin, the first at 0; `upto`: no further than to the first behind this place."""
    last = len(text) if upto is None else upto
    starts = [0]
    for end in _ascii_sentence_ends(text) if text.isascii() else SENTENCE_END.finditer(text):
        stops, after = end.groups()
        if after and (after.islower() or (not stops and text[end.start()] == "." and _is_abbreviated(text, end.start()))):
            continue
        starts.append(end.end())
        if starts[-1] > last:
            break
    return starts


def _ascii_sentence_ends(text: str) -> Iterator[re.Match[str]]:
    """What `ASCII_SENTENCE_END.finditer` gives, where there are few places to try in a third of the time."""
    places = text.replace("!", ".").replace("?", ".").replace("\n", ".")
    at = places.find(".")
    while at >= 0:
        end = ASCII_SENTENCE_END.match(text, at)
        if end:
            yield end
        at = places.find(".", end.end() if end else at + 1)


def _is_abbreviated(text: str, at: int) -> bool:
    word = text[max(0, at - 12) : at].rpartition(" ")[2].rpartition("\n")[2].lstrip("([\"'“‘").lower()
    return word in ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i")


def title_after(text: str, at: int) -> str:
    """The words after a bare ID that look like its title.

    They end where the clause ends. A clause that runs into another link, or on for more than 60
    characters, is cut at its last or first conjunction: the sentence goes on after the title.
    """
    head = text[at : at + 240]
    if head[:1] not in (" ", "\t") and (head[:1].isascii() or not re.match(rf"[{CJK}]", head)):
        return ""
    end = (ASCII_CLAUSE_END if head.isascii() else CLAUSE_END).search(head)
    clause = head[: end.start() - (end["dash"] is not None)] if end else head
    if end and end["next"]:
        joints = list(JOINT.finditer(clause))
        clause = clause[: joints[-1].start()] if joints else clause
    elif len(clause.strip()) > LONGEST_TITLE:
        later = (joint.start() for joint in JOINT.finditer(clause) if len(clause[: joint.start()].split()) >= 2)
        clause = clause[: next(later, None)]
    words = " ".join(clause.split()).rstrip(" ([")
    return (
        words if (words[:1].isalpha() or any(char.isalpha() for char in words)) and (words[0].isupper() or not words[0].islower()) else ""
    )


def label_after(text: str, at: int) -> tuple[str, int]:
    """The words after a bare ID that look like its title, and where they end (without any: where the ID does)."""
    label = title_after(text, at)
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


def without_links(prose: str) -> str:
    """Prose with its IDs, the titles after bare ones, URLs and tags blanked out, as long as before; parsed links are opaque in it already."""
    parts: list[str] = []
    at = 0
    for found in IN_PROSE.finditer(prose):
        if found.start() >= at:
            till = label_after(prose, found.end())[1] if found["id"] else found.end()
            parts += [prose[at : found.start()], " " * (till - found.start())]
            at = till
    return "".join([*parts, prose[at:]])


LONGEST_BROKEN_LINE = 120
"""Characters up to which editors break lines; a longer line is a paragraph."""


def ends_sentence(line: str) -> bool:
    """Whether a line ends as a sentence does."""
    return line.rstrip().rstrip("\"'”’»)]*_")[-1:] in tuple(".!?…:。！？")


def is_plain_heading(line: str, after: str) -> bool:
    """Whether a line of pasted text is a heading without marks: short, capital first, no full stop, a paragraph below it."""
    line, after = line.strip(), after.strip()
    if not 2 <= len(line) <= 80 or len(line.split()) > 12 or line[0].islower() or not line[0].isalnum():
        return False
    if line[-1] in ".,;:!…。，；：" or not any(char.isalpha() for char in line):
        return False
    return len(after) > len(line) and not after[0].islower() and (len(after) > LONGEST_BROKEN_LINE or ends_sentence(after))
