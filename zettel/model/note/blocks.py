"""Define the output of the Markdown parser: blocks of text, each a list of pieces with byte offsets into the file.

`ParsedMarkdown` is the interface between the parser, which is an adapter, and `zettel.model.note.parse`.
"""

from __future__ import annotations

from collections.abc import Sequence

from zettel.model.base.value import NamedTuple

TEXT, BREAK, HIDDEN, LINK, ESCAPE = "text", "break", "hidden", "link", "escape"

HARD = "hard"
"""The destination of a break that its writer marked as one, by two blanks, a backslash or `<br>`."""


class Piece(NamedTuple):
    """A piece of a block.

    `kind` is TEXT (prose), BREAK (a line break), HIDDEN (code, which is shown but is not prose), LINK, or ESCAPE (an escaped `#`, which
    does not begin a tag). A link's `text` is what it shows, `dest` its destination and `syntax` the name of its syntax. Offsets are in bytes.
    """

    kind: str
    start: int
    end: int
    text: str
    dest: str = ""
    syntax: str = ""


class Block(NamedTuple):
    """A paragraph, list item, table cell (level 0) or heading (level 1 to 6).

    `row` numbers the table row of a cell, and `quote` the innermost quote that the block stands in, both from 1. `is_item` says whether it
    stands in a list, and `lead` is the index of the block that it is nested below there: the beginning of its own item or of the item above.
    """

    level: int
    pieces: list[Piece]
    is_cell: bool = False
    row: int = 0
    quote: int = 0
    is_item: bool = False
    lead: int = -1


class Definition(NamedTuple):
    """A link reference definition, `[label]: dest`."""

    label: str
    dest: str
    start: int
    end: int


class ParsedMarkdown(NamedTuple):
    """The blocks of a note in document order, its link reference definitions, and the text of its code blocks.

    `has_wide_table`: a table is so large that it became prose.
    """

    blocks: list[Block]
    definitions: list[Definition]
    has_wide_table: bool = False
    code: Sequence[str] = ()
