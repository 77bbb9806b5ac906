"""Each state of a release, for each role, by each way into the registry: bytes come out of served releases alone."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from tests.fleet.serving import Running
from tests.hub.pushing import Pusher, digest
from tests.hub.shelved import SERVED_BY, bearer, gguf, reader
from tests.hub.test_oci_manifests import OLLAMA, ORAS

from weighbridge.fleet.permissions import Role
from weighbridge.hub import blob_index, branches, releases
from weighbridge.hub.blob_index import QUARANTINE, RELEASED
from weighbridge.hub.freezing import freeze
from weighbridge.hub.media_types import DOCKER_CONFIG, DOCKER_MANIFEST
from weighbridge.hub.media_types import OLLAMA as LAYER
from weighbridge.hub.oci_pushed import PUSHED_MANIFESTS
from weighbridge.hub.signed_links import link
from weighbridge.hub.states import SERVED, State

NAME = "acme/pushed"
SECRET = b"these bytes are for nobody"
MODEL = gguf(more=SECRET)
ROLES = ("nobody", "reader", "publisher", "pusher", "administrator")
STATES = [one for one in State if one is not State.FETCHING]


def pushed(running: Running, state: State) -> tuple[Pusher, str]:
    """Push a model and bring its release into a state, as if it had been served before where that can be."""
    pia = Pusher(running, "pia", Role.ANALYST)
    manifest = {
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": pia.descriptor(b'{"model_format":"gguf"}', DOCKER_CONFIG),
        "layers": [pia.descriptor(MODEL, f"{LAYER}model")],
    }
    put = pia.manifest(manifest, "latest")
    assert put.status_code == 201, put.text
    row = running.store.read_now(lambda c: c.execute(PUSHED_MANIFESTS.select()).one())
    release = running.store.read_now(lambda c: releases.by_id(c, row.release_id))
    asyncio.run(freeze(running.hub, release.release_id))

    def job(connection) -> None:
        after, now = release, running.clock.now
        for step in SERVED_BY[state]:
            after = releases.move(connection, now, after, step, by="grace", why="a test says so")
        if State.APPROVED in SERVED_BY[state]:
            branches.point(connection, now, release.model_id, "main", served=release.commit_id)
        if state in SERVED:
            blob_index.place(connection, [digest(MODEL)[7:]], RELEASED)

    running.store.write_now(job)
    if state in SERVED:
        asyncio.run(running.hub.blobs.move(digest(MODEL)[7:], QUARANTINE, RELEASED))
    return pia, put.headers["docker-content-digest"]


def headers_of(running: Running, pia: Pusher) -> dict[str, dict[str, str]]:
    """Return what each role sends."""
    return {
        "nobody": {},
        "reader": bearer(reader(running, "rita")),
        "publisher": Pusher(running, "otto", Role.ANALYST).headers,
        "pusher": pia.headers,
        "administrator": Pusher(running, "root", Role.ADMINISTRATOR).headers,
    }


def ways(running: Running, manifest: str) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield every way to bytes: what it is called, method, path, headers."""
    blob = digest(MODEL)
    for kind, accept in (("Ollama", OLLAMA), ("OCI", ORAS)):
        for reference in ("latest", "main", "model", manifest):
            yield f"manifest {reference[:6]} {kind}", "GET", f"/v2/{NAME}/manifests/{reference}", accept
    yield "blob", "GET", f"/v2/{NAME}/blobs/{blob}", {}
    yield "range", "GET", f"/v2/{NAME}/blobs/{blob}", {"Range": "bytes=0-9"}
    yield "end", "GET", f"/v2/{NAME}/blobs/{blob}", {"Range": f"bytes=-{len(SECRET)}"}
    yield "Ollama", "GET", f"/v2/{NAME}/blobs/{blob}", OLLAMA
    yield "another repository", "GET", f"/v2/acme/other/blobs/{blob}", {}
    for name in ("", NAME):
        address = urlsplit(link(running.hub, blob[7:], name=name))
        yield f"link {name}", "GET", f"{address.path}?{address.query}", {}
        yield f"part of link {name}", "GET", f"{address.path}?{address.query}", {"Range": "bytes=0-9"}


@pytest.mark.parametrize("state", STATES)
def test_bytes_come_out_of_served_releases_alone(served: Running, state: State):
    pia, manifest = pushed(served, state)
    for role, headers in headers_of(served, pia).items():
        for way, method, path, more in ways(served, manifest):
            answer = served.client().request(method, path, headers=headers | more)
            opened = answer.status_code < 300
            if state not in SERVED:
                assert not opened, (role, way, answer.status_code)
                assert SECRET not in answer.content
                assert answer.content[:4] != b"GGUF"
                assert "location" not in answer.headers
            elif "link" in way or (way in ("blob", "range", "end", "Ollama") and role != "nobody"):
                assert opened, (role, way, answer.text)


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_taken_over_or_listed_before_it_is_served(served: Running, state: State):
    pia, manifest = pushed(served, state)
    blob = digest(MODEL)
    for role, headers in headers_of(served, pia).items():
        for source in ("", f"&from={NAME}"):
            path = f"/v2/acme/mine/blobs/uploads/?mount={blob}{source}"
            answer = served.client().post(path, headers=headers)
            assert answer.status_code in (201, 202, 401, 403)
            if answer.status_code == 201:
                assert role == "pusher" or (state in SERVED and source), (role, state, source)
                got = served.client().get(f"/v2/acme/mine/blobs/{blob}", headers=headers)
                assert SECRET not in got.content, "what is taken over is not opened by that"
        listed = served.client().get(f"/v2/{NAME}/tags/list", headers=headers)
        if state not in SERVED and role not in ("pusher", "nobody"):
            assert listed.json().get("tags", []) == []
        about = served.client().get(f"/v2/{NAME}/referrers/{manifest}", headers=headers)
        assert about.json().get("manifests", []) == []
