"""Splitting notes of real notebooks: the graph stays as it was, but for the notes that were made."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import shared_folder
from tests.sampling import chance, shortened
from zettel.commands import split
from zettel.model.base.errors import Refused
from zettel.notebook.notebook import OpenNotebook
from zettel.session import GlobalOptions, Session

VAULTS = ["leadership-12", "kraker-second-brain", "sourcegraph-handbook", "dendron-site", "oldwinter-garden", "fixtures-foam-docs"]
NOTES = shortened(6, to=2)
"""Notes of each notebook, chosen by the chance of the day, of which every heading becomes a note."""


def edges(notebook: OpenNotebook, origin: dict[str, str], but: str = "") -> Counter[tuple[str, str]]:
    """The resolved links, with what was made of a note counted as that note; those to the same note, and of the syntax `but`, left out."""
    links = (link for link in notebook.find_links() if link.link.syntax != but)
    pairs = ((link.link.source, link.resolution.target) for link in links if link.resolution.target)
    named = ((origin.get(source, source), origin.get(target, target)) for source, target in pairs if target)
    return Counter(pair for pair in named if pair[0] != pair[1])


def dangling(notebook: OpenNotebook) -> int:
    """How many links lead to notes that are not there."""
    return sum(link.resolution.status == "dangling" for link in notebook.find_links())


@pytest.mark.sampled
@pytest.mark.parametrize("vault", VAULTS)
def test_every_heading_of_some_notes_becomes_a_note(vault: str, tmp_path: Path) -> None:
    """From scratch, each note and those made of it have together the links that it had, in both directions."""
    shutil.copytree(shared_folder() / "vaults" / vault / "notes", tmp_path / "notes")
    session = Session(
        GlobalOptions(str(tmp_path / "notes"), ("links.pipe=label-first",) if vault == "dendron-site" else ()), dict(os.environ)
    )
    notebook = session.open_notebook()
    before, once = edges(notebook, {}), edges(notebook, {}, "reference")
    origin: dict[str, str] = {}
    missing = dangling(notebook)
    chosen = [note.path for note in notebook.list_notes()]
    chance(f"notes of {vault}").shuffle(chosen)
    refused = 0
    for path in chosen:
        try:
            headings = split.run(session, note=path, headings=[]).rows
        except Refused:
            continue  # it is not UTF-8
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
    assert Counter() == before - edges(fresh, origin)
    after = edges(fresh, origin, "reference")  # definitions go along with every part that uses them
    assert (after - once).total() <= missing - dangling(fresh)  # a heading may be what a link was waiting for
