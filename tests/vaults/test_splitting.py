"""Splitting notes of real notebooks: the graph stays as it was, but for the notes that were made."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import shared_folder
from zettel.commands import split
from zettel.model.base.errors import Refused
from zettel.notebook.notebook import OpenNotebook
from zettel.session import GlobalOptions, Session

VAULTS = ["leadership-12", "kraker-second-brain", "sourcegraph-handbook", "dendron-site", "oldwinter-garden", "fixtures-foam-docs"]
NOTES = 6
"""Notes of each notebook, chosen at random, of which every heading becomes a note."""


def edges(notebook: OpenNotebook, origin: dict[str, str]) -> Counter[tuple[str, str]]:
    """The resolved links, with what was made of a note counted as that note; those to the same note left out."""
    pairs = ((link.link.source, link.resolution.target) for link in notebook.find_links() if link.resolution.target)
    named = ((origin.get(source, source), origin.get(target, target)) for source, target in pairs if target)
    return Counter(pair for pair in named if pair[0] != pair[1])


def dangling(notebook: OpenNotebook) -> int:
    """How many links lead to notes that are not there."""
    return sum(link.resolution.status == "dangling" for link in notebook.find_links())


@pytest.mark.parametrize("vault", VAULTS)
def test_every_heading_of_some_notes_becomes_a_note(vault: str, tmp_path: Path) -> None:
    """From scratch, each note and those made of it have together the links that it had, in both directions."""
    shutil.copytree(shared_folder() / "vaults" / vault / "notes", tmp_path / "notes")
    session = Session(
        GlobalOptions(str(tmp_path / "notes"), ("links.pipe=label-first",) if vault == "dendron-site" else ()), dict(os.environ)
    )
    notebook = session.open_notebook()
    before = edges(notebook, {})
    origin: dict[str, str] = {}
    missing = dangling(notebook)
    chosen = [note.path for note in notebook.list_notes()]
    random.Random(vault).shuffle(chosen)
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
    after = edges(fresh, origin)
    assert Counter() == before - after
    assert (after - before).total() <= missing - dangling(fresh)  # a heading may be what a link was waiting for
