"""Write many notes at once into segments of the full-text index, through Whoosh's codec.

Whoosh's own writer builds a token, then a tuple, then a sorted list for every word of every note. This one counts words as it
reads them and writes term by term, which produces the same postings in a quarter of the time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from operator import sub
from pickle import dumps
from struct import Struct
from typing import Any, NamedTuple

from zettel.adapters.fs import private
from zettel.adapters.fulltext.stem import stem_cache
from zettel.adapters.fulltext.whoosh import QUALIFIED_FIELDS, TOC, FileStorage, OrderedHashWriter, W3Codec, build_schema, length_to_byte
from zettel.model.text.fold import fold
from zettel.model.text.tokens import split_words

LINE_GAP = 100
"""Gap in word positions between two lines, so that no phrase matches across paragraphs, headings or aliases."""

BLOCK_SIZE = 128
"""Notes per block of a term's postings; Whoosh reads a block at a time."""

pack_count = Struct("!I").pack
pack_field = Struct("!H").pack
pack_int = Struct("!i").pack
pack_term = Struct("!BfIBBfIIqi").pack


class IndexEntry(NamedTuple):
    """The content of one note for the index."""

    path: str
    id: str | None
    title: str
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    created: str
    headings: list[str]
    text: str


class AnalysedNote(NamedTuple):
    """The index terms of a note: exact-match fields, the positions of every stem by field, and the words as written."""

    exact: dict[str, str]
    positions: dict[str, dict[str, list[int]]]
    words: set[str]


def analyse_note(entry: IndexEntry) -> AnalysedNote:
    """Split a note into the stems, words and exact values that the index stores."""
    texts = (entry.title, " \n ".join(entry.aliases), " \n ".join(entry.headings), " \n ".join(entry.tags))
    as_written: set[str] = set()
    places = {}
    for name, text in zip(QUALIFIED_FIELDS, texts, strict=True):
        lines = [split_words(line) for line in text.split("\n")]
        places[name] = _collect_positions(lines)
        as_written.update(f"={name}={word}" for line in lines for word in line)
        if name != "heading":  # the body contains the headings, too
            as_written.update(*lines)
    lines = [split_words(line) for line in entry.text.split("\n")]
    places["body"] = _collect_positions(lines)
    as_written.update(*lines)
    tags = ",".join(sorted(_expand_tags(entry.tags)))
    return AnalysedNote({"path": entry.path, "id": entry.id or "", "created": entry.created[:10], "tag": tags}, places, as_written)


def _collect_positions(lines: Iterable[list[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    place = 0
    for line in lines:
        for stem in map(stem_cache.__getitem__, line):
            if stem in found:
                found[stem].append(place)
            else:
                found[stem] = [place]
            place += 1
        place += LINE_GAP
    return found


def _expand_tags(tags: Iterable[str]) -> set[str]:
    keys: set[str] = set()
    for tag in tags:
        parts = fold(tag).replace(",", " ").split("/")
        keys.update("/".join(parts[: depth + 1]) for depth in range(len(parts)))
    return keys


def build_document(entry: IndexEntry) -> dict[str, Any]:
    """Return the keyword arguments for `add_document` of Whoosh's writer."""
    note = analyse_note(entry)
    fields = {
        name: [(stem.encode(), len(places), float(len(places)), _encode_positions(places)) for stem, places in found.items()]
        for name, found in note.positions.items()
    }
    return {**note.exact, "word": " ".join(sorted(note.words)), **fields}


class _SinglePositionCache(dict[int, bytes]):
    """A cache of single positions as Whoosh stores them, because most words occur only once in a note."""

    def __missing__(self, position: int) -> bytes:
        found = self[position] = _pack_positions([position])
        return found


_single_positions = _SinglePositionCache()


def _pack_positions(positions: list[int]) -> bytes:
    """Encode positions as `whoosh.formats.Positions` does: their number, then each as the distance from the previous one."""
    return pack_count(len(positions)) + dumps([place - before for place, before in zip(positions, (0, *positions), strict=False)], 2)


def _encode_positions(positions: list[int]) -> bytes:
    return _single_positions[positions[0]] if len(positions) == 1 else _pack_positions(positions)


def write_segment(storage: Any, entries: Iterable[IndexEntry]) -> Any:
    """Write notes into a new segment in `storage`, and return the segment."""
    fields = build_schema()
    codec = W3Codec(compression=0)
    segment = codec.new_segment(storage, "MAIN")
    per_note = codec.per_document_writer(storage, segment)
    postings: dict[str, dict[str, list[tuple[int, float, bytes]]]] = {name: {} for name in fields.names()}
    lengths = {name: bytearray() for name in (*QUALIFIED_FIELDS, "body")}
    paths: list[str] = []
    for number, entry in enumerate(entries):
        note = analyse_note(entry)
        paths.append(entry.path)
        per_note.start_doc(number)
        per_note.add_field("path", fields["path"], entry.path, 0)
        for name, text in note.exact.items():
            for term, _, weight, value in fields[name].index(text):
                postings[name].setdefault(term.decode(), []).append((number, weight, value))
        once = number, 1.0, pack_count(1)
        found = postings["word"]
        for word in note.words:
            if word in found:
                found[word].append(once)
            else:
                found[word] = [once]
        for name, places in note.positions.items():
            length = sum(map(len, places.values()))
            per_note.add_field(name, fields[name], None, length)
            lengths[name].append(length_to_byte(length))
            found = postings[name]
            for stem, at in places.items():
                posting = (number, 1.0, _single_positions[at[0]]) if len(at) == 1 else (number, float(len(at)), _pack_positions(at))
                if stem in found:
                    found[stem].append(posting)
                else:
                    found[stem] = [posting]
        per_note.finish_doc()
    per_note.close()
    _write_terms(storage, segment, fields, postings, lengths)
    segment.set_doc_count(len(paths))
    write_paths(storage, segment, paths)
    return segment


def write_paths(storage: Any, segment: Any, paths: Iterable[str]) -> None:
    """Write the paths of a segment's notes, in the order of their numbers, to a file next to it.

    Whoosh would have to unpickle the stored fields of every single note.
    """
    with storage.create_file(segment.make_filename(".paths")) as file:
        file.write("\0".join(paths).encode())


def has_paths(storage: Any, segment: Any) -> bool:
    """Return whether the file that `write_paths` writes exists for a segment."""
    return bool(storage.file_exists(segment.make_filename(".paths")))


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
                data = dumps((tuple(map(sub, notes, (0, *notes))), packed, values if has_places else b"".join(values) or None), 2)
                size = len(info) + len(data)
                parts += (pack_int(size if start + BLOCK_SIZE < len(found) else -size), info, data)
            block = b"".join(parts)
            file.write(block)
            info = pack_term(0, total, len(found), least, greatest, highest, found[0][0], found[-1][0], offset, len(block))
            terms.add(prefix + term.encode(), info)
            offset += len(block)
    terms.close()
    file.close()
