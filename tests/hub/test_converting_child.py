"""Writing safetensors: what shares its bytes is written apart, up to a bound; a refusal leaves its reason alone."""

import msgspec
from tests.hub.checkpoints import checkpoint, tensor

from weighbridge.hub.converting_child import Converted, ToConvert, main


def convert(tmp_path, content: bytes) -> Converted:
    source = tmp_path / "x.bin"
    source.write_bytes(content)
    asked = ToConvert(source=str(source), target=str(tmp_path / "x.safetensors"), sha256="a" * 64)
    return msgspec.json.decode(main(msgspec.json.encode(asked)), type=Converted)


def test_tensors_that_share_their_bytes_are_written_apart(tmp_path) -> None:
    done = convert(tmp_path, checkpoint(a=tensor(), b=tensor()))
    assert (done.tensors, done.numbers, done.refused) == (["a", "b"], 48, "")
    assert (tmp_path / "x.safetensors").stat().st_size == done.size


def test_what_would_grow_without_bound_is_refused(tmp_path) -> None:
    big = bytes(40_000)
    names = {f"t{number}": tensor((10_000,), (1,), elements=10_000) for number in range(60)}
    done = convert(tmp_path, checkpoint(big, **names))
    assert "much larger" in done.refused
    assert not (tmp_path / "x.safetensors").exists()
