"""Read the arguments of commands, which are whatever a client sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeGuard

from zettel.lsp.actions import read_range
from zettel.model.base.errors import UsageError
from zettel.model.editor.editor_text import replace_lone_surrogates
from zettel.model.text.inert import clip

if TYPE_CHECKING:
    from lsprotocol import types

MAX_LENGTH = 10_000_000
"""How many characters a text may have."""


class CommandArguments:
    """The object that a command was called with, if any. What is missing is None or empty; what is wrong raises `UsageError`."""

    def __init__(self, command: str, given: Sequence[object] | None, names: Sequence[str]) -> None:
        """`names` are what the command takes."""
        self._command, self._names = command, names
        given = [one for one in given or () if one is not None]
        if len(given) > 1 or not all(isinstance(one, dict) for one in given):
            raise self._build_error("takes one object, or nothing")
        self._given: dict[str, object] = given[0] if given and isinstance(given[0], dict) else {}
        wrong = [name for name in self._given if name not in (*names, "uri", "version")]
        if wrong:
            raise self._build_error(f'does not take "{clip(wrong[0], 40)}"')

    def _build_error(self, what: str) -> UsageError:
        return UsageError(f"{self._command} {what}", f"it takes {', '.join(self._names) or 'nothing'}; docs/editors.md says what these are")

    def get(self, name: str) -> object:
        """Return what was given, whatever it is."""
        return self._given.get(name)

    def read_text(self, name: str) -> str:
        """Return a text, empty if it was not given."""
        found = self._given.get(name)
        if found is None:
            return ""
        if not _is_text(found):
            raise self._build_error(f'needs a text as "{name}"')
        return found

    def read_line(self, name: str) -> str:
        """Return a text on one line. It is never `-` or `@`, which mean stdin and a list elsewhere."""
        found = " ".join(self.read_text(name).split())
        if found in ("-", "@"):
            raise self._build_error(f'needs words as "{name}"')
        return found

    def require_line(self, name: str) -> str:
        """Return a text on one line that must be given."""
        found = self.read_line(name)
        if not found:
            raise self._build_error(f'needs a text as "{name}"')
        return found

    def read_texts(self, name: str) -> list[str]:
        """Return a list of texts, or the words of one text."""
        found = self._given.get(name)
        if found is None:
            return []
        if _is_text(found):
            return found.split()
        if isinstance(found, (list, tuple)) and all(map(_is_text, found)):
            return list(found)
        raise self._build_error(f'needs a list of texts as "{name}"')

    def read_number(self, name: str) -> int | None:
        """Return a number from 1 on, or None."""
        found = self._given.get(name)
        if found is None or (type(found) is int and 1 <= found < 2**31):
            return found
        raise self._build_error(f'needs a number from 1 on as "{name}"')

    def read_location(self, name: str) -> tuple[str, types.Range] | None:
        """Return the URI and range of a place, or None."""
        found = self._given.get(name)
        if found is None:
            return None
        uri = found.get("uri") if isinstance(found, dict) else None
        span = read_range(found.get("range")) if isinstance(found, dict) else None
        if not isinstance(uri, str) or span is None:
            raise self._build_error(f'needs a location as "{name}", which has a uri and a range')
        return uri, span

    def read_range(self) -> types.Range:
        """Return the range that the command is about."""
        span = read_range(self._given.get("range"))
        if span is None:
            raise self._build_error("needs a range")
        return span


def _is_text(given: object) -> TypeGuard[str]:
    """Return whether this is a text that a file can hold: not too long, and without half a character or a zero byte."""
    return isinstance(given, str) and len(given) <= MAX_LENGTH and replace_lone_surrogates(given) == given and "\0" not in given
