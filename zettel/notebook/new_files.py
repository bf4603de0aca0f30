"""Compare the names of files with the catalogue, so that completion knows new notes without a scan of all files."""

from __future__ import annotations

import stat
from itertools import filterfalse

from zettel.adapters.catalogue.queries import Catalogue
from zettel.adapters.fs import atomic, rooted
from zettel.model.text.fold import is_note_name
from zettel.model.text.globs import build_matcher

MAX_NEW_NOTES = 50
"""From how many new notes on a scan of all files is as fast as reading them one by one."""


def find_new_notes(catalogue: Catalogue, root: str, ignore: tuple[str, ...]) -> list[str] | None:
    """Return the notes in the notebook at `root` that the catalogue does not know, or None if a scan is needed: for many, or if one is gone.

    Reads no file.
    """
    known = catalogue.load_paths()
    new: list[str] = []
    ignored, folders, found = build_matcher(ignore), [""], 0
    while folders:
        prefix = folders.pop()
        try:
            paths = [prefix + name for name in rooted.list_names(root, prefix[:-1])]
            unknown = list(filterfalse(known.__contains__, paths))
            found += len(paths) - len(unknown)
            for path in unknown:
                if path[len(prefix)] == "." or atomic.is_temporary(path[len(prefix) :]) or ignored(path):
                    continue
                mode = rooted.lstat_path(root, path).st_mode
                if stat.S_ISDIR(mode):
                    folders.append(path + "/")
                elif stat.S_ISREG(mode) and is_note_name(path) and not any("\ud800" <= char < "\ue000" for char in path):
                    new.append(path)
        except OSError:  # an unreadable folder, or a file that has just been removed
            continue
    return new if found == len(known) and len(new) <= MAX_NEW_NOTES else None
