"""Test paths through real notebooks against a search that knows only the links of the truth files."""

from __future__ import annotations

import json
import random
from heapq import heappop, heappush

import pytest

import zettel
from tests.conftest import find_shared_folder
from zettel.model.note.tags import STRUCTURE_TAGS

PACKAGES = ("leadership-12", "kraker-second-brain", "oldwinter-garden", "sourcegraph-handbook", "fixtures-foam-docs")
PAIRS = 40

Order = tuple[int, int, int, tuple[tuple[str, str], ...]]
"""What ranks a path: its length, hops against the direction, use of hubs, and names."""


class Links:
    """The links of a notebook according to the truth file, and what ranks the paths along them."""

    def __init__(self, edges: set[tuple[str, str]], names: dict[str, str], words: dict[str, int], tags: dict[str, tuple[str, ...]]) -> None:
        self.names = names
        self.forward: dict[str, set[str]] = {}
        self.both: dict[str, set[str]] = {}
        for source, target in edges:
            if source != target:
                self.forward.setdefault(source, set()).add(target)
                self.both.setdefault(source, set()).add(target)
                self.both.setdefault(target, set()).add(source)
        self.structure_notes = {
            path
            for path, targets in self.forward.items()
            if (len(targets) >= 5 and words[path] <= 20 * len(targets))
            or any(tag.rpartition("/")[2].casefold() in STRUCTURE_TAGS for tag in tags[path])
        }

    def find_best_path(self, neighbours: dict[str, set[str]], start: str, end: str) -> list[str] | None:
        """Return the best path by Dijkstra's algorithm: the shortest, with structure notes counted, then by direction, hubs and names."""
        waiting: list[tuple[Order, tuple[str, ...]]] = [((0, 0, 0, ((self.names[start], start),)), (start,))]
        visited = set()
        while waiting:
            (length, against, hubs, named), way = heappop(waiting)
            note = way[-1]
            if note == end:
                return list(way)
            if note in visited:
                continue
            visited.add(note)
            for step in neighbours.get(note, set()) - visited:
                is_inner = step != end
                order = (
                    length + 1 + (is_inner and step in self.structure_notes),
                    against + (step not in self.forward.get(note, set())),
                    hubs + (len(self.both[step]) if is_inner else 0),
                    (*named, (self.names[step], step)),
                )
                heappush(waiting, (order, (*way, step)))
        return None


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
    notes = list(notebook)
    links = Links(
        edges,
        {note.path: note.handle for note in notes},
        {note.path: note.words for note in notes},
        {note.path: note.tags for note in notes},
    )
    rng = random.Random(package)
    linked = sorted(links.both)
    neighbours = links.forward if directed else links.both
    found = 0
    for turn in range(PAIRS):
        start = rng.choice(linked)
        end = rng.choice(sorted(find_reachable(neighbours, start)) if turn % 2 else linked)
        expected = links.find_best_path(neighbours, start, end)
        chains = notebook.paths(start, end, directed=directed)
        assert expected == ([note.path for note in chains[0].notes] if chains else None)
        for hop in chains[0].hops if chains else ():
            assert "ok" == hop.link.resolution.status
            assert {hop.one.path, hop.other.path} == {hop.link.link.source, hop.link.resolution.target}
        found += bool(chains)
    assert found >= PAIRS // 2
