"""Machines of one's own: linked by a code that their Ollama signs, listed, removed, and written down."""

import pytest
from tests.hub.ollama_key import OllamaKey
from tests.hub.test_hub_token_routes import actions, session

from weighbridge.fleet.permissions import Role
from weighbridge.hub import machine_codes, machine_keys


def linked(served, client, key: OllamaKey, **more: str) -> str:
    """Link a machine; return the id of its key."""
    made = client.post("/api/v1/machine-keys", json={"key": f"{key.line} ada@laptop"} | more)
    assert made.status_code == 201
    code = made.json()["command"].rpartition("/")[2]
    return served.store.write_now(lambda c: machine_codes.redeem(c, served.clock.now, code, key.public)).key_id


def test_a_machine_is_linked_listed_and_removed(served):
    client, key = session(served, "ada"), OllamaKey()
    key_id = linked(served, client, key, right="write")
    (held,) = client.get("/api/v1/machine-keys").json()
    assert (held["key_id"], held["name"], held["right"]) == (key_id, "ada@laptop", "write")
    assert client.delete(f"/api/v1/machine-keys/{key_id}").status_code == 204
    assert client.get("/api/v1/machine-keys").json() == []
    assert actions(served) == [("machine-key.remove", "ada"), ("machine-key.offer", "ada")]


def test_a_public_key_alone_registers_nothing(served):
    """Everybody may have seen it: whoever it is registered for gets what its machine pushes."""
    key = OllamaKey()
    made = session(served, "mallory").post("/api/v1/machine-keys", json={"key": key.line})
    assert made.json()["command"].startswith("ollama pull --insecure 127.0.0.1:8480/link/")
    assert served.store.read_now(lambda c: machine_keys.find(c, served.clock.now, key.public)) is None


def test_a_key_belongs_to_one_account(served):
    key = OllamaKey()
    key_id = linked(served, session(served, "ada"), key)
    eve = session(served, "eve")
    assert eve.post("/api/v1/machine-keys", json={"key": key.line}).status_code == 400
    assert eve.delete(f"/api/v1/machine-keys/{key_id}").status_code == 404
    assert session(served, "keeper", Role.ADMINISTRATOR).delete(f"/api/v1/machine-keys/{key_id}").status_code == 204


@pytest.mark.parametrize("text", ["ssh-rsa AAAA", "hello", "é", "ssh-ed25519 AAAA"])
def test_what_is_no_key_is_refused(served, text):
    answer = session(served, "ada").post("/api/v1/machine-keys", json={"key": text})
    assert (answer.status_code, answer.json()["code"]) == (400, "E-machine-key"), text
