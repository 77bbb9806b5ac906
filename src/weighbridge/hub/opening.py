"""Opening a hub: where its bytes lie follows from the settings."""

import os

from weighbridge.fleet.server import Server
from weighbridge.host.private_file import make_private_folder
from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.hub import Hub

FOLDER = "hub"


def open_hub(server: Server, state_folder: bytes) -> Hub:
    """Return the hub of a server.

    Args:
        server: whose catalog and accounts.
        state_folder: where bytes lie if the settings do not say; only this user may look into it.

    Raises:
        WeighbridgeError: `E-blob-store`.
    """
    place = server.settings.blob_store
    if not place:
        place = os.path.join(os.fsdecode(state_folder), FOLDER)
        make_private_folder(os.fsencode(place))
    hub = Hub(server, BlobStore.open(place))
    hub.folder = os.fsdecode(state_folder)
    return hub
