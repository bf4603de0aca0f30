"""What a Markdown parser tells of a note, in the model's own words.

`Outline` is the seam between the parser (an adapter) and `zettel.model.reading`: blocks of text in
document order, each a run of pieces with byte offsets into the file.
"""

from __future__ import annotations

from zettel.model.value import NamedTuple

TEXT, BREAK, HIDDEN, LINK = "text", "break", "hidden", "link"


class Piece(NamedTuple):
    """A stretch of a block.

    `kind` is TEXT (prose), BREAK (a line break), HIDDEN (shown but not prose: code) or LINK, whose `text`
    is what it shows, `dest` what it points to and `syntax` how it is written. Offsets are in bytes.
    """

    kind: str
    start: int
    end: int
    text: str
    dest: str = ""
    syntax: str = ""


class Block(NamedTuple):
    """A paragraph, list item, table cell (level 0) or heading (level 1 to 6)."""

    level: int
    pieces: list[Piece]
    is_cell: bool = False


class Definition(NamedTuple):
    """A link reference definition, `[label]: dest`."""

    label: str
    dest: str
    start: int
    end: int


class Outline(NamedTuple):
    """The blocks of a note in document order, and its reference definitions; `is_wide`: its tables are too wide, so they are read as prose."""

    blocks: list[Block]
    definitions: list[Definition]
    is_wide: bool = False
