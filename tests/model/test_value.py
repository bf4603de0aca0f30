"""Values: frozen, slotted, equal by their fields."""

from __future__ import annotations

import re

import pytest

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.base.value import NamedTuple, value


@value
class Point:
    """A point."""

    x: int
    y: int = 0
    """The second."""
    names: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Both together."""
        return self.x + self.y


@value
class Other:
    """Of the same fields."""

    x: int
    y: int = 0
    names: tuple[str, ...] = ()


@pytest.mark.parametrize("made", [Point(1, 2), Point(x=1, y=2), Point(1, y=2, names=())])
def test_fields_by_place_and_by_name(made: Point) -> None:
    """A value takes its fields by place and by name, with defaults."""
    assert (1, 2, (), 3) == (made.x, made.y, made.names, made.total)


@pytest.mark.parametrize(("places", "names"), [((), {}), ((1, 2, (), 4), {}), ((1,), {"z": 1}), ((1,), {"x": 1})])
def test_fields_that_are_none(places: tuple[object, ...], names: dict[str, object]) -> None:
    """A field that is missing, unknown or given twice is an error."""
    with pytest.raises(TypeError):
        Point(*places, **names)


def test_equality() -> None:
    """Values are equal, and hash equally, if class and fields are."""
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(2, 1)
    assert Point(1, 2) != Other(1, 2)
    assert Point(1, 2) != (1, 2, ())
    assert {Point(1, 2)} == {Point(1, 2), Point(1, 2, ())}


def test_a_value_is_frozen() -> None:
    """No field can be set or deleted, and none added."""
    made = Point(1)
    for name in ("x", "y", "z"):
        with pytest.raises(AttributeError):
            setattr(made, name, 3)
        with pytest.raises(AttributeError):
            delattr(made, name)
    assert Point(1, 0) == made
    assert not hasattr(made, "__dict__")


def test_a_value_says_what_it_is() -> None:
    """The representation names class and fields; name, docstring and module stay."""
    assert "Point(x=1, y=0, names=('a',))" == repr(Point(1, names=("a",)))
    assert ("Point", "A point.", __name__) == (Point.__name__, Point.__doc__, Point.__module__)


def test_matching() -> None:
    """A value can be matched by place and by name."""
    match Point(1, 2):
        case Point(1, names=names, y=y):
            assert (2, ()) == (y, names)
        case _:
            pytest.fail("no case matched")
    assert ("x", "y", "names") == Point.__match_args__


class Place(NamedTuple):
    """Where something stands."""

    line: int
    column: int = 1

    def __str__(self) -> str:
        """As people write it."""
        return f"{self.line}:{self.column}"


def test_named_tuples_are_those_of_typing() -> None:
    """Fields have names and defaults; docstring and methods are kept."""
    place = Place(2)
    assert (2, 1) == place
    assert ("line", "column") == Place._fields
    assert "2:7" == str(place._replace(column=7))
    assert "Place(line=2, column=1)" == repr(place)
    assert ("Where something stands.", __name__) == (Place.__doc__, Place.__module__)


def test_an_expression_is_compiled_when_it_is_used() -> None:
    """What is wrong with an expression is said when it is first used; all its methods are those of the compiled one."""
    wrong = compile_lazily("(")
    with pytest.raises(re.error):
        wrong.search("x")
    assert ["a", "B"] == compile_lazily("[ab]", re.I).findall("axB")
