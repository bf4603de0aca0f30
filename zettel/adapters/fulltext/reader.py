"""Look up words and phrases in all segments of the full-text index. Notes are numbered across segments; deleted notes are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from zettel.adapters.fulltext.segment import OpenFile, Segment, StoredText, decode_positions
from zettel.adapters.fulltext.sidecars import parse_segments
from zettel.model.search.score import compute_norms

QUALIFIED_FIELDS = ("title", "alias", "name", "tag")
"""Fields whose words are also stored in `word` with the field's name, as `=title=strategy`, for patterns in one field. So are the values of front matter."""

Matches = dict[int, float]
"""Numbers of notes, each with the frequency of a word or phrase in one field."""


class IndexReader:
    """A full-text index as it was when its file `segments` (the content of which is `listing`) was written."""

    def __init__(self, listing: str, open_file: OpenFile) -> None:
        self._length_of_code, rows = parse_segments(listing)
        self._segments: list[Segment] = []
        base = 0
        for name, size, deleted in rows:
            self._segments.append(Segment(name, size, base, deleted, open_file))
            base += size
        self.note_count = base - sum(len(segment.deleted) for segment in self._segments)
        self._deleted = frozenset[int]().union(*(segment.deleted for segment in self._segments))
        self._length_codes: dict[str, bytes] = {}
        self._norms: dict[str, list[float]] = {}
        self._paths: list[str] = []
        self._numbers: dict[str, int] = {}

    # Notes

    @property
    def paths(self) -> list[str]:
        """The paths of all notes by their numbers, those of deleted notes included."""
        if not self._paths:
            self._paths = [path for segment in self._segments for path in segment.read_paths()]
        return self._paths

    def find_numbers(self, paths: Iterable[str]) -> dict[str, int]:
        """Return the numbers of the notes at these paths. Paths without a note are left out."""
        if not self._numbers:
            self._numbers = {path: number for number, path in enumerate(self.paths) if number not in self._deleted}
        numbers = self._numbers
        return {path: numbers[path] for path in paths if path in numbers}

    def list_numbers(self) -> set[int]:
        """Return the numbers of all notes."""
        return set(range(sum(segment.note_count for segment in self._segments))) - self._deleted

    def open_texts(self) -> None:
        """Read the paths of all notes, and map their texts into memory, so that both are known after their files are deleted."""
        self._paths = self.paths
        for segment in self._segments:
            segment.open_texts()

    def read_text(self, number: int) -> StoredText:
        """Return the text and the headings of a note."""
        return next(segment for segment in self._segments if number < segment.base + segment.note_count).read_text(number)

    def read_length_codes(self, field: str) -> bytes:
        """Return the codes for the lengths of a field in all notes."""
        if field not in self._length_codes:
            self._length_codes[field] = b"".join(segment.read_lengths(field) for segment in self._segments)
        return self._length_codes[field]

    def read_lengths(self, field: str) -> list[int]:
        """Return the number of words of a field in all notes. Long fields have about this number."""
        lengths = self._length_of_code
        return [lengths[code] for code in self.read_length_codes(field)]

    def get_length(self, field: str, number: int) -> int:
        """Return the number of words of a field in a note."""
        return self._length_of_code[self.read_length_codes(field)[number]]

    def compute_mean_length(self, field: str) -> float:
        """Return the mean number of words of a field in the notes that have it."""
        codes = self.read_length_codes(field)
        if self._deleted:
            codes = bytes(code for number, code in enumerate(codes) if number not in self._deleted)
        having = len(codes) - codes.count(0)
        return sum(self._length_of_code[code] * codes.count(code) for code in set(codes)) / max(1, having)

    def load_norms(self, field: str) -> list[float]:
        """Return what one occurrence in a field counts, by the code for the field's length."""
        if field not in self._norms:
            self._norms[field] = compute_norms(field, self.compute_mean_length(field), self._length_of_code)
        return self._norms[field]

    # Words

    def count_notes_with(self, field: str, stem: str) -> int:
        """Return the number of notes that have a stem in a field."""
        return sum(segment.count_notes_with(field, stem) for segment in self._segments)

    def read_matches(self, field: str, stem: str) -> Matches:
        """Return the notes that have a stem in a field, and how often."""
        found: Matches = {}
        for segment in self._segments:
            for numbers, weights, _ in segment.read_postings(field, stem):
                if weights is None or isinstance(weights, float):
                    found.update(dict.fromkeys(numbers, 1.0 if weights is None else weights))
                else:
                    found.update(zip(numbers, weights, strict=True))
        return self._drop_deleted(found)

    def read_phrase_matches(self, field: str, stems: Sequence[str]) -> Matches:
        """Return the notes that have stems one after the other in a field, and how often."""
        if len(stems) == 1:
            return self.read_matches(field, stems[0])
        counts = [self.count_notes_with(field, stem) for stem in stems]
        if not all(counts):
            return {}
        rarest = min(range(len(stems)), key=lambda place: (counts[place], place))
        starts = {
            number: {position - rarest for position in decode_positions(value)} for number, value in self._read_values(field, stems[rarest])
        }
        for place in sorted(range(len(stems)), key=lambda place: (counts[place], place)):
            if place != rarest and starts:
                left: dict[int, set[int]] = {}
                for number, value in self._read_values(field, stems[place]):
                    if number in starts:
                        places = starts[number].intersection(position - place for position in decode_positions(value))
                        if places:
                            left[number] = places
                starts = left
        return self._drop_deleted({number: float(len(places)) for number, places in starts.items()})

    def _read_values(self, field: str, stem: str) -> Iterator[tuple[int, bytes]]:
        for segment in self._segments:
            for numbers, _, values in segment.read_postings(field, stem):
                yield from zip(numbers, values, strict=True)

    def _drop_deleted(self, matches: Matches) -> Matches:
        for number in self._deleted.intersection(matches) if self._deleted else ():
            del matches[number]
        return matches

    def find_notes_with_word(self, word: str) -> set[int]:
        """Return the notes that contain a word as it is written, not only its stem. `=author=jane` is a word in a field of front matter."""
        return set(self.read_matches("word", word))

    def find_words(self, prefix: str, matches: Callable[[str], bool] | None = None) -> set[str]:
        """Return the words of the notebook that begin with `prefix` and, if it is given, meet `matches`."""
        found: set[str] = set()
        for segment in self._segments:
            words = segment.read_words()
            start = words.find("\n" + prefix)
            while start >= 0:
                end = words.find("\n", start + 1)
                word = words[start + 1 : end]
                if not word.startswith(prefix):
                    break
                if word and (matches is None or matches(word)) and (not segment.deleted or segment.count_notes_with("word", word)):
                    found.add(word)
                start = end if end + 1 < len(words) else -1
        return found

    def find_known_words(self, words: Iterable[str]) -> set[str]:
        """Return those of some words that are in the notebook."""
        return {word for word in words if any(segment.count_notes_with("word", word) for segment in self._segments)}

    # Ranking

    def sum_frequencies(self, matches: Iterable[tuple[str, Matches]]) -> Matches:
        """Return the frequencies of a word in whole notes, from its matches in each field (see `zettel.model.search.score`)."""
        total: Matches = {}
        for field, found in sorted(matches, key=lambda item: -len(item[1])):
            norms, codes = self.load_norms(field), self.read_length_codes(field)
            if not total:
                total = {number: frequency * norms[codes[number]] for number, frequency in found.items()}
                continue
            get = total.get
            for number, frequency in found.items():
                total[number] = get(number, 0.0) + frequency * norms[codes[number]]
        return total
