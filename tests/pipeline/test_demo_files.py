import io
import json
import struct
import zipfile

import pytest

from weighbridge.pipeline.demo_files import (
    Weights,
    archive,
    array,
    call_pickle,
    checkpoint,
    gguf,
    locked_archive,
    object_pickle,
    onnx,
    safetensors,
)


def test_weights_are_zeros_after_the_head() -> None:
    weights = Weights(b"abc", 10)
    assert weights.read(1, 4) == b"bc\0\0"
    assert weights.read(8, 100) == b"\0\0"
    assert weights.read(20, 1) == b""


def test_a_safetensors_file_states_its_own_length() -> None:
    weights = safetensors([("a", (2, 3), "F32"), ("b", (4,), "BF16")], {"format": "pt"})
    (length,) = struct.unpack("<Q", weights.read(0, 8))
    header = json.loads(weights.read(8, length))
    assert header["b"]["data_offsets"] == [24, 32]
    assert weights.size == 8 + length + 32


def test_a_gguf_file_begins_with_its_counts() -> None:
    weights = gguf({"general.name": "x", "a": 1, "b": 0.5, "c": ("y",)}, [("t", (32, 4), "Q8_0")])
    assert weights.read(0, 24) == b"GGUF" + struct.pack("<IQQ", 3, 1, 4)
    assert gguf({}, [("t", (32, 4), "Q8_0")], missing=7).size == gguf({}, [("t", (32, 4), "Q8_0")]).size - 7


def test_archives_are_archives() -> None:
    with zipfile.ZipFile(io.BytesIO(archive({"a/b": b"c"}))) as plain:
        assert plain.read("a/b") == b"c"
    with zipfile.ZipFile(io.BytesIO(locked_archive("a.pt", 50))) as locked:
        assert locked.infolist()[0].flag_bits & 1
        with pytest.raises(RuntimeError, match="encrypted"):
            locked.read("a.pt")


def test_pickles_are_well_formed() -> None:
    import pickletools

    for content in (call_pickle("a", "b", "c"), object_pickle("a", "b", {"x": 1.0})):
        assert list(pickletools.genops(content))[-1][0].name == "STOP"
    with zipfile.ZipFile(io.BytesIO(checkpoint([("w", 3)], ("m", "N")))) as file:
        assert list(pickletools.genops(file.read("archive/data.pkl")))[-1][0].name == "STOP"
        assert len(file.read("archive/data/0")) == 12


def test_an_array_is_read_by_numpy() -> None:
    numpy = pytest.importorskip("numpy", reason="an optional test library")
    assert numpy.load(io.BytesIO(array(7)), allow_pickle=False).shape == (7,)


def test_a_graph_is_read_by_onnx() -> None:
    loader = pytest.importorskip("onnx", reason="an optional test library")
    model = loader.load_from_string(onnx("x", ("Relu", "Softmax")))
    assert [node.op_type for node in model.graph.node] == ["Relu", "Softmax"]
