import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples.torch7_file import function, module, table, tensor

from weighbridge.formats import torch7
from weighbridge.model.budget import Budget
from weighbridge.model.observation import EmbeddedCode, Malformed, Unread
from weighbridge.model.source import BytesSource


def read(content: bytes):
    return torch7.READER.read(BytesSource(content), Budget())


@pytest.mark.parametrize("content", [tensor(), table(tensor(3)), module(tensor(3))])
def test_weights_are_walked_to_their_end(content):
    reading = read(content)

    assert torch7.READER.recognize(BytesSource(content), content[:4096])
    assert reading.observations == ()
    assert [fact.value for fact in reading.facts if fact.name == "parameters"] == [6]


@pytest.mark.parametrize("content", [function(), table(function(3)), module(table(function(5), 3))])
def test_functions_are_noted(content):
    assert torch7.READER.recognize(BytesSource(content), content[:4096])
    assert [item.kind for item in read(content).observations] == ["lua"]
    assert isinstance(read(content).observations[0], EmbeddedCode)


def test_what_follows_the_last_object_is_damage():
    assert any(isinstance(item, Malformed) for item in read(tensor() + b"more").observations)


def test_a_file_that_breaks_off_is_not_examined():
    assert any(isinstance(item, Unread) for item in read(tensor()[:-4]).observations)


def test_ordinary_numbers_are_none():
    for content in (struct.pack("<6i", 3, 1, 5, 9, 9, 9), struct.pack("<6i", 8, 1, 4, 4, 4, 4), bytes(40)):
        assert not torch7.recognize(BytesSource(content), content)


@given(st.binary(max_size=40), st.integers(0, 120))
def test_any_change_is_survived(noise, at):
    content = module(tensor(3))
    read(content[:at] + noise + content[at + len(noise) :])
