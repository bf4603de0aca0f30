"""Find the labels of a text: its link definitions and footnotes, and where they are used. Give a text that is moved labels that are free elsewhere."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.edit.proof import Replacement, apply_replacements
from zettel.model.link.syntax import EMBED, MARKDOWN
from zettel.model.note.blocks import HIDDEN, LINK, Piece
from zettel.model.note.parse import ParsedNote
from zettel.model.text.fold import fold

DEFINITION = compile_lazily(
    rb"(?:\A|(?<=[\r\n])) {0,3}\[(?P<label>\^?(?:[^\[\]\\\r\n]|\\.)+)\]:(?P<text>[^\r\n]*(?:\r\n|\n|\r|\Z)"
    rb"(?:(?:[ \t]*(?:\r\n|\n|\r))*(?: {4}|\t)[^\r\n]*(?:\r\n|\n|\r|\Z))*)"
)
"""What may be a link definition or a footnote, which may continue in indented lines."""

LABEL_USE = compile_lazily(rb"\[\^?(?:[^\[\]\\\r\n]|\\.)+\]")
"""What may be a use of a definition's label."""

LINE = compile_lazily(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
FENCE = compile_lazily(rb"[ \t>]*(?:[-*+][ \t]+|[0-9]{1,9}[.)][ \t]+)?(?P<mark>`{3,}|~{3,})(?P<info>[^\r\n]*)")


class LabelDefinition(NamedTuple):
    """A link definition or a footnote, from byte `start` to `end`, which is `whole`. `text` is what follows its label.

    `label` is normalised, and stands between `label_start` and `label_end`.
    """

    label: str
    start: int
    end: int
    label_start: int
    label_end: int
    text: bytes
    whole: bytes

    @property
    def is_footnote(self) -> bool:
        """Whether it is a footnote."""
        return self.label.startswith("^")


class LabelUse(NamedTuple):
    """A use of a label: `[label]`, brackets included, from byte `start` to `end`. `is_shortcut`: the link shows its label."""

    label: str
    start: int
    end: int
    is_shortcut: bool = False


def normalise_label(label: bytes) -> str:
    """Return a label in the form in which labels are compared, without regard to letter case and white space."""
    return fold(label.decode("utf-8", "replace"))


class PieceIndex:
    """The pieces of a note, for lookup by byte offset."""

    def __init__(self, parsed: ParsedNote) -> None:
        pieces = sorted((piece for passage in parsed.passages for _, piece in passage.pieces if piece.end > piece.start), key=_get_start)
        self._pieces, self._starts = pieces, [piece.start for piece in pieces]

    def find_piece(self, offset: int) -> Piece | None:
        """Return the piece that contains a byte, or None."""
        number = bisect_right(self._starts, offset) - 1
        return self._pieces[number] if number >= 0 and offset < self._pieces[number].end else None


class LabelledText:
    """A text and the labels in it. `parsed` is what the text parses to."""

    def __init__(self, data: bytes, parsed: ParsedNote) -> None:
        self.data = data
        self.find_piece = PieceIndex(parsed).find_piece
        self._fences = list(_list_fences(data)) if b"```" in data or b"~~~" in data else []
        self._passage_ends = sorted(
            (passage.pieces[0][1].start, passage.pieces[-1][1].end) for passage in parsed.passages if passage.pieces
        )
        self.definitions = list(self._list_definitions()) if b"]:" in data else []

    def _is_fenced(self, offset: int) -> bool:
        number = bisect_right(self._fences, (offset, len(self.data))) - 1
        return number >= 0 and offset < self._fences[number][1]

    def _list_definitions(self) -> Iterator[LabelDefinition]:
        """Yield the definitions. What looks like one within a paragraph or in code is text."""
        at = 0
        for found in DEFINITION.finditer(self.data):
            label_start, label_end = found.span("label")
            if found.start() < at or self._is_fenced(label_start) or self.find_piece(label_start) or self.find_piece(label_end):
                continue
            at = found.end()
            if found["label"].startswith(b"^"):
                at = max(at, self._find_paragraph_end(found.start("text"), found.end()))
            yield LabelDefinition(
                normalise_label(found["label"]),
                found.start(),
                at,
                label_start,
                label_end,
                self.data[label_end + 2 : at],
                self.data[found.start() : at],
            )

    def _find_paragraph_end(self, start: int, end: int) -> int:
        """Return the end of the last line of the passage that begins between two offsets: a footnote may continue without an indent."""
        number = bisect_right(self._passage_ends, (end,)) - 1
        if number < 0 or self._passage_ends[number][0] < start:
            return end
        line = LINE.match(self.data, self._passage_ends[number][1])
        return line.end() if line else end

    def list_uses(self) -> Iterator[LabelUse]:
        """Yield the uses of labels: those of links and pictures, and those of footnotes outside of code."""
        inside = {definition.label_start - 1 for definition in self.definitions}
        for found in LABEL_USE.finditer(self.data):
            start, end = found.span()
            if start in inside or self._is_fenced(start) or _is_escaped(self.data, start):
                continue
            label = normalise_label(found[0][1:-1])
            piece = self.find_piece(start)
            is_wiki = self.data[start - 1 : start] == b"[" and self.data[end : end + 1] == b"]"
            if label.startswith("^") and (piece is None or piece.kind == LINK) and not is_wiki:
                yield LabelUse(label, start, end)
            elif piece and piece.kind == LINK and piece.syntax in (MARKDOWN.name, EMBED.name):
                after = self.data[end : end + 2]
                is_second = self.data[start - 1 : start] == b"]" and start > piece.start
                if end == piece.end and self.data[piece.start : piece.start + 2] != b"[[":
                    yield LabelUse(label, start, end, is_shortcut=not is_second)
                elif (after == b"[]" and end + 2 == piece.end) or (
                    self.data[max(0, start - 1) : start] == b"!" and start > piece.start and after[:1] not in (b"[", b"(")
                ):
                    yield LabelUse(label, start, end, is_shortcut=True)
                elif is_second and after[:1] != b"(":
                    yield LabelUse(label, start, end)

    def list_plain_brackets(self) -> Iterator[LabelUse]:
        """Yield the words in brackets that are text, but would be a link or a footnote if there were a definition of them."""
        for found in LABEL_USE.finditer(self.data):
            piece = self.find_piece(found.start())
            if piece and piece.kind not in (LINK, HIDDEN) and not _is_escaped(self.data, found.start()):
                yield LabelUse(normalise_label(found[0][1:-1]), *found.span(), is_shortcut=True)


def _get_start(piece: Piece) -> int:
    return piece.start


def _is_escaped(data: bytes, offset: int) -> bool:
    """Return whether a backslash stands before a byte that is not itself escaped."""
    before = data[max(0, offset - 20) : offset]
    return (len(before) - len(before.rstrip(b"\\"))) % 2 == 1


def _list_fences(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the spans of fenced code."""
    opened: tuple[int, bytes] | None = None
    for line in LINE.finditer(data):
        found = FENCE.match(line[0])
        if opened is None:
            if found and not (found["mark"].startswith(b"`") and b"`" in found["info"]):
                opened = line.start(), found["mark"]
        elif found and found["mark"].startswith(opened[1]) and not found["info"].strip():
            yield opened[0], line.end()
            opened = None
    if opened:
        yield opened[0], len(data)


class FreedLabels(NamedTuple):
    """A text with labels that are free where it goes. `renamed` are the labels before and after; `dropped` those whose definition is there already."""

    data: bytes
    renamed: dict[str, str]
    dropped: frozenset[str]
    replacements: Sequence[Replacement]


def free_labels(text: LabelledText, there: LabelledText) -> FreedLabels:
    """Give the labels that `text` defines other names where `there`, the note that it is added to, has the same.

    A link definition that is the same in both is left out. Words in brackets that a definition there would make a link are escaped.
    """
    known = {definition.label: definition for definition in reversed(there.definitions)}
    taken = {*known, *(use.label for use in there.list_uses()), *(use.label for use in there.list_plain_brackets())}
    own = {definition.label for definition in text.definitions}
    used = {*taken, *own, *(use.label for use in text.list_uses()), *(use.label for use in text.list_plain_brackets())}
    renamed: dict[str, str] = {}
    dropped: set[str] = set()
    last: dict[str, int] = {}
    replacements: list[Replacement] = []
    for definition in text.definitions:
        label, twin = definition.label, known.get(definition.label)
        if label in taken and label not in (*renamed, *dropped):  # only the first definition of a label counts
            if twin and not definition.is_footnote and twin.text.split() == definition.text.split():
                dropped.add(label)
            else:
                raw = text.data[definition.label_start : definition.label_end].decode("utf-8", "replace")
                renamed[label] = _find_free_label(raw, used, last)
                used.add(fold(renamed[label]))
        if label in dropped:
            replacements.append((definition.start, definition.end, b""))
        elif label in renamed:
            replacements.append((definition.label_start, definition.label_end, renamed[label].encode()))
    dropped_spans = PositionIndex([(start, end) for start, end, written in replacements if not written])
    for use in text.list_uses():
        new = renamed.get(use.label)
        if new is None or dropped_spans.contains(use.start):
            continue
        if use.is_shortcut:
            end = use.end + 2 * (text.data[use.end : use.end + 2] == b"[]")
            replacements.append((use.end, end, f"[{new}]".encode()))
        else:
            replacements.append((use.start, use.end, f"[{new}]".encode()))
    for use in (*text.list_plain_brackets(), *text.list_uses()):
        if use.label in known and use.label not in own:
            replacements.append((use.start, use.start, b"\\"))
            piece = text.find_piece(use.start)
            is_in_link = piece is not None and piece.kind == LINK
            if is_in_link or text.data[use.start - 1 : use.start] == b"]":  # the parser takes `[a]\[b]` for a link
                replacements.append((use.end - 1, use.end - 1, b"\\"))
    replacements.sort()
    return FreedLabels(apply_replacements(text.data, replacements), renamed, frozenset(dropped), replacements)


class PositionIndex:
    """Spans of bytes that do not overlap, in order."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._spans, self._starts = spans, [start for start, _ in spans]

    def contains(self, offset: int) -> bool:
        """Return whether one of the spans contains a byte."""
        number = bisect_right(self._starts, offset) - 1
        return number >= 0 and offset < self._spans[number][1]


def _find_free_label(label: str, used: Collection[str], last: dict[str, int]) -> str:
    """Return a label like `label` that is not used: a number, or the label with a number. `last` remembers the last number for each label."""
    mark = "^" * label.startswith("^")
    stem = label.removeprefix(mark).rstrip("0123456789")
    prefix = mark + (stem if stem.endswith("-") or not stem else f"{stem}-")
    number = last.get(prefix, 2 if stem else 1)
    while fold(f"{prefix}{number}") in used:
        number += 1
    last[prefix] = number
    return f"{prefix}{number}"
