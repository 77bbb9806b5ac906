"""Tensors by name, type and shape without their data."""

from tests.samples.pickle_assembly import Raw, call, name, stream, value
from tests.samples.torch_files import STATE_DICT, tensor

from weighbridge.formats.pickle_streams import read_streams
from weighbridge.formats.pickle_tensors import tensors_of
from weighbridge.formats.tensor_table import Tensor
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource


def found(body: bytes) -> list[Tensor]:
    return tensors_of(read_streams(BytesSource(stream(body)), Budget()).values[0])


def test_state_dict() -> None:
    assert found(STATE_DICT) == [Tensor("w", "F32", (2, 3))]


def test_a_checkpoint_counts_its_own_state_dict_only() -> None:
    body = value({"state_dict": Raw(STATE_DICT), "optimizer": {"moment": Raw(tensor("1", 2, 3))}})
    assert found(body) == [Tensor("w", "F32", (2, 3))]


def test_parameters_of_a_module() -> None:
    parameter = call("torch._utils", "_rebuild_parameter", Raw(tensor("0", 4)), True, None)
    inner = (
        name("torch.nn.modules.linear", "Linear") + b")\x81" + value({"_parameters": {"bias": Raw(parameter)}}) + b"b"
    )
    outer = name("torch.nn.modules.container", "Sequential") + b")\x81" + value({"_modules": {"0": Raw(inner)}}) + b"b"
    assert found(outer) == [Tensor("0.bias", "F32", (4,))]


def test_no_tensor() -> None:
    assert found(value({"a": [1, 2]})) == []
