"""Stub modules that a library imports but hardly ever uses, and load them on first use."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


class StubbedImports:
    """A context in which the named modules are stubbed: `with Deferred({"html": ""}): import library`.

    Whatever the library imports from them becomes a function that loads the module when it is first called, so only functions
    can be stubbed. Each value names a lighter module with the same functions, which is loaded instead if this Python has it
    (empty: none). Modules that are loaded already are not stubbed.
    """

    def __init__(self, replacements: dict[str, str]) -> None:
        self._stubs = [_StubModule(name, quicker) for name, quicker in replacements.items()]

    def __enter__(self) -> None:
        """Put stubs into `sys.modules` for the modules that are not loaded yet."""
        for module in self._stubs:
            sys.modules.setdefault(module.__name__, module)

    def __exit__(self, *_: object) -> None:
        """Remove the stubs from `sys.modules`, so that later imports load the real modules."""
        for module in self._stubs:
            module.uninstall()


class _StubModule(ModuleType):
    def __init__(self, name: str, replacement: str) -> None:
        super().__init__(name)
        self._replacement = replacement

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        loaded: list[Callable[..., Any]] = []

        def call_real_function(*args: Any, **kwargs: Any) -> Any:
            if not loaded:
                loaded.append(self._load_function(name))
            return loaded[0](*args, **kwargs)

        return call_real_function

    def _load_function(self, name: str) -> Callable[..., Any]:
        self.uninstall()
        try:
            return getattr(__import__(self._replacement or self.__name__, fromlist=[name]), name)  # type: ignore[no-any-return]
        except (ImportError, AttributeError):
            return getattr(__import__(self.__name__, fromlist=[name]), name)  # type: ignore[no-any-return]

    def uninstall(self) -> None:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
