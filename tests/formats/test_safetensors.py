import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors import SafetensorError
from safetensors.numpy import load, save
from tests.samples.safetensors_file import raw, small, tensors

from weighbridge.formats import safetensors as reader
from weighbridge.formats.tensor_table import Tensor, digest
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Grade
from weighbridge.model.observation import Damage, Malformed, Unread
from weighbridge.model.source import BytesSource, LimitReached


class Sparse:
    """`content` followed by zeros up to `size`: a large file that costs no memory."""

    name = b"model-00002-of-00003.safetensors"

    def __init__(self, content: bytes, size: int) -> None:
        self.content, self.size, self.bytes_read = content, size, 0

    def read(self, offset: int, length: int) -> bytes:
        length = min(length, self.size - offset)
        self.bytes_read += length
        return self.content[offset : offset + length].ljust(length, b"\0")


def read(content: bytes, name: bytes = b"model.safetensors"):
    return reader.READER.read(BytesSource(content, name), Budget())


def value(reading, name, grade=None):
    return [f.value for f in reading.facts if f.name == name and (grade is None or f.grade is grade)]


def damage(content: bytes) -> list[Damage]:
    return [each.damage for each in read(content).observations if isinstance(each, Malformed)]


def header_of(**shapes) -> bytes:
    """Return a file of tensors given as name=(dtype, shape, bytes)."""
    at, header = 0, {}
    for name, (dtype, shape, size) in shapes.items():
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [at, at + size]}
        at += size
    return raw(json.dumps(header), bytes(at))


def test_facts_written_by_the_safetensors_library():
    content = save(
        {"a.weight": np.zeros((3, 4), dtype=np.float16), "b": np.zeros((2,), dtype=np.int64)},
        metadata={"format": "pt", "license": "mit", "modelspec.title": "Tiny", "ss_base_model_version": "sdxl"},
    )

    reading = read(content)

    assert reader.recognize(BytesSource(content), content[:4096])
    assert reading.observations == ()
    assert value(reading, "parameters") == [14]
    assert value(reading, "license", Grade.DECLARED) == ["mit"]
    assert value(reading, "name") == ["Tiny"]
    assert value(reading, "base_model.version") == ["sdxl"]
    assert value(reading, "quantization", Grade.MEASURED) == ["F16"]
    assert value(reading, "tensor_table.sha256") == [
        digest([Tensor("a.weight", "F16", (3, 4)), Tensor("b", "I64", (2,))])
    ]


def test_only_the_header_of_a_large_file_is_read():
    size = 1 << 30
    text = json.dumps({"w": {"dtype": "F32", "shape": [size // 4], "data_offsets": [0, size]}})
    content = raw(text)
    large = Sparse(content, len(content) + size)

    reading = reader.READER.read(large, Budget())

    assert reading.observations == ()
    assert large.bytes_read == len(content)
    assert value(reading, "shard.number") == [2]
    assert value(reading, "shard.count") == [3]


@pytest.mark.parametrize(
    ("name", "content"),
    {
        "empty": raw("{}"),
        "metadata alone": raw('{"__metadata__":{"a":"b"}}'),
        "scalar": header_of(s=("F32", [], 4)),
        "empty tensors": header_of(a=("F32", [0], 0), b=("F32", [0, 3], 0), c=("U8", [1], 1)),
        "eight-bit floats": header_of(a=("F8_E4M3", [8], 8), b=("F8_E8M0", [2], 2), c=("F8_E5M2", [1], 1)),
        "four-bit floats": header_of(a=("F4", [8], 4), b=("F6_E2M3", [4], 3)),
        "complex": header_of(a=("C64", [2], 16)),
        "padding": small(),
    }.items(),
)
def test_honest_files(name, content):
    assert read(content).observations == ()
    assert reader.recognize(BytesSource(content), content[:4096])


HOSTILE = {
    "duplicate tensor": raw(
        '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}',
        bytes(4),
    ),
    "duplicate metadata": raw('{"__metadata__":{"license":"mit","license":"gpl"}}'),
    "duplicate key in entry": raw('{"a":{"dtype":"U8","dtype":"I8","shape":[4],"data_offsets":[0,4]}}', bytes(4)),
    "overlap": small(**{"norm.weight": {"dtype": "F16", "shape": [8], "data_offsets": [16, 32]}}, data=bytes(32)),
    "hole": small(**{"norm.weight": {"dtype": "F16", "shape": [8], "data_offsets": [64, 80]}}, data=bytes(80)),
    "hole at the start": raw('{"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}', bytes(8)),
    "tail": small(data=bytes(48) + b"MZ payload"),
    "wrong size": small(**{"norm.weight": {"dtype": "F32", "shape": [8], "data_offsets": [32, 48]}}),
    "backwards": small(**{"norm.weight": {"dtype": "F16", "shape": [8], "data_offsets": [48, 32]}}),
    "negative": small(**{"norm.weight": {"dtype": "F16", "shape": [-8], "data_offsets": [32, 48]}}),
    "float offset": small(**{"norm.weight": {"dtype": "F16", "shape": [8], "data_offsets": [32, 48.0]}}),
    "truth as number": small(**{"norm.weight": {"dtype": "F16", "shape": [True], "data_offsets": [32, 34]}}),
    "overflow": small(**{"norm.weight": {"dtype": "F16", "shape": [1 << 40, 1 << 40], "data_offsets": [32, 48]}}),
    "extra key": small(**{"norm.weight": {"dtype": "F16", "shape": [8], "data_offsets": [32, 48], "payload": "x"}}),
    "missing key": small(**{"norm.weight": {"dtype": "F16", "shape": [8]}}),
    "number type": small(**{"norm.weight": {"dtype": "../x", "shape": [8], "data_offsets": [32, 48]}}),
    "metadata of numbers": raw('{"__metadata__":{"a":1}}'),
    "metadata list": raw('{"__metadata__":[]}'),
    "not UTF-8": raw(b'{"__metadata__":{"a":"\xff"}}'),
    "two values": raw('{"__metadata__":{"a":"b"}}{"x":1}'),
    "not JSON": raw('{"__metadata__":'),
    "NaN": raw('{"a":NaN}'),
    "deep": raw('{"a":' + "[" * 100_000 + "]" * 100_000 + "}"),
    "list": raw('["dtype"]'),
    "leading blank": raw(' {"__metadata__":{"a":"b"}}'),
    "huge length": raw('{"__metadata__":{"a":"b"}}', length=(1 << 63) + 1),
    "long number": raw('{"a":{"dtype":"U8","shape":[' + "9" * 6000 + '],"data_offsets":[0,4]}}', bytes(4)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_contradictions_are_not_called_truncation(name):
    found = damage(HOSTILE[name])

    assert found
    assert Damage.TRUNCATED not in found


@pytest.mark.parametrize("cut", [3, 12, 100, -1, -20])
def test_a_file_that_ends_early_is_truncated(cut):
    assert damage(small()[:cut]) == [Damage.TRUNCATED]


def test_an_absurd_length_is_still_recognized_by_its_keys():
    content = HOSTILE["huge length"]

    assert reader.recognize(BytesSource(content), content[:4096])


@pytest.mark.parametrize(
    "content", [b'"dtype"\n{"dtype": 1, "data_offsets": 2}', b"        { hello", b"PK\3\4\0\0\0\0{binary", bytes(40)]
)
def test_other_content_is_not_recognized(content):
    assert not reader.recognize(BytesSource(content), content)


def test_an_unknown_number_type_is_unread():
    [seen] = read(small(**{"norm.weight": {"dtype": "F3_NEW", "shape": [8], "data_offsets": [32, 48]}})).observations

    assert isinstance(seen, Unread)


def test_a_header_of_a_million_brackets_is_refused_before_parsing():
    with pytest.raises(LimitReached):
        read(raw('{"a":[' + "[]," * 600_000 + "[]]}"))


@pytest.mark.parametrize(
    ("scheme", "parameters", "content"),
    [
        (
            "GPTQ",
            64 * 8,
            header_of(
                **{
                    "l.qweight": ("I32", [8, 8], 256),
                    "l.scales": ("F16", [1, 8], 16),
                    "l.qzeros": ("I32", [1, 1], 4),
                    "l.g_idx": ("I32", [64], 256),
                }
            ),
        ),
        (
            "AWQ",
            64 * 8,
            header_of(
                **{"l.qweight": ("I32", [64, 1], 256), "l.qzeros": ("I32", [1, 1], 4), "l.scales": ("F16", [1, 8], 16)}
            ),
        ),
        ("EXL2", None, header_of(**{"l.q_weight": ("I32", [8], 32), "l.q_scale": ("I32", [1], 4)})),
        ("EXL3", None, header_of(**{"l.trellis": ("I16", [8], 16), "l.suh": ("F16", [1], 2)})),
        (
            "bitsandbytes NF4",
            128,
            header_of(
                **{
                    "l.weight": ("U8", [64, 1], 64),
                    "l.weight.absmax": ("U8", [2], 2),
                    "l.weight.quant_state.bitsandbytes__nf4": ("U8", [4], 4),
                }
            ),
        ),
        ("MLX", None, header_of(**{"l.weight": ("U32", [8, 8], 256), "l.scales": ("F16", [8, 1], 16)})),
        ("MXFP4", 64, header_of(**{"l_blocks": ("U8", [32], 32), "l_scales": ("U8", [2], 2)})),
        ("F8_E4M3", None, header_of(**{"l.weight": ("F8_E4M3", [8], 8)})),
        ("BF16", None, header_of(**{"l.weight": ("BF16", [8], 16)})),
    ],
)
def test_quantization_is_measured(scheme, parameters, content):
    reading = read(content)

    assert value(reading, "quantization", Grade.MEASURED) == [scheme]
    if parameters is not None:
        assert value(reading, "parameters") == [parameters]


@pytest.mark.parametrize(
    ("down", "up"),
    [
        ("base_model.model.layers.0.q_proj.lora_A.weight", "base_model.model.layers.0.q_proj.lora_B.weight"),
        ("lora_unet_down_blocks_0.lora_down.weight", "lora_unet_down_blocks_0.lora_up.weight"),
    ],
)
def test_adapters_are_a_fact(down, up):
    reading = read(header_of(**{down: ("F32", [8, 64], 2048), up: ("F32", [64, 8], 2048)}))

    assert value(reading, "type") == ["adapter"]
    assert value(reading, "adapter.rank", Grade.MEASURED) == [8]


@given(st.data())
def test_what_the_library_refuses_is_never_without_an_observation(data):
    content = bytearray(small())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(len(content) - 60, len(content))) :]
    try:
        load(bytes(content))
        refused = False
    except (SafetensorError, OverflowError, KeyError, ValueError, TypeError):
        refused = True

    reading = read(bytes(content))

    assert reading.observations or not refused


def test_entries_of_the_sample_are_what_the_library_reads():
    assert set(load(small())) == set(tensors())
