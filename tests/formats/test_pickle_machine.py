"""The machine follows the C unpickler: stack, marks, memo, frames."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples.pickle_assembly import SYSTEM, stream, text, value

from weighbridge.formats.pickle_machine import _IDLE, POP_COST, Machine
from weighbridge.formats.pickle_recorder import Recorder
from weighbridge.formats.pickle_values import Container, Fault
from weighbridge.formats.pickle_window import Window
from weighbridge.model.budget import Budget, Limits
from weighbridge.model.source import BytesSource, LimitReached


def machine(content: bytes, *, strict: bool = False, chunk: int = 1 << 20, opcodes: int = 1 << 20) -> Machine:
    window = Window(BytesSource(content), 0, chunk)
    return Machine(window, Recorder(), Budget(Limits(opcodes=opcodes)), strict=strict)


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("chunk", [64, 100, 4096])
def test_ends_where_the_unpickler_ends(protocol: int, chunk: int) -> None:
    data = {"a": [1, 2.5, "x" * 90, b"y" * 300], "b": (None, True, -70000, 1 << 80)}
    content = pickle.dumps(data, protocol)
    end, result = machine(content + b"tail", strict=True, chunk=chunk).run(0)
    assert end == len(content)
    assert isinstance(result, Container)
    assert result.count == 4


def test_strict_stops_and_lenient_goes_on() -> None:
    broken = b"\x80\x040" + SYSTEM + b"."
    with pytest.raises(Fault):
        machine(broken, strict=True).run(0)
    lenient = machine(broken)
    lenient.run(0)
    assert ("os", "system") in lenient.recorder.imports
    assert not lenient.recorder.imports["os", "system"].reached


def test_names_through_the_memo() -> None:
    content = stream(text("os") + b"\x940" + text("system") + b"\x940h\x00h\x01\x93")
    reading = machine(content)
    reading.run(0)
    assert list(reading.recorder.imports) == [("os", "system")]


def test_opcodes_are_counted_and_limited() -> None:
    reading = machine(stream(value([1, 2, 3])))
    reading.run(0)
    assert 5 <= reading.opcodes <= 20
    with pytest.raises(LimitReached):
        machine(stream(b"N200" * 5000 + b"N"), opcodes=1000).run(0)


def test_idle_runs_cost_little() -> None:
    reading = machine(stream(b"N0" * 100_000 + b"N"))
    reading.run(0)
    assert reading.opcodes < 100_000


IDLERS = [b"N0", b")\x850", b"NN\x860", b"NN00", b"NNN\x870", b"(NN1", b"(t0", b"](Ne0", b"]Na0", b"N", b"0", b"\x86"]


@given(st.lists(st.sampled_from(IDLERS), min_size=4, max_size=30))
def test_idle_runs_change_nothing(pieces: list[bytes]) -> None:
    body = b"".join(pieces)
    found = _IDLE.match(body)
    if found is None:
        return
    idle = machine(body[: found.end()] + b".", strict=True)
    with pytest.raises(Fault):
        idle.run(0)
    assert idle.stack == []
    assert idle.marks == []


def test_what_is_thrown_away_costs_work_except_in_a_trial() -> None:
    content = b"\x80\x04" + b"\x8c\x01a0" * 2000 + b"N."
    with pytest.raises(LimitReached, match="opcodes"):
        machine(content, opcodes=2000 * POP_COST).run(0)
    assert machine(content, opcodes=3 * 2000 + 10, strict=True).run(0)[0] == len(content)


@pytest.mark.parametrize(
    "line", [b"I7\n", b"I-7\n", b"I00\n", b"I07\n", b"I0\n", b"Vab\n", b"V\\u00e9\n", b"V\xe9\n", b"V\n"]
)
def test_short_lines_are_read_as_the_unpickler_reads_them(line: bytes) -> None:
    content = line + b"."
    assert machine(content).run(0)[1] == pickle.loads(content)


def test_a_stack_too_deep_is_a_limit() -> None:
    with pytest.raises(LimitReached):
        machine(stream(b"N" * 700_000)).run(0)


def test_python_two_names_only_before_protocol_three() -> None:
    early = machine(b"\x80\x02c__builtin__\neval\n.")
    early.run(0)
    late = machine(b"\x80\x03c__builtin__\neval\n.")
    late.run(0)
    assert list(early.recorder.imports) == [("builtins", "eval")]
    assert list(late.recorder.imports) == [("__builtin__", "eval")]
