"""Opening a hub: where its bytes lie follows from the settings."""

import os

from weighbridge.fleet.server import Server
from weighbridge.fleet.settings import Settings
from weighbridge.host.private_file import make_private_folder
from weighbridge.host.real_file import read_whole
from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.hub import Hub
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.source import LimitReached

FOLDER = "hub"
_LARGEST_TOKEN = 8_192


def open_hub(server: Server, state_folder: bytes) -> Hub:
    """Return the hub of a server.

    Args:
        server: whose catalog and accounts.
        state_folder: where bytes lie if the settings do not say; only this user may look into it.

    Raises:
        WeighbridgeError: `E-blob-store`; `E-serve-settings` for the file of a token.
    """
    place = blobs_url(server.settings, state_folder)
    if not server.settings.blob_store:
        make_private_folder(os.fsencode(place))
    hub = Hub(server, BlobStore.open(place))
    hub.folder = os.fsdecode(state_folder)
    hub.upstream_token = _token(server.settings.upstream_token_file)
    return hub


def blobs_url(settings: Settings, state_folder: bytes) -> str:
    """Return where bytes lie: as told, or a folder in the state folder."""
    return settings.blob_store or os.path.join(os.fsdecode(state_folder), FOLDER)


def _token(path: str) -> str:
    if not path:
        return ""
    try:
        # Secrets that an orchestrator mounts are links.
        text = read_whole(os.fsencode(os.path.realpath(path)), _LARGEST_TOKEN).decode("ascii").strip()
    except (OSError, LimitReached, UnicodeDecodeError) as error:
        said = getattr(error, "strerror", None) or "is no text"
        raise WeighbridgeError(
            "E-serve-settings",
            f"`upstream_token_file`: cannot read {path}: {said}",
            "give a file that this user may read",
        ) from error
    if not text.isprintable() or " " in text:
        raise WeighbridgeError(
            "E-serve-settings", f"`upstream_token_file`: {path} holds no token", "one line, nothing else"
        )
    return text
