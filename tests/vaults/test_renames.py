"""Real notebooks stay the graph they are, whatever their notes are called and wherever they are moved."""

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

from tests.conftest import shared_folder
from tests.sampling import sample
from tests.vaults.test_vaults import NOT_IN_THE_TRUTH, PACKAGES
from zettel.commands import graph, move, rename
from zettel.model.base.errors import Refused
from zettel.session import GlobalOptions, Session

CONFIG = {"dendron-site": ("links.pipe=label-first",)}
RENAMES, MOVES = 200, 100
FEW = 40
"""Of a notebook with more notes than these to change, a run changes every fifth."""
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


def session(folder: Path, package: str) -> Session:
    """A run of zettel in a notebook."""
    return Session(GlobalOptions(str(folder), CONFIG.get(package, ())))


def graph_of(folder: Path, package: str) -> Graph:
    """The graph of a notebook, read from scratch."""
    fresh = session(folder, package)
    fresh.open_notebook(refresh=False).refresh(from_scratch=True)
    answer = graph.run(fresh, format="json")
    found: Graph = json.loads(json.dumps({"notes": list(answer.rows), **(answer.facts or {})}))
    return found


def title(chance: random.Random) -> str:
    """A title that no note has."""
    words = chance.sample(WORDS, 3)
    return chance.choice(FORMS).format(words[0].capitalize(), *words[1:]) + " " + "".join(chance.choices("abcdefgh", k=5))


def links(found: Graph, paths: dict[str, str]) -> dict[str, list[tuple[object, ...]]]:
    """What the links of every note name, in order, with notes called by `paths`."""
    by_source: dict[str, list[tuple[object, ...]]] = {}
    for link in sorted(found["links"], key=lambda link: (str(link["source"]), int(str(link["start"])))):
        source, target = (paths.get(str(link[end]), link[end]) for end in ("source", "target"))
        candidates = sorted(paths.get(path, path) for path in link["candidates"])  # type: ignore[attr-defined]
        by_source.setdefault(str(source), []).append((link["syntax"], link["status"], target, candidates))
    return by_source


def change(package: str, tmp_path: Path, count: int, one: Callable[[Session, str, random.Random], str]) -> str:
    """Change `count` notes chosen by chance, one after the other, and demand that every link names what it named; the score of the graph then."""
    shared = shared_folder()
    folder = tmp_path / "notes"
    shutil.copytree(shared / "vaults" / package / "notes", folder, symlinks=True)
    subprocess.run(["chmod", "-R", "u+rwX", folder], check=True)
    before = graph_of(folder, package)
    chance = random.Random(1)
    notes = sorted(str(note["path"]) for note in before["notes"])
    chosen = chance.sample(notes, min(count, len(notes)))
    if len(chosen) > FEW:
        chosen = sample(chosen, 5, f"{count} notes of {package}")
    paths = {path: path for path in notes}
    refused = []
    start = time.process_time()
    for path in chosen:
        try:
            paths[path] = one(session(folder, package), path, chance)
        except Refused as error:
            refused.append(error.message)
    spent = time.process_time() - start
    after = graph_of(folder, package)
    was, now = links(before, paths), links(after, {})
    freed = set()
    for source, found in was.items():
        assert len(found) == len(now[source]), source
        for old, new in zip(found, now[source], strict=True):
            if old[1] == "ambiguous" and old != new:  # a candidate has been renamed away
                assert set(new[3] or [new[2]]) <= set(old[3]), (source, old, new)  # type: ignore[call-overload]
                freed.add((source, new[2]))
            else:
                assert old == new, (source, old, new)
    print(f"{package}: {len(chosen)} notes in {spent:.1f} s CPU, {len(refused)} refused, {len(freed)} freed", *refused, sep="\n  ")
    truth = json.loads((shared / "vaults" / "truth" / f"{package}.json").read_text(encoding="utf-8"))
    relabel(truth, paths)
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


def relabel(truth: dict[str, object], paths: dict[str, str]) -> None:
    """Call the notes of a truth file what they are called now."""
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
def test_renamed_notes(package: str, tmp_path: Path) -> None:
    """After 200 notes got new titles, or every fifth of them, precision and recall against the relabelled truth are 1.0, and every link names what it named."""

    def one(run: Session, path: str, chance: random.Random) -> str:
        answer = rename.run(run, note=path, title=[title(chance)])
        return str(answer.facts["note"]["path"])  # type: ignore[index]

    assert "missing 0, too many 0" in change(package, tmp_path, RENAMES, one)


@pytest.mark.sampled
@pytest.mark.parametrize("package", PACKAGES)
def test_moved_notes(package: str, tmp_path: Path) -> None:
    """After 100 notes were moved, or every fifth of them, between folders, old and new, the same holds."""

    def one(run: Session, path: str, chance: random.Random) -> str:
        folders = sorted({note.path.rpartition("/")[0] or "." for note in run.open_notebook().list_notes()})
        folder = chance.choice([*folders, "a new/folder", "."])
        answer = move.run(run, note=path, folder=folder + "/")
        return str(answer.facts["note"]["path"]) if "note" in (answer.facts or {}) else path  # type: ignore[index]

    assert "missing 0, too many 0" in change(package, tmp_path, MOVES, one)
