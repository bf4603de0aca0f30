"""Replace signs that a terminal without Unicode does not show."""

from __future__ import annotations

_ARROWS = {"->": "→", "<-": "←", "<>": "↔", "^": "↑", "v": "↓", "@": "↺"}
_MARKS = {">": "›", "...": "…", "x": "✗", "+": "✓", "-": "·–—─", "|": "│", '"': "“”„", "'": "‘’", "*": "•", "#": "▇"}
PLAIN_SIGNS = {ord(sign): text for text, signs in (_ARROWS | _MARKS).items() for sign in signs}
"""What stands for each sign. Other characters that a terminal lacks become question marks."""
