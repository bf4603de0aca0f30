"""Define what a command returns: rows for programs, and how to show them to people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from zettel.model.base.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self

Row = Mapping[str, object]
StyledText = tuple[str, str]
"""(text, style). Styles are `id`, `title`, `path`, `tag`, `number`, `dim`, `hit`, `link`, `heading`, `arrow`, `warning`, `caution`, `added`,
`removed`, `put`, `cut`, `same`, `file`, `date`, `error`, `strong`, `typed`, `emphasis`, `struck`, `code`, `code-word`, `code-string`, `code-number`, `link-id`, `label` and ``.
"""

HIDDEN_STYLE = "link-id"
"""The style of an ID before the words of its link. On a terminal they say the same, so it is left out there."""

UNCLIPPED_STYLES = ("added", "removed", "put", "cut", "same")
"""Styles of text that is never clipped: lines of a diff."""

MAX_SPAN_LENGTH = 400
"""Maximum length of a part of a line, or of a cell of a table, in characters on a terminal. Other formats show all of it."""

Line = tuple[StyledText, ...]

ListedNote = tuple[str | None, str]
"""(ID or None, path) of a note in a list, by which it is found again after it was renamed or moved."""


@value
class Column:
    """A column of a table: its heading, the key of its cells, a style, and whether it wraps on a narrow screen or is cut."""

    heading: str
    key: str
    style: str = ""
    may_wrap: bool = False


@value
class Branch:
    """A node of a tree: its line, its children, and the note that it lists, if it lists one."""

    line: Line
    branches: tuple[Branch, ...] = ()
    note: ListedNote | None = None


BLANK_LINE = Branch((("", ""),))
"""A blank line between two groups of branches."""


@value
class Answer:
    """The result of a command, before any output format is chosen. It has one of the shapes below, or none if there is nothing to show.

    `facts` are keys of the JSON document. `remarks` go to stderr, and so does `empty_message` if there are no rows: then nothing was found,
    and the exit code says so unless `exit_code` is given. `closing_remarks` go there once the answer is written, so that they stand below it.
    """

    facts: Mapping[str, object] | None = None
    remarks: tuple[str, ...] = ()
    closing_remarks: tuple[str, ...] = ()
    empty_message: str = ""
    exit_code: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the command looked for something and found nothing."""
        return bool(self.empty_message)

    def replace(self, **changes: object) -> Self:
        """Return a copy with some fields changed."""
        fields: dict[str, Any] = {field: getattr(self, field) for field in self.__match_args__}
        return type(self)(**(fields | changes))


@value
class Rows(Answer):
    """A list: people see a table, and every format for programs has the rows.

    `name` is the key of `rows` in the JSON document. `columns` are the parts of a row that the table, plain and csv formats show. If these
    formats need other rows than JSON, `display_rows` has them. If the rows for JSON are expensive, `load_json_rows` returns them, and
    `rows` is only what the other formats need. Rows of notes have the keys `id` and `path`.

    `custom_formats` maps a format's name to a function that writes the answer in that format.

    `rest` says to people, below the list, what a limit left out of it; the formats for programs have nothing below their rows.

    If it `is_numbered`, people can name its notes by their numbers: `@1` is the first note that they see. `people_columns` are the columns
    of the table that people see, if it has others than the formats for programs.
    """

    name: str = ""
    is_numbered: bool = False
    rows: Sequence[Row] = ()
    columns: tuple[Column, ...] = ()
    display_rows: Sequence[Row] | None = None
    load_json_rows: Callable[[], Sequence[Row]] | None = None
    custom_formats: Mapping[str, Callable[[], str]] | None = None
    people_columns: tuple[Column, ...] = ()
    rest: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the command looked for something and found nothing."""
        return bool(self.empty_message) and not self.table_rows

    @property
    def table_rows(self) -> Sequence[Row]:
        """The rows for tables and for lists of IDs or paths."""
        return self.rows if self.display_rows is None else self.display_rows

    def list_notes(self) -> list[ListedNote]:
        """Return the notes that people see, in that order: a note's number is its position, from 1."""
        return [(row["id"], row["path"]) for row in self.table_rows if row.get("path")]  # type: ignore[misc]


@value
class Tree(Rows):
    """A list that people see as a tree. Without `branches` they see the table.

    The plain format has the tree, too, or the rows if not `is_plain_tree`. If it `is_spaced`, a blank line stands between branches with others
    below them.
    """

    branches: tuple[Branch, ...] = ()
    is_spaced: bool = False
    is_plain_tree: bool = True

    def list_notes(self) -> list[ListedNote]:
        """Return the notes of the branches from top to bottom, or those of the table."""
        return [branch.note for branch in walk_branches(self.branches) if branch.note] if self.branches else Rows.list_notes(self)


HEADING_BLOCK, PROSE_BLOCK, CODE_BLOCK, TABLE_BLOCK, RULE_BLOCK = "heading", "prose", "code", "table", "rule"
"""The kinds of a block of text."""


@value
class TextBlock:
    """A block of a text for people, before it is broken into lines that fit their screen.

    `first` stands before its first line, such as the bullet of a list item, and `further` before the others. `gap` is the line between
    it and the block above, or None if there is none. A table has `rows` of cells, the headings first, instead of lines, and `is_right`
    says which of its columns are aligned right. `language` is that of code.
    """

    kind: str
    lines: tuple[Line, ...] = ()
    first: Line = ()
    further: Line = ()
    gap: Line | None = None
    rows: tuple[tuple[Line, ...], ...] = ()
    is_right: tuple[bool, ...] = ()
    language: str = ""


@value
class Document(Rows):
    """A text, which is printed as it is. Programs get the rows, if there are any.

    On a terminal, `head` and `blocks`, if given, replace `text`. `branches` follow below it.
    """

    text: str = ""
    head: tuple[Branch, ...] = ()
    blocks: tuple[TextBlock, ...] | None = None
    branches: tuple[Branch, ...] = ()


@value
class Drawing(Answer):
    """A drawing of the graph, for people only: lines of three cells, which are broken between words if the screen is too narrow.

    `paths` are those of the notes on the lines, empty on a line without one.
    """

    lines: tuple[tuple[Line, ...], ...] = ()
    paths: tuple[str, ...] = ()


def walk_branches(branches: Sequence[Branch]) -> Iterator[Branch]:
    """Yield the branches of a tree from top to bottom."""
    for branch in branches:
        yield branch
        yield from walk_branches(branch.branches)


def format_cell(row: Row, key: str) -> str:
    """Return the text of a table cell. A note without an ID is named by its path."""
    given = row.get(key)
    if isinstance(given, str):
        return given
    if given is None:
        return str(row.get("path") or "") if key == "id" else ""
    if isinstance(given, bool):
        return "yes" if given else ""
    if isinstance(given, (list, tuple)):
        return ", ".join(str(item) for item in given)
    return f"{given:.2f}" if isinstance(given, float) else str(given)
