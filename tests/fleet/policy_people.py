"""A fleet whose policies people sign: the steps of a publication, as tests need them."""

from sqlalchemy import Connection
from tests.sync.policy_server import NOW, person, policy_files

from weighbridge.fleet import policy_repository, policy_rings, policy_versions
from weighbridge.fleet.policy_rings import USUAL, Ring
from weighbridge.fleet.policy_versions import Version
from weighbridge.sync.policy_metadata import add_signature, new_root

AT = round(NOW.timestamp() * 1000)


def found(connection: Connection, people=(0, 1), threshold: int = 2) -> bytes:
    """Name who signs policies, and return the root."""
    online = policy_repository.online_key(connection).public_key()
    root = new_root([person(number).public_key() for number in people], threshold, online, NOW)
    for number in people[:threshold]:
        root = add_signature(root, person(number))
    policy_repository.add_root(connection, AT, root)
    return root


def publish(
    connection: Connection,
    version: int = 1,
    *,
    files=None,
    now: int = AT,
    rings: tuple[Ring, ...] = USUAL,
    people=(0, 1),
) -> Version:
    """Upload, sign and publish a policy, and begin its roll-out."""
    made = policy_versions.upload(connection, now, "ada", policy_files(version) if files is None else files)
    text = policy_versions.to_sign(connection, made.number, now)
    for number in people:
        text = add_signature(text, person(number))
    done = policy_versions.publish(connection, now, "ada", text)
    policy_rings.begin(connection, now, "ada", done.number, rings)
    return done
