"""Test that the graph of a real notebook stays the same, whatever its notes are renamed to and wherever they are moved."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import find_shared_folder
from tests.sampling import sample
from tests.vaults.test_vaults import NOT_IN_THE_TRUTH, PACKAGES
from zettel.commands import graph, move, rename
from zettel.model.base.errors import Refused
from zettel.services.filters import FilterOptions
from zettel.session import GlobalOptions, Session

CONFIG = {"dendron-site": ("links.pipe=label-first",)}
RENAMES, MOVES = 200, 100
FEW = 40
"""If a notebook has more notes to change than this, a run changes every fifth."""
WORDS = [
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "harbour",
    "island",
    "juniper",
    "kelp",
    "lagoon",
    "meadow",
    "nectar",
    "orchid",
    "pebble",
    "quartz",
    "river",
]
FORMS = (
    "{0} {1} {2}",
    "{0} {1}",
    "{0}-{1} {2}",
    "{0}: {1}, {2}",
    "{0}'s {1}",
    "Größe {0} {1}",
    "知識 {0} {1}",
    "{0} (and {1})",
    "What of {0} and {1}?",
    "{0} & {1} 2.0",
    "{0}_{1} {2}",
    '"{0}" {1} {2}',
    "C# of {0} {1}",
    "{0} [{1}] {2}",
    "{0} * {1} * {2}",
    "{0}/{1} {2}",
    "50% {0} {1}",
)
Graph = dict[str, list[dict[str, object]]]


def open_session(folder: Path, package: str) -> Session:
    """Open a session on a notebook."""
    return Session(GlobalOptions(str(folder), CONFIG.get(package, ())))


def read_graph(folder: Path, package: str) -> Graph:
    """Return the graph of a notebook, read from scratch."""
    fresh = open_session(folder, package)
    fresh.open_notebook(refresh=False).refresh(from_scratch=True)
    answer = graph.run(fresh, filters=FilterOptions(), format="json")
    found: Graph = json.loads(json.dumps(answer.facts))
    return found


def invent_title(rng: random.Random) -> str:
    """Return a title that no note has."""
    words = rng.sample(WORDS, 3)
    return rng.choice(FORMS).format(words[0].capitalize(), *words[1:]) + " " + "".join(rng.choices("abcdefgh", k=5))


def group_links(found: Graph, paths: dict[str, str]) -> dict[str, list[tuple[object, ...]]]:
    """Return what the links of every note resolve to, in order, with notes renamed by `paths`."""
    by_source: dict[str, list[tuple[object, ...]]] = {}
    for link in sorted(found["links"], key=lambda link: (str(link["source"]), int(str(link["start"])))):
        source, target = (paths.get(str(link[end]), link[end]) for end in ("source", "target"))
        candidates = sorted(paths.get(path, path) for path in link["candidates"])  # type: ignore[attr-defined]
        by_source.setdefault(str(source), []).append((link["syntax"], link["status"], target, candidates))
    return by_source


def change_notes(package: str, tmp_path: Path, count: int, change_note: Callable[[Session, str, random.Random], str]) -> str:
    """Change `count` random notes one after the other, assert that every link keeps its target, and return the score of the graph."""
    shared = find_shared_folder()
    folder = tmp_path / "notes"
    shutil.copytree(shared / "vaults" / package / "notes", folder, symlinks=True)
    subprocess.run(["chmod", "-R", "u+rwX", folder], check=True)
    before = read_graph(folder, package)
    rng = random.Random(1)
    notes = sorted(str(note["path"]) for note in before["notes"])
    chosen = rng.sample(notes, min(count, len(notes)))
    if len(chosen) > FEW:
        chosen = sample(chosen, 5, f"{count} notes of {package}")
    paths = {path: path for path in notes}
    refused = []
    start = time.process_time()
    for path in chosen:
        try:
            paths[path] = change_note(open_session(folder, package), path, rng)
        except Refused as error:
            refused.append(error.message)
    spent = time.process_time() - start
    after = read_graph(folder, package)
    was, now = group_links(before, paths), group_links(after, {})
    freed = set()
    for source, found in was.items():
        assert len(found) == len(now[source]), source
        for old, new in zip(found, now[source], strict=True):
            if old[1] == "ambiguous" and old != new:  # one of the candidates has another name now
                assert set(new[3] or [new[2]]) <= set(old[3]), (source, old, new)  # type: ignore[call-overload]
                freed.add((source, new[2]))
            else:
                assert old == new, (source, old, new)
    print(f"{package}: {len(chosen)} notes in {spent:.1f} s CPU, {len(refused)} refused, {len(freed)} freed", *refused, sep="\n  ")
    truth = json.loads((shared / "vaults" / "truth" / f"{package}.json").read_text(encoding="utf-8"))
    rename_in_truth(truth, paths)
    truth["links"] += [{"source": source, "target": target, "syntax": "any", "line": None} for source, target in sorted(freed) if target]
    wrong = {(paths[source], paths[target]) for source, target in NOT_IN_THE_TRUTH.get(package, ())}
    after["links"] = [link for link in after["links"] if (link["source"], link["target"]) not in wrong]
    (tmp_path / "truth.json").write_text(json.dumps(truth), encoding="utf-8")
    (tmp_path / "graph.json").write_text(json.dumps(after), encoding="utf-8")
    score = subprocess.run(
        [sys.executable, shared / "tools" / "score_links.py", tmp_path / "truth.json", tmp_path / "graph.json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == score.returncode, score.stdout
    return score.stdout


def rename_in_truth(truth: dict[str, object], paths: dict[str, str]) -> None:
    """Rename the notes of a truth file."""
    truth["notes"] = [paths[path] for path in truth["notes"]]  # type: ignore[attr-defined]
    truth["optional_notes"] = [paths.get(path, path) for path in truth.get("optional_notes", [])]  # type: ignore[attr-defined]
    truth["ids"] = {paths.get(path, path): note_id for path, note_id in truth.get("ids", {}).items()}  # type: ignore[attr-defined]
    for part in ("links", "dangling", "ambiguous", "disputed"):
        for entry in truth.get(part, []):  # type: ignore[attr-defined]
            for end in ("source", "target"):
                entry[end] = paths.get(entry.get(end), entry.get(end))
            entry["candidates"] = [paths.get(path, path) for path in entry.get("candidates", [])]


@pytest.mark.sampled
@pytest.mark.parametrize("package", PACKAGES)
def test_renames_keep_the_graph_of_real_notebooks(package: str, tmp_path: Path) -> None:
    """After 200 renames, or a fifth of them, every link keeps its target, and precision and recall against the renamed truth are 1.0."""

    def rename_note(run: Session, path: str, rng: random.Random) -> str:
        answer = rename.run(run, note=path, title=[invent_title(rng)])
        return str(answer.facts["note"]["path"])  # type: ignore[index]

    assert "missing 0, too many 0" in change_notes(package, tmp_path, RENAMES, rename_note)


@pytest.mark.sampled
@pytest.mark.parametrize("package", PACKAGES)
def test_moves_keep_the_graph_of_real_notebooks(package: str, tmp_path: Path) -> None:
    """After 100 moves, or a fifth of them, to old and new folders, every link keeps its target, and precision and recall are 1.0."""

    def move_note(run: Session, path: str, rng: random.Random) -> str:
        folders = sorted({note.path.rpartition("/")[0] or "." for note in run.open_notebook().catalogue.list_notes()})
        folder = rng.choice([*folders, "a new/folder", "."])
        answer = move.run(run, note=path, folder=folder + "/")
        return str(answer.facts["note"]["path"]) if "note" in (answer.facts or {}) else path  # type: ignore[index]

    assert "missing 0, too many 0" in change_notes(package, tmp_path, MOVES, move_note)
