"""Find what can be folded in an open note: its sections, front matter, fences and the items of its lists."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from zettel.adapters.parse.markdown import parse_note_events
from zettel.adapters.parse.note import blank_front_matter
from zettel.model.edit.sections import list_line_spans
from zettel.model.editor.fold import FENCE, FRONT_MATTER, ITEM, SECTION, Fold, choose_folds
from zettel.model.note import frontmatter
from zettel.services.editor.open_notes import NoteText, OpenNotes


def list_folds(notes: OpenNotes, path: str, limit: int | None = None) -> list[Fold]:
    """Return what can be folded in an open note, in order; with `limit`, at most so many, the largest."""
    text = notes.texts[path]
    return choose_folds(_find_folds(text), limit)


def _find_folds(text: NoteText) -> Iterator[Fold]:
    data = text.data
    starts = [start for start, _ in list_line_spans(data)]

    def build_fold(start: int, end: int, kind: str) -> Fold:
        """Return the fold of some bytes, without the blank lines at their end."""
        while end > start and data[end - 1] in b" \t\r\n":
            end -= 1
        return Fold(bisect_right(starts, start) - 1, max(0, bisect_right(starts, max(start, end - 1)) - 1), kind)

    for section in text.sections:
        yield build_fold(section.start, section.end, SECTION)
    shown = text.document.text
    front = frontmatter.find_front_matter(shown)
    if front:
        yield build_fold(0, text.parsed.lines.to_byte_offset(front.body_start), FRONT_MATTER)
    for name, said, start, end in parse_note_events(blank_front_matter(shown, front)):
        if name == "Start" and said == "Item":
            yield build_fold(start, end, ITEM)
        elif name == "Start" and isinstance(said, dict) and isinstance(said.get("CodeBlock"), dict):  # one that is indented has no info
            yield build_fold(start, end, FENCE)
