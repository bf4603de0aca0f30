"""Processes that share work."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import os, threading
os.sched_getaffinity = lambda _: {0, 1, 2}
from zettel.adapters.fork import count_workers
alone = count_workers()
stop = threading.Event()
threading.Thread(target=stop.wait).start()
beside = count_workers()
stop.set()
print(alone, beside)
"""


def test_no_process_is_forked_beside_other_threads() -> None:
    """A scan or an index that is written beside a full-screen app stays in its process."""
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert "3 1\n" == ran.stdout
