"""Processes that share work."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from zettel.adapters import fork

if TYPE_CHECKING:
    import pytest


def test_no_process_is_forked_beside_other_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scan or an index that is written beside a full-screen app stays in its process."""
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    assert fork.count_workers() == 3
    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    try:
        assert fork.count_workers() == 1
    finally:
        stop.set()
        other.join()
    assert fork.count_workers() == 3
