"""Releases: one pinned version of a model, with the state that it is in. The commit is the version's id on every face.

A release that came from elsewhere keeps the commit that it has there, so that what developers pinned goes on to work.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from sqlalchemy import Column, Connection, Index, String, Text, insert, or_, select, update

from weighbridge.fleet.tables import integer, reference_table
from weighbridge.hub import heads
from weighbridge.hub.states import OFFERED, SERVED, State, check_move
from weighbridge.model.errors import WeighbridgeError

TOMBSTONE = "tombstone"
"""The format of a release that stands in place of a revoked one."""

RELEASES = reference_table(
    "hub_releases",
    Column("release_id", String(16), primary_key=True),
    Column("model_id", String(16), nullable=False),
    Column("commit_id", String(40), nullable=False),
    Column("parent_id", String(40), nullable=False),
    Column("version", String(64), nullable=False),
    Column("title", String(512), nullable=False),
    Column("state", String(16), nullable=False),
    integer("state_at", nullable=False),
    Column("state_by", String(128), nullable=False),
    Column("state_why", Text, nullable=False),
    integer("created_at", nullable=False),
    Column("created_by", String(128), nullable=False),
    integer("size", nullable=False),
    integer("files", nullable=False),
    Column("formats", String(128), nullable=False),
    Column("assessment", String(16), nullable=False),
    Column("decision", String(16), nullable=False),
    Column("license", String(128), nullable=False),
    Column("guidance", Text, nullable=False),
    Column("data_classes", String(256), nullable=False),
    Column("replaced_by", String(200), nullable=False),
    integer("until_at"),
    Index("ux_hub_releases_commit", "model_id", "commit_id", unique=True),
    Index(None, "state", "state_at"),
)


class Release(Struct, frozen=True, kw_only=True):
    """One release. Times are milliseconds since 1970, UTC."""

    release_id: str
    model_id: str
    commit_id: str
    """40 hexadecimal digits."""
    parent_id: str
    """The commit that it follows; empty for a first one."""
    version: str
    """What people call it: `1.2`, `2026-11`; empty if nobody said."""
    title: str
    """What its commit says."""
    state: State
    state_at: int
    state_by: str
    state_why: str
    created_at: int
    created_by: str
    size: int
    """Bytes of all files."""
    files: int
    formats: str
    """Formats of its weights, with commas; empty before it is weighed."""
    assessment: str
    """`clean`, ... as the scan says; empty before it is weighed."""
    decision: str
    """What policy says: `allow`, ...; empty before it is weighed."""
    license: str
    """The concluded license; empty before it is weighed."""
    guidance: str
    """What it may be used for, in words for developers."""
    data_classes: str
    """Data that it may be given, with commas; empty if nobody said."""
    replaced_by: str
    """What to use instead of one that is deprecated or revoked."""
    until_at: int | None
    """When its approval ends."""

    @property
    def is_served(self) -> bool:
        """Whether its bytes leave the hub."""
        return self.state in SERVED

    @property
    def is_tombstone(self) -> bool:
        """Whether it stands in place of a revoked one, and holds no model."""
        return self.formats == TOMBSTONE


def add(
    connection: Connection,
    now: int,
    model_id: str,
    commit_id: str,
    *,
    by: str,
    state: State = State.FETCHING,
    parent_id: str = "",
    title: str = "",
) -> Release:
    """Make a release. Its commit must be new to the model."""
    release_id = secrets.token_hex(8)
    texts = dict.fromkeys(
        ("version", "state_why", "formats", "assessment", "decision", "license", "guidance", "data_classes"), ""
    )
    values: dict[str, object] = {"release_id": release_id, "model_id": model_id, "commit_id": commit_id}
    values |= {
        "parent_id": parent_id,
        "title": title[:512],
        "state": state.value,
        "state_at": now,
        "state_by": by[:128],
    }
    values |= {"created_at": now, "created_by": by[:128], "size": 0, "files": 0, "replaced_by": "", "until_at": None}
    connection.execute(insert(RELEASES).values(**values, **texts))
    return by_id(connection, release_id)


def by_id(connection: Connection, release_id: str) -> Release:
    """Return one release that is known to be there."""
    return _release(connection.execute(select(RELEASES).where(RELEASES.c.release_id == release_id)).one())


def find(connection: Connection, release_id: str) -> Release | None:
    """Return a release; None if there is no such."""
    row = connection.execute(select(RELEASES).where(RELEASES.c.release_id == release_id)).first()
    return None if row is None else _release(row)


def of_commit(connection: Connection, model_id: str, commit_id: str) -> Release | None:
    """Return the release that a commit of a model is; None if there is no such."""
    wanted = RELEASES.c.model_id == model_id, RELEASES.c.commit_id == commit_id
    row = connection.execute(select(RELEASES).where(*wanted)).first()
    return None if row is None else _release(row)


def of_version(connection: Connection, model_id: str, version: str) -> Release | None:
    """Return the newest release that readers got as a version; None if they never got any.

    It counts when it is not served any more, too: who asks for it by then is told so, and gets no older one instead.
    """
    offered = or_(RELEASES.c.state.in_([state.value for state in OFFERED]), RELEASES.c.until_at.is_not(None))
    wanted = select(RELEASES).where(RELEASES.c.model_id == model_id, RELEASES.c.version == version, offered)
    row = connection.execute(wanted.order_by(RELEASES.c.created_at.desc(), RELEASES.c.release_id).limit(1)).first()
    return None if row is None or not version else _release(row)


def of_model(connection: Connection, model_id: str, *, limit: int = 200, served: bool = False) -> list[Release]:
    """Return the releases of a model, the newest first. `served`: those alone that are served."""
    wanted = select(RELEASES).where(RELEASES.c.model_id == model_id)
    if served:
        wanted = wanted.where(RELEASES.c.state.in_([state.value for state in SERVED]))
    rows = connection.execute(wanted.order_by(RELEASES.c.created_at.desc(), RELEASES.c.release_id).limit(limit))
    return [_release(row) for row in rows]


def in_state(connection: Connection, state: State, *, limit: int = 200) -> list[Release]:
    """Return releases in a state, those that are in it for longest first."""
    wanted = select(RELEASES).where(RELEASES.c.state == state.value)
    return [_release(row) for row in connection.execute(wanted.order_by(RELEASES.c.state_at).limit(limit))]


def over(connection: Connection, now: int, limit: int) -> list[Release]:
    """Return served releases whose approval has ended by time."""
    served = RELEASES.c.state.in_([state.value for state in SERVED])
    wanted = select(RELEASES).where(served, RELEASES.c.until_at <= now)
    return [_release(row) for row in connection.execute(wanted.order_by(RELEASES.c.until_at).limit(limit))]


def move(connection: Connection, now: int, release: Release, after: State, *, by: str, why: str = "") -> Release:
    """Bring a release into another state, if it is still in the one that the caller knows.

    Raises:
        WeighbridgeError: `E-release-state` if that move is impossible, or somebody else moved it meanwhile.
    """
    check_move(release.state, after)
    same = RELEASES.c.release_id == release.release_id, RELEASES.c.state == release.state.value
    values = {"state": after.value, "state_at": now, "state_by": by[:128], "state_why": why[:4_000]}
    if connection.execute(update(RELEASES).where(*same).values(**values)).rowcount != 1:
        check_move(by_id(connection, release.release_id).state, after)
        raise_moved(release)
    if release.is_served or after in SERVED:
        heads.refresh(connection, release.model_id)
    return by_id(connection, release.release_id)


def change(connection: Connection, release_id: str, **values: object) -> Release:
    """Set fields of a release that are not its state."""
    if {"state", "state_at", "state_by", "state_why"} & set(values):
        raise ValueError("a state is changed by `move`")
    connection.execute(update(RELEASES).where(RELEASES.c.release_id == release_id).values(**values))
    changed = by_id(connection, release_id)
    if changed.is_served:
        heads.refresh(connection, changed.model_id)
    return changed


def raise_moved(release: Release) -> None:
    """Raise WeighbridgeError `E-release-state` for a release that somebody else moved meanwhile."""
    raise WeighbridgeError(
        "E-release-state", f"the release {release.commit_id[:12]} was moved by somebody else", "look at it again"
    )


def from_fields(fields: Mapping[str, Any]) -> Release:
    """Return the release whose fields were read from the table."""
    return Release(**{**fields, "state": State(fields["state"])})


def _release(row: object) -> Release:
    return from_fields({name: getattr(row, name) for name in Release.__struct_fields__})
