"""People and programs that use the server: what they are called, what they are, which endpoints they see.

A disabled account keeps its name, so that what it did stays its own. The last administrator cannot be taken away.
"""

import secrets
import unicodedata

from sqlalchemy import Column, Connection, Index, Row, String, Text, func, insert, select, update

from weighbridge.fleet.permissions import EVERYTHING, Role, Scope
from weighbridge.fleet.tables import ENDPOINT_ID_LENGTH, integer, reference_table
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.record import record

LONGEST_NAME = 128
FIRST = "administrator"
"""The name of the account that a new server begins with."""
_MOST_GROUPS = 100
_BETWEEN = "\n"

ACCOUNTS = reference_table(
    "accounts",
    Column("account_id", String(32), primary_key=True),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("role", String(16), nullable=False),
    Column("groups", Text, nullable=True),
    Column("endpoint_id", String(ENDPOINT_ID_LENGTH), nullable=True),
    Column("password", Text, nullable=True),
    integer("created_at", nullable=False),
    integer("changed_at", nullable=False),
    integer("disabled_at", nullable=True),
    Index("ux_accounts_name", "name", unique=True),
)


@record
class Account:
    """One account. Times are milliseconds since 1970, UTC."""

    account_id: str
    name: str
    role: Role
    scope: Scope
    has_password: bool
    created_at: int
    disabled_at: int | None = None


def add(connection: Connection, now: int, name: str, role: Role, scope: Scope = EVERYTHING) -> Account:
    """Make an account without a password. Raises WeighbridgeError `E-account`."""
    clean = clean_name(name)
    if by_name(connection, clean) is not None:
        raise _refused(
            f"there is an account called {clean} already", "choose another name; a disabled one keeps its own"
        )
    if role is Role.OWNER and scope.endpoint_id is None:
        raise _refused("an owner is the person of one endpoint", "say which")
    account_id = secrets.token_hex(16)
    values = {"account_id": account_id, "name": clean, "role": role.value, "endpoint_id": scope.endpoint_id}
    values |= {"groups": _joined(scope.groups), "password": None, "disabled_at": None}
    connection.execute(insert(ACCOUNTS).values(created_at=now, changed_at=now, **values))
    return Account(account_id=account_id, name=clean, role=role, scope=scope, has_password=False, created_at=now)


def clean_name(name: str) -> str:
    """Return a name as it is stored and looked for. Raises WeighbridgeError `E-account`."""
    clean = unicodedata.normalize("NFKC", name).strip().casefold()
    if not 0 < len(clean) <= LONGEST_NAME or not clean.isprintable() or "  " in clean:
        raise _refused("this is no name of an account", f"take 1 to {LONGEST_NAME} visible characters")
    return clean


def by_name(connection: Connection, name: str) -> Account | None:
    """Return the account of a name, as `clean_name` gave it."""
    return _account(connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.name == name)).first())


def by_id(connection: Connection, account_id: str) -> Account | None:
    """Return an account; None if there is no such."""
    return _account(connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.account_id == account_id)).first())


def every(connection: Connection) -> list[Account]:
    """Return all accounts by name, disabled ones too."""
    rows = connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.name))
    return [account for row in rows if (account := _account(row)) is not None]


def stored_password(connection: Connection, account_id: str) -> str | None:
    """Return what is kept of an account's password; None if it has none or is disabled."""
    wanted = select(ACCOUNTS.c.password).where(ACCOUNTS.c.account_id == account_id, ACCOUNTS.c.disabled_at.is_(None))
    return connection.execute(wanted).scalar()


def set_password(connection: Connection, now: int, account_id: str, stored: str) -> None:
    """Keep a password, as `passwords.hashed` gave it."""
    _change(connection, account_id, password=stored, changed_at=now)


def set_role(connection: Connection, now: int, account_id: str, role: Role, scope: Scope) -> None:
    """Make an account something else. Raises WeighbridgeError `E-account` for the last administrator."""
    if role is not Role.ADMINISTRATOR:
        _keep_one(connection, account_id)
    groups = _joined(scope.groups)
    _change(connection, account_id, role=role.value, groups=groups, endpoint_id=scope.endpoint_id, changed_at=now)


def disable(connection: Connection, now: int, account_id: str) -> None:
    """Let an account do nothing more. Raises WeighbridgeError `E-account` for the last administrator."""
    _keep_one(connection, account_id)
    _change(connection, account_id, disabled_at=now, changed_at=now, password=None)


def enable(connection: Connection, now: int, account_id: str) -> None:
    """Let a disabled account in again; it needs a new password."""
    _change(connection, account_id, disabled_at=None, changed_at=now)


def _keep_one(connection: Connection, account_id: str) -> None:
    able = ACCOUNTS.c.role == Role.ADMINISTRATOR.value, ACCOUNTS.c.disabled_at.is_(None)
    # The rows are locked, so that two administrators cannot take each other away at the same time.
    held = select(ACCOUNTS.c.account_id).where(*able).order_by(ACCOUNTS.c.account_id).with_for_update()
    administrators = [*connection.execute(held).scalars()]
    if administrators == [account_id]:
        raise _refused("this is the last administrator", "make another administrator first")


def count(connection: Connection) -> int:
    """Return how many accounts there are."""
    return connection.execute(select(func.count()).select_from(ACCOUNTS)).scalar_one()


def _change(connection: Connection, account_id: str, **values: str | int | None) -> None:
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.account_id == account_id).values(**values))


def _account(row: Row[tuple[object, ...]] | None) -> Account | None:
    if row is None:
        return None
    groups = None if row.groups is None else tuple(filter(None, row.groups.split(_BETWEEN)))
    return Account(
        account_id=row.account_id,
        name=row.name,
        role=Role(row.role),
        scope=Scope(groups=groups, endpoint_id=row.endpoint_id),
        has_password=row.password is not None,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )


def _joined(groups: tuple[str, ...] | None) -> str | None:
    if groups is None:
        return None
    if len(groups) > _MOST_GROUPS or not all(0 < len(group) <= 64 and group.isprintable() for group in groups):
        raise _refused("a scope names groups", f"at most {_MOST_GROUPS} groups of at most 64 visible characters")
    return _BETWEEN.join(groups)


def _refused(message: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-account", message, hint)
