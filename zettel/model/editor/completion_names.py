"""Filter and rank the names of all notes by what is typed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from zettel.model.base.value import NamedTuple
from zettel.model.note.picker_item import PickerItem
from zettel.model.text.fold import fold_letters

EXACT, AT_START, AT_WORD, INSIDE = range(4)
"""How a title matches: as a whole, at its beginning, every word at the beginning of one of its words, or elsewhere or by another name."""


class ListedName(NamedTuple):
    """A note as it can be found by its names: the folded title after a blank, and all that its words may stand in, folded."""

    note: PickerItem
    plain_title: str
    plain_names: str


NameRow = tuple[str, str | None, str, tuple[str, ...], tuple[str, ...], str]
"""(path, ID, title, aliases, tags, time when it was created) of a note."""


class CompletionNames:
    """The names of all notes, newest first."""

    def __init__(self) -> None:
        self.names: list[ListedName] = []

    def load(self, rows: Iterable[NameRow]) -> None:
        """Replace all names by those of these notes."""
        self.names = sorted((fold_names(PickerItem(*row)) for row in rows), key=_get_created, reverse=True)

    def update(self, paths: Collection[str], rows: Iterable[NameRow]) -> None:
        """Replace the names of the notes at `paths` by those in `rows`, which has no row for a note that is gone."""
        gone = set(paths)
        kept = [name for name in self.names if name.note.path not in gone]
        self.names = sorted([*(fold_names(PickerItem(*row)) for row in rows), *kept], key=_get_created, reverse=True)

    def rank(self, words: str, near: Collection[str] = (), own_path: str = "", changed: Iterable[PickerItem] = ()) -> Iterator[PickerItem]:
        """Yield the notes whose names have all words, best first: by how the title matches, then those in `near`, then the newest.

        Leaves out the note at `own_path`. `changed` replace the notes at their paths.
        """
        typed = split_typed_words(words)
        fresh = {note.path: fold_names(note) for note in changed}
        found = [*fresh.values(), *(name for name in self.names if name.note.path not in fresh)] if fresh else self.names
        for word in typed:
            found = [name for name in found if word in name.plain_names]
        groups: list[list[PickerItem]] = [[] for _ in range(2 * (INSIDE + 1))]
        phrase = " ".join(typed)
        for note, title, _ in found:
            groups[2 * _rank_title(title, typed, phrase) + (note.path not in near)].append(note)
        return (note for group in groups for note in group if note.path != own_path)


def _get_created(name: ListedName) -> str:
    return name.note.created


def split_typed_words(words: str) -> list[str]:
    """Return the words typed, folded as titles are."""
    return fold_letters(words).replace("_", " ").split()


def fold_names(note: PickerItem) -> ListedName:
    """Return a note as it can be found by its names."""
    title = " " + " ".join(fold_letters(note.title).split())
    return ListedName(note, title, " ".join((title, *map(fold_letters, note.aliases), note.id or note.path.lower())))


def _rank_title(title: str, typed: list[str], phrase: str) -> int:
    if not typed:
        return EXACT
    if title[1:] == phrase:
        return EXACT
    if title.startswith(phrase, 1):
        return AT_START
    return AT_WORD if all(f" {word}" in title for word in typed) else INSIDE
