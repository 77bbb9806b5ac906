"""How much room an account may take with what nobody approved yet, and how much stays free on the disk.

Counted is what came of it: unfinished uploads by their bytes, files made of chunks at their full size, what archives
held when they were unpacked. Bytes that a served release holds are no longer on the account of who brought them; what
garbage collection removes, or an upload that ends, frees its room. All servers of a database count together what is
whole and the parts that came; of what comes at this moment each knows what comes through itself alone.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, String, delete, exists, func, select

from weighbridge.fleet.settings import Settings
from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub.blob_index import BLOBS, QUARANTINE
from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.hub import Hub
from weighbridge.model.errors import WeighbridgeError
from weighbridge.report.words import size as in_words

GB = 1_000_000_000
_STEP = 64 << 20
"""Bytes after which the disk is asked again."""
_FRESH_SECONDS = 10.0
_MOST_OF_DISK = 0.05
_REMEMBERED = 10_000
_AT_ONCE = 5_000

BROUGHT = reference_table(
    "hub_brought",
    Column("account_id", String(32), primary_key=True),
    Column("item", String(64), primary_key=True),
    integer("size", nullable=False),
)
"""`item` is the digest of bytes that are whole, whose size the store knows (`size` is 0), or the id of an upload."""


class Taken(NamedTuple):
    """What an account takes, in bytes."""

    account_id: str
    waiting: int
    """Of files and parts of files that no served release holds."""
    unfinished: int
    """Of uploads."""

    @property
    def total(self) -> int:
        """Both."""
        return self.waiting + self.unfinished


def note(connection: Connection, account_id: str, item: str, size: int = 0) -> None:
    """Take note that an account brought bytes, within a write. `size`: of an upload, so far; 0 for a digest."""
    if account_id:
        upsert(connection, BROUGHT, [{"account_id": account_id, "item": item, "size": size}])


def forget(connection: Connection, items: Collection[str], account_id: str = "") -> None:
    """Forget uploads that have ended, or digests that an account needs no more, within a write."""
    wanted = [BROUGHT.c.item.in_(items)] + ([BROUGHT.c.account_id == account_id] if account_id else [])
    connection.execute(delete(BROUGHT).where(*wanted))


def size_of(connection: Connection, account_id: str, digests: Collection[str]) -> int:
    """Return how many bytes an account takes with some digests."""
    listed, found = sorted(digests), 0
    for at in range(0, len(listed), _AT_ONCE):
        some = BROUGHT.c.item.in_(listed[at : at + _AT_ONCE])
        found += _waiting(connection, BROUGHT.c.account_id == account_id, some)
    return found


def _waiting(connection: Connection, *which: ColumnElement[bool]) -> int:
    wanted = select(func.coalesce(func.sum(BLOBS.c.size), 0)).select_from(BROUGHT)
    wanted = wanted.join(BLOBS, BLOBS.c.sha256 == BROUGHT.c.item).where(*which, BLOBS.c.place == QUARANTINE)
    return int(connection.execute(wanted).scalar_one())


def prune(connection: Connection) -> None:
    """Forget digests whose bytes are not in the store any more, within a write."""
    held = exists().where(BLOBS.c.sha256 == BROUGHT.c.item)
    connection.execute(delete(BROUGHT).where(func.length(BROUGHT.c.item) == 64, ~held))


def taken_by(connection: Connection, account_id: str) -> Taken:
    """Return what an account takes."""
    mine = BROUGHT.c.account_id == account_id
    unfinished = connection.execute(select(func.coalesce(func.sum(BROUGHT.c.size), 0)).where(mine)).scalar_one()
    return Taken(account_id, _waiting(connection, mine), int(unfinished))


def every(connection: Connection) -> list[Taken]:
    """Return what each account takes that takes something, those that take most first."""
    accounts = connection.execute(select(BROUGHT.c.account_id).distinct()).scalars().all()
    found = [taken_by(connection, one) for one in accounts]
    return sorted((one for one in found if one.total), key=lambda one: (-one.total, one.account_id))


def quota(hub: Hub) -> int:
    """Return how many bytes one account may take; 0 for as many as there is room for."""
    return int(hub.server.settings.hub_quota_gb * GB)


async def floor(blobs: BlobStore, settings: Settings) -> tuple[int, int] | None:
    """Return how many bytes are free where the hub keeps its own, and how many must stay so; None in a bucket."""
    known = await blobs.room()
    if known is None:
        return None
    free, total = known
    return free, int(min(settings.hub_keep_free_gb * GB, _MOST_OF_DISK * total))


async def check(hub: Hub, account_id: str, size: int) -> None:
    """Let bytes in that will come, or refuse them. `account_id`: empty for the hub itself, whose the disk alone limits.

    Raises:
        WeighbridgeError: `E-hub-quota`, `E-blob-full`.
    """
    await _check_disk(hub, size)
    await _check_quota(hub, account_id, size)


async def _check_quota(hub: Hub, account_id: str, size: int) -> None:
    most = quota(hub)
    if not account_id or not most:
        return
    used = await _used(hub, account_id) + hub.space_coming.get(account_id, 0)
    if used + size > most:
        raise WeighbridgeError(
            "E-hub-quota",
            f"what you sent and nobody approved yet takes {in_words(used)} of {in_words(most)},"
            f" and this is {in_words(size)}",
            "wait for a review, finish or cancel uploads, or ask who runs the hub for more (hub_quota_gb)",
            exit_code=1,
        )


async def _check_disk(hub: Hub, size: int) -> None:
    known = await floor(hub.blobs, hub.server.settings)
    if known is not None and known[0] - size < known[1]:
        raise WeighbridgeError(
            "E-blob-full",
            f"this hub has {in_words(max(0, known[0]))} left on its disk, and keeps {in_words(known[1])} free",
            "tell who runs the hub; send it again when there is room",
            exit_code=1,
        )


@asynccontextmanager
async def reserved(hub: Hub, account_id: str, size: int) -> AsyncIterator[None]:
    """Count bytes as coming for as long as something is made of what an account sent.

    Raises:
        WeighbridgeError: `E-hub-quota`, `E-blob-full`.
    """
    await check(hub, account_id, size)
    _come(hub, account_id, size)
    try:
        yield
    finally:
        _come(hub, account_id, -size)
        hub.space_used.pop(account_id, None)


async def counted(
    hub: Hub, account_id: str, pieces: AsyncIterator[bytes], *, announced: int = 0
) -> AsyncGenerator[bytes, None]:
    """Yield what comes, as long as there is room for it.

    Args:
        hub: where to.
        account_id: who sends; empty for the hub itself.
        pieces: the bytes.
        announced: how many there will be, if that is known; they are refused at once then.

    Raises:
        WeighbridgeError: `E-hub-quota`, `E-blob-full`.
    """
    came = granted = looked = 0
    try:
        await check(hub, account_id, announced)
        granted = announced
        _come(hub, account_id, granted)
        async for piece in pieces:
            came += len(piece)
            if came > granted:
                await _check_quota(hub, account_id, came - granted)
                _come(hub, account_id, came - granted)
                granted = came
            if came - looked >= _STEP:
                await _check_disk(hub, 0)
                looked = came
            yield piece
    finally:
        _come(hub, account_id, -granted)
        if account_id in hub.space_used:
            at, used = hub.space_used[account_id]
            hub.space_used[account_id] = at, used + came


def _come(hub: Hub, account_id: str, size: int) -> None:
    after = hub.space_coming.pop(account_id, 0) + size
    if after > 0:
        hub.space_coming[account_id] = after


async def _used(hub: Hub, account_id: str) -> int:
    """Return what an account takes, as it was some seconds ago, and what came since through this server."""
    known, now = hub.space_used.get(account_id), hub.server.monotonic()
    if known is not None and now - known[0] < _FRESH_SECONDS:
        return known[1]
    found = (await hub.server.store.read(lambda connection: taken_by(connection, account_id))).total
    while len(hub.space_used) >= _REMEMBERED:
        hub.space_used.pop(next(iter(hub.space_used)))
    hub.space_used[account_id] = now, found
    return found
