"""Places where a link could go: a mention, the end of a sentence, or the end of the note."""

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
"""What may follow the final punctuation of a sentence and still belong to it."""


IN_PARENTHESES = re.compile(r"\((?:[^()]|\([^()]*\))*\)[^\w()]*\Z")


@value
class Mention:
    """The name of the note `target` in the prose of the note `source`, without being a link.

    `name` is the title or alias as that note writes it. `start` and `end` are byte offsets into the file, `line`
    counts from 1. `headings` are those above it, outermost first; `sentence` is the sentence around it in plain
    words, in which the words stand at `mark` (start, end, in characters).
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
        """The name as it stands in the sentence."""
        return self.sentence[slice(*self.mark)]


@value
class Sentence:
    """A sentence of the note `source` at whose end a link in parentheses could go, before its final punctuation.

    The link would go at `start` (= `end`, a byte offset into the file), in the sentence at `mark` (twice the same). `own` is
    what it says outside of links.
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
    """The end of the note `source`, after its last letter, where a list "See also:" stands or would begin.

    It is a place for every link for which no other is left. It has no sentence, but the same fields as the others.
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
    """The end of a note."""
    at = reading.lines.end
    return End(source, (), "", (0, 0), reading.lines.at(at), at, at)


def record(place: Place) -> dict[str, object]:
    """The place as JSON shows it."""
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
    """The sentences of a note's paragraphs, list items and quotes that have room for a link.

    Those of headings and tables are left out, those without words outside of links, and those that end with a link, since two in a row hardly look like two.
    """
    ends = {link.end for link in reading.links}
    return [found for run in reading.passages if not run.level and not run.is_cell for found in _of_passage(source, run, reading, ends)]


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
    """Whether a sentence without its final punctuation ends with the title after a bare link, or with a link in parentheses.

    `own` is its prose without links.
    """
    if own[-1] == " ":
        return True
    found = IN_PARENTHESES.search(prose)
    return found is not None and (OPAQUE in found[0] or any(inside["id"] for inside in IN_PROSE.finditer(found[0])))
