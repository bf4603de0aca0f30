"""Format the link graph as DOT or Mermaid source, with one edge per pair of notes and note text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zettel.model.link.link import ResolvedLink
from zettel.model.note.note import Note
from zettel.model.text.inert import clip, escape_unsafe


def format_graph_source(format: str, notes: Sequence[Note], links: Iterable[ResolvedLink]) -> str:
    """Format the graph as `format_dot` or `format_mermaid` source. Links to notes that are not in `notes` are left out."""
    names = {note.path: f"n{number}" for number, note in enumerate(notes)}
    pairs = [
        (resolved.link.source, resolved.resolution.target)
        for resolved in links
        if resolved.resolution.target in names and not resolved.is_self
    ]
    edges = [(names[source], names[str(target)]) for source, target in dict.fromkeys(pairs)]
    return format_dot(notes, names, edges) if format == "dot" else format_mermaid(notes, names, edges)


def format_dot(notes: Iterable[Note], names: dict[str, str], edges: Iterable[tuple[str, str]]) -> str:
    """Format Graphviz source. Strings are quoted as its grammar requires (backslash and quote escaped)."""
    lines = ["digraph zettel {", "  rankdir=LR;", "  node [shape=box];"]
    lines += [f'  {names[note.path]} [label="{_escape_dot(note.title)}", tooltip="{_escape_dot(note.id or note.path)}"];' for note in notes]
    lines += [f"  {source} -> {target};" for source, target in edges]
    return "\n".join([*lines, "}", ""])


def format_mermaid(notes: Iterable[Note], names: dict[str, str], edges: Iterable[tuple[str, str]]) -> str:
    """Format Mermaid source. Every character except letters, digits, blanks and `.,-` is written as an entity."""
    lines = ["flowchart LR"]
    lines += [f'  {names[note.path]}["{_escape_mermaid(note.title)}"]' for note in notes]
    lines += [f"  {source} --> {target}" for source, target in edges]
    return "\n".join([*lines, ""])


def _escape_dot(text: str) -> str:
    return escape_unsafe(clip(text, 200)).replace("\\", "\\\\").replace('"', '\\"')


def _escape_mermaid(text: str) -> str:
    return "".join(char if char.isalnum() or char in " .,-" else f"#{ord(char)};" for char in escape_unsafe(clip(text, 200)))
