"""Decide what a reader sees of the sentence around a link: titles in place of destinations, and where the label of a bare ID ends."""

from __future__ import annotations

from zettel.model.base.value import NamedTuple
from zettel.model.text.fold import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

ID_SYNTAXES = ("bare", "sign")
"""The syntaxes whose label is the words behind the link. Named here, because most commands need not load the table of syntaxes."""

SPACING = " \t:–—-|()[]*_"
"""What may stand between a link and its target's title beside it."""

MARKS = ".,;:!?…\"'()[]"
"""What may stand at a word and does not belong to it."""


class ShownDestination(NamedTuple):
    """A link in a sentence that shows its destination, from `start` to `end`. `is_own`: it is the link whose sentence this is.

    `title` and `aliases` are those of its target.
    """

    start: int
    end: int
    is_own: bool
    dest: str
    title: str
    aliases: Sequence[str]
    is_id: bool


class ShownSentence(NamedTuple):
    """The sentence around a link as a reader sees it, (start, end) of the link's words in it, and the link's label."""

    sentence: str
    mark: tuple[int, int]
    label: str


def show_titles(quoted: ShownSentence, spans: Sequence[ShownDestination]) -> ShownSentence:
    """Return a sentence with words in place of the destinations in `spans`, which are in order."""
    sentence, mark, label = quoted
    mark_start, mark_end = mark
    if len(spans) == 1 and not spans[0].is_id and spans[0].is_own and spans[0][:2] == mark:  # the usual case
        words = _choose_words(sentence, spans[0])
        return ShownSentence(sentence[:mark_start] + words + sentence[mark_end:], (mark_start, mark_start + len(words)), label)
    parts: list[str] = []
    at = size = 0
    for span in spans:
        words = _choose_words(sentence, span)
        parts += [sentence[at : span.start], words]
        size += span.start - at
        if span.is_own and (span.start, span.end) == mark:
            mark_start, mark_end = size, size + len(words)
        elif not span.is_own and span.end <= mark[0]:
            growth = len(words) - (span.end - span.start)
            mark_start, mark_end = mark_start + growth, mark_end + growth
        size += len(words)
        at = span.end
    found = ShownSentence("".join([*parts, sentence[at:]]), (mark_start, mark_end), label)
    own = next((span for span in spans if span.is_own), None)
    return end_label_with_title(found, own.title) if own and own.is_id else found


def end_label_with_title(quoted: ShownSentence, title: str) -> ShownSentence:
    """Return the sentence of a bare link, whose label and mark end where its target's title ends if the words behind its ID are the title."""
    sentence, (start, end), label = quoted
    words_start = end - len(label)
    if not label:
        words_start += len(sentence[end : end + 80]) - len(sentence[end : end + 80].lstrip(" "))
    elif sentence[words_start:end] != label:
        return quoted
    words_end = words_start + len(title)
    words = sentence[words_start:words_end]
    if words_start == words_end or (words_start == end and not label) or (words != title and words.casefold() != title.casefold()):
        return quoted
    return quoted if sentence[words_end : words_end + 1].isalnum() else ShownSentence(sentence, (start, words_end), words)


def find_title_behind(sentence: str, end: int, title: str) -> str:
    """Return the words that stand one blank behind a bare ID without a label, if they are its target's title, as they nearly always are, or "".

    `end` is the offset at which the ID ends. All that `show_titles` does then is to make these words the label.
    """
    words_end = end + 1 + len(title)
    words = sentence[end + 1 : words_end]
    is_title = sentence[end : end + 1] == " " != words[:1] and (words == title or words.casefold() == title.casefold())
    return words if is_title and not sentence[words_end : words_end + 1].isalnum() else ""


def label_with_title_beside(quoted: ShownSentence, title: str) -> ShownSentence:
    """Return the sentence of a link that shows only an ID in brackets, with the target's title as its label if that stands right beside it."""
    sentence, (start, end), _ = quoted
    after, before = sentence[end:].lstrip(SPACING), sentence[:start].rstrip(SPACING)
    words = after[: len(title)]
    if words.casefold() == title.casefold() and not after[len(title) : len(title) + 1].isalnum():
        return quoted._replace(label=words)
    words = before[max(0, len(before) - len(title)) :]
    if words.casefold() == title.casefold() and not before[: -len(title)][-1:].isalnum():
        return quoted._replace(label=words)
    return quoted


def _choose_words(sentence: str, span: ShownDestination) -> str:
    """Return what to show for a link: its target's title, or what is written if that is one of its names or stands beside the title."""
    written = sentence[span.start : span.end]
    if written == span.title:
        return written
    behind = span.end + 1
    end = behind + len(span.title)
    if sentence[behind:end].casefold() == span.title.casefold() and not sentence[end : end + 1].isalnum():
        return written  # the usual case
    if _stands_beside(sentence, span):
        return written
    if span.is_id:
        return span.title
    name, hash_sign, anchor = written.partition("#")
    name, anchor = name.strip(), _show_anchor(anchor) if hash_sign else ""
    if not name:
        return anchor or written
    names = (span.title, *span.aliases)
    is_named = name in map(str.strip, names) if name.isdigit() else fold(name) in map(fold, names)
    shown = name if is_named else span.title
    return f"{shown} › {anchor}" if anchor else shown


def _stands_beside(sentence: str, span: ShownDestination) -> bool:
    """Return whether a form of the target's title stands right behind a link or before it."""
    words = span.title.split()
    reach = 2 * len(span.title) + 20
    before, after = sentence[max(0, span.start - reach) : span.start].rstrip(SPACING), sentence[span.end : span.end + reach].lstrip(SPACING)
    if _begin_alike(after, words[:1]) and _are_forms(fold(after).split(maxsplit=len(words))[: len(words)], fold(span.title).split()):
        return True
    if before.endswith((",", ".", ";", "!", "?")) or not _begin_alike(before.rpartition(" ")[2], words[-1:]):
        return False
    return _are_forms(fold(before).split()[-len(words) :], fold(span.title).split())


def _show_anchor(anchor: str) -> str:
    """Return what people see of an anchor, which is nothing if it names a block."""
    anchor = anchor.strip("# ").partition(":#")[0]  # Dendron writes `#part,1:#end` for a part without its first line, up to another one
    part, _, skipped = anchor.rpartition(",")
    return "" if anchor.startswith("^") else (part if part and skipped.isdigit() else anchor).replace("#", " › ")


def _begin_alike(text: str, words: Sequence[str]) -> bool:
    """Return whether a text may begin with a form of the first word: with the same letter, or not in ASCII. Rules out most at little cost."""
    initial, other = text[:8].lstrip(MARKS)[:1], words[0].lstrip(MARKS)[:1] if words else ""
    return initial.lower() == other.lower() or not (initial.isascii() and other.isascii() and initial and other)


def _are_forms(words: Sequence[str], title: Sequence[str]) -> bool:
    """Return whether words are those of a title, whatever their endings and punctuation."""
    return len(words) == len(title) and all(map(_is_form, words, title))


def _is_form(word: str, other: str) -> bool:
    word, other = word.strip(MARKS), other.strip(MARKS)
    common = max(3, min(len(word), len(other)) - 2)
    return word == other or (len(word) >= common and word[:common] == other[:common] and abs(len(word) - len(other)) <= 4)
