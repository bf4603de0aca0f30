"""Regular expressions that are compiled when they are first used.

To compile one takes 0.2 to 6 ms (the most where a class holds letters beyond Latin-1), and most command lines need few of them.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import AnyStr

METHODS = ("finditer", "findall", "search", "match", "fullmatch", "split", "sub", "subn")


class _Lazy:
    def __init__(self, compile_: Callable[[], object]) -> None:
        self._compile = compile_

    def __getattr__(self, name: str) -> object:
        if name not in METHODS:
            raise AttributeError(name)
        compiled = self._compile()
        for method in METHODS:
            setattr(self, method, getattr(compiled, method))
        return self.__dict__[name]


def lazily(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, as far as its methods go, without the work until one of them is called."""
    return _Lazy(lambda: re.compile(pattern, flags))  # type: ignore[return-value]
