"""Keys of machines that log in without a password: those that Ollama makes where it runs, each of one account.

Whoever registers one proves that they hold it, by a code (`machine_codes.py`) or a signature (`sync/machine_key.py`):
it decides in whose name the machine pushes.

Source: RFC 8709 (`ssh-ed25519`), RFC 4253, section 6.6 (how a public key is written); Ollama, `auth/auth.go`.
"""

import base64
import binascii
import hashlib
import struct
from typing import NamedTuple

from sqlalchemy import Column, Connection, Index, String, insert, select, update

from weighbridge.fleet.accounts import Account, by_id
from weighbridge.fleet.my_device import still_in
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub.hub_tokens import READ, WRITE
from weighbridge.model.errors import WeighbridgeError

_KIND = b"ssh-ed25519"
_START = struct.pack(">I", len(_KIND)) + _KIND + struct.pack(">I", 32)
_BETWEEN_NOTES = 60_000
_MOST = 100

MACHINE_KEYS = reference_table(
    "hub_machine_keys",
    Column("key_id", String(64), primary_key=True),
    Column("public", String(128), nullable=False),
    Column("account_id", String(32), nullable=False),
    Column("name", String(128), nullable=False),
    Column("right", String(8), nullable=False),
    integer("added_at", nullable=False),
    integer("used_at"),
    Index(None, "account_id"),
)


class MachineKey(NamedTuple):
    """One key. Times are milliseconds since 1970, UTC."""

    key_id: str
    """SHA-256 of the key as it is written in a file, 64 hexadecimal digits."""
    public: str
    """The key as it is written, without its kind and comment."""
    account_id: str
    name: str
    right: str
    """`read`, or `write` for both."""
    added_at: int
    used_at: int | None


class Found(NamedTuple):
    """A key that is registered, and whose it is."""

    key: MachineKey
    account: Account
    note: bool
    """Whether its use should be noted."""


def add(
    connection: Connection, now: int, account_id: str, text: str, *, name: str = "", right: str = READ
) -> MachineKey:
    """Register a key for an account. That whoever asks holds it was proven before.

    Args:
        connection: within a write.
        now: milliseconds since 1970, UTC.
        account_id: who is meant by it.
        text: `ssh-ed25519 AAAA… comment`, or its middle part.
        name: what people call the machine; empty for the comment of the key.
        right: `read` or `write`.

    Raises:
        WeighbridgeError: `E-machine-key`, also for one that another account has.
    """
    public, comment = written(text)
    called = checked_name(name or comment, right)
    key_id = id_of(public)
    if is_of_another(connection, key_id, account_id):
        raise taken()
    held = connection.execute(select(MACHINE_KEYS.c.key_id).where(MACHINE_KEYS.c.key_id == key_id)).first()
    if len(of_account(connection, account_id)) >= _MOST:
        raise _refused(f"an account has up to {_MOST} machines", "remove those that are gone")
    key = MachineKey(key_id, public, account_id, called, right, now, None)
    if held is None:
        connection.execute(insert(MACHINE_KEYS).values(key._asdict()))
    else:
        same = MACHINE_KEYS.c.key_id == key_id
        connection.execute(update(MACHINE_KEYS).where(same).values(name=called, right=right))
    return key


def find(connection: Connection, now: int, public: str) -> Found | None:
    """Return a registered key whose account may come in; None if there is no such. `public`: as it is written."""
    return holder(connection, now, id_of(public))


def holder(connection: Connection, now: int, key_id: str) -> Found | None:
    """Return a key by its id, as `find` does."""
    row = connection.execute(select(MACHINE_KEYS).where(MACHINE_KEYS.c.key_id == key_id)).first()
    account = None if row is None else by_id(connection, row.account_id)
    if row is None or account is None or account.disabled_at is not None or not still_in(connection, account):
        return None
    return Found(_key(row), account, row.used_at is None or now - row.used_at >= _BETWEEN_NOTES)


def note_use(connection: Connection, now: int, key_id: str) -> None:
    """Note that a key was used."""
    connection.execute(update(MACHINE_KEYS).where(MACHINE_KEYS.c.key_id == key_id).values(used_at=now))


def remove(connection: Connection, key_id: str, account_id: str | None) -> bool:
    """Remove a key; return whether there was such. `account_id`: whose it must be; None: anybody's."""
    wanted = [MACHINE_KEYS.c.key_id == key_id]
    if account_id is not None:
        wanted.append(MACHINE_KEYS.c.account_id == account_id)
    return connection.execute(MACHINE_KEYS.delete().where(*wanted)).rowcount == 1


def of_account(connection: Connection, account_id: str) -> list[MachineKey]:
    """Return the keys of an account, the newest first."""
    wanted = select(MACHINE_KEYS).where(MACHINE_KEYS.c.account_id == account_id)
    rows = connection.execute(wanted.order_by(MACHINE_KEYS.c.added_at.desc(), MACHINE_KEYS.c.key_id))
    return [_key(row) for row in rows]


def written(text: str) -> tuple[str, str]:
    """Return the middle part of `ssh-ed25519 AAAA… comment`, or of itself, and the comment. Raises `E-machine-key`."""
    words = text.split(None, 2)
    public = words[1] if len(words) > 1 and words[0].encode() == _KIND else words[0] if words else ""
    raw_of(public)
    return public, words[2] if len(words) > 2 else ""


def checked_name(name: str, right: str) -> str:
    """Return what a machine is called. Raises WeighbridgeError `E-machine-key`, also for a right that there is not."""
    called = name.strip() or "a machine"
    if len(called) > 128 or not called.isprintable() or right not in (READ, WRITE):
        raise _refused("this machine cannot be called so", "take up to 128 visible characters, and `read` or `write`")
    return called


def id_of(public: str) -> str:
    """Return the id of a key as it is written."""
    return hashlib.sha256(public.encode("utf-8", "replace")).hexdigest()


def is_of_another(connection: Connection, key_id: str, account_id: str) -> bool:
    """Tell whether a key is registered by another account than this."""
    held = connection.execute(select(MACHINE_KEYS.c.account_id).where(MACHINE_KEYS.c.key_id == key_id)).scalar()
    return held is not None and held != account_id


def taken() -> WeighbridgeError:
    """Return the error for a key of another account."""
    return _refused("another account has registered this key", "let it be removed there first")


def raw_of(public: str) -> bytes:
    """Return the 32 bytes of a public key as it is written. Raises WeighbridgeError `E-machine-key`."""
    try:
        blob = base64.b64decode(public.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        blob = b""
    if len(blob) != len(_START) + 32 or not blob.startswith(_START) or base64.b64encode(blob).decode() != public:
        raise _refused(
            "this is no key of Ollama", "give the line in ~/.ollama/id_ed25519.pub of the machine: ssh-ed25519 AAAA..."
        )
    return blob[len(_START) :]


def has_signed(public: str, content: bytes, signature: str) -> bool:
    """Tell whether a key, as it is written, signed something. `signature`: in base 64.

    Raises WeighbridgeError `E-machine-key` for what is no key.
    """
    # Needed by those who log in with such a key alone, and slow to load.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    raw = raw_of(public)
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _key(row: object) -> MachineKey:
    return MachineKey(**{name: getattr(row, name) for name in MachineKey._fields})


def _refused(message: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-machine-key", message, hint)
