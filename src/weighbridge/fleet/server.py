"""One running server: what its routes and its contexts share. There are no globals."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from weighbridge.fleet.client_address import networks
from weighbridge.fleet.exchange import Clocks, Exchange
from weighbridge.fleet.identity_provider import IdentityProvider
from weighbridge.fleet.logs import Log
from weighbridge.fleet.metrics import Metrics
from weighbridge.fleet.permissions import Viewer
from weighbridge.fleet.rate_limit import RateLimit
from weighbridge.fleet.settings import Settings
from weighbridge.fleet.store import Store
from weighbridge.fleet.strangers import Strangers

if TYPE_CHECKING:
    from weighbridge.fleet.evidence_pack import Keys

T = TypeVar("T")
_HASHERS = 2
"""Passwords that are hashed at the same time; each takes 19 MiB and most of a core."""
_CHALLENGES_PER_MINUTE = 120
"""Questions to passkeys, for one address: each is kept until it is answered or too old."""


class Server:
    """What a server is made of.

    Args:
        settings: how it runs.
        store: its database; the caller closes it.
        clock: milliseconds since 1970, UTC.
        monotonic: seconds of a clock that only goes forward.
        write_log: takes lines of the log.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Callable[[], int],
        monotonic: Callable[[], float],
        write_log: Callable[[str], None],
    ) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.monotonic = monotonic
        self.log = Log(write_log, settings.log, clock)
        self.proxies = networks(settings.proxies)
        self.requests = RateLimit(settings.requests_per_minute, monotonic)
        self.sign_ins = RateLimit(settings.sign_ins_per_minute, monotonic)
        self.strangers = Strangers(store, clock, monotonic)
        self.challenges = RateLimit(_CHALLENGES_PER_MINUTE, monotonic)
        self.identity_provider: IdentityProvider | None = None
        """Who lets people in beside this server itself; whoever starts it sets this, before the first request."""
        self.other_token: Callable[[str], Awaitable[Viewer | None]] | None = None
        """Who a token stands for that is none of the API; whoever assembles the application sets this."""
        self.exchange = Exchange(store, Clocks(lambda: clock() / 1000, monotonic))
        self.evidence_keys: Keys | None = None
        """What packs are signed with, once somebody asked for it."""
        self.reporting = asyncio.Semaphore(2)
        """Held while a report is read, so that reports leave threads of the store to everybody else."""
        self.printing = asyncio.Semaphore(1)
        """Held while a page is printed: one such process has memory enough."""
        self.in_flight = 0
        self.is_stopping = False
        """Whether nothing new should be sent here: who distributes requests is told so by `/health/ready`."""
        self.is_closed = False
        """Whether nothing new is taken."""
        self.metrics = Metrics()
        self.replays = asyncio.Event()
        """Set when somebody asked for a replay here, so that it begins at once."""
        self._describe()
        self._hashers = ThreadPoolExecutor(_HASHERS, thread_name_prefix="hash")

    async def hash(self, job: Callable[[], T]) -> T:
        """Run a slow calculation in one of a few threads of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._hashers, job)

    @property
    def cookie(self) -> str:
        """The name of the cookie. With `__Host-` a browser takes it over TLS and from this very host only."""
        return "__Host-weighbridge" if self.settings.secure else "weighbridge"

    def close(self) -> None:
        """Let go of the threads."""
        self._hashers.shutdown()

    def _describe(self) -> None:
        describe, ask = self.metrics.describe, self.metrics.ask
        describe("weighbridge_requests_total", "counter", "Requests by method, route and status.")
        describe("weighbridge_request_seconds", "histogram", "How long requests took, by route.")
        describe("weighbridge_sign_ins_total", "counter", "Attempts to sign in, by outcome.")
        describe("weighbridge_refused_total", "counter", "Requests that were refused, by reason.")
        describe("weighbridge_loop_lag_seconds", "gauge", "Longest wait of the event loop in the last half minute.")
        ask("weighbridge_writes_waiting", "Writes that wait for the database.", lambda: float(self.store.waiting))
        ask("weighbridge_requests_in_flight", "Requests that are worked on.", lambda: float(self.in_flight))
