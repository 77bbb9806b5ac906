"""The digests of a release's manifests, for who may see the release."""

import asyncio

from tests.fleet.serving import Running
from tests.hub.shelved import gguf, published

from weighbridge.fleet.permissions import Permission, Role
from weighbridge.hub import grants
from weighbridge.hub.freezing import freeze
from weighbridge.hub.states import State


def test_manifests_of_a_release(served: Running):
    release = published(served, {"a.Q8_0.gguf": gguf()})
    ada = served.account("ada", Role.VIEWER)
    client = served.client()
    client.headers.update(served.token(ada, Permission.MODELS_READ))
    address = f"/api/v1/releases/{release.release_id}/manifests"
    assert client.get(address).json() == []
    frozen = asyncio.run(freeze(served.hub, release.release_id))
    shown = client.get(address).json()
    assert [(one["kind"], one["tags"], one["digest"]) for one in shown] == [
        (one.kind, list(one.tags), one.digest) for one in frozen
    ]
    assert client.get("/api/v1/releases/none/manifests").status_code == 404
    bob = served.account("bob", Role.VIEWER)
    give = {"right": grants.READ, "by": "root"}
    served.store.write_now(lambda c: grants.give(c, 1, "acme", bob.account_id, **give))
    assert client.get(address).status_code == 404


def test_one_that_waits_is_not_seen(served: Running):
    release = published(served, {"a.gguf": gguf()}, state=State.REVIEW)
    client = served.client()
    client.headers.update(served.token(served.account("zoe"), Permission.MODELS_READ))
    assert client.get(f"/api/v1/releases/{release.release_id}/manifests").status_code == 404
