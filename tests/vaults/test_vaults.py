"""Test the links of real notebooks written by other people against truth files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Runner, find_shared_folder

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
    # Two list items each hold a lone ``. The truth takes everything between them for one code span, but in CommonMark a code span ends
    # with its block, so the link between them is a link.
    "dendron-site": {("templates.topic.config.property.md", "dendron.topic.publish.config.nav_exclude_children.md")},
}


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    """Zettel in an empty folder."""
    return Runner(tmp_path, tmp_path / "home")


@pytest.mark.parametrize("package", PACKAGES)
def test_links_of_real_notebooks_match_the_truth(package: str, run: Runner, tmp_path: Path) -> None:
    """Precision and recall of the links are 1.0, and reading writes nothing into the notebook."""
    shared = find_shared_folder()
    notes = shared / "vaults" / package / "notes"
    before = _read_stamps(notes)
    result = run("-N", str(notes), *SETTINGS.get(package, []), "graph", "--format", "json")
    assert 0 == result.code, result.err
    assert before == _read_stamps(notes)
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


def _read_stamps(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.lstat().st_mtime_ns, path.lstat().st_size) for path in folder.rglob("*")}


SEEDS = ("000", "001", "002", "003", "004")


@pytest.fixture
def seeds(tmp_path: Path) -> Runner:
    """Five real texts, copied unchanged into an empty notebook."""
    folder = find_shared_folder() / "seeds"
    (tmp_path / "notes").mkdir()
    for file in sorted(folder.glob("*.txt")):
        shutil.copyfile(file, tmp_path / "notes" / f"{file.stem}.md")
    return Runner(tmp_path / "notes", tmp_path / "home")


def test_bare_ids_of_a_real_note_are_links_in_context(seeds: Runner) -> None:
    """Bare IDs in pasted prose are dangling links with title, sentence and heading, and resolve as soon as the note exists."""
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


def test_plain_words_find_styled_letters(seeds: Runner) -> None:
    """A search for `strategy` finds the text that spells it in styled Unicode letters."""
    found = json.loads(seeds("-N", ".", "search", "strategy", "--json").out)["results"]
    assert any(note["path"].startswith("004_") for note in found)
