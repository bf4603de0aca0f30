"""Decide which notes an assistant is not to know of."""

from __future__ import annotations

from zettel.model.note.tags import fold_tags, list_tag_levels
from zettel.model.text.fold import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from zettel.model.note.parse import ParsedNote

TAG_MARK = "tag:"

UNSURE_PROBLEMS = frozenset(("front-matter", "displaced-front-matter"))
"""Problems of a note whose tags cannot all be read."""


class HiddenNotes:
    """The notes that the rules of the setting `mcp.hide` hide: those at paths that match one of `globs`, and those with a tag of the rules or one below it."""

    def __init__(self, rules: Iterable[str]) -> None:
        """Take rules such as `people/*` and `tag:private`."""
        rules = [rule.strip() for rule in rules]
        self.globs = tuple(sorted({rule for rule in rules if rule and not rule.lower().startswith(TAG_MARK)}))
        self.tags = fold_tags(rule[len(TAG_MARK) :] for rule in rules if rule.lower().startswith(TAG_MARK))

    @property
    def key(self) -> str:
        """The rules as one text, which is the same for the same rules. Empty if nothing is hidden."""
        return "\n".join((*self.globs, *(TAG_MARK + tag for tag in sorted(self.tags))))

    def hides(self, parsed: ParsedNote, text: str) -> bool:
        """Return whether a note is hidden by its tags. One that is in doubt is: it cannot be read, or its front matter cannot, such as one in JSON, and a hidden tag stands in its text."""
        if any(level in self.tags for tag in parsed.tags for level in list_tag_levels(fold(tag))):
            return True
        codes = {problem.code for problem in parsed.problems}
        if "unreadable" in codes:
            return bool(self.tags)
        is_unsure = not codes.isdisjoint(UNSURE_PROBLEMS) or text.lstrip("\ufeff \t\r\n").startswith("{")
        return is_unsure and any(tag in fold(text) for tag in self.tags)
