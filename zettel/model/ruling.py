"""Evaluate the user's own rules: find what a note lacks and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

from zettel.model.exploring.network import STRUCTURE_TAGS
from zettel.model.exploring.topic import is_saved_path
from zettel.model.meant import RuleMatcher
from zettel.model.note import Note
from zettel.model.rules import BACK, EITHER, OUT, Condition, CountCondition, FollowUpCondition, LinkCondition, ReachCondition, TagCondition
from zettel.model.text import fold

FOLLOW_UP_TAGS = ("follow-up", "followup")
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
                f"zettel path {_quote_argument(topic)} {_quote_argument(note.handle)} shows how they are connected",
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
                return RuleFault(f"it has {_format_count(count, field)}, not {wanted}", f"zettel edit {_quote_argument(note.handle)}")
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
        f"write what came of it: zettel new --link-from {_quote_argument(note.handle)} WORDS",
    )


def _is_follow_up(other: Note, note: Note) -> bool:
    """Return whether a linked note is a follow-up: tagged so, or created on a later day and neither a structure note nor a saved path."""
    last = {fold(tag).rpartition("/")[2] for tag in other.tags}
    return not last.isdisjoint(FOLLOW_UP_TAGS) or (
        other.created[:10] > note.created[:10] and last.isdisjoint(STRUCTURE_TAGS) and not is_saved_path(other)
    )


def _quote_argument(name: str) -> str:
    """Quote a name for a POSIX shell, if necessary."""
    is_plain = name[:1].isalnum() and all(char.isalnum() or char in "-_./" for char in name)
    return name if is_plain else "'" + name.replace("'", "'\\''") + "'"


def _format_count(count: int, noun: str) -> str:
    noun = noun.removesuffix("es") if noun == "aliases" else "ID" if noun == "ids" else noun.removesuffix("s")
    return f"{count or 'no'} {noun}{'' if count == 1 else 'es' if noun == 'alias' else 's'}"
