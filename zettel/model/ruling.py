"""Evaluate the user's own rules: find what a note lacks and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

from zettel.model.exploring.network import STRUCTURE_TAGS
from zettel.model.exploring.topic import is_saved
from zettel.model.meant import Meant
from zettel.model.note import Note
from zettel.model.rules import BACK, EITHER, OUT, Counted, Demand, FollowedUp, Linked, Reached, Tagged
from zettel.model.text import fold

FOLLOW_UP = ("follow-up", "followup")
VERBS = {OUT: "it links to", BACK: "it is linked from"}


class Fault(NamedTuple):
    """A violation of a rule: what a note lacks or must not have, what to do, and on which line."""

    what: str
    todo: str
    line: int = 1


def fault(meant: Meant, note: Note, demand: Demand) -> Fault | None:
    """Return what is wrong with a note, or None if it meets the demand."""
    match demand:
        case Linked():
            return _fault_of_links(meant, note, demand)
        case FollowedUp():
            return _fault_of_follow_up(meant, note, demand)
        case Reached(topic, hops, is_wanted):
            if (note.path in meant.within(topic, hops)) == is_wanted:
                return None
            reach = f"reached by {topic} within {_counted(hops, 'hop')}"
            if not meant.topic(topic):
                return Fault(f"it is not {reach}", f"no note is tagged or called {topic} yet")
            return Fault(
                f"it is{' not' * is_wanted} {reach}", f"zettel path {_quoted(topic)} {_quoted(note.handle)} shows how they are connected"
            )
        case Tagged(name, is_wanted):
            if (note.path in meant.tagged(name)) == is_wanted:
                return None
            return Fault(f"it has {'no' if is_wanted else 'the'} tag {name}", f"{'add' if is_wanted else 'remove'} the tag")
        case Counted(field, least, most):
            given: object = getattr(note, "id" if field == "ids" else field)
            count = given if isinstance(given, int) else len(given) if isinstance(given, tuple) else int(given is not None)
            if count < least or (most is not None and count > most):
                wanted = f"{least} or more" if count < least else f"at most {most}"
                return Fault(f"it has {_counted(count, field)}, not {wanted}", f"zettel edit {_quoted(note.handle)}")
            return None


def _fault_of_links(meant: Meant, note: Note, demand: Linked) -> Fault | None:
    which = demand.others
    fitting = meant.fitting(which)
    found = sorted(meant.linked(note.path, demand.way) & fitting)
    if (len(found) >= which.least) == demand.is_wanted:
        return None
    verb = VERBS.get(demand.way, "it is linked with")
    if not demand.is_wanted:
        other = meant.notes[found[0]]
        line = 1 if demand.way == BACK else meant.line(note.path, other.path)
        return Fault(f"{verb} {other.name}", "remove the link, or retag one of the two notes", line)
    what = f"{verb} {_counted(len(found), 'note')} {which.said}".rstrip()
    best = meant.best(note, which, found)
    names = " or ".join(other.name for other in best)
    todo = (
        f"link {'to it from' if demand.way == BACK else 'it to'} {names}"
        if best
        else f"write it: there is no other note {which.said}".rstrip()
    )
    return Fault(f"{what}, not {which.least}" if which.least > 1 else what, todo)


def _fault_of_follow_up(meant: Meant, note: Note, demand: FollowedUp) -> Fault | None:
    others = sorted(meant.linked(note.path, EITHER))
    found = [meant.notes[other] for other in others if _follows(meant.notes[other], note)]
    if bool(found) == demand.is_wanted:
        return None
    if found:
        return Fault(f"{found[0].name} follows it up", "remove the link")
    return Fault(
        f"no note linked with it was created after {note.created[:10]} or is tagged follow-up",
        f"write what came of it: zettel new --link-from {_quoted(note.handle)} WORDS",
    )


def _follows(other: Note, note: Note) -> bool:
    """Return whether a linked note is a follow-up: tagged so, or created on a later day and neither a structure note nor a saved path."""
    last = {fold(tag).rpartition("/")[2] for tag in other.tags}
    return not last.isdisjoint(FOLLOW_UP) or (
        other.created[:10] > note.created[:10] and last.isdisjoint(STRUCTURE_TAGS) and not is_saved(other)
    )


def _quoted(name: str) -> str:
    """Quote a name for a POSIX shell, if necessary."""
    is_plain = name[:1].isalnum() and all(char.isalnum() or char in "-_./" for char in name)
    return name if is_plain else "'" + name.replace("'", "'\\''") + "'"


def _counted(number: int, what: str) -> str:
    what = what.removesuffix("es") if what == "aliases" else "ID" if what == "ids" else what.removesuffix("s")
    return f"{number or 'no'} {what}{'' if number == 1 else 'es' if what == 'alias' else 's'}"
