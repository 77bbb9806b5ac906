"""Which bytes the store has for chunks that an account sent before: clients remember them and do not send them again.

A client keeps what it sent for each address of the service. That address holds the account and a number, so that what
it remembers and what is known here go together; where bytes are gone, the number goes up, and it forgets with it.
"""

import struct
from collections.abc import Iterable, Sequence

from msgspec import Struct
from sqlalchemy import Column, Connection, LargeBinary, String, delete, exists, insert, select, update

from weighbridge.fleet.statements import insert_missing
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub.xet_hashes import SIZE

KEPT = 90 * 24 * 3_600_000
"""Milliseconds for which xorbs are known after they came."""

XET_XORBS = reference_table(
    "hub_xet_xorbs",
    Column("account_id", String(32), primary_key=True),
    Column("xorb", String(64), primary_key=True),
    Column("hashes", LargeBinary, nullable=False),
    Column("sizes", LargeBinary, nullable=False),
    integer("sent_at", nullable=False),
)
XET_RUNS = reference_table(
    "hub_xet_runs",
    Column("account_id", String(32), primary_key=True),
    Column("xorb", String(64), primary_key=True),
    integer("start", primary_key=True),
    Column("sha256", String(64), primary_key=True),
    integer("end", nullable=False),
    integer("at", nullable=False),
    integer("is_raw", nullable=False),
)
XET_EPOCHS = reference_table(
    "hub_xet_epochs",
    Column("account_id", String(32), primary_key=True),
    integer("epoch", nullable=False),
)


class Xorb(Struct, frozen=True):
    """What is known of a xorb: hash and size of each of its chunks."""

    hashes: bytes
    sizes: tuple[int, ...]
    sent_at: int
    """Milliseconds since 1970, UTC."""

    def hashes_of(self, start: int, end: int) -> bytes:
        """Return the hashes of chunks from `start` to before `end`, one after the other."""
        return self.hashes[start * SIZE : end * SIZE]

    def offset(self, start: int, end: int) -> int:
        """Return how many bytes lie between the beginnings of two chunks."""
        return sum(self.sizes[start:end])


class Run(Struct, frozen=True, kw_only=True):
    """Chunks of a xorb, from `start` to before `end`, which lie in the blob `sha256` from the byte `at`."""

    xorb: str
    start: int
    end: int
    sha256: str
    at: int
    is_raw: bool
    """Whether that blob is the xorb as it came, rather than a file."""


def add_xorb(connection: Connection, now: int, account_id: str, xorb: str, chunks: Sequence[tuple[bytes, int]]) -> None:
    """Take note of a xorb that was read."""
    row = {"account_id": account_id, "xorb": xorb, "sent_at": now}
    row |= {"hashes": b"".join(value for value, _ in chunks)}
    row |= {"sizes": struct.pack(f"<{len(chunks)}I", *(size for _, size in chunks))}
    insert_missing(connection, XET_XORBS, [row])


def find_xorb(connection: Connection, account_id: str, xorb: str) -> Xorb | None:
    """Return what is known of a xorb that an account sent; None if it did not."""
    mine = XET_XORBS.c.account_id == account_id, XET_XORBS.c.xorb == xorb
    row = connection.execute(select(XET_XORBS.c.hashes, XET_XORBS.c.sizes, XET_XORBS.c.sent_at).where(*mine)).first()
    if row is None:
        return None
    return Xorb(bytes(row.hashes), struct.unpack(f"<{len(row.sizes) // 4}I", row.sizes), row.sent_at)


def add_runs(connection: Connection, account_id: str, runs: Iterable[Run]) -> None:
    """Take note of where chunks lie."""
    fields = Run.__struct_fields__
    rows = [
        {
            "account_id": account_id,
            **{name: int(getattr(one, name)) if name == "is_raw" else getattr(one, name) for name in fields},
        }
        for one in runs
    ]
    for at in range(0, len(rows), 5_000):
        insert_missing(connection, XET_RUNS, rows[at : at + 5_000])


def runs_of(connection: Connection, account_id: str, xorb: str) -> list[Run]:
    """Return where chunks of a xorb lie, by where they begin."""
    mine = XET_RUNS.c.account_id == account_id, XET_RUNS.c.xorb == xorb
    wanted = select(*(XET_RUNS.c[name] for name in Run.__struct_fields__)).where(*mine).order_by(XET_RUNS.c.start)
    return [Run(**{**row._mapping, "is_raw": bool(row.is_raw)}) for row in connection.execute(wanted)]


def prune(connection: Connection, before: int) -> None:
    """Forget xorbs that were sent long ago; a client that still counts on one begins anew."""
    old = delete(XET_XORBS).where(XET_XORBS.c.sent_at < before)
    if connection.execute(old).rowcount:
        same = XET_XORBS.c.account_id == XET_RUNS.c.account_id, XET_XORBS.c.xorb == XET_RUNS.c.xorb
        connection.execute(delete(XET_RUNS).where(~exists().where(*same)))


def epoch_of(connection: Connection, account_id: str) -> int:
    """Return the number in the address that an account sends to."""
    found = connection.execute(select(XET_EPOCHS.c.epoch).where(XET_EPOCHS.c.account_id == account_id)).scalar()
    return found or 0


def forget(connection: Connection, account_id: str) -> None:
    """Forget all that an account sent, and give it another address: its clients begin anew with it."""
    for table in (XET_XORBS, XET_RUNS):
        connection.execute(delete(table).where(table.c.account_id == account_id))
    counted = update(XET_EPOCHS).where(XET_EPOCHS.c.account_id == account_id).values(epoch=XET_EPOCHS.c.epoch + 1)
    if connection.execute(counted).rowcount == 0:
        connection.execute(insert(XET_EPOCHS).values(account_id=account_id, epoch=1))
