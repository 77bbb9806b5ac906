"""Checkpoints that torch itself writes, in both of its forms, hold the same numbers as safetensors."""

import msgspec
import pytest
from tests.conftest import unavailable
from tests.real.writing import missing

from weighbridge.hub.converting_child import Converted, ToConvert, main

pytestmark = [pytest.mark.real, pytest.mark.deep]


@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
def test_every_number_is_the_same(tmp_path, zipped: bool) -> None:
    if missing({"torch": "torch", "safetensors": "safetensors"}):
        unavailable("not installed: torch, safetensors")
    import torch
    from safetensors.torch import load_file

    torch.manual_seed(7)
    layer = torch.nn.Linear(5, 3)
    held = {**layer.state_dict(), "half": torch.randn(4, 2).half(), "brain": torch.randn(3).bfloat16()}
    held |= {"count": torch.tensor(7), "none": torch.zeros(0, 3), "part": torch.arange(12.0)[4:8]}
    torch.save(held, tmp_path / "x.bin", _use_new_zipfile_serialization=zipped)
    asked = ToConvert(source=str(tmp_path / "x.bin"), target=str(tmp_path / "x.safetensors"), sha256="a" * 64)
    done = msgspec.json.decode(main(msgspec.json.encode(asked)), type=Converted)
    assert (done.refused, sorted(done.tensors)) == ("", sorted(held))
    found = load_file(tmp_path / "x.safetensors")
    assert {name: one.dtype for name, one in found.items()} == {name: one.dtype for name, one in held.items()}
    assert all(torch.equal(found[name], one) for name, one in held.items())
