"""The tags of a notebook, as a tree with counts."""

from __future__ import annotations

from zettel.adapters import finding
from zettel.model.answer import Answer, Branch, Column
from zettel.model.text import fold
from zettel.session import Session

COLUMNS = (Column("Tag", "tag", "tag"), Column("Notes", "notes"), Column("With nested", "total", "dim"))


def run(session: Session) -> Answer:
    """Every tag with the number of notes that have it, and of those that have it or one nested below it."""
    connection = session.notebook().connection
    own: dict[str, tuple[str, int]] = {}
    for tag, count in finding.tags(connection):
        parts = tag.split("/")
        for depth in range(1, len(parts) + 1):
            name = "/".join(parts[:depth])
            own.setdefault(fold(name), (name, 0))
        own[fold(tag)] = (tag, count)
    rows = [{"tag": name, "notes": count, "total": finding.tagged(connection, key)} for key, (name, count) in sorted(own.items())]
    return Answer("tags", rows, COLUMNS, tree=_branches(rows, ""), nothing="no note has a tag")


def _branches(rows: list[dict[str, object]], above: str) -> tuple[Branch, ...]:
    branches = []
    for row in rows:
        name = str(row["tag"])
        parent, _, own = name.rpartition("/")
        if fold(parent) == fold(above):
            count = f"{row['notes']}" if row["notes"] == row["total"] else f"{row['notes']}, {row['total']} with nested"
            branches.append(Branch(((own, "tag"), (f"  {count}", "dim")), _branches(rows, name)))
    return tuple(branches)
