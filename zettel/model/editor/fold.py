"""Choose which parts of a note an editor can fold."""

from __future__ import annotations

from collections.abc import Iterable

from zettel.model.base.value import NamedTuple

SECTION, FRONT_MATTER, FENCE, ITEM = "section", "front matter", "fence", "item"


class Fold(NamedTuple):
    """Lines of a note, from 0, that can be folded into the first of them: what they are, and how many lines they are."""

    first: int
    last: int
    kind: str

    @property
    def size(self) -> int:
        """The number of lines that are hidden."""
        return self.last - self.first


def choose_folds(folds: Iterable[Fold], limit: int | None = None) -> list[Fold]:
    """Return those of some folds that an editor can show, in order: one for each first line, the largest, and none that overlaps another in part.

    With `limit`, returns at most so many, the largest.
    """
    chosen: list[Fold] = []
    open_: list[Fold] = []
    for fold in sorted(folds, key=lambda one: (one.first, -one.last)):
        while open_ and open_[-1].last < fold.first:
            open_.pop()
        if fold.size < 1 or (open_ and (fold.last > open_[-1].last or fold.first == open_[-1].first)):
            continue
        open_.append(fold)
        chosen.append(fold)
    if limit is not None and len(chosen) > limit:
        largest = sorted(chosen, key=lambda one: (-one.size, one.first))[: max(0, limit)]
        return sorted(largest, key=lambda one: one.first)
    return chosen
