import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.samples.ggml_file import adapter, llama, unversioned

from weighbridge.formats import ggml as reader
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.observation import Damage, Malformed, Unread
from weighbridge.model.source import BytesSource


def read(content: bytes):
    return reader.READER.read(BytesSource(content), Budget())


def value(reading, name, grade=None):
    return [f.value for f in reading.facts if f.name == name and (grade is None or f.grade is grade)]


def damage(content: bytes) -> list[Damage]:
    return [each.damage for each in read(content).observations if isinstance(each, Malformed)]


@pytest.mark.parametrize(("family", "version"), [(b"fmgg", 1), (b"tjgg", 1), (b"tjgg", 2), (b"tjgg", 3)])
def test_models(family, version):
    content = llama(family, version)
    reading = read(content)

    assert reader.recognize(BytesSource(content), content[:4096])
    assert reading.observations == ()
    assert value(reading, "parameters") == [96]
    assert value(reading, "vocabulary") == [3]
    assert value(reading, "quantization", Grade.DECLARED) == ["Q4_0"]
    assert value(reading, "quantization", Grade.MEASURED) == ["Q4_0"]


def test_adapters():
    reading = read(adapter())

    assert reading.observations == ()
    assert value(reading, "type") == ["adapter"]
    assert value(reading, "adapter.rank") == [8]


def test_a_file_with_the_shared_magic_and_no_known_layout_says_what_was_not_read():
    content = b"lmgg" + (51864).to_bytes(4, "little") + bytes(200)

    assert reader.recognize(BytesSource(content), content)
    assert any(isinstance(item, Unread) for item in read(content).observations)


@pytest.mark.parametrize("program", ["whisper", "gpt-2", "gpt-j", "llama"])
def test_layouts_behind_the_shared_magic(program):
    reading = read(unversioned(program))

    assert reading.observations == ()
    assert value(reading, "parameters") == [32]


def test_bytes_behind_the_last_tensor_of_the_shared_magic_do_not_fit():
    assert any(isinstance(item, Unread) for item in read(unversioned("gpt-2") + b"hidden").observations)


@pytest.mark.parametrize("cut", [20, 45, 70, 150, -5])
def test_a_file_that_ends_early_is_truncated(cut):
    assert damage(llama()[:cut]) == [Damage.TRUNCATED]


@pytest.mark.parametrize(
    "content",
    [
        llama(version=9),
        llama(vocabulary=1 << 31),
        llama(layers=1 << 31),
        llama(tail=b"#!/bin/sh\n" + b"x" * 60),
        llama() + llama()[-60:],
    ],
)
def test_contradictions(content):
    found = damage(content)

    assert found
    assert Damage.TRUNCATED not in found


@pytest.mark.parametrize("content", [b"lmgg is text", b"tjgg and more text", b"fmgg"])
def test_text_is_not_recognized(content):
    assert not reader.recognize(BytesSource(content), content)


@given(st.data())
def test_no_mutation_escapes(data):
    content = bytearray(llama())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read(bytes(content[: data.draw(st.integers(0, len(content)))]))
