"""Business context: which class of data is at stake on an endpoint, and who answers for a repository.

The owner of an endpoint stands with the endpoint. A repository is named as people write it, `github.com/acme/app`.
"""

import re
from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, String, Text, delete, select

from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import endpoint_table, integer, reference_table
from weighbridge.model.errors import WeighbridgeError

DATA_CLASSES = ("public", "internal", "confidential", "restricted")
"""In ascending order."""
MOST_REPOSITORIES = 5_000
ENDPOINT_CONTEXT = endpoint_table(
    "endpoint_context",
    Column("data_class", String(16), nullable=False),
    integer("changed_at", nullable=False),
    Index(None, "data_class"),
)
REPOSITORIES = reference_table(
    "repositories",
    Column("name", String(255), primary_key=True),
    Column("owner", String(255), nullable=False),
    Column("data_class", String(16), nullable=False),
    Column("note", Text, nullable=False),
    integer("changed_at", nullable=False),
)
_SCHEME = re.compile(r"(?:https?|ssh|git)://", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*(?:/[A-Za-z0-9_.~+-]{1,100}){1,8}", re.ASCII)


class Repository(Struct, frozen=True, kw_only=True):
    """One repository."""

    name: str
    owner: str
    data_class: str
    """One of `DATA_CLASSES`; empty if nobody said."""
    note: str


def set_data_class(connection: Connection, endpoint_id: str, data_class: str, now: int) -> None:
    """Say which class of data is at stake on an endpoint; empty takes it back."""
    if data_class not in ("", *DATA_CLASSES):
        raise _refused(f"`{data_class[:40]}` is no class of data", f"one of {', '.join(DATA_CLASSES)}")
    if not data_class:
        connection.execute(delete(ENDPOINT_CONTEXT).where(ENDPOINT_CONTEXT.c.endpoint_id == endpoint_id))
        return
    upsert(
        connection,
        ENDPOINT_CONTEXT,
        [{"endpoint_id": endpoint_id, "data_class": data_class, "changed_at": now}],
    )


def of_endpoints(connection: Connection, endpoint_ids: Sequence[str] | None = None) -> dict[str, str]:
    """Return classes of data by endpoint; of all endpoints that have one, if none are named."""
    query = select(ENDPOINT_CONTEXT.c.endpoint_id, ENDPOINT_CONTEXT.c.data_class)
    if endpoint_ids is not None:
        query = query.where(ENDPOINT_CONTEXT.c.endpoint_id.in_(endpoint_ids))
    return {row.endpoint_id: row.data_class for row in connection.execute(query)}


def repository_name(written: str) -> str:
    """Return how a repository is called, from how people and git write it.

    `https://github.com/acme/app.git`, `git@github.com:acme/app` and `github.com/acme/app` are one.

    Raises:
        WeighbridgeError: `E-repository`.
    """
    text = written.strip()
    plain = _SCHEME.sub("", text, count=1)
    head, slash, path = plain.partition("/")
    who, at, host = head.rpartition("@")
    if at and _SCHEME.match(text) is None and ":" in host:  # user@host:path, as ssh writes it
        host, _, first = host.partition(":")
        path = first + slash + path
    elif at and (":" in who or not who):
        raise _not_a_repository(written)
    host = host.partition(":")[0].lower()
    name = f"{host}/{path.removesuffix('/').removesuffix('.git')}"
    if len(name) > 255 or not _NAME.fullmatch(name) or "." not in host or {"..", "."} & set(name.split("/")):
        raise _not_a_repository(written)
    return name


def set_repository(connection: Connection, wanted: Repository, now: int) -> Repository:
    """Write a repository, instead of what stood under its name. Raises WeighbridgeError `E-repository`."""
    name = repository_name(wanted.name)
    if wanted.data_class not in ("", *DATA_CLASSES):
        raise _refused(f"`{wanted.data_class[:40]}` is no class of data", f"one of {', '.join(DATA_CLASSES)}")
    known = {one.name for one in repositories(connection)}
    if name not in known and len(known) >= MOST_REPOSITORIES:
        raise _refused(f"a fleet has up to {MOST_REPOSITORIES:,} repositories", "remove those that are gone")
    written = Repository(name=name, owner=wanted.owner, data_class=wanted.data_class, note=wanted.note)
    values = {field: getattr(written, field) for field in Repository.__struct_fields__}
    upsert(connection, REPOSITORIES, [values | {"changed_at": now}])
    return written


def repositories(connection: Connection) -> list[Repository]:
    """Return all repositories, by name."""
    columns = [REPOSITORIES.c[name] for name in Repository.__struct_fields__]
    return [Repository(**row._mapping) for row in connection.execute(select(*columns).order_by(REPOSITORIES.c.name))]


def remove_repository(connection: Connection, name: str) -> bool:
    """Remove a repository; return whether there was one."""
    return connection.execute(delete(REPOSITORIES).where(REPOSITORIES.c.name == name)).rowcount == 1


def _not_a_repository(written: str) -> WeighbridgeError:
    return _refused(f"`{written[:80]}` is no repository", "write host and path, like github.com/acme/app")


def _refused(message: str, hint: str) -> WeighbridgeError:
    return WeighbridgeError("E-repository", message, hint)
