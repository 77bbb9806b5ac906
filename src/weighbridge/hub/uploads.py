"""Uploads that come in parts, over several requests and, if it must be, several lives of the server.

What came in lies in the store under `incoming/`, which alone says how far an upload is: whoever goes on asks for that,
and nothing that was written is sent twice. An upload ends after a day in which nothing came. Source: OCI distribution
1.1, "Pushing a blob in chunks".
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from functools import partial

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, String, delete, func, insert, select, update

from weighbridge.fleet.authentication import too_often
from weighbridge.fleet.problem import RefusedError, not_found
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub import sent_blobs, space, storing
from weighbridge.hub.blob_failures import FAILURES, cannot_write
from weighbridge.hub.blob_index import Blob
from weighbridge.hub.blobs import Received
from weighbridge.hub.caller import Caller
from weighbridge.hub.hub import Hub
from weighbridge.hub.intake import Hashed, Intake
from weighbridge.model.errors import WeighbridgeError

LASTS = 24 * 3600 * 1000
"""Milliseconds after its last part that an upload is thrown away."""
_MOST_OPEN = 5_000
"""Uploads of one account that are not finished: each may hold bytes for a day."""
_REMEMBERED = 256
"""Uploads whose hash is kept between requests; of others, what came in is read once more at the end."""
_AT_ONCE = 200
_ENDS = frozenset({"E-blob-digest", "E-blob-size", "E-blob-full"})
"""What cannot go well the next time, either."""

UPLOADS = reference_table(
    "hub_uploads",
    Column("upload_id", String(32), primary_key=True),
    Column("account_id", String(32), nullable=False),
    Column("subject", String(200), nullable=False),
    integer("begun_at", nullable=False),
    integer("changed_at", nullable=False),
    Index(None, "changed_at"),
)


class Upload(Struct, frozen=True, kw_only=True):
    """One upload that is not finished. Times are milliseconds since 1970, UTC."""

    upload_id: str
    """32 hexadecimal digits that nobody can guess."""
    account_id: str
    """Who sends; empty for the hub itself."""
    subject: str
    """What it is for, as its face says: the name of a model."""
    begun_at: int
    changed_at: int


async def begin(hub: Hub, caller: Caller, subject: str = "") -> Upload:
    """Begin an upload. Raises RefusedError 429 for more than an account may leave unfinished; as `space.check`."""
    await space.check(hub, caller.viewer.account_id if caller.viewer else "", 0)
    now, account = hub.server.clock(), caller.viewer.account_id if caller.viewer else ""
    upload = Upload(
        upload_id=secrets.token_hex(16), account_id=account, subject=subject[:200], begun_at=now, changed_at=now
    )
    row = {name: getattr(upload, name) for name in Upload.__struct_fields__}

    def job(connection: Connection) -> None:
        open_ones = select(func.count()).select_from(UPLOADS).where(UPLOADS.c.account_id == account)
        if connection.execute(open_ones).scalar_one() >= _MOST_OPEN:
            raise too_often("too many uploads of yours are not finished: finish or cancel some of them", 3_600.0)
        connection.execute(insert(UPLOADS).values(row))

    await hub.server.store.write(job)
    return upload


async def find(hub: Hub, upload_id: str, caller: Caller, subject: str = "") -> Upload:
    """Return an upload of a caller. Raises RefusedError 404: there is none, it has ended, or it is not theirs."""
    account = caller.viewer.account_id if caller.viewer else ""
    wanted = UPLOADS.c.upload_id == upload_id, UPLOADS.c.account_id == account, UPLOADS.c.subject == subject[:200]
    row = await hub.server.store.read(lambda connection: connection.execute(select(UPLOADS).where(*wanted)).first())
    if row is None:
        raise not_found("upload")
    return Upload(**row._mapping)


async def size(hub: Hub, upload_id: str) -> int:
    """Return how many bytes of an upload are in the store. Raises WeighbridgeError `E-blob-busy` while more come."""
    async with _opened(hub, upload_id) as intake:
        return intake.size


async def append(
    hub: Hub, upload_id: str, offset: int | None, pieces: AsyncIterator[bytes], *, most: int = storing.MOST
) -> int:
    """Add bytes to an upload; return how many there are now. What came before an error stays, but on a full disk.

    Args:
        hub: where to.
        upload_id: one that `find` or `begin` returned.
        offset: what the client believes to be there already; None: it does not say.
        pieces: the bytes.
        most: how many there may be in all.

    Raises:
        RefusedError: 416, `E-blob-offset`, if they do not follow those that are there.
        WeighbridgeError: `E-blob-busy`, `E-blob-size`, `E-blob-full`, `E-blob-write`, `E-hub-quota`.
    """
    account_id = await hub.server.store.read(lambda connection: _account_of(connection, upload_id))
    try:
        async with _opened(hub, upload_id) as intake, aclosing(space.counted(hub, account_id, pieces)) as let_in:
            if offset is not None and offset != intake.size:
                raise RefusedError(
                    416, "E-blob-offset", f"{intake.size:,} bytes of this are here", f"go on at byte {intake.size}"
                )
            try:
                await intake.take(let_in, most=most)
            finally:
                await _note(hub, upload_id, account_id, intake.size)
            return intake.size
    except WeighbridgeError as error:
        if error.code == "E-blob-full":
            # Where there is no room, what nobody can go on with must not take some.
            await cancel(hub, upload_id)
        raise


async def finish(hub: Hub, upload_id: str, sha256: str = "", *, size: int | None = None) -> Received:
    """Put all that came in under its digest, in quarantine, and end the upload.

    That they came is noted before the upload is forgotten. So one that ended in between can be finished again, by who
    sent the bytes; a digest alone finishes nothing, or it would open what others sent.

    Raises:
        WeighbridgeError: `E-blob-digest` and `E-blob-size` if it is not what was announced: the upload is thrown away
            then; `E-blob-busy`, `E-blob-full`, `E-blob-write`.
    """
    try:
        async with _opened(hub, upload_id) as intake:
            if not intake.size and sha256 and (kept := await _kept_before(hub, upload_id, sha256)):
                received = Received(kept.sha256, kept.size)
            else:
                await _note_sent(hub, upload_id, intake, sha256)
                received = await hub.blobs.keep(intake, sha256=sha256, size=size)
    except WeighbridgeError as error:
        if error.code in _ENDS:
            await cancel(hub, upload_id)
        raise
    account_id = await hub.server.store.read(lambda connection: _account_of(connection, upload_id))
    await storing.note(hub, received, account_id)
    await cancel(hub, upload_id)
    return received


async def _note_sent(hub: Hub, upload_id: str, intake: Intake, sha256: str) -> None:
    """Take note that the account of an upload sent what came in, if it is what it should be."""
    try:
        found = await intake.digest()
    except FAILURES as error:
        raise cannot_write(error) from error
    now = hub.server.clock()

    def job(connection: Connection) -> None:
        if account := _account_of(connection, upload_id):
            sent_blobs.note(connection, now, account, [found])

    if not sha256 or found == sha256:
        await hub.server.store.write(job)


async def _kept_before(hub: Hub, upload_id: str, sha256: str) -> Blob | None:
    """Return bytes that are in the store and that the account of an upload sent; None if it did not."""

    def job(connection: Connection) -> set[str]:
        return sent_blobs.sent(connection, _account_of(connection, upload_id), [sha256])

    return await storing.is_stored(hub, sha256) if await hub.server.store.read(job) else None


def _account_of(connection: Connection, upload_id: str) -> str:
    wanted = select(UPLOADS.c.account_id).where(UPLOADS.c.upload_id == upload_id)
    return connection.execute(wanted).scalar() or ""


async def cancel(hub: Hub, upload_id: str) -> None:
    """Forget an upload, and what is left of it."""
    await hub.blobs.drop(upload_id)
    await _forget(hub, [upload_id])


async def expire(hub: Hub) -> int:
    """Throw away uploads in which nothing came for a day, and what lies in the store beside; return how many."""
    before = hub.server.clock() - LASTS
    ended = await hub.server.store.read(lambda connection: _of_before(connection, before))
    for upload_id in ended:
        await hub.blobs.drop(upload_id)
    await _forget(hub, ended)
    return len(ended) + await _sweep(hub, before)


async def _sweep(hub: Hub, before: int) -> int:
    """Throw away what requests left that a crash ended: no upload has these names."""
    found: set[str] = set()
    async for one in hub.blobs.incoming():
        if one.changed_at < before:
            found.add(one.path.split("/")[1])
    left = sorted(found)
    for at in range(0, len(left), _AT_ONCE):
        some = left[at : at + _AT_ONCE]
        known = await hub.server.store.read(partial(_known, some))
        for name in some:
            if name in known:
                found.discard(name)
            else:
                await hub.blobs.drop(name)
    return len(found)


@asynccontextmanager
async def _opened(hub: Hub, upload_id: str) -> AsyncIterator[Intake]:
    if upload_id in hub.sending:
        raise RefusedError(
            409, "E-blob-busy", "somebody else sends to this upload now", "send one part after the other"
        )
    hub.sending.add(upload_id)
    try:
        intake = await hub.blobs.intake(upload_id)
        try:
            intake.hashed = hub.hashed.pop(upload_id, Hashed())
            yield intake
            if intake.hashed.size == intake.size:
                hub.hashed[upload_id] = intake.hashed
                while len(hub.hashed) > _REMEMBERED:
                    hub.hashed.pop(next(iter(hub.hashed)))
        finally:
            await intake.close()
    finally:
        hub.sending.discard(upload_id)


async def _note(hub: Hub, upload_id: str, account_id: str, size: int) -> None:
    now, which = hub.server.clock(), UPLOADS.c.upload_id == upload_id
    changed = update(UPLOADS).where(which).values(changed_at=now)

    def job(connection: Connection) -> None:
        if connection.execute(changed).rowcount:
            space.note(connection, account_id, upload_id, size)

    await hub.server.store.write(job)


async def _forget(hub: Hub, upload_ids: list[str]) -> None:
    for upload_id in upload_ids:
        hub.hashed.pop(upload_id, None)
    hub.space_used.clear()  # their room is free at once
    for at in range(0, len(upload_ids), _AT_ONCE):
        await hub.server.store.write(partial(_delete, upload_ids[at : at + _AT_ONCE]))


def _delete(upload_ids: list[str], connection: Connection) -> None:
    connection.execute(delete(UPLOADS).where(UPLOADS.c.upload_id.in_(upload_ids)))
    space.forget(connection, upload_ids)


def _known(names: list[str], connection: Connection) -> set[str]:
    return set(connection.execute(select(UPLOADS.c.upload_id).where(UPLOADS.c.upload_id.in_(names))).scalars())


def _of_before(connection: Connection, before: int) -> list[str]:
    wanted = select(UPLOADS.c.upload_id).where(UPLOADS.c.changed_at < before).limit(10_000)
    return list(connection.execute(wanted).scalars())
