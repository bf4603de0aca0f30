"""Remember which remarks were made about a notebook, so that each is made once. If the file is lost, they are made again."""

from __future__ import annotations

import os

from zettel.adapters.fs import private

NAME = "said"
"""The file in a notebook's cache that holds the keys of the remarks, one a line."""

MAX_KEYS = 50
"""How many keys are kept, the newest ones."""


def remember_remark(cache: str, key: str) -> bool:
    """Remember that the remark `key` is made now, and return whether it is the first time, also if the file cannot be read or written."""
    file = os.path.join(cache, NAME)
    try:
        try:
            keys = private.read_start(file).decode(errors="replace").splitlines()
        except FileNotFoundError:
            keys = []
        if key in keys:
            return False
        if private.is_trusted_folder(cache):
            private.replace_file(file, "".join(f"{line}\n" for line in [*keys, key][-MAX_KEYS:]).encode())
    except OSError:
        pass
    return True
