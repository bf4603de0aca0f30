"""Find where a link could be inserted: at a mention, at the end of a sentence, or at the end of the note."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from zettel.model.passage import Passage, byte_after, byte_at, sentence_around
from zettel.model.prose import IN_PROSE, OPAQUE, sentence_starts, without_links
from zettel.model.reading import Reading
from zettel.model.value import value

FINAL = ".!?…:;,。！？："
CLOSING = "\"'”’»)]*_」』）"
"""Characters that may follow the final punctuation of a sentence and still belong to it."""

IN_PARENTHESES = re.compile(r"\((?:[^()]|\([^()]*\))*\)[^\w()]*\Z")


@value
class Mention:
    """The name of the note `target` in the prose of the note `source`, where it is not a link.

    `name` is the title or alias as the target writes it. `start` and `end` are byte offsets into the file, and `line`
    counts from 1. `headings` are those above the mention, outermost first. `sentence` is the sentence around it as plain
    text, and `mark` the range of the mention in it (start and end, in characters).
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

    @property
    def words(self) -> str:
        """The name as the sentence writes it."""
        return self.sentence[slice(*self.mark)]


@value
class Sentence:
    """The end of a sentence of the note `source`, where a link in parentheses fits before the final punctuation.

    `start` is the byte offset into the file, the same as `end`. `mark` holds the offset in the sentence, twice. `own` is the
    text of the sentence outside links.
    """

    source: str
    headings: tuple[str, ...]
    sentence: str
    mark: tuple[int, int]
    line: int
    start: int
    end: int
    own: str = ""


@value
class End:
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


Place = Mention | Sentence | End


def end_of(source: str, reading: Reading) -> End:
    """Return the insertion point at the end of a note."""
    at = reading.lines.end
    return End(source, (), "", (0, 0), reading.lines.at(at), at, at)


def record(place: Place) -> dict[str, object]:
    """Return the JSON record of an insertion point."""
    return {
        "source": place.source,
        "headings": list(place.headings),
        "sentence": place.sentence,
        "mark": list(place.mark),
        "line": place.line,
        "start": place.start,
        "end": place.end,
    }


def sentences(source: str, reading: Reading) -> list[Sentence]:
    """Return the ends of sentences in a note's paragraphs, list items and quotes where a link could be added.

    Skips headings, tables, sentences without words outside links, and sentences that end with a link, because two adjacent
    links are hard to tell apart.
    """
    ends = {link.end for link in reading.links}
    return [
        found
        for passage in reading.passages
        if not passage.level and not passage.is_cell
        for found in _of_passage(source, passage, reading, ends)
    ]


def _of_passage(source: str, run: Passage, reading: Reading, ends: set[int]) -> Iterator[Sentence]:
    starts = sentence_starts(run.text)
    own = without_links(run.prose)
    for begin, finish in itertools.pairwise([*starts, len(run.text)]):
        whole = run.text[begin:finish].rstrip()
        unclosed = whole.rstrip(CLOSING)
        words = unclosed.rstrip(FINAL + " \t\r\n") if unclosed.rstrip(FINAL) != unclosed else unclosed
        at = begin + len(words if len(words) < len(unclosed) else whole)
        if any(char.isalpha() for char in own[begin:at].replace(OPAQUE, "")) and not _ends_with_link(run.prose[begin:at], own[begin:at]):
            start = byte_at(run, at) if run.text[at : at + 1].strip() else byte_after(run, at - 1)
            if start in ends:
                continue
            sentence, (_, place) = sentence_around(run.text, starts, at - 1, at)
            yield Sentence(source, run.headings, sentence, (place, place), reading.lines.at(start), start, start, own[begin:at])


def _ends_with_link(prose: str, own: str) -> bool:
    """Return whether a sentence ends with a bare link and its title, or with a link in parentheses.

    `prose` is the sentence without its final punctuation, `own` the same without links.
    """
    if own[-1] == " ":
        return True
    found = IN_PARENTHESES.search(prose)
    return found is not None and (OPAQUE in found[0] or any(inside["id"] for inside in IN_PROSE.finditer(found[0])))
