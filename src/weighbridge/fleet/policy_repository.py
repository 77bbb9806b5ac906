"""What endpoints fetch to know which policy to believe: metadata of The Update Framework, signed by people and server.

The server has one key, for snapshot and timestamp. With it somebody can say that nothing is new, or make endpoints
wait; to make one believe a policy takes the people whom the root names. Their keys never come here.
"""

from datetime import UTC, datetime
from secrets import token_bytes
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, LargeBinary, String, delete, select

from weighbridge.fleet.statements import insert_missing, upsert
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.policy_metadata import (
    check_root,
    described,
    key_id_of,
    next_root_missing,
    online_metadata,
    signer_ids,
    signers_missing,
)
from weighbridge.sync.policy_updates import ROOT, SNAPSHOT, TARGETS, TIMESTAMP
from weighbridge.sync.ruling_updates import RULING_FILES
from weighbridge.sync.rulings import ROLES

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ONLINE = "online"
POLICY_KEYS = reference_table(
    "policy_keys",
    Column("name", String(16), primary_key=True),
    Column("seed", LargeBinary(32), nullable=False),
)
POLICY_FILES = reference_table(
    "policy_files",
    Column("name", String(40), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    integer("at", nullable=False),
)
RENEW_AFTER = 86_400_000
"""Milliseconds after which the server says anew that what it has is the newest; it is believed for a week."""
_SNAPSHOTS_KEPT = 3


def online_key(connection: Connection, name: str = _ONLINE) -> "Ed25519PrivateKey":
    """Return a key of this server, within a write; make it if there is none.

    Args:
        connection: within a write.
        name: `online`, what snapshot and timestamp are signed with; `urgent`, what may be named to revoke in haste.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    insert_missing(connection, POLICY_KEYS, [{"name": name, "seed": token_bytes(32)}])
    seed = connection.execute(select(POLICY_KEYS.c.seed).where(POLICY_KEYS.c.name == name)).scalar_one()
    return Ed25519PrivateKey.from_private_bytes(bytes(seed))


def file(connection: Connection, name: str) -> bytes | None:
    """Return a file of metadata; None if there is none of that name."""
    found = connection.execute(select(POLICY_FILES.c.content).where(POLICY_FILES.c.name == name)).scalar()
    return None if found is None else bytes(found)


def root(connection: Connection) -> bytes | None:
    """Return the newest root; None if nobody was named yet."""
    return file(connection, ROOT)


def targets(connection: Connection) -> bytes | None:
    """Return the newest signed list of policies; None if there is none."""
    return file(connection, TARGETS)


def add_root(connection: Connection, now: int, content: bytes) -> str:
    """Take a root that people signed; return in words who signs what.

    Raises:
        WeighbridgeError: `E-policy-signatures`, `E-policy-metadata`: endpoints would not believe it.
    """
    before = root(connection)
    said = described(content)
    version = 1 if before is None else described(before).version + 1
    if said.kind != "root" or said.version != version:
        raise _wrong(
            f"this is {said.kind} {said.version}; root {version} comes next", "make it with `wb fleet policy root`"
        )
    missing = signers_missing(content, content) if before is None else next_root_missing(before, content)
    if missing:
        raise _lacks(missing)
    words = check_root(content)
    own = key_id_of(online_key(connection).public_key())
    if {own} != signer_ids(content, "snapshot") | signer_ids(content, "timestamp"):
        raise _wrong(
            "the root names another key for the server than this server has",
            "make it on this server, with `wb fleet policy root`",
        )
    listed = targets(connection)
    if listed is not None and signers_missing(content, listed):
        raise _wrong(
            "the policies in force are signed by people who would not count any more",
            "keep enough of them for one more root, let the new people sign the policies, then leave them out",
        )
    _store(connection, now, {f"{version}.{ROOT}": content, ROOT: content})
    if listed is not None:
        renew(connection, now)
    return words


def add_targets(connection: Connection, now: int, content: bytes) -> None:
    """Take a list of policies that people signed, and say that it is the newest.

    Raises:
        WeighbridgeError: `E-policy-signatures`, `E-policy-metadata`: endpoints would not believe it.
    """
    trusted = root(connection)
    if trusted is None:
        raise _wrong("nobody was named yet who signs policies", "`wb fleet policy root` comes first")
    version = next_targets(connection)
    said = described(content)
    if said.kind != "targets" or said.version != version:
        raise _wrong(
            f"this is {said.kind} {said.version}; targets {version} come next",
            "another policy was published since; upload this one again and let it be signed",
        )
    missing = signers_missing(trusted, content)
    if missing:
        raise _lacks(missing)
    _store(connection, now, {f"{version}.{TARGETS}": content, TARGETS: content})
    renew(connection, now)


def next_targets(connection: Connection) -> int:
    """Return the version that the next list of policies has."""
    before = targets(connection)
    return 1 if before is None else described(before).version + 1


def renew(connection: Connection, now: int) -> None:
    """Say anew, signed by the server, that what it has is the newest; nothing if there are no policies."""
    listed = targets(connection)
    if listed is None:
        return
    snapshot, timestamp = file(connection, SNAPSHOT), file(connection, TIMESTAMP)
    one = 1 if snapshot is None else described(snapshot).version + 1
    other = 1 if timestamp is None else described(timestamp).version + 1
    at = datetime.fromtimestamp(now / 1000, UTC)
    # What endpoints were told of once must be in every later snapshot, whoever signs what by now.
    rulings = {role: found for role in ROLES if (found := file(connection, RULING_FILES[role])) is not None}
    first, second = online_metadata(listed, one, other, at, online_key(connection), rulings)
    _store(connection, now, {f"{one}.{SNAPSHOT}": first, SNAPSHOT: first, TIMESTAMP: second})
    old = [f"{number}.{SNAPSHOT}" for number in range(max(1, one - 100), one - _SNAPSHOTS_KEPT)]
    connection.execute(delete(POLICY_FILES).where(POLICY_FILES.c.name.in_(old)))


def add_ruling(connection: Connection, now: int, role: str, version: int, content: bytes) -> None:
    """Say that metadata of rulings, which those who may have signed, is the newest of its role."""
    name = RULING_FILES[role]
    _store(connection, now, {f"{version}.{name}": content, name: content})
    renew(connection, now)


def is_old(connection: Connection, now: int) -> bool:
    """Tell whether it is time to renew: once a day."""
    at = connection.execute(select(POLICY_FILES.c.at).where(POLICY_FILES.c.name == TIMESTAMP)).scalar()
    return at is not None and not 0 <= now - at < RENEW_AFTER


def renew_if_old(connection: Connection, now: int) -> bool:
    """Renew if it is time, which another server of the same database may have done; return whether it was."""
    if not is_old(connection, now):
        return False
    renew(connection, now)
    return True


def _store(connection: Connection, now: int, files: dict[str, bytes]) -> None:
    upsert(connection, POLICY_FILES, [{"name": name, "content": files[name], "at": now} for name in sorted(files)])


def _lacks(missing: int) -> WeighbridgeError:
    people = "person" if missing == 1 else "people"
    return _wrong(
        f"{missing} more {people} whose signatures count must sign this",
        "`wb fleet policy sign FILE --key KEY`, each with their own",
    )


def _wrong(message: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-policy-signatures", message, hint)
