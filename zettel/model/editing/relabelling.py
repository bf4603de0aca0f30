"""Notes called otherwise: what every link is to say so that the graph afterwards is the graph before, with these notes relabelled.

`Relabelling` is the world before and after, `Choice` what is to become of one link in it.
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
    """What notes are called before and after. Several may be called the same afterwards: they have become one."""

    def __init__(
        self,
        pairs: Sequence[tuple[Called, Called | None]],
        lookup: Lookup,
        called: Callable[[str], Called],
        *,
        label_first: bool = False,
        part: tuple[str, str, str] | None = None,
    ) -> None:
        """`pairs` are (before, after; None: it is gone); `lookup` and `called` tell of all notes as they are before.

        `part` is (path of a note, path of another that becomes a part of it, the heading under which it stands there).
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
        """Every key that a note wins or loses, with all of its keys where its path changes: what links that ask for one may have to heed."""
        found: set[str] = set()
        for path, old in self._old.items():
            before, after = keys_of(*old), self._keys.get(self.path(path), set())
            found |= before ^ after if path == self.path(path) and after else before | after
        return sorted(found)

    @property
    def paths(self) -> list[str]:
        """Where the notes are before."""
        return sorted(self._old)

    def path(self, path: str) -> str:
        """Where a note is afterwards; a note that is gone stays where it was."""
        return self._new[path].path if path in self._new else path

    def names(self, path: str) -> tuple[Called, Called | None]:
        """What a note is called before and after."""
        if path in self._old:
            return self._old[path], self._new.get(path)
        called = self._called(path)
        return called, called

    def before(self, key: str) -> list[str]:
        """The notes that answer to a key before."""
        return self._both(key)[0]

    def after(self, key: str) -> list[str]:
        """The notes that answer to a key afterwards."""
        return self._both(key)[1]

    def _both(self, key: str) -> tuple[list[str], list[str]]:
        if key not in self._kept:
            found = list(self._lookup(key))
            kept = [path for path in found if path not in self._old] + [path for path, keys in self._keys.items() if key in keys]
            self._kept[key] = found, kept
        return self._kept[key]

    def relabelled(self, was: Resolution) -> Resolution:
        """What a link is to name afterwards, by what it names before."""
        if was.status == OK and was.target:
            return Resolution(OK, self.path(was.target))
        return Resolution(was.status, None, tuple(sorted({self.path(path) for path in was.candidates})))

    def choice(self, link: Link, was: Resolution | None = None) -> Choice:
        """What is to become of a link, as it stands in its note before; `was` is what it names then, if that is known."""
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
        """What is to become of a link to what becomes a part of its own note: it leads to the heading there, in the words it has."""
        source, target, heading = self.part or ("", "", "")
        old, new = self.names(target)
        anchor = link.dest.partition("#")[2] or heading
        is_bare = link.syntax in ("bare", "sign")
        if (is_bare or (link.syntax in ("wiki", "embed") and "[[" in link.text[:3])) and not set(anchor) & set("[]|#^"):
            dests = () if is_bare else (Destination(f"#{anchor}", is_alike=False),)
            return Choice(link, dests, was, wanted, old, old, heading)
        return Choice(link, tuple(destinations(link, was, source, old, new, is_right)), was, wanted, old, new)


class Choice(NamedTuple):
    """A link, what it may say, the best first (nothing names its target, if there is none), what it names before and afterwards, and what that is called.

    `part` is the heading under which its target becomes a part of its own note.
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
        """Whether its destination changes."""
        return not self.dests or self.dests[0].text != self.link.dest

    @property
    def may_follow(self) -> bool:
        """Whether the words it shows may be the old title."""
        if self.old is None or self.new is None or self.old == self.new:
            return False
        if self.link.syntax in ("bare", "sign"):
            return self.old.title != self.new.title and fold(self.old.title).startswith(fold(self.link.label).partition(" ")[0])
        return followed(self.link.label, self.old, self.new) is not None

    @property
    def is_left(self) -> bool:
        """Whether it names something else afterwards, which nothing it could say would change."""
        return self.was.status != OK and (self.was.status, len(self.was.candidates)) != (self.wanted.status, len(self.wanted.candidates))
