"""Branches and tags of a model: what `main` or `v1` means, to those who read and to those who write.

Who writes sees their own last commit, whatever its state (`staged`); who reads sees the last release that was approved
(`served`). Where the last approved one is revoked and none is left, `served` names a tombstone: a release of one page.
"""

from msgspec import Struct
from sqlalchemy import Column, Connection, String, delete, select

from weighbridge.fleet.statements import upsert
from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub import heads

MAIN = "main"

BRANCHES = reference_table(
    "hub_branches",
    Column("model_id", String(16), primary_key=True),
    Column("name", String(128), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("served", String(40), nullable=False),
    Column("staged", String(40), nullable=False),
    integer("changed_at", nullable=False),
)


class Branch(Struct, frozen=True, kw_only=True):
    """One branch or tag of a model."""

    name: str
    kind: str
    """`branch` or `tag`."""
    served: str
    """The commit that readers get; empty if there is none."""
    staged: str
    """The last commit that was written; empty if there is none."""
    changed_at: int


def of_model(connection: Connection, model_id: str) -> list[Branch]:
    """Return the branches and tags of a model by name."""
    wanted = select(BRANCHES).where(BRANCHES.c.model_id == model_id).order_by(BRANCHES.c.name)
    return [_branch(row) for row in connection.execute(wanted)]


def find(connection: Connection, model_id: str, name: str) -> Branch | None:
    """Return a branch or tag; None if there is no such."""
    wanted = BRANCHES.c.model_id == model_id, BRANCHES.c.name == name
    row = connection.execute(select(BRANCHES).where(*wanted)).first()
    return None if row is None else _branch(row)


def point(
    connection: Connection,
    now: int,
    model_id: str,
    name: str,
    *,
    served: str | None = None,
    staged: str | None = None,
    kind: str = "branch",
) -> None:
    """Let a branch or tag mean another commit. None: that side stays as it is."""
    before = find(connection, model_id, name)
    row = {"model_id": model_id, "name": name, "kind": before.kind if before else kind, "changed_at": now}
    row["served"] = served if served is not None else before.served if before else ""
    row["staged"] = staged if staged is not None else before.staged if before else ""
    upsert(connection, BRANCHES, [row])
    if served is not None:
        heads.refresh(connection, model_id)


def drop(connection: Connection, model_id: str, name: str) -> bool:
    """Remove a branch or tag; return whether there was such."""
    wanted = BRANCHES.c.model_id == model_id, BRANCHES.c.name == name
    is_gone = connection.execute(delete(BRANCHES).where(*wanted)).rowcount == 1
    heads.refresh(connection, model_id)
    return is_gone


def _branch(row: object) -> Branch:
    return Branch(**{name: getattr(row, name) for name in Branch.__struct_fields__})
