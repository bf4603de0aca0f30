"""Find the best paths between topics. The search is exact, on the part of the link graph where such paths can lie.

Paths are ranked by four counts, each added up along the path and compared in this order: length, hops against a link's direction, use of
hubs, and the numbers (so the IDs) of the notes. The length is the number of hops, and one more for every structure note between the ends,
because it says little that two notes stand in one table of contents. A note between the ends uses hubs as much as it has neighbours,
so that a path through a hub, which says little, ranks below one through closely related notes. That is the cost of Croes et al.,
"Inferring meaningful pathways in weighted metabolic networks", J. Mol. Biol. 356 (2006), who weigh nodes by degree for the same reason.

Several paths are found with the algorithm of J. Y. Yen, "Finding the k shortest loopless paths in a network", Management Science 17
(1971), and E. L. Lawler's improvement (18, 1972). Each search in it is A* with the exact remaining length as its heuristic. With a maximum
number of hops, a longer path to a note may have fewer hops and so be the only one that can still be continued. Then the search looks at
each note once for every number of hops, and the heuristic is the fewest remaining hops, which tell what can no longer reach the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise

from zettel.model.base.value import value
from zettel.model.graph.graph import LinkGraph

PathState = tuple[int, int]
"""(leg, number): a note on the way from topic `leg` to the next one. The leg of the last topic is its index, and the path ends there."""

Corridor = dict[PathState, list[PathState]]
"""The states that paths of a limited length can visit, each with its next states."""

Distances = list[dict[int, int]]
"""For each leg, the notes from which the last topic can be reached, with what remains at least: a length, or a number of hops."""

Cost = tuple[int, int, int]
"""What a path costs so far: length, hops against a link's direction, use of hubs."""

_SLACKS = (0, 1, 2, 4)
"""How much longer than the shortest path the others may be. Tried in this order until enough paths are found."""


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


RankedPath = tuple[int, int, int, tuple[int, ...], tuple[PathState, ...]]
"""A path with its sort key: length (so far, plus the least that remains), hops against the direction, use of hubs, numbers of its notes; then its states."""


def find_best_paths(graph: LinkGraph, constraints: PathConstraints, count: int = 1) -> list[list[int]]:
    """Return the `count` best paths through all stages as numbers of notes, best first, or fewer if there are no more.

    After its first hop, a path does not return to the first topic on its way to the second. It reaches a topic at the first
    of the topic's notes that it visits. Between two topics, it visits no note twice.
    """
    found: list[list[int]] = []
    for slack in (*_SLACKS, None):
        left, is_all = measure_distances(graph, constraints, slack)
        found = find_ranked_paths(graph, constraints, left, count, None if is_all else slack)
        if len(found) == count or is_all:
            break
    return found


def measure_distances(graph: LinkGraph, constraints: PathConstraints, slack: int | None = None) -> tuple[Distances, bool]:
    """Return for each leg the notes from which the last topic can be reached, with the least length that remains, and whether that is all of them.

    With `max_hops`, structure notes cost nothing, so that the lengths are numbers of hops. With a `slack`, the search stops at paths that
    are this much longer than the shortest one.
    """
    stages, last = constraints.stages, len(constraints.stages) - 1
    before = graph.sources if constraints.directed else graph.neighbours
    structure_notes = _choose_structure_notes(graph, constraints)
    starts = _list_starts(constraints)
    left: Distances = [{} for _ in stages]
    level: dict[int, set[int]] = {last: set(stages[last] - constraints.avoided)}
    delayed: dict[int, set[int]] = {}  # structure notes cost one more, so what leads to them is reached one level later
    length = 0
    while level or delayed:
        for leg, notes in level.items():
            left[leg].update(dict.fromkeys(notes, length))
        if 0 < constraints.max_hops <= length:
            break
        if slack is not None and any(note in left[leg] for leg, note in starts):
            if not slack:
                return left, False
            slack -= 1
        entered, delayed = delayed, {}
        for leg, notes in level.items():
            late = notes & structure_notes if leg != last else set()
            if late:
                delayed[leg] = late
            entered[leg] = entered.get(leg, set()) | (notes - late)
        level = {}
        for leg, notes in entered.items():
            for origin in range(leg, -1, -1):
                by_way = notes if origin == leg else notes.intersection(*stages[origin + 1 : leg + 1])
                if origin < last and by_way:
                    found = before.collect(by_way - stages[0] if origin == 0 else by_way)
                    found -= stages[origin + 1] | constraints.avoided | left[origin].keys()
                    if found:
                        level[origin] = level.get(origin, set()) | found
        length += 1
    return left, True


def count_hops(graph: LinkGraph, notes: frozenset[int], avoided: frozenset[int] = frozenset()) -> dict[int, int]:
    """Return every note that is connected with one of `notes`, these included, and its number of hops to the nearest of them.

    Links count in either direction. No path goes through a note of `avoided`.
    """
    everywhere = PathConstraints([frozenset(), notes], avoided=avoided, max_hops=len(graph.rows) + 1)
    return {**measure_distances(graph, everywhere)[0][0], **dict.fromkeys(notes, 0)}


def find_ranked_paths(
    graph: LinkGraph, constraints: PathConstraints, left: Distances, count: int, slack: int | None = None
) -> list[list[int]]:
    """Return the `count` best paths that are at most `slack` longer than the shortest one (None: any length).

    `left` is the result of `measure_distances`.
    """
    starts = [(leg, note) for leg, note in _list_starts(constraints) if note in left[leg]]
    if not starts:
        return []
    longest = None if slack is None else min(left[leg][note] for leg, note in starts) + slack
    corridor = _build_corridor(graph, constraints, left, starts, longest)
    search = _AStarSearch(graph, constraints, corridor, left, longest)
    return [list(notes) for *_, notes, _ in _find_k_shortest(search, [start for start in starts if start in corridor], count)]


def _choose_structure_notes(graph: LinkGraph, constraints: PathConstraints) -> frozenset[int]:
    """Return the notes that make distances longer: none with `max_hops`, because then distances count hops."""
    return frozenset() if constraints.max_hops else graph.structure_notes


def _list_starts(constraints: PathConstraints) -> list[PathState]:
    return sorted({_normalise_state(constraints, 0, note) for note in constraints.stages[0] - constraints.avoided})


def _normalise_state(constraints: PathConstraints, leg: int, note: int) -> PathState:
    """Return the state for a note on a leg: if the note belongs to the next topic, that topic is reached and the leg advances."""
    while leg < len(constraints.stages) - 1 and note in constraints.stages[leg + 1]:
        leg += 1
    return leg, note


def _build_corridor(
    graph: LinkGraph, constraints: PathConstraints, left: Distances, starts: list[PathState], longest: int | None
) -> Corridor:
    """Build the graph of the states on walks to the last topic that are at most `longest`, and have at most `max_hops` hops."""
    after = graph.targets if constraints.directed else graph.neighbours
    stages, last = constraints.stages, len(constraints.stages) - 1
    structure_notes = _choose_structure_notes(graph, constraints)
    if constraints.max_hops:  # distances are numbers of hops
        longest = constraints.max_hops if longest is None else min(longest, constraints.max_hops)
    level = [start for start in starts if longest is None or left[start[0]][start[1]] <= longest]
    corridor: Corridor = {start: [] for start in level}
    delayed: list[PathState] = []
    length = 0
    while level or delayed:
        length += 1
        further, late = delayed, list[PathState]()
        for state in level:
            leg, note = state
            if leg == last:
                continue
            for neighbour in after[note]:
                if leg == 0 and neighbour in stages[0]:
                    continue
                step = _normalise_state(constraints, leg, neighbour)
                rest = left[step[0]].get(neighbour)
                if rest is None:
                    continue
                is_late = neighbour in structure_notes and step[0] != last
                if longest is None or length + is_late + rest <= longest:
                    if step not in corridor:
                        corridor[step] = []
                        (late if is_late else further).append(step)
                    corridor[state].append(step)
        level, delayed = further, late
    return corridor


def _find_k_shortest(search: _AStarSearch, starts: list[PathState], count: int) -> list[RankedPath]:
    """Return the `count` best simple paths from one of `starts` (Yen's algorithm)."""
    found: list[RankedPath] = []
    first = search.find_best((), starts, (0, 0, 0))
    waiting = [(first, 0)] if first else []
    while waiting and len(found) < count:
        path, turn = heappop(waiting)
        found.append(path)
        if len(found) == count:
            break
        states = path[-1]
        costs = search.list_costs(states)
        for at in range(turn, len(states)):
            root = states[:at]
            taken = {way[at] for *_, way in found if len(way) > at and way[:at] == root}
            steps = [step for step in (search.corridor[root[-1]] if root else starts) if step not in taken]
            other = search.find_best(root, steps, costs[at]) if steps else None
            if other:
                heappush(waiting, (other, at))
    return found


class _AStarSearch:
    """An A* search in a corridor that ranks paths by (length, hops against the direction, use of hubs, notes)."""

    def __init__(self, graph: LinkGraph, constraints: PathConstraints, corridor: Corridor, left: Distances, longest: int | None) -> None:
        self.corridor, self._left, self._longest, self._max_hops = corridor, left, longest, constraints.max_hops
        self._graph, self._last_leg = graph, len(constraints.stages) - 1
        self._targets: dict[int, frozenset[int]] = {}

    def list_costs(self, states: Sequence[PathState]) -> list[Cost]:
        """Return what each beginning of a path costs: that of no state, of the first state, and so on."""
        costs = [(0, 0, 0), (0, 0, 0)]
        for (_, note), step in pairwise(states):
            costs.append(self._add_step(costs[-1], note, step))
        return costs

    def _add_step(self, cost: Cost, note: int, step: PathState) -> Cost:
        """Return what a path costs after a step from `note`."""
        targets = self._targets.get(note)
        if targets is None:
            targets = self._targets[note] = frozenset(self._graph.targets[note])
        (length, against, hubs), (leg, other) = cost, step
        if leg == self._last_leg:
            return length + 1, against + (other not in targets), hubs
        return (
            length + 1 + (other in self._graph.structure_notes),
            against + (other not in targets),
            hubs + self._graph.neighbours.count(other),
        )

    def find_best(self, root: tuple[PathState, ...], first_steps: Iterable[PathState], cost: Cost) -> RankedPath | None:
        """Return the best path that begins with `root`, which costs `cost`, and continues with one of `first_steps`, or None.

        The first path popped for a state is the best one to it: the length so far plus the least that remains never decreases along
        a path, nor do the other counts, and of two equal paths, the one whose notes sort first keeps sorting first. With `max_hops`, a
        later path to the state counts only if it has fewer hops.
        """
        left, max_hops = self._left, self._max_hops
        settled = dict.fromkeys(root, 0)  # with the fewest hops; without `max_hops`, the number of hops does not matter
        heap: list[RankedPath] = []
        for step in first_steps:
            if step not in settled:
                length, against, hubs = self._add_step(cost, root[-1][1], step) if root else cost
                heap.append((length + left[step[0]][step[1]], against, hubs, (step[1],), (step,)))
        heapify(heap)
        while heap:
            total, against, hubs, notes, states = heappop(heap)
            if self._longest is not None and total > self._longest:
                return None
            state = leg, note = states[-1]
            hops = len(root) + len(states) - 1 if max_hops else 0
            if max_hops and hops + left[leg][note] > max_hops:
                continue
            if leg == self._last_leg:
                whole = root + states
                return total, against, hubs, tuple(number for _, number in whole), whole
            if settled.get(state, hops + 1) <= hops:
                continue
            settled[state] = hops
            spent = total - left[leg][note], against, hubs
            for step in self.corridor[state]:
                if max_hops or step not in settled:
                    length, back, through = self._add_step(spent, note, step)
                    heappush(heap, (length + left[step[0]][step[1]], back, through, (*notes, step[1]), (*states, step)))
        return None
