"""A row of the list of notes."""

from __future__ import annotations

from zettel.model.base.value import value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.answer import Line
    from zettel.model.note.picker_item import PickerItem


@value
class Hit:
    """A note that was found, and the sentence that says most of what was looked for, with the words found in it marked as hits.

    It is a sentence of the note itself, or if it `is_citation`, of another note that links to it.
    """

    item: PickerItem
    sentence: Line = ()
    is_citation: bool = False

    @property
    def own_sentence(self) -> str:
        """The text of the sentence, empty if it is another note's."""
        return "" if self.is_citation else "".join(text for text, _ in self.sentence)

    @property
    def path(self) -> str:
        """The path of the note."""
        return self.item.path
