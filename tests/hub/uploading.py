"""People who upload, and what a stock client sends when they do."""

import base64
import hashlib
import json
from collections.abc import Mapping

from tests.fleet.serving import Running
from tests.hub.approved import bearer, reader

from weighbridge.fleet.permissions import Role
from weighbridge.hub import release_files
from weighbridge.hub.releases import Release, of_commit

MODEL = "/api/models/acme/tiny"


def writer(running: Running, name: str = "wendy", **more):
    """Return a client that may upload."""
    return reader(running, name=name, role=Role.ANALYST, right="write", **more)


def within(path: str, body: bytes) -> dict[str, object]:
    """Return the line of a file that comes within a commit."""
    return {"key": "file", "value": {"path": path, "content": base64.b64encode(body).decode(), "encoding": "base64"}}


def before(path: str, body: bytes) -> dict[str, object]:
    """Return the line of a file that came before."""
    value = {"path": path, "algo": "sha256", "oid": hashlib.sha256(body).hexdigest(), "size": len(body)}
    return {"key": "lfsFile", "value": value}


def lines(*parts: Mapping[str, object], summary: str = "upload", **head: object) -> bytes:
    """Return the body of a commit."""
    first = {"key": "header", "value": {"summary": summary, "description": "", **head}}
    return b"".join(json.dumps(one).encode() + b"\n" for one in (first, *parts))


def committed(client, *parts: Mapping[str, object], address: str = f"{MODEL}/commit/main", **head: object):
    """Send a commit; return the answer."""
    return client.post(address, content=lines(*parts, **head), headers={"content-type": "application/x-ndjson"})


def files_of(running: Running, commit: str, model_id: str) -> dict[str, str]:
    """Return what a release holds: paths and digests."""

    def job(connection) -> dict[str, str]:
        release = of_commit(connection, model_id, commit)
        assert isinstance(release, Release)
        return {one.path: one.sha256 for one in release_files.of_release(connection, release.release_id)}

    return running.store.read_now(job)


__all__ = ["bearer", "before", "committed", "files_of", "lines", "reader", "within", "writer"]
