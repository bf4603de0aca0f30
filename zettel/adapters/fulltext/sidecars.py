"""Write the files that zettel adds to each segment of the full-text index, so that a search can read it without Whoosh.

- `.paths`: the paths of the segment's notes in the order of their numbers, between NUL bytes.
- `.texts`: the plain text and the headings of each note, from which a search chooses the sentence that it shows. First come the offsets of
  all texts and of the end, eight bytes each. A NUL byte stands between a text and its headings, so one in a note becomes U+FFFD.
- `.words`: every word as it is written, sorted, each between line breaks, for prefixes, wildcards and typing errors.
- `segments`, one file for the index: the names, sizes and deleted notes of all segments, and the lengths that Whoosh's length codes stand for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from struct import pack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from zettel.adapters.fulltext.segment import StoredText

SEGMENTS_FILE = "segments"


def write_sidecars(storage: Any, segment: Any, paths: Sequence[str], texts: Sequence[StoredText], words: Iterable[str]) -> None:
    """Write `.paths`, `.texts` and `.words` of a segment."""
    parts = ((stored.text, "\n".join(stored.headings)) for stored in texts)
    encoded = ["\0".join(part.replace("\0", "\ufffd") for part in pair).encode("utf-8", "surrogatepass") for pair in parts]
    offsets = list(accumulate(map(len, encoded), initial=8 * (len(encoded) + 1)))
    with storage.create_file(segment.make_filename(".texts")) as file:
        file.write(pack(f"!{len(offsets)}Q", *offsets) + b"".join(encoded))
    with storage.create_file(segment.make_filename(".words")) as file:
        file.write(("\n" + "\n".join(sorted(words)) + "\n").encode("utf-8", "surrogatepass"))
    with storage.create_file(segment.make_filename(".paths")) as file:
        file.write("\0".join(paths).encode("utf-8", "surrogateescape"))


def has_sidecars(storage: Any, segment: Any) -> bool:
    """Return whether `write_sidecars` has written the files of a segment: `.paths` is the last of them."""
    return bool(storage.file_exists(segment.make_filename(".paths")))


def format_segments(segments: Iterable[Any], lengths: Iterable[int]) -> str:
    """Return the content of `segments`: a line of the 256 lengths, then one for each segment with its name, size and deleted notes."""
    lines = (
        f"{segment.make_filename('')} {segment.doc_count_all()} {' '.join(map(str, sorted(segment.deleted_docs())))}".rstrip()
        for segment in segments
    )
    return "\n".join((" ".join(map(str, lengths)), *lines))


def parse_segments(text: str) -> tuple[list[int], list[tuple[str, int, frozenset[int]]]]:
    """Return the 256 lengths, and (name, size, deleted notes) of every segment."""
    lengths, *lines = text.split("\n")
    segments = []
    for line in lines:
        name, size, *deleted = line.split()
        segments.append((name, int(size), frozenset(map(int, deleted))))
    return [int(length) for length in lengths.split()], segments
