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

from zettel.model.exploring.adjacency import Adjacency
from zettel.model.value import value

State = tuple[int, int]
"""(leg, number): a note on the way from topic `leg` to the next one. The leg of the last topic is its index, and the path ends there."""

Corridor = dict[State, list[State]]
"""The states that paths of a limited length can visit, each with its next states."""

SLACK = (0, 1, 2, 4)
"""How many hops longer than the shortest path the others may be. Tried in this order until enough paths are found."""


@value
class Terms:
    """Constraints on paths: `stages` are the notes (by number) of the topics to visit, in order.

    With `directed`, links are followed forwards only. No path visits a note of `avoided`. `longest` is the maximum number of
    hops, or 0 for no limit.
    """

    stages: Sequence[frozenset[int]]
    directed: bool = False
    avoided: frozenset[int] = frozenset()
    longest: int = 0


Ranked = tuple[int, int, tuple[int, ...], tuple[State, ...]]
"""A path with its sort key: hops (so far, plus the fewest that remain), cost, numbers of its notes; then its states."""


def best_paths(web: Adjacency, terms: Terms, count: int = 1) -> list[list[int]]:
    """Return the `count` best paths through all stages as numbers of notes, best first, or fewer if there are no more.

    After its first hop, a path does not return to the first topic on its way to the second. It reaches a topic at the first
    of the topic's notes that it visits. Between two topics, it visits no note twice.
    """
    found: list[list[int]] = []
    for slack in (*SLACK, None):
        left, is_all = remaining(web, terms, slack)
        found, is_all = ranked(web, terms, left, count, None if is_all else slack)
        if len(found) == count or is_all:
            break
    return found


def remaining(web: Adjacency, terms: Terms, slack: int | None = None) -> tuple[list[dict[int, int]], bool]:
    """Return for each leg the notes from which the last topic can be reached, with the fewest hops, and whether that is all of them.

    With a `slack`, the search stops at paths that are this many hops longer than the shortest one.
    """
    stages, last = terms.stages, len(terms.stages) - 1
    before = web.back if terms.directed else web.both
    starts = _starts(terms)
    left: list[dict[int, int]] = [{} for _ in stages]
    left[last] = dict.fromkeys(stages[last] - terms.avoided, 0)
    frontier: dict[int, set[int]] = {last: set(left[last])}
    hops = 0
    longest = terms.longest
    while frontier and not 0 < longest <= hops:
        if slack is not None and any(note in left[leg] for leg, note in starts):
            if not slack:
                return left, False
            slack -= 1
        hops += 1
        reached: dict[int, set[int]] = {}
        for leg, entered in frontier.items():
            for origin in range(leg, -1, -1):
                by_way = entered if origin == leg else entered.intersection(*stages[origin + 1 : leg + 1])
                if origin < last and by_way:
                    found = before.of_all(by_way - stages[0] if origin == 0 else by_way)
                    reached.setdefault(origin, set()).update(found - stages[origin + 1] - terms.avoided - left[origin].keys())
        for leg, notes in reached.items():
            left[leg].update(dict.fromkeys(notes, hops))
        frontier = {leg: notes for leg, notes in reached.items() if notes}
    return left, True


def ranked(web: Adjacency, terms: Terms, left: list[dict[int, int]], count: int, slack: int | None = None) -> tuple[list[list[int]], bool]:
    """Return the `count` best paths, and whether all paths that the constraints allow were considered.

    `left` is the result of `remaining`. Paths may be `slack` hops longer than the shortest one (None: any number).
    """
    starts = [(leg, note) for leg, note in _starts(terms) if note in left[leg]]
    if not starts:
        return [], True
    fewest = min(left[leg][note] for leg, note in starts)
    longest = terms.longest or None if slack is None else min(fewest + slack, terms.longest or fewest + slack)
    corridor = _corridor(web, terms, left, starts, longest)
    found = _yen(web, corridor, left, [start for start in starts if start in corridor], count, longest, len(terms.stages) - 1)
    return [list(notes) for _, _, notes, _ in found], longest == (terms.longest or None)


def _starts(terms: Terms) -> list[State]:
    return sorted({_normal(terms, 0, note) for note in terms.stages[0] - terms.avoided})


def _normal(terms: Terms, leg: int, note: int) -> State:
    """Return the state for a note on a leg: if the note belongs to the next topic, that topic is reached and the leg advances."""
    while leg < len(terms.stages) - 1 and note in terms.stages[leg + 1]:
        leg += 1
    return leg, note


def _corridor(web: Adjacency, terms: Terms, left: list[dict[int, int]], starts: list[State], longest: int | None) -> Corridor:
    """Build the graph of the states on walks of at most `longest` hops to the last topic."""
    after = web.forward if terms.directed else web.both
    stages, last = terms.stages, len(terms.stages) - 1
    level = [start for start in starts if longest is None or left[start[0]][start[1]] <= longest]
    corridor: Corridor = {start: [] for start in level}
    hops = 0
    while level:
        hops += 1
        further = []
        for state in level:
            leg, note = state
            if leg == last:
                continue
            for neighbour in after.of(note):
                if leg == 0 and neighbour in stages[0]:
                    continue
                step = _normal(terms, leg, neighbour)
                rest = left[step[0]].get(neighbour)
                if rest is not None and (longest is None or hops + rest <= longest):
                    if step not in corridor:
                        corridor[step] = []
                        further.append(step)
                    corridor[state].append(step)
        level = further
    return corridor


def _yen(
    web: Adjacency, corridor: Corridor, left: list[dict[int, int]], starts: list[State], count: int, longest: int | None, last: int
) -> list[Ranked]:
    """Return the `count` best simple paths of at most `longest` hops in the corridor (Yen's algorithm)."""
    search = _Search(web, corridor, left, longest, last)
    found: list[Ranked] = []
    first = search.best((), starts, frozenset(), 0)
    waiting = [(first, 0)] if first else []
    while waiting and len(found) < count:
        path, turn = heappop(waiting)
        found.append(path)
        if len(found) == count:
            break
        states = path[-1]
        tolls = list(accumulate(map(search.toll, states), initial=0))
        for at in range(turn, len(states)):
            root = states[:at]
            taken = {way[at] for *_, way in found if len(way) > at and way[:at] == root}
            steps = [step for step in (corridor[root[-1]] if root else starts) if step not in taken]
            other = search.best(root, steps, frozenset(root), tolls[at] - tolls[min(at, 1)]) if steps else None
            if other:
                heappush(waiting, (other, at))
    return found


class _Search:
    """An A* search in a corridor that ranks paths by (hops, cost, notes)."""

    def __init__(self, web: Adjacency, corridor: Corridor, left: list[dict[int, int]], longest: int | None, last: int) -> None:
        self._degree, self._corridor, self._left, self._longest, self._last = web.degree, corridor, left, longest, last

    def toll(self, state: State) -> int:
        """Return the cost of passing through a state: the degree of its note, or 0 at the end of a path."""
        return 0 if state[0] == self._last else self._degree(state[1])

    def best(self, root: tuple[State, ...], steps: Iterable[State], banned: frozenset[State], cost: int) -> Ranked | None:
        """Return the best path that begins with `root`, continues with one of `steps` and visits no banned state, or None.

        The first path popped for a state is the best one to it: hops so far plus the fewest that remain never decrease along
        a path, nor does the cost, and of two equal paths, the one whose notes sort first keeps sorting first.
        """
        hops = len(root)
        heap: list[Ranked] = [
            (hops + self._left[step[0]][step[1]], cost + (self.toll(step) if root else 0), (step[1],), (step,))
            for step in steps
            if step not in banned
        ]
        heapify(heap)
        seen = set(banned)
        while heap:
            total, spent, notes, states = heappop(heap)
            state = states[-1]
            if self._longest is not None and total > self._longest:
                return None
            if state[0] == self._last:
                whole = root + states
                return len(whole) - 1, spent, tuple(note for _, note in whole), whole
            if state in seen:
                continue
            seen.add(state)
            for step in self._corridor[state]:
                if step not in seen:
                    rest = hops + len(states) + self._left[step[0]][step[1]]
                    heappush(heap, (rest, spent + self.toll(step), (*notes, step[1]), (*states, step)))
        return None
