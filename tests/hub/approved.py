"""Releases that are served, and clients that ask for them, for tests of the faces."""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping

from litestar.testing import TestClient
from tests.fleet.serving import Running
from tests.hub.holding import committed

from weighbridge.fleet.permissions import Role
from weighbridge.hub import blob_index, branches, hub_tokens, models, release_files, releases
from weighbridge.hub.blob_index import QUARANTINE, RELEASED
from weighbridge.hub.names import parse_name
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import Release
from weighbridge.hub.states import State

FILES = {"README.md": b"# Tiny\n", "config.json": b'{"model_type":"llama"}', "weights/a.safetensors": b"\0" * 3000}


def approved(running: Running, files: Mapping[str, bytes] | None = None, name: str = "acme/tiny", **more) -> Release:
    """Make a release that is served on its branch, bytes and all."""
    about = {key: more.pop(key) for key in ("guidance", "data_classes", "license", "formats") if key in more}
    release = asyncio.run(committed(running, FILES if files is None else files, name=name, **more))
    now = running.clock.now

    def job(connection) -> Release:
        changed = releases.change(connection, release.release_id, **about) if about else release
        for after in (State.WEIGHING, State.APPROVED):
            changed = releases.move(connection, now, changed, after, by="grace")
        digests = sorted({one.sha256 for one in release_files.of_release(connection, release.release_id)})
        blob_index.place(connection, digests, RELEASED)
        model = models.by_name(connection, parse_name(name))
        branches.point(connection, now, model.model_id, more.get("revision", "main"), served=release.commit_id)
        return changed

    made = running.store.write_now(job)
    for one in running.store.read_now(lambda c: release_files.of_release(c, release.release_id)):
        asyncio.run(running.hub.blobs.move(one.sha256, QUARANTINE, RELEASED))
    return made


def with_many(running: Running, paths: Iterable[str]) -> Release:
    """Make a release that is served and holds one byte at each of many paths."""
    release = approved(running, {"0": b"x"})
    digest = hashlib.sha256(b"x").hexdigest()
    files = (ReleaseFile(path=path, sha256=digest, size=1) for path in paths)
    running.store.write_now(lambda c: release_files.replace(c, release, files))
    return release


def moved(running: Running, release: Release, after: State, why: str = "a test says so", **values: object) -> Release:
    """Bring a release into another state, by its table alone."""

    def job(connection) -> Release:
        if values:
            releases.change(connection, release.release_id, **values)
        return releases.move(connection, running.clock.now, release, after, by="grace", why=why)

    return running.store.write_now(job)


def bearer(running: Running, name: str = "ada", role: Role = Role.VIEWER, right: str = "read") -> dict[str, str]:
    """Return the headers of a new account's new token of the hub."""
    account = running.account(name, role)
    _, text = running.store.write_now(
        lambda c: hub_tokens.make(c, running.clock.now, account.account_id, name="laptop", right=right)
    )
    return {"Authorization": f"Bearer {text}"}


def reader(running: Running, **more) -> TestClient:
    """Return a client with a token."""
    client = running.client()
    client.headers.update(bearer(running, **more))
    return client
