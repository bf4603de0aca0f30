"""Deferring what a library loads itself and hardly ever uses, until it is used."""

from __future__ import annotations

import sys
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Deferred:
    """`with Deferred({"html": ""}): import library`: what the library takes from these modules, functions only, loads them when first called.

    The second name, if any, is that of a module that is loaded instead where Python has it: it has the same functions, and less besides.
    """

    def __init__(self, names: dict[str, str]) -> None:
        self._modules = [_Module(name, quicker) for name, quicker in names.items()]

    def __enter__(self) -> None:
        """Put something in the place of those that are not loaded."""
        for module in self._modules:
            sys.modules.setdefault(module.__name__, module)

    def __exit__(self, *_: object) -> None:
        """Have them loaded by whoever asks for them from now on."""
        for module in self._modules:
            module.give_way()


class _Module(ModuleType):
    def __init__(self, name: str, quicker: str) -> None:
        super().__init__(name)
        self._quicker = quicker

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        found: list[Callable[..., Any]] = []

        def function(*given: Any, **named: Any) -> Any:
            if not found:
                found.append(self._load(name))
            return found[0](*given, **named)

        return function

    def _load(self, name: str) -> Callable[..., Any]:
        self.give_way()
        try:
            return getattr(__import__(self._quicker or self.__name__, fromlist=[name]), name)  # type: ignore[no-any-return]
        except (ImportError, AttributeError):
            return getattr(__import__(self.__name__, fromlist=[name]), name)  # type: ignore[no-any-return]

    def give_way(self) -> None:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
