"""How often somebody may try to sign in, counted in the database: two server processes allow no more than one does.

A key is a name or an address; only its hash is kept, because people type passwords into the field for names. Each key
has one number, the time at which all its permits are back. Source: the generic cell rate algorithm (ITU-T I.371,
Annex A), which is a bucket of permits in one number.
"""

import hashlib
from collections.abc import Sequence

from sqlalchemy import Column, ColumnElement, Connection, String, case, delete, literal, select, update

from weighbridge.fleet.statements import insert_or
from weighbridge.fleet.tables import integer, reference_table

_MINUTE = 60_000

ATTEMPTS = reference_table(
    "sign_in_attempts",
    Column("key_hash", String(64), primary_key=True),
    integer("full_at", nullable=False),
)


class TooOftenError(Exception):
    """There is no permit; nothing was taken. `wait`: seconds until there is one."""

    def __init__(self, wait: float) -> None:
        super().__init__(wait)
        self.wait = wait


def take(connection: Connection, now: int, keys: Sequence[str], per_minute: int) -> None:
    """Take a permit of every key, within a write; each has `per_minute`, which come back in a minute.

    Raises TooOftenError, which undoes the write.
    """
    each = max(1, _MINUTE // per_minute)
    for key in keys:
        insertion = insert_or(connection, ATTEMPTS).values(key_hash=_hash(key), full_at=now + each)
        # One statement decides, so that of two servers that ask at once only one gets the last permit.
        taken = insertion.on_conflict_do_update(
            index_elements=["key_hash"], set_={"full_at": _from(now) + each}, where=_from(now) + each <= now + _MINUTE
        )
        if connection.execute(taken.execution_options(preserve_rowcount=True)).rowcount != 1:
            raise TooOftenError(_wait(connection, now, key, each))


def give_back(connection: Connection, keys: Sequence[str], per_minute: int) -> None:
    """Give a permit of every key back, within a write: who signed in did not guess."""
    each = max(1, _MINUTE // per_minute)
    for key in keys:  # in the order in which they are taken, so that no two writes wait for each other
        named = update(ATTEMPTS).where(ATTEMPTS.c.key_hash == _hash(key))
        connection.execute(named.values(full_at=ATTEMPTS.c.full_at - each))


def sweep(connection: Connection, now: int) -> None:
    """Forget the keys that have all their permits, within a write."""
    connection.execute(delete(ATTEMPTS).where((ATTEMPTS.c.full_at <= now) | (ATTEMPTS.c.full_at > now + _MINUTE)))


def _from(now: int) -> ColumnElement[int]:
    """Return from when permits are counted. Beyond a minute ahead is what a clock wrote that was wrong."""
    known = ATTEMPTS.c.full_at
    return case((known.between(now, now + _MINUTE), known), else_=literal(now, ATTEMPTS.c.full_at.type))


def _wait(connection: Connection, now: int, key: str, each: int) -> float:
    known = connection.execute(select(ATTEMPTS.c.full_at).where(ATTEMPTS.c.key_hash == _hash(key))).scalar_one()
    return float(max(1, known + each - now - _MINUTE)) / 1000


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
