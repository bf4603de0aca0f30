"""Test tag renames in real notebooks written by other people: the tags change and nothing else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import find_shared_folder
from tests.vaults.test_vaults import PACKAGES, SETTINGS
from zettel.commands.tag import run
from zettel.model.edit.retag import TagRename
from zettel.model.link.link import link_to_record
from zettel.model.note.note import Note
from zettel.notebook.notebook import OpenNotebook
from zettel.session import GlobalOptions, Session

MOST = int(os.environ.get("ZETTEL_MOST_TAGS", "1"))
"""How many tags of each notebook are renamed, the most used first. With 20 the test takes eleven minutes."""


def read_notebook(folder: Path, package: str) -> tuple[dict[str, Note], list[dict[str, object]], list[tuple[str, int]]]:
    """Return all notes, links and tags of a notebook, read from scratch."""
    settings = Session(GlobalOptions(str(folder), tuple(SETTINGS.get(package, [])[1:]))).settings
    notebook = OpenNotebook(str(folder), settings, {}, lambda _: None, in_memory=True)
    notebook.refresh()
    links = [
        {key: item for key, item in link_to_record(link).items() if key in ("source", "target", "text", "status")}
        for link in notebook.catalogue.find_links()
    ]
    return {note.path: note for note in notebook.catalogue.list_notes()}, links, notebook.catalogue.count_tags()


def read_files(folder: Path) -> dict[Path, bytes]:
    """Return the bytes of all files."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".zettel" not in path.parts}


@pytest.mark.parametrize("package", PACKAGES)
def test_renaming_tags_of_real_notebooks_changes_only_tags(package: str, tmp_path: Path) -> None:
    """No rename is refused. Read from scratch, only the tag has changed; titles, links and all other files are as before."""
    folder = tmp_path / "notes"
    shutil.copytree(find_shared_folder() / "vaults" / package / "notes", folder, symlinks=True)
    options = GlobalOptions(str(folder), tuple(SETTINGS.get(package, [])[1:]))
    notes, links, tags = read_notebook(folder, package)
    before = read_files(folder)
    for tag, _ in sorted(tags, key=lambda item: (-item[1], item[0]))[:MOST]:
        rename = TagRename(tag, f"renamed/{tag}-é")
        run(Session(options), action="rename", old=rename.old, new=rename.new)
        after, links_after, _ = read_notebook(folder, package)
        touched = {path for path, note in notes.items() if tuple(map(rename.apply_to, note.tags)) != note.tags}
        assert touched == {str(path.relative_to(folder)) for path, data in read_files(folder).items() if data != before[path]}
        for path, note in notes.items():
            assert [*dict.fromkeys(map(rename.apply_to, note.tags))] == list(after[path].tags)
            undone = TagRename(rename.new, rename.old).apply_to_text(after[path].title)
            assert (note.title, note.id, note.aliases) == (undone, after[path].id, after[path].aliases)
        assert links == links_after
        for path in touched:
            (folder / path).write_bytes(before[folder / path])
