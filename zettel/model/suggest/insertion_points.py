"""Find where a link could be inserted: at a mention, at the end of a sentence, or at the end of the note."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from zettel.model.base.value import value
from zettel.model.note.context import Quoter
from zettel.model.note.parse import ParsedNote
from zettel.model.note.passage import Passage, find_byte_end, find_byte_offset
from zettel.model.text.prose import INLINE_TOKEN, OPAQUE, blank_links, find_sentence_starts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import InsertionPointRecord

_FINAL_PUNCTUATION = ".!?…:;,。！？："
_CLOSING_MARKS = "\"'”’»)]*_」』）"
"""Characters that may follow the final punctuation of a sentence and still belong to it."""

_TRAILING_PARENTHESES = re.compile(r"\((?:[^()]|\([^()]*\))*\)[^\w()]*\Z")


@value
class Mention:
    """The name of the note `target` in the prose of the note `source`, where it is not a link.

    `name` is the title or alias as the target writes it. `start` and `end` are byte offsets into the file, and `line`
    counts from 1. `headings` are those above the mention, outermost first. `sentence` is the sentence around it as plain
    text, and `mark` the range of the mention in it (start and end, in characters). If `is_partial`, it has only a part of the
    name.
    """

    source: str
    target: str
    name: str
    headings: tuple[str, ...]
    sentence: str
    mark: tuple[int, int]
    line: int
    start: int
    end: int
    is_partial: bool = False

    @property
    def text(self) -> str:
        """The name as the sentence writes it."""
        return self.sentence[slice(*self.mark)]


@value
class SentenceEnd:
    """The end of a sentence of the note `source`, where a link in parentheses fits before the final punctuation.

    `start` is the byte offset into the file, the same as `end`. `mark` holds the offset in the sentence, twice. `own_text` is the
    text of the sentence outside links.
    """

    source: str
    headings: tuple[str, ...]
    sentence: str
    mark: tuple[int, int]
    line: int
    start: int
    end: int
    own_text: str = ""


@value
class NoteEnd:
    """The end of the note `source`, after its last character, where a list "See also:" is or would begin.

    This is the fallback if there is no other insertion point. It has the same fields as the others, but its sentence is empty.
    """

    source: str
    headings: tuple[str, ...]
    sentence: str
    mark: tuple[int, int]
    line: int
    start: int
    end: int


InsertionPoint = Mention | SentenceEnd | NoteEnd


def find_note_end(source: str, parsed: ParsedNote) -> NoteEnd:
    """Return the insertion point at the end of a note."""
    at = parsed.lines.content_end
    return NoteEnd(source, (), "", (0, 0), parsed.lines.find_line(at), at, at)


def insertion_point_to_record(point: InsertionPoint) -> InsertionPointRecord:
    """Return the JSON record of an insertion point."""
    return {
        "source": point.source,
        "headings": list(point.headings),
        "sentence": point.sentence,
        "mark": list(point.mark),
        "line": point.line,
        "start": point.start,
        "end": point.end,
    }


def list_sentence_ends(source: str, parsed: ParsedNote) -> list[SentenceEnd]:
    """Return the ends of sentences in a note's paragraphs, list items and quotes where a link could be added.

    Skips headings, tables, sentences without words outside links, and sentences that end with a link, because two adjacent
    links are hard to tell apart.
    """
    ends = {link.end for link in parsed.links}
    return [
        found
        for passage in parsed.passages
        if not passage.level and not passage.is_cell
        for found in _list_in_passage(source, passage, parsed, ends)
    ]


def _list_in_passage(source: str, passage: Passage, parsed: ParsedNote, link_ends: set[int]) -> Iterator[SentenceEnd]:
    starts = find_sentence_starts(passage.text)
    own = blank_links(passage.prose)
    quoter = Quoter(passage)
    for begin, finish in itertools.pairwise([*starts, len(passage.text)]):
        whole = passage.text[begin:finish].rstrip()
        unclosed = whole.rstrip(_CLOSING_MARKS)
        words = unclosed.rstrip(_FINAL_PUNCTUATION + " \t\r\n") if unclosed.rstrip(_FINAL_PUNCTUATION) != unclosed else unclosed
        at = begin + len(words if len(words) < len(unclosed) else whole)
        if any(char.isalpha() for char in own[begin:at].replace(OPAQUE, "")) and not _has_link_at_end(
            passage.prose[begin:at], own[begin:at]
        ):
            start = find_byte_offset(passage, at) if passage.text[at : at + 1].strip() else find_byte_end(passage, at - 1)
            if start in link_ends:
                continue
            quoted = quoter.quote(at - 1, at)
            sentence, place = quoted.sentence, quoted.mark[1]
            yield SentenceEnd(
                source, passage.headings, sentence, (place, place), parsed.lines.find_line(start), start, start, own[begin:at]
            )


def _has_link_at_end(prose: str, own: str) -> bool:
    """Return whether a sentence ends with a bare link and its title, or with a link in parentheses.

    `prose` is the sentence without its final punctuation, `own` the same without links.
    """
    if own[-1] == " ":
        return True
    found = _TRAILING_PARENTHESES.search(prose)
    return found is not None and (OPAQUE in found[0] or any(inside["id"] for inside in INLINE_TOKEN.finditer(found[0])))
