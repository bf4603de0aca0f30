"""Attacks on zettel: each module has a short form, its tests, and a long form, `long_form(minutes)`, with figures.

All long forms: `python -m tests.attacks`; some of them: `python -m tests.attacks damage many --minutes 10`.
"""

from __future__ import annotations

from typing import NamedTuple


class Figures(NamedTuple):
    """What a long form did (`attack`), how often (`tried`), and how often a promise was broken (`lost`: notes lost, answers wrong, tracebacks, ways out)."""

    attack: str
    tried: int
    lost: int
    remark: str = ""
