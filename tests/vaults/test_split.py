"""Test splits in real notebooks: the graph stays the same except for the new notes."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import find_shared_folder
from tests.sampling import seed_random, shorten
from zettel.commands import split
from zettel.model.base.errors import Refused
from zettel.notebook.notebook import OpenNotebook
from zettel.session import GlobalOptions, Session

VAULTS = ["leadership-12", "kraker-second-brain", "sourcegraph-handbook", "dendron-site", "oldwinter-garden", "fixtures-foam-docs"]
NOTES = shorten(6, to=2)
"""How many notes of each notebook are split at every heading. The day draws them."""


def count_edges(notebook: OpenNotebook, origin: dict[str, str], but: str = "") -> Counter[tuple[str, str]]:
    """Count the resolved links between different notes. A new note counts as the note it came from; links of the syntax `but` are left out."""
    links = (link for link in notebook.catalogue.find_links() if link.link.syntax != but)
    pairs = ((link.link.source, link.resolution.target) for link in links if link.resolution.target)
    named = ((origin.get(source, source), origin.get(target, target)) for source, target in pairs if target)
    return Counter(pair for pair in named if pair[0] != pair[1])


def count_dangling(notebook: OpenNotebook) -> int:
    """Count the links to notes that do not exist."""
    return sum(link.resolution.status == "dangling" for link in notebook.catalogue.find_links())


@pytest.mark.sampled
@pytest.mark.parametrize("vault", VAULTS)
def test_split_keeps_the_links_of_real_notes(vault: str, tmp_path: Path) -> None:
    """Read from scratch, each note and the notes split from it have together the links that it had, in both directions."""
    shutil.copytree(find_shared_folder() / "vaults" / vault / "notes", tmp_path / "notes")
    session = Session(
        GlobalOptions(str(tmp_path / "notes"), ("links.pipe=label-first",) if vault == "dendron-site" else ()), dict(os.environ)
    )
    notebook = session.open_notebook()
    before, once = count_edges(notebook, {}), count_edges(notebook, {}, "reference")
    origin: dict[str, str] = {}
    missing = count_dangling(notebook)
    chosen = [note.path for note in notebook.catalogue.list_notes()]
    seed_random(f"notes of {vault}").shuffle(chosen)
    refused = 0
    for path in chosen:
        try:
            headings = split.run(session, note=path, headings=[]).rows
        except Refused:
            continue  # the note is not UTF-8
        for number in range(len(headings), 0, -1):
            try:
                made = split.run(session, note=path, headings=[str(number)]).facts["made"]  # type: ignore[index]
            except Refused:
                refused += 1
            else:
                origin.update((new, path) for new in made)
            notebook.refresh()
        if len(set(origin.values())) == NOTES:
            break
    assert NOTES <= len(origin)
    assert 0 == refused
    fresh = OpenNotebook(str(tmp_path / "notes"), session.settings, session.environ, print, in_memory=True)
    fresh.refresh()
    assert Counter() == before - count_edges(fresh, origin)
    after = count_edges(fresh, origin, "reference")  # every part gets a copy of the definitions that it uses
    assert (after - once).total() <= missing - count_dangling(fresh)  # a new note may have the name that a dangling link was waiting for
