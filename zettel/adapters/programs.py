"""Find programs in `$PATH`, but never one that a notebook brings along."""

from __future__ import annotations

import os


def find_program(name: str, environ: dict[str, str]) -> str | None:
    """Return the absolute path of a program, or None if there is none.

    A name with a slash has to be an absolute path, and relative folders in `$PATH` are skipped: the current folder may be somebody
    else's notebook with its own `vim` in it.
    """
    from shutil import which

    if os.path.dirname(name):
        return which(name) if os.path.isabs(name) else None
    folders = filter(os.path.isabs, environ.get("PATH", os.defpath).split(os.pathsep))
    found = which(name, path=os.pathsep.join(folders))
    return found if found and os.path.isabs(found) else None  # some systems search the current folder, too
