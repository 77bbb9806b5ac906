"""Bytes and releases for tests of the hub: what an upload would have brought into the store."""

import asyncio
import hashlib
from collections.abc import Mapping

from sqlalchemy import Connection
from tests.fleet.serving import Running

from weighbridge.hub import blob_index, jobs, releases, weighed
from weighbridge.hub.ingest import Change, Put, commit_files
from weighbridge.hub.names import parse_name
from weighbridge.hub.releases import Release
from weighbridge.hub.states import State
from weighbridge.hub.weighed import Weighed
from weighbridge.hub.weighing import Weighing

NOTHING_FOUND = dict.fromkeys(("rules", "formats", "code_formats", "licenses", "obligations", "lineage"), ())


async def received(running: Running, content: bytes) -> str:
    """Put bytes into the store, in quarantine; return their digest."""

    async def pieces():
        yield content

    got = await running.hub.blobs.receive(pieces(), most=1 << 30)
    now = running.clock.now
    await running.store.write(lambda connection: blob_index.add(connection, now, got.sha256, got.size))
    return got.sha256


async def committed(
    running: Running, files: Mapping[str, bytes], name: str = "acme/tiny", who: str = "ada", **more
) -> Release:
    """Commit files to a model; return the release, which is quarantined."""
    changes: list[Change] = [Put(path=path, sha256=await received(running, body)) for path, body in files.items()]
    arguments = {"parent": None, "title": "files"} | more
    return await commit_files(running.hub, who, parse_name(name), changes=changes, **arguments)


def in_state(running: Running, state: State, files: Mapping[str, bytes] | None = None, **more) -> Release:
    """Make a release and bring it into a state by its table alone: its bytes are not moved."""
    made = asyncio.run(committed(running, files or {"config.json": b"{}"}, **more))
    ways = {State.WEIGHING: (), State.REVIEW: (), State.APPROVED: (), State.DEPRECATED: (State.APPROVED,)}
    ways |= {State.REVOKED: (State.REVIEW,), State.EXPIRED: (State.APPROVED,), State.REJECTED: (), State.FAILED: ()}

    def job(connection) -> Release:
        release, now = made, running.clock.now
        jobs.cancel(connection, now, made.release_id, "a test does without")
        for after in () if state is State.QUARANTINED else (State.WEIGHING, *ways[state], state):
            if after is not release.state:
                release = releases.move(connection, now, release, after, by="grace", why="a test says so")
        return release

    moved = running.store.write_now(job)
    if state is not State.QUARANTINED:
        weighed_with(running, moved)
    return moved


def weighed_with(hub: Running, release: Release, *weights: str) -> None:
    """Have a release weighed: clean, with these digests of weights."""
    hub.store.write_now(lambda c: keep_weighed(c, release.release_id, *weights))


def keep_weighed(connection: Connection, release_id: str, *weights: str) -> None:
    """Keep that a release was weighed."""
    said = Weighing(
        assessment="clean",
        decision="allow",
        remedy="",
        policy="observe 1",
        commercial="allowed",
        permissive=True,
        findings=0,
        unexamined=(),
        loose=(),
        weights=weights,
        interrupted=False,
        **NOTHING_FOUND,
    )
    row = {
        "weighed_at": 1,
        "milliseconds": 1,
        "rules": "test",
        "policy_number": 0,
        "is_automatic": False,
        "reasons": (),
    }
    weighed.keep(connection, Weighed(release_id=release_id, weighing=said, **row), b"{}", b"{}")


def sha256(content: bytes) -> str:
    """Return the digest of bytes."""
    return hashlib.sha256(content).hexdigest()
