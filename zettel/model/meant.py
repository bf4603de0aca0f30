"""Find the notes that a rule is about: by tag, topic, age and links."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, cached_property

from zettel.model.check import Facts
from zettel.model.exploring.topic import is_saved
from zettel.model.link import OK
from zettel.model.note import Note
from zettel.model.rules import BACK, EITHER, OUT, Which
from zettel.model.tags import clean_tag
from zettel.model.text import fold
from zettel.model.tokens import tokens

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

DEEPEST = 30
"""Maximum levels of nested tags; deeper levels count as one."""

FOREMOST, SHOWN = 50, 3
"""Number of notes that a hint chooses from, and that it names."""


class Meant:
    """Finds the notes that rules are about. Results are cached for one run over the rules."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.notes = facts.notes
        self.tagged = cache(self._tagged)
        self.topic = cache(self._topic)
        self.fitting = cache(self._fitting)
        self.within = cache(self._within)
        self._foremost = cache(self._most_linked)

    @cached_property
    def tags(self) -> dict[str, list[str]]:
        """The paths of the notes that have a tag, or one nested below it, by folded tag. Includes tags that only have nested ones."""
        found: dict[str, dict[str, None]] = {}
        for path, note in self.notes.items():
            for tag in note.tags:
                parts = fold(tag).split("/", DEEPEST)
                for depth in range(1, len(parts) + 1):
                    found.setdefault("/".join(parts[:depth]), {})[path] = None
        return {tag: list(paths) for tag, paths in found.items()}

    @cached_property
    def _out(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {path: [] for path in self.notes}
        for source, target in self._facts.edges:
            found[source].append(target)
        return found

    @cached_property
    def _back(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {path: [] for path in self.notes}
        for source, target in self._facts.edges:
            found[target].append(source)
        return found

    def linked(self, path: str, way: str) -> set[str]:
        """Return the notes that a note links to, that link to it, or both."""
        return {*(self._out[path] if way != BACK else ()), *(self._back[path] if way != OUT else ())}

    def _tagged(self, name: str) -> frozenset[str]:
        """Return the notes with a tag, in the singular or plural, or with one nested below it.

        If there are none, return those with a nested tag that ends in this name.
        """
        forms = _forms(fold(clean_tag(name) or name))
        tags = [tag for tag in forms if tag in self.tags] or [tag for tag in self.tags if tag.rpartition("/")[2] in forms]
        return frozenset(path for tag in tags for path in self.tags[tag])

    def nearest_tag(self, name: str) -> str:
        """Return the tag, or the last part of one, with nearly this name. Returns an empty string if there is none."""
        from zettel.model.nearness import nearest

        near = nearest(name, sorted({tag.rpartition("/")[2] for tag in self.tags} | set(self.tags)), most=1)
        return near[0] if near else ""

    def _topic(self, name: str) -> frozenset[str]:
        """Return the notes of a topic: by tag, else by title or alias, else those whose titles contain all its words."""
        words = {word for word, _, _ in tokens(name)}
        found = self.tagged(name) or frozenset(self._facts.named(f"t:{fold(name)}"))
        return found or frozenset(
            path for path, note in self.notes.items() if words and words <= {word for word, _, _ in tokens(note.title)}
        )

    def _fitting(self, which: Which) -> frozenset[str]:
        """Return the notes that `which` selects."""
        wanted = [self.tagged(name) for name in which.tagged]
        paths = wanted[0].intersection(*wanted[1:]) if wanted else frozenset(self.notes)
        paths = paths.difference(*map(self.tagged, which.untagged))
        return frozenset(path for path in paths if _is_of_age(self.notes[path], which, self._facts.today))

    def _within(self, topic: str, hops: int) -> frozenset[str]:
        """Return the notes within `hops` hops of a topic, in either direction. Does not go through saved paths."""
        found = frontier = self.topic(topic)
        for _ in range(hops):
            sources = (path for path in frontier if path in self.topic(topic) or not is_saved(self.notes[path]))
            frontier = frozenset(other for path in sources for other in self.linked(path, EITHER)) - found
            if not frontier:
                break
            found |= frontier
        return found

    def line(self, source: str, target: str) -> int:
        """Return the line of the first link from one note to another, or 1."""
        return self._lines.get((source, target), 1)

    @cached_property
    def _lines(self) -> dict[tuple[str, str | None], int]:
        found: dict[tuple[str, str | None], int] = {}
        for resolved in self._facts.links(OK):
            found.setdefault((resolved.link.source, resolved.resolution.target), resolved.link.line)
        return found

    def _most_linked(self, which: Which) -> list[Note]:
        """Return the selected notes that have the most backlinks."""
        return sorted((self.notes[path] for path in self.fitting(which)), key=lambda note: (-note.backlinks, note.handle, note.path))[
            :FOREMOST
        ]

    def best(self, note: Note, which: Which, but: Collection[str]) -> list[Note]:
        """Return a few of the selected notes to link with a note, those that share the most tags first."""
        tags = {fold(tag) for tag in note.tags}
        others = [other for other in self._foremost(which) if other.path != note.path and other.path not in but]
        return sorted(others, key=lambda other: -len(tags & {fold(tag) for tag in other.tags}))[:SHOWN]


def _is_of_age(note: Note, which: Which, today: date) -> bool:
    if which.older is None and which.younger is None:
        return True
    age = (today - type(today).fromisoformat(note.created[:10])).days
    return (which.older is None or age > which.older) and (which.younger is None or age < which.younger)


def _forms(word: str) -> list[str]:
    """Return a word and its possible singular or plural forms."""
    if word.endswith("ies"):
        return [word, word[:-3] + "y"]
    if word.endswith("s"):
        return [word, word[:-1], *([word[:-2]] if word.endswith("es") else [])]
    return [word, word + "s", word[:-1] + "ies" if word.endswith("y") else word + "es"]
