"""The stamps of notes are known again, in whichever way they are kept."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from zettel.adapters.catalogue import schema
from zettel.adapters.fs.files import FileStamps

STAMPS = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 2), st.just(1), st.sampled_from([5, -6])))


@settings(max_examples=300, deadline=None)
@given(STAMPS, st.dictionaries(st.sampled_from("abcdefgh"), st.none() | st.tuples(st.integers(0, 2), st.just(1), st.just(5))))
def test_stamps_are_those_that_were_kept_last(together: FileStamps, beside: dict[str, tuple[int, int, int] | None]) -> None:
    """What is kept one by one counts more than what is kept together."""
    from array import array

    connection = schema.open_catalogue(None)
    numbers = array("q", (number for stamp in together.values() for number in stamp))
    connection.execute("INSERT INTO stamps VALUES (?, ?)", ("\0".join(together), numbers.tobytes()))
    connection.executemany(
        "INSERT INTO stamped VALUES (?, ?, ?, ?)", [(path, *(stamp or (None, None, None))) for path, stamp in beside.items()]
    )
    assert {path: stamp for path, stamp in {**together, **beside}.items() if stamp is not None} == schema.load_stamps(connection)
    connection.close()
