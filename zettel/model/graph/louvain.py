"""Detect communities: groups of notes with more links among themselves than would be expected by chance.

The Louvain method (Blondel and others, 2008) maximises modularity (Newman and Girvan, 2004): move nodes between groups, then
treat every group as one node. Two steps come from the Leiden method (Traag and others, 2019): only nodes whose neighbours
have moved are visited again, and disconnected groups are split. There is no randomness and no iteration over sets, so the
same links always give the same groups. About ten times as fast as networkx's `louvain_communities`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

EdgeWeights = list[dict[int, int]]
"""For every node, its neighbours and the number of links to each."""

LOUVAIN_ROUNDS = 2
"""Number of times the whole method runs. In the second round, nodes leave groups that they joined too early."""

_MIN_GAIN = 1e-9
"""Smallest gain in modularity that is not a rounding error."""


def detect_communities(node_count: int, edges: Iterable[tuple[int, int]], step: Callable[[str], None] = lambda _: None) -> list[list[int]]:
    """Divide the nodes 0 to `node_count` - 1 into groups, and return these by size, largest first, then by first node.

    `edges` are undirected links. Calls `step` `LOUVAIN_ROUNDS` * `node_count` times, for a progress bar.
    """
    near: EdgeWeights = [{} for _ in range(node_count)]
    for one, other in edges:
        if one != other:
            near[one][other] = near[other][one] = 1
    group = list(range(node_count))
    for _ in range(LOUVAIN_ROUNDS):
        group = _improve_groups(near, group, step)
    members: dict[int, list[int]] = {}
    for node, found in enumerate(group):
        members.setdefault(found, []).append(node)
    return sorted(members.values(), key=lambda nodes: (-len(nodes), nodes[0]))


def _improve_groups(weights: EdgeWeights, group: list[int], step: Callable[[str], None]) -> list[int]:
    """Return the group of every node, starting from `group`. Moves nodes, then groups of nodes, until no move improves modularity."""
    loops = [0] * len(weights)
    whole = list(range(len(weights)))
    while True:
        group = _split_disconnected(weights, _move_nodes(weights, loops, group, step))
        whole = [group[node] for node in whole]
        groups = max(group, default=-1) + 1
        if groups == len(weights):
            return whole
        weights, loops = _aggregate_groups(weights, loops, group, groups)
        group = list(range(groups))
        step = _ignore_progress


def _ignore_progress(_: str) -> None:
    """Report no progress: later passes take hardly any time."""


def _move_nodes(weights: EdgeWeights, loops: list[int], group: list[int], step: Callable[[str], None]) -> list[int]:
    """Move every node to the group where it gains most. Changes `group` and returns it. `loops` counts the links within a node twice."""
    degree = [sum(row.values()) + loop for row, loop in zip(weights, loops, strict=True)]
    total = sum(degree) or 1
    mass = [0] * len(weights)
    for node, found in enumerate(group):
        mass[found] += degree[node]
    queue = deque(range(len(weights)))
    is_waiting = [True] * len(weights)
    fewest = len(weights)
    while queue:
        node = queue.popleft()
        is_waiting[node] = False
        if len(queue) < fewest:
            fewest -= 1
            step("")
        home = group[node]
        links = {home: 0}
        for other, weight in weights[node].items():
            there = group[other]
            links[there] = links.get(there, 0) + weight
        mass[home] -= degree[node]
        share = degree[node] / total
        best, most = home, links[home] - mass[home] * share + _MIN_GAIN
        for there, weight in links.items():
            gain = weight - mass[there] * share
            if gain > most:
                best, most = there, gain
        mass[best] += degree[node]
        if best != home:
            group[node] = best
            for other in weights[node]:
                if not is_waiting[other] and group[other] != best:
                    is_waiting[other] = True
                    queue.append(other)
    return group


def _split_disconnected(weights: EdgeWeights, group: list[int]) -> list[int]:
    """Make every connected piece of a group a group of its own, and return the groups renumbered from 0."""
    found = [-1] * len(weights)
    number = 0
    for start in range(len(weights)):
        if found[start] >= 0:
            continue
        found[start] = number
        stack = [start]
        while stack:
            node = stack.pop()
            for other in weights[node]:
                if found[other] < 0 and group[other] == group[start]:
                    found[other] = number
                    stack.append(other)
        number += 1
    return found


def _aggregate_groups(weights: EdgeWeights, loops: list[int], group: list[int], group_count: int) -> tuple[EdgeWeights, list[int]]:
    """Merge each group into one node. Returns the links between groups, and the links within each, counted twice."""
    between: EdgeWeights = [{} for _ in range(group_count)]
    within = [0] * group_count
    for node, row in enumerate(weights):
        here = group[node]
        within[here] += loops[node]
        for other, weight in row.items():
            there = group[other]
            if there == here:
                within[here] += weight
            else:
                between[here][there] = between[here].get(there, 0) + weight
    return between, within
