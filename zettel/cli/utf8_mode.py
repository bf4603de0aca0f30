"""Run in Python's UTF-8 mode where the locale is not UTF-8, so that files and words mean the same everywhere.

Otherwise Python would take the names of files and the words of the command line for text in the locale's encoding, which notes are not in.
"""

from __future__ import annotations

import os
import sys

UTF8_OPTION = ["-X", "utf8=1"]
"""The option with which Python is started again. As an option and not a variable, it does not reach the programs that zettel starts."""


def enter_utf8_mode() -> None:
    """Start again in UTF-8 mode, with the same words and environment. In the process that was started so, adapt words and streams to the locale.

    Returns with Python not in UTF-8 mode if it cannot be started again.
    """
    if sys.orig_argv[1:3] != UTF8_OPTION:
        if sys.executable:
            try:
                os.execv(sys.executable, [sys.executable, *UTF8_OPTION, *sys.orig_argv[1:]])  # noqa: S606 - this very program
            except OSError:
                pass
        return
    from locale import getencoding

    _adapt_to_locale(getencoding().lower())


def _adapt_to_locale(encoding: str) -> None:
    """Take words that are not UTF-8 for text in the locale's encoding, and use it on a terminal, which replaces what it cannot show.

    A word that names a file stays as it is. A locale that is only ASCII says nothing about the terminal, which is then taken to show UTF-8.
    """
    if encoding in ("utf-8", "utf8", "us-ascii", "ascii", "ansi_x3.4-1968", "646"):
        return
    try:
        sys.argv[1:] = [os.fsencode(word).decode(encoding) if _is_foreign(word) else word for word in sys.argv[1:]]
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            if stream is not None and stream.isatty():
                stream.reconfigure(encoding=encoding, errors="replace")  # type: ignore[union-attr]
    except (LookupError, ValueError):
        pass  # an encoding that Python does not know, or words that are not in it


def _is_foreign(word: str) -> bool:
    """Return whether a word is not UTF-8, and does not name a file either."""
    return any("\udc80" <= char <= "\udcff" for char in word) and not os.path.lexists(word)
