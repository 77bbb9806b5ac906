"""Records behave like frozen, slotted, keyword-only dataclasses."""

import copy
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace

import pytest

from weighbridge.model.record import draft, record


@record
class Point:
    """One."""

    x: int
    y: int = 2
    seen: list[int] = field(default_factory=list, compare=False)
    note: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plain:
    x: int
    y: int = 2
    seen: list[int] = field(default_factory=list, compare=False)
    note: str = field(default="", repr=False)


@record
class Named(Point):
    """Two."""

    name: str = "p"


@record
class Empty:
    """Three."""


def test_behaves_like_a_dataclass() -> None:
    ours, theirs = Point(x=1, note="n"), _Plain(x=1, note="n")
    assert repr(ours).removeprefix("Point") == repr(theirs).removeprefix("_Plain")
    assert hash(ours) == hash(theirs)
    assert asdict(ours) == asdict(theirs)
    assert [one.name for one in fields(ours)] == [one.name for one in fields(theirs)]
    assert not hasattr(ours, "__dict__")


def test_equal_by_the_fields_that_count_and_by_class() -> None:
    assert Point(x=1, seen=[1]) == Point(x=1, seen=[2])
    assert Point(x=1) != Point(x=2)
    assert Point(x=1) != Named(x=1)
    assert Point(x=1) != _Plain(x=1)
    assert Empty() == Empty()
    assert hash(Empty()) == hash(Empty())


def test_each_has_a_list_of_its_own() -> None:
    assert Point(x=1).seen is not Point(x=1).seen


def test_derived() -> None:
    assert repr(Named(x=1, name="q")) == "Named(x=1, y=2, seen=[], name='q')"
    assert replace(Named(x=1), x=5) == Named(x=5)


def test_nothing_changes() -> None:
    point = Point(x=1)
    with pytest.raises(FrozenInstanceError, match="'x' of Point"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del point.x


def test_wrong_fields() -> None:
    with pytest.raises(TypeError, match="Point needs 'x'"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Point has no 'z'"):
        Point(x=1, z=2)  # type: ignore[call-arg]


def test_copies() -> None:
    point = Point(x=1, seen=[1])
    deep = copy.deepcopy(point)
    assert deep == point
    assert deep.seen == [1]
    assert deep.seen is not point.seen


@draft
class Sketch:
    """A record in the making."""

    name: str
    found: list[int] = field(default_factory=list)


def test_a_draft_changes() -> None:
    sketch = Sketch(name="a")
    sketch.name = "b"
    sketch.found.append(1)
    assert repr(sketch) == "Sketch(name='b', found=[1])"
    assert replace(sketch, name="c").found == [1]
    assert sketch == Sketch(name="b", found=[1])
    assert sketch != Sketch(name="b")
    with pytest.raises(TypeError, match="unhashable"):
        hash(sketch)
    with pytest.raises(AttributeError):
        sketch.other = 1  # type: ignore[attr-defined]
