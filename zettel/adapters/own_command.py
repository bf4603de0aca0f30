"""Know the words by which other programs start this zettel."""

from __future__ import annotations

import os
import sys

NAME = "zettel"
"""The name of the installed program."""


def find_own_command(folder: str) -> list[str]:
    """Return the command line that starts this zettel from anywhere, with absolute paths. `folder` is where it was started."""
    program = os.path.join(folder, sys.argv[0])
    if os.path.basename(program) == NAME and os.path.isfile(program) and os.access(program, os.X_OK):
        return [os.path.normpath(program)]
    return [sys.executable, "-m", NAME]
