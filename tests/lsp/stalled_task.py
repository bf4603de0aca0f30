"""Read a notebook as `zettel.lsp.notebook_task` does, but wait while the file that `$ZETTEL_TEST_HELD` names is there. It is told the process."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from zettel.lsp import notebook_task


def main() -> None:
    """Wait, and then do the work."""
    held = Path(os.environ["ZETTEL_TEST_HELD"])
    if held.exists():
        held.write_text(str(os.getpid()))
    done = 0
    while held.exists():
        done += 1
        print(json.dumps({"title": "Reading notes", "done": done, "total": 1000}), flush=True)
        time.sleep(0.02)
    notebook_task.main()
