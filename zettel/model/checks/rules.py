"""Checks of a person's own rules: which notes they do not hold for, what is missing there, and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cached_property
from typing import NamedTuple

from zettel.model.check import Facts
from zettel.model.link import OK
from zettel.model.network import STRUCTURE_TAGS
from zettel.model.note import Note, Problem
from zettel.model.rules import BACK, OUT, Counted, Demand, FollowedUp, Linked, Reached, Tagged, Which
from zettel.model.tags import clean_tag
from zettel.model.text import fold
from zettel.model.topic import is_saved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

CONFIG = ".zettel/config.toml"
FOLLOW_UP = ("follow-up", "followup")
VERBS = {OUT: "it links to", BACK: "it is linked from"}
SHOWN = 3
"""Notes that a hint names."""


class Fault(NamedTuple):
    """What a note lacks, or has where it must not; what to do; and the line."""

    what: str
    todo: str
    line: int = 1


def broken(facts: Facts) -> Iterator[Problem]:
    """Notes for which a rule does not hold; and rules about a tag that no note has, where one is there that is nearly the same."""
    known = Known(facts)
    for rule in facts.rules:
        for name in rule.which.tagged:
            if not known.tagged(name) and (near := _nearest(name, known.tags)):
                yield Problem(CONFIG, "rule", f'no note is tagged {name}, as in the rule "{rule.text}"', hint=f'did you mean "{near}"?')
        for path in known.fitting(rule.which):
            fault = _fault(known, facts.notes[path], rule.demand)
            if fault:
                yield Problem(path, "rule", f'{fault.what}, against the rule "{rule.text}"', fault.line, hint=fault.todo)


class Known:
    """What rules ask of a notebook."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.notes = facts.notes
        self._near: dict[tuple[str, int], frozenset[str]] = {}
        self._fitting: dict[Which, list[str]] = {}

    @cached_property
    def tags(self) -> dict[str, list[str]]:
        """Every tag, folded, those that only have others nested below them, too, and the paths of the notes that have it or one below it."""
        found: dict[str, dict[str, None]] = {}
        for path, note in self.notes.items():
            for tag in note.tags:
                parts = fold(tag).split("/")
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
        """The notes that a note links to, that link to it, or either."""
        return {*(self._out[path] if way != BACK else ()), *(self._back[path] if way != OUT else ())}

    def tagged(self, name: str) -> Collection[str]:
        """The notes that a tag's name stands for: those with it, in singular or plural, or one nested below it, else with it as the last part of a nested tag."""
        forms = _forms(fold(clean_tag(name) or name))
        for form in forms:
            if form in self.tags:
                return self.tags[form]
        return dict.fromkeys(path for tag in sorted(self.tags) if tag.rpartition("/")[2] in forms for path in self.tags[tag])

    def topic(self, name: str) -> Collection[str]:
        """The notes that a topic stands for: by a tag, else by title or alias."""
        return self.tagged(name) or self._facts.named(f"t:{fold(name)}")

    def fitting(self, which: Which) -> list[str]:
        """The notes that are meant, by path."""
        if which not in self._fitting:
            wanted = [set(self.tagged(name)) for name in which.tagged]
            unwanted = {path for name in which.untagged for path in self.tagged(name)}
            today = self._facts.today
            self._fitting[which] = [
                path
                for path, note in self.notes.items()
                if path not in unwanted and all(path in paths for paths in wanted) and _is_of_age(note, which, today)
            ]
        return self._fitting[which]

    def within(self, topic: str, hops: int) -> frozenset[str]:
        """The notes that some note of a topic reaches within so many hops, whichever way links point; a saved path is no step of one."""
        if (topic, hops) not in self._near:
            found = frontier = set(self.topic(topic))
            for _ in range(hops):
                steps = (path for path in frontier if path in self.topic(topic) or not is_saved(self.notes[path]))
                frontier = {other for path in steps for other in self.linked(path, "")} - found
                found = found | frontier
                if not frontier:
                    break
            self._near[topic, hops] = frozenset(found)
        return self._near[topic, hops]

    def line(self, source: str, target: str) -> int:
        """The line of the first link from one note to another."""
        links = (found.link for found in self._facts.links(OK) if found.resolution.target == target)
        return next((link.line for link in links if link.source == source), 1)

    def best(self, note: Note, paths: Collection[str]) -> list[Note]:
        """Some of the notes at `paths` to link with a note: those that share tags with it and that most others link to first."""
        tags = {fold(tag) for tag in note.tags}
        others = (self.notes[path] for path in paths if path != note.path)
        return sorted(others, key=lambda other: (-len(tags & {fold(tag) for tag in other.tags}), -other.backlinks, other.handle))[:SHOWN]


def _fault(known: Known, note: Note, demand: Demand) -> Fault | None:
    """What is wrong with a note by what is asked of it."""
    match demand:
        case Linked():
            return _fault_of_links(known, note, demand)
        case FollowedUp():
            return _fault_of_follow_up(known, note, demand)
        case Reached(topic, hops, is_wanted):
            if (note.path in known.within(topic, hops)) == is_wanted:
                return None
            reach = f"reached by {topic} within {_counted(hops, 'hop')}"
            if not known.topic(topic):
                return Fault(f"it is not {reach}", f"no note is tagged or called {topic} yet")
            return Fault(f"it is{' not' * is_wanted} {reach}", f'zettel path "{topic}" {note.handle} shows how they hang together')
        case Tagged(name, is_wanted):
            if (note.path in known.tagged(name)) == is_wanted:
                return None
            return Fault(f"it has {'no' if is_wanted else 'the'} tag {name}", f"{'add' if is_wanted else 'take out'} the tag")
        case Counted(field, least, most):
            given: object = getattr(note, "id" if field == "ids" else field)
            count = given if isinstance(given, int) else len(given) if isinstance(given, tuple) else int(given is not None)
            if count < least or (most is not None and count > most):
                wanted = f"{least} or more" if count < least else f"at most {most}"
                return Fault(f"it has {_counted(count, field)}, not {wanted}", f"zettel edit {note.handle}")
            return None


def _fault_of_links(known: Known, note: Note, demand: Linked) -> Fault | None:
    which = demand.others
    fitting = known.fitting(which)
    found = sorted(known.linked(note.path, demand.way) & set(fitting))
    if (len(found) >= which.least) == demand.is_wanted:
        return None
    verb = VERBS.get(demand.way, "it is linked with")
    if not demand.is_wanted:
        other = known.notes[found[0]]
        line = 1 if demand.way == BACK else known.line(note.path, other.path)
        return Fault(f"{verb} {other.name}", "take the link out, or retag one of the two", line)
    what = f"{verb} {_counted(len(found), 'note')} {which.said}".rstrip()
    best = known.best(note, [path for path in fitting if path not in found])
    names = " or ".join(other.name for other in best)
    todo = f"link {'to it from' if demand.way == BACK else 'it to'} {names}" if best else f"there is no note {which.said} to link with"
    return Fault(f"{what}, not {which.least}" if which.least > 1 else what, todo)


def _fault_of_follow_up(known: Known, note: Note, demand: FollowedUp) -> Fault | None:
    others = sorted(known.linked(note.path, ""))
    found = [known.notes[other] for other in others if _follows(known.notes[other], note)]
    if bool(found) == demand.is_wanted:
        return None
    if found:
        return Fault(f"{found[0].name} follows it up", "take the link out")
    return Fault(
        f"nothing that is linked with it was written after {note.created[:10]}, or is tagged follow-up",
        f"write what came of it: zettel new --link-from {note.handle} WORDS",
    )


def _follows(other: Note, note: Note) -> bool:
    """Whether a note that is linked with another follows it up: tagged so, or created on a later day and no mere structure note."""
    last = {fold(tag).rpartition("/")[2] for tag in other.tags}
    return not last.isdisjoint(FOLLOW_UP) or (other.created[:10] > note.created[:10] and last.isdisjoint(STRUCTURE_TAGS) and not is_saved(other))


def _is_of_age(note: Note, which: Which, today: date) -> bool:
    if which.older is None and which.younger is None:
        return True
    age = (today - type(today).fromisoformat(note.created[:10])).days
    return (which.older is None or age > which.older) and (which.younger is None or age < which.younger)


def _forms(word: str) -> list[str]:
    """A word, and what may be its singular or plural."""
    if word.endswith("ies"):
        return [word, word[:-3] + "y"]
    if word.endswith("s"):
        return [word, word[:-1], *([word[:-2]] if word.endswith("es") else [])]
    return [word, word + "s", word[:-1] + "ies" if word.endswith("y") else word + "es"]


def _nearest(name: str, tags: Collection[str]) -> str:
    """The tag whose name, or the last part of it, is nearly the same; empty if none is."""
    from zettel.model.nearness import nearest

    near = nearest(name, sorted({tag.rpartition("/")[2] for tag in tags} | set(tags)), most=1)
    return near[0] if near else ""


def _counted(number: int, what: str) -> str:
    what = what.removesuffix("es") if what == "aliases" else "ID" if what == "ids" else what.removesuffix("s")
    return f"{number or 'no'} {what}{'' if number == 1 else 'es' if what == 'alias' else 's'}"
