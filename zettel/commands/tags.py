"""List the tags of a notebook as a tree with counts."""

from __future__ import annotations

from zettel.adapters.catalogue import queries
from zettel.model.base.answer import Answer, Branch, Column, StyledText
from zettel.model.text.fold import fold
from zettel.session import Session

COLUMNS = (Column("Tag", "tag", "tag"), Column("Notes", "notes"), Column("With nested", "total", "dim"))

MAX_DEPTH = 30
"""How many levels of nesting the tree has; deeper ones are joined into one name."""


def run(session: Session) -> Answer:
    """Return every tag with the number of notes that have it, and the number that have it or a tag nested below it."""
    connection = session.open_notebook().connection
    own: dict[str, tuple[str, int]] = {}
    below: dict[str, list[str]] = {}
    for tag, count in queries.count_tags(connection):
        parts = tag.split("/", MAX_DEPTH)
        above = ""
        for depth in range(1, len(parts) + 1):
            name = "/".join(parts[:depth])
            if fold(name) not in own:
                own[fold(name)] = (name, 0)
                below.setdefault(above, []).append(fold(name))
            above = fold(name)
        own[above] = (tag, count)
    totals = {key: queries.count_tagged_notes(connection, key) for key in own}
    rows = [{"tag": name, "notes": count, "total": totals[key]} for key, (name, count) in sorted(own.items())]

    def build_branches(above: str) -> tuple[Branch, ...]:
        return tuple(Branch(_format_tag(*own[key], totals[key], above), build_branches(key)) for key in sorted(below.get(above, ())))

    return Answer("tags", rows, COLUMNS, tree=build_branches(""), empty_message="no note has a tag")


def _format_tag(name: str, count: int, total: int, above: str) -> tuple[StyledText, ...]:
    """Format a tag: its name without the part `above`, and its counts."""
    counted = f"{count}" if count == total else f"{count}, {total} with nested"
    return ((name[len(above) + 1 :] if above else name, "tag"), (f"  {counted}", "dim"))
