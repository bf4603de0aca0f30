"""Samples of what is too much for every run of the tests: other ones each day, and everything in the long form, `pytest -m long`."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

T = TypeVar("T")

DAY = os.environ.setdefault("ZETTEL_TEST_DAY", datetime.now().date().isoformat())
"""By which samples are drawn; the variable repeats those of another day."""

LONG = "ZETTEL_TEST_LONG"
"""The variable that is set in the long form, also for the processes that tests start."""


def is_long() -> bool:
    """Whether this is the long form, which leaves nothing out."""
    return bool(os.environ.get(LONG))


def chance(name: str) -> random.Random:
    """The chance of the day for what is called `name`."""
    print(f"by chance of the day: {name}, ZETTEL_TEST_DAY={DAY}")  # seen when a test fails
    return random.Random(f"{DAY} {name}")


def sample(cases: Iterable[T], one_in: int, name: str) -> list[T]:
    """One in so many of the cases, but at least one, by the chance of the day and in their order; all of them in the long form."""
    every = list(cases)
    if is_long() or not every:
        return every
    chosen = chance(name).sample(range(len(every)), -(-len(every) // one_in))
    return [every[at] for at in sorted(chosen)]


def shortened(number: int, to: int) -> int:
    """A number of tries: `number` in the long form, else `to`."""
    return number if is_long() else to
