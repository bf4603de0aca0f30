"""Parse the user's own rules for notes: a sentence in plain English says which notes, and what each of them must be like.

This module is the grammar. A sentence starts with a noun and its qualifiers (`NoteSelector`) and goes on with one of `CONDITIONS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from zettel.model.base.errors import SettingsError
from zettel.model.base.value import value
from zettel.model.text.dates import UNIT_DAYS

EXAMPLES = (
    "a note tagged initiative links to one tagged metric",
    "a decision older than 90 days has a follow-up",
    "every strategy note is reached by execution within 2 hops",
    "a note tagged meeting is linked from at least 1 project",
    "a note tagged public does not link to one tagged private",
    "every initiative not tagged done has a tag under owner",
    "a note older than 2 weeks has at least 2 links",
)
"""One example of each form, shown with errors."""

OUT, BACK, EITHER = "out", "back", "either"
TAGS, LINKS, BACKLINKS, ALIASES, IDS, WORDS = "tags", "links", "backlinks", "aliases", "ids", "words"
DEFAULT_HOPS = 2
"""How far a topic reaches if the rule does not say, the same as for `zettel gap`."""

KEYWORDS = (
    "notes?|ones?|tagged|older|newer|younger|that|which|no|not|with|without|and|is|are|be|has|have|links?|reach(?:es)?|does|do|must|should"
)
NAME = rf"(?:\"[^\"]+\"|`[^`]+`|'[^']+'|(?!(?:{KEYWORDS})(?![\w/.-]))#?\w(?:[\w/.-]*\w)?)"
UNIT = "|".join(UNIT_DAYS)
NOUN = re.compile(
    r"(?:(?:at least )?(?P<least>\d{1,6})(?: or more)? )?(?:(?:an?|any|some|each|every|all|another|other|the) )*"
    rf"(?:(?P<any>notes?|ones?|another)|(?P<name>{NAME})(?: notes?)?)(?= |$)",
    re.I,
)
QUALIFIER = re.compile(
    r" (?:and )?(?:(?:that|which) (?:is|are|has|have) )?"
    rf"(?:(?P<not>not )?(?:tagged|with (?:the |a )?tag)(?: under| below)? (?P<tag>{NAME})"
    rf"|without (?:the |a )?tag (?P<without>{NAME})"
    rf"|(?P<age>older|younger|newer) than (?P<number>\d{{1,5}}) (?P<unit>{UNIT})s?)(?= |$)",
    re.I,
)
NOT = r"(?P<not>(?:do(?:es)? not|never|not) )?"
QUANTITY = r"(?:(?P<no>no)|(?:(?P<most>at most|no more than)|at least)? ?(?P<number>\d{1,6})(?: or more)?|an?|any|some|the|its own)"
MODAL = re.compile(r" (?:(?:must|should|always|has to|have to) )?", re.I)
NO = re.compile(r"no (?=\S)", re.I)


@value
class NoteSelector:
    """Selects the notes that have all tags of `tagged` and none of `untagged`, and are older or younger than a number of days."""

    tagged: tuple[str, ...] = ()
    untagged: tuple[str, ...] = ()
    older_than: int | None = None
    younger_than: int | None = None
    min_count: int = 1

    @property
    def description(self) -> str:
        """The notes in words, to follow "no note"."""
        parts = [f"tagged {name}" for name in self.tagged] + [f"not tagged {name}" for name in self.untagged]
        ages = (("older", self.older_than), ("younger", self.younger_than))
        return " and ".join([*parts, *(f"{word} than {days} days" for word, days in ages if days is not None)])


class LinkCondition(NamedTuple):
    """Links with at least `others.min_count` of some notes: out, back or either."""

    direction: str
    others: NoteSelector
    is_wanted: bool


class FollowUpCondition(NamedTuple):
    """A link, in either direction, with a note created on a later day or tagged follow-up."""

    is_wanted: bool


class ReachCondition(NamedTuple):
    """A path of at most `hops` hops, in either direction, from some note of a topic."""

    topic: str
    hops: int
    is_wanted: bool = True


class TagCondition(NamedTuple):
    """A tag, or one nested below it."""

    name: str
    is_wanted: bool


class CountCondition(NamedTuple):
    """A minimum or maximum number of links, backlinks, tags, aliases, IDs or words."""

    field: str
    minimum: int
    maximum: int | None


Condition = LinkCondition | FollowUpCondition | ReachCondition | TagCondition | CountCondition


@value
class Rule:
    """A rule as written, the notes that it is about, and what it demands of each."""

    text: str
    selector: NoteSelector
    condition: Condition


def parse_rule(text: str, origin: str) -> Rule:
    """Parse a rule. Raises `SettingsError`, with examples, if it is not understood. `origin` names its source in the message."""
    sentence = " ".join(text.replace("“", '"').replace("”", '"').split()).rstrip(".")
    no = NO.match(sentence)
    which, at = _parse_selector(sentence, no.end() if no else 0)
    if which and which.min_count == 1:
        modal = MODAL.match(sentence, at)
        demand = _parse_condition(sentence[modal.end() if modal else at :])
        if demand:
            return Rule(sentence, which, _negate_condition(demand) if no else demand)
    unread = sentence[at:].strip() if which and which.min_count == 1 else ""
    what = f'"{unread}" in the rule "{sentence}"' if unread else f'the rule "{sentence}"'
    raise SettingsError(f"{origin}: {what} cannot be understood", "write it like one of these", EXAMPLES)


def _parse_condition(rest: str) -> Condition | None:
    for pattern, make in CONDITIONS:
        found = pattern.fullmatch(rest)
        if found and (demand := make(found)):
            return demand
    return None


def _negate_condition(condition: Condition) -> Condition:
    """Return the opposite, which a rule that starts with "no note" demands."""
    if not isinstance(condition, CountCondition):
        return condition._replace(is_wanted=not condition.is_wanted)
    if condition.maximum is None:
        return CountCondition(condition.field, 0, condition.minimum - 1)
    return CountCondition(condition.field, condition.maximum + 1, None)


def _parse_selector(said: str, at: int) -> tuple[NoteSelector | None, int]:
    """Parse the notes that a sentence names at an offset. Returns them, or None, and the offset after them."""
    noun = NOUN.match(said, at)
    if not noun:
        return None, at
    tagged = [_strip_name(noun["name"])] if noun["name"] else []
    untagged: list[str] = []
    ages: dict[str, int] = {}
    at = noun.end()
    while found := QUALIFIER.match(said, at):
        if found["tag"]:
            (untagged if found["not"] else tagged).append(_strip_name(found["tag"]))
        elif found["without"]:
            untagged.append(_strip_name(found["without"]))
        else:
            ages["older" if found["age"].lower() == "older" else "younger"] = int(found["number"]) * UNIT_DAYS[found["unit"].lower()]
        at = found.end()
    return NoteSelector(tuple(tagged), tuple(untagged), ages.get("older"), ages.get("younger"), int(noun["least"] or 1)), at


def _strip_name(name: str) -> str:
    """Return a name without quotes, `#` and slashes around it."""
    return name.strip("\"'`").lstrip("#").strip("/ ")


def _make_link_builder(direction: str) -> Callable[[re.Match[str]], Condition | None]:
    def build(found: re.Match[str]) -> Condition | None:
        others, end = _parse_selector(found["others"], 0)
        return LinkCondition(direction, others, not found["not"]) if others and end == len(found["others"]) else None

    return build


def _build_follow_up(found: re.Match[str]) -> Condition:
    return FollowUpCondition(not found["no"])


def _build_reach(found: re.Match[str]) -> Condition:
    which, end = _parse_selector(found["topic"], 0)
    is_name = which and end == len(found["topic"]) and len(which.tagged) == 1
    return ReachCondition(which.tagged[0] if which and is_name else _strip_name(found["topic"]), int(found["hops"] or DEFAULT_HOPS))


def _build_tag(found: re.Match[str]) -> Condition:
    return TagCondition(_strip_name(found["tag"]), not found["no"])


def _build_count(found: re.Match[str]) -> Condition:
    field = found["field"].lower()
    field = next(name for name in (BACKLINKS, LINKS, TAGS, ALIASES, IDS, WORDS) if name.startswith(field.removesuffix("s")))
    number = int(found["number"] or 1)
    return (
        CountCondition(field, 0, 0)
        if found["no"]
        else CountCondition(field, 0, number)
        if found["most"]
        else CountCondition(field, number, None)
    )


def _compile_condition(
    pattern: str, build: Callable[[re.Match[str]], Condition | None]
) -> tuple[re.Pattern[str], Callable[[re.Match[str]], Condition | None]]:
    return re.compile(pattern, re.I), build


CONDITIONS = (
    _compile_condition(rf"{NOT}links? to (?P<others>.+)", _make_link_builder(OUT)),
    _compile_condition(r"(?:is|are|be) (?P<not>not )?linked (?:from|by) (?P<others>.+)", _make_link_builder(BACK)),
    _compile_condition(r"(?:is|are|be) (?P<not>not )?linked (?:with|to) (?P<others>.+)", _make_link_builder(EITHER)),
    _compile_condition(rf"{NOT}be linked (?:from|by) (?P<others>.+)", _make_link_builder(BACK)),
    _compile_condition(rf"{NOT}be linked (?:with|to) (?P<others>.+)", _make_link_builder(EITHER)),
    _compile_condition(r"(?:has|have) (?:an? |(?P<no>no ))?follow-?ups?(?: links?| notes?)?", _build_follow_up),
    _compile_condition(
        r"(?:(?:is|are|be) reached (?:by|from)|reach(?:es)?) (?P<topic>.+?)(?: (?:with)?in (?P<hops>\d{1,4}) hops?)?", _build_reach
    ),
    _compile_condition(rf"(?:is|are|be) (?P<no>not )?tagged (?:under |below )?(?P<tag>{NAME})", _build_tag),
    _compile_condition(rf"(?:has|have) (?:an? |the |(?P<no>no ))?tags? (?:(?:named|called|under|below) )?(?P<tag>{NAME})", _build_tag),
    _compile_condition(rf"(?:has|have) {QUANTITY} (?P<field>links?|backlinks?|tags?|alias(?:es)?|ids?|words?)", _build_count),
)
"""Patterns of what may follow the notes in a rule, each with the function that builds its demand. The first match wins."""
