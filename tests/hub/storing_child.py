"""A process that keeps storing bytes and says each step, for a test that kills it at one of them.

python -m tests.hub.storing_child FOLDER SEED
"""

import asyncio
import hashlib
import random
import sys
from collections.abc import AsyncIterator

from weighbridge.hub.blob_index import QUARANTINE, RELEASED
from weighbridge.hub.blobs import BlobStore

SIZE, PIECE = 3_000_000, 250_000


def content(seed: int, number: int) -> bytes:
    """Return the bytes that are stored as the so-manieth of a seed."""
    return random.Random(seed * 1_000 + number).randbytes(SIZE)


def said(*words: object) -> None:
    """Say a step, at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def pieces(body: bytes, start: int = 0) -> AsyncIterator[bytes]:
    """Yield bytes, saying each."""
    for at in range(start, len(body), PIECE):
        said("piece", at)
        yield body[at : at + PIECE]


async def work(folder: str, seed: int) -> None:
    """Store until killed: one whole, one in parts, one moved where served bytes lie and back."""
    blobs, number = BlobStore.open(folder), 0
    while True:
        whole, parts = content(seed, number), content(seed, number + 1)
        got = await blobs.receive(pieces(whole), most=SIZE)
        said("stored", got.sha256)
        await blobs.move(got.sha256, QUARANTINE, RELEASED)
        said("moved", got.sha256)
        name = f"{seed:016x}{number + 1:016x}"
        for end in range(PIECE, SIZE + 1, PIECE):
            intake = await blobs.intake(name)
            await intake.take(pieces(parts[:end], intake.size), most=SIZE)
            await intake.close()
        intake = await blobs.intake(name)
        said("finishing", number + 1)
        kept = await blobs.keep(intake, sha256=hashlib.sha256(parts).hexdigest())
        await intake.close()
        said("stored", kept.sha256)
        await blobs.move(got.sha256, RELEASED, QUARANTINE)
        said("moved", got.sha256)
        number += 2


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], int(sys.argv[2])))
