import gzip
import hashlib
import random

import pytest
import zstandard
from tests.samples.packing import tar_bytes

from weighbridge.formats.codec import codec_of
from weighbridge.formats.tar import read_members
from weighbridge.formats.tar_passing import WHOLE
from weighbridge.model.budget import Budget
from weighbridge.model.source import BytesSource
from weighbridge.model.stream_source import StreamSource

NOISE = random.Random(3).randbytes(3 << 20)
FILES = {"small": b"x" * 50, "long": NOISE, "middle": NOISE[: WHOLE + 1], "empty": b"", "last": NOISE[::-1]}


def packed(content: bytes, budget: Budget) -> StreamSource:
    codec = codec_of(content)
    assert codec is not None
    source = StreamSource(BytesSource(content), codec[1], budget)
    source.archive = True
    return source


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_recognition_and_digests_expand_nothing_again(pack) -> None:
    budget = Budget()
    archive = packed(pack(tar_bytes(FILES)), budget)
    members, _ = read_members(archive, budget)
    once = budget.expanded
    for member in members:
        source, content = member.source(archive), FILES[member.name]
        assert source.read(0, 4096) == content[:4096]
        assert len(content) > 1 << 20 or source.read(max(0, source.size - 64), 100) == content[-64:]
        if len(content) > WHOLE:
            assert source.sha256() == hashlib.sha256(content).hexdigest()
    assert budget.expanded == once


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_every_byte_is_the_same_wherever_one_reads(pack) -> None:
    budget = Budget()
    archive = packed(pack(tar_bytes(FILES)), budget)
    members = {member.name: member.source(archive) for member in read_members(archive, budget)[0]}
    rng = random.Random(1)
    for name in ["last", "long", "small", "middle", "long", "last"] * 3:
        offset = rng.randrange(max(1, len(FILES[name])))
        length = rng.randrange(1, 300_000)
        assert members[name].read(offset, length) == FILES[name][offset : offset + length]
