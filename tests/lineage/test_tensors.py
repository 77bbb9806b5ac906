import json

import pytest
from tests.samples import gguf_file, safetensors_file

from weighbridge.lineage.tensors import NoTable, locate
from weighbridge.model.source import BytesSource


def test_both_containers_give_shapes_outermost_first_and_places():
    content = gguf_file.small().build()
    table = locate([BytesSource(content)])
    assert (table.container, table.architecture) == ("gguf", "llama")
    assert table.tensors[0].shape == (4, 8)
    at = table.tensors[0].offset
    assert content[at : at + 128] == gguf_file.floats(32)
    table = locate([BytesSource(safetensors_file.small())])
    assert [tensor.name for tensor in table.tensors] == ["embed.weight", "norm.weight"]
    assert table.tensors[1].offset + 16 == len(safetensors_file.small())


def test_parts_are_one_model_and_must_be_of_one_format():
    part = BytesSource(safetensors_file.small())
    assert len(locate([part, part]).tensors) == 4
    with pytest.raises(NoTable, match="different formats"):
        locate([part, BytesSource(gguf_file.small().build())])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GGUF",
        b"\xff" * 64,
        safetensors_file.raw("[]"),
        safetensors_file.raw("{}"),
        gguf_file.small(order=">").build(),
        gguf_file.small(("general.alignment", gguf_file.U32, 3)).build(),
        gguf_file.small().build()[:200],
    ],
)
def test_what_holds_no_weights_says_why(content):
    with pytest.raises(NoTable, match=r"\w"):
        locate([BytesSource(content)])


@pytest.mark.parametrize(
    "entry",
    [
        3,
        {"dtype": 1, "shape": [1], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]},
        {"dtype": "F32", "shape": [2], "data_offsets": [0]},
        {"dtype": "F32", "shape": [1 << 80], "data_offsets": [0, 4]},
    ],
)
def test_an_entry_that_contradicts_itself_is_left_out(entry):
    good = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}
    table = locate([BytesSource(safetensors_file.raw(json.dumps({"bad": entry, "good": good}), bytes(4)))])
    assert [tensor.name for tensor in table.tensors] == ["good"]
