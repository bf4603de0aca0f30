"""Define frozen, slotted value classes and named tuples without slow imports.

`@value` works like `@dataclass(frozen=True, slots=True)`, and type checkers treat it as such. Importing `dataclasses`, and
`inspect` with it, takes longer than everything that `zettel links` does on a small notebook. `NamedTuple` stands in for the one
of `typing`, whose import takes as long as parsing five notes.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 - re-exported
    from typing import TypeVar, dataclass_transform

    T = TypeVar("T")

    @dataclass_transform(frozen_default=True)
    def value(cls: type[T], /) -> type[T]:
        """Turn `cls` into a frozen, slotted class with its annotated fields."""
        raise NotImplementedError

else:

    def value(cls, /):
        """Turn `cls` into a frozen, slotted class with its annotated fields and those of its base class."""
        own = tuple(cls.__annotations__)
        fields = (*getattr(cls, "__match_args__", ()), *own)  # those of a base class first
        members = {key: item for key, item in vars(cls).items() if key not in ("__dict__", "__weakref__")}
        defaults = {**getattr(cls, "_defaults", {}), **{field: members.pop(field) for field in own if field in members}}

        def initialise(self, *given, **named):
            fill = "".join(f"_put_{field}(self, {field}); " for field in fields)
            scope = {f"_put_{field}": getattr(made, field).__set__ for field in fields}
            exec(f"def __init__(self, {', '.join(fields)}): {fill or 'pass'}", scope)  # noqa: S102 - field names of our own classes
            scope["__init__"].__defaults__ = tuple(defaults.values())
            made.__init__ = scope["__init__"]  # compiled for the first instance: most loaded classes are never used
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
            "__slots__": own,
            "__match_args__": fields,
            "_defaults": defaults,
            "__init__": initialise,
            "__eq__": equals,
            "__hash__": lambda self: hash(astuple(self)),
            "__repr__": represent,
            "__setattr__": refuse,
            "__delattr__": refuse,
        }
        made = type(cls.__name__, cls.__bases__, members)
        return made

    class _Naming(type):
        def __new__(cls, name, bases, members):
            if not bases:
                return super().__new__(cls, name, bases, members)
            from collections import namedtuple

            fields = members["__annotations__"]
            made = namedtuple(name, fields, defaults=[members[field] for field in fields if field in members])  # noqa: PYI024 - the typed one is this
            for key, item in members.items():
                if key not in fields:
                    setattr(made, key, item)
            return made

    class NamedTuple(metaclass=_Naming):
        """Base class of tuples with named fields, like that of `typing`."""
