"""Test which parts of titles are found in prose."""

from __future__ import annotations

import pytest

from zettel.adapters.fulltext.stem import stem
from zettel.adapters.parse.note import parse_note_bytes
from zettel.model.suggest.mentions import NameIndex
from zettel.model.suggest.title_parts import NameParts, choose_names

NOTES = [
    ("map.md", "Maps age faster than the roads they show", ()),
    ("tide.md", "Hope: a rising tide of small bets", ("Cheap early bets",)),
    ("short.md", "Small bets", ()),
    ("cjk.md", "知識管理の方法", ()),
    ("date.md", "Every Monday 2024 plan", ()),
]
NAMES = NameIndex(NOTES, stem)
PARTS = NameParts([(path, name) for path, title, aliases in NOTES for name in (title, *aliases)], stem, lambda _: True)


def list_parts(text: str) -> list[tuple[str, str]]:
    """Return (target, text) of each partial mention in a text."""
    return [
        (mention.target, mention.text) for mention in NAMES.find_part_mentions("x.md", parse_note_bytes("x.md", text.encode()), PARTS.match)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A map ages, they say.", [("map.md", "map ages")]),
        ("Maps age faster here.", [("map.md", "Maps age faster")]),
        ("It ages faster than the road.", [("map.md", "ages faster than the road")]),
        ("They age faster than the others.", [("map.md", "age faster")]),
        ("**Maps** *age*", [("map.md", "Maps age")]),
        ("maps\nage", [("map.md", "maps age")]),
        ("maps, age", []),
        ("Maps. Age", []),
        ("the roads they", []),
        ("faster roads", []),
        ("Maps age faster than the roads they show.", []),
        ("a rising tide of small bets", [("tide.md", "rising tide")]),
        ("a rising tide of small", [("tide.md", "rising tide of small")]),
        ("of small bets", []),
        ("hope: a rising sun", [("tide.md", "hope: a rising")]),
        ("early bets", [("tide.md", "early bets")]),
        ("`maps age` and [maps age](y.md) and <https://x.org/maps age>", []),
        ("# Maps age", []),
        ("maps age 202401010101", []),
        ("202401010101 Maps age", []),
        ("知識管理", []),
        ("Monday 2024, 2024 plan", []),
        ("", []),
    ],
)
def test_parts_are_runs_of_content_words(text: str, found: list[tuple[str, str]]) -> None:
    """A part begins and ends with a content word, has at least two, and is the longest run there. Whole names and links are left alone."""
    assert found == list_parts(text)


def test_a_part_is_rejected_by_its_phrases() -> None:
    """The caller decides about a part by its pairs of neighbouring content words."""
    asked = []
    parts = NameParts([("map.md", "Maps age faster than the roads they show")], stem, lambda part: bool(asked.append(part.phrases)))
    assert [] == NAMES.find_part_mentions("x.md", parse_note_bytes("x.md", b"Age faster than the road."), parts.match)
    assert [(("age", "faster"), ("faster", "than", "the", "roads"))] == asked[:1]


def test_parts_of_two_notes_are_left_out() -> None:
    """What could be a part of several notes' names names none of them."""
    parts = NameParts([("a.md", "Calm seas ahead of us"), ("b.md", "After calm seas")], stem, lambda _: True)
    assert [] == NAMES.find_part_mentions("x.md", parse_note_bytes("x.md", b"On calm seas."), parts.match)


def test_only_likely_names_are_compared() -> None:
    """A name is compared if two neighbouring content words of it may be neighbours in the text."""
    names = [(path, title) for path, title, _ in NOTES]
    assert [names[0]] == choose_names(names, ["mapping and aging"])
    assert [] == choose_names(names, ["age of maps", "maps", "age"])
