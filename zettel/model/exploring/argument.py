"""Format paths as Markdown that reads like an argument: notes, joined by the sentences that link them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from zettel.model.prose import IN_PROSE
from zettel.model.syntax import written
from zettel.model.text import clipped, inert, without_suffix

SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&#]")

LONGEST_TITLE = 300
"""Characters after which a title beside a link is cut off."""


class Step(NamedTuple):
    """A note of a path as a link (`202104291524 Title`), and the arrow, headings and sentence that lead to the next note (empty at the end)."""

    link: str
    arrow: str
    headings: tuple[str, ...]
    sentence: str


def markdown(title: str, paths: Sequence[Sequence[Step]]) -> str:
    """Return a Markdown document with a section for each path, under `title`."""
    parts = [f"# {_plain(title)}"]
    for number, steps in enumerate(paths, 1):
        parts.append(f"## Path {number}" if len(paths) > 1 else "## Path")
        for step in steps:
            parts.append(step.link)
            if step.arrow:
                quoted = " › ".join([*map(_plain, step.headings), _plain(step.sentence)])
                parts.append(f"> {step.arrow} {quoted}".rstrip())
    return "\n\n".join(parts) + "\n"


def references(note_id: str | None, title: str, path: str) -> list[str]:
    """Return ways to link to a note on a line of its own, best first: by ID, by file name, by path.

    The title is escaped, so that it adds no other link or tag.
    """
    shown = clipped(title, LONGEST_TITLE)
    plain = _plain(shown)
    whole = without_suffix(path)
    wiki = [written(None, shown, path), f"[[{whole}|{shown}]]"] if plain == shown else []
    return [*([f"{note_id} {plain}".rstrip()] if note_id else []), *wiki, f"[{plain}](/{quote(path, safe='/._-~')})", f"[[{whole}]]"]


def _plain(text: str) -> str:
    """Escape quoted text for Markdown, and remove IDs and tag marks from it, so that it adds no link and no tag."""
    bare = IN_PROSE.sub(lambda found: "" if found["id"] else found["tag"] or found[0], inert(text))
    return SPECIAL.sub(lambda found: "\\" + found[0], " ".join(bare.split()))
