"""Recognise note IDs: exactly 12 or 14 ASCII digits in a row, a timestamp to the minute or to the second."""

from __future__ import annotations

ID_LENGTHS = (12, 14)
NON_DIGITS_TO_SPACES = bytes(byte if byte in b"0123456789" else 32 for byte in range(256))
"""Translation table for bytes that turns everything but digits into spaces."""


def is_id(text: str) -> bool:
    """Return whether `text` is an ID: 12 or 14 ASCII digits and nothing else."""
    return len(text) in ID_LENGTHS and text.isascii() and text.isdigit()


def find_ids(text: str) -> list[str]:
    """Return every ID in `text`, in order. Longer and shorter runs of digits do not count."""
    if len(text) < ID_LENGTHS[0]:
        return []
    runs = text.encode("ascii", "replace").translate(NON_DIGITS_TO_SPACES).split()
    return [run.decode() for run in runs if len(run) in ID_LENGTHS]


def find_first_id(text: str) -> str | None:
    """Return the first ID in `text`, or None."""
    found = find_ids(text)
    return found[0] if found else None


def find_leading_id(text: str) -> str | None:
    """Return the ID that `text` begins with, or None. Fast enough to call for every file name."""
    for length in ID_LENGTHS:
        if is_id(text[:length]) and not text[length : length + 1].isdigit():
            return text[:length]
    return None


def strip_id(text: str, note_id: str | None, *, anywhere: bool = False) -> str:
    """Return a text without the ID at its start or end, or with `anywhere` inside it, and without the punctuation around the ID."""
    before, found, after = text.partition(note_id or "\0")
    if not found or before[-1:].isdigit() or after[:1].isdigit():
        return text.strip()
    before, after = before.rstrip(" \t-_–—:(["), after.lstrip(" \t-_–—:.)]")
    if before.strip() and after.strip() and not anywhere:
        return text.strip()
    return f"{before} {after}".strip()


def parse_id_time(note_id: str) -> str | None:
    """Return the time that an ID encodes as `YYYY-MM-DDTHH:MM[:SS]`, or None if its digits are not a valid date and time."""
    from zettel.model.text.fast_datetime import datetime

    year, month, day, hour, minute = (int(note_id[a:b]) for a, b in ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12)))
    second = int(note_id[12:14] or 0)
    try:
        when = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    return when.isoformat(timespec="seconds" if len(note_id) == 14 else "minutes")
