"""Write text so that Markdown shows it as it is."""

from __future__ import annotations

from zettel.model.text.inert import escape_unsafe


def escape_markdown(text: str) -> str:
    """Return a text on one line that Markdown shows as it is."""
    words = " ".join(escape_unsafe(text).split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>|~&" else char for char in words)
