"""Render the distinct notes of an answer as paths or IDs, for other programs and for zettel itself."""

from __future__ import annotations

from zettel.model.base.answer import Rows


def render_paths(answer: Rows, end: str = "\n") -> str:
    """Render the path of each distinct note, in the answer's order."""
    return "".join(path + end for path in dict.fromkeys(str(row["path"]) for row in answer.table_rows if row.get("path")))


def render_ids(answer: Rows, end: str = "\n") -> str:
    """Render the ID of each distinct note, or its path if it has none, in the answer's order."""
    handles = (str(row.get("id") or row["path"]) for row in answer.table_rows if row.get("path"))
    return "".join(handle + end for handle in dict.fromkeys(handles))
