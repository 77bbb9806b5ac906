"""Models of the catalog: a name, what it is for and who answers for it. Releases of a model are its versions."""

import secrets
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, String, Text, func, insert, select, update

from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub import heads
from weighbridge.hub.names import Name, parse_name

LONGEST_TEXT = 4_000

MODELS = reference_table(
    "hub_models",
    Column("model_id", String(16), primary_key=True),
    Column("alias", String(200), nullable=False),
    Column("namespace", String(96), nullable=False),
    Column("name", String(96), nullable=False),
    Column("owner", String(128), nullable=False),
    Column("summary", Text, nullable=False),
    Column("tasks", Text, nullable=False),
    Column("upstream", String(512), nullable=False),
    integer("created_at", nullable=False),
    integer("changed_at", nullable=False),
    Index("ux_hub_models_alias", "alias", unique=True),
)


class Model(Struct, frozen=True, kw_only=True):
    """One model. Times are milliseconds since 1970, UTC."""

    model_id: str
    namespace: str
    name: str
    owner: str
    """Who answers for it: a name of an account, or words."""
    summary: str
    """What it is, in one paragraph."""
    tasks: tuple[str, ...]
    """What it is good for: `coding`, `embedding`, ..."""
    upstream: str
    """Where it came from, `namespace/name` there; empty for one that was uploaded here."""
    created_at: int
    changed_at: int

    @property
    def full_name(self) -> str:
        """`namespace/name`."""
        return f"{self.namespace}/{self.name}"


def add(connection: Connection, now: int, name: Name, *, owner: str, upstream: str = "") -> Model:
    """Return the model of a name, made now if there was none."""
    known = by_name(connection, name)
    if known is not None:
        return known
    model_id = secrets.token_hex(8)
    values = {"model_id": model_id, "alias": name.alias, "namespace": name.namespace, "name": name.name}
    values |= {"owner": owner[:128], "summary": "", "tasks": "", "upstream": upstream[:512]}
    connection.execute(insert(MODELS).values(created_at=now, changed_at=now, **values))
    return by_id(connection, model_id)


def by_name(connection: Connection, name: Name) -> Model | None:
    """Return the model of a name, however it is capitalized; None if there is none."""
    row = connection.execute(select(MODELS).where(MODELS.c.alias == name.alias)).first()
    return None if row is None else _model(row)


def by_text(connection: Connection, text: str) -> Model | None:
    """Return the model that a text names. Raises WeighbridgeError `E-model-name`."""
    return by_name(connection, parse_name(text))


def by_id(connection: Connection, model_id: str) -> Model:
    """Return one model that is known to be there."""
    return _model(connection.execute(select(MODELS).where(MODELS.c.model_id == model_id)).one())


def describe(
    connection: Connection, now: int, model_id: str, *, owner: str, summary: str, tasks: tuple[str, ...]
) -> None:
    """Say what a model is, what it is for and who answers for it."""
    values = {"owner": owner[:128], "summary": summary[:LONGEST_TEXT], "tasks": "\n".join(tasks)[:LONGEST_TEXT]}
    connection.execute(update(MODELS).where(MODELS.c.model_id == model_id).values(changed_at=now, **values))
    heads.refresh(connection, model_id)


def are_made_here(connection: Connection, namespace: str) -> bool:
    """Tell whether a namespace holds a model that did not come from elsewhere."""
    prefix = f"{namespace.lower()}/"
    # Characters between the slash and its follower: exactly the names of this namespace, and an index answers it.
    wanted = MODELS.c.alias > prefix, MODELS.c.alias < f"{namespace.lower()}0", MODELS.c.upstream == ""
    return connection.execute(select(MODELS.c.model_id).where(*wanted).limit(1)).first() is not None


def count(connection: Connection) -> int:
    """Return how many models there are."""
    return connection.execute(select(func.count()).select_from(MODELS)).scalar_one()


def from_fields(fields: Mapping[str, Any]) -> Model:
    """Return the model whose fields were read from the table."""
    return Model(**{**fields, "tasks": tuple(filter(None, fields["tasks"].split("\n")))})


def _model(row: object) -> Model:
    return from_fields({name: getattr(row, name) for name in Model.__struct_fields__})
