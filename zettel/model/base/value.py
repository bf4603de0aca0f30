"""Define frozen, slotted value classes and named tuples without slow imports.

`@value` works like `@dataclass(frozen=True, slots=True)`, and type checkers treat it as such. Importing `dataclasses`, and
`inspect` with it, takes longer than everything that `zettel links` does on a small notebook. `NamedTuple` stands in for the one
of `typing`, whose import takes as long as parsing five notes.
"""

from __future__ import annotations

SLOW_INSTANCES = 16
"""How many instances of a class are created slowly, before a function for it is compiled, which takes as long as fifty of them."""

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

    def _bind(fields, defaults, given, named):
        """Return the values of all fields, in their order, or None if the arguments do not fit them."""
        if not named and len(given) == len(fields):
            return given
        found = dict(zip(fields, given))  # noqa: B905 - the last ones may be named, or have defaults
        if len(given) > len(fields) or not found.keys().isdisjoint(named):
            return None
        found = {**defaults, **found, **named}
        return [found[field] for field in fields] if found.keys() == set(fields) else None

    def value(cls, /):
        """Turn `cls` into a frozen, slotted class with its annotated fields and those of its base class."""
        own = tuple(cls.__annotations__)
        fields = (*getattr(cls, "__match_args__", ()), *own)  # those of a base class first
        members = {key: item for key, item in vars(cls).items() if key not in ("__dict__", "__weakref__")}
        defaults = {**getattr(cls, "_defaults", {}), **{field: members.pop(field) for field in own if field in members}}

        uses = 0

        def initialise(self, *given, **named):
            nonlocal uses
            uses += 1
            if uses <= SLOW_INSTANCES and (values := _bind(fields, defaults, given, named)) is not None:
                for field, item in zip(fields, values, strict=True):
                    object.__setattr__(self, field, item)
                return
            fill = "".join(f"_put_{field}(self, {field}); " for field in fields)
            scope = {f"_put_{field}": getattr(made, field).__set__ for field in fields}
            exec(f"def __init__(self, {', '.join(fields)}): {fill or 'pass'}", scope)  # noqa: S102 - field names of our own classes
            scope["__init__"].__defaults__ = tuple(defaults.values())
            made.__init__ = scope["__init__"]
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

    class _NamedTuple(tuple):
        """What all named tuples share."""

        __slots__ = ()

        def __repr__(self):
            return f"{type(self).__name__}({', '.join(f'{field}={item!r}' for field, item in zip(self._fields, self, strict=True))})"

        def __getnewargs__(self):
            return tuple(self)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, /, **changes):
            made = tuple.__new__(type(self), map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f"{type(self).__name__} has no field {', '.join(changes)}")
            return made

    class _Naming(type):
        def __new__(cls, name, bases, members):
            if not bases:
                return super().__new__(cls, name, bases, members)
            from collections import _tuplegetter

            fields = tuple(members["__annotations__"])
            defaults = {field: members[field] for field in fields if field in members}
            uses = 0

            def create(cls, /, *given, **named):
                nonlocal uses
                uses += 1
                if uses <= SLOW_INSTANCES and (values := _bind(fields, defaults, given, named)) is not None:
                    return tuple.__new__(cls, values)
                names, scope = ", ".join(fields), {"create": tuple.__new__}
                exec(f"def __new__(_cls, {names}): return create(_cls, ({names},))", scope)  # noqa: S102 - field names of our own classes
                scope["__new__"].__defaults__ = tuple(defaults.values())
                made.__new__ = staticmethod(scope["__new__"])
                return made(*given, **named)

            members |= {field: _tuplegetter(number, "") for number, field in enumerate(fields)}
            members |= {"__slots__": (), "__match_args__": fields, "_fields": fields, "_field_defaults": defaults, "__new__": create}
            made = type(name, (_NamedTuple,), members)
            return made

    class NamedTuple(metaclass=_Naming):
        """Base class of tuples with named fields, like that of `typing`."""
