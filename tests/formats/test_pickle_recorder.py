"""Notes are bounded, and values that hold streams or code are kept for a look."""

import pytest
from tests.samples.pickle_assembly import name, stream, value

from weighbridge.formats import pickle_recorder
from weighbridge.formats.pickle import read
from weighbridge.model.budget import Budget
from weighbridge.model.observation import EmbeddedCode, Excess
from weighbridge.model.source import BytesSource


def test_too_many_imports_are_an_excess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickle_recorder, "IMPORTS_LIMIT", 10)
    body = b"".join(name("a", f"B{number}") + b"0" for number in range(20)) + b"N"
    assert Excess in [type(item) for item in read(BytesSource(stream(body)), Budget()).observations]


def test_marshalled_code() -> None:
    code = b"\xe3" + b"\x01\0\0\0" + b"\0" * 30
    assert EmbeddedCode in [type(item) for item in read(BytesSource(stream(value(code))), Budget()).observations]
    other = b"\xe3" + b"\xff" * 34
    assert read(BytesSource(stream(value(other))), Budget()).observations == ()
