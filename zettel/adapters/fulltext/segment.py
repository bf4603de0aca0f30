"""Read a segment of the full-text index straight from its files, without loading Whoosh.

Whoosh loads some seventy modules before it can look up a word, which takes longer than answering most searches. What a search
needs of it is small: find a term in a hash table and read its postings. The format is that of `whoosh.codec.whoosh3` and
`whoosh.filedb.filetables`, the same in every Whoosh since 2.7:

- `.trm` maps a term (the number of its field, then its text) to (in how many notes it is, where its postings are). It is the constant
  database of D. J. Bernstein (cr.yp.to/cdb.html), with MD5 as its hash function and 64 bits for each pointer.
- `.pst` holds the postings in blocks: a pickle about the block, then one of (distances of note numbers, frequencies, positions).
- `._FIELD_len.col` holds one byte per note for the length of a field, up to the last note that has the field.

zettel writes three more files for each segment: `.paths`, `.texts` and `.words` (see `zettel.adapters.fulltext.sidecars`).
Files are unpickled only after the seal of the index has been verified (see `FullTextIndex.open`).
"""

from __future__ import annotations

from _pickle import Unpickler, loads
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from struct import Struct

from zettel.model.base.value import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import md5
    from io import BytesIO

    from zettel.adapters.fs.private import MappedFile
else:
    from _io import BytesIO

    try:
        from _md5 import md5  # hashlib would load OpenSSL
    except ImportError:
        from hashlib import md5

DIRECTORY_SIZE, POSTINGS_MARK_SIZE = 256 * 12, 4
"""Size in bytes of the directory near the end of a `.trm` file, and of the mark before the postings of a term."""

unpack_int = Struct("!i").unpack_from
unpack_lengths = Struct("!ii").unpack_from
unpack_slot = Struct("!Iq").unpack_from
unpack_directory_entry = Struct("!qi").unpack_from
unpack_term = Struct("!BfIBBfII").unpack_from
unpack_extent = Struct("!qi").unpack_from
unpack_offset = Struct("!Q").unpack_from
TERM_SIZE = Struct("!BfIBBfII").size

PostingBlock = tuple[Sequence[int], Sequence[float] | float | None, Sequence[bytes]]
"""Numbers of notes, how often a term occurs in each (a number: equally often; None: once), and the encoded positions in each."""


class StoredText(NamedTuple):
    """The plain text of a note, one block per line, and those of its lines that are headings."""

    text: str
    headings: list[str]


OpenFile = Callable[[str], "bytes | MappedFile"]
"""Returns the content of a file of the index. Raises `OSError` if there is no such file."""


class Segment:
    """One segment: `note_count` notes, numbered from `base` on, of which the numbers in `deleted` are gone."""

    def __init__(self, name: str, note_count: int, base: int, deleted: frozenset[int], open_file: OpenFile) -> None:
        self.name, self.note_count, self.base = name, note_count, base
        self.deleted = frozenset(number + base for number in deleted)
        self._open = open_file
        self._texts: bytes | MappedFile | None = None
        self._terms = open_file(f"{name}.trm") if note_count else b""
        self._postings = open_file(f"{name}.pst") if note_count else b""
        self._field_numbers: dict[str, int] = {}
        self._directory = 0
        if note_count:
            extras = len(self._terms) - 4 - unpack_int(self._terms, len(self._terms) - 4)[0]
            self._field_numbers = loads(self._terms[extras:])["fieldmap"]
            self._directory = extras - DIRECTORY_SIZE

    def read_paths(self) -> list[str]:
        """Return the paths of all notes in the order of their numbers."""
        return bytes(self._open(f"{self.name}.paths")).decode("utf-8", "surrogateescape").split("\0") if self.note_count else []

    def open_texts(self) -> bytes | MappedFile:
        """Map the texts of all notes into memory. They can be read even after the file was deleted."""
        if self._texts is None:
            self._texts = self._open(f"{self.name}.texts")
        return self._texts

    def read_text(self, number: int) -> StoredText:
        """Return the text and the headings of a note."""
        data = self.open_texts()
        start, end = unpack_offset(data, 8 * (number - self.base))[0], unpack_offset(data, 8 * (number - self.base + 1))[0]
        text, _, headings = data[start:end].decode("utf-8", "surrogatepass").partition("\0")
        return StoredText(text, headings.split("\n") if headings else [])

    def read_words(self) -> str:
        """Return the words of all notes as written, sorted, each between line breaks."""
        return bytes(self._open(f"{self.name}.words")).decode("utf-8", "surrogatepass") if self.note_count else "\n"

    def read_lengths(self, field: str) -> bytes:
        """Return one byte for each note: the code for its number of words in a field."""
        try:
            lengths = bytes(self._open(f"{self.name}._{field}_len.col"))
        except (OSError, KeyError):
            lengths = b""  # no note has the field
        return lengths[: self.note_count].ljust(self.note_count, b"\0")

    def count_notes_with(self, field: str, term: str) -> int:
        """Return the number of notes that contain a term."""
        at = self._find_term(field, term)
        if at is None:
            return 0
        if not self.deleted:
            return int(unpack_term(self._terms, at)[2])
        return sum(number not in self.deleted for numbers, _, _ in self.read_postings(field, term) for number in numbers)

    def read_postings(self, field: str, term: str) -> Iterator[PostingBlock]:
        """Yield the postings of a term in blocks, those of deleted notes included."""
        at = self._find_term(field, term)
        if at is None:
            return
        if unpack_term(self._terms, at)[0]:  # the postings are part of the entry
            numbers, weights, values = loads(self._terms[at + TERM_SIZE :])
            yield [number + self.base for number in numbers], weights, values
            return
        offset, length = unpack_extent(self._terms, at + TERM_SIZE)
        end = offset + length
        offset += POSTINGS_MARK_SIZE
        while offset < end:
            size = abs(unpack_int(self._postings, offset)[0])
            block = BytesIO(self._postings[offset + 4 : offset + 4 + size])
            info = Unpickler(block).load()
            if info[3]:
                from zlib import decompress

                distances, weights, values = loads(decompress(block.read()))
            else:
                distances, weights, values = Unpickler(block).load()
            numbers = list(accumulate(distances, initial=self.base))
            del numbers[0]
            yield numbers, weights, values
            offset += 4 + size

    def _find_term(self, field: str, term: str) -> int | None:
        """Return where the entry of a term is in the table of terms, None if the segment does not have it."""
        if field not in self._field_numbers:
            return None
        data = self._terms
        key = self._field_numbers[field].to_bytes(2, "big") + term.encode("utf-8", "surrogatepass")
        code = int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:], "big")
        table, slots = unpack_directory_entry(data, self._directory + 12 * (code & 255))
        for turn in range(slots):
            found, at = unpack_slot(data, table + 12 * (((code >> 8) + turn) % slots))
            if not at:
                return None
            if found == code:
                key_size, _ = unpack_lengths(data, at)
                if data[at + 8 : at + 8 + key_size] == key:
                    return int(at + 8 + key_size)
        return None


def decode_positions(value: bytes) -> list[int]:
    """Return the positions of a term in a note, as `whoosh.formats.Positions` encodes them: their number, then their distances as a pickle."""
    return list(accumulate(loads(value[4:] if value[-1:] == b"." else value[4:] + b".")))
