"""Print the list of commands as it is stored for the usual widths of a screen, without laying it out."""

from __future__ import annotations

import os
from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

MAX_WIDTH = 100
"""Maximum width of a page in columns."""

STORED_WIDTHS = (80, MAX_WIDTH)
"""The widths for which the list is stored, with colours and without."""


def print_overview(stream: TextIO, words: list[str]) -> bool:
    """Print the list of commands on a stream, if it is stored for its width, and return whether it is."""
    from zettel.cli._overview import OVERVIEWS

    text = OVERVIEWS.get(read_terminal(stream, words), "")
    stream.write(text)
    return bool(text)


def read_terminal(stream: TextIO, words: list[str]) -> tuple[int, bool]:
    """Return how wide a page on `stream` may be, and whether it has colours."""
    from zettel.adapters.console import wants_colour

    environ = dict(os.environ)
    wanted = next((value for option, value in pairwise(words) if option == "--color"), "auto")
    given = environ.get("COLUMNS", "")
    width = int(given) if given.isdigit() else 0
    try:
        width = width or os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        width = 80
    return max(20, min(width or 80, MAX_WIDTH)), wants_colour(environ, wanted, is_terminal=stream.isatty())
