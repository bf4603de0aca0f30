"""A tool: what a model may call, with its arguments, what it answers, and the modes in which it exists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zettel.mcp.answers import MOST_CHARACTERS, ToolAnswer
from zettel.mcp.arguments import ToolArgument, build_arguments_schema, check_arguments
from zettel.mcp.shared_notebook import READ, SharedNotebook
from zettel.model.base.errors import UsageError

Given = Mapping[str, Any]
"""The arguments of a call by name, checked, with a value for each that the tool has."""


@dataclass(frozen=True)
class Tool:
    """A tool. `mode` is the first in which it exists, and `output` the JSON Schema of its structured output, if one is declared."""

    name: str
    description: str
    arguments: tuple[ToolArgument, ...]
    answer: Callable[[SharedNotebook, Given], ToolAnswer]
    output: dict[str, Any] | None = None
    mode: str = READ
    is_destructive: bool = False
    is_idempotent: bool = False

    @property
    def input_schema(self) -> dict[str, Any]:
        """The JSON Schema of the arguments."""
        return build_arguments_schema(self.arguments)

    @property
    def hints(self) -> dict[str, bool]:
        """The hints for a host on the effects of a call, by their names in the protocol. Those that a host assumes anyway are left out."""
        if self.mode == READ:
            return {"readOnlyHint": True, "openWorldHint": False}
        changes = {} if self.is_destructive else {"destructiveHint": False}
        return {**changes, **({"idempotentHint": True} if self.is_idempotent else {}), "openWorldHint": False}

    def answer_call(self, served: SharedNotebook, arguments: Mapping[str, object]) -> ToolAnswer:
        """Return the answer to a call, in which nothing is unsafe to show. Raises `ZettelError`."""
        answer = self.answer(served, check_arguments(self.name, self.arguments, arguments)).make_inert()
        if len(answer.text) > MOST_CHARACTERS:
            raise UsageError("the answer is too long", "ask for less: a lower limit, or a part of the note")
        return answer
