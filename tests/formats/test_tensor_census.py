"""Counting tensors one by one."""

import pytest

from weighbridge.formats import tensor_census
from weighbridge.formats.gathering import Gathering, StructureError
from weighbridge.formats.tensor_census import TensorCensus
from weighbridge.model.source import LimitReached


def test_report() -> None:
    census = TensorCensus()
    assert census.add("a", "F32", (2, 3)) == 6
    assert census.add("b", "I8", (100,)) == 100
    assert census.add("c", "F32", (-1, 3)) == 0
    gathering = Gathering("x")
    census.report(gathering, "here")
    found = {fact.name: fact.value for fact in gathering.reading().facts}
    assert found["parameters"] == 106
    assert found["quantization"] == "I8"
    assert census.tensors == 3


def test_nothing_counted_is_nothing_reported() -> None:
    gathering = Gathering("x")
    TensorCensus().report(gathering, "here")
    assert not gathering.reading().facts


def test_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_census, "MOST_TENSORS", 2)
    census = TensorCensus()
    census.add("a", "F32", ())
    census.add("b", "F32", ())
    with pytest.raises(LimitReached):
        census.add("c", "F32", ())


def test_names_and_shapes_that_take_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_census, "MOST_TABLE_BYTES", 10_000)
    census = TensorCensus()
    census.add("n" * 1000, "F32", ())
    with pytest.raises(LimitReached):
        census.add("n" * 4000, "F32", ())
    with pytest.raises(LimitReached):
        TensorCensus().add("a", "F32", (1000,) * 250)


def test_more_dimensions_than_any_framework_allows() -> None:
    assert TensorCensus().add("a", "F32", (1,) * 255) == 1
    with pytest.raises(StructureError):
        TensorCensus().add("a", "F32", (1,) * 256)
