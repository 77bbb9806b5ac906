"""Files out of chunks that lie in several places. What a client does is in `test_hf_xet.py`."""

import asyncio
import hashlib

import pytest
from tests.hub.holding import received
from tests.hub.xet_writing import Xorb, shard

from weighbridge.hub import blob_index, xet_index
from weighbridge.hub.xet_index import Run
from weighbridge.hub.xet_rebuild import GoneError, rebuild
from weighbridge.hub.xet_shard import recipes

CHUNKS = [bytes([65 + number]) * (number + 1) for number in range(6)]


def laid(served, xorb: Xorb, *runs: tuple[int, int, bytes, int]) -> None:
    """Say that chunks of a xorb lie at a place in some bytes."""
    for start, end, body, at in runs:
        sha256 = asyncio.run(received(served, body))
        run = Run(xorb=xorb.name, start=start, end=end, sha256=sha256, at=at, is_raw=False)
        served.store.write_now(lambda c, run=run: xet_index.add_runs(c, "ada", [run]))
    served.store.write_now(lambda c: xet_index.add_xorb(c, 1, "ada", xorb.name, xorb.listed))


def test_runs_that_overlap_and_lie_apart(served):
    xorb = Xorb(CHUNKS)
    laid(
        served,
        xorb,
        (0, 2, b"zz" + b"".join(CHUNKS[:2]), 2),
        (1, 4, b"".join(CHUNKS[1:4]) + b"z", 0),
        (4, 6, b"z" + b"".join(CHUNKS[4:]), 1),
    )
    whole = b"".join(CHUNKS)
    (recipe,) = recipes(shard([(hashlib.sha256(whole).hexdigest(), [(xorb, 0, 6)])]))
    asyncio.run(rebuild(served.hub, "ada", recipe))
    assert served.store.read_now(lambda c: blob_index.find(c, recipe.sha256)).size == len(whole)
    (later,) = recipes(shard([(hashlib.sha256(CHUNKS[3]).hexdigest(), [(xorb, 3, 4)])]))
    asyncio.run(rebuild(served.hub, "ada", later))


def test_a_hole(served):
    xorb = Xorb(CHUNKS)
    laid(served, xorb, (0, 2, b"".join(CHUNKS[:2]), 0), (3, 6, b"".join(CHUNKS[3:]), 0))
    (recipe,) = recipes(shard([("0" * 64, [(xorb, 0, 6)])]))
    with pytest.raises(GoneError):
        asyncio.run(rebuild(served.hub, "ada", recipe))
