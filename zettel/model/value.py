"""Frozen, slotted values.

`@value` reads like `@dataclass(frozen=True, slots=True)` and type checkers treat it as such. It
exists because importing `dataclasses` (and with it `inspect`) takes longer than everything that
`zettel links` does on a small notebook.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar, dataclass_transform

    T = TypeVar("T")

    @dataclass_transform(frozen_default=True)
    def value(cls: type[T], /) -> type[T]:
        """Make `cls` a frozen, slotted value of its annotated fields."""
        raise NotImplementedError

else:

    def value(cls, /):
        """Make `cls` a frozen, slotted value of its annotated fields."""
        fields = tuple(cls.__annotations__)
        members = {key: item for key, item in vars(cls).items() if key not in ("__dict__", "__weakref__")}
        defaults = {field: members.pop(field) for field in fields if field in members}
        header = ", ".join(f"{f}=_defaults[{f!r}]" if f in defaults else f for f in fields)

        def initialise(self, *given, **named):
            fill = f"for put, given in zip(_setters, ({''.join(f'{field}, ' for field in fields)})): put(self, given)"
            scope = {"_defaults": defaults, "_setters": [getattr(made, field).__set__ for field in fields]}
            exec(f"def __init__(self, {header}):\n {fill}", scope)  # noqa: S102 - field names of our own classes
            made.__init__ = scope["__init__"]  # compiled when the first value is made: most classes that are loaded are not used
            made.__init__(self, *given, **named)

        def astuple(self):
            return tuple(getattr(self, field) for field in fields)

        def equals(self, other):
            return astuple(self) == astuple(other) if type(self) is type(other) else NotImplemented

        def represent(self):
            inside = ", ".join(f"{field}={getattr(self, field)!r}" for field in fields)
            return f"{cls.__qualname__}({inside})"

        def refuse(self, name, *_):
            raise AttributeError(f"{cls.__qualname__} is frozen: {name} cannot be set")

        members |= {
            "__slots__": fields,
            "__match_args__": fields,
            "__init__": initialise,
            "__eq__": equals,
            "__hash__": lambda self: hash(astuple(self)),
            "__repr__": represent,
            "__setattr__": refuse,
            "__delattr__": refuse,
        }
        made = type(cls.__name__, cls.__bases__, members)
        return made
