"""Archives are unpacked by their bytes alone, within bounds; what the registry does with them test_oci_push.py says."""

import io
import random
import tarfile

import pytest
from tests.fleet.serving import Running
from tests.hub.calling import run
from tests.hub.holding import received
from tests.hub.test_oci_push import archive

from weighbridge.hub import unpacking
from weighbridge.hub.unpacking import unpack
from weighbridge.model.errors import WeighbridgeError


def unpacked(running: Running, content: bytes, packed: str = "tar"):
    """Unpack some bytes."""

    async def work():
        return await unpack(running.hub, await received(running, content), packed)

    return run(work())


def test_files_of_several_pieces(served: Running):
    body = random.Random(1).randbytes((1 << 20) + 17)
    (one,) = unpacked(served, archive({"a/b.bin": body}))
    assert one.path == "a/b.bin"
    assert unpacked(served, archive({"a/b.bin": body}, packed=True), "tar+gzip") == [one]


def test_not_more_files_than_a_release_is_given(served: Running, monkeypatch):
    monkeypatch.setattr(unpacking, "MOST_FILES", 3)
    assert len(unpacked(served, archive({f"{number}.txt": b"1" for number in range(3)}))) == 3
    with pytest.raises(WeighbridgeError, match="more than it may"):
        unpacked(served, archive({f"{number}.txt": b"1" for number in range(4)}))


def test_not_more_folders_than_that_either(served: Running, monkeypatch):
    monkeypatch.setattr(unpacking, "_MOST_MEMBERS", 3)
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for number in range(4):
            folder = tarfile.TarInfo(f"d{number}")
            folder.type = tarfile.DIRTYPE
            tar.addfile(folder)
    with pytest.raises(WeighbridgeError, match="more than it may"):
        unpacked(served, made.getvalue())


def test_a_head_that_becomes_gigabytes_is_refused(served: Running):
    head = tarfile.TarInfo("a")
    head.type, head.size = tarfile.XHDTYPE, 4 << 30
    with pytest.raises(WeighbridgeError, match="too long"):
        unpacked(served, head.tobuf(tarfile.GNU_FORMAT) + b"\0" * 4096)


def test_zstd_is_said_to_be_not_taken(served: Running):
    with pytest.raises(WeighbridgeError, match=r"tar\+zstd"):
        unpacked(served, b"x", "tar+zstd")


def test_damaged_archives_are_refused_and_nothing_else_happens(served: Running):
    whole, dice = archive({"a.txt": b"1" * 600, "b/c.txt": b"2" * 600}), random.Random(7)
    refusals = set()
    for _ in range(60):
        damaged = io.BytesIO(whole)
        for _ in range(3):
            damaged.seek(dice.randrange(1_600))
            damaged.write(bytes([dice.randrange(256)]))
        try:
            for one in unpacked(served, damaged.getvalue()):
                assert ".." not in one.path.split("/")
        except WeighbridgeError as error:
            refusals.add(error.code)
    assert refusals <= {"E-oci-manifest", "E-model-path"}
