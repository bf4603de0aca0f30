"""Format counts and lists of names for messages."""

from __future__ import annotations

from collections.abc import Sequence


def format_count(number: int, noun: str) -> str:
    """Format a number with a noun, in the plural unless it is 1: "2 notes", "10,000 notes"."""
    return f"{number:,} {noun}{'' if number == 1 else 'es' if noun.endswith('s') else 's'}"


def describe_limit(shown: int, total: int, noun: str) -> str:
    """Say that a limit leaves out some of `total`, and how to see all: "10 of 14 notes; --limit 14 shows all". Empty if none are left out."""
    return f"{shown:,} of {format_count(total, noun)}; --limit {total} shows all" if shown < total else ""


def join_names(names: Sequence[str], limit: int = 3, conjunction: str = "and") -> str:
    """Join names: "A, B and C", or "A, B, C and 2 more" after `limit` names."""
    if len(names) > limit or len(names) == 1:
        return clip_names(names, limit)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def clip_names(names: Sequence[str], limit: int) -> str:
    """List at most `limit` names, and say how many more there are: "A, B, C", or "A, B and 2 more"."""
    return ", ".join(names[:limit]) + (f" and {len(names) - limit} more" if len(names) > limit else "")
