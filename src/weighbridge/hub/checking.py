"""Compares the catalog with the store: what is missing, of another size, in the wrong place, unknown, or damaged."""

import hashlib
from collections.abc import AsyncIterator
from functools import partial

from msgspec import Struct

from weighbridge.fleet.store import Store
from weighbridge.hub import blob_index, release_files
from weighbridge.hub.blob_index import PLACES, RELEASED, Blob
from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.names import is_sha256
from weighbridge.model.errors import WeighbridgeError

MISSING, SIZE, MISPLACED, EXPOSED, UNKNOWN, DAMAGED = (
    "missing",
    "wrong-size",
    "misplaced",
    "exposed",
    "unknown",
    "damaged",
)
_AT_ONCE = 500


class Trouble(Struct, frozen=True, kw_only=True):
    """One thing that is not as it should be."""

    kind: str
    """`missing`, `wrong-size`, `misplaced` (it lies in the other place), `exposed` (it lies where served bytes do, and
    no served release holds it), `unknown` (the catalog does not have it) or `damaged` (its bytes have another digest).
    """
    sha256: str
    size: int
    """Bytes, as the catalog says; of what it does not have, as the store says."""
    detail: str
    """The same in words."""


async def check(store: Store, blobs: BlobStore, *, deep: bool = False) -> AsyncIterator[Trouble]:
    """Yield what is not as it should be.

    Args:
        store: with the catalog.
        blobs: with the bytes.
        deep: whether all bytes are read and hashed: about two seconds for a GB.

    Raises:
        WeighbridgeError: `E-store-read`.
        OSError: the store cannot be listed.
    """
    async for trouble in _catalog(store, blobs, deep=deep):
        yield trouble
    for place in PLACES:
        async for one in blobs.blobs(place):
            sha256 = digest_of(one.path)
            if sha256 is None:
                yield Trouble(kind=UNKNOWN, sha256="", size=one.size, detail=f"{one.path} has the name of no digest")
                continue
            known = await store.read(partial(blob_index.find, sha256=sha256))
            if known is None:
                yield Trouble(kind=UNKNOWN, sha256=sha256, size=one.size, detail=f"{one.path} is not in the catalog")
            elif known.place != place and await blobs.size(known.place, sha256) is not None:
                yield Trouble(kind=UNKNOWN, sha256=sha256, size=one.size, detail=f"{one.path} is a second copy")


async def _catalog(store: Store, blobs: BlobStore, *, deep: bool) -> AsyncIterator[Trouble]:
    after = ""
    while some := await store.read(partial(blob_index.after, sha256=after, limit=_AT_ONCE)):
        digests = [blob.sha256 for blob in some]
        served = await store.read(partial(release_files.served_digests, digests=digests))
        for blob in some:
            trouble = await _look(blobs, blob)
            if trouble is None and deep:
                trouble = await _hash(blobs, blob)
            if trouble is None and blob.place == RELEASED and blob.sha256 not in served:
                trouble = _trouble(EXPOSED, blob, "lies where served bytes do, and no served release holds it")
            if trouble is not None:
                yield trouble
        after = digests[-1]
    # Bytes that a release names and the catalog never got are a damage of the catalog itself.
    for sha256, size in await store.read(partial(blob_index.unnoted, limit=1_000)):
        yield Trouble(kind=MISSING, sha256=sha256, size=size, detail="a release holds it, and the store never had it")


async def _look(blobs: BlobStore, blob: Blob) -> Trouble | None:
    size = await blobs.size(blob.place, blob.sha256)
    if size is None:
        for other in PLACES:
            if other != blob.place and await blobs.size(other, blob.sha256) is not None:
                return _trouble(MISPLACED, blob, f"lies in {other}, and the catalog says {blob.place}")
        return _trouble(MISSING, blob, f"is not in {blob.place}")
    if size != blob.size:
        return _trouble(SIZE, blob, f"has {size:,} bytes, and the catalog says {blob.size:,}")
    return None


async def _hash(blobs: BlobStore, blob: Blob) -> Trouble | None:
    digest = hashlib.sha256()
    try:
        async for piece in blobs.read(blob.place, blob.sha256, 0, blob.size):
            digest.update(piece)
    except WeighbridgeError:
        return _trouble(DAMAGED, blob, "cannot be read to its end")
    if digest.hexdigest() != blob.sha256:
        return _trouble(DAMAGED, blob, f"its bytes have the digest {digest.hexdigest()}")
    return None


async def put_back(store: Store, blobs: BlobStore, trouble: Trouble) -> bool:
    """Put bytes that lie in the wrong place where the catalog says; return whether that was it."""
    blob = await store.read(partial(blob_index.find, sha256=trouble.sha256))
    if trouble.kind != MISPLACED or blob is None:
        return False
    other = next(place for place in PLACES if place != blob.place)
    await blobs.move(blob.sha256, other, blob.place)
    return True


def _trouble(kind: str, blob: Blob, detail: str) -> Trouble:
    return Trouble(kind=kind, sha256=blob.sha256, size=blob.size, detail=detail)


def digest_of(path: str) -> str | None:
    """Return the digest that something in the store is called by; None if it is not."""
    parts = path.split("/")
    named = parts[-1]
    if len(parts) == 4 and parts[1] == "sha256" and is_sha256(named) and parts[2] == named[:2]:
        return named
    return None
