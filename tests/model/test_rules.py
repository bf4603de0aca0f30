"""The grammar of a person's own rules."""

from __future__ import annotations

import pytest

from zettel.model.base.errors import SettingsError
from zettel.model.settings.rule_grammar import (
    BACK,
    EITHER,
    EXAMPLES,
    OUT,
    Condition,
    CountCondition,
    FollowUpCondition,
    LinkCondition,
    NoteSelector,
    ReachCondition,
    TagCondition,
    parse_rule,
)

METRIC = NoteSelector(("metric",))

READ = {
    "a note tagged initiative links to one tagged metric": (NoteSelector(("initiative",)), LinkCondition(OUT, METRIC, True)),
    "Every note with the tag #initiative must link to a note tagged `metric`.": (
        NoteSelector(("initiative",)),
        LinkCondition(OUT, METRIC, True),
    ),
    "an initiative links to a metric": (NoteSelector(("initiative",)), LinkCondition(OUT, METRIC, True)),
    "initiatives link to metrics": (NoteSelector(("initiatives",)), LinkCondition(OUT, NoteSelector(("metrics",)), True)),
    "initiatives link to at least 2 metrics": (
        NoteSelector(("initiatives",)),
        LinkCondition(OUT, NoteSelector(("metrics",), min_count=2), True),
    ),
    "initiatives link to 3 or more notes tagged metric": (
        NoteSelector(("initiatives",)),
        LinkCondition(OUT, NoteSelector(("metric",), min_count=3), True),
    ),
    'each "big bet" should link to another note': (NoteSelector(("big bet",)), LinkCondition(OUT, NoteSelector(), True)),
    "a note tagged a/b and tagged c links to one": (NoteSelector(("a/b", "c")), LinkCondition(OUT, NoteSelector(), True)),
    "a note tagged public does not link to one tagged private": (
        NoteSelector(("public",)),
        LinkCondition(OUT, NoteSelector(("private",)), False),
    ),
    "no note tagged public links to one tagged private": (NoteSelector(("public",)), LinkCondition(OUT, NoteSelector(("private",)), False)),
    "a note tagged public must not link to one tagged private": (
        NoteSelector(("public",)),
        LinkCondition(OUT, NoteSelector(("private",)), False),
    ),
    "an idea is linked from a map": (NoteSelector(("idea",)), LinkCondition(BACK, NoteSelector(("map",)), True)),
    "ideas must be linked by a note tagged map": (NoteSelector(("ideas",)), LinkCondition(BACK, NoteSelector(("map",)), True)),
    "an idea is not linked from a map": (NoteSelector(("idea",)), LinkCondition(BACK, NoteSelector(("map",)), False)),
    "a problem is linked with one tagged insight": (NoteSelector(("problem",)), LinkCondition(EITHER, NoteSelector(("insight",)), True)),
    "a one-on-one links to a person": (NoteSelector(("one-on-one",)), LinkCondition(OUT, NoteSelector(("person",)), True)),
    "a note tagged node.js links to one younger than 2 weeks": (
        NoteSelector(("node.js",)),
        LinkCondition(OUT, NoteSelector(younger_than=14), True),
    ),
    "a decision older than 90 days has a follow-up link": (NoteSelector(("decision",), older_than=90), FollowUpCondition(True)),
    "decisions that are older than 3 months have a follow-up": (NoteSelector(("decisions",), older_than=90), FollowUpCondition(True)),
    "a note tagged decision and not tagged closed older than 1 year has a followup": (
        NoteSelector(("decision",), ("closed",), older_than=365),
        FollowUpCondition(True),
    ),
    "a decision without the tag open has no follow-up": (NoteSelector(("decision",), ("open",)), FollowUpCondition(False)),
    "every strategy note is reached by execution": (NoteSelector(("strategy",)), ReachCondition("execution", 2)),
    "every `strategy` note is reached by `execution` within 3 hops": (NoteSelector(("strategy",)), ReachCondition("execution", 3)),
    "every strategy note is reached from notes tagged execution within 1 hop": (
        NoteSelector(("strategy",)),
        ReachCondition("execution", 1),
    ),
    "every strategy note reaches value delivery in 4 hops": (NoteSelector(("strategy",)), ReachCondition("value delivery", 4)),
    'a strategy note is reached by "value delivery"': (NoteSelector(("strategy",)), ReachCondition("value delivery", 2)),
    "no secret is reached by public": (NoteSelector(("secret",)), ReachCondition("public", 2, False)),
    "an initiative has a tag under owner": (NoteSelector(("initiative",)), TagCondition("owner", True)),
    "an initiative is tagged owner/ann": (NoteSelector(("initiative",)), TagCondition("owner/ann", True)),
    "a note older than 2 weeks is not tagged inbox": (NoteSelector(older_than=14), TagCondition("inbox", False)),
    "no note older than 2 weeks has the tag inbox": (NoteSelector(older_than=14), TagCondition("inbox", False)),
    "a note has a tag": (NoteSelector(), CountCondition("tags", 1, None)),
    "all notes have at least 2 links": (NoteSelector(), CountCondition("links", 2, None)),
    "every note has 3 or more backlinks": (NoteSelector(), CountCondition("backlinks", 3, None)),
    "a person has an alias": (NoteSelector(("person",)), CountCondition("aliases", 1, None)),
    "every note has an ID": (NoteSelector(), CountCondition("ids", 1, None)),
    "a note must have at most 500 words": (NoteSelector(), CountCondition("words", 0, 500)),
    "a draft has no backlinks": (NoteSelector(("draft",)), CountCondition("backlinks", 0, 0)),
    "no note has at least 30 links": (NoteSelector(), CountCondition("links", 0, 29)),
    "no note has no tags": (NoteSelector(), CountCondition("tags", 1, None)),
}


@pytest.mark.parametrize("text", READ)
def test_a_rule_is_read(text: str) -> None:
    """A sentence gives the notes it is about, and what it asks of each."""
    which, demand = READ[text]
    rule = parse_rule(text, "here")
    assert (which, demand) == (rule.selector, rule.condition)


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_can_be_read(text: str) -> None:
    """What the error for an unreadable rule shows are rules."""
    assert text == parse_rule(text, "here").text


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
        parse_rule(text, "config.toml: check.rules")
    assert caught.value.message.startswith(f"config.toml: check.rules: {unread}")
    assert EXAMPLES == caught.value.candidates


def test_demands_are_told_apart() -> None:
    """Every form of demand is read by some sentence above."""
    assert {LinkCondition, FollowUpCondition, ReachCondition, TagCondition, CountCondition} == {type(demand) for _, demand in READ.values()}
    assert all(isinstance(demand, Condition) for _, demand in READ.values())
