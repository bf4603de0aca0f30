"""Test the candidates that the catalogue selects against looking at every note."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import example, given
from hypothesis import strategies as st

from zettel.adapters.catalogue.queries import Catalogue
from zettel.adapters.catalogue.schema import open_catalogue
from zettel.model.link.resolve import list_note_keys
from zettel.model.text.fold import fold, fold_letters

LETTERS = "aAbß\u017f\u212a\ufb01\u00e9e\u0301\u0130 \u00a0\u2028\u1680\t\x1c\x01'-\u4e2d1\U0001d400"
"""Letters that fold into others, that are dropped, or that only some functions take for white space."""

names = st.text(LETTERS, min_size=1, max_size=5)


@contextmanager
def build_catalogue(titles: list[str]) -> Iterator[Catalogue]:
    """Build a catalogue of notes with these titles, whose paths are their numbers."""
    catalogue = Catalogue(open_catalogue(None))
    for number, title in enumerate(titles):
        catalogue.connection.execute(
            "INSERT INTO note VALUES (?, ?, '', 0, 0, 0, NULL, ?, ?, '', '', NULL, 0, NULL, 0, NULL, NULL)",
            (number, str(number), title, fold(title)),
        )
        keys = list_note_keys(str(number), None, title, ())
        catalogue.connection.executemany("INSERT INTO name VALUES (?, ?)", [(key, number) for key in keys])
    yield catalogue
    catalogue.connection.close()


@given(st.lists(names.map(lambda name: " ".join(name.split())).filter(bool), max_size=8), names)
@example(["Straße", "Strasse"], "strass")
@example(["\u212aelvin"], "k")
@example(["slow trust"], "w t")
def test_no_name_is_missed_by_what_was_typed(titles: list[str], part: str) -> None:
    """Every name that has what was typed, ignoring accents and letter case, is among the candidates."""
    typed = fold_letters(part)
    with build_catalogue(titles) as catalogue:
        found = {title for title, *_ in catalogue.find_names_with(typed)}
    assert set() == {title for title in titles if typed in fold_letters(title)} - found


@given(
    st.lists(st.text("0123a\u00b2", min_size=1, max_size=4), max_size=8, unique=True), st.text("012a\u00b2", max_size=2), st.integers(1, 4)
)
def test_handles_are_found_by_prefix(paths: list[str], prefix: str, limit: int) -> None:
    """The first notes by path are found whose ID or path starts as typed."""
    with build_catalogue([]) as catalogue:
        for path in paths:
            catalogue.connection.execute(
                "INSERT INTO note VALUES (NULL, ?, '', 0, 0, 0, NULL, 'A', 'a', '', '', NULL, 0, NULL, 0, NULL, NULL)", (path,)
            )
        found = catalogue.find_handles_by_prefix(prefix, limit)
    assert [(path, "A") for path in sorted(paths) if path.startswith(prefix)][:limit] == found


@given(st.lists(names, max_size=8), st.sampled_from("ab\u00e9\u4e2d"))
def test_no_name_is_missed_by_substring(titles: list[str], part: str) -> None:
    """Every name whose plain letters contain the text is among the candidates."""
    with build_catalogue(titles) as catalogue:
        found = {names[0] for _, names in catalogue.find_names_containing([part])}
    assert set() == {title for title in titles if part in fold_letters(title)} - found
