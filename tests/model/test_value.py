"""Test values, which are frozen, slotted and equal by their fields, and lazy regular expressions."""

from __future__ import annotations

import copy
import pickle
import re

import pytest

from zettel.model.base.lazy_re import compile_lazily
from zettel.model.base.value import SLOW_INSTANCES, NamedTuple, value


@value
class Point:
    """A point."""

    x: int
    y: int = 0
    """The second coordinate."""
    names: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """Return the sum of the coordinates."""
        return self.x + self.y


@value
class Other:
    """A class with the same fields."""

    x: int
    y: int = 0
    names: tuple[str, ...] = ()


@pytest.mark.parametrize("point", [Point(1, 2), Point(x=1, y=2), Point(1, y=2, names=())])
def test_fields_are_set_by_position_and_by_name(point: Point) -> None:
    """A value takes its fields by position and by name, with defaults."""
    assert (1, 2, (), 3) == (point.x, point.y, point.names, point.total)


@pytest.mark.parametrize(("positional", "named"), [((), {}), ((1, 2, (), 4), {}), ((1,), {"z": 1}), ((1,), {"x": 1})])
def test_wrong_fields_are_errors(positional: tuple[object, ...], named: dict[str, object]) -> None:
    """A field that is missing, unknown or given twice is an error."""
    with pytest.raises(TypeError):
        Point(*positional, **named)


def test_the_first_and_later_instances_of_a_class_are_alike() -> None:
    """All instances take arguments alike, the first of a class and those after it was compiled for speed."""

    @value
    class Fresh:
        x: int
        y: int = 0

    class FreshTuple(NamedTuple):
        x: int
        y: int = 0

    for number in range(3 * SLOW_INSTANCES):
        for kind in (Fresh, FreshTuple):
            assert [(number, 0), (number, 2)] == [(made.x, made.y) for made in (kind(number), kind(y=2, x=number))]
            for positional, named in [((), {"y": 1}), ((1, 2, 3), {}), ((1,), {"z": 1}), ((1,), {"x": 1})]:
                with pytest.raises(TypeError):
                    kind(*positional, **named)


def test_values_are_equal_by_class_and_fields() -> None:
    """Values are equal, and hash equally, if class and fields are equal."""
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(2, 1)
    assert Point(1, 2) != Other(1, 2)
    assert Point(1, 2) != (1, 2, ())
    assert {Point(1, 2)} == {Point(1, 2), Point(1, 2, ())}


def test_a_value_is_frozen() -> None:
    """No field can be set, deleted or added."""
    point = Point(1)
    for name in ("x", "y", "z"):
        with pytest.raises(AttributeError):
            setattr(point, name, 3)
        with pytest.raises(AttributeError):
            delattr(point, name)
    assert Point(1, 0) == point
    assert not hasattr(point, "__dict__")


def test_the_representation_names_class_and_fields() -> None:
    """The representation names class and fields, and the class keeps its name, docstring and module."""
    assert "Point(x=1, y=0, names=('a',))" == repr(Point(1, names=("a",)))
    assert ("Point", "A point.", __name__) == (Point.__name__, Point.__doc__, Point.__module__)


def test_a_value_can_be_matched() -> None:
    """A value can be matched by position and by name."""
    match Point(1, 2):
        case Point(1, names=names, y=y):
            assert (2, ()) == (y, names)
        case _:
            pytest.fail("no case matched")
    assert ("x", "y", "names") == Point.__match_args__


@value
class Labelled(Point):
    """A point with a label."""

    label: str = "none"


def test_a_value_inherits_fields() -> None:
    """A value has the fields and methods of its base class first, with their defaults, then its own."""
    point = Labelled(1, label="here")
    assert (1, 0, (), "here", 1) == (point.x, point.y, point.names, point.label, point.total)
    assert ("x", "y", "names", "label") == Labelled.__match_args__
    assert Labelled(1) == Labelled(1, 0, (), "none") != Point(1)
    assert "Labelled(x=1, y=0, names=(), label='here')" == repr(point)
    assert not hasattr(point, "__dict__")
    with pytest.raises(TypeError):
        Labelled(label="here")


class Place(NamedTuple):
    """A place in a file."""

    line: int
    column: int = 1

    def __str__(self) -> str:
        """Return `line:column`."""
        return f"{self.line}:{self.column}"


def test_named_tuples_are_like_those_of_typing() -> None:
    """A named tuple has fields and defaults, and keeps its docstring and methods."""
    place = Place(2)
    assert (2, 1) == place
    assert ("line", "column") == Place._fields
    assert "2:7" == str(place._replace(column=7))
    assert "Place(line=2, column=1)" == repr(place)
    assert {"line": 2, "column": 1} == place._asdict()
    assert ("A place in a file.", __name__) == (Place.__doc__, Place.__module__)
    assert place == copy.copy(place) == pickle.loads(pickle.dumps(place))
    match place:
        case Place(line, column=column):
            assert (2, 1) == (line, column)
    with pytest.raises(ValueError, match="no field z"):
        place._replace(z=1)  # type: ignore[call-arg]


def test_a_lazy_expression_is_compiled_on_first_use() -> None:
    """A wrong expression raises when it is first used, and a right one has the methods of a compiled one."""
    wrong = compile_lazily("(")
    with pytest.raises(re.error):
        wrong.search("x")
    assert ["a", "B"] == compile_lazily("[ab]", re.I).findall("axB")
