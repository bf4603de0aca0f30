"""Keep stdin and stdout for a protocol, so that whatever else is printed goes to stderr."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO


class ReservedStdio:
    """A context in which only the streams that it gives lead to the client: file descriptor 1 leads to stderr, and 0 to nothing."""

    def __enter__(self) -> tuple[BinaryIO, BinaryIO]:
        """Return the client's stdin and stdout. The caller closes stdin, unless a thread still reads it."""
        self._kept = os.dup(1)
        stdin, self._stdout = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        return stdin, self._stdout

    def __exit__(self, *_: object) -> None:
        """Give stdout back."""
        os.dup2(self._kept, 1)
        os.close(self._kept)
        try:
            self._stdout.close()
        except OSError:
            pass  # the client reads no more
