"""A machine of the fleet tells the key that Ollama made there; it is of its own account, and ends with its place."""

import pytest
from tests.fleet.serving import Running, running
from tests.fleet.test_ingest_routes import Through
from tests.fleet.wire import Device, sighting
from tests.hub.ollama_key import OllamaKey

from weighbridge.fleet import accounts, endpoints, enrollment
from weighbridge.fleet.endpoints import FORKED, PENDING, REVOKED
from weighbridge.fleet.my_device import account_name
from weighbridge.fleet.permissions import Role
from weighbridge.hub import hub_tokens, machine_codes, machine_keys
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_token import hub_token
from weighbridge.pipeline.machine_key import tell_machine_key

OLLAMA = OllamaKey()
PUBLIC = OLLAMA.public
KEY = f"{OLLAMA.line} ada@laptop"
FOLDER = b"/home/ada/.ollama"


@pytest.fixture
def served(store):
    with running(store) as started:
        yield started


@pytest.fixture
def device(served: Running) -> Device:
    store, now = served.store, served.clock.now
    chosen = {"made_by": "ada", "expires_at": now + 10**9}
    token = store.write_now(lambda connection: enrollment.make_token(connection, now, **chosen))
    made = Device(None)
    made.line = Through(served)
    made.machine.add_file(FOLDER + b"/id_ed25519", OLLAMA.private)
    made.enroll(token)
    made.record(sighting())
    made.sync_all()
    return made


def found(served: Running):
    return served.store.read_now(lambda connection: machine_keys.find(connection, served.clock.now, PUBLIC))


def test_a_key_is_told_once_and_forgotten(served, device):
    for _ in range(2):
        assert tell_machine_key(device.machine, device.line, KEY, folder=FOLDER) == ""
    held = found(served)
    assert held.account.name == account_name(device.endpoint_id)
    assert (held.key.right, held.key.name) == (hub_tokens.READ, "this machine")
    for _ in range(2):
        tell_machine_key(device.machine, device.line, KEY, forget=True)
    assert found(served) is None


def test_the_key_of_another_account_is_neither_taken_over_nor_forgotten(served, device):
    ada = served.account("ada", Role.VIEWER)
    served.store.write_now(lambda c: machine_keys.add(c, served.clock.now, ada.account_id, KEY))
    with pytest.raises(WeighbridgeError) as caught:
        tell_machine_key(device.machine, device.line, KEY, folder=FOLDER)
    assert "another account has registered this key" in caught.value.message
    tell_machine_key(device.machine, device.line, KEY, forget=True)
    assert found(served).account.account_id == ada.account_id


def test_a_machine_that_cannot_sign_is_told_what_ollama_signs(served, device):
    """Somebody's public key is no secret: a machine that was taken over could tell the keys of others."""
    command = tell_machine_key(device.machine, device.line, KEY)
    assert command.startswith("ollama pull --insecure 127.0.0.1:8480/link/")
    assert found(served) is None
    code = command.rpartition("/")[2]
    with pytest.raises(WeighbridgeError):
        served.store.write_now(lambda c: machine_codes.redeem(c, served.clock.now, code, OllamaKey().public))
    served.store.write_now(lambda c: machine_codes.redeem(c, served.clock.now, code, PUBLIC))
    assert found(served).account.name == account_name(device.endpoint_id)


@pytest.mark.parametrize("content", [b"", b"for another machine", b"weighbridge machine key 1\nx\n"])
def test_a_signature_of_something_else_is_refused(served, device, content, monkeypatch):
    monkeypatch.setattr("weighbridge.pipeline.machine_key.to_prove", lambda *_: content)
    with pytest.raises(WeighbridgeError, match="did not sign that it is of this machine"):
        tell_machine_key(device.machine, device.line, KEY, folder=FOLDER)
    assert found(served) is None


@pytest.mark.parametrize("key", ["ssh-rsa AAAA", "ssh-ed25519 AAAA", "x", "ssh-ed25519 " + "A" * 200])
def test_what_is_no_key_is_refused(served, device, key):
    with pytest.raises(WeighbridgeError) as caught:
        tell_machine_key(device.machine, device.line, key)
    assert caught.value.code == "E-enroll-refused"


@pytest.mark.parametrize("state", [PENDING, REVOKED, FORKED])
def test_key_and_token_end_with_the_machines_place_in_the_fleet(served, device, state):
    tell_machine_key(device.machine, device.line, KEY, folder=FOLDER)
    token = hub_token(device.machine, device.line).token
    served.store.write_now(lambda connection: endpoints.set_state(connection, device.endpoint_id, state, "", 1))
    assert found(served) is None
    assert served.store.read_now(lambda connection: hub_tokens.find(connection, served.clock.now, token)) is None
    with pytest.raises(WeighbridgeError) as caught:
        tell_machine_key(device.machine, device.line, KEY, folder=FOLDER)
    assert caught.value.code == "E-enroll-refused"


def test_a_disabled_account_tells_nothing(served, device):
    tell_machine_key(device.machine, device.line, KEY, folder=FOLDER)

    def disable(connection):
        account = accounts.by_name(connection, account_name(device.endpoint_id))
        accounts.disable(connection, served.clock.now, account.account_id)

    served.store.write_now(disable)
    with pytest.raises(WeighbridgeError):
        tell_machine_key(device.machine, device.line, KEY, folder=FOLDER)
