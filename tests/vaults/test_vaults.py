"""Real notebooks written by other people: their links, against truth files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Runner, shared_folder

PACKAGES = (
    "leadership-12",
    "kraker-second-brain",
    "buvis-mkdocs-zettelkasten",
    "dendron-site",
    "oldwinter-garden",
    "sourcegraph-handbook",
    "fixtures-foam-docs",
    "fixtures-markdown-oxide",
    "fixtures-obsidiantools",
    "oddities",
)
SETTINGS = {"dendron-site": ["-c", "links.pipe=label-first"]}
NOT_IN_THE_TRUTH = {
    # Between two list items that each hold a lone `` the truth sees one code span; in CommonMark code ends with its block,
    # so the link between them is one.
    "dendron-site": {("templates.topic.config.property.md", "dendron.topic.publish.config.nav_exclude_children.md")},
}


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    """Zettel in an empty folder."""
    return Runner(tmp_path, tmp_path / "home")


@pytest.mark.parametrize("package", PACKAGES)
def test_links_of_real_notebooks(package: str, run: Runner, tmp_path: Path) -> None:
    """Precision and recall of the links are 1.0, and reading writes nothing into the notebook."""
    shared = shared_folder()
    notes = shared / "vaults" / package / "notes"
    before = _state(notes)
    result = run("-N", str(notes), *SETTINGS.get(package, []), "graph", "--format", "json")
    assert 0 == result.code, result.err
    assert before == _state(notes)
    graph = json.loads(result.out)
    wrong = NOT_IN_THE_TRUTH.get(package, set())
    found = {(link["source"], link["target"]) for link in graph["links"]}
    assert wrong == wrong & found
    graph["links"] = [link for link in graph["links"] if (link["source"], link["target"]) not in wrong]
    (tmp_path / "graph.json").write_text(json.dumps(graph), encoding="utf-8")
    truth = shared / "vaults" / "truth" / f"{package}.json"
    score = subprocess.run(
        [sys.executable, shared / "tools" / "score_links.py", truth, tmp_path / "graph.json"], capture_output=True, text=True, check=False
    )
    assert 0 == score.returncode, score.stdout
    assert "missing 0, too many 0" in score.stdout


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.lstat().st_mtime_ns, path.lstat().st_size) for path in folder.rglob("*")}


SEEDS = ("000", "001", "002", "003", "004")


@pytest.fixture
def seeds(tmp_path: Path) -> Runner:
    """Five real texts, copied as they are into an empty notebook."""
    folder = shared_folder() / "seeds"
    (tmp_path / "notes").mkdir()
    for file in sorted(folder.glob("*.txt")):
        shutil.copyfile(file, tmp_path / "notes" / f"{file.stem}.md")
    return Runner(tmp_path / "notes", tmp_path / "home")


def test_a_real_note_shows_its_links_under_its_headings(seeds: Runner) -> None:
    """Bare IDs in pasted prose are dangling links with title, sentence and the heading they stand under; then links, once there is a note."""
    links = json.loads(seeds("-N", ".", "links", "202104291524", "--json").out)["links"]
    assert 9 == len(links)
    assert {"dangling"} == {link["status"] for link in links}
    by_id = {link["text"]: link for link in links}
    assert "On execution vs product value" == by_id["202206171206"]["headings"][-1]
    assert "Delivery Performance vs Value Delivery" == by_id["202206171206"]["title"]
    assert "Make the hard decisions" == by_id["202104291526"]["title"]
    assert by_id["202104291526"]["sentence"].endswith("202104291526 Make the hard decisions.")
    (seeds.folder / "202206171206 Delivery.md").write_text("# Delivery Performance vs Value Delivery\n", encoding="utf-8")
    links = json.loads(seeds("-N", ".", "links", "202104291524", "--json").out)["links"]
    assert {"202206171206"} == {link["id"] for link in links if link["status"] == "ok"}
    back = json.loads(seeds("-N", ".", "backlinks", "202206171206", "--json").out)["backlinks"]
    assert ["202104291524"] == [link["id"] for link in back]


def test_styled_letters_are_found_by_plain_ones(seeds: Runner) -> None:
    """A search for `strategy` finds the text that spells it in styled Unicode letters."""
    found = json.loads(seeds("-N", ".", "search", "strategy", "--json").out)["results"]
    assert any(note["path"].startswith("004_") for note in found)
