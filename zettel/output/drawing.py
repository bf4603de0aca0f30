"""The link graph as DOT and Mermaid source: one edge for each pair of notes, note text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zettel.model.link import Resolved
from zettel.model.note import Note
from zettel.model.text import clipped, inert


def write(format: str, notes: Sequence[Note], links: Iterable[Resolved]) -> str:
    """The graph in `dot` or `mermaid`."""
    names = {note.path: f"n{number}" for number, note in enumerate(notes)}
    pairs = [(one.link.source, one.resolution.target) for one in links if one.resolution.target in names and not one.is_self]
    edges = [(names[source], names[str(target)]) for source, target in dict.fromkeys(pairs)]
    return dot(notes, names, edges) if format == "dot" else mermaid(notes, names, edges)


def dot(notes: Iterable[Note], names: dict[str, str], edges: Iterable[tuple[str, str]]) -> str:
    """Graphviz source; strings are quoted as its grammar says (backslash and quote escaped)."""
    lines = ["digraph zettel {", "  rankdir=LR;", "  node [shape=box];"]
    lines += [f'  {names[note.path]} [label="{_dot(note.title)}", tooltip="{_dot(note.id or note.path)}"];' for note in notes]
    lines += [f"  {source} -> {target};" for source, target in edges]
    return "\n".join([*lines, "}", ""])


def mermaid(notes: Iterable[Note], names: dict[str, str], edges: Iterable[tuple[str, str]]) -> str:
    """Mermaid source; everything but letters, digits, blanks and plain points is written as an entity."""
    lines = ["flowchart LR"]
    lines += [f'  {names[note.path]}["{_mermaid(note.title)}"]' for note in notes]
    lines += [f"  {source} --> {target}" for source, target in edges]
    return "\n".join([*lines, ""])


def _dot(text: str) -> str:
    return inert(clipped(text, 200)).replace("\\", "\\\\").replace('"', '\\"')


def _mermaid(text: str) -> str:
    return "".join(char if char.isalnum() or char in " .,-" else f"#{ord(char)};" for char in inert(clipped(text, 200)))
