"""An endpoint and a server that speak with each other without a socket: real ledger, signatures and store."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from weighbridge.fleet import enrollment, epoch
from weighbridge.fleet.exchange import Clocks, Exchange
from weighbridge.fleet.ingest import Ingest
from weighbridge.fleet.store import Store
from weighbridge.host.fake import FakeMachine
from weighbridge.host.fleet_http import HttpError, HttpReply
from weighbridge.ledger.cosignature import EdCosigner
from weighbridge.ledger.recorder import Recorder
from weighbridge.pipeline.enroll import enroll
from weighbridge.pipeline.ledger_open import open_ledger
from weighbridge.pipeline.membership import FleetFolder
from weighbridge.pipeline.sync import Attempt, Syncing
from weighbridge.sync.messages import Host

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
URL = "https://fleet.example.com"
DIGEST = "a" * 64


class Server:
    """A server over a store. `restart` forgets what is in memory.

    Args:
        store: with all tables.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = START.timestamp()
        self.cosigner = EdCosigner("weighbridge/fleet/test", bytes(range(32)))
        store.write_now(lambda connection: epoch.begin(connection, self.now, "made"))
        self.restart()

    @property
    def now(self) -> int:
        """Milliseconds since 1970."""
        return int(self.clock * 1000)

    def restart(self) -> None:
        """Begin anew with what is in the store."""
        self.exchange = Exchange(self.store, Clocks(lambda: self.clock, lambda: self.clock), self.cosigner)
        self.ingest = Ingest(self.exchange)

    def token(self, **how: object) -> str:
        """Make an enrollment token."""
        chosen = {"made_by": "ada", "expires_at": self.now + 3_600_000, "most_uses": 100} | how
        return self.store.write_now(lambda connection: enrollment.make_token(connection, self.now, **chosen))

    def ask(
        self, path: str, body: bytes, headers: Mapping[str, str] | list[tuple[str, str]], method: str = "POST"
    ) -> HttpReply:
        """Answer one request, without a socket."""
        return asyncio.run(self.answer(path, body, headers, method))

    async def answer(
        self, path: str, body: bytes, headers: Mapping[str, str] | list[tuple[str, str]], method: str = "POST"
    ) -> HttpReply:
        """Answer one request within an event loop."""
        pairs = [*headers.items()] if isinstance(headers, Mapping) else headers
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs],
        }
        sent: list[dict] = []
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict:
            return waiting.pop(0) if waiting else {"type": "http.disconnect"}

        async def send(message: dict) -> None:
            sent.append(message)

        await self.ingest(scope, receive, send)
        fields = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return HttpReply(sent[0]["status"], fields, b"".join(one.get("body", b"") for one in sent[1:]))


class Line:
    """The way between them. `fault` is asked before each request and can lose it or its answer."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.fault: Callable[[], str] = lambda: ""
        self.sent: list[tuple[str, bytes, dict[str, str]]] = []
        self.replies: list[HttpReply] = []

    def post(self, path: str, body: bytes, headers: Mapping[str, str], limit: int) -> HttpReply:
        """Carry one request. Raises `HttpError` where it or the answer is lost."""
        what = self.fault()
        if what == "lost":
            raise HttpError("connection refused")
        self.sent.append((path, body, dict(headers)))
        reply = self.server.ask(path, body, headers)
        if what == "twice":
            self.server.ask(path, body, headers)
        self.replies.append(reply)
        if what == "unanswered":
            raise HttpError("timed out")
        assert len(reply.body) <= limit
        return reply


class Device:
    """An endpoint on a machine in memory.

    Args:
        server: that it is to belong to.
        name: of the machine.
    """

    def __init__(self, server: Server, name: str = "laptop") -> None:
        self.name = name
        self.machine = FakeMachine()
        self.machine.clock = self.machine.started = START
        self.line = Line(server)
        self.recorder: Recorder | None = None

    def enroll(self, token: str) -> str:
        """Join the fleet."""
        return enroll(self.machine, URL, token, self.line, facts=lambda: Host(name=self.name, platform="linux"))

    @property
    def endpoint_id(self) -> str:
        """Its name in the fleet."""
        membership = FleetFolder(self.machine).membership()
        assert membership is not None
        return membership.endpoint_id

    def record(self, *items: tuple[str, dict], network: str = "online") -> None:
        """Record things and sign them, as a short run of the sensor does."""
        with open_ledger(self.machine, lambda: network) as recorder:
            recorder.record_all(items)
        self.machine.clock += timedelta(seconds=1)

    def sync(self) -> Attempt:
        """Send one message."""
        folder = FleetFolder(self.machine)
        membership = folder.membership()
        assert membership is not None
        return Syncing(self.machine, folder, membership, self.line, lambda: 0.5).once()

    def sync_all(self, most: int = 200) -> Attempt:
        """Send until the server has everything and asks for nothing."""
        for _ in range(most):
            attempt = self.sync()
            if not attempt.again:
                return attempt
        raise AssertionError("it never ends")


def sighting(path: str = "/models/a.gguf", digest: str = DIGEST) -> tuple[str, dict]:
    """Return a record of a model at a place."""
    return "sighting", {"artifact": digest, "path": path, "member": None, "store": None, "store_name": None}


def gone(path: str = "/models/a.gguf") -> tuple[str, dict]:
    """Return a record that it is not there any more."""
    return "sighting-end", {"path": path, "member": None}


def artifact(digest: str = DIGEST) -> tuple[str, dict]:
    """Return a record of what is known of a model."""
    return "artifact", {"artifact": digest, "sha256": digest, "format": "gguf", "size": 7, "assessment": "clean"}


def process(pid: int = 7, digest: str = DIGEST, network: str = "online") -> tuple[str, dict]:
    """Return a record of a process that runs a model."""
    weights = [{"sha256": digest, "claimed_sha256": None, "path": "/models/a.gguf", "name": "llama3"}]
    actor = {"kind": "human", "reasons": [], "agent": None, "session": None, "autonomous": False}
    data = {"pid": pid, "started": 1.5, "name": "llama-server", "executable": "/usr/bin/llama-server", "user": "ada"}
    return "process", data | {"runtime": "llama_cpp", "weights": weights, "actor": actor, "network": network}
