"""What tells a large honest archive from a bomb: nesting, overlap and impossible ratios, not size alone."""

import gzip
import io
import tarfile
import tracemalloc
import zipfile
import zlib

import pytest
import zstandard
from tests.samples.inspection import look
from tests.samples.packing import Member, stored, zip_bytes
from tests.samples.safetensors_file import small

from weighbridge.model.budget import Budget, Limits
from weighbridge.pipeline.inspect import Inspected
from weighbridge.pipeline.judge import judged

LARGE = 300
"""MiB of the member that packs better than anything honest was once thought to."""
MIB = bytes(1 << 20)
WHEEL = b"app-1.0.dist-info/WHEEL"


def tar(megabytes: int) -> list[bytes]:
    """Return a tar archive in pieces: a file of zeros, and a model behind it."""
    zeros = tarfile.TarInfo("opt/cache.bin")
    zeros.size = megabytes << 20
    model = tarfile.TarInfo("opt/model.safetensors")
    model.size = len(small())
    return [zeros.tobuf(), *[MIB] * megabytes, model.tobuf(), small() + bytes(-len(small()) % 512), bytes(1024)]


def packed_by(pack: object, megabytes: int = LARGE) -> bytes:
    return b"".join([*map(pack.compress, tar(megabytes)), pack.flush()])


@pytest.fixture(scope="module")
def layer() -> bytes:
    return packed_by(zlib.compressobj(9, zlib.DEFLATED, 31))


@pytest.fixture(scope="module")
def zeros() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros.bin", "w") as member:
        for _ in range(LARGE):
            member.write(MIB)
    return out.getvalue()


def worst(found: list[Inspected]) -> set[str]:
    return {str(judged(item)[1]) for item in found}


def test_a_layer_that_packs_a_thousandfold_is_no_bomb(layer: bytes) -> None:
    assert len(layer) * 900 < LARGE << 20
    found = look(layer, "layer.tar.gz")
    assert worst(found) == {"not-a-model", "clean"}
    assert [item.member for item in found if item.holds_model] == ["opt/model.safetensors"]


def test_nor_one_that_zstd_packs_better_still() -> None:
    layer = packed_by(zstandard.ZstdCompressor().compressobj())
    assert len(layer) * 10_000 < LARGE << 20
    assert worst(look(layer, "sdist.tar.zst")) == {"not-a-model", "clean"}


def test_memory_stays_flat(layer: bytes) -> None:
    tracemalloc.start()
    try:
        look(layer, "layer.tar.gz")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 24 << 20


def test_one_that_is_only_too_large_is_unexamined_and_accused_of_nothing(layer: bytes) -> None:
    found = look(layer, "layer.tar.gz", Budget(Limits(archive_bytes=1 << 20, archive_ratio=100)))
    assert "hostile" not in worst(found)
    assert "incomplete" in worst(found)
    (said,) = [finding for item in found for finding in judged(item)[0]]
    assert "farther than is looked" in said.message


def test_archives_in_archives_share_one_limit(layer: bytes) -> None:
    nested = gzip.compress(stored_tar({f"{number}.tar.gz": layer for number in range(2)}))
    assert "hostile" not in worst(look(nested, "image.tar.gz"))
    tight = Limits(archive_bytes=LARGE << 20, archive_ratio=1)
    assert "hostile" in worst(look(nested, "image.tar.gz", Budget(tight)))


def stored_tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def test_a_wheel_may_pack_as_deflate_can(zeros: bytes) -> None:
    out = io.BytesIO(zeros)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(WHEEL.decode(), "Wheel-Version: 1.0\n")
    assert worst(look(out.getvalue(), "app-1.0-py3-none-any.whl")) == {"not-a-model"}
    assert "hostile" in worst(look(zeros, "zeros.zip"))


def test_a_wheel_whose_members_share_bytes_is_a_bomb(zeros: bytes) -> None:
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = b"".join([packed.compress(MIB) for _ in range(20)] + [packed.flush()])
    fields = {"size": 20 << 20, "packed": len(body)}
    first = Member(name=b"0", content=body, central={**fields, "method": 8}, local={**fields, "method": 8})
    more = [Member(name=b"%d" % number, central={**fields, "method": 8, "offset": 0}) for number in range(1, 60)]
    wheel = Member(name=WHEEL, content=b"Wheel-Version: 1.0\n")
    assert "hostile" in worst(look(zip_bytes([first, *more, wheel]), "app.whl"))


def test_a_wheel_that_states_more_than_deflate_can_is_a_bomb() -> None:
    bomb = Member(name=b"a", content=b"xy", central={"size": 1 << 30}, local={"size": 1 << 30}, method=8)
    assert "hostile" in worst(look(zip_bytes([bomb, Member(name=WHEEL, content=b"x")]), "app.whl"))


def test_zips_in_zips_in_zips_are_a_bomb(zeros: bytes) -> None:
    level = zeros
    for _ in range(3):
        level = stored({f"lib {number}.zip": level for number in range(16)}, zipfile.ZIP_DEFLATED)
    assert "hostile" in worst(look(level, "42.zip"))


def test_streams_in_streams_are_not_followed_without_end() -> None:
    content = bytes(8)
    for _ in range(9):
        content = gzip.compress(content)
    assert "incomplete" in worst(look(content, "onion.gz"))
