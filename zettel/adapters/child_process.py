"""Start a module of zettel in a process of its own, which reports line by line what it does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

PARENT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
"""The folder from which zettel is imported."""

CODE = "import sys; sys.path.insert(0, sys.argv[1]); del sys.argv[1]; from {module} import main; main()"
"""The program that the process runs. It imports zettel from the same folder as this process."""


def start_child(module: str, words: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start the function `main` of a module with `words` in `sys.argv`, and return the process, whose stdout is a pipe.

    The process is in a session of its own, so that no key of the terminal, such as Ctrl-C, reaches it. Raises `OSError` if it cannot be started.
    """
    utf8 = ("-X", "utf8=1") if sys.flags.utf8_mode else ()
    return subprocess.Popen(
        [sys.executable, *utf8, "-P", "-c", CODE.format(module=module), PARENT, *words],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
