"""Attacks on zettel. Each module has a short form, its tests, and a long form, `long_form(minutes)`, which returns figures.

Run all long forms with `python -m tests.attacks`, or some of them with `python -m tests.attacks damage concurrency --minutes 10`.
"""

from __future__ import annotations

from typing import NamedTuple


class Figures(NamedTuple):
    """What a long form tried and how often (`tried`), and how often a promise was broken (`lost`: lost notes, wrong answers, tracebacks, ways out)."""

    attack: str
    tried: int
    lost: int
    remark: str = ""
