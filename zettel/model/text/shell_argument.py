"""Quote words for a command line that a person copies into a POSIX shell."""

from __future__ import annotations

SPECIAL_IN_DOUBLE_QUOTES = frozenset('"$`\\!')
"""Characters that a shell interprets even within double quotes."""


def quote_argument(text: str) -> str:
    """Quote a text as one argument, if necessary: with double quotes, or with single ones if it has something that a shell would interpret.

    A text that begins with a hyphen stays an option; put `--` before it.
    """
    if text[:1].isalnum() and all(char.isalnum() or char in "-_./@" for char in text):
        return text
    if SPECIAL_IN_DOUBLE_QUOTES.isdisjoint(text):
        return f'"{text}"'
    return "'" + text.replace("'", "'\\''") + "'"


def quote_path(path: str) -> str:
    """Quote a relative path as one argument that is not an option."""
    return quote_argument(f"./{path}" if path.startswith("-") else path)
