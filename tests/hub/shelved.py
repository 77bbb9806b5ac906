"""Models of the hub that are served, for tests of its faces; and who asks for them."""

import asyncio
import struct
from collections.abc import Mapping

from tests.fleet.serving import Running
from tests.hub.holding import committed

from weighbridge.fleet.permissions import Role
from weighbridge.hub import blob_index, branches, hub_tokens, release_files, releases
from weighbridge.hub.blob_index import QUARANTINE, RELEASED
from weighbridge.hub.releases import Release
from weighbridge.hub.states import State

SERVED_BY = {State.APPROVED: (State.WEIGHING, State.APPROVED)}
SERVED_BY |= {State.DEPRECATED: (*SERVED_BY[State.APPROVED], State.DEPRECATED)}
SERVED_BY |= {State.REVOKED: (*SERVED_BY[State.APPROVED], State.REVOKED)}
SERVED_BY |= {State.EXPIRED: (*SERVED_BY[State.APPROVED], State.EXPIRED)}
SERVED_BY |= {State.REJECTED: (State.WEIGHING, State.REJECTED), State.REVIEW: (State.WEIGHING, State.REVIEW)}
SERVED_BY |= {State.WEIGHING: (State.WEIGHING,), State.QUARANTINED: (), State.FAILED: (State.WEIGHING, State.FAILED)}


def gguf(architecture: str = "llama", file_type: int = 15, label: str = "7B", more: bytes = b"") -> bytes:
    """Return a GGUF file without tensors that says what it is."""

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value)) + value.encode()

    pairs = [text("general.architecture") + struct.pack("<I", 8) + text(architecture)]
    pairs += [text("general.size_label") + struct.pack("<I", 8) + text(label)]
    pairs += [text("general.file_type") + struct.pack("<II", 4, file_type)]
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(pairs)) + b"".join(pairs) + more


def published(
    running: Running, files: Mapping[str, bytes], name: str = "acme/tiny", *, state: State = State.APPROVED, **more
) -> Release:
    """Make a release and bring it into a state; where that is or was a served one, its branch means it."""
    release = asyncio.run(committed(running, files, name, **more))
    served = State.APPROVED in SERVED_BY[state]

    def job(connection) -> Release:
        after, now = release, running.clock.now
        for step in SERVED_BY[state]:
            after = releases.move(connection, now, after, step, by="grace", why="a test says so")
        digests = [one.sha256 for one in release_files.of_release(connection, release.release_id)]
        if served:
            revision = more.get("revision", "main")
            branches.point(connection, now, release.model_id, revision, served=release.commit_id)
        if after.is_served:
            blob_index.place(connection, digests, RELEASED)
        return after

    async def move() -> None:
        files_of = await running.store.read(lambda c: release_files.of_release(c, release.release_id))
        for digest in {one.sha256 for one in files_of}:
            await running.hub.blobs.move(digest, QUARANTINE, RELEASED)

    moved = running.store.write_now(job)
    if moved.is_served:
        asyncio.run(move())
    return moved


def reader(running: Running, name: str = "ada", *, role: Role = Role.VIEWER, right: str = hub_tokens.READ) -> str:
    """Return a new token of the hub for a new account."""
    account = running.account(name, role)
    _, text = running.store.write_now(
        lambda c: hub_tokens.make(c, running.clock.now, account.account_id, name="test", right=right)
    )
    return text


def bearer(token: str, **more: str) -> dict[str, str]:
    """Return headers with a token."""
    return {"Authorization": f"Bearer {token}"} | {name.replace("_", "-"): value for name, value in more.items()}
