"""Choose the sentence that shows best why a note was found: the one that says most of what was asked for, and not the title again."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.base.value import NamedTuple
from zettel.model.text.fold import fold_letters, to_nfc
from zettel.model.text.ids import is_id
from zettel.model.text.prose import find_sentence_starts
from zettel.model.text.stems import strip_stem_ending
from zettel.model.text.tokens import find_joined_words, split_words, tokenise

MAX_SNIPPET = 240
"""Maximum characters of a snippet."""

MAX_SPAN = 180
"""Maximum characters between the first and the last hit that count together. They fit into a snippet."""

MAX_PARTS = 500
"""Maximum hits of a long sentence from which its best part is looked for."""

MIN_TELLING_SHARE = 0.2
"""Share of the heaviest clue's weight that a clue must have to be marked. A sentence with lighter ones alone is not chosen."""

CLOSENESS = 0.1
"""How much more a sentence counts, at most, if its hits stand close together."""

HEADING_FACTOR, FRAGMENT_FACTOR = 0.9, 0.8
"""How much a heading counts, and a fragment: a list item or the like that says hardly more than was asked for."""

MAX_HEAD = 4
"""Maximum letters at the beginning of a stem that are looked for before a line is split into words."""

MIN_WORDS = 3
"""Minimum words that a sentence has, without a full stop, besides what was asked for. One with fewer counts as a fragment."""

SENTENCE_STOPS = tuple(".!?…:。！？।॥؟۔")

COMMENT = compile_lazily(r"(?s)%%.*?%%")
BLOCK_ID = compile_lazily(r"\s\^[A-Za-z0-9-]+$")
HIGHLIGHT = compile_lazily(r"==([^\s=](?:[^=]{0,200}[^\s=])?)==")
MARKUP = compile_lazily(r"\[\^[^\]\s]+\]|[\[(][\w -]+:: [^\])]*[\])]|^(?:\[[ xX/-]\]|[>*+•-]) |^(?:#[^\s#]+ )+(?=[^\s#])|%%")
"""What is not shown of a sentence: numbers of footnotes, properties in brackets, boxes of tasks, bullets, tags before it."""

ADDRESS = compile_lazily(r"(?i)\W*(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)|\S+@\S+\.\w+\W*$")
PROPERTY = compile_lazily(r"[\w-]+(?: [\w-]+){0,5}::(?![A-Za-z0-9_:])")
JUNK = compile_lazily(
    r"(?i)#\S+|tags?:|\^[a-z0-9-]+|\[![\w-]+\][+-]?|\d+[x×]\d+|\{\{.*"
    r"|\S+\.(?:png|jpe?g|gif|svg|webp|bmp|avif|heic|pdf|mp[34]|m4a|wav|webm|mov|ogg|canvas|excalidraw|css|js|zip)[,;]?"
)
"""What says nothing alone: tags, block IDs, marks of callouts, sizes and names of pictures, placeholders of templates."""

JOINTS = dict.fromkeys(map(ord, "-_.,&'’‐‑"))
"""Translation table that deletes what may join the parts of a compound."""

ASCII_JOINTS = b"-_.,&'"


class Clue(NamedTuple):
    """What a question looks for in a sentence: a word, or the words of a phrase in their order, as stems.

    `weight` says how telling it is (idf). A word that begins with `prefix` is a hit, too; in a phrase, in the place of the last word.
    So is a word whose stem is one of `joined`: the words of the phrase written together.
    """

    stems: tuple[str, ...]
    weight: float
    prefix: str = ""
    joined: tuple[str, ...] = ()


class Snippet(NamedTuple):
    """A sentence of a note. `marks` are (start, end) of the hits in it, in order."""

    text: str
    marks: tuple[tuple[int, int], ...]


class _Hit(NamedTuple):
    """Where a clue, known by its number, matches: (start, end) in the text, and the numbers of its first and last word there."""

    start: int
    end: int
    first: int
    last: int
    clue: int


class _Candidate(NamedTuple):
    """A sentence with its hits in order, its score, and the offset at which its best part begins."""

    sentence: str = ""
    hits: Sequence[_Hit] = ()
    score: float = 0.0
    start: int = 0


def choose_snippet(
    text: str, clues: Sequence[Clue], stem: Callable[[str], str], titles: Iterable[str], headings: Iterable[str] = ()
) -> Snippet:
    """Return the sentence of a note that has most of the clues, by weight, the first of several.

    `text` is the plain text of the note, one block per line, and `headings` are its headings. `titles` are all names of the note. A
    sentence that only repeats one of these is never chosen, and neither are tags, comments and the like. A heading is chosen only if no
    sentence has as much. If nothing but a title matches, the first sentence is returned, without marks.
    """
    finder = _ClueFinder(clues, stem)
    names = [(name, frozenset(split_words(name))) for name in titles]
    own_words = [words for _, words in names]
    heading_lines = frozenset(to_nfc(BLOCK_ID.sub("", heading)) for heading in headings)
    lines = _drop_comments(text).split("\n")
    best = reference = _Candidate()
    for line in lines:
        if finder.compute_bound(line) <= best.score:
            continue
        for sentence in _split_sentences(line):
            if len(sentence) < len(line) and finder.compute_bound(sentence) <= best.score:
                continue
            found = finder.rate_sentence(sentence, HEADING_FACTOR if line in heading_lines else 1.0)
            if found.score > best.score and not _is_empty(sentence, own_words):
                if not _is_reference(sentence):
                    best = found
                elif found.score > reference.score:
                    reference = found
    if best.score:
        return finder.build_snippet(best)
    named = {hit.clue for name, _ in names for hit in finder.find_hits(name)}
    if any(hit.clue not in named for hit in reference.hits):
        return finder.build_snippet(reference)
    return Snippet(_cut(_find_first_sentence(lines, own_words, heading_lines), 0)[0], ())


def find_marks(text: str, clues: Sequence[Clue], stem: Callable[[str], str]) -> tuple[tuple[int, int], ...]:
    """Return (start, end) of the telling clues in a short text such as a title, in order, without overlaps."""
    finder, marks = _ClueFinder(clues, stem), list[tuple[int, int]]()
    for start, end in sorted((hit.start, hit.end) for hit in finder.find_hits(text) if finder.is_telling(hit)):
        if not marks or start >= marks[-1][1]:
            marks.append((start, end))
    return tuple(marks)


class _ClueFinder:
    """Finds the clues of a question in sentences."""

    def __init__(self, clues: Sequence[Clue], stem: Callable[[str], str]) -> None:
        self._clues, self._stem = clues, stem
        least = MIN_TELLING_SHARE * max((clue.weight for clue in clues), default=0.0)
        self._telling = frozenset(number for number, clue in enumerate(clues) if clue.weight >= least)
        self._by_last_stem: dict[str, list[int]] = {}
        self._by_joined_stem: dict[str, list[int]] = {}
        for number, clue in enumerate(clues):
            for found in clue.stems[-1:]:
                self._by_last_stem.setdefault(found, []).append(number)
            for found in clue.joined if len(clue.stems) > 1 else (*clue.stems, *clue.joined):
                self._by_joined_stem.setdefault(found, []).append(number)
        self._starts = tuple({strip_stem_ending(found) for clue in clues for found in (*clue.stems, *clue.joined)})
        self._prefixes = [(clue.prefix, number) for number, clue in enumerate(clues) if clue.prefix]
        self._heads = [_list_heads(clue) for clue in clues]
        self._telling_heads = [head for number in self._telling for head in self._heads[number]]

    def compute_bound(self, line: str) -> float:
        """Return a score that no sentence of a line exceeds, without splitting it into words: 0 if no clue in it can be telling."""
        folded = _fold_compounds(line)
        if not any(head in folded for head in self._telling_heads):
            return 0.0
        found = zip(self._clues, self._heads, strict=True)
        return (1 + CLOSENESS) * sum(clue.weight for clue, heads in found if any(head in folded for head in heads))

    def is_telling(self, hit: _Hit) -> bool:
        """Return whether the clue of a hit weighs enough to be marked."""
        return hit.clue in self._telling

    def find_hits(self, text: str) -> list[_Hit]:
        """Return where clues match in a text, in order."""
        tokens = tokenise(text)
        stems = [self._stem(word) if word.startswith(self._starts) else "" for word, _, _ in tokens]
        hits: list[_Hit] = []
        for last, (word, start, end) in enumerate(tokens):
            for number in self._list_clues(self._by_last_stem, stems[last], word):
                before = self._clues[number].stems[:-1]
                first = last - len(before)
                if first >= 0 and stems[first:last] == list(before):
                    hits.append(_Hit(tokens[first][1], end, first, last, number))
            if stems[last] in self._by_joined_stem:
                hits += [
                    _Hit(start, end, last, last, number)
                    for number in self._by_joined_stem[stems[last]]
                    if len(self._clues[number].stems) > 1
                ]
        for first, joined in find_joined_words(text):
            last, together = first, ""
            while len(together := together + tokens[last][0].replace("'", "")) < len(joined):
                last += 1
            whole = self._stem(joined)
            for number in self._list_clues(self._by_joined_stem, whole, joined):
                if len(self._clues[number].stems) <= 1 or whole in self._clues[number].joined:
                    hits.append(_Hit(tokens[first][1], tokens[last][2], first, last, number))
        return sorted(hits)

    def _list_clues(self, by_stem: dict[str, list[int]], stem: str, word: str) -> Iterable[int]:
        """Return the numbers of the clues that have a stem in an index, or a prefix with which the word begins."""
        found = by_stem.get(stem, ())
        return {*found, *(number for prefix, number in self._prefixes if word.startswith(prefix))} if self._prefixes else found

    def rate_sentence(self, sentence: str, factor: float) -> _Candidate:
        """Return a sentence with its hits and its score, which is 0 if no clue in it is telling. Of a long one, the best part counts."""
        hits = self.find_hits(sentence)
        if not any(hit.clue in self._telling for hit in hits):
            return _Candidate(sentence)
        score, start = 0.0, 0
        most = (1 + CLOSENESS) * sum(self._clues[number].weight for number in {hit.clue for hit in hits})
        for number, first in enumerate(hits[: MAX_PARTS if len(sentence) > MAX_SNIPPET else 1]):
            until = first.start + MAX_SPAN if len(sentence) > MAX_SNIPPET else len(sentence)
            together = list(itertools.takewhile(lambda hit: hit.end <= until, itertools.islice(hits, number, None)))  # noqa: B023 - called at once
            weight = self._weigh(together or [first])
            if weight > score:
                score, start = weight, first.start
                if weight > 0.99 * most:
                    break
        covered = {word for hit in hits for word in range(hit.first, hit.last + 1)}
        if not sentence.endswith(SENTENCE_STOPS) and len(split_words(sentence)) < len(covered) + MIN_WORDS:
            factor *= FRAGMENT_FACTOR
        return _Candidate(sentence, hits, score * factor, start)

    def _weigh(self, hits: Sequence[_Hit]) -> float:
        """Return the weights of the different clues among hits, and a little more the closer together they stand."""
        latest: dict[int, _Hit] = {}
        closeness = 0.0
        count = len({hit.clue for hit in hits})
        for hit in hits:
            latest[hit.clue] = hit
            if len(latest) == count:
                span = hit.last + 1 - min(other.first for other in latest.values())
                words = {word for other in latest.values() for word in range(other.first, other.last + 1)}
                closeness = max(closeness, len(words) / span)
        return sum(self._clues[number].weight for number in latest) * (1 + CLOSENESS * closeness)

    def build_snippet(self, found: _Candidate) -> Snippet:
        """Return the part of a sentence that is shown, with the telling clues marked."""
        shown, start, shift = _cut(found.sentence, found.start)
        end = start + MAX_SNIPPET
        marks: list[tuple[int, int]] = []
        for hit in found.hits:
            if self.is_telling(hit) and start <= hit.start and hit.end <= end:
                if marks and hit.start + shift < marks[-1][1]:
                    marks[-1] = (marks[-1][0], max(marks[-1][1], hit.end + shift))
                else:
                    marks.append((hit.start + shift, hit.end + shift))
        return Snippet(shown, tuple(marks))


def _fold_compounds(line: str) -> str:
    """Return a line in folded letters, without what joins the parts of compounds."""
    if line.isascii():
        return line.lower().encode().translate(None, ASCII_JOINTS).decode()
    return fold_letters(line).translate(JOINTS)


def _list_heads(clue: Clue) -> list[str]:
    """Return the letters of which one must stand in a folded line, without what joins compounds, if the clue is in it."""
    heads = [clue.prefix.translate(JOINTS)[:MAX_HEAD]] if clue.prefix and len(clue.stems) <= 1 else []
    for stem in (*clue.stems[:1], *clue.joined):
        letters = stem.translate(JOINTS)
        heads.append(letters[: max(1, min(MAX_HEAD, len(letters) - 2))])  # a stem may end in other letters than its word does
    return heads


def _drop_comments(text: str) -> str:
    if "%%" in text:
        return COMMENT.sub(lambda found: "\n" if "\n" in found[0] else "", text)
    return text


def _split_sentences(line: str) -> Iterator[str]:
    """Yield the sentences of a line, without markup."""
    for start, end in itertools.pairwise([*find_sentence_starts(line), len(line)]):
        sentence = line[start:end].strip()
        if "==" in sentence:
            sentence = HIGHLIGHT.sub(r"\1", sentence)
        if sentence := MARKUP.sub("", sentence).strip():
            yield sentence


def _is_empty(sentence: str, names: Iterable[frozenset[str]]) -> bool:
    """Return whether a sentence says nothing: it has no words, or only those of a name of the note, or only tags and the like."""
    words = {word for word in split_words(sentence) if any(map(str.isalnum, word)) and not is_id(word)}
    if not words or any(words <= name for name in names) or sentence.startswith("<%"):
        return True
    return all(JUNK.fullmatch(part) for part in sentence.split() if any(map(str.isalnum, part)))


def _is_reference(sentence: str) -> bool:
    """Return whether a sentence is a property, or nothing but addresses."""
    parts = [part for part in sentence.split() if any(map(str.isalnum, part)) and not part.endswith(":")]
    return bool(PROPERTY.match(sentence)) or (bool(parts) and all(ADDRESS.match(part) for part in parts))


def _find_first_sentence(lines: Iterable[str], names: Sequence[frozenset[str]], headings: frozenset[str]) -> str:
    """Return the first sentence of a note, if possible one of several words, else its first heading."""
    short = heading = ""
    for line in lines:
        for sentence in _split_sentences(line):
            if not any(map(str.isalpha, sentence)) or _is_empty(sentence, names) or _is_reference(sentence):
                continue
            if line in headings:
                heading = heading or sentence
            elif len(split_words(sentence)) >= MIN_WORDS:
                return sentence
            else:
                short = short or sentence
    return short or heading


def _cut(sentence: str, at: int) -> tuple[str, int, int]:
    """Return the part of a sentence around an offset, where it starts, and what to add to offsets in the sentence."""
    if len(sentence) <= MAX_SNIPPET:
        return sentence, 0, 0
    start = max(0, min(at - 60, len(sentence) - MAX_SNIPPET))
    lead, tail = "…" if start else "", "…" if start + MAX_SNIPPET < len(sentence) else ""
    return f"{lead}{sentence[start : start + MAX_SNIPPET]}{tail}", start, len(lead) - start
