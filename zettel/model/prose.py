"""Running prose: sentences, headings without marks, IDs, signs and tags that stand in it."""

from __future__ import annotations

import re

from zettel.model.tokens import CJK, InScripts

URL = r"(?:(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,30}://|www\.|mailto:)[^\s<>\"\ufffc]+"
IN_PROSE = InScripts(
    *(
        rf"(?P<url>{URL})"
        rf"|(?P<id>{before}(?P<sign>§)?(?P<digits>[0-9]{{14}}|[0-9]{{12}}){after})"
        r"|(?<![\w/&#\ufffc])#(?P<tag>\w[\w\u0300-\u036f/-]*)"
        for before, after in (
            (r"(?<![\w/\\#@=&?%+~$€£.-])", r"(?![\w/\\@=%]|-\w|[.,:]\w)"),
            (rf"(?:(?<![\w/\\#@=&?%+~$€£.-])|(?<=[{CJK}]))", rf"(?=[{CJK}]|(?![\w/\\@=%]|-\w|[.,:]\w))"),
        )
    )
)
"""What counts in prose; links and code stand in it as U+FFFC. A URL hides the numbers in it."""

SENTENCE_END = re.compile(
    r"(?P<stop>(?<![.!?…])[.!?…]+)[\"'”’»)\]*_]*\s+(?=(?P<next>\S))"
    r"|[。！？]+[”」』）]*"
    r"|\n(?=[ \t]*(?:[•‣▪●◦–—*-]|[0-9]{1,2}[.)])[ \t])"
)
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
CLAUSE_END = re.compile(
    r"[.!?…]+(?=[\"'”’)\]]*(?:\s|$))|[,;:)\]}\n\ufffc]|\s[–—-]\s|[。！？，；：）」]|(?P<next>§?(?<![0-9])(?:[0-9]{14}|[0-9]{12})(?![0-9]))"
)
JOINT = re.compile(
    r"\s(?:and|or|but|because|which|who|so|when|while|if|unless|although|though|since|in order to|rather than|instead of|before|after|until|to remember|then)\s"
)
LONGEST_TITLE = 60


def sentence_starts(text: str) -> list[int]:
    """Where the sentences of a block begin, the first at 0."""
    starts = [0]
    for end in SENTENCE_END.finditer(text):
        if end["stop"] and (end["next"].islower() or (end["stop"] == "." and _is_abbreviated(text, end.start()))):
            continue
        starts.append(end.end())
    return starts


def _is_abbreviated(text: str, at: int) -> bool:
    word = text[max(0, at - 12) : at].rpartition(" ")[2].rpartition("\n")[2].lstrip("([\"'“‘").lower()
    return word in ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i")


def title_after(text: str, at: int) -> str:
    """The words after a bare ID that look like its title.

    They end where the clause ends. A clause that runs into another link, or on for more than 60
    characters, is cut at its last or first conjunction: the sentence goes on after the title.
    """
    head = text[at : at + 240]
    if head[:1] not in (" ", "\t") and not re.match(rf"[{CJK}]", head):
        return ""
    end = CLAUSE_END.search(head)
    clause = head[: end.start()] if end else head
    joints = list(JOINT.finditer(clause))
    if end and end["next"] and joints:
        clause = clause[: joints[-1].start()]
    elif len(clause.strip()) > LONGEST_TITLE and joints:
        later = [joint for joint in joints if len(clause[: joint.start()].split()) >= 2]
        clause = clause[: later[0].start()] if later else clause
    words = " ".join(clause.split()).rstrip(" ([")
    return words if any(char.isalpha() for char in words) and (words[0].isupper() or not words[0].islower()) else ""


def label_after(text: str, at: int) -> tuple[str, int]:
    """The words after a bare ID that look like its title, and where they end (without any: where the ID does)."""
    label = title_after(text, at)
    begun = at
    while text[begun : begun + 1] in (" ", "\t"):
        begun += 1
    found = re.compile(r"\s+".join(map(re.escape, label.split()))).match(text, begun) if label else None
    return label, found.end() if found else at


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
