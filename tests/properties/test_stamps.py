"""Test that the stamps of notes are loaded as they were stored, in either form."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from zettel.adapters.catalogue.queries import Catalogue
from zettel.adapters.catalogue.schema import open_catalogue
from zettel.adapters.fs.files import FileStamps

STAMPS = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 2), st.just(1), st.sampled_from([5, -6])))


@settings(max_examples=300, deadline=None)
@given(STAMPS, st.dictionaries(st.sampled_from("abcdefgh"), st.none() | st.tuples(st.integers(0, 2), st.just(1), st.just(5))))
def test_single_stamps_override_the_blob(blob: FileStamps, single: dict[str, tuple[int, int, int] | None]) -> None:
    """A stamp that is stored by itself overrides the one that is stored with all others."""
    from array import array

    connection = open_catalogue(None)
    numbers = array("q", (number for stamp in blob.values() for number in stamp))
    connection.execute("INSERT INTO stamps VALUES (?, ?)", ("\0".join(blob), numbers.tobytes()))
    connection.executemany(
        "INSERT INTO stamped VALUES (?, ?, ?, ?)", [(path, *(stamp or (None, None, None))) for path, stamp in single.items()]
    )
    assert {path: stamp for path, stamp in {**blob, **single}.items() if stamp is not None} == Catalogue(connection).load_stamps()
    connection.close()
