"""A machine of the fleet tells the key that Ollama made there; it is of its own account, and ends with its place."""

import base64
import struct

import pytest
from tests.fleet.serving import Running, running
from tests.fleet.test_ingest_routes import Through
from tests.fleet.wire import Device, sighting

from weighbridge.fleet import accounts, endpoints, enrollment
from weighbridge.fleet.endpoints import FORKED, PENDING, REVOKED
from weighbridge.fleet.my_device import account_name
from weighbridge.fleet.permissions import Role
from weighbridge.hub import hub_tokens, machine_keys
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_token import hub_token
from weighbridge.pipeline.machine_key import tell_machine_key

PUBLIC = base64.b64encode(struct.pack(">I", 11) + b"ssh-ed25519" + struct.pack(">I", 32) + b"k" * 32).decode()
KEY = f"ssh-ed25519 {PUBLIC} ada@laptop"


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
    made.enroll(token)
    made.record(sighting())
    made.sync_all()
    return made


def found(served: Running):
    return served.store.read_now(lambda connection: machine_keys.find(connection, served.clock.now, PUBLIC))


def test_a_key_is_told_once_and_forgotten(served, device):
    for _ in range(2):
        tell_machine_key(device.machine, device.line, KEY)
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
        tell_machine_key(device.machine, device.line, KEY)
    assert "another account has registered this key" in caught.value.message
    tell_machine_key(device.machine, device.line, KEY, forget=True)
    assert found(served).account.account_id == ada.account_id


@pytest.mark.parametrize("key", ["ssh-rsa AAAA", "ssh-ed25519 AAAA", "x", "ssh-ed25519 " + "A" * 200])
def test_what_is_no_key_is_refused(served, device, key):
    with pytest.raises(WeighbridgeError) as caught:
        tell_machine_key(device.machine, device.line, key)
    assert caught.value.code == "E-enroll-refused"


@pytest.mark.parametrize("state", [PENDING, REVOKED, FORKED])
def test_key_and_token_end_with_the_machines_place_in_the_fleet(served, device, state):
    tell_machine_key(device.machine, device.line, KEY)
    token = hub_token(device.machine, device.line).token
    served.store.write_now(lambda connection: endpoints.set_state(connection, device.endpoint_id, state, "", 1))
    assert found(served) is None
    assert served.store.read_now(lambda connection: hub_tokens.find(connection, served.clock.now, token)) is None
    with pytest.raises(WeighbridgeError) as caught:
        tell_machine_key(device.machine, device.line, KEY)
    assert caught.value.code == "E-enroll-refused"


def test_a_disabled_account_tells_nothing(served, device):
    tell_machine_key(device.machine, device.line, KEY)

    def disable(connection):
        account = accounts.by_name(connection, account_name(device.endpoint_id))
        accounts.disable(connection, served.clock.now, account.account_id)

    served.store.write_now(disable)
    with pytest.raises(WeighbridgeError):
        tell_machine_key(device.machine, device.line, KEY)
