"""Show trees as Markdown that an editor can open, in which every note is a link to its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from zettel.model.base.answer import Branch, Line
from zettel.model.text.markdown import escape_markdown

STRONG = ("strong", "hit")
"""The styles of text that stands out."""


def format_document(title: str, branches: Sequence[Branch], build_link: Callable[[str, str], str]) -> str:
    """Return trees under a heading. `build_link` returns where a note is, given its path or ID and which of the two it is, or an empty string."""
    return "\n".join([f"# {escape_markdown(title)}", "", *_list_lines(branches, build_link, 0)]).rstrip() + "\n"


def _list_lines(branches: Sequence[Branch], build_link: Callable[[str, str], str], depth: int) -> Iterator[str]:
    for branch in branches:
        words = "".join(text for text, _ in branch.line).strip()
        if not words and not branch.branches:
            yield ""
        elif not depth and any(style == "heading" for _, style in branch.line):
            yield from (f"## {escape_markdown(words)}", "", *_list_lines(branch.branches, build_link, 0))
        else:
            yield f"{'  ' * depth}- {_format_line(branch, build_link)}"
            yield from _list_lines(branch.branches, build_link, depth + 1)


def _format_line(branch: Branch, build_link: Callable[[str, str], str]) -> str:
    target = build_link(branch.note[1], "path") if branch.note else ""
    return "".join(_format_spans(branch.line, target, build_link)).strip()


def _format_spans(line: Line, target: str, build_link: Callable[[str, str], str]) -> Iterator[str]:
    for text, style in line:
        words = escape_markdown(text)
        if style == "title" and target:
            words = f"[{words}]({target})"
        elif style == "id" and not target and (place := build_link(text, "id")):
            words = f"[{words}]({place})"
        elif words and style in STRONG:
            words = f"**{words}**"
        yield f"{' ' * text.startswith(' ')}{words}{' ' * (text.endswith(' ') and bool(words))}"
