"""Find the best paths between topics. The search is exact, on the part of the link graph where such paths can lie.

Paths are ranked by the number of hops, then by the cost of the notes between their ends, then by the IDs along them. A note
costs its degree, so that a path through a hub, which says little, ranks below one through closely related notes. The cost
is that of Croes et al., "Inferring meaningful pathways in weighted metabolic networks", J. Mol. Biol. 356 (2006), who weigh
nodes by degree for the same reason. Several paths are found with the algorithm of J. Y. Yen, "Finding the k shortest
loopless paths in a network", Management Science 17 (1971), and E. L. Lawler's improvement (18, 1972). Each search in it is
A* with the exact distance to the goal as its heuristic.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import accumulate

from zettel.model.base.value import value
from zettel.model.graph.graph import LinkGraph, walk_levels

PathState = tuple[int, int]
"""(leg, number): a note on the way from topic `leg` to the next one. The leg of the last topic is its index, and the path ends there."""

Corridor = dict[PathState, list[PathState]]
"""The states that paths of a limited length can visit, each with its next states."""

_SLACKS = (0, 1, 2, 4)
"""How many hops longer than the shortest path the others may be. Tried in this order until enough paths are found."""


@value
class PathConstraints:
    """Constraints on paths: `stages` are the notes (by number) of the topics to visit, in order.

    With `directed`, links are followed forwards only. No path visits a note of `avoided`. `max_hops` is the maximum number of
    hops, or 0 for no limit.
    """

    stages: Sequence[frozenset[int]]
    directed: bool = False
    avoided: frozenset[int] = frozenset()
    max_hops: int = 0


RankedPath = tuple[int, int, tuple[int, ...], tuple[PathState, ...]]
"""A path with its sort key: hops (so far, plus the fewest that remain), cost, numbers of its notes; then its states."""


def find_best_paths(graph: LinkGraph, constraints: PathConstraints, count: int = 1) -> list[list[int]]:
    """Return the `count` best paths through all stages as numbers of notes, best first, or fewer if there are no more.

    After its first hop, a path does not return to the first topic on its way to the second. It reaches a topic at the first
    of the topic's notes that it visits. Between two topics, it visits no note twice.
    """
    found: list[list[int]] = []
    for slack in (*_SLACKS, None):
        left, is_all = count_remaining_hops(graph, constraints, slack)
        found, is_all = find_ranked_paths(graph, constraints, left, count, None if is_all else slack)
        if len(found) == count or is_all:
            break
    return found


def count_remaining_hops(graph: LinkGraph, constraints: PathConstraints, slack: int | None = None) -> tuple[list[dict[int, int]], bool]:
    """Return for each leg the notes from which the last topic can be reached, with the fewest hops, and whether that is all of them.

    With a `slack`, the search stops at paths that are this many hops longer than the shortest one.
    """
    stages, last = constraints.stages, len(constraints.stages) - 1
    before = graph.sources if constraints.directed else graph.neighbours
    starts = _list_starts(constraints)
    left: list[dict[int, int]] = [{} for _ in stages]

    def find_previous(level: dict[int, set[int]]) -> dict[int, set[int]]:
        reached: dict[int, set[int]] = {}
        for leg, entered in level.items():
            for origin in range(leg, -1, -1):
                by_way = entered if origin == leg else entered.intersection(*stages[origin + 1 : leg + 1])
                if origin < last and by_way:
                    found = before.collect(by_way - stages[0] if origin == 0 else by_way)
                    reached.setdefault(origin, set()).update(found - stages[origin + 1] - constraints.avoided - left[origin].keys())
        return {leg: notes for leg, notes in reached.items() if notes}

    for hops, level in walk_levels({last: set(stages[last] - constraints.avoided)}, find_previous):
        for leg, notes in level.items():
            left[leg].update(dict.fromkeys(notes, hops))
        if 0 < constraints.max_hops <= hops:
            break
        if slack is not None and any(note in left[leg] for leg, note in starts):
            if not slack:
                return left, False
            slack -= 1
    return left, True


def count_hops(graph: LinkGraph, notes: frozenset[int], avoided: frozenset[int] = frozenset()) -> dict[int, int]:
    """Return every note that is connected with one of `notes`, these included, and its number of hops to the nearest of them.

    Links count in either direction. No path goes through a note of `avoided`.
    """
    return {**count_remaining_hops(graph, PathConstraints([frozenset(), notes], avoided=avoided))[0][0], **dict.fromkeys(notes, 0)}


def find_ranked_paths(
    graph: LinkGraph, constraints: PathConstraints, hops_left: list[dict[int, int]], count: int, slack: int | None = None
) -> tuple[list[list[int]], bool]:
    """Return the `count` best paths, and whether all paths that the constraints allow were considered.

    `hops_left` is the result of `count_remaining_hops`. Paths may be `slack` hops longer than the shortest one (None: any number).
    """
    starts = [(leg, note) for leg, note in _list_starts(constraints) if note in hops_left[leg]]
    if not starts:
        return [], True
    fewest = min(hops_left[leg][note] for leg, note in starts)
    longest = constraints.max_hops or None if slack is None else min(fewest + slack, constraints.max_hops or fewest + slack)
    corridor = _build_corridor(graph, constraints, hops_left, starts, longest)
    found = _find_k_shortest(
        graph, corridor, hops_left, [start for start in starts if start in corridor], count, longest, len(constraints.stages) - 1
    )
    return [list(notes) for _, _, notes, _ in found], longest == (constraints.max_hops or None)


def _list_starts(constraints: PathConstraints) -> list[PathState]:
    return sorted({_normalise_state(constraints, 0, note) for note in constraints.stages[0] - constraints.avoided})


def _normalise_state(constraints: PathConstraints, leg: int, note: int) -> PathState:
    """Return the state for a note on a leg: if the note belongs to the next topic, that topic is reached and the leg advances."""
    while leg < len(constraints.stages) - 1 and note in constraints.stages[leg + 1]:
        leg += 1
    return leg, note


def _build_corridor(
    graph: LinkGraph, constraints: PathConstraints, hops_left: list[dict[int, int]], starts: list[PathState], max_hops: int | None
) -> Corridor:
    """Build the graph of the states on walks of at most `max_hops` hops to the last topic."""
    after = graph.targets if constraints.directed else graph.neighbours
    stages, last = constraints.stages, len(constraints.stages) - 1
    level = [start for start in starts if max_hops is None or hops_left[start[0]][start[1]] <= max_hops]
    corridor: Corridor = {start: [] for start in level}
    hops = 0
    while level:
        hops += 1
        further = []
        for state in level:
            leg, note = state
            if leg == last:
                continue
            for neighbour in after[note]:
                if leg == 0 and neighbour in stages[0]:
                    continue
                step = _normalise_state(constraints, leg, neighbour)
                rest = hops_left[step[0]].get(neighbour)
                if rest is not None and (max_hops is None or hops + rest <= max_hops):
                    if step not in corridor:
                        corridor[step] = []
                        further.append(step)
                    corridor[state].append(step)
        level = further
    return corridor


def _find_k_shortest(
    graph: LinkGraph,
    corridor: Corridor,
    hops_left: list[dict[int, int]],
    starts: list[PathState],
    count: int,
    max_hops: int | None,
    last_leg: int,
) -> list[RankedPath]:
    """Return the `count` best simple paths of at most `max_hops` hops in the corridor (Yen's algorithm)."""
    search = _AStarSearch(graph, corridor, hops_left, max_hops, last_leg)
    found: list[RankedPath] = []
    first = search.find_best((), starts, frozenset(), 0)
    waiting = [(first, 0)] if first else []
    while waiting and len(found) < count:
        path, turn = heappop(waiting)
        found.append(path)
        if len(found) == count:
            break
        states = path[-1]
        tolls = list(accumulate(map(search.compute_toll, states), initial=0))
        for at in range(turn, len(states)):
            root = states[:at]
            taken = {way[at] for *_, way in found if len(way) > at and way[:at] == root}
            steps = [step for step in (corridor[root[-1]] if root else starts) if step not in taken]
            other = search.find_best(root, steps, frozenset(root), tolls[at] - tolls[min(at, 1)]) if steps else None
            if other:
                heappush(waiting, (other, at))
    return found


class _AStarSearch:
    """An A* search in a corridor that ranks paths by (hops, cost, notes)."""

    def __init__(self, graph: LinkGraph, corridor: Corridor, hops_left: list[dict[int, int]], max_hops: int | None, last_leg: int) -> None:
        self._count_neighbours, self._corridor, self._hops_left, self._max_hops, self._last_leg = (
            graph.neighbours.count,
            corridor,
            hops_left,
            max_hops,
            last_leg,
        )

    def compute_toll(self, state: PathState) -> int:
        """Return the cost of passing through a state: the degree of its note, or 0 at the end of a path."""
        return 0 if state[0] == self._last_leg else self._count_neighbours(state[1])

    def find_best(
        self, root: tuple[PathState, ...], first_steps: Iterable[PathState], banned: frozenset[PathState], cost: int
    ) -> RankedPath | None:
        """Return the best path that begins with `root`, continues with one of `first_steps` and visits no banned state, or None.

        The first path popped for a state is the best one to it: hops so far plus the fewest that remain never decrease along
        a path, nor does the cost, and of two equal paths, the one whose notes sort first keeps sorting first.
        """
        hops = len(root)
        heap: list[RankedPath] = [
            (hops + self._hops_left[step[0]][step[1]], cost + (self.compute_toll(step) if root else 0), (step[1],), (step,))
            for step in first_steps
            if step not in banned
        ]
        heapify(heap)
        seen = set(banned)
        while heap:
            total, spent, notes, states = heappop(heap)
            state = states[-1]
            if self._max_hops is not None and total > self._max_hops:
                return None
            if state[0] == self._last_leg:
                whole = root + states
                return len(whole) - 1, spent, tuple(note for _, note in whole), whole
            if state in seen:
                continue
            seen.add(state)
            for step in self._corridor[state]:
                if step not in seen:
                    rest = hops + len(states) + self._hops_left[step[0]][step[1]]
                    heappush(heap, (rest, spent + self.compute_toll(step), (*notes, step[1]), (*states, step)))
        return None
