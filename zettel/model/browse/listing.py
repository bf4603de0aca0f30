"""The rows of a screen among which one moves, such as the notes of a path or the topics of the notebook."""

from __future__ import annotations

from zettel.model.base.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.answer import Branch


@value
class ListingRow:
    """What a row stands for: the note at `path` with a `line` to go to, or a `topic`, by its name on a command line. `title` is what people call it.

    A row may be shown with a `number`, from 1.
    """

    path: str = ""
    title: str = ""
    line: int = 0
    topic: str = ""
    number: int = 0

    @property
    def name(self) -> str:
        """The name of the row as a topic: the path of its note, or the topic."""
        return self.path or self.topic


@value
class Listing:
    """A tree below a title. Each branch that has a `note` is a row, in the order from top to bottom; `rows` say what they stand for."""

    title: str = ""
    branches: tuple[Branch, ...] = ()
    rows: tuple[ListingRow, ...] = ()

    @property
    def has_numbers(self) -> bool:
        """Whether rows are shown with numbers."""
        return any(row.number for row in self.rows)

    def find_number(self, number: int) -> int | None:
        """Return the index of the row that has a number, or None. If no row is shown with a number, they are counted from 1."""
        numbers = [row.number for row in self.rows] if self.has_numbers else list(range(1, len(self.rows) + 1))
        return numbers.index(number) if number > 0 and number in numbers else None
