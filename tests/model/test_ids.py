"""IDs: which runs of digits are IDs, what a name is without its own, and the time they stand for."""

from __future__ import annotations

import pytest

from zettel.model.text.ids import find_first_id, find_ids, is_id, parse_id_time, strip_id

MINUTE = "202104291526"
SECOND = "20210429152612"


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (True, MINUTE),
        (True, SECOND),
        (True, "20211709141709"),
        (True, "000000000000"),
        (False, ""),
        (False, "20210429152"),
        (False, "2021042915261"),
        (False, "202104291526123"),
        (False, " 202104291526"),
        (False, "202104291526\n"),
        (False, "2021-0429-15"),
        (False, "２０２１０４２９１５２６"),
        (False, "٢٠٢١٠٤٢٩١٥٢٦"),
        (False, "20210429152²"),
        (False, "²²²²²²²²²²²²"),
    ],
)
def test_what_an_id_is(expected: bool, text: str) -> None:
    """An ID is 12 or 14 ASCII digits, whether or not they are a date, and nothing else."""
    assert expected == is_id(text)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ([MINUTE], MINUTE),
        ([MINUTE], f"{MINUTE} Make the hard decisions.md"),
        ([MINUTE], f"Make the hard decisions {MINUTE}"),
        ([MINUTE], f"{MINUTE}-make-the-hard-decisions"),
        ([MINUTE], f"a{MINUTE}b"),
        ([SECOND], f"{SECOND}.md"),
        ([MINUTE, SECOND], f"{MINUTE} and {SECOND}"),
        ([MINUTE, MINUTE], f"{MINUTE}-{MINUTE}"),
        ([], "2021042915261"),
        ([], f"{SECOND}1"),
        ([], f"1{MINUTE}"),
        ([], "2021-04-29 15:26"),
        ([], ""),
        ([], "２０２１０４２９１５２６"),
        ([MINUTE], f"２{MINUTE}"),
    ],
)
def test_ids_in_a_name(expected: list[str], text: str) -> None:
    """In a name an ID may stand anywhere, but never in a longer run of ASCII digits."""
    assert expected == find_ids(text)
    assert (expected[0] if expected else None) == find_first_id(text)


@pytest.mark.parametrize(
    ("expected", "text", "note_id"),
    [
        ("Make the hard decisions", f"{MINUTE} Make the hard decisions", MINUTE),
        ("Make the hard decisions", f"Make the hard decisions {MINUTE}", MINUTE),
        ("make-the-hard-decisions", f"{MINUTE}-make-the-hard-decisions", MINUTE),
        ("make", f"{MINUTE}_make", MINUTE),
        ("Trust", f"{MINUTE} - Trust", MINUTE),
        ("Trust", f"{MINUTE} – Trust", MINUTE),
        ("Trust", f"{MINUTE}: Trust", MINUTE),
        ("Trust", f"{MINUTE}. Trust", MINUTE),
        ("Trust", f"Trust - {MINUTE}", MINUTE),
        ("Trust", f"Trust_{MINUTE}", MINUTE),
        ("", MINUTE, MINUTE),
        ("Trust", "  Trust ", None),
        ("Trust", "Trust", MINUTE),
        (f"{SECOND} Trust", f"{SECOND} Trust", MINUTE),
        (f"Trust {SECOND}", f"Trust {SECOND}", SECOND[2:]),
    ],
)
def test_a_name_without_its_id(expected: str, text: str, note_id: str | None) -> None:
    """A name loses its own ID and the marks that set it off, and no part of another number."""
    assert expected == strip_id(text, note_id)


@pytest.mark.parametrize(
    ("expected", "note_id"),
    [
        ("2021-04-29T15:26", MINUTE),
        ("2021-04-29T15:26:12", SECOND),
        ("2024-02-29T00:00", "202402290000"),
        (None, "202302290000"),
        (None, "202113010000"),
        (None, "202100010000"),
        (None, "202104310000"),
        (None, "202104292400"),
        (None, "202104291560"),
        (None, "20210429152660"),
        (None, "20211709141709"),
        (None, "000001010000"),
    ],
)
def test_the_time_an_id_stands_for(expected: str | None, note_id: str) -> None:
    """An ID stands for a time only if its digits are a date of the calendar and a time of the day."""
    assert expected == parse_id_time(note_id)
