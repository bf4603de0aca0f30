"""The notes of an answer, each once, by path or by ID: for other programs and for zettel itself."""

from __future__ import annotations

from zettel.model.answer import Answer


def write_paths(answer: Answer, end: str = "\n") -> str:
    """The path of each note, once, in the answer's order."""
    return "".join(path + end for path in dict.fromkeys(str(row["path"]) for row in answer.shown if row.get("path")))


def write_ids(answer: Answer, end: str = "\n") -> str:
    """The ID of each note, once, in the answer's order; its path where it has none."""
    handles = (str(row.get("id") or row["path"]) for row in answer.shown if row.get("path"))
    return "".join(handle + end for handle in dict.fromkeys(handles))
