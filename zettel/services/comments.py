"""Take the words of comments out of what is said around links, before it is shown to others."""

from __future__ import annotations

from collections.abc import Sequence

from zettel.model.base.errors import Unreadable
from zettel.model.link.link import Link, ResolvedLink
from zettel.notebook.notebook import OpenNotebook


def hide_comments(notebook: OpenNotebook, links: Sequence[ResolvedLink]) -> list[ResolvedLink]:
    """Return links, in their order, those within comments without headings, and with their target in the place of a sentence.

    Reads the sources of the links. Those of a note that cannot be read are treated as if they were within a comment.
    """
    comments: dict[str, list[tuple[int, int]]] = {}
    return [_hide_comment(notebook, one) if _is_in_comment(notebook, one, comments) else one for one in links]


def _is_in_comment(notebook: OpenNotebook, resolved: ResolvedLink, comments: dict[str, list[tuple[int, int]]]) -> bool:
    from bisect import bisect_right

    source, start = resolved.link.source, resolved.link.start
    if source not in comments:
        comments[source] = _find_comments(notebook, source)
    spans = comments[source]
    at = bisect_right(spans, (start, start)) - 1
    return at >= 0 and start < spans[at][1]


def _find_comments(notebook: OpenNotebook, path: str) -> list[tuple[int, int]]:
    from zettel.adapters.fs.files import decode_bytes
    from zettel.adapters.parse.comments import find_comments

    try:
        data = notebook.read_bytes(path)
    except Unreadable:
        return [(0, 1 << 62)]
    return find_comments(decode_bytes(data)[0]) if b"%%" in data else []


def _hide_comment(notebook: OpenNotebook, resolved: ResolvedLink) -> ResolvedLink:
    link, target = resolved.link, resolved.resolution.target or ""
    note = notebook.catalogue.find_notes_by_path([target]).get(target)
    shown = note.title if note else link.dest
    inert = Link(link.source, link.syntax, link.text, link.dest, "", link.line, link.start, link.end, (), shown, (0, len(shown)))
    return ResolvedLink(inert, resolved.resolution)
