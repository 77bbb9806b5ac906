"""What is done with a hub, each as a client or a person would do it again after something failed: until it is done."""

import asyncio
import copy
import hashlib
import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
from obstore.store import MemoryStore
from tests.fleet.serving import DAY, ORIGIN, Clock, Running
from tests.hub.approved import approved
from tests.hub.faulty import FaultyDatabase, Ground
from tests.hub.holding import in_state, received, weighed_with
from tests.hub.matrix_asking import Answer, ask
from tests.hub.uploading import before, lines, within
from tests.hub.xet_writing import Xorb, shard

from weighbridge.fleet import accounts
from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role, Viewer
from weighbridge.fleet.settings import Settings
from weighbridge.fleet.store import Store
from weighbridge.fleet.witness import catalog_key
from weighbridge.hub import garbage, hub_tokens, jobs, lifecycle, models, release_files, releases, requests
from weighbridge.hub.approval import Approval
from weighbridge.hub.blobs import BlobStore
from weighbridge.hub.bundle import export_release, import_release
from weighbridge.hub.hub import Hub
from weighbridge.hub.names import parse_name
from weighbridge.hub.releases import Release
from weighbridge.hub.states import SERVED, State
from weighbridge.hub.worker import do_next
from weighbridge.hub.works import WORKS
from weighbridge.ledger.note import Verifier

BODY = bytes(range(256)) * 40
SMALL = b"# Tiny\n"
NAME = "acme/tiny"
WANTED = {"model.bin": hashlib.sha256(BODY).hexdigest(), "README.md": hashlib.sha256(SMALL).hexdigest()}
SAID = Approval(guidance="For drafts.", data_classes=("internal",), owner="ai-team", days=30)
_OCI = "application/vnd.oci.image.manifest.v1+json"
_WORKS = {kind: work for kind, work in WORKS.items() if kind != jobs.WEIGH}


class World:
    """A hub on ground that fails, and whoever uses it.

    Args:
        folder: where its database lies.
        tables: an empty database.
        ground: what fails.
        objects: where its bytes lie.
        url: of an empty database that is used instead.
        upstream: where it fetches from.
    """

    def __init__(
        self, folder: Path, tables: bytes, ground: Ground, objects: object, url: str = "", upstream: str = ""
    ) -> None:
        folder.mkdir(exist_ok=True)
        more = {"upstream": upstream, "upstream_networks": ("127.0.0.0/8",)} if upstream else {}
        self.settings = Settings(hub_open=True, requests_per_minute=1_000_000, **more)
        self.url = url or f"sqlite:///{folder}/fleet.db"
        self.folder, self.tables, self.ground, self._objects = folder, tables, ground, objects
        self.clock = Clock()
        self.clock.now = time.time_ns() // 1_000_000  # what lies in a folder has the time of this machine
        if not url:
            (folder / "fleet.db").write_bytes(tables)
        self.begin()
        self.headers = self._account("ada", Role.ANALYST)
        self._account("grace", Role.APPROVER)
        self.release_id = ""
        self.bundle = b""
        self.keys: list[Verifier] = []

    def begin(self) -> None:
        """Let a process begin."""
        store = Store.open(self.url)
        store.database = FaultyDatabase(store.database, self.ground.steps)  # type: ignore[assignment]
        self.running = Running(store, self.settings)
        self.running.clock = self.clock
        self.running.hub = Hub(self.running.server, BlobStore(self._objects))  # type: ignore[arg-type]
        self.running.hub.folder = str(self.folder / "state")

    def beside(self) -> "World":
        """Return another server of the same database and the same bytes."""
        other = copy.copy(self)
        other.begin()
        return other

    def end(self, seed: int) -> None:
        """Let the process end, and another begin."""
        self.ground.end(seed)
        self.close()
        self.begin()

    def close(self) -> None:
        """Let go of everything."""
        self.running.close()
        self.running.store.close()

    def _account(self, name: str, role: Role) -> dict[str, str]:
        account = self.running.account(name, role)
        made = self.running.store.write_now(
            lambda c: hub_tokens.make(c, self.clock.now, account.account_id, name="test", right="write")
        )
        return {"Authorization": f"Bearer {made[1]}"}

    @property
    def grace(self) -> Viewer:
        """Who decides."""
        account = self.running.store.read_now(lambda c: accounts.by_name(c, "grace"))
        assert account is not None
        return viewer_of(account)

    def ask(self, method: str, path: str, body: bytes | dict = b"", **headers: str) -> Answer:
        """Send a request as somebody who publishes; what is refused is no answer that a client goes on with."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {"Content-Length": str(len(content)), **self.headers, **named}
        answer = asyncio.run(ask(self.running, method, path, sent, content))
        assert answer.status < 400, f"{method} {path}: {answer.status} {answer.body!r}"
        return answer

    def work(self) -> None:
        """Let some hours pass, in which all is done that waits to be done."""
        for _ in range(8):
            self.clock.pass_seconds(3_700)
            while asyncio.run(do_next(self.running.hub, _WORKS)):
                pass

    def collect(self) -> None:
        """Let some days pass, in which garbage is collected."""
        for _ in range(2):
            self.clock.pass_seconds(5 * 24 * 3_600)
            asyncio.run(garbage.collect(self.running.hub))

    def release(self) -> Release:
        """Return the release that this is about."""
        return self.running.store.read_now(lambda c: releases.by_id(c, self.release_id))


class Doing(NamedTuple):
    """Something that is done."""

    act: Callable[[World], None]
    """Does it, or goes on with it; returns when it is done and that was acknowledged."""
    before: Callable[[World], None] = lambda _: None
    is_done: Callable[[World], bool] = lambda _: True
    """Whether what was wanted is so, in any process."""


def _committed(world: World) -> bool:
    def job(connection) -> list[dict[str, str]]:
        model = models.by_name(connection, parse_name(NAME))
        found = [] if model is None else releases.of_model(connection, model.model_id)
        return [
            {one.path: one.sha256 for one in release_files.of_release(connection, release.release_id)}
            for release in found
            if release.state is not State.FETCHING
        ]

    return WANTED in world.running.store.read_now(job)


def _commit(world: World) -> None:
    body = lines(before("model.bin", BODY), within("README.md", SMALL))
    world.ask("POST", f"/api/models/{NAME}/commit/main", body, content_type="application/x-ndjson")


def _batch(world: World, *transfers: str) -> dict | None:
    wanted = {"operation": "upload", "transfers": list(transfers), "objects": [_object()]}
    said = json.loads(world.ask("POST", f"/{NAME}.git/info/lfs/objects/batch", wanted).body)["objects"][0]
    return said["actions"]["upload"] if "actions" in said else None


def _object() -> dict[str, object]:
    return {"oid": WANTED["model.bin"], "size": len(BODY)}


def _lfs(world: World) -> None:
    if (upload := _batch(world, "basic")) is not None:
        world.ask("PUT", upload["href"], BODY)
        world.ask("POST", f"/{NAME}.git/info/lfs/verify", _object())
    _commit(world)


def _lfs_parts(world: World) -> None:
    if (upload := _batch(world, "basic", "multipart")) is not None:
        size = int(upload["header"]["chunk_size"])
        for number in range(1, -(-len(BODY) // size) + 1):
            world.ask("PUT", upload["header"][str(number)], BODY[(number - 1) * size : number * size])
        world.ask("POST", upload["href"], {"oid": WANTED["model.bin"], "parts": []})
    _commit(world)


def _xet(world: World) -> None:
    path = json.loads(world.ask("GET", f"/api/models/{NAME}/xet-write-token/main").body)["casUrl"].removeprefix(ORIGIN)
    xorb = Xorb([BODY[at : at + 3_000] for at in range(0, len(BODY), 3_000)])
    world.ask("POST", f"{path}/v1/xorbs/default/{xorb.name}", xorb.body)
    world.ask("POST", f"{path}/v1/shards", shard([(WANTED["model.bin"], [(xorb, 0, len(xorb.chunks))])]))
    _commit(world)


def _push(world: World, *parts: int) -> None:
    """Push as a registry's client does; `parts`: where the parts of the weights end, for one that sends in parts."""
    layers = []
    for path, content in (("model.bin", BODY), ("README.md", SMALL), ("", b"{}")):
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        begun = world.ask("POST", f"/v2/{NAME}/blobs/uploads/").headers["location"]
        at = 0
        for end in (*parts, len(BODY)) if parts and content is BODY else ():
            world.ask("PATCH", begun, content[at:end], content_range=f"{at}-{end - 1}")
            at = end
        world.ask("PUT", f"{begun}?digest={digest}", content[at:])
        kind = "application/vnd.cncf.model.weight.v1.raw" if path else "application/vnd.cncf.model.config.v1+json"
        named = {"annotations": {"org.cncf.model.filepath": path}} if path else {}
        layers.append({"mediaType": kind, "digest": digest, "size": len(content), **named})
    manifest = {"schemaVersion": 2, "mediaType": _OCI, "config": layers.pop(), "layers": layers}
    manifest["artifactType"] = "application/vnd.cncf.model.manifest.v1+json"
    world.ask("PUT", f"/v2/{NAME}/manifests/latest", manifest, content_type=_OCI)


def _reviewed(world: World, state: State = State.REVIEW) -> None:
    world.release_id = in_state(world.running, state, {"model.bin": BODY, "README.md": SMALL}, name=NAME).release_id


def _served(world: World) -> None:
    release = approved(world.running, {"model.bin": BODY, "README.md": SMALL}, NAME)
    world.running.store.write_now(lambda c: jobs.cancel(c, world.clock.now, release.release_id, "a test does without"))
    world.running.store.write_now(lambda c: releases.change(c, release.release_id, until_at=world.clock.now + 90 * DAY))
    weighed_with(world.running, release, WANTED["model.bin"])
    world.release_id = release.release_id


def _approve(world: World) -> None:
    if world.release().state is not State.APPROVED:
        asyncio.run(lifecycle.approve(world.running.hub, world.grace, world.release_id, SAID))


def _revoke(world: World) -> None:
    if world.release().state is not State.REVOKED:
        asyncio.run(lifecycle.revoke(world.running.hub, world.grace, world.release_id, "it steals keys"))


def _deprecate(world: World) -> None:
    if world.release().state is not State.DEPRECATED:
        asyncio.run(lifecycle.deprecate(world.running.hub, world.grace, world.release_id, "it is old"))


def _end_soon(world: World) -> None:
    _served(world)
    world.running.store.write_now(lambda c: releases.change(c, world.release_id, until_at=world.clock.now))


def _expire(world: World) -> None:
    asyncio.run(lifecycle.expire(world.running.hub))


def _expired(world: World) -> None:
    _end_soon(world)
    _expire(world)
    world.work()


def _renew(world: World) -> None:
    if world.release().state not in SERVED:
        asyncio.run(lifecycle.renew(world.running.hub, world.grace, world.release_id, 30))


def _is(*states: State) -> Callable[[World], bool]:
    return lambda world: world.release().state in states


def _exported(world: World) -> None:
    """Get a bundle from another hub."""
    there = World(world.folder / "there", world.tables, world.ground, MemoryStore())
    _served(there)
    target = io.BytesIO()
    asyncio.run(export_release(there.running.hub, there.release_id, target))
    world.bundle = target.getvalue()
    world.keys = [there.running.store.write_now(lambda c: catalog_key(c, there.clock.now)).public]
    there.close()


def _import(world: World) -> None:
    asyncio.run(import_release(world.running.hub, io.BytesIO(world.bundle), world.keys, "import"))


def _from_a_registry(world: World) -> None:
    world.settings = msgspec.structs.replace(world.settings, upstream_kind="oci")
    world.running.server.settings = world.settings


def _fetch(world: World) -> None:
    """Ask for a model; what is done for that goes on by itself, in whatever process."""

    def job(connection) -> None:
        requests.ask(connection, world.clock.now, world.grace, parse_name(NAME), why="to try it", fetches=True)

    if not _committed(world):
        world.running.store.write_now(job)
        world.work()


def _garbage(world: World) -> None:
    """Leave what nothing holds: bytes, an upload that nobody ends, and a release that stays."""
    _served(world)
    for number in range(3):
        asyncio.run(received(world.running, b"%d" % number * 500))
    begun = world.ask("POST", f"/v2/{NAME}/blobs/uploads/").headers["location"]
    world.ask("PATCH", begun, BODY, content_range=f"0-{len(BODY) - 1}")
    world.clock.pass_seconds(5 * 24 * 3_600)


def _collect(world: World) -> None:
    asyncio.run(garbage.collect(world.running.hub))


DOINGS = {
    "lfs": Doing(_lfs, is_done=_committed),
    "lfs in parts": Doing(_lfs_parts, is_done=_committed),
    "xet": Doing(_xet, is_done=_committed),
    "push": Doing(_push, is_done=_committed),
    "push in parts": Doing(lambda world: _push(world, 1_000, 5_000), is_done=_committed),
    "approve": Doing(_approve, _reviewed, _is(State.APPROVED)),
    "revoke": Doing(_revoke, _served, _is(State.REVOKED)),
    "deprecate": Doing(_deprecate, _served, _is(State.DEPRECATED)),
    "expire": Doing(_expire, _end_soon, _is(State.EXPIRED)),
    "renew": Doing(_renew, _expired, _is(State.APPROVED)),
    "import": Doing(_import, _exported, _committed),
    "fetch": Doing(_fetch, is_done=_committed),
    "fetch from a registry": Doing(_fetch, _from_a_registry, _committed),
    "collect": Doing(_collect, _garbage, _is(*SERVED)),
}
