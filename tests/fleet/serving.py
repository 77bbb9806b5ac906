"""A whole server in memory for tests: its application over a real store, a clock that tests turn, a client for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from litestar import Litestar
from litestar.testing import TestClient
from obstore.store import MemoryStore
from sqlalchemy import Connection

from weighbridge.console.app import entrance, litestar
from weighbridge.fleet import accounts, passwords, sessions, tokens
from weighbridge.fleet.accounts import Account
from weighbridge.fleet.gate import Gate
from weighbridge.fleet.permissions import Permission, Role, Scope
from weighbridge.fleet.server import Server
from weighbridge.fleet.settings import Settings, read_settings
from weighbridge.fleet.store import Store
from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.hub import Hub

PASSWORD = "correct horse battery"
STORED = passwords.hashed(PASSWORD)
BEGINNING = 1_790_000_000_000
ORIGIN = "http://127.0.0.1:8480"
DAY = 24 * 3_600_000
_IDLE: list[Litestar] = []
"""Applications whose servers have ended. Putting hundreds of routes together takes longer than most tests."""


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = BEGINNING
        self.seconds = 1000.0

    def pass_seconds(self, seconds: float) -> None:
        """Let time pass."""
        self.now += int(seconds * 1000)
        self.seconds += seconds


class Running:
    """A server with its client."""

    def __init__(self, store: Store, settings: Settings | None = None, more=()) -> None:
        self.clock = Clock()
        self.lines: list[str] = []
        self.store = store
        self.server = Server(
            settings or read_settings(),
            store,
            lambda: self.clock.now,
            lambda: self.clock.seconds,
            self.lines.append,
        )
        self.hub = Hub(self.server, BlobStore(MemoryStore()))
        self._more = more
        self._routed: Litestar | None = None

    @cached_property
    def app(self) -> Gate:
        """The application; put together when it is first asked for."""
        self._routed = litestar(self.server, self.hub, self._more) if self._more or not _IDLE else _IDLE.pop()
        self._routed.state.update({"server": self.server, "hub": self.hub})
        return entrance(self._routed, self.server, self.hub)

    def close(self) -> None:
        """End the server."""
        self.server.close()
        if self._routed is not None and not self._more:
            _IDLE.append(self._routed)

    def client(self, **options) -> TestClient:
        """Return a client of its own: cookies are not shared."""
        client = TestClient(self.app, base_url=ORIGIN, raise_server_exceptions=False, **options)
        client.follow_redirects = False
        return client

    def account(self, name: str = "ada", role: Role = Role.VIEWER, scope: Scope | None = None) -> Account:
        """Make an account with `PASSWORD`."""

        def job(connection: Connection) -> Account:
            made = accounts.add(connection, self.clock.now, name, role, scope or Scope())
            accounts.set_password(connection, self.clock.now, made.account_id, STORED)
            return made

        return self.store.write_now(job)

    def session(self, account: Account) -> tuple[dict[str, str], str]:
        """Return the cookies and the form token of a new session."""
        begin = {"lasts": DAY // 2, "address": "testclient", "agent": "", "by": sessions.PASSWORD}
        secret = self.store.write_now(lambda c: sessions.begin(c, self.clock.now, account.account_id, **begin))
        return {self.server.cookie: secret}, sessions.form_token(secret)

    def token(self, account: Account, *permissions: Permission) -> dict[str, str]:
        """Return the headers of a new token."""
        _, text = self.store.write_now(
            lambda c: tokens.make(c, self.clock.now, account, name="test", permissions=permissions, lasts=DAY)
        )
        return {"Authorization": f"Bearer {text}"}


@contextmanager
def running(store: Store, settings: Settings | None = None, more=()) -> Iterator[Running]:
    """Run a server over a store."""
    started = Running(store, settings, more)
    yield started
    started.close()
