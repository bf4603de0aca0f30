"""Test that looking at some paths alone finds what a scan of all files finds at them."""

from __future__ import annotations

import os
from pathlib import Path

from tests.conftest import Runner
from zettel.adapters.fs.scan import choose_notes, scan_notes
from zettel.session import GlobalOptions, Session


def test_chosen_notes_are_those_of_a_scan(tmp_path: Path) -> None:
    """Hidden, ignored, foreign and irregular files are left out alike, and a path that is not there has no stamp."""
    (tmp_path / "a" / ".hidden").mkdir(parents=True)
    (tmp_path / "drafts" / "deep").mkdir(parents=True)
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "outside.txt").write_text("x")
    for path in (
        "One.md",
        "a/Two.MARKDOWN",
        ".Three.md",
        "a/.hidden/Four.md",
        "drafts/deep/Five.md",
        "folder.md/Six.md",
        "empty.md",
        ".empty.md.icloud",
    ):
        (tmp_path / path).write_text("" if path == "empty.md" else "x")
    (tmp_path / "Link.md").symlink_to(tmp_path / "One.md")
    os.mkfifo(tmp_path / "Pipe.md")
    paths = [file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*")] + ["Gone.md", "../One.md", "/One.md", ""]
    scanned = scan_notes(str(tmp_path), {}, ("drafts",)).changed
    chosen = dict(choose_notes(str(tmp_path), paths, ("drafts",)))
    assert scanned == sorted(path for path, stamp in chosen.items() if stamp)
    assert None is chosen["Gone.md"]
    assert {"../One.md", "/One.md", "", ".Three.md"}.isdisjoint(chosen)


def test_look_at_equals_a_refresh(tmp_path: Path) -> None:
    """After notes are written, changed, renamed and removed, looking at their paths leaves the catalogue as a refresh does."""
    run = Runner(tmp_path / "notes", tmp_path / "home")
    (run.folder / ".zettel").mkdir(parents=True)
    for name, text in (("A.md", "# A\n\n[[B]] [[C]]\n"), ("B.md", "# B\n\n[[A]]\n"), ("D.md", "# D\n")):
        (run.folder / name).write_text(text)
    notebook = Session(GlobalOptions(str(run.folder)), run.environ, str(run.folder)).open_notebook()
    (run.folder / "B.md").rename(run.folder / "C.md")
    (run.folder / "D.md").unlink()
    (run.folder / "E.md").write_text("# E\n")
    assert 4 <= notebook.look_at(
        ["B.md", "C.md", "D.md", "E.md", "A.md", "Nowhere.md"]
    )  # a file that was read within the tick of its last change is read again

    def list_links() -> list[tuple[str, str, str | None]]:
        return [(found.link.source, found.link.dest, found.resolution.target) for found in notebook.catalogue.find_links()]

    assert [("A.md", "B", "C.md"), ("A.md", "C", "C.md"), ("C.md", "A", "A.md")] == list_links()
    notebook.refresh(from_scratch=True)
    assert [("A.md", "B", "C.md"), ("A.md", "C", "C.md"), ("C.md", "A", "A.md")] == list_links()
    notebook.catalogue.connection.close()
