"""Parse the user's own rules for notes: a sentence in plain English says which notes, and what each of them must be like.

This module is the grammar. A sentence starts with a noun and its qualifiers (`Which`) and goes on with one of `READINGS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from zettel.model.dates import UNITS
from zettel.model.errors import SettingsError
from zettel.model.value import value

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
HOPS = 2
"""How far a topic reaches if the rule does not say, the same as for `zettel gap`."""

WORDS_OF_ITS_OWN = (
    "notes?|ones?|tagged|older|newer|younger|that|which|no|not|with|without|and|is|are|be|has|have|links?|reach(?:es)?|does|do|must|should"
)
NAME = rf"(?:\"[^\"]+\"|`[^`]+`|'[^']+'|(?!(?:{WORDS_OF_ITS_OWN})(?![\w/.-]))#?\w(?:[\w/.-]*\w)?)"
UNIT = "|".join(UNITS)
NOUN = re.compile(
    r"(?:(?:at least )?(?P<least>\d{1,6})(?: or more)? )?(?:(?:an?|any|some|each|every|all|another|other|the) )*"
    rf"(?:(?P<any>notes?|ones?|another)|(?P<name>{NAME})(?: notes?)?)(?= |$)",
    re.I,
)
NARROWED = re.compile(
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
class Which:
    """Selects the notes that have all tags of `tagged` and none of `untagged`, and are older or younger than a number of days."""

    tagged: tuple[str, ...] = ()
    untagged: tuple[str, ...] = ()
    older: int | None = None
    younger: int | None = None
    least: int = 1

    @property
    def said(self) -> str:
        """The notes in words, to follow "no note"."""
        parts = [f"tagged {name}" for name in self.tagged] + [f"not tagged {name}" for name in self.untagged]
        ages = (("older", self.older), ("younger", self.younger))
        return " and ".join([*parts, *(f"{word} than {days} days" for word, days in ages if days is not None)])


class Linked(NamedTuple):
    """Links with at least `others.least` of some notes: out, back or either."""

    way: str
    others: Which
    is_wanted: bool


class FollowedUp(NamedTuple):
    """A link, in either direction, with a note created on a later day or tagged follow-up."""

    is_wanted: bool


class Reached(NamedTuple):
    """A path of at most `hops` hops, in either direction, from some note of a topic."""

    topic: str
    hops: int
    is_wanted: bool = True


class Tagged(NamedTuple):
    """A tag, or one nested below it."""

    name: str
    is_wanted: bool


class Counted(NamedTuple):
    """A minimum or maximum number of links, backlinks, tags, aliases, IDs or words."""

    field: str
    least: int
    most: int | None


Demand = Linked | FollowedUp | Reached | Tagged | Counted


@value
class Rule:
    """A rule as written, the notes that it is about, and what it demands of each."""

    text: str
    which: Which
    demand: Demand


def parse(text: str, where: str) -> Rule:
    """Parse a rule. Raises `SettingsError`, with examples, if it is not understood. `where` names its source in the message."""
    sentence = " ".join(text.replace("“", '"').replace("”", '"').split()).rstrip(".")
    no = NO.match(sentence)
    which, at = _which(sentence, no.end() if no else 0)
    if which and which.least == 1:
        modal = MODAL.match(sentence, at)
        demand = _demand(sentence[modal.end() if modal else at :])
        if demand:
            return Rule(sentence, which, _turned(demand) if no else demand)
    unread = sentence[at:].strip() if which and which.least == 1 else ""
    what = f'"{unread}" in the rule "{sentence}"' if unread else f'the rule "{sentence}"'
    raise SettingsError(f"{where}: {what} cannot be understood", "write it like one of these", EXAMPLES)


def _demand(rest: str) -> Demand | None:
    for pattern, make in READINGS:
        found = pattern.fullmatch(rest)
        if found and (demand := make(found)):
            return demand
    return None


def _turned(demand: Demand) -> Demand:
    """Return the opposite, which a rule that starts with "no note" demands."""
    if not isinstance(demand, Counted):
        return demand._replace(is_wanted=not demand.is_wanted)
    if demand.most is None:
        return Counted(demand.field, 0, demand.least - 1)
    return Counted(demand.field, demand.most + 1, None)


def _which(said: str, at: int) -> tuple[Which | None, int]:
    """Parse the notes that a sentence names at an offset. Returns them, or None, and the offset after them."""
    noun = NOUN.match(said, at)
    if not noun:
        return None, at
    tagged = [_plain(noun["name"])] if noun["name"] else []
    untagged: list[str] = []
    ages: dict[str, int] = {}
    at = noun.end()
    while found := NARROWED.match(said, at):
        if found["tag"]:
            (untagged if found["not"] else tagged).append(_plain(found["tag"]))
        elif found["without"]:
            untagged.append(_plain(found["without"]))
        else:
            ages["older" if found["age"].lower() == "older" else "younger"] = int(found["number"]) * UNITS[found["unit"].lower()]
        at = found.end()
    return Which(tuple(tagged), tuple(untagged), ages.get("older"), ages.get("younger"), int(noun["least"] or 1)), at


def _plain(name: str) -> str:
    """Return a name without quotes, `#` and slashes around it."""
    return name.strip("\"'`").lstrip("#").strip("/ ")


def _linked(way: str) -> Callable[[re.Match[str]], Demand | None]:
    def made(found: re.Match[str]) -> Demand | None:
        others, end = _which(found["others"], 0)
        return Linked(way, others, not found["not"]) if others and end == len(found["others"]) else None

    return made


def _followed_up(found: re.Match[str]) -> Demand:
    return FollowedUp(not found["no"])


def _reached(found: re.Match[str]) -> Demand:
    which, end = _which(found["topic"], 0)
    is_name = which and end == len(found["topic"]) and len(which.tagged) == 1
    return Reached(which.tagged[0] if which and is_name else _plain(found["topic"]), int(found["hops"] or HOPS))


def _tagged(found: re.Match[str]) -> Demand:
    return Tagged(_plain(found["tag"]), not found["no"])


def _counted(found: re.Match[str]) -> Demand:
    field = found["field"].lower()
    field = next(name for name in (BACKLINKS, LINKS, TAGS, ALIASES, IDS, WORDS) if name.startswith(field.removesuffix("s")))
    number = int(found["number"] or 1)
    return Counted(field, 0, 0) if found["no"] else Counted(field, 0, number) if found["most"] else Counted(field, number, None)


def _reading(
    pattern: str, make: Callable[[re.Match[str]], Demand | None]
) -> tuple[re.Pattern[str], Callable[[re.Match[str]], Demand | None]]:
    return re.compile(pattern, re.I), make


READINGS = (
    _reading(rf"{NOT}links? to (?P<others>.+)", _linked(OUT)),
    _reading(r"(?:is|are|be) (?P<not>not )?linked (?:from|by) (?P<others>.+)", _linked(BACK)),
    _reading(r"(?:is|are|be) (?P<not>not )?linked (?:with|to) (?P<others>.+)", _linked(EITHER)),
    _reading(rf"{NOT}be linked (?:from|by) (?P<others>.+)", _linked(BACK)),
    _reading(rf"{NOT}be linked (?:with|to) (?P<others>.+)", _linked(EITHER)),
    _reading(r"(?:has|have) (?:an? |(?P<no>no ))?follow-?ups?(?: links?| notes?)?", _followed_up),
    _reading(r"(?:(?:is|are|be) reached (?:by|from)|reach(?:es)?) (?P<topic>.+?)(?: (?:with)?in (?P<hops>\d{1,4}) hops?)?", _reached),
    _reading(rf"(?:is|are|be) (?P<no>not )?tagged (?:under |below )?(?P<tag>{NAME})", _tagged),
    _reading(rf"(?:has|have) (?:an? |the |(?P<no>no ))?tags? (?:(?:named|called|under|below) )?(?P<tag>{NAME})", _tagged),
    _reading(rf"(?:has|have) {QUANTITY} (?P<field>links?|backlinks?|tags?|alias(?:es)?|ids?|words?)", _counted),
)
"""Patterns of what may follow the notes in a rule, each with the function that builds its demand. The first match wins."""
