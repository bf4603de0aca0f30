"""Draw samples of what is too much for every run of the tests: different ones each day, and everything in the long form, `pytest -m long`."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

T = TypeVar("T")

DAY = os.environ.setdefault("ZETTEL_TEST_DAY", datetime.now().date().isoformat())
"""The day that seeds the samples. Set the variable to draw those of another day again."""

LONG = "ZETTEL_TEST_LONG"
"""The variable that marks the long form, also for the processes that tests start."""


def is_long() -> bool:
    """Return whether this is the long form, which leaves nothing out."""
    return bool(os.environ.get(LONG))


def seed_random(name: str) -> random.Random:
    """Return the day's source of random numbers for `name`."""
    print(f"random sample of the day: {name}, ZETTEL_TEST_DAY={DAY}")  # pytest shows it if a test fails
    return random.Random(f"{DAY} {name}")


def sample(cases: Iterable[T], one_in: int, name: str) -> list[T]:
    """Return one in `one_in` of the cases, at least one, in their order. The day draws them; the long form returns all of them."""
    every = list(cases)
    if is_long() or not every:
        return every
    chosen = seed_random(name).sample(range(len(every)), -(-len(every) // one_in))
    return [every[at] for at in sorted(chosen)]


def shorten(number: int, to: int) -> int:
    """Return a number of tries: `number` in the long form, otherwise `to`."""
    return number if is_long() else to
