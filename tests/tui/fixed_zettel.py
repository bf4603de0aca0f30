"""Run zettel at a fixed time and with a fixed chance, so that what it shows is always the same: `python -m tests.tui.fixed_zettel WORDS`."""

from __future__ import annotations

import random
from datetime import datetime

from zettel.__main__ import main
from zettel.session import Session

TIME = datetime(2026, 3, 2, 9, 30)


class FixedChance(random.Random):
    """Chance that is the same in every run."""

    def __init__(self) -> None:
        super().__init__(7)


if __name__ == "__main__":
    Session.now = lambda _: TIME  # type: ignore[method-assign]
    random.SystemRandom = FixedChance  # type: ignore[assignment, misc]
    raise SystemExit(main())
