"""Evaluate rules: find the notes that a rule is about, and the faults of those that break it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import NamedTuple

from zettel.model.check.check import NotebookFacts
from zettel.model.graph.topic import is_saved_path
from zettel.model.link.link import OK
from zettel.model.note.note import Note
from zettel.model.note.problem import Problem
from zettel.model.note.tags import STRUCTURE_TAGS, normalise_tag
from zettel.model.settings.rule_grammar import (
    BACK,
    EITHER,
    OUT,
    Condition,
    CountCondition,
    FollowUpCondition,
    LinkCondition,
    NoteSelector,
    ReachCondition,
    Rule,
    TagCondition,
)
from zettel.model.text.fast_datetime import date
from zettel.model.text.fold import fold
from zettel.model.text.phrases import format_count
from zettel.model.text.shell_argument import quote_argument
from zettel.model.text.tokens import tokenise

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

    def close(self) -> None:
        """Forget everything, so that the memory is free at once: what caches its methods refers to itself."""
        vars(self).clear()

    @cached_property
    def paths_by_tag(self) -> Mapping[str, Collection[str]]:
        """The paths of the notes that have a tag, or one nested below it, by folded tag. Includes tags that only have nested ones."""
        found: dict[str, dict[str, None]] = {}
        for path, note in self.notes.items():
            for tag in list_tags_above(note):
                found.setdefault(tag, {})[path] = None
        return found

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
        from zettel.model.text.fuzzy import find_nearest

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


def list_tags_above(note: Note) -> Iterator[str]:
    """Yield the folded tags of a note, and those that they are nested below."""
    for tag in note.tags:
        parts = fold(tag).split("/", MAX_TAG_DEPTH)
        for depth in range(1, len(parts) + 1):
            yield "/".join(parts[:depth])


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


FOLLOW_UP_TAGS = ("follow-up", "followup")
_SINGULARS = {"aliases": "alias", "ids": "ID"}
"""The names of counted fields in the singular, if dropping the s is not enough."""

LINK_PHRASES = {OUT: "it links to", BACK: "it is linked from"}


class RuleFault(NamedTuple):
    """A violation of a rule: what a note lacks or must not have, what to do, and on which line."""

    message: str
    hint: str
    line: int = 1


def find_fault(matcher: RuleMatcher, note: Note, condition: Condition) -> RuleFault | None:
    """Return what is wrong with a note, or None if it meets the demand."""
    match condition:
        case LinkCondition():
            return _find_link_fault(matcher, note, condition)
        case FollowUpCondition():
            return _find_follow_up_fault(matcher, note, condition)
        case ReachCondition(topic, hops, is_wanted):
            if (note.path in matcher.find_within(topic, hops)) == is_wanted:
                return None
            reach = f"reached by {topic} within {_format_count(hops, 'hop')}"
            if not matcher.find_topic(topic):
                return RuleFault(f"it is not {reach}", f"no note is tagged or called {topic} yet")
            return RuleFault(
                f"it is{' not' * is_wanted} {reach}",
                f"zettel path {quote_argument(topic)} {quote_argument(note.handle)} shows how they are connected",
            )
        case TagCondition(name, is_wanted):
            if (note.path in matcher.find_tagged(name)) == is_wanted:
                return None
            return RuleFault(f"it has {'no' if is_wanted else 'the'} tag {name}", f"{'add' if is_wanted else 'remove'} the tag")
        case CountCondition(field, least, most):
            given: object = getattr(note, "id" if field == "ids" else field)
            count = given if isinstance(given, int) else len(given) if isinstance(given, tuple) else int(given is not None)
            if count < least or (most is not None and count > most):
                wanted = f"{least} or more" if count < least else f"at most {most}"
                return RuleFault(
                    f"it has {_format_count(count, _SINGULARS.get(field, field.removesuffix('s')))}, not {wanted}",
                    f"zettel edit {quote_argument(note.handle)}",
                )
            return None


def _find_link_fault(matcher: RuleMatcher, note: Note, condition: LinkCondition) -> RuleFault | None:
    which = condition.others
    fitting = matcher.find_matching(which)
    found = sorted(matcher.find_linked(note.path, condition.direction) & fitting)
    if (len(found) >= which.min_count) == condition.is_wanted:
        return None
    verb = LINK_PHRASES.get(condition.direction, "it is linked with")
    if not condition.is_wanted:
        other = matcher.notes[found[0]]
        line = 1 if condition.direction == BACK else matcher.find_link_line(note.path, other.path)
        return RuleFault(f"{verb} {other.name}", "remove the link, or retag one of the two notes", line)
    what = f"{verb} {_format_count(len(found), 'note')} {which.description}".rstrip()
    best = matcher.suggest_notes(note, which, found)
    names = " or ".join(other.name for other in best)
    todo = (
        f"link {'to it from' if condition.direction == BACK else 'it to'} {names}"
        if best
        else f"write it: there is no other note {which.description}".rstrip()
    )
    return RuleFault(f"{what}, not {which.min_count}" if which.min_count > 1 else what, todo)


def _find_follow_up_fault(matcher: RuleMatcher, note: Note, condition: FollowUpCondition) -> RuleFault | None:
    others = sorted(matcher.find_linked(note.path, EITHER))
    found = [matcher.notes[other] for other in others if _is_follow_up(matcher.notes[other], note)]
    if bool(found) == condition.is_wanted:
        return None
    if found:
        return RuleFault(f"{found[0].name} follows it up", "remove the link")
    return RuleFault(
        f"no note linked with it was created after {note.created[:10]} or is tagged follow-up",
        f"write what came of it: zettel new --link-from {quote_argument(note.handle)} WORDS",
    )


def _is_follow_up(other: Note, note: Note) -> bool:
    """Return whether a linked note is a follow-up: tagged so, or created on a later day and neither a structure note nor a saved path."""
    last = {fold(tag).rpartition("/")[2] for tag in other.tags}
    return not last.isdisjoint(FOLLOW_UP_TAGS) or (
        other.created[:10] > note.created[:10] and last.isdisjoint(STRUCTURE_TAGS) and not is_saved_path(other)
    )


def _format_count(count: int, noun: str) -> str:
    counted = format_count(count, noun)
    return counted if count else "no" + counted[1:]


CONFIG_PATH = ".zettel/config.toml"


def find_broken_rules(facts: NotebookFacts) -> Iterator[Problem]:
    """Report notes that break a rule, and rules about a tag that no note has if there is a tag with nearly the same name."""
    if not facts.rules:
        return

    subject = RuleMatcher(facts)
    for rule in facts.rules:
        for name in rule.selector.tagged:
            if not subject.find_tagged(name) and (near := subject.find_nearest_tag(name)):
                yield Problem(
                    CONFIG_PATH, "rule", f'no note is tagged {name}, which the rule "{rule.text}" names', hint=f'did you mean "{near}"?'
                )
        for path in sorted(subject.find_matching(rule.selector)):
            if problem := _find_problem(subject, rule, path):
                yield problem


def find_rules_broken_by(subject: RuleMatcher, rules: Iterable[Rule], path: str) -> Iterator[Problem]:
    """Report the rules that one note breaks."""
    for rule in rules:
        if path in subject.find_matching(rule.selector) and (problem := _find_problem(subject, rule, path)):
            yield problem


def _find_problem(subject: RuleMatcher, rule: Rule, path: str) -> Problem | None:
    found = find_fault(subject, subject.notes[path], rule.condition)
    return Problem(path, "rule", f'{found.message}, against the rule "{rule.text}"', found.line, hint=found.hint) if found else None
