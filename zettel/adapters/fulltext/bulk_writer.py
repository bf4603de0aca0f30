"""Write many notes at once into segments of the full-text index, through Whoosh's codec.

Whoosh's own writer builds a token, then a tuple, then a sorted list for every word of every note. This one counts words as it
reads them and writes term by term, which produces the same postings in a quarter of the time.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate
from operator import sub
from pickle import dumps
from struct import Struct
from typing import Any, NamedTuple

from zettel.adapters.fs import private
from zettel.adapters.fulltext.reader import QUALIFIED_FIELDS
from zettel.adapters.fulltext.segment import StoredText
from zettel.adapters.fulltext.sidecars import write_sidecars
from zettel.adapters.fulltext.stem import stem_cache
from zettel.adapters.fulltext.whoosh import TOC, FileStorage, OrderedHashWriter, W3Codec, build_schema, length_to_byte
from zettel.model.search.score import FIELDS, FOLDER_FIELD
from zettel.model.text.tokens import find_joined_words, split_words

LINE_GAP = 100
"""Gap in word positions between two lines, so that no phrase matches across paragraphs, headings or aliases."""

LITERAL_FIELDS = ("code", "address")
"""Fields whose compounds are found only as they are written."""

BLOCK_SIZE = 1024
"""Notes per block of a term's postings, which is read as a whole."""

BYTES_PROTOCOL = 3
"""The pickle protocol of blocks. Protocol 2, which Whoosh itself writes, stores bytes as calls that make them, which takes five times as long to
read."""

pack_count = Struct("!I").pack
pack_field = Struct("!H").pack
pack_int = Struct("!i").pack
pack_term = Struct("!BfIBBfIIqi").pack


class IndexEntry(NamedTuple):
    """The content of one note for the index.

    `name` and `folder` are the words of its path: the file name without ID and suffix, and the folders above it. `code` is the text of its code
    blocks, `addresses` are those that its links lead to, `fields` the (key, value) pairs of its front matter that have no field of
    their own.
    """

    path: str
    title: str
    aliases: tuple[str, ...]
    name: str
    folder: str
    tags: tuple[str, ...]
    headings: list[str]
    text: str
    code: str = ""
    addresses: Sequence[str] = ()
    fields: Sequence[tuple[str, str]] = ()

    @property
    def stored_text(self) -> StoredText:
        """The text from which a search chooses the sentence that it shows."""
        return StoredText(f"{self.text}\n{self.code}" if self.code else self.text, self.headings)


class AnalysedNote(NamedTuple):
    """The index terms of a note: for every field the positions of every stem and the number of words, and the words as written."""

    positions: dict[str, dict[str, list[int]]]
    lengths: dict[str, int]
    words: set[str]


def analyse_note(entry: IndexEntry) -> AnalysedNote:
    """Split a note into the stems and words that the index stores."""
    texts = {
        "title": entry.title,
        "alias": "\n".join(entry.aliases),
        "name": entry.name,
        "folder": entry.folder.replace("/", "\n"),
        "heading": "\n".join(entry.headings),
        "tag": "\n".join(entry.tags),
        "body": entry.text,
        "code": entry.code,
        "address": "\n".join(entry.addresses),
        "source": "\n".join(value for _, value in entry.fields),
    }
    note = AnalysedNote({}, {}, set())
    for name, text in texts.items():
        positions, length, words = _split_field(text, has_compounds=name not in LITERAL_FIELDS) if text else ({}, 0, set())
        if words:
            note.positions[name], note.lengths[name] = positions, length
            if name != "heading":  # the body contains the headings, too
                note.words.update(words)
            if name in QUALIFIED_FIELDS:
                note.words.update(f"={name}={word}" for word in words)
    for key, value in entry.fields:
        note.words.update(f"={key}={word}" for word in split_words(value))
    return note


def _split_field(text: str, *, has_compounds: bool) -> tuple[dict[str, list[int]], int, set[str]]:
    """Return the positions of every stem of a text, its number of words, and the set of these.

    The joined form of a compound (`wellbeing` for "well-being") stands at the position of its first part.
    """
    lines = [split_words(line) for line in text.split("\n")]
    words = set[str]().union(*lines)
    positions: defaultdict[str, list[int]] = defaultdict(list)
    place = 0
    for line in lines:
        for at, stem in enumerate(map(stem_cache.__getitem__, line), place):
            positions[stem].append(at)
        place += len(line) + LINE_GAP
    ends = list(accumulate(map(len, lines)))
    joined_positions: defaultdict[str, list[int]] = defaultdict(list)
    for at, joined in find_joined_words(text) if has_compounds else ():
        words.add(joined)
        joined_positions[stem_cache[joined]].append(at + LINE_GAP * bisect_right(ends, at))
    for stem, places in joined_positions.items():
        positions[stem] = sorted({*positions[stem], *places}) if stem in positions else list(dict.fromkeys(places))
    return positions, ends[-1], words


def build_document(entry: IndexEntry) -> dict[str, Any]:
    """Return the keyword arguments for `add_document` of Whoosh's writer."""
    note = analyse_note(entry)
    fields = {}
    for name, found in note.positions.items():
        lengths = [note.lengths[name], *[0] * (len(found) - 1)]  # Whoosh adds them up to the field's length, without joined forms
        fields[name] = [
            (stem.encode("utf-8", "surrogatepass"), length, float(len(places)), _encode_positions(places))
            for (stem, places), length in zip(found.items(), lengths, strict=True)
        ]
    return {"path": entry.path, "word": " ".join(sorted(note.words)), **fields}


class _SinglePositionCache(dict[int, bytes]):
    """A cache of single positions as Whoosh stores them, because most words occur only once in a note."""

    def __missing__(self, position: int) -> bytes:
        found = self[position] = _pack_positions([position])
        return found


_single_positions = _SinglePositionCache()


def _pack_positions(positions: list[int]) -> bytes:
    """Encode positions as `whoosh.formats.Positions` does: their number, then each as the distance from the previous one."""
    return pack_count(len(positions)) + dumps(
        [place - before for place, before in zip(positions, (0, *positions), strict=False)], BYTES_PROTOCOL
    )


def _encode_positions(positions: list[int]) -> bytes:
    return _single_positions[positions[0]] if len(positions) == 1 else _pack_positions(positions)


def write_segment(storage: Any, entries: Iterable[IndexEntry]) -> Any:
    """Write notes into a new segment in `storage`, and return the segment."""
    fields = build_schema()
    codec = W3Codec(compression=0)
    segment = codec.new_segment(storage, "MAIN")
    per_note = codec.per_document_writer(storage, segment)
    postings: dict[str, dict[str, list[tuple[int, float, bytes]]]] = {name: defaultdict(list) for name in fields.names()}
    lengths = {name: bytearray() for name in (*FIELDS, FOLDER_FIELD)}
    paths: list[str] = []
    texts: list[StoredText] = []
    for number, entry in enumerate(entries):
        note = analyse_note(entry)
        paths.append(entry.path)
        texts.append(entry.stored_text)
        per_note.start_doc(number)
        per_note.add_field("path", fields["path"], entry.path, 0)
        for term, _, weight, value in fields["path"].index(entry.path):
            postings["path"][term.decode("utf-8", "surrogatepass")].append((number, weight, value))
        once = number, 1.0, pack_count(1)
        found = postings["word"]
        for word in note.words:
            found[word].append(once)
        for name, length in note.lengths.items():
            per_note.add_field(name, fields[name], None, length)
        for name, codes in lengths.items():
            codes.append(length_to_byte(note.lengths.get(name, 0)))
        for name, places in note.positions.items():
            found = postings[name]
            for stem, at in places.items():
                found[stem].append(
                    (number, 1.0, _single_positions[at[0]]) if len(at) == 1 else (number, float(len(at)), _pack_positions(at))
                )
        per_note.finish_doc()
    per_note.close()
    _write_terms(storage, segment, fields, postings, lengths)
    segment.set_doc_count(len(paths))
    write_sidecars(storage, segment, paths, texts, postings["word"])
    return segment


def write_index(folder: str, entries: Iterable[IndexEntry]) -> None:
    """Write notes into a separate index of one segment in `folder`, which is deleted first if it exists."""
    private.remove_recursively(folder)
    os.mkdir(folder)
    storage = FileStorage(folder)
    segment = write_segment(storage, entries)
    TOC(build_schema(), [segment] if segment.doc_count_all() else [], 0).write(storage, "MAIN")


def move_segments(folder: str, destination: str) -> list[Any]:
    """Move the segments of an index that `write_index` wrote into the folder of another index, and return them.

    The caller has to commit them to that index.
    """
    storage = FileStorage(folder)
    segments = TOC.read(storage, "MAIN").segments
    for segment in segments:
        for name in segment.list_files(storage):
            os.replace(os.path.join(folder, name), os.path.join(destination, name))
    return list(segments)


def _write_terms(
    storage: Any, segment: Any, fields: Any, postings: dict[str, dict[str, list[tuple[int, float, bytes]]]], lengths: dict[str, bytearray]
) -> None:
    """Write all postings, term by term, in the on-disk format of every Whoosh since 2.7 (`whoosh.codec.whoosh3`).

    A term's postings are blocks of at most `BLOCK_SIZE` notes. A block is two pickles: (number of notes, last note, highest weight,
    no compression, shortest and longest length), and (notes as distances, weights, values).
    """
    terms = OrderedHashWriter(segment.create_file(storage, W3Codec.TERMS_EXT))
    names = sorted(name for name in postings if postings[name])
    terms.extras["fieldmap"] = {name: number for number, name in enumerate(names)}
    file = segment.create_file(storage, W3Codec.POSTS_EXT)
    offset = 0
    for field, name in enumerate(names):
        prefix = pack_field(field)
        length_of, has_places = lengths.get(name), fields[name].format.fixed_value_size() is None
        for term in sorted(postings[name]):
            found = postings[name][term]
            block, statistics = _encode_postings(found, length_of, has_places=has_places)
            file.write(block)
            terms.add(
                prefix + term.encode("utf-8", "surrogatepass"), pack_term(0, *statistics, found[0][0], found[-1][0], offset, len(block))
            )
            offset += len(block)
    terms.close()
    file.close()


def _encode_postings(
    found: list[tuple[int, float, bytes]], length_of: bytearray | None, *, has_places: bool
) -> tuple[bytes, tuple[float, int, int, int, float]]:
    """Return the blocks of a term, and (total weight, number of notes, shortest and longest length, highest weight)."""
    if len(found) == 1:  # most terms are in one note only
        ((note, weight, value),) = found
        length = length_of[note] if length_of else 0
        info = dumps((1, note, weight, 0, length, length), 2)
        data = dumps(((note,), None if weight == 1.0 else weight, (value,) if has_places else value or None), BYTES_PROTOCOL)
        return b"".join((b"W3Bl", pack_int(-len(info) - len(data)), info, data)), (weight, 1, length, length, weight)
    parts = [b"W3Bl"]
    least, greatest, highest, total = 255, 0, 0.0, 0.0
    for start in range(0, len(found), BLOCK_SIZE):
        notes, weights, values = zip(*found[start : start + BLOCK_SIZE], strict=True)
        low = high = 0
        if length_of:
            sizes = [length_of[note] for note in notes]
            low, high = min(sizes), max(sizes)
        top = max(weights)
        total += sum(weights)
        least, greatest, highest = min(least, low), max(greatest, high), max(highest, top)
        packed = None if top == 1.0 else top if top == min(weights) else weights
        info = dumps((len(notes), notes[-1], top, 0, low, high), 2)
        data = dumps((tuple(map(sub, notes, (0, *notes))), packed, values if has_places else b"".join(values) or None), BYTES_PROTOCOL)
        size = len(info) + len(data)
        parts += (pack_int(size if start + BLOCK_SIZE < len(found) else -size), info, data)
    return b"".join(parts), (total, len(found), least, greatest, highest)
