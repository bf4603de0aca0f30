"""Compare the stems of words."""

from __future__ import annotations


def strip_stem_ending(stem: str) -> str:
    """Return the prefix that all inflections of a stem share.

    Porter's algorithm changes at most the last letter of a stem (`happi`, `stabl`), or two in `die`, `lie` and `tie`.
    """
    return stem if len(stem) < 3 else stem[: -2 if stem.endswith("ie") else -1]
