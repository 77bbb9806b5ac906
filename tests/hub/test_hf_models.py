"""The models that somebody may have, as `hf models ls` lists them."""

import pytest
from tests.hub.approved import approved, moved, reader
from tests.hub.holding import in_state

from weighbridge.fleet.permissions import Permission, Role
from weighbridge.hub import grants
from weighbridge.hub.releases import TOMBSTONE
from weighbridge.hub.states import State


def names(client, query=""):
    """Return what a list holds, all pages of it."""
    found, address = [], f"/api/models{query}"
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        found += [one["id"] for one in answer.json()]
        address = answer.links.get("next", {}).get("url", "")
    return found


def test_only_what_is_served_the_latest_first(served):
    for number, name in enumerate(("acme/one", "acme/two", "other/Three")):
        approved(served, {"a": str(number).encode()}, name=name)
        served.clock.pass_seconds(1)
    in_state(served, State.QUARANTINED, name="acme/hidden")
    moved(served, approved(served, {"a": b"x"}, name="acme/gone"), State.REVOKED)
    approved(served, {"a": b"y"}, name="acme/tombstone", formats=TOMBSTONE)
    client = reader(served)
    assert names(client) == ["other/Three", "acme/two", "acme/one"]
    assert names(client, "?limit=1") == ["other/Three", "acme/two", "acme/one"]
    assert names(client, "?limit=1&direction=1&sort=createdAt") == ["acme/one", "acme/two", "other/Three"]
    assert names(client, "?author=acme&full=true") == ["acme/two", "acme/one"]
    assert names(client, "?search=three") == ["other/Three"]
    assert names(client, "?search=%25") == []
    assert names(client, "?search=acme+two") == ["acme/two"]


def test_by_format_and_license(served):
    approved(served, {"a": b"1"}, name="acme/one", formats="gguf,safetensors", license="MIT")
    approved(served, {"a": b"2"}, name="acme/two", formats="onnx", license="apache-2.0")
    client = reader(served)
    assert names(client, "?filter=safetensors") == ["acme/one"]
    assert names(client, "?filter=safe") == []
    assert names(client, "?filter=license:mit&filter=gguf") == ["acme/one"]
    assert names(client, "?filter=license:mit,onnx") == []


def test_a_closed_namespace_is_seen_by_those_who_were_let_in(served):
    approved(served, name="secret/one")
    ada = served.account("ada")
    served.store.write_now(lambda c: grants.give(c, 0, "secret", ada.account_id, grants.READ, by="x"))
    assert names(reader(served, name="bob")) == []
    keeper = served.client()
    account = served.account("keeper", Role.ADMINISTRATOR)
    keeper.headers.update(served.token(account, Permission.MODELS_READ, Permission.HUB_MANAGE))
    assert names(keeper) == ["secret/one"]
    let_in = served.client()
    let_in.headers.update(served.token(ada, Permission.MODELS_READ))
    assert names(let_in) == ["secret/one"]


@pytest.mark.parametrize(
    "query", ["?limit=x", "?limit=-1", "?cursor=zz", "?search=" + "a+" * 30, "?filter=" + "a" * 300]
)
def test_nonsense(served, query):
    answer = reader(served).get(f"/api/models{query}")
    assert answer.status_code == 400
    assert answer.json()["error"]
