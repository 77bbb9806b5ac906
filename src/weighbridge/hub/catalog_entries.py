"""What the catalog knows of a digest: the entry in the catalog of the file on somebody's disk."""

from datetime import UTC, date, datetime

from msgspec import Struct
from sqlalchemy import Connection, func, select

from weighbridge.fleet.permissions import Viewer
from weighbridge.hub.caller import Caller, hidden_from
from weighbridge.hub.models import MODELS
from weighbridge.hub.release_files import FILES
from weighbridge.hub.releases import RELEASES
from weighbridge.hub.states import SERVED, State
from weighbridge.policy.approvals import approved_words
from weighbridge.policy.rulings import Approval
from weighbridge.sync.rulings import day_of

MOST = 50


class CatalogEntry(Struct, frozen=True, kw_only=True):
    """A release that holds a digest. The time is milliseconds since 1970, UTC."""

    name: str
    """`namespace/name`."""
    commit_id: str
    version: str
    state: State
    state_at: int
    path: str
    """Where in the release."""
    data_classes: tuple[str, ...]
    """Data that it may be given."""
    until: str
    """The last day of its approval, in UTC; empty if it has none."""
    replaced_by: str


def entries_of(connection: Connection, viewer: Viewer, sha256: str) -> list[CatalogEntry]:
    """Return the releases that hold a digest, those that are served first, then the latest; at most `MOST`.

    Those in namespaces that a viewer does not read in are left out.
    """
    closed = hidden_from(connection, Caller(viewer=viewer))
    if closed is None:
        return []
    hidden = sorted(closed)
    wanted = (
        select(
            MODELS.c.namespace,
            MODELS.c.name,
            RELEASES.c.commit_id,
            RELEASES.c.version,
            RELEASES.c.state,
            RELEASES.c.state_at,
            RELEASES.c.data_classes,
            RELEASES.c.until_at,
            RELEASES.c.replaced_by,
            FILES.c.path,
        )
        .join(RELEASES, RELEASES.c.release_id == FILES.c.release_id)
        .join(MODELS, MODELS.c.model_id == RELEASES.c.model_id)
        .where(FILES.c.sha256 == sha256, func.lower(MODELS.c.namespace).not_in(hidden))
        .order_by(RELEASES.c.state.in_(SERVED).desc(), RELEASES.c.state_at.desc(), FILES.c.path)
        .limit(MOST)
    )
    return [
        CatalogEntry(
            name=f"{row.namespace}/{row.name}",
            commit_id=row.commit_id,
            version=row.version,
            state=State(row.state),
            state_at=row.state_at,
            path=row.path,
            data_classes=tuple(filter(None, row.data_classes.split(","))),
            until="" if row.until_at is None else day_of(datetime.fromtimestamp(row.until_at / 1000, UTC)),
            replaced_by=row.replaced_by,
        )
        for row in connection.execute(wanted)
    ]


def said(entries: list[CatalogEntry]) -> str:
    """Return in a few words what the catalog says: by the first release that counts, as endpoints are told of it."""
    if not entries:
        return "not in the catalog"
    first = entries[0]
    if first.state not in SERVED or not first.until:
        return f"{first.state} as {first.name}"
    return approved_words(
        Approval(
            until=date.fromisoformat(first.until),
            model=first.name,
            version=first.version,
            data_classes=first.data_classes,
            deprecated=first.state is State.DEPRECATED,
            replacement=first.replaced_by,
        )
    )
