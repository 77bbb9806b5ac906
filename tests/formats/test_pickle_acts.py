"""Imports, calls and changes are recorded with what they act on."""

from tests.samples.pickle_assembly import Raw, call, name, stream, text, value

from weighbridge.formats.pickle import read
from weighbridge.model.budget import Budget
from weighbridge.model.observation import Observation
from weighbridge.model.pickle_program import (
    Kind,
    PickleCall,
    PickleComputedImport,
    PickleExtension,
    PickleImport,
    PickleMutation,
    PicklePersistentId,
    PickleState,
)
from weighbridge.model.source import BytesSource


def noted(body: bytes) -> list[Observation]:
    return list(read(BytesSource(stream(body)), Budget()).observations)


def only(body: bytes, kind: type[Observation]) -> Observation:
    (found,) = [item for item in noted(body) if type(item) is kind]
    return found


def test_every_way_to_call() -> None:
    for body in (
        name("a", "B") + b")R",
        b"(ia\nB\n",
        b"(" + name("a", "B") + b"o",
        name("a", "B") + b")\x81",
        name("a", "B") + b")}\x92",
    ):
        made = only(body, PickleCall)
        assert isinstance(made, PickleCall)
        assert (made.callee.module, made.callee.name) == ("a", "B")
        assert made.operands.kind is Kind.TUPLE
        found = only(body, PickleImport)
        assert isinstance(found, PickleImport)
        assert found.called != found.built


def test_plain_containers_are_filled_quietly() -> None:
    assert noted(value({"a": [1], "b": (2, 3)}) + b"0" + b"\x8f(K\x01\x90") == []


def test_changes_of_imports_and_results() -> None:
    changed = only(name("a", "b") + text("k") + b"Ns", PickleMutation)
    assert isinstance(changed, PickleMutation)
    assert changed.target.kind is Kind.IMPORT
    assert only(name("a", "b") + b"Nb", PickleState)
    filled = only(call("collections", "OrderedDict") + text("k") + b"Ns", PickleMutation)
    assert isinstance(filled, PickleMutation)
    assert filled.target.kind is Kind.RESULT


def test_computed_names_numbers_and_ids() -> None:
    assert only(text("os") + call("a", "B") + b"\x93", PickleComputedImport)
    assert only(b"\x82\x07", PickleExtension)
    stored = only(value(("storage", Raw(name("torch", "FloatStorage")), "0", "cpu", 3)) + b"Q", PicklePersistentId)
    assert isinstance(stored, PicklePersistentId)
    assert stored.id.items[1].name == "FloatStorage"


def test_repeated_shapes_are_noted_once() -> None:
    body = b"".join(call("a", "B", number, "text") + b"0" for number in range(50)) + b"N"
    assert len([item for item in noted(body) if type(item) is PickleCall]) == 1
