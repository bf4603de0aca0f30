"""Real notebooks written by other people: their tags are renamed, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import shared_folder
from tests.vaults.test_vaults import PACKAGES, SETTINGS
from zettel.adapters import finding
from zettel.commands.tag import run
from zettel.model.errors import Refused
from zettel.model.link import record
from zettel.model.note import Note
from zettel.model.retagging import Renaming
from zettel.model.text import fold
from zettel.notebook import Notebook
from zettel.session import Globals, Session

MOST = 20
"""How many tags of each notebook are renamed, the most used first."""


def whole(folder: Path, package: str) -> tuple[dict[str, Note], list[dict[str, object]], list[tuple[str, int]]]:
    """All notes, links and tags of a notebook, read from scratch."""
    settings = Session(Globals(str(folder), tuple(SETTINGS.get(package, [])[1:]))).settings
    notebook = Notebook(str(folder), settings, {}, lambda _: None, in_memory=True)
    notebook.refresh()
    links = [{key: item for key, item in record(link).items() if key in ("source", "target", "text", "status")} for link in notebook.links()]
    return {note.path: note for note in notebook.notes()}, links, finding.tags(notebook.connection)


def files(folder: Path) -> dict[Path, bytes]:
    """The bytes of all files."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".zettel" not in path.parts}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_most_used_tags_of_real_notebooks_are_renamed(package: str, tmp_path: Path) -> None:
    """Read from scratch, every tag is the relabelled one, links and titles are as before; renamed back, so is every byte."""
    folder = tmp_path / "notes"
    shutil.copytree(shared_folder() / "vaults" / package / "notes", folder, symlinks=True)
    options = Globals(str(folder), tuple(SETTINGS.get(package, [])[1:]))
    notes, links, tags = whole(folder, package)
    refused = 0
    for tag, _ in sorted(tags, key=lambda item: (-item[1], item[0]))[:MOST]:
        bytes_before = files(folder)
        renaming = Renaming(tag, f"renamed/{tag}-é")
        try:
            run(Session(options), action="rename", old=renaming.old, new=renaming.new)
        except Refused as error:
            print(package, tag, error.message, error.candidates)
            refused += 1
            assert bytes_before == files(folder)
            continue
        after, links_after, _ = whole(folder, package)
        for path, note in notes.items():
            assert [*dict.fromkeys(map(renaming.of, note.tags))] == list(after[path].tags)
            assert (note.title, note.id, note.aliases) == (renaming_undone(after[path].title, renaming), after[path].id, after[path].aliases)
        assert links == links_after
        run(Session(options), action="rename", old=renaming.new, new=renaming.old)
        again, links_again, _ = whole(folder, package)
        assert links == links_again
        respelled = {path: [*dict.fromkeys(map(Renaming(tag, tag).of, note.tags))] for path, note in notes.items()}
        assert respelled == {path: list(note.tags) for path, note in again.items()}
        changed = [path for path, data in files(folder).items() if data != bytes_before[path]]
        for path in changed:  # only where a tag was written in another letter case
            assert fold(bytes_before[path].decode()) == fold(path.read_bytes().decode())
        for path in changed:
            path.write_bytes(bytes_before[path])
    assert 0 == refused


def renaming_undone(title: str, renaming: Renaming) -> str:
    """A title with its tags called as before."""
    return Renaming(renaming.new, renaming.old).in_text(title)
