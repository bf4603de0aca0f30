"""What has changed is told from the stamps that are kept, in whichever way they are kept."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from zettel.adapters import catalogue
from zettel.adapters.files import Stamps

STAMPS = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 2), st.just(1), st.sampled_from([5, -6])))


@settings(max_examples=600, deadline=None)
@given(STAMPS, st.dictionaries(st.sampled_from("abcdefgh"), st.none() | st.tuples(st.integers(0, 2), st.just(1), st.just(5))), STAMPS)
def test_changes_are_those_of_all_stamps(together: Stamps, beside: dict[str, tuple[int, int, int] | None], now: Stamps) -> None:
    """Changed and gone notes are those that a comparison of all stamps finds."""
    from array import array

    connection = catalogue.connect(None)
    numbers = array("q", (number for stamp in together.values() for number in stamp))
    connection.execute("INSERT INTO stamps VALUES (?, ?)", ("\0".join(together), numbers.tobytes()))
    connection.executemany(
        "INSERT INTO stamped VALUES (?, ?, ?, ?)", [(path, *(stamp or (None, None, None))) for path, stamp in beside.items()]
    )
    known = {path: stamp for path, stamp in {**together, **beside}.items() if stamp is not None}
    assert known == catalogue.stamps(connection)
    changed = sorted(path for path, stamp in now.items() if known.get(path) != stamp)
    assert (changed, sorted(known.keys() - now.keys())) == catalogue.compared(connection, now)
    connection.close()
