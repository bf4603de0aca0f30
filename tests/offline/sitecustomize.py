"""End the process as soon as it opens a socket that could leave it. Every Python that a test starts imports this; no `except` can hide the exit."""

import os
import sys

AF_UNIX = 1
"""The family of the pair of sockets by which an event loop wakes itself up. They are connected to each other, and to nothing else."""


def _forbid(event: str, words: tuple[object, ...]) -> None:
    if (event == "socket.__new__" and words[1] != AF_UNIX) or event in ("socket.connect", "socket.bind"):
        sys.stderr.write("zettel opened a socket, which it must never do\n")
        sys.stderr.flush()
        os._exit(86)


sys.addaudithook(_forbid)
