"""Who may read, publish or review in a namespace. Without grants for reading it is open."""

from msgspec import Struct
from sqlalchemy import Column, Connection, String, delete, select

from weighbridge.fleet.statements import insert_missing
from weighbridge.fleet.tables import integer, reference_table

READ, PUBLISH, REVIEW = "read", "publish", "review"
RIGHTS = (READ, PUBLISH, REVIEW)

GRANTS = reference_table(
    "hub_grants",
    Column("namespace", String(96), primary_key=True),
    Column("account_id", String(32), primary_key=True),
    Column("right", String(8), primary_key=True),
    integer("granted_at", nullable=False),
    Column("granted_by", String(128), nullable=False),
)


class Grant(Struct, frozen=True, kw_only=True):
    """One right of one account in one namespace (in lower case)."""

    namespace: str
    account_id: str
    right: str
    granted_at: int
    granted_by: str


def give(connection: Connection, now: int, namespace: str, account_id: str, right: str, *, by: str) -> None:
    """Give an account a right in a namespace; a second call changes nothing."""
    row = {"namespace": namespace.lower(), "account_id": account_id, "right": right}
    insert_missing(connection, GRANTS, [row | {"granted_at": now, "granted_by": by[:128]}])


def take(connection: Connection, namespace: str, account_id: str, right: str) -> bool:
    """Take a right away; return whether it was there."""
    wanted = GRANTS.c.namespace == namespace.lower(), GRANTS.c.account_id == account_id, GRANTS.c.right == right
    return connection.execute(delete(GRANTS).where(*wanted)).rowcount == 1


def of_namespace(connection: Connection, namespace: str) -> list[Grant]:
    """Return who may what in a namespace."""
    wanted = select(GRANTS).where(GRANTS.c.namespace == namespace.lower()).order_by(GRANTS.c.account_id, GRANTS.c.right)
    return [Grant(**row._mapping) for row in connection.execute(wanted)]


def every(connection: Connection) -> list[Grant]:
    """Return who may what in each namespace that is not open."""
    wanted = select(GRANTS).order_by(GRANTS.c.namespace, GRANTS.c.account_id, GRANTS.c.right).limit(10_000)
    return [Grant(**row._mapping) for row in connection.execute(wanted)]


def closed_namespaces(connection: Connection) -> set[str]:
    """Return the namespaces that only those may read who were granted it."""
    return set(connection.execute(select(GRANTS.c.namespace).where(GRANTS.c.right == READ).distinct()).scalars())


def of_account(connection: Connection, account_id: str) -> list[Grant]:
    """Return what an account may in which namespace."""
    wanted = select(GRANTS).where(GRANTS.c.account_id == account_id).order_by(GRANTS.c.namespace, GRANTS.c.right)
    return [Grant(**row._mapping) for row in connection.execute(wanted)]
