"""Analyse prose: find its sentences, IDs, URLs and tags, the labels of bare IDs, and headings without Markdown marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import accumulate

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.base.value import NamedTuple
from zettel.model.text.ids import find_first_id, is_id
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


BEYOND_TAGS = (
    "\x80-\xa9\xab-\xb1\xb4\xb6\xb8\xbb-\xbf\xd7\xf7\u037e\u0387\u055a-\u055f\u0589\u05c0\u05c3\u05c6\u060c\u061b-\u061f\u066a-\u066d\u06d4\u0964\u0965\u0e2f\u0e5a\u0e5b"
    "\u0f04-\u0f0a\u0f0d-\u0f14\u104a-\u104f\u1360-\u1368\u166e\u1680\u16eb-\u16ed\u1735\u1736\u17d4-\u17d6\u17d8-\u17da\u1800-\u180a"
    "\u2000-\u200b\u200e-\u203e\u2041-\u2053\u2055-\u206f\u20a0-\u20cf\u2190-\u22ff\u2500-\u259f\u27c0-\u2aff\u2e00-\u2e7f\u3000-\u3002\u3004\u3008-\u301b\u301d-\u3020\u3030"
    "\ua4fe\ua4ff\ua60d-\ua60f\ufe10-\ufe1f\ufe30-\ufe6f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff3e\uff40\uff5b-\uff5d\uff5f-\uff64\uffe0-\uffff"
)
"""Blanks, punctuation, currencies and arrows beyond ASCII, which end a tag. All else belongs to it: letters with all their marks, joiners, emoji,
and what joins words as a hyphen does in other scripts, such as `·` in Catalan, `־` in Hebrew and `・` in Japanese."""

TAG_JOINERS = "-/·・･־་༌"
"""What joins words within a tag, and does not belong to it at its end."""


def _build_inline_pattern(beyond: str, opaque: str, money: str, beyond_tags: str) -> re.Pattern[str]:
    """Compile the pattern of what has a meaning in prose: URLs, IDs and tags. `opaque` is the placeholder for links and code."""
    tag = (
        rf"(?![/\-\u0300-\u036f\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f])[^\s\x00-,.:-@\[-^`{{-\x7f{beyond_tags}]+"
        if beyond_tags
        else r"\w[\w/-]*"
    )
    return compile_lazily(
        rf"(?P<url>(?:(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{{0,30}}://|www\.|mailto:)[^\s<>\"{opaque}]+)"
        rf"|{_build_id_pattern(beyond, money)}"
        rf"|(?<![\w/&#{{{opaque}])#(?P<tag>{tag})"
    )


INLINE_TOKEN = _build_inline_pattern(CJK, OPAQUE, "€£", BEYOND_TAGS)
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
    wide = rf"|(?<=[{wide_stops}])(?<![0-9０-９]．(?=[0-9０-９]))[{wide_stops}]*[{wide_closing}]*" if wide_stops else ""
    return compile_lazily(
        rf"[.!?{stops}{wide_stops}\n](?:"
        rf"(?<=[.!?{stops}])(?<![.!?{stops}]{{2}})(?P<stops>[.!?{stops}]*)[\"'{closing})\]*_]*\s+(?=(?P<next>\S)){wide}"
        rf"|(?<=\n)(?=[ \t]*(?:[*{bullets}-]|[0-9]{{1,2}}[.)])[ \t])"
        r")"
    )


WIDE_STOPS = "。！？．｡։؟۔܀܁܂।॥།༎။።፧፨។៕᙮᠃᠉‼‽⁇⁈⁉꓿꘎꘏꛳꛷꫰꯫︒﹒﹖﹗"
"""What ends a sentence in scripts other than Latin, Greek and Cyrillic, and in any script if doubled. No blank need follow."""

SENTENCE_END = _build_sentence_end("…", "”’»“‘«›‹", WIDE_STOPS, "”」』）", "•‣▪●◦–—")
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


CLAUSE_END = _build_clause_end("…", "”’", "–—", "。！？，；：）」।॥؟۔،؛။።។։", f"{OPAQUE}§")
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
        "vgl",
        "bspw",
        "ggf",
        "evtl",
        "abb",
        "kap",
        "ex",
        "ej",
        "pág",
        "cfr",
        "bkz",
        "см",
        "напр",
        "т.е",
        "т.д",
        "т.п",
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


def has_long_number(prose: str) -> bool:
    """Return whether there are twelve digits in a row, as every ID has them."""
    return prose.encode("ascii", "replace").translate(DIGITS_TO_ZERO).find(TWELVE_ZEROS) >= 0


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


def find_sentence_starts(text: str, upto: int | None = None, prose: str = "") -> list[int]:
    """Return the offsets at which sentences begin, the first at 0. With `upto`, stop after the first one beyond it.

    `prose` is the text with `OPAQUE` for links and code, in which no sentence ends.
    """
    last = len(text) if upto is None else upto
    starts = [0]
    for end in _find_ascii_sentence_ends(text) if text.isascii() else SENTENCE_END.finditer(text):
        at, (stops, after) = end.start(), end.groups()
        start = end.end()
        if prose and prose[start - 1] == OPAQUE and (start - 1 > at or prose[start : start + 1] == OPAQUE):
            continue
        is_word = not prose or prose[at - 1 : at] != OPAQUE
        if after and (after.islower() or (is_word and not stops and text[at] == "." and _is_abbreviation(text, at))):
            continue
        if text[at] in ".…" and (not at or text[at - 1].isspace()):
            continue  # `A ... B`: words were left out
        starts.append(start)
        if start > last:
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
    if text[at : at + 8].lstrip()[:1].islower():
        return ""  # a quick exit: a title begins otherwise
    head = text[at : at + 240]
    if head[:1] not in (" ", "\t") and (head[:1].isascii() or not re.match(rf"[{CJK}]", head)):
        return ""
    end = (ASCII_CLAUSE_END if head.isascii() else CLAUSE_END).search(head)
    clause = head[: end.start() - (end["dash"] is not None)] if end else head
    if end and end["next"]:
        joints = list(CONJUNCTION.finditer(clause))
        clause = clause[: joints[-1].start()] if joints else clause
    elif len(clause.strip()) > MAX_TITLE:
        for joint in CONJUNCTION.finditer(clause):
            if len(clause[: joint.start()].split()) >= 2:
                clause = clause[: joint.start()]
                break
    words = " ".join(clause.split()).rstrip(" ([")
    if words[:1] in ("(", "["):
        return ""  # a remark in brackets, which the end of the clause would cut
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
    return line.rstrip().rstrip("\"'”’»)]*_")[-1:] in tuple(f".!?…:{WIDE_STOPS}")


MIN_WRAPPED_LINE = 50
"""Minimum characters of the longest line of a paragraph whose lines an editor has wrapped."""


class LineBreak(NamedTuple):
    """A line break: whether its writer marked it as one, and the number of characters in the file of the line before it and of the word after it."""

    is_hard: bool
    length: int
    next_word: int


def find_line_starts(text: str, prose: str, breaks: Mapping[int, LineBreak]) -> list[int]:
    """Return the offsets at which lines begin that their writer meant as lines, as in a list without bullets.

    `prose` is the text with `OPAQUE` for links and code, and `breaks` has each line break, and the end, at its offset. A line goes
    on in the next one if that begins in lower case, and unless the break is marked as one, if it ends with a comma, an article or the
    like, or if the paragraph flows: many lines do so, or most are so long that the next word did not fit. So does one above a line that
    is nothing but a link.
    """
    prose_lines = prose.split("\n")  # a line break within a link does not count
    starts = [0, *accumulate(len(line) + 1 for line in prose_lines[:-1])]
    lines = [text[start : start + len(line)] for start, line in zip(starts, prose_lines, strict=True)]
    own = [
        breaks.get(start - 1) or LineBreak(False, len(line), len(after.partition(" ")[0]))
        for line, start, after in zip(lines, starts[1:], lines[1:], strict=False)
    ]
    last = breaks.get(len(text))
    are_lower = list(map(_begins_in_lower_case, lines, prose_lines))
    if len(lines) > 2 and all(are_lower) and not any(map(ends_sentence, lines)):
        are_lower = [False] * len(lines)  # a list in lower case
    goes_on = [are_lower[at + 1] or _is_open(prose_lines[at]) for at in range(len(lines) - 1)]
    joined = sum(on and not ends_sentence(line) for on, line in zip(goes_on, lines, strict=False))
    is_flowing = 3 * joined > len(goes_on) - joined or _is_wrapped(
        [line.length for line in own], [line.next_word for line in own], last.length if last else len(lines[-1])
    )
    is_bare = list(map(_is_nothing_but_links, prose_lines))
    found = []
    for at, is_joined in enumerate(goes_on, 1):
        if not lines[at - 1].strip() or not lines[at].strip():
            continue
        is_pair = is_bare[at] and not is_bare[at - 1] and not (at + 1 < len(lines) and is_bare[at + 1])
        if (own[at - 1].is_hard and not are_lower[at]) or not (is_joined or is_flowing or is_pair):
            found.append(starts[at])
    return found


_OPEN_ENDS = (",", ";", "–", "—", " -", "(", "&", "/", "，", "、", "；", "،", "؛")
_OPEN_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "with",
        "from",
        "into",
        "and",
        "or",
        "but",
        "nor",
        "as",
        "than",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "that",
        "which",
        "who",
        "whose",
        "its",
        "their",
        "his",
        "her",
        "our",
        "your",
        "my",
        "this",
        "these",
        "those",
    ]
)


def _is_open(line: str) -> bool:
    """Return whether a line ends in the middle of a clause: with a comma, an article, a preposition and the like."""
    line = line.rstrip()
    return line.endswith(_OPEN_ENDS) or line[line.rfind(" ") + 1 :] in _OPEN_WORDS


def _is_wrapped(lengths: list[int], next_words: list[int], last_length: int) -> bool:
    """Return whether an editor has wrapped the lines: at most breaks, the first word of the next line would not have fitted."""
    width = max(last_length, *lengths)
    if not MIN_WRAPPED_LINE <= width <= MAX_WRAPPED_LINE:
        return False
    telling = [length + 1 + word > width for length, word in zip(lengths, next_words, strict=True) if length < width or len(lengths) == 1]
    return 3 * sum(telling) >= 2 * len(telling)


def _begins_in_lower_case(line: str, prose: str) -> bool:
    """Return whether a line begins with a lower-case letter, perhaps behind quotation marks or the like. The name of a file does not count."""
    at = next((at for at, char in enumerate(line) if char.isalnum()), None)
    if at is None or not line[at].islower():
        return False
    return prose[at] != OPAQUE or "-" not in line[at:].partition(" ")[0]


def _is_nothing_but_links(prose: str) -> bool:
    if OPAQUE not in prose and not find_first_id(prose):
        return False
    return not any(map(str.isalpha, prose)) and all(map(is_id, prose.replace(OPAQUE, " ").translate(_ASCII_MARKS).split()))


_ASCII_MARKS = {code: " " for code in range(128) if not chr(code).isalnum()}


HEADING_STOPS = frozenset(f".,;:!…，；：{WIDE_STOPS}") - set("？؟")
"""What a heading does not end with. It may be a question."""


def is_plain_heading(line: str, after: str) -> bool:
    """Return whether a line of pasted text is a heading: short, with a capital first, no full stop, and a paragraph below it."""
    line, after = line.strip(), after.strip()
    if not 2 <= len(line) <= 80 or len(line.split()) > 12 or line[0].islower() or not line[0].isalnum():
        return False
    if line[-1] in HEADING_STOPS or "://" in line or not any(char.isalpha() for char in line):
        return False
    return len(after) > len(line) and not after[0].islower() and (len(after) > MAX_WRAPPED_LINE or ends_sentence(after))
