import json

import numpy as np
import pytest
from tests.samples import safetensors_file
from tests.samples.lineage_models import as_gguf, as_safetensors, model

from weighbridge.lineage.sketch import sketch
from weighbridge.lineage.sketch_text import to_bytes
from weighbridge.model.source import BytesSource


class Counting(BytesSource):
    reads = 0
    bytes = 0

    def read(self, offset, length):
        self.reads += 1
        self.bytes += length
        return super().read(offset, length)


def made(weights, kind="F16"):
    return sketch([BytesSource(as_gguf(weights, kind))])


def test_few_small_reads_and_no_full_one():
    source = Counting(as_gguf(model(1), "F32"))
    sketch([source])
    assert source.reads <= 3 * 30 + 9 + 3
    assert source.bytes < source.size // 20


def test_norms_are_equal_across_quantizations_and_containers():
    first = made(model(1), "F16")
    assert first.norms == made(model(1), "Q4_0").norms
    assert first.norms == sketch([BytesSource(as_safetensors(model(1)))]).norms
    assert len(first.norms) == 9
    assert first.norms != made(model(2)).norms


def test_shapes_have_one_digest_in_both_containers():
    assert made(model(1)).shapes == sketch([BytesSource(as_safetensors(model(2)))]).shapes
    assert made(model(1)).shapes != made(model(1, layers=5)).shapes


@pytest.mark.parametrize(
    ("value", "reason"),
    [(np.nan, "no numbers"), (np.inf, "no numbers"), (0.0, "constant"), (1.5, "constant")],
)
def test_values_that_say_nothing_are_left_out(value, reason):
    weights = {name: np.full_like(one, value) for name, one in model(1).items()}
    found = made(weights, "F32")
    assert found.names == ()
    assert found.norms == ()
    assert reason in found.left_out[0]


def test_what_is_cut_off_is_said():
    content = as_gguf(model(1))
    found = sketch([BytesSource(content[: len(content) // 2])])
    assert 0 < len(found.names) < 30
    assert "the file ends before them" in found.left_out[0]


def test_types_without_numbers_are_said():
    header = {"w": {"dtype": "I8", "shape": [64, 64], "data_offsets": [0, 4096]}}
    found = sketch([BytesSource(safetensors_file.raw(json.dumps(header), bytes(4096)))])
    assert found.left_out == ("1 of 1 matrices: numbers of type I8 cannot be compared",)


def hostile(count, name, shape, dtype="F32"):
    random = np.random.default_rng(1)
    header, data, at = {}, [], 0
    for number in range(count):
        values = random.standard_normal(shape).astype("<f4").tobytes()
        header[name(random, number)] = {"dtype": dtype, "shape": list(shape), "data_offsets": [at, at + len(values)]}
        data.append(values)
        at += len(values)
    return Counting(safetensors_file.raw(json.dumps(header), b"".join(data)))


@pytest.mark.parametrize("ending", ["", "norm.weight"])
@pytest.mark.parametrize("length", [10, 60, 150])
def test_a_sketch_stays_small_whatever_the_names(length, ending):
    def name(random, _number):
        return "".join(map(chr, random.integers(0x4E00, 0x9FFF, length))) + ending

    for shape in ((32, 32), (16,)):
        source = hostile(700, name, shape)
        found = sketch([source])
        assert len(to_bytes(found)) <= 16_384
        assert source.reads < 2000
        assert shape == (16,) or len(found.names) > 200


def test_norms_that_say_nothing_are_not_read_for_ever():
    header = {
        f"a{number}.norm.weight": {"dtype": "F32", "shape": [16], "data_offsets": [64 * number, 64 * number + 64]}
        for number in range(5000)
    }
    source = Counting(safetensors_file.raw(json.dumps(header), bytes(64 * 5000)))
    sketch([source])
    assert source.reads < 700


def test_types_with_endless_names_are_cut():
    header = {
        f"w{number}": {"dtype": f"X{number}" * 1000, "shape": [64, 64], "data_offsets": [0, 0]} for number in range(400)
    }
    found = sketch([BytesSource(safetensors_file.raw(json.dumps(header), b""))])
    assert len(found.left_out) <= 10
    assert len(to_bytes(found)) <= 16_384


def test_a_sketch_stays_small_whatever_the_number_of_tensors():
    random = np.random.default_rng(1)
    header, data = {}, []
    for number in range(700):
        header[f"model.layers.{number}.mlp.up_proj.weight"] = {
            "dtype": "F32",
            "shape": [32, 32],
            "data_offsets": [4096 * number, 4096 * number + 4096],
        }
        data.append(random.standard_normal(1024).astype("<f4").tobytes())
    found = sketch([BytesSource(safetensors_file.raw(json.dumps(header), b"".join(data)))])
    assert len(found.names) == 312
    assert len(to_bytes(found)) <= 16_384
    assert "only 312 of 700 are sampled" in found.left_out[0]
