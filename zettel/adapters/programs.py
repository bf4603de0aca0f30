"""Other programs: found by their names, never through a shell."""

from __future__ import annotations

import os


def find(name: str, environ: dict[str, str]) -> str | None:
    """The full path of a program: as it is named, or in a folder that `$PATH` names in full.

    What is named from the folder that one is in is not found: that may be a stranger's notebook, with a `vim` of its own in it.
    """
    from shutil import which

    if os.path.dirname(name):
        return which(name) if os.path.isabs(name) else None
    folders = filter(os.path.isabs, environ.get("PATH", os.defpath).split(os.pathsep))
    found = which(name, path=os.pathsep.join(folders))
    return found if found and os.path.isabs(found) else None  # some systems look into this folder, too
