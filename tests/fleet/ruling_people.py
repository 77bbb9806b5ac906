"""A fleet whose people sign rulings: the steps of it, as tests need them."""

from sqlalchemy import Connection
from tests.fleet.policy_people import AT, found
from tests.sync.policy_server import person

from weighbridge.fleet import policy_repository, ruling_signing
from weighbridge.fleet.permissions import EVERYTHING, GRANTED, Role, Scope, Viewer
from weighbridge.fleet.rulings import Published
from weighbridge.sync.policy_metadata import add_signature
from weighbridge.sync.rulings import CATALOG, URGENT


def viewer(name: str = "ada", role: Role = Role.APPROVER, scope: Scope = EVERYTHING) -> Viewer:
    """Return somebody who asks."""
    return Viewer(account_id=f"id-{name}", name=name, role=role, permissions=GRANTED[role], scope=scope)


def delegate(connection: Connection, *, urgent: bool = False, catalog: bool = False, now: int = AT) -> str:
    """Name who signs policies, and let them say who signs rulings."""
    if policy_repository.root(connection) is None:
        found(connection)
    text = ruling_signing.delegate(connection, now, {URGENT: urgent, CATALOG: catalog})
    for number in (0, 1):
        text = add_signature(text, person(number))
    return ruling_signing.take_delegation(connection, now, viewer(), text)


def sign(connection: Connection, role: str, now: int = AT, people: tuple[int, ...] = (0, 1)) -> Published:
    """Let people sign what stands for a role now, and publish it."""
    return publish_signed(connection, ruling_signing.make(connection, now, role).metadata, now, people)


def publish_signed(connection: Connection, metadata: str, now: int = AT, people: tuple[int, ...] = (0, 1)) -> Published:
    """Let people sign metadata of a text, and publish it."""
    text = metadata.encode()
    for number in people:
        text = add_signature(text, person(number))
    return ruling_signing.publish(connection, now, viewer(), text)
