"""Find the notes that a rule is about: by tag, topic, age and links."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, cached_property

from zettel.model.check import NotebookFacts
from zettel.model.exploring.topic import is_saved_path
from zettel.model.link import OK
from zettel.model.note import Note
from zettel.model.rules import BACK, EITHER, OUT, NoteSelector
from zettel.model.tags import normalise_tag
from zettel.model.text import fold
from zettel.model.tokens import tokenise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

MAX_TAG_DEPTH = 30
"""Maximum levels of nested tags; deeper levels count as one."""

MAX_CANDIDATES, MAX_SUGGESTIONS = 50, 3
"""Number of notes that a hint chooses from, and that it names."""


class RuleMatcher:
    """Finds the notes that rules are about. Results are cached for one run over the rules."""

    def __init__(self, facts: NotebookFacts) -> None:
        self._facts = facts
        self.notes = facts.notes
        self.find_tagged = cache(self._find_tagged)
        self.find_topic = cache(self._find_topic)
        self.find_matching = cache(self._find_matching)
        self.find_within = cache(self._find_within)
        self._list_candidates = cache(self._rank_by_backlinks)

    @cached_property
    def paths_by_tag(self) -> dict[str, list[str]]:
        """The paths of the notes that have a tag, or one nested below it, by folded tag. Includes tags that only have nested ones."""
        found: dict[str, dict[str, None]] = {}
        for path, note in self.notes.items():
            for tag in note.tags:
                parts = fold(tag).split("/", MAX_TAG_DEPTH)
                for depth in range(1, len(parts) + 1):
                    found.setdefault("/".join(parts[:depth]), {})[path] = None
        return {tag: list(paths) for tag, paths in found.items()}

    @cached_property
    def _outgoing(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {path: [] for path in self.notes}
        for source, target in self._facts.edges:
            found[source].append(target)
        return found

    @cached_property
    def _incoming(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {path: [] for path in self.notes}
        for source, target in self._facts.edges:
            found[target].append(source)
        return found

    def find_linked(self, path: str, direction: str) -> set[str]:
        """Return the notes that a note links to, that link to it, or both."""
        return {*(self._outgoing[path] if direction != BACK else ()), *(self._incoming[path] if direction != OUT else ())}

    def _find_tagged(self, name: str) -> frozenset[str]:
        """Return the notes with a tag, in the singular or plural, or with one nested below it.

        If there are none, return those with a nested tag that ends in this name.
        """
        forms = _list_number_forms(fold(normalise_tag(name) or name))
        tags = [tag for tag in forms if tag in self.paths_by_tag] or [tag for tag in self.paths_by_tag if tag.rpartition("/")[2] in forms]
        return frozenset(path for tag in tags for path in self.paths_by_tag[tag])

    def find_nearest_tag(self, name: str) -> str:
        """Return the tag, or the last part of one, with nearly this name. Returns an empty string if there is none."""
        from zettel.model.nearness import find_nearest

        near = find_nearest(name, sorted({tag.rpartition("/")[2] for tag in self.paths_by_tag} | set(self.paths_by_tag)), limit=1)
        return near[0] if near else ""

    def _find_topic(self, name: str) -> frozenset[str]:
        """Return the notes of a topic: by tag, else by title or alias, else those whose titles contain all its words."""
        words = {word for word, _, _ in tokenise(name)}
        found = self.find_tagged(name) or frozenset(self._facts.find_by_key(f"t:{fold(name)}"))
        return found or frozenset(
            path for path, note in self.notes.items() if words and words <= {word for word, _, _ in tokenise(note.title)}
        )

    def _find_matching(self, selector: NoteSelector) -> frozenset[str]:
        """Return the notes that `selector` selects."""
        wanted = [self.find_tagged(name) for name in selector.tagged]
        paths = wanted[0].intersection(*wanted[1:]) if wanted else frozenset(self.notes)
        paths = paths.difference(*map(self.find_tagged, selector.untagged))
        return frozenset(path for path in paths if _is_within_age(self.notes[path], selector, self._facts.today))

    def _find_within(self, topic: str, hops: int) -> frozenset[str]:
        """Return the notes within `hops` hops of a topic, in either direction. Does not go through saved paths."""
        found = frontier = self.find_topic(topic)
        for _ in range(hops):
            sources = (path for path in frontier if path in self.find_topic(topic) or not is_saved_path(self.notes[path]))
            frontier = frozenset(other for path in sources for other in self.find_linked(path, EITHER)) - found
            if not frontier:
                break
            found |= frontier
        return found

    def find_link_line(self, source: str, target: str) -> int:
        """Return the line of the first link from one note to another, or 1."""
        return self._lines.get((source, target), 1)

    @cached_property
    def _lines(self) -> dict[tuple[str, str | None], int]:
        found: dict[tuple[str, str | None], int] = {}
        for resolved in self._facts.list_links(OK):
            found.setdefault((resolved.link.source, resolved.resolution.target), resolved.link.line)
        return found

    def _rank_by_backlinks(self, selector: NoteSelector) -> list[Note]:
        """Return the selected notes that have the most backlinks."""
        return sorted(
            (self.notes[path] for path in self.find_matching(selector)), key=lambda note: (-note.backlinks, note.handle, note.path)
        )[:MAX_CANDIDATES]

    def suggest_notes(self, note: Note, selector: NoteSelector, excluded: Collection[str]) -> list[Note]:
        """Return a few of the selected notes to link with a note, those that share the most tags first."""
        tags = {fold(tag) for tag in note.tags}
        others = [other for other in self._list_candidates(selector) if other.path != note.path and other.path not in excluded]
        return sorted(others, key=lambda other: -len(tags & {fold(tag) for tag in other.tags}))[:MAX_SUGGESTIONS]


def _is_within_age(note: Note, selector: NoteSelector, today: date) -> bool:
    if selector.older_than is None and selector.younger_than is None:
        return True
    age = (today - type(today).fromisoformat(note.created[:10])).days
    return (selector.older_than is None or age > selector.older_than) and (selector.younger_than is None or age < selector.younger_than)


def _list_number_forms(word: str) -> list[str]:
    """Return a word and its possible singular or plural forms."""
    if word.endswith("ies"):
        return [word, word[:-3] + "y"]
    if word.endswith("s"):
        return [word, word[:-1], *([word[:-2]] if word.endswith("es") else [])]
    return [word, word + "s", word[:-1] + "ies" if word.endswith("y") else word + "es"]
