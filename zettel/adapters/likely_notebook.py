"""Find a folder that looks like a notebook, so that the error outside of a notebook can name it."""

from __future__ import annotations

import os
from itertools import islice

from zettel.adapters.fs.files import walk_up
from zettel.model.base.value import NamedTuple
from zettel.model.text.fold import is_note_name
from zettel.model.text.ids import find_first_id

MARKERS = {".obsidian": "an Obsidian vault", ".zk": "a notebook of zk", ".foam": "a Foam workspace", "logseq": "a Logseq graph"}
"""Folders by which other programs mark their notes, and what they mark."""

MAX_ENTRIES = 2000
"""How many entries of a folder are looked at."""


class LikelyNotebook(NamedTuple):
    """A folder that looks like a notebook, and why (a phrase)."""

    folder: str
    reason: str


def find_likely_notebook(start: str) -> LikelyNotebook | None:
    """Return the nearest folder from `start` upwards that another program has marked, or that has notes named by IDs, or None."""
    for folder in walk_up(start):
        try:
            with os.scandir(folder) as entries:
                names = [entry.name for entry in islice(entries, MAX_ENTRIES)]
        except OSError:
            continue
        reason = next((MARKERS[name] for name in MARKERS if name in names), "")
        if not reason and any(is_note_name(name) and find_first_id(name) for name in names):
            reason = "its notes are named by IDs"
        if reason:
            return LikelyNotebook(folder, reason)
    return None
