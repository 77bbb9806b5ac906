"""The server as a copy and witness of every endpoint's ledger: what it has, and what it cosigned.

One row an endpoint holds all that `ledger.batch.take` needs. It changes in the same transaction as the records that it
speaks of, so a cosignature never says more than what is stored.
"""

import secrets
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, LargeBinary, Row, Select, String, Text, bindparam, select

from weighbridge.fleet import endpoints
from weighbridge.fleet.endpoints import ENDPOINTS, OF_IDENTITY, Identity, identity_in
from weighbridge.fleet.statements import insert_missing, upsert
from weighbridge.fleet.tables import endpoint_table, integer, reference_table
from weighbridge.ledger.batch import Batch, Position, Refused, Taken, take
from weighbridge.ledger.checkpoint import checkpoint_of
from weighbridge.ledger.cosignature import EdCosigner
from weighbridge.ledger.key_change import change_of, followed
from weighbridge.ledger.note import parse, verified
from weighbridge.ledger.note_keys import PrivateKey, PublicKey
from weighbridge.ledger.tree import HASH_BYTES

COPIES = endpoint_table(
    "ledger_copies",
    Column("key", Text, nullable=False),
    integer("size", nullable=False),
    Column("edge", LargeBinary, nullable=False),
    integer("cosigned", nullable=False),
    Column("root", LargeBinary(32), nullable=False),
    Column("checkpoint", LargeBinary, nullable=False),
    Column("cosignature", Text, nullable=False),
    integer("skipped", nullable=False),
    Column("last_batch", String(64), nullable=False),
    integer("changed_at", nullable=False),
)
SERVER_KEYS = reference_table(
    "server_keys",
    Column("name", String(64), primary_key=True),
    Column("seed", LargeBinary(32), nullable=False),
    integer("made_at", nullable=False),
)
_KEY, _EVIDENCE_KEY, _CATALOG_KEY = "witness", "evidence", "catalog"
_OF_COPY = [
    COPIES.c[name] for name in ("key", "size", "edge", "cosigned", "root", "checkpoint", "cosignature", "skipped")
]


class Copy(NamedTuple):
    """How far the copy of one ledger is."""

    position: Position
    checkpoint: bytes
    """The last checkpoint, as the endpoint signed it."""
    cosignature: str
    """The server's line under it."""
    skipped: int
    """Records that retention removed at the endpoint before they were sent."""


class Sender(NamedTuple):
    """Who sends, and how far the copy of its ledger is."""

    identity: Identity
    copy: Copy


class Rewritten(NamedTuple):
    """A ledger that does not continue its copy."""

    kind: str
    """`ledger-forked` or `ledger-rolled-back`."""
    reason: str
    first: int
    """First record that is not there any more, or another."""
    last: int


def cosigner(connection: Connection, now: int) -> EdCosigner:
    """Return the key that this fleet cosigns with; make it once. Every server of the fleet has the same.

    It lies in the database, so that a backup brings it along: endpoints know the server by it.
    """
    seed = _seed(connection, _KEY, now)
    return EdCosigner(f"weighbridge/fleet/{_id(seed)}", seed)


def evidence_key(connection: Connection, now: int) -> PrivateKey:
    """Return the key that this fleet signs evidence with; make it once. It signs nothing else."""
    seed = _seed(connection, _EVIDENCE_KEY, now)
    return PrivateKey(f"weighbridge/evidence/{_id(seed)}", seed)


def catalog_key(connection: Connection, now: int) -> PrivateKey:
    """Return the key that this server signs what its catalog says with; make it once. It signs nothing else."""
    seed = _seed(connection, _CATALOG_KEY, now)
    return PrivateKey(f"weighbridge/catalog/{_id(seed)}", seed)


def _seed(connection: Connection, name: str, now: int) -> bytes:
    insert_missing(connection, SERVER_KEYS, [{"name": name, "seed": secrets.token_bytes(32), "made_at": now}])
    return bytes(connection.execute(select(SERVER_KEYS.c.seed).where(SERVER_KEYS.c.name == name)).scalar_one())


def _id(seed: bytes) -> str:
    return sha256(PrivateKey("new", seed).public.public).hexdigest()[:16]


def copy_of(connection: Connection, endpoint_id: str, ledger_key: str) -> Copy:
    """Return how far the copy of an endpoint's ledger is; nothing yet for a new one."""
    row = connection.execute(_copy(), {"endpoint_id": endpoint_id}).first()
    return Copy(Position(ledger_key), b"", "", 0) if row is None else _copy_in(row)


def sender(connection: Connection, endpoint_id: str) -> Sender | None:
    """Return who an endpoint is and how far its copy is, and have others that ask for the same wait for this write.

    Several servers at one PostgreSQL may get messages of one endpoint at the same time; a SQLite file has one writer
    anyway. None: there is no such endpoint.
    """
    row = connection.execute(_sender(), {"endpoint_id": endpoint_id}).first()
    if row is not None:
        return Sender(identity_in(row), _copy_in(row))
    # Nothing was ever sent, or is being written right now: the endpoint itself is what others wait for.
    identity = endpoints.identity(connection, endpoint_id, alone=True)
    return None if identity is None else Sender(identity, copy_of(connection, endpoint_id, identity.ledger_key))


@lru_cache(1)
def _copy() -> Select[Any]:
    return select(*_OF_COPY).where(COPIES.c.endpoint_id == bindparam("endpoint_id"))


@lru_cache(1)
def _sender() -> Select[Any]:
    # Both rows are locked, so that both are as the write that was waited for has left them.
    joined = _copy().add_columns(*OF_IDENTITY).join(ENDPOINTS, ENDPOINTS.c.endpoint_id == COPIES.c.endpoint_id)
    return joined.with_for_update()


def _copy_in(row: Row[Any]) -> Copy:
    edge = bytes(row.edge)
    hashes = tuple(edge[at : at + HASH_BYTES] for at in range(0, len(edge), HASH_BYTES))
    position = Position(row.key, row.size, hashes, row.cosigned, bytes(row.root))
    return Copy(position, bytes(row.checkpoint), row.cosignature, row.skipped)


def advance(
    connection: Connection,
    endpoint_id: str,
    before: Copy,
    taken: Taken,
    *,
    batch: str,
    now: int,
    cosign: Callable[[str, int], str],
) -> Copy:
    """Remember a batch that holds, and cosign its checkpoint; return how far the copy is now.

    Args:
        connection: within a write.
        endpoint_id: whose.
        before: as it was read in the same write.
        taken: what the batch brought.
        batch: its name.
        now: milliseconds since 1970.
        cosign: returns the cosignature line on a text at a POSIX time.
    """
    checkpoint, position = bytes(taken.note), taken.position
    # Only a checkpoint of the same size can be the same.
    same = position.cosigned == before.position.cosigned and checkpoint_text(before.checkpoint) == taken.note.text
    cosignature = before.cosignature if same and before.cosignature else cosign(taken.note.text, now // 1000)
    skipped = before.skipped + taken.first - before.position.size
    row = {
        "endpoint_id": endpoint_id,
        "key": position.key,
        "size": position.size,
        "edge": b"".join(position.edge),
        "cosigned": position.cosigned,
        "root": position.root,
        "checkpoint": checkpoint,
        "cosignature": cosignature,
        "skipped": skipped,
        "last_batch": batch,
        "changed_at": now,
    }
    upsert(connection, COPIES, [row])
    return Copy(position, checkpoint, cosignature, skipped)


def checkpoint_text(checkpoint: bytes) -> str:
    """Return what is signed in a stored checkpoint."""
    return parse(checkpoint).text if checkpoint else ""


def compared(batch: Batch, copy: Copy) -> Taken | Refused | Rewritten:
    """Return what a batch brings, why it is not taken, or what it shows about the ledger."""
    outcome = take(batch, copy.position)
    if isinstance(outcome, Refused) and outcome.is_fork:
        return Rewritten(
            "ledger-forked",
            "the ledger is another one than was sent before: a copy of the machine runs, or its history was rewritten",
            0,
            max(0, copy.position.cosigned - 1),
        )
    return outcome


def rolled_back(batch: Batch, copy: Copy) -> Rewritten | None:
    """Return what it means that an endpoint says its ledger is behind the copy; None if it is not so."""
    try:
        note = parse(batch.note)
        checkpoint = checkpoint_of(note.text)
        keys = _keys(copy.position.key, batch.key_changes)
        signed = bool(verified(note, keys)) and checkpoint.origin == keys[0].name
    except ValueError:
        return None
    here, witnessed = checkpoint.size, copy.position.cosigned
    if not signed or here >= witnessed:
        return None
    return Rewritten(
        "ledger-rolled-back",
        f"records {here:,} to {witnessed - 1:,} were witnessed and are not there any more: an old state was put back",
        here,
        witnessed - 1,
    )


def _keys(text: str, statements: Sequence[bytes]) -> list[PublicKey]:
    key = PublicKey.parse(text)
    return [key, followed(key, [change_of(one) for one in statements])]
