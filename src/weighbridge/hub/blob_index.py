"""Which bytes the store holds, by SHA-256: how many, and whether anybody may have them."""

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Column, ColumnElement, Connection, String, delete, select, update

from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub.oci_pushed import PUSHED_BLOBS
from weighbridge.hub.release_files import FILES

QUARANTINE, RELEASED = "quarantine", "released"
PLACES = (QUARANTINE, RELEASED)

BLOBS = reference_table(
    "hub_blobs",
    Column("sha256", String(64), primary_key=True),
    integer("size", nullable=False),
    Column("place", String(16), nullable=False),
    integer("stored_at", nullable=False),
)


class Blob(Struct, frozen=True, kw_only=True):
    """What the store holds under one digest."""

    sha256: str
    size: int
    place: str
    """One of `PLACES`: which of the two folders it lies in."""
    stored_at: int
    """When it came in last, or somebody last said that they would use it."""


def add(connection: Connection, now: int, sha256: str, size: int) -> Blob:
    """Take note of bytes that were verified and stored, as now; known ones stay where they are."""
    row = {"sha256": sha256, "size": size, "place": QUARANTINE, "stored_at": now}
    upsert(connection, BLOBS, [row], keep=("size", "place"))
    return Blob(**connection.execute(select(BLOBS).where(BLOBS.c.sha256 == sha256)).one()._mapping)


def touch(connection: Connection, now: int, sha256: str) -> Blob | None:
    """Take note that somebody goes to use bytes which are held; None if they are not."""
    connection.execute(update(BLOBS).where(BLOBS.c.sha256 == sha256).values(stored_at=now))
    return find(connection, sha256)


def touch_all(connection: Connection, now: int, digests: Sequence[str]) -> None:
    """Take note that bytes are used from now on, within the write that does so: they are not collected meanwhile."""
    for at in range(0, len(digests), 5_000):
        some = BLOBS.c.sha256.in_(digests[at : at + 5_000])
        connection.execute(update(BLOBS).where(some).values(stored_at=now))


def let_go(connection: Connection, sha256: str, since: int) -> None:
    """Take note that bytes are needed no more by whoever stored them, unless somebody said later that they use them."""
    unused = BLOBS.c.sha256 == sha256, BLOBS.c.stored_at <= since
    connection.execute(update(BLOBS).where(*unused).values(stored_at=0))


def find(connection: Connection, sha256: str) -> Blob | None:
    """Return what is held under a digest; None if nothing is."""
    row = connection.execute(select(BLOBS).where(BLOBS.c.sha256 == sha256)).first()
    return None if row is None else Blob(**row._mapping)


def find_all(connection: Connection, digests: Sequence[str]) -> dict[str, Blob]:
    """Return what is held under digests, those that are not held left out."""
    found: dict[str, Blob] = {}
    for at in range(0, len(digests), 5_000):
        rows = connection.execute(select(BLOBS).where(BLOBS.c.sha256.in_(digests[at : at + 5_000])))
        found |= {row.sha256: Blob(**row._mapping) for row in rows}
    return found


def after(connection: Connection, sha256: str, limit: int) -> list[Blob]:
    """Return what is held under the digests that follow one."""
    wanted = select(BLOBS).where(BLOBS.c.sha256 > sha256).order_by(BLOBS.c.sha256).limit(limit)
    return [Blob(**row._mapping) for row in connection.execute(wanted)]


def unnoted(connection: Connection, limit: int) -> list[tuple[str, int]]:
    """Return digest and size of what releases hold, and nobody noted that the store has."""
    noted = select(BLOBS.c.sha256).where(BLOBS.c.sha256 == FILES.c.sha256).exists()
    wanted = select(FILES.c.sha256, FILES.c.size).where(~noted).distinct()
    return [(row.sha256, row.size) for row in connection.execute(wanted.order_by(FILES.c.sha256).limit(limit))]


def unheld(connection: Connection, before: int, limit: int) -> list[Blob]:
    """Return bytes that came in before a time, and that no release holds."""
    wanted = select(BLOBS).where(*_unheld(before)).order_by(BLOBS.c.sha256).limit(limit)
    return [Blob(**row._mapping) for row in connection.execute(wanted)]


def forget_unheld(connection: Connection, sha256: str, before: int) -> bool:
    """Take note that bytes are removed, if they are still old and held by nothing; return whether they are."""
    gone = delete(BLOBS).where(BLOBS.c.sha256 == sha256, *_unheld(before))
    return connection.execute(gone).rowcount == 1


def place(connection: Connection, digests: Sequence[str], where: str) -> None:
    """Take note that bytes were moved to another folder."""
    for at in range(0, len(digests), 5_000):
        some = BLOBS.c.sha256.in_(digests[at : at + 5_000])
        connection.execute(update(BLOBS).where(some).values(place=where))


def forget(connection: Connection, sha256: str) -> None:
    """Take note that bytes were removed."""
    connection.execute(delete(BLOBS).where(BLOBS.c.sha256 == sha256))


def _unheld(before: int) -> tuple[ColumnElement[bool], ...]:
    held = select(FILES.c.sha256).where(FILES.c.sha256 == BLOBS.c.sha256).exists()
    pushed = select(PUSHED_BLOBS.c.sha256).where(PUSHED_BLOBS.c.sha256 == BLOBS.c.sha256).exists()
    return BLOBS.c.stored_at < before, ~held, ~pushed
