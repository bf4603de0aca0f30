"""A path as Markdown that reads like an argument: the notes, and between them the sentence that leads on."""

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
"""Characters of a title at most that stand beside a link."""


class Step(NamedTuple):
    """A note of a path as it is linked (`202104291524 Title`), and what leads on from it: an arrow, headings, a sentence (or nothing)."""

    link: str
    arrow: str
    headings: tuple[str, ...]
    sentence: str


def markdown(title: str, paths: Sequence[Sequence[Step]]) -> str:
    """The paths below a heading, with a heading each."""
    parts = [f"# {_plain(title)}"]
    for number, steps in enumerate(paths, 1):
        parts.append(f"## Path {number}" if len(paths) > 1 else "## Path")
        for step in steps:
            parts.append(step.link)
            if step.arrow:
                said = " › ".join([*map(_plain, step.headings), _plain(step.sentence)])
                parts.append(f"> {step.arrow} {said}".rstrip())
    return "\n\n".join(parts) + "\n"


def references(note_id: str | None, title: str, path: str) -> list[str]:
    """The ways to link to a note on a line of its own, best first: by its ID, its file name, its path. The title means nothing but itself."""
    shown = clipped(title, LONGEST_TITLE)
    plain = _plain(shown)
    whole = without_suffix(path)
    wiki = [written(None, shown, path), f"[[{whole}|{shown}]]"] if plain == shown else []
    return [*([f"{note_id} {plain}".rstrip()] if note_id else []), *wiki, f"[{plain}](/{quote(path, safe='/._-~')})", f"[[{whole}]]"]


def _plain(text: str) -> str:
    """A quoted text that means nothing but itself: without IDs and tag marks, so that it adds no link and no tag of its own."""
    bare = IN_PROSE.sub(lambda found: "" if found["id"] else found["tag"] or found[0], inert(text))
    return SPECIAL.sub(lambda found: "\\" + found[0], " ".join(bare.split()))
