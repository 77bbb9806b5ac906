"""What the catalog knows of a digest, under /api/v1."""

from litestar import get
from msgspec import Struct

from weighbridge.fleet.given import GivenServer, GivenViewer, Id
from weighbridge.fleet.guard import needs
from weighbridge.fleet.permissions import Permission
from weighbridge.hub.catalog_entries import CatalogEntry, entries_of


class CatalogEntries(Struct, kw_only=True):
    """Releases that hold a digest, those that are served first."""

    entries: list[CatalogEntry]


@get("/api/v1/artifacts/{sha256:str}/catalog", opt=needs(Permission.FLEET_READ))
async def show_catalog_entries(server: GivenServer, viewer: GivenViewer, sha256: Id) -> CatalogEntries:
    """Show the releases of the catalog that hold a digest; none is an answer, too."""
    return CatalogEntries(entries=await server.store.read(lambda connection: entries_of(connection, viewer, sha256)))


ROUTES = [show_catalog_entries]
