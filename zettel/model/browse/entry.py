"""A line that is being typed, with its cursor."""

from __future__ import annotations

from zettel.model.base.value import value

MAX_LENGTH = 1000
"""How many characters can be typed."""


@value
class Entry:
    """A text, and where its cursor is, in characters."""

    text: str = ""
    cursor: int = 0

    def type_key(self, key: str, character: str = "") -> Entry | None:
        """Return the line after a key was pressed, or None if the key does nothing here."""
        before, after = self.text[: self.cursor], self.text[self.cursor :]
        if character and character.isprintable():
            return self.insert(character)
        if key in ("backspace", "ctrl+h"):
            return Entry(before[:-1] + after, len(before[:-1]))
        if key == "delete":
            return Entry(before + after[1:], len(before))
        if key in ("ctrl+w", "alt+backspace"):
            kept = before.rstrip().rpartition(" ")
            start = len(kept[0]) + len(kept[1])
            return Entry(before[:start] + after, start)
        if key == "ctrl+u":
            return Entry(after, 0)
        places = {
            "left": self.cursor - 1,
            "right": self.cursor + 1,
            "home": 0,
            "ctrl+a": 0,
            "end": len(self.text),
            "ctrl+e": len(self.text),
        }
        if key in places:
            return Entry(self.text, min(max(places[key], 0), len(self.text)))
        return None

    def insert(self, text: str) -> Entry:
        """Return the line with a text inserted at the cursor, as far as there is room. Characters that cannot be shown become blanks."""
        room = max(MAX_LENGTH - len(self.text), 0)
        clean = "".join(char if char.isprintable() else " " for char in text)[:room]
        return Entry(self.text[: self.cursor] + clean + self.text[self.cursor :], self.cursor + len(clean))
