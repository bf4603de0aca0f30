"""Found by every Python that a test starts: ends it on the spot if it makes a socket, which no except clause can hide."""

import os
import sys


def _forbid(event: str, _words: tuple[object, ...]) -> None:
    if event == "socket.__new__":
        sys.stderr.write("a socket was made, where zettel has no business with one\n")
        sys.stderr.flush()
        os._exit(86)


sys.addaudithook(_forbid)
