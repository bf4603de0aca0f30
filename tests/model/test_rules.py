"""The grammar of a person's own rules."""

from __future__ import annotations

import pytest

from zettel.model.errors import SettingsError
from zettel.model.rules import (
    BACK,
    EITHER,
    EXAMPLES,
    OUT,
    Counted,
    Demand,
    FollowedUp,
    Linked,
    Reached,
    Tagged,
    Which,
    parse,
)

METRIC = Which(("metric",))

READ = {
    "a note tagged initiative links to one tagged metric": (Which(("initiative",)), Linked(OUT, METRIC, True)),
    "Every note with the tag #initiative must link to a note tagged `metric`.": (Which(("initiative",)), Linked(OUT, METRIC, True)),
    "an initiative links to a metric": (Which(("initiative",)), Linked(OUT, METRIC, True)),
    "initiatives link to metrics": (Which(("initiatives",)), Linked(OUT, Which(("metrics",)), True)),
    "initiatives link to at least 2 metrics": (Which(("initiatives",)), Linked(OUT, Which(("metrics",), least=2), True)),
    "initiatives link to 3 or more notes tagged metric": (Which(("initiatives",)), Linked(OUT, Which(("metric",), least=3), True)),
    'each "big bet" should link to another note': (Which(("big bet",)), Linked(OUT, Which(), True)),
    "a note tagged a/b and tagged c links to one": (Which(("a/b", "c")), Linked(OUT, Which(), True)),
    "a note tagged public does not link to one tagged private": (Which(("public",)), Linked(OUT, Which(("private",)), False)),
    "no note tagged public links to one tagged private": (Which(("public",)), Linked(OUT, Which(("private",)), False)),
    "a note tagged public must not link to one tagged private": (Which(("public",)), Linked(OUT, Which(("private",)), False)),
    "an idea is linked from a map": (Which(("idea",)), Linked(BACK, Which(("map",)), True)),
    "ideas must be linked by a note tagged map": (Which(("ideas",)), Linked(BACK, Which(("map",)), True)),
    "an idea is not linked from a map": (Which(("idea",)), Linked(BACK, Which(("map",)), False)),
    "a problem is linked with one tagged insight": (Which(("problem",)), Linked(EITHER, Which(("insight",)), True)),
    "a one-on-one links to a person": (Which(("one-on-one",)), Linked(OUT, Which(("person",)), True)),
    "a note tagged node.js links to one younger than 2 weeks": (Which(("node.js",)), Linked(OUT, Which(younger=14), True)),
    "a decision older than 90 days has a follow-up link": (Which(("decision",), older=90), FollowedUp(True)),
    "decisions that are older than 3 months have a follow-up": (Which(("decisions",), older=90), FollowedUp(True)),
    "a note tagged decision and not tagged closed older than 1 year has a followup": (
        Which(("decision",), ("closed",), older=365),
        FollowedUp(True),
    ),
    "a decision without the tag open has no follow-up": (Which(("decision",), ("open",)), FollowedUp(False)),
    "every strategy note is reached by execution": (Which(("strategy",)), Reached("execution", 2)),
    "every `strategy` note is reached by `execution` within 3 hops": (Which(("strategy",)), Reached("execution", 3)),
    "every strategy note is reached from notes tagged execution within 1 hop": (Which(("strategy",)), Reached("execution", 1)),
    "every strategy note reaches value delivery in 4 hops": (Which(("strategy",)), Reached("value delivery", 4)),
    'a strategy note is reached by "value delivery"': (Which(("strategy",)), Reached("value delivery", 2)),
    "no secret is reached by public": (Which(("secret",)), Reached("public", 2, False)),
    "an initiative has a tag under owner": (Which(("initiative",)), Tagged("owner", True)),
    "an initiative is tagged owner/ann": (Which(("initiative",)), Tagged("owner/ann", True)),
    "a note older than 2 weeks is not tagged inbox": (Which(older=14), Tagged("inbox", False)),
    "no note older than 2 weeks has the tag inbox": (Which(older=14), Tagged("inbox", False)),
    "a note has a tag": (Which(), Counted("tags", 1, None)),
    "all notes have at least 2 links": (Which(), Counted("links", 2, None)),
    "every note has 3 or more backlinks": (Which(), Counted("backlinks", 3, None)),
    "a person has an alias": (Which(("person",)), Counted("aliases", 1, None)),
    "every note has an ID": (Which(), Counted("ids", 1, None)),
    "a note must have at most 500 words": (Which(), Counted("words", 0, 500)),
    "a draft has no backlinks": (Which(("draft",)), Counted("backlinks", 0, 0)),
    "no note has at least 30 links": (Which(), Counted("links", 0, 29)),
    "no note has no tags": (Which(), Counted("tags", 1, None)),
}


@pytest.mark.parametrize("text", READ)
def test_a_rule_is_read(text: str) -> None:
    """A sentence gives the notes it is about, and what it asks of each."""
    which, demand = READ[text]
    rule = parse(text, "here")
    assert (which, demand) == (rule.which, rule.demand)


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_can_be_read(text: str) -> None:
    """What the error for an unreadable rule shows are rules."""
    assert text == parse(text, "here").text


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("", 'the rule ""'),
        ("a note", 'the rule "a note"'),
        ("a note frobs", '"frobs" in the rule'),
        ("a note tagged", '"tagged" in the rule'),
        ("a note links to", '"links to" in the rule'),
        ("a note links to one tagged metric today", '"links to one tagged metric today" in the rule'),
        ("a decision older than 90 fortnights has a follow-up", '"older than 90 fortnights has a follow-up" in the rule'),
        ("2 decisions link to a metric", 'the rule "2 decisions link to a metric"'),
        ("every note has a mind of its own", '"has a mind of its own" in the rule'),
    ],
)
def test_what_cannot_be_read_is_said(text: str, unread: str) -> None:
    """An error says where the rule stands, which part of it cannot be read, and what forms there are."""
    with pytest.raises(SettingsError) as caught:
        parse(text, "config.toml: check.rules")
    assert caught.value.message.startswith(f"config.toml: check.rules: {unread}")
    assert EXAMPLES == caught.value.candidates


def test_demands_are_told_apart() -> None:
    """Every form of demand is read by some sentence above."""
    assert {Linked, FollowedUp, Reached, Tagged, Counted} == {type(demand) for _, demand in READ.values()}
    assert all(isinstance(demand, Demand) for _, demand in READ.values())
