"""Exchange the names of two files in one step, so that nothing is destroyed.

Python has no function for it. Linux calls it `renameat2` with `RENAME_EXCHANGE`, macOS `renameatx_np` with `RENAME_SWAP`.
"""

from __future__ import annotations

import os
import sys
from errno import EINVAL, ENOSYS, ENOTSUP

from zettel.adapters.inside import ParentFolder

EXCHANGE_CALLS = {"linux": ("renameat2", 2, -100), "darwin": ("renameatx_np", 2, -2)}
"""Maps the system to its function, the flag for an exchange, and the value that means no folder (`AT_FDCWD`)."""

UNSUPPORTED_ERRORS = (EINVAL, ENOSYS, ENOTSUP)
"""Errors of systems and file systems that do not support an exchange."""


def exchange_names(root: str, one: str, other: str) -> bool:
    """Exchange the names of two files in the notebook.

    Returns False, with nothing changed, if that is not supported here. Raises `OSError`.
    """
    import ctypes

    name, flag, no_folder = EXCHANGE_CALLS.get(sys.platform, ("", 0, 0))
    function = getattr(ctypes.CDLL(None, use_errno=True), name, None) if name else None
    if function is None:
        return False
    with ParentFolder(root, one) as (first, source), ParentFolder(root, other) as (second, folder):
        held = [no_folder if descriptor is None else descriptor for descriptor in (source, folder)]
        if not function(held[0], os.fsencode(first), held[1], os.fsencode(second), ctypes.c_uint(flag)):
            return True
        error = ctypes.get_errno()
        if error in UNSUPPORTED_ERRORS:
            return False
        raise OSError(error, os.strerror(error))
