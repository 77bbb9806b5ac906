"""What stands on a branch whose only release was revoked: a commit of one page that says why, and what to use instead.

A client that has the model in its cache takes the commit over and forgets what `main` was, also for when it is
offline; an answer that refuses is not believed by most. Measured with huggingface_hub 2.4; docs/explanation/
hub-life-cycle.md has the table.
"""

import hashlib
import re
from collections.abc import AsyncIterator

from sqlalchemy import Connection

from weighbridge.hub import blob_index, release_files, releases, steps
from weighbridge.hub.blob_index import QUARANTINE, RELEASED
from weighbridge.hub.hub import Hub
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.releases import TOMBSTONE, Release
from weighbridge.hub.states import State

PAGE = "README.md"
_MARKS = re.compile(r"([\\`*_{}\[\]()#+.!<>|~-])")


def page(name: str, release: Release, why: str, replaced_by: str) -> bytes:
    """Return the page. `name`: of the model."""
    lines = [f"# {name} was revoked", "", _plain(why), ""]
    lines.append(f"Use {_plain(replaced_by)} instead." if replaced_by else "Do not use it any more.")
    lines += ["", f"The release was `{release.commit_id}`. Delete the copies that you have.", ""]
    return "\n".join(lines).encode()


async def store_page(hub: Hub, content: bytes) -> ReleaseFile:
    """Put a page where served bytes lie, before anything means it. Raises WeighbridgeError `E-blob-write`."""

    async def pieces() -> AsyncIterator[bytes]:
        yield content

    got = await hub.blobs.receive(pieces(), most=len(content))
    await hub.blobs.move(got.sha256, QUARANTINE, RELEASED)
    now = hub.server.clock()

    def job(connection: Connection) -> None:
        blob_index.add(connection, now, got.sha256, got.size)
        blob_index.place(connection, [got.sha256], RELEASED)

    await hub.server.store.write(job)
    return ReleaseFile(path=PAGE, sha256=got.sha256, size=got.size)


def add(connection: Connection, now: int, revoked: Release, file: ReleaseFile) -> Release:
    """Make the commit that stands in place of a revoked release, and return it."""
    text = f"tombstone {revoked.model_id} {revoked.commit_id} {now}"
    commit = hashlib.sha256(text.encode()).hexdigest()[:40]
    made = releases.add(
        connection,
        now,
        revoked.model_id,
        commit,
        by=steps.HUB,
        state=State.APPROVED,
        parent_id=revoked.commit_id,
        title=f"Revoked: {revoked.commit_id[:12]}",
    )
    release_files.replace(connection, made, [file])
    values = {"size": file.size, "files": 1, "formats": TOMBSTONE, "replaced_by": revoked.replaced_by}
    return releases.change(connection, made.release_id, guidance=revoked.state_why, **values)


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return _MARKS.sub(r"\\\1", text)
