"""Test the keys of the walks: one table, in which the same key means the same everywhere, and what is made from it."""

from __future__ import annotations

from itertools import chain

import pytest

from zettel.interactive import keys
from zettel.interactive.keys import REVIEW_KEYS, SUGGEST_KEYS, WALKS, WalkKey, format_bar, format_help, list_names
from zettel.model.browse.keys import DEFAULT_KEYS, REVIEW, SUGGESTION

EVERY = {(found.key, found.others) for found in vars(keys).values() if isinstance(found, WalkKey)}
"""How each key is pressed, whatever the words that a walk has for it."""

ENTER = {"\n", "\r"}


def test_each_key_has_one_meaning() -> None:
    """No key but Enter stands for two things, in one walk or in two, and every walk can be quit and explains itself.

    Enter stands for the first key of a bar. Each walk that changes notes has `u`.
    """
    pressed = [key for key in chain.from_iterable((key, *others) for key, others in EVERY) if key not in ENTER]
    assert len(set(pressed)) == len(pressed)
    for walk in WALKS.values():
        assert {(key.key, key.others) for key in walk} <= EVERY
        assert len({key.key for key in walk}) == len(walk)
        assert ["q", "?"] == [key.key for key in walk[-2:]]
        assert not any(ENTER & {key.key, *key.others} for key in walk[1:])
    assert ["tutor"] == [name for name, walk in WALKS.items() if "u" not in {key.key for key in walk}]


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("name", WALKS)
def test_a_bar_names_every_key_within_the_width(name: str, width: int) -> None:
    """The bar has every key with its name, whole, in order, and none of its lines is wider than the terminal."""
    lines = format_bar("12 of 34   ", WALKS[name], width)
    assert max(map(len, lines)) <= max(width, len("12 of 34   r reviewed"))
    assert [f"{list_names(key)[0]} {key.name}" for key in WALKS[name]] == [
        item.strip() for line in lines for item in line.removeprefix("12 of 34").split("  ") if item.strip()
    ]


def test_the_bar_of_suggestions_is_one_line() -> None:
    """On a terminal of 80 columns, the bar of the suggestions takes one line."""
    assert 1 == len(format_bar("99 of 99   ", WALKS["suggest --walk"], 80))


def test_help_says_how_each_key_is_pressed() -> None:
    """The help has a line for each key, with further keys that do the same by name, aligned."""
    lines = format_help(WALKS["review"])
    assert "r, Enter   reviewed: it is still true, and due again after its interval" == lines[0]
    assert "k, Space   skip: leave it as it is; it comes again another time" in lines
    assert len(WALKS["review"]) == len(lines)


def test_browsing_has_the_keys_of_the_walks() -> None:
    """What a suggestion or a review offers on the screen has the key that it has in the walk on the command line."""
    for mode, walk in ((SUGGESTION, SUGGEST_KEYS), (REVIEW, REVIEW_KEYS)):
        pressed = {row.words: row.keys for row in DEFAULT_KEYS.list_bindings(mode)}
        shared = [key for key in walk if key.name in pressed and key.name != "quit"]
        assert len(shared) >= 5
        assert not [key.name for key in shared if key.key not in pressed[key.name]]
