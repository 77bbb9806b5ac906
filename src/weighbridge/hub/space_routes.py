"""What room there is, under /api/v1, for those who manage the hub: who takes how much, and what is left of the disk."""

from litestar import get
from msgspec import Struct
from sqlalchemy import Connection

from weighbridge.fleet import accounts
from weighbridge.fleet.given import GivenServer
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.host.confined import confinement
from weighbridge.hub import space
from weighbridge.hub.given import GivenHub


class ShownTaken(Struct, kw_only=True):
    """What an account takes with what nobody approved yet, in bytes."""

    account_id: str
    account: str
    """The account's name."""
    waiting: int
    """Of files and parts of files."""
    unfinished: int
    """Of uploads that did not end."""


class ShownSpace(Struct, kw_only=True):
    """What room there is, in bytes."""

    quota: int
    """What one account may take; 0 for as much as there is room for."""
    free: int | None
    """On the disk; null for a bucket, which has no end that anybody says."""
    kept_free: int | None
    """Of it, what uploads never take."""
    unconfined: str
    """Why what looks into models is not kept to its own files here; empty where it is."""
    accounts: list[ShownTaken]
    """Those that take something, the one that takes most first."""


@get("/api/v1/hub-space", opt=needs(Permission.HUB_MANAGE))
async def show_space(server: GivenServer, hub: GivenHub) -> ShownSpace:
    """Show what room there is in the store, and who takes how much of it."""

    def job(connection: Connection) -> list[ShownTaken]:
        names = {one.account_id: one.name for one in accounts.every(connection)}
        return [
            ShownTaken(
                account_id=one.account_id,
                account=names.get(one.account_id, ""),
                waiting=one.waiting,
                unfinished=one.unfinished,
            )
            for one in space.every(connection)
        ]

    disk = await space.floor(hub.blobs, server.settings)
    return ShownSpace(
        quota=space.quota(hub),
        free=None if disk is None else disk[0],
        kept_free=None if disk is None else disk[1],
        unconfined=confinement(),
        accounts=await server.store.read(job),
    )


ROUTES = [show_space]
