"""Streams one after the other, behind errors, and inside values."""

import pickle

from tests.samples.pickle_assembly import SYSTEM, stream, value

from weighbridge.formats.pickle import read
from weighbridge.formats.pickle_streams import read_streams
from weighbridge.model.budget import Budget, Limits
from weighbridge.model.pickle_program import PickleImport, PickleNested, PickleTrailing
from weighbridge.model.source import BytesSource

EVIL = stream(SYSTEM)


def imports(content: bytes) -> list[PickleImport]:
    return [item for item in read(BytesSource(content), Budget()).observations if isinstance(item, PickleImport)]


def test_following_streams() -> None:
    streams = read_streams(BytesSource(stream(b"N") + pickle.dumps([1]) + b"I5\n."), Budget())
    assert len(streams.values) == 3
    assert imports(stream(b"N") + EVIL)


def test_behind_errors_and_garbage() -> None:
    assert imports(b"\x80\x04N\xff" + EVIL)
    assert imports(stream(b"N") + b"\xfe" * 9 + EVIL)


def test_inside_values() -> None:
    (found,) = imports(stream(value({"a": EVIL})))
    assert found.nesting == 1
    notes = read(BytesSource(stream(value({"a": pickle.dumps(list(range(9)))}))), Budget()).observations
    assert [type(item) for item in notes] == [PickleNested]


def test_trailing() -> None:
    def trailing(content: bytes) -> list[bool]:
        notes = read(BytesSource(content), Budget()).observations
        return [item.blank for item in notes if isinstance(item, PickleTrailing)]

    assert trailing(stream(b"N")) == []
    assert trailing(stream(b"N") + b"\0" * 10) == [True]
    assert trailing(stream(b"N") + b"\xfe" * 10) == [False]


def test_a_large_file_may_cost_in_proportion() -> None:
    content = b"\x80\x04](" + b"K\x01" * 40 + b"e."
    assert not read_streams(BytesSource(content), Budget()).exhausted
    assert read_streams(BytesSource(content), Budget(Limits(opcodes=20))).exhausted
