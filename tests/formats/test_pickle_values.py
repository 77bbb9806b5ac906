"""Shapes and descriptions of values are bounded whatever the values refer to."""

from weighbridge.formats.pickle_values import (
    SHOWN_NODES,
    DictValue,
    Import,
    ListValue,
    LongText,
    Result,
    TupleValue,
    container,
    describe,
    origin,
    shown_origin,
    signature,
)
from weighbridge.model.pickle_program import Kind, Operand


def _count(operand: Operand) -> int:
    return 1 + sum(map(_count, operand.items))


def test_equal_shapes_are_equal() -> None:
    one = container(Kind.TUPLE, ["a", 1, None])
    other = container(Kind.TUPLE, ["b", 2, None])
    assert signature(one) == signature(other)
    assert signature(one, texts=True) != signature(other, texts=True)
    assert signature(container(Kind.TUPLE, ["a", 1 << 40, None])) != signature(one)


def test_imports_and_results_tell_their_origin() -> None:
    found = Import("os", "system")
    made = Result(found, TupleValue())
    assert origin(made) == ("os", "system")
    assert shown_origin(Result(made, TupleValue())) == ("os", "system()")
    assert describe(made).kind is Kind.RESULT
    assert describe(LongText(Kind.BYTES, 5)) == Operand(Kind.BYTES)


def test_a_loop_and_a_fan_end() -> None:
    loop = ListValue()
    loop.items = [loop]
    loop.count = 1
    assert _count(describe(loop)) < 10
    wide: object = 1
    for _ in range(12):
        wide = container(Kind.TUPLE, [wide] * 30)
    assert _count(describe(wide)) <= 2 * SHOWN_NODES
    assert signature(wide) is not None


def test_left_out_items_count_as_complete_only_if_they_are_literal() -> None:
    plain = DictValue()
    plain.items = list(range(60))
    plain.count = 1000
    assert describe(plain).complete
    plain.tainted = True
    assert not describe(plain).complete
