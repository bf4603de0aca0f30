"""Declare the arguments of tools, and check those of a call. What is wrong with them is said so that a model can mend it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zettel.model.base.errors import UsageError
from zettel.model.text.fuzzy import find_nearest
from zettel.model.text.inert import clip
from zettel.model.text.phrases import join_names

TEXT, NUMBER, FLAG, TEXTS, TEXT_OR_TEXTS = "string", "integer", "boolean", "texts", "text or texts"

REQUIRED = object()
"""The default of an argument that must be given."""

ALIASES = {
    **dict.fromkeys(("id", "identifier", "title", "name", "path", "note_id", "notes", "ids"), ("note",)),
    **dict.fromkeys(("q", "search", "words"), ("query",)),
    **dict.fromkeys(("source", "a", "start"), ("from", "link_from")),
    **dict.fromkeys(("target", "b", "end"), ("to",)),
    "topic": ("name",),
    "tags": ("tag",),
    **dict.fromkeys(("max_results", "top_k", "n"), ("limit",)),
    **dict.fromkeys(("text", "content", "body"), ("body", "text", "query")),
    "section": ("heading",),
    **dict.fromkeys(("old_text", "old_string", "old_str", "find", "find_text"), ("old",)),
    **dict.fromkeys(("new_text", "new_string", "new_str", "replace", "replacement"), ("new",)),
}
"""Other names under which models give arguments, each with those it may stand for: the first that the tool has, if the tool has no argument of this name itself."""

MAX_NUMBER = 1_000_000_000
"""How large a number is at most that has no bound of its own."""

MAX_LENGTH = 2_000
"""How many characters a text has at most that has no bound of its own: a name, or a query."""


@dataclass(frozen=True)
class ToolArgument:
    """An argument of a tool. A number lies between `least` and `most` (0: no bound). A text has at most `most` characters (0: `MAX_LENGTH`), and of several texts there are at most `most`. `choices` are all that a text may be."""

    name: str
    kind: str = TEXT
    words: str = ""
    default: object = REQUIRED
    least: int = 1
    most: int = 0
    choices: tuple[str, ...] = ()

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the argument."""
        found: dict[str, Any] = {"type": self.kind}
        if self.kind in (TEXTS, TEXT_OR_TEXTS):
            found = {"type": "array", "items": {"type": "string"}, **({"maxItems": self.most} if self.most else {})}
            found = {"anyOf": [{"type": "string"}, found]} if self.kind == TEXT_OR_TEXTS else found
        if self.choices:
            found["enum"] = list(self.choices)
        if self.kind == NUMBER:
            found |= {"minimum": self.least, **({"maximum": self.most} if self.most else {})}
        if self.default not in (REQUIRED, None, "", ()):
            found["default"] = self.default
        return {**found, "description": self.words} if self.words else found

    def check(self, given: object) -> object:
        """Return a value in its final type; a number may come as a text, a text as a number, and several texts separated by commas. Raises `UsageError`."""
        if isinstance(given, (int, float)) and not isinstance(given, bool) and self.kind in (TEXT, TEXTS, TEXT_OR_TEXTS):
            given = str(given)
        if self.kind in (TEXTS, TEXT_OR_TEXTS):
            return self._check_texts(given)
        if self.kind == FLAG:
            flag = {"true": True, "false": False}.get(given.lower()) if isinstance(given, str) else given
            if not isinstance(flag, bool):
                raise self._build_error("must be true or false", given)
            return flag
        if self.kind == NUMBER:
            if isinstance(given, str) and given.strip().isascii() and given.strip().isdigit() and len(given) < 10:
                given = int(given)
            if isinstance(given, float) and given.is_integer():
                given = int(given)
            if not isinstance(given, int) or isinstance(given, bool) or not self.least <= given <= (self.most or MAX_NUMBER):
                upwards = f"to {self.most}" if self.most else "upwards"
                raise self._build_error(f"must be a number from {self.least} {upwards}", given)
            return given
        if not isinstance(given, str):
            raise self._build_error("must be a text", given)
        if self.choices and given not in self.choices:
            raise self._build_error(f"must be {join_names(self.choices, conjunction='or')}", given)
        return self._check_length(given, self.most or MAX_LENGTH)

    def _check_texts(self, given: object) -> tuple[str, ...]:
        if isinstance(given, str):
            given = [given] if self.kind == TEXT_OR_TEXTS else [part.strip() for part in given.split(",") if part.strip()]
        texts = [str(one) if isinstance(one, int) else one for one in given] if isinstance(given, Sequence) else [None]
        if not all(isinstance(one, str) for one in texts):
            raise self._build_error("must be a text, or a list of texts", given)
        if self.kind == TEXT_OR_TEXTS and not texts:
            raise self._build_error("must have at least one text", given)
        if self.most and len(texts) > self.most:
            raise UsageError(f"{self.name} has {len(texts)} items, and 1 to {self.most} are read at a time", "call again for the others")
        return tuple(self._check_length(str(one), MAX_LENGTH) for one in texts)

    def _check_length(self, text: str, most: int) -> str:
        if len(text) > most:
            raise UsageError(f"{self.name} has {len(text):,} characters", f"give at most {most:,} at a time")
        return text.encode(errors="replace").decode()

    def _build_error(self, what: str, given: object) -> UsageError:
        return UsageError(f"{self.name} {what}, not {clip(json.dumps(given, ensure_ascii=False), 60)}")


def build_arguments_schema(arguments: Sequence[ToolArgument]) -> dict[str, Any]:
    """Return the JSON Schema of what a tool takes."""
    required = [one.name for one in arguments if one.default is REQUIRED]
    return {
        "type": "object",
        "properties": {one.name: one.schema for one in arguments},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def check_arguments(tool: str, arguments: Sequence[ToolArgument], given: Mapping[str, object]) -> dict[str, Any]:
    """Return the arguments of a call by name, with defaults for those that were left out. Raises `UsageError`."""
    known = {one.name: one for one in arguments}
    found: dict[str, Any] = {}
    for name, one in given.items():
        own = name if name in known else next((one for one in ALIASES.get(name, ()) if one in known), name)
        if own not in known or (own != name and own in given):
            raise _build_unknown_error(tool, arguments, name)
        if one is None and known[own].default is not REQUIRED:
            continue  # a host that fills in every argument means that it was left out
        try:
            found[own] = known[own].check(one)
        except ValueError:  # Python does not write out a number with thousands of digits
            raise UsageError(f"{own} has a number with too many digits", _list_arguments(tool, arguments)) from None
    for one in arguments:
        if one.name not in found and one.default is REQUIRED:
            raise UsageError(f"{tool} needs {one.name}", _list_arguments(tool, arguments))
        found.setdefault(one.name, one.default)
    return found


def _build_unknown_error(tool: str, arguments: Sequence[ToolArgument], name: str) -> UsageError:
    near = find_nearest(name, {one.name: one.name for one in arguments}, limit=1)
    offer = f"did you mean {near[0]}? " if near else ""
    return UsageError(f'{tool} has no argument "{clip(name, 60)}"', offer + _list_arguments(tool, arguments))


def _list_arguments(tool: str, arguments: Sequence[ToolArgument]) -> str:
    names = ", ".join(one.name if one.default is REQUIRED else f"{one.name}?" for one in arguments)
    return f"{tool} takes {names}" if names else f"{tool} takes no arguments"
