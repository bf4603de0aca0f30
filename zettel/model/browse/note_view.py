"""Define what browsing shows of a note: its text, its links, its backlinks with their sentences, and its headings."""

from __future__ import annotations

from zettel.model.base.value import value
from zettel.model.text.phrases import format_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.answer import Line, TextBlock
    from zettel.model.note.note import Note


@value
class NoteLink:
    """A link of a note, in reading order: the path of its target, empty if it leads to no note, what it is called, its line and its status."""

    path: str
    title: str
    line: int
    status: str


@value
class Backlink:
    """A link to a note: the path of the note that has it, the line there, that note's name, and the sentence around the link."""

    path: str
    line: int
    name: Line
    context: Line


@value
class OutlineEntry:
    """A heading of a note: its words, its level, its line in the file, and the number of its block in `NoteView.blocks`."""

    text: str
    level: int
    line: int
    block: int


@value
class NoteView:
    """What is shown of a note. The spans of `blocks` that show a link have the style `link:3` or `warning:3`: 3 is its place in `links`.

    `remark` says what is wrong with the note's file, if anything is.
    """

    note: Note
    blocks: tuple[TextBlock, ...] = ()
    links: tuple[NoteLink, ...] = ()
    backlinks: tuple[Backlink, ...] = ()
    outline: tuple[OutlineEntry, ...] = ()
    remark: str = ""

    @property
    def backlink_count(self) -> str:
        """The number of backlinks in words: "12 backlinks", or if not all are listed, "10 of 12 backlinks"."""
        listed, total = len(self.backlinks), format_count(max(self.note.backlinks, len(self.backlinks)), "backlink")
        return f"{listed:,} of {total}" if listed < self.note.backlinks else total

    def find_sentence(self, sentence: str) -> int | None:
        """Return the number of the first block that has a sentence, which may be cut at both ends, or None."""
        wanted = _squeeze(sentence)
        return next((number for number, text in enumerate(self.list_texts()) if wanted in _squeeze(text)), None) if wanted else None

    def list_texts(self) -> list[str]:
        """Return the text of each block on one line, for finding words in it."""
        return [" ".join("".join(text for text, _ in line) for line in (*block.lines, *sum(block.rows, ()))) for block in self.blocks]


def _squeeze(text: str) -> str:
    """Return the letters and digits of a text, without case."""
    return "".join(filter(str.isalnum, text)).casefold()
