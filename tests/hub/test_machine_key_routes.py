"""Keys of machines: registered and removed by their person, and written down."""

import base64
import struct

from tests.hub.test_hub_token_routes import actions, session

from weighbridge.fleet.permissions import Role


def key(number: int = 1) -> str:
    """Return a public key as a file of Ollama has it."""
    kind = b"ssh-ed25519"
    blob = struct.pack(">I", len(kind)) + kind + struct.pack(">I", 32) + bytes([number]) * 32
    return f"ssh-ed25519 {base64.b64encode(blob).decode()} ada@laptop"


def test_a_key_is_registered_listed_and_removed(served):
    client = session(served, "ada")
    made = client.post("/api/v1/machine-keys", json={"key": key(), "right": "write"})
    assert made.status_code == 201
    assert (made.json()["name"], made.json()["right"]) == ("ada@laptop", "write")
    assert [one["key_id"] for one in client.get("/api/v1/machine-keys").json()] == [made.json()["key_id"]]
    assert client.delete(f"/api/v1/machine-keys/{made.json()['key_id']}").status_code == 204
    assert client.get("/api/v1/machine-keys").json() == []
    assert actions(served) == [("machine-key.remove", "ada"), ("machine-key.add", "ada")]


def test_a_key_belongs_to_one_account(served):
    made = session(served, "ada").post("/api/v1/machine-keys", json={"key": key()}).json()
    eve = session(served, "eve")
    assert eve.post("/api/v1/machine-keys", json={"key": key()}).status_code == 400
    assert eve.delete(f"/api/v1/machine-keys/{made['key_id']}").status_code == 404
    assert (
        session(served, "keeper", Role.ADMINISTRATOR).delete(f"/api/v1/machine-keys/{made['key_id']}").status_code
        == 204
    )


def test_what_is_no_key_is_refused(served):
    client = session(served, "ada")
    for text in ("ssh-rsa AAAA", "hello", key()[:-30], "é"):
        answer = client.post("/api/v1/machine-keys", json={"key": text})
        assert (answer.status_code, answer.json()["code"]) == (400, "E-machine-key"), text
