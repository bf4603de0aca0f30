"""Tell from the text before the cursor what can be completed there."""

from __future__ import annotations

import re

from zettel.model.base.value import NamedTuple
from zettel.model.note.frontmatter import TAG_FIELDS

NOTE, HEADING, BLOCK, LABEL, PATH, PATH_HEADING, LABELLED, SIGN, ID, WORDS, TAG, KEY = (
    "note",
    "heading",
    "block",
    "label",
    "path",
    "path heading",
    "labelled",
    "sign",
    "id",
    "words",
    "tag",
    "key",
)
"""The kinds of context: the note of `[[...]]`, its heading, block ID or label; the path of `[...](...)` and its heading; `[words` that may become such
a link; `§...`; the first digits of an ID; words in prose; a tag; a key of the front matter.
"""

MAX_WORDS = 6
"""How many words before the cursor may be those of a title."""

PATH_START = re.compile(r"\]\((?P<mark><?)(?P<words>[^<>()\r\n]*)\Z")
LABELLED_START = re.compile(r"(?<![\[\]!\\])\[(?P<words>[^\[\]()\r\n]{0,100})\Z")
LABELLED_END = re.compile(r"[^\[\]\r\n]*\][(\[:]")
SIGN_START = re.compile(r"§(?P<words>(?![0-9]{12,14}\s)[^§.!?。]{0,60})\Z")
ID_START = re.compile(r"(?<![\w/.-])(?P<words>[0-9]{4,14})\Z")
TAG_START = re.compile(r"(?:\A|(?<=\s))#(?P<words>[^\s#()\[\]{}\"',;]*)\Z")
KEY_START = re.compile(r"\A(?P<words>\w[\w -]*|)\Z")
TAG_FIELD = re.compile(rf"(?i)\A[\"']?(?:{'|'.join(TAG_FIELDS)})[\"']?[ \t]*[:=][ \t]*")
TAG_IN_FIELD = re.compile(r"(?:\A|[\s,\[\"'#])(?P<words>[^\s,\[\]\"'#]*)\Z")
LIST_ITEM = re.compile(r"\A[ \t]*-[ \t]+")
WORD_RUN = re.compile(r"\w[^\s\[\](){}<>\"“”]*")
CODE_FENCE = re.compile(r"[ \t>]*(?P<fence>`{3,}|~{3,})")


class CompletionContext(NamedTuple):
    """What can be completed in a line, and where: characters from `start` to `end` are replaced, of which those up to the cursor are typed.

    `words` is what is looked for, and `name` the destination before a `#` or `|`. `opening` are the marks with which the replaced text begins.
    """

    kind: str
    words: str
    start: int
    end: int
    name: str = ""
    opening: str = ""


def find_context(
    lines: list[str], number: int, at: int, *, is_in_front_matter: bool = False, with_words: bool = False, label_first: bool = False
) -> CompletionContext | None:
    """Return what can be completed after `at` characters of a line, or None.

    `lines` are those of the note up to this one at least. `with_words` offers titles for words in prose, too. With `label_first`, a
    destination stands behind the bar of a wiki link.
    """
    line = lines[number].rstrip("\r\n")
    before, after = line[:at], line[at:]
    wiki = _find_wiki(before, after, label_first)
    if is_in_front_matter:
        return wiki or _find_in_front_matter(lines, number, before)
    if is_in_code(lines, number, before):
        return None
    return wiki or _find_path(before, after) or _find_in_prose(before, after, with_words=with_words)


def _find_wiki(before: str, after: str, label_first: bool) -> CompletionContext | None:
    start = before.rfind("[[")
    inside = before[start + 2 :]
    if start < 0 or "]]" in inside:
        return None
    mark = start - 1 if before[start - 1 : start] == "!" else start
    end = len(before) + _count_closing(after, "]", 2)
    name, bar, label = inside.partition("|")
    if bar and label_first:
        return CompletionContext(NOTE, label, len(before) - len(label), len(before), opening="|")
    if bar:
        return CompletionContext(LABEL, label, len(before) - len(label), len(before), name.rstrip("\\"))
    name, hash_sign, anchor = inside.partition("#")
    if hash_sign:
        kind, words = (BLOCK, anchor[1:]) if anchor.startswith("^") else (HEADING, anchor)
        return CompletionContext(kind, words, len(before) - len(words), len(before), name)
    return CompletionContext(NOTE, inside, mark, end, opening=before[mark : start + 2])


def _find_path(before: str, after: str) -> CompletionContext | None:
    found = PATH_START.search(before)
    if not found:
        return None
    words, opening = found["words"], "(" + found["mark"]
    name, hash_sign, anchor = words.partition("#")
    if hash_sign:
        return CompletionContext(PATH_HEADING, anchor, len(before) - len(anchor), len(before), name, opening)
    closing = _count_closing(after, ">", 1) if found["mark"] else 0
    closing += _count_closing(after[closing:], ")", 1)
    return CompletionContext(PATH, words, found.start() + 1, len(before) + closing, opening=opening)


def _find_in_prose(before: str, after: str, *, with_words: bool) -> CompletionContext | None:
    if found := SIGN_START.search(before):
        return CompletionContext(SIGN, found["words"], found.start(), len(before), opening="§")
    if found := ID_START.search(before):
        return CompletionContext(ID, found["words"], found.start(), len(before))
    if (found := TAG_START.search(before)) and (found.start() or found["words"]):
        return CompletionContext(TAG, found["words"], found.start("words"), len(before), opening="#")
    if (found := LABELLED_START.search(before)) and not LABELLED_END.match(after):
        end = len(before) + _count_closing(after, "]", 1)
        return CompletionContext(LABELLED, found["words"], found.start(), end, opening="[")
    if with_words and before[-1:].strip() and (words := list_last_words(before)):
        return CompletionContext(WORDS, words[0], len(before) - len(words[0]), len(before))
    return None


def _find_in_front_matter(lines: list[str], number: int, before: str) -> CompletionContext | None:
    is_tag_field = TAG_FIELD.match(before) is not None
    if not is_tag_field and (item := LIST_ITEM.match(before)):
        above = next((line for line in reversed(lines[1:number]) if not LIST_ITEM.match(line)), "")
        is_tag_field = TAG_FIELD.fullmatch(above.rstrip("\r\n")) is not None
        before = " " * item.end() + before[item.end() :]
    if is_tag_field:
        field = TAG_FIELD.match(before)
        found = TAG_IN_FIELD.search(before[field.end() if field else 0 :])
        return CompletionContext(TAG, found["words"], len(before) - len(found["words"]), len(before)) if found else None
    found = KEY_START.match(before)
    return CompletionContext(KEY, found["words"], 0, len(before)) if found else None


def list_last_words(before: str) -> list[str]:
    """Return the ends of a text that are its last words, at most six, those with the most words first."""
    starts = [found.start() for found in WORD_RUN.finditer(before)][-MAX_WORDS:]
    return [words for start in starts if not re.search(r"[.!?:;]\s", words := before[start:])]


def is_in_code(lines: list[str], number: int, before: str) -> bool:
    """Return whether a line stands in fenced code, or the text before the cursor in code of a line."""
    fence = ""
    for line in lines[:number]:
        fence = find_open_fence(line, fence)
    return bool(fence) or before.count("`") % 2 == 1


def find_open_fence(line: str, fence: str) -> str:
    """Return the fence of the code that the next line stands in, or an empty string, given that of the code that `line` stands in."""
    found = CODE_FENCE.match(line)
    if not found:
        return fence
    closes = found["fence"].startswith(fence) and not line[found.end() :].strip()
    return "" if fence and closes else fence or found["fence"]


def _count_closing(after: str, mark: str, most: int) -> int:
    """Return how many closing marks, at most `most`, stand right behind the cursor."""
    return len(after[:most]) - len(after[:most].lstrip(mark))
