"""What the catalogue chooses first, to be looked at closely, against looking at all there is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile

from hypothesis import example, given
from hypothesis import strategies as st

from zettel.adapters.catalogue import queries, schema
from zettel.model.link.resolve import list_note_keys
from zettel.model.text.fold import fold, fold_letters

LETTERS = "aAbß\u017f\u212a\ufb01\u00e9e\u0301\u0130 \u00a0\u2028\u1680\t\x1c\x01'-\u4e2d1\U0001d400"
"""Letters that fold into others, that are dropped, or that are blanks to the one and not to the other."""

names = st.text(LETTERS, min_size=1, max_size=5)


@contextmanager
def known(titles: list[str]) -> Iterator[sqlite3.Connection]:
    """A catalogue of notes with these titles, whose paths are their places."""
    connection = schema.open_catalogue(None)
    for number, title in enumerate(titles):
        connection.execute(
            "INSERT INTO note VALUES (?, ?, '', 0, 0, 0, NULL, ?, ?, '', '', NULL, 0, NULL, 0)", (number, str(number), title, fold(title))
        )
        keys = list_note_keys(str(number), None, title, ())
        connection.executemany("INSERT INTO name VALUES (?, ?)", [(key, number) for key in keys])
    yield connection
    connection.close()


@given(st.lists(names, max_size=8), names)
@example(["Straße", "Strasse"], "strass")
@example(["\u212aelvin"], "k")
@example(["a  b", "a\u00a0b", "a\u2028b"], "a b")
def test_names_that_begin(titles: list[str], begun: str) -> None:
    """No name that begins as typed, accents and letter case aside, is left out by the first choice."""
    typed = fold_letters(begun)
    certain = "".join(takewhile(str.isascii, typed))
    with known(titles) as connection:
        found = {title for title, *_ in queries.find_names_by_prefix(connection, fold(certain))}
    assert set() == {title for title in titles if fold_letters(title).startswith(typed)} - found


@given(
    st.lists(st.text("0123a\u00b2", min_size=1, max_size=4), max_size=8, unique=True), st.text("012a\u00b2", max_size=2), st.integers(1, 4)
)
def test_handles_that_begin(paths: list[str], begun: str, most: int) -> None:
    """The first notes whose ID or path begins as typed, by path."""
    with known([]) as connection:
        for path in paths:
            connection.execute("INSERT INTO note VALUES (NULL, ?, '', 0, 0, 0, NULL, 'A', 'a', '', '', NULL, 0, NULL, 0)", (path,))
        found = queries.find_handles_by_prefix(connection, begun, most)
    assert [(path, "A") for path in sorted(paths) if path.startswith(begun)][:most] == found


@given(st.lists(names, max_size=8), st.sampled_from("ab\u00e9\u4e2d"))
def test_names_in_which_letters_stand(titles: list[str], part: str) -> None:
    """No name in whose plain letters something stands is left out by the first choice."""
    with known(titles) as connection:
        found = {names[0] for _, names in queries.find_names_containing(connection, [part])}
    assert set() == {title for title in titles if part in fold_letters(title)} - found
