"""What a command returns: rows for programs, and how people are shown them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zettel.model.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Row = Mapping[str, object]
Span = tuple[str, str]
"""(text, style); styles are `id`, `title`, `path`, `tag`, `dim`, `hit`, `heading`, `arrow`, `warning`, `added`, `removed`, `put`, `cut`, `same`, `strong` and ``."""

Line = tuple[Span, ...]


@value
class Column:
    """One column of a table: its heading, the key of the rows, a style, and whether it may be cut to fit the screen."""

    heading: str
    key: str
    style: str = ""
    may_wrap: bool = False


@value
class Branch:
    """A node of a tree: its line, and what hangs below it."""

    line: Line
    branches: tuple[Branch, ...] = ()


@value
class Answer:
    """What a command found.

    `name` is the key of `rows` in the JSON document and `facts` are its other keys. `columns` are what the
    table, plain and csv formats show of a row (of `lines` instead of `rows`, where the two differ); `whole` makes rows for
    JSON, where `rows` are only what the other formats show. `tree` is what
    people are shown instead of a table, as is `drawing`: rows of three cells, of which the middle one gives way where the
    screen is too narrow; `text` is shown as it stands instead of either, but for `head` and the
    rendered `markdown` in its place on a terminal. `remarks` go to stderr, and `nothing` does when there are no
    rows. `forms` write it in formats of its own. Rows of notes have the keys `id` and `path`.
    """

    name: str = ""
    rows: Sequence[Row] = ()
    columns: tuple[Column, ...] = ()
    lines: Sequence[Row] | None = None
    facts: Mapping[str, object] | None = None
    tree: tuple[Branch, ...] = ()
    text: str | None = None
    head: tuple[Branch, ...] = ()
    markdown: str | None = None
    remarks: tuple[str, ...] = ()
    nothing: str = ""
    exit_code: int = 0
    forms: Mapping[str, Callable[[], str]] | None = None
    drawing: tuple[tuple[Line, ...], ...] = ()
    whole: Callable[[], Sequence[Row]] | None = None

    @property
    def shown(self) -> Sequence[Row]:
        """The rows that tables and lists of names are made of."""
        return self.rows if self.lines is None else self.lines

    def replace(self, **changed: object) -> Answer:
        """The same answer but for some fields."""
        fields: dict[str, Any] = {field: getattr(self, field) for field in self.__match_args__}
        return Answer(**(fields | changed))


def cell(row: Row, key: str) -> str:
    """What a table shows of a row; a note without an ID is named by its path."""
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
