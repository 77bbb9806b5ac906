"""One running hub: the server that it is part of, and where its bytes lie."""

from weighbridge.fleet.server import Server
from weighbridge.hub.blobs import BlobStore


class Hub:
    """What the faces and the worker of a hub share.

    Args:
        server: accounts, catalog, clock and settings.
        blobs: the bytes.
    """

    def __init__(self, server: Server, blobs: BlobStore) -> None:
        self.server = server
        self.blobs = blobs

    @property
    def origin(self) -> str:
        """The address that links begin with."""
        return self.server.settings.origin

    @property
    def open_to_all(self) -> bool:
        """Whether approved models are served to whoever reaches the hub, without an account."""
        return self.server.settings.hub_open
