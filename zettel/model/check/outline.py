"""Say what checks look for in the text of a note: its anchors, its links to them, and whether there is text that was meant for a link."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.base.value import NamedTuple
from zettel.model.check.blank_destinations import BLANK_DESTINATION, list_unread_links
from zettel.model.edit.sections import HeadingLink, describe_anchors, find_heading_links
from zettel.model.note.parse import ParsedNote

HEADING_LINK = compile_lazily(rb"\][(:]\s*<?#")
HEADING_HREF = compile_lazily(rb"(?i)href\s*=\s*[\"']?#")
"""What a note must contain, one or the other, to have a link to a heading of its own text, other than in `[[...]]`."""

BLANK_INSIDE = compile_lazily(r"\]\([^()<>\r\n]*[ \t][^()<>\r\n]*\)")
"""What `BLANK_DESTINATION` finds, without its label: that is several times as fast to search for."""


class Outline(NamedTuple):
    """What checks need to know of a note's text, besides its links to notes.

    `anchors` has the key of each anchor, with the words of its heading (see `zettel.model.edit.sections.describe_anchors`), and is None if
    nobody has asked for it yet. `heading_links` are the links to headings of the text itself. `has_unread_links`: there is text in it that
    was meant for a link (see `zettel.model.check.blank_destinations`).
    """

    anchors: Mapping[str, str] | None = None
    heading_links: Sequence[HeadingLink] = ()
    has_unread_links: bool = False


def build_outline(path: str, data: bytes, text: str, parse: Callable[[], ParsedNote], *, with_anchors: bool) -> Outline:
    """Return the outline of the note at `path`, whose bytes are `data` and decode to `text`. Calls `parse` if that is necessary.

    The outline has the note's anchors if they are wanted, or if the note was parsed anyway.
    """
    may_have_heading_links = HEADING_LINK.search(data) or (b"href" in data.lower() and HEADING_HREF.search(data))
    may_have_unread_links = BLANK_INSIDE.search(text) and BLANK_DESTINATION.search(text)
    if not with_anchors and not may_have_heading_links and not may_have_unread_links:
        return Outline()
    parsed = parse()
    heading_links = list(find_heading_links(parsed)) if may_have_heading_links else []
    return Outline(describe_anchors(parsed, data), heading_links, any(list_unread_links(parsed, path, text)))
