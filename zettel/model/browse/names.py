"""Find notes by their names while a query is typed: each title, alias and ID is folded once, and a longer query narrows what the one before has found."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import chain

from zettel.model.browse.hit import Hit
from zettel.model.note.picker_item import PickerItem
from zettel.model.text.fold import fold_letters, split_path, strip_suffix

EXACT, BEGINS, WORDS_BEGIN, IN_TITLE, ELSEWHERE = range(5)
"""How well a name fits, the best first: it is what is typed, it begins so, its words begin so, it has the words, or another name has them."""


class NameList:
    """The names of all notes, in the order in which they are listed as long as nothing is typed."""

    def __init__(self, items: Iterable[PickerItem]) -> None:
        self.hits = tuple(Hit(item) for item in items)
        self._titles = [f" {fold_letters(hit.item.title)}" for hit in self.hits]
        self._names = [_join_names(title[1:], hit.item) for title, hit in zip(self._titles, self.hits, strict=True)]
        self._last: tuple[list[str], Sequence[int]] = ([], range(len(self.hits)))

    def find(self, text: str, allowed: Container[str] | None = None) -> tuple[Hit, ...]:
        """Return the notes that have every word of a text in one of their names, the best first. Only those at `allowed` paths, if these are given."""
        typed = " ".join(fold_letters(text).split())
        words = typed.split()
        if not words:
            return self.hits if allowed is None else tuple(hit for hit in self.hits if hit.path in allowed)
        before, numbers = self._last
        if not all(any(old in word for word in words) for old in before):
            numbers = range(len(self.hits))
        names = self._names
        for word in words:
            numbers = [number for number in numbers if word in names[number]]
        self._last = words, numbers
        wanted = numbers if allowed is None else [number for number in numbers if self.hits[number].path in allowed]
        return tuple(self.hits[number] for number in self._sort(wanted, typed, words))

    def _sort(self, numbers: Iterable[int], typed: str, words: Sequence[str]) -> Iterator[int]:
        """Yield the notes of these numbers, the best first. Notes that fit alike keep their order."""
        exact, beginning, later = f"\t{typed}\t", f"\t{typed}", [f" {word}" for word in words]
        ranked: tuple[list[int], ...] = ([], [], [], [], [])
        titles, names = self._titles, self._names
        for number in numbers:
            name = names[number]
            if beginning in name:
                ranked[EXACT if exact in name else BEGINS].append(number)
                continue
            title = titles[number]
            if all([word in title for word in later]):  # noqa: C419 - a list is twice as fast as a generator
                ranked[WORDS_BEGIN].append(number)
            else:
                ranked[IN_TITLE if all([word in title for word in words]) else ELSEWHERE].append(number)  # noqa: C419
        return chain.from_iterable(ranked)


def _join_names(title: str, item: PickerItem) -> str:
    """Return all names of a note in the form in which they are compared, each between two tabs."""
    folder, name = split_path(strip_suffix(item.path))
    others = (*item.aliases, item.id or "", name, folder)
    return "\t".join(("", title, *(fold_letters(other) for other in others if other), ""))
