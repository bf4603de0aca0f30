"""A person's own rules: for which notes they do not hold, and what is said of it."""

from __future__ import annotations

from datetime import date

import pytest

from zettel.model.check.check import NotebookFacts
from zettel.model.check.rule_eval import find_broken_rules
from zettel.model.link.link import OK, Link, Resolution, ResolvedLink
from zettel.model.note.note import Note
from zettel.model.settings.rule_grammar import parse_rule
from zettel.model.text.fold import fold

NOTES = {
    # name: (created, tags, links)
    "i1": ("2024-01-01", "initiative", "m1 d1"),
    "i2": ("2024-01-02", "initiative/large", "d1"),
    "i3": ("2024-01-03", "initiative done", "i1"),
    "m1": ("2023-01-01", "metric", ""),
    "m2": ("2023-01-02", "metric other", ""),
    "d1": ("2024-03-01", "decisions", "m1"),
    "d2": ("2024-03-01", "decision work/call", "r2"),
    "d3": ("2024-05-20", "decisions", ""),
    "d4": ("2024-02-01", "decisions", "f1"),
    "r2": ("2024-03-01", "", ""),
    "f1": ("2023-12-01", "log/follow-up", ""),
    "late": ("2024-04-01", "", "d1"),
    "map": ("2024-04-01", "structure", "d2 i2"),
    "far": ("2024-04-02", "private", "late"),
    "$(o'x)": ("2024-04-02", "odd", ""),
}
TODAY = date(2024, 6, 1)


class Made:
    """The facts of NOTES."""

    def __init__(self, *rules: str) -> None:
        self.rules = [parse_rule(rule, "here") for rule in rules]
        self.today = TODAY
        self.edges = [(name, other) for name, (_, _, links) in NOTES.items() for other in links.split()]
        self.notes = {
            name: Note(name, None, f"Title of {name}", (), tuple(tags.split()), f"{created}T00:00", "", 5, len(links.split()), 0)
            for name, (created, tags, links) in sorted(NOTES.items())
        }

    def find_by_key(self, key: str) -> list[str]:
        """The notes with a title."""
        return [path for path, note in self.notes.items() if key == f"t:{fold(note.title)}"]

    def list_links(self, status: str) -> list[ResolvedLink]:
        """The links, the nth of a note in line n + 10."""
        assert OK == status
        return [
            ResolvedLink(Link(name, "wiki", other, other, "", at, 0, 0, (), "", (0, 0)), Resolution(OK, other))
            for name, (_, _, links) in NOTES.items()
            for at, other in enumerate(links.split(), 10)
        ]


BROKEN = {
    "a note tagged initiative links to one tagged metric": {"i2", "i3"},
    "an initiative not tagged done links to a metric": {"i2"},
    "initiatives link to 2 metrics": {"i1", "i2", "i3"},
    "a metric is linked from an initiative": {"m2"},
    "a metric is linked with a decision": {"m2"},
    "a metric is not linked from a decision": {"m1"},
    "no initiative links to a decision": {"i1", "i2"},
    "a decision has a follow-up": {"d2", "d3"},
    "a decision older than 90 days has a follow-up": {"d2"},
    "a decision younger than 2 weeks has a follow-up": {"d3"},
    "no decision has a follow-up": {"d1", "d4"},
    "every private note is reached by metric": {"far"},
    "every private note is reached by metric within 3 hops": set(),
    "every note tagged other is reached by metric": set(),
    'a private note reaches "title of D1"': set(),
    "a private note reaches title nowhere": {"far"},
    "no initiative is reached by metric within 1 hop": {"i1"},
    "an initiative has a tag under initiative": set(),
    "an initiative is tagged done": {"i1", "i2"},
    "no initiative is tagged done": {"i3"},
    "a metric has a link": {"m1", "m2"},
    "an initiative has at most 1 link": {"i1"},
    "a metric has an ID": {"m1", "m2"},
    "a metric has at least 2 tags": {"m1"},
    "a metric has at least 5 words": set(),
    "a call has a link": set(),
    "a call has at least 2 links": {"d2"},
}


def judged(facts: NotebookFacts) -> list[tuple[str, str, int, str]]:
    """(path, message, line, hint) of what is found."""
    return [(problem.path, problem.message, problem.line, problem.hint) for problem in find_broken_rules(facts)]


@pytest.mark.parametrize("rule", BROKEN)
def test_a_rule_fires_where_it_does_not_hold(rule: str) -> None:
    """Just the notes for which a rule does not hold are named, each with the rule."""
    found = judged(Made(rule))
    assert sorted(BROKEN[rule]) == [path for path, *_ in found]
    assert all(f'"{rule}"' in message for _, message, _, _ in found)


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        (
            "a note tagged done links to one tagged metric",
            ("i3", "it links to no notes tagged metric", 1, "link it to Title of m1 (m1) or Title of m2 (m2)"),
        ),
        (
            "a metric is linked from a note tagged done",
            ("m1", "it is linked from no notes tagged done", 1, "link to it from Title of i3 (i3)"),
        ),
        (
            "a metric links to a note tagged nothing",
            ("m1", "it links to no notes tagged nothing", 1, "write it: there is no other note tagged nothing"),
        ),
        (
            "no initiative links to a decision",
            ("i1", "it links to Title of d1 (d1)", 11, "remove the link, or retag one of the two notes"),
        ),
        (
            "a note tagged work/call has a follow-up",
            (
                "d2",
                "no note linked with it was created after 2024-03-01 or is tagged follow-up",
                1,
                "write what came of it: zettel new --link-from d2 WORDS",
            ),
        ),
        (
            "a private note is reached by metric",
            ("far", "it is not reached by metric within 2 hops", 1, "zettel path metric far shows how they are connected"),
        ),
        (
            "a private note is reached by big thoughts within 1 hop",
            ("far", "it is not reached by big thoughts within 1 hop", 1, "no note is tagged or called big thoughts yet"),
        ),
        ("a metric has at least 2 tags", ("m1", "it has 1 tag, not 2 or more", 1, "zettel edit m1")),
        ("an initiative has at most 1 link", ("i1", "it has 2 links, not at most 1", 1, "zettel edit i1")),
        ("a metric has an alias", ("m1", "it has no aliases, not 1 or more", 1, "zettel edit m1")),
        ("an odd note has a link", ("$(o'x)", "it has no links, not 1 or more", 1, "zettel edit '$(o'\\''x)'")),
        ("a metric is tagged owner", ("m1", "it has no tag owner", 1, "add the tag")),
    ],
)
def test_what_is_missing_is_said(rule: str, problem: tuple[str, str, int, str]) -> None:
    """A problem says what is missing, where, and what to do."""
    path, what, line, hint = problem
    assert (path, f'{what}, against the rule "{rule}"', line, hint) == judged(Made(rule))[0]


def test_a_misspelt_tag_is_said() -> None:
    """A rule about a tag that no note has is a problem where a tag is there that is nearly the same."""
    assert [
        (
            ".zettel/config.toml",
            'no note is tagged inititative, which the rule "an inititative has a link" names',
            1,
            'did you mean "initiative"?',
        )
    ] == judged(Made("an inititative has a link"))
    assert [] == judged(Made("a zebra has a link"))


def test_no_rules_no_problems() -> None:
    """Without rules nothing is looked at."""
    assert [] == judged(Made())
