"""List the tags of a notebook as a tree with counts."""

from __future__ import annotations

from zettel.model.base.answer import Answer, Branch, Column, StyledText, Tree
from zettel.model.text.fold import fold
from zettel.session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from zettel.model.base.records import TagRecord

COLUMNS = (Column("Tag", "tag", "tag"), Column("Notes", "notes"), Column("With nested", "total", "dim"))

MAX_DEPTH = 30
"""How many levels of nesting the tree has; deeper ones are joined into one name."""


def run(session: Session) -> Answer:
    """Return every tag with the number of notes that have it, and the number that have it or a tag nested below it."""
    catalogue = session.open_notebook().catalogue
    own: dict[str, tuple[str, int]] = {}
    below: dict[str, list[str]] = {}
    for tag, count in catalogue.count_tags():
        parts = tag.split("/", MAX_DEPTH)
        above = ""
        for depth in range(1, len(parts) + 1):
            name = "/".join(parts[:depth])
            if fold(name) not in own:
                own[fold(name)] = (name, 0)
                below.setdefault(above, []).append(fold(name))
            above = fold(name)
        own[above] = (tag, count)
    totals = {key: catalogue.count_tagged_notes(key) for key in own}
    rows: list[TagRecord] = [{"tag": name, "notes": count, "total": totals[key]} for key, (name, count) in sorted(own.items())]

    def build_branches(above: str) -> tuple[Branch, ...]:
        return tuple(Branch(_format_tag(*own[key], totals[key], above), build_branches(key)) for key in sorted(below.get(above, ())))

    return Tree(name="tags", rows=rows, columns=COLUMNS, branches=build_branches(""), empty_message="no note has a tag")


def _format_tag(name: str, count: int, total: int, above: str) -> tuple[StyledText, ...]:
    """Format a tag: its name without the part `above`, and its counts."""
    counted = f"{total}" if count in (0, total) else f"{total}, {count} directly"
    return ((name[len(above) + 1 :] if above else name, "tag"), (f" ({counted})", "dim"))
