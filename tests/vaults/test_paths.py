"""Test paths through real notebooks against a search that knows only the links of the truth files."""

from __future__ import annotations

import json
import random

import pytest

import zettel
from tests.conftest import find_shared_folder

PACKAGES = ("leadership-12", "kraker-second-brain", "oldwinter-garden", "sourcegraph-handbook", "fixtures-foam-docs")
PAIRS = 40

Order = tuple[int, tuple[str, ...]]


def find_best_path(links: dict[str, set[str]], degrees: dict[str, int], names: dict[str, str], start: str, end: str) -> list[str] | None:
    """Return the best path, layer by layer from the start: for every note of a layer, the cheapest way to it, by name if several are as cheap."""
    ways: dict[str, tuple[int, tuple[tuple[str, str], ...]]] = {start: (0, ((names[start], start),))}
    visited = {start}
    while ways and end not in ways:
        further: dict[str, tuple[int, tuple[tuple[str, str], ...]]] = {}
        for note, (cost, way) in ways.items():
            for step in links.get(note, set()) - visited:
                option = (cost + (degrees[step] if step != end else 0), (*way, (names[step], step)))
                further[step] = min(further.get(step, option), option)
        visited |= further.keys()
        ways = further
    return [path for _, path in ways[end][1]] if end in ways else None


def find_reachable(links: dict[str, set[str]], start: str) -> set[str]:
    """Return the notes to which there is a path."""
    found, waiting = {start}, [start]
    while waiting:
        further = links.get(waiting.pop(), set()) - found
        found |= further
        waiting += further
    return found


@pytest.mark.parametrize("directed", [False, True], ids=["undirected", "directed"])
@pytest.mark.parametrize("package", PACKAGES)
def test_paths_of_real_notebooks_are_the_best(package: str, directed: bool) -> None:
    """Between random pairs of notes the path is the best that the truth's links allow. No path is missed, and none uses a dangling or ambiguous link."""
    shared = find_shared_folder()
    notebook = zettel.open(shared / "vaults" / package / "notes")
    truth = json.loads((shared / "vaults" / "truth" / f"{package}.json").read_text(encoding="utf-8"))
    graph = set(notebook.graph().edges())
    disputed = {(link["source"], link["target"]) for link in truth["disputed"]}
    edges = {(link["source"], link["target"]) for link in truth["links"]} | (graph & disputed)
    forward: dict[str, set[str]] = {}
    both: dict[str, set[str]] = {}
    for source, target in edges:
        if source != target:
            forward.setdefault(source, set()).add(target)
            both.setdefault(source, set()).add(target)
            both.setdefault(target, set()).add(source)
    degrees = {path: len(linked) for path, linked in both.items()}
    names = {note.path: note.handle for note in notebook}
    rng = random.Random(package)
    linked = sorted(both)
    neighbours = forward if directed else both
    found = 0
    for turn in range(PAIRS):
        start = rng.choice(linked)
        end = rng.choice(sorted(find_reachable(neighbours, start)) if turn % 2 else linked)
        expected = find_best_path(neighbours, degrees, names, start, end)
        chains = notebook.paths(start, end, directed=directed)
        assert expected == ([note.path for note in chains[0].notes] if chains else None)
        for hop in chains[0].hops if chains else ():
            assert "ok" == hop.link.resolution.status
            assert {hop.one.path, hop.other.path} == {hop.link.link.source, hop.link.resolution.target}
        found += bool(chains)
    assert found >= PAIRS // 2
