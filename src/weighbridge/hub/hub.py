"""One running hub: the server that it is part of, and where its bytes lie."""

import asyncio
from weakref import WeakValueDictionary

from weighbridge.fleet.rate_limit import RateLimit
from weighbridge.fleet.server import Server
from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.intake import Hashed
from weighbridge.ledger.note_keys import PrivateKey

_FOR_FILES = 10
"""So many times what the API answers: a model of many files is two requests a file."""


class Hub:
    """What the faces and the worker of a hub share.

    Args:
        server: accounts, catalog, clock and settings.
        blobs: the bytes.
    """

    def __init__(self, server: Server, blobs: BlobStore) -> None:
        self.server = server
        self.blobs = blobs
        self.requests = RateLimit(_FOR_FILES * server.settings.requests_per_minute, server.monotonic)
        """What the faces answer one account, or one address without an account."""
        self.link_secret = b""
        """What links to blobs are signed with, once the first was made or used: see `signed_links`."""
        self.upload_secret = b""
        """What addresses to send to are signed with, once the first was made or used: see `hf_tickets`."""
        self.sending: set[str] = set()
        """Uploads that bytes come in for now: see `uploads`."""
        self.hashed: dict[str, Hashed] = {}
        """How far the others were hashed, the one that was sent to last at the end."""
        self.pulled: dict[tuple[str, str, str, str, int], dict[str, int]] = {}
        """Pulls that are not written yet: see `pulls`."""
        self.writing_pulls: asyncio.Task[None] | None = None
        self.folder = ""
        """The server's state folder, where releases are looked into and the hub's ledger lies; empty: there is none."""
        self.registry_secret = b""
        """What tokens of the registry are signed with, once the first was made or used: see `registry_tokens`."""
        self.unpacking = asyncio.Semaphore(2)
        """Held while an archive is unpacked."""
        self.feed_key: PrivateKey | None = None
        """What the feed for machines is signed with, once it was asked for: see `feed_face`."""
        self.upstream_token = ""
        """What the upstream is shown, and nobody else."""
        self.space_used: dict[str, tuple[float, int]] = {}
        """What accounts take in the store, and when that was counted, in monotonic seconds: see `space`."""
        self.rebuilding: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        """Held by account while files are put together of chunks: see `hf_xet`."""
        self.space_coming: dict[str, int] = {}
        """Bytes of accounts that come in now."""
        self.work = asyncio.Event()
        """Set when there may be a job to do, so that it begins at once."""
        self.decided = asyncio.Event()
        """Set when it was decided what may be used, so that endpoints are told at once: see `catalog_signing`."""

    @property
    def origin(self) -> str:
        """The address that links begin with."""
        return self.server.settings.origin

    @property
    def open_to_all(self) -> bool:
        """Whether approved models are served to whoever reaches the hub, without an account."""
        return self.server.settings.hub_open
