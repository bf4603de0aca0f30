"""Define what the picker shows of a note, and the note's key, which is made of hexadecimal digits, so that no shell can take it for anything else."""

from __future__ import annotations

from zettel.model.base.value import value


@value
class PickerItem:
    """What a row of the picker shows of a note. `sentence` is what a search found in it."""

    path: str
    id: str | None
    title: str
    aliases: tuple[str, ...]
    tags: tuple[str, ...]
    created: str
    sentence: str = ""


def encode_key(path: str) -> str:
    """Return the key of the note at `path`: the bytes of the path as hexadecimal digits."""
    return path.encode(errors="surrogateescape").hex()


def decode_key(key: str) -> str:
    """Return the path that a key stands for, or an empty string if it is not a key."""
    try:
        return bytes.fromhex(key).decode(errors="surrogateescape") if key.isalnum() else ""
    except ValueError:
        return ""
