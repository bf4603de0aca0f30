"""A path as Markdown that reads like an argument: the notes, and between them the sentence that leads on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from zettel.model.prose import IN_PROSE
from zettel.model.text import inert

SPECIAL = re.compile(r"[\\`*_\[\]<>|~$&#]")


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


def _plain(text: str) -> str:
    """A quoted text that means nothing but itself: without IDs and tag marks, so that it adds no link and no tag of its own."""
    bare = IN_PROSE.sub(lambda found: "" if found["id"] else found["tag"] or found[0], inert(text))
    return SPECIAL.sub(lambda found: "\\" + found[0], " ".join(bare.split()))
