"""Work out what every link must say after notes are renamed, so that the graph stays the same except for their names.

`Relabelling` holds the names before and after, `Choice` says what becomes of one link.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from zettel.model.editing.destinations import Destination, destinations
from zettel.model.editing.forms import Called
from zettel.model.editing.relinking import followed
from zettel.model.link import OK, Link, Resolution
from zettel.model.resolving import Lookup, keys_of, resolve
from zettel.model.text import fold


class Relabelling:
    """The names of notes before and after a change. Several notes may have the same names afterwards: they are merged."""

    def __init__(
        self,
        pairs: Sequence[tuple[Called, Called | None]],
        lookup: Lookup,
        called: Callable[[str], Called],
        *,
        label_first: bool = False,
        part: tuple[str, str, str] | None = None,
    ) -> None:
        """Take pairs of (names before, names after), where None means that the note is removed.

        `lookup` and `called` report the keys and names of all notes before the change. `part` is given for a merge: (path of a note,
        path of the note that is merged into it, heading of the merged text).
        """
        self.label_first = label_first
        self.part = part
        self._old = {old.path: old for old, _ in pairs}
        self._new = {old.path: new for old, new in pairs if new}
        self._lookup, self._called = lookup, called
        self._kept: dict[str, tuple[list[str], list[str]]] = {}
        after = {new.path: new for new in self._new.values()}
        self._keys = {path: keys_of(path, new.id, new.title, new.aliases) for path, new in after.items()}

    @property
    def keys(self) -> list[str]:
        """Every key that a note gains or loses, and all keys of a note whose path changes. Links that look up one of them may need a rewrite."""
        found: set[str] = set()
        for path, old in self._old.items():
            before, after = keys_of(*old), self._keys.get(self.path(path), set())
            found |= before ^ after if path == self.path(path) and after else before | after
        return sorted(found)

    @property
    def paths(self) -> list[str]:
        """The paths of the notes before the change, sorted."""
        return sorted(self._old)

    def path(self, path: str) -> str:
        """Return the path of a note after the change. A removed note keeps its path."""
        return self._new[path].path if path in self._new else path

    def names(self, path: str) -> tuple[Called, Called | None]:
        """Return the names of a note before and after the change."""
        if path in self._old:
            return self._old[path], self._new.get(path)
        names = self._called(path)
        return names, names

    def before(self, key: str) -> list[str]:
        """Return the paths of the notes that a key resolves to before the change."""
        return self._both(key)[0]

    def after(self, key: str) -> list[str]:
        """Return the paths of the notes that a key resolves to after the change."""
        return self._both(key)[1]

    def _both(self, key: str) -> tuple[list[str], list[str]]:
        if key not in self._kept:
            found = list(self._lookup(key))
            after = [path for path in found if path not in self._old] + [path for path, keys in self._keys.items() if key in keys]
            self._kept[key] = found, after
        return self._kept[key]

    def relabelled(self, was: Resolution) -> Resolution:
        """Return the resolution that a link must have after the change, given the one before."""
        if was.status == OK and was.target:
            return Resolution(OK, self.path(was.target))
        return Resolution(was.status, None, tuple(sorted({self.path(path) for path in was.candidates})))

    def choice(self, link: Link, was: Resolution | None = None) -> Choice:
        """Return what becomes of a link, as it is written before the change. `was` is its resolution, if the caller knows it."""
        here = self.path(link.source)
        was = was or resolve(link.source, link.syntax, link.dest, self.before)
        wanted = self.relabelled(was)

        def is_right(dest: str) -> bool:
            return resolve(here, link.syntax, dest, self.after) == wanted

        if self.part and (link.source, was.target) == self.part[:2]:
            return self._within(link, was, wanted, is_right)
        if here == link.source and was.target not in self._old and is_right(link.dest):
            return Choice(link, (Destination(link.dest),), was, wanted, None, None)
        old, new = self.names(was.target) if was.target else (None, None)
        found = destinations(link, was, here, old, new, is_right)
        first = next(found, None)
        if first and was.status != OK and not is_right(first.text):
            wanted = resolve(here, link.syntax, first.text, self.after)
        dests = () if first is None else (first,) if first.text == link.dest else (first, *found)
        return Choice(link, dests, was, wanted, old, new)

    def _within(self, link: Link, was: Resolution, wanted: Resolution, is_right: Callable[[str], bool]) -> Choice:
        """Return what becomes of a link to a note that is merged into the link's own note: it leads to the heading there and keeps its label."""
        source, target, heading = self.part or ("", "", "")
        old, new = self.names(target)
        anchor = link.dest.partition("#")[2] or heading
        is_bare = link.syntax in ("bare", "sign")
        if (is_bare or (link.syntax in ("wiki", "embed") and "[[" in link.text[:3])) and not set(anchor) & set("[]|#^"):
            dests = () if is_bare else (Destination(f"#{anchor}", is_alike=False),)
            return Choice(link, dests, was, wanted, old, old, heading)
        return Choice(link, tuple(destinations(link, was, source, old, new, is_right)), was, wanted, old, new)


class Choice(NamedTuple):
    """The consequences of a rename for one link.

    `dests` are the destinations that it can be given, best first, and empty if nothing can name the target. `was` and `wanted` are
    its resolution before and after, `old` and `new` the names of the target. `part` is the heading of the target's text if the
    target is merged into the link's own note.
    """

    link: Link
    dests: tuple[Destination, ...]
    was: Resolution
    wanted: Resolution
    old: Called | None
    new: Called | None
    part: str = ""

    @property
    def is_rewritten(self) -> bool:
        """Whether the destination changes."""
        return not self.dests or self.dests[0].text != self.link.dest

    @property
    def may_follow(self) -> bool:
        """Whether the label may be the old title, so that it has to follow."""
        if self.old is None or self.new is None or self.old == self.new:
            return False
        if self.link.syntax in ("bare", "sign"):
            return self.old.title != self.new.title and fold(self.old.title).startswith(fold(self.link.label).partition(" ")[0])
        return followed(self.link.label, self.old, self.new) is not None

    @property
    def is_left(self) -> bool:
        """Whether a dangling or ambiguous link resolves differently after the rename, which no rewrite could prevent."""
        return self.was.status != OK and (self.was.status, len(self.was.candidates)) != (self.wanted.status, len(self.wanted.candidates))
