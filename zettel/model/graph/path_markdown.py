"""Format paths as Markdown that reads like an argument: notes, joined by the sentences that link them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from zettel.model.note.new_note import format_link
from zettel.model.text.fold import strip_suffix
from zettel.model.text.inert import clip, escape_unsafe
from zettel.model.text.prose import INLINE_TOKEN

_MARKDOWN_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&#]")

_MAX_TITLE_LENGTH = 300
"""Characters after which a title beside a link is cut off."""


class PathStep(NamedTuple):
    """A note of a path as a link (`202104291524 Title`), and the arrow, headings and sentence that lead to the next note (empty at the end)."""

    link: str
    arrow: str
    headings: tuple[str, ...]
    sentence: str


def format_path_document(title: str, paths: Sequence[Sequence[PathStep]]) -> str:
    """Return a Markdown document with a section for each path, under `title`."""
    parts = [f"# {_escape_markdown(title)}"]
    for number, steps in enumerate(paths, 1):
        parts.append(f"## Path {number}" if len(paths) > 1 else "## Path")
        for step in steps:
            parts.append(step.link)
            if step.arrow:
                quoted = " › ".join([*map(_escape_markdown, step.headings), _escape_markdown(step.sentence)])
                parts.append(f"> {step.arrow} {quoted}".rstrip())
    return "\n\n".join(parts) + "\n"


def list_link_candidates(note_id: str | None, title: str, path: str) -> list[str]:
    """Return ways to link to a note on a line of its own, best first: by ID, by file name, by path.

    The title is escaped, so that it adds no other link or tag.
    """
    shown = clip(title, _MAX_TITLE_LENGTH)
    plain = _escape_markdown(shown)
    whole = strip_suffix(path)
    wiki = [format_link(None, shown, path), f"[[{whole}|{shown}]]"] if plain == shown else []
    return [*([f"{note_id} {plain}".rstrip()] if note_id else []), *wiki, f"[{plain}](/{quote(path, safe='/._-~')})", f"[[{whole}]]"]


def _escape_markdown(text: str) -> str:
    """Escape quoted text for Markdown, and remove IDs and tag marks from it, so that it adds no link and no tag."""
    bare = INLINE_TOKEN.sub(lambda found: "" if found["id"] else found["tag"] or found[0], escape_unsafe(text))
    return _MARKDOWN_SPECIAL.sub(lambda found: "\\" + found[0], " ".join(bare.split()))
