"""Compile regular expressions on first use.

Compiling one takes 0.2 to 6 ms (most if a character class goes beyond Latin-1), and most commands use only a few.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import AnyStr

METHODS = ("finditer", "findall", "search", "match", "fullmatch", "split", "sub", "subn")


class _LazyPattern:
    def __init__(self, compile_pattern: Callable[[], object]) -> None:
        self._compile = compile_pattern

    def __getattr__(self, name: str) -> object:
        if name not in METHODS:
            raise AttributeError(name)
        compiled = self._compile()
        for method in METHODS:
            setattr(self, method, getattr(compiled, method))
        return self.__dict__[name]


def compile_lazily(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a stand-in for a compiled pattern. It compiles on the first call of one of `METHODS` and has no other attributes."""
    return _LazyPattern(lambda: re.compile(pattern, flags))  # type: ignore[return-value]
