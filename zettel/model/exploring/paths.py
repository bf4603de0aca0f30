"""The best paths between topics: exact, on the part of the link graph in which they can lie.

What counts, in this order: the fewest hops; the least cost of the notes passed through, each of which costs as many as
it is linked with notes, so that a path by way of a hub, which says little, comes after one by way of notes that have
to do with each other; then the first by the IDs along it. The cost is that of Croes et al., "Inferring meaningful
pathways in weighted metabolic networks", J. Mol. Biol. 356 (2006), where a node weighs its degree for the same reason.
More than one path: J. Y. Yen, "Finding the k shortest loopless paths in a network", Management Science 17 (1971), with
E. L. Lawler's saving (18, 1972); each of its searches is A* with the true distance to the goal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from itertools import accumulate

from zettel.model.exploring.adjacency import Adjacency
from zettel.model.value import value

State = tuple[int, int]
"""(leg, number): being at a note on the way to the topic after `leg`; in the last topic the leg is its place, and the path ends."""

Corridor = dict[State, list[State]]
"""The states that paths of a length may touch, each with the steps from there."""

SLACK = (0, 1, 2, 4)
"""How many hops more than the fewest are looked at, one after the other, until there are as many paths as wanted."""


@value
class Terms:
    """What paths must be like: `stages` are the notes of the topics to be touched in order, by number.

    `directed` follows links forwards only; no path touches a note of `avoided`; `longest` is the most hops (0: any number).
    """

    stages: Sequence[frozenset[int]]
    directed: bool = False
    avoided: frozenset[int] = frozenset()
    longest: int = 0


Ranked = tuple[int, int, tuple[int, ...], tuple[State, ...]]
"""A path by what it is ranked by: hops (so far and, at least, to come), cost, its notes by number; and its states."""


def best_paths(web: Adjacency, terms: Terms, count: int = 1) -> list[list[int]]:
    """The `count` best paths through all stages, as numbers of notes, best first; fewer where there are no more.

    A path leaves the first topic for good with its first hop, and has reached a topic with the first of its notes; it
    touches no note twice on its way from one topic to the next.
    """
    found: list[list[int]] = []
    for slack in (*SLACK, None):
        left, is_all = remaining(web, terms, slack)
        found, is_all = ranked(web, terms, left, count, None if is_all else slack)
        if len(found) == count or is_all:
            break
    return found


def remaining(web: Adjacency, terms: Terms, slack: int | None = None) -> tuple[list[dict[int, int]], bool]:
    """For each leg the notes from which the last topic can be reached, with the fewest hops that takes; and whether these are all.

    With a `slack`, only as far as a path may go that is so many hops longer than the shortest.
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
    """The best paths, at most `slack` hops longer than the shortest (None: however long), given what `remaining` says; and whether these are all."""
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
    """The state of being at a note on a leg: a topic that it belongs to has been reached with it."""
    while leg < len(terms.stages) - 1 and note in terms.stages[leg + 1]:
        leg += 1
    return leg, note


def _corridor(web: Adjacency, terms: Terms, left: list[dict[int, int]], starts: list[State], longest: int | None) -> Corridor:
    """The states, and the steps between them, that lie on a walk of at most `longest` hops to the last topic."""
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
    """The best `count` simple paths of at most `longest` hops in the corridor."""
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
    """A* in a corridor, in the order (hops, cost, notes)."""

    def __init__(self, web: Adjacency, corridor: Corridor, left: list[dict[int, int]], longest: int | None, last: int) -> None:
        self._degree, self._corridor, self._left, self._longest, self._last = web.degree, corridor, left, longest, last

    def toll(self, state: State) -> int:
        """What passing through a state costs; the end of a path costs nothing."""
        return 0 if state[0] == self._last else self._degree(state[1])

    def best(self, root: tuple[State, ...], steps: Iterable[State], banned: frozenset[State], cost: int) -> Ranked | None:
        """The best path that begins with `root`, goes on with one of `steps`, and touches no banned state again.

        The heap holds the best way to each state first: hops so far plus the fewest that remain never shrink along a path,
        nor does the cost, and of two ways as good the one whose notes come first stays first whatever follows.
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
