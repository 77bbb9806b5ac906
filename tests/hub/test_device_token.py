"""A machine of the fleet gets a token of the hub by its device key, of its own account and for nothing else."""

import pytest
from tests.fleet.serving import Running, running
from tests.fleet.test_ingest_routes import Through
from tests.fleet.wire import Device, sighting

from weighbridge.fleet import accounts, endpoints, enrollment
from weighbridge.fleet.endpoints import FORKED, PENDING, REVOKED
from weighbridge.fleet.my_device import account_name
from weighbridge.hub import hub_tokens
from weighbridge.hub.device_token import LIFETIME
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.hub_token import hub_token


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


def test_the_token_is_of_the_endpoints_own_account_and_a_new_one_ends_it(served, device):
    first = hub_token(device.machine, device.line)
    second = hub_token(device.machine, device.line)
    assert first.url == second.url == "https://fleet.example.com"

    def look(connection):
        now = served.clock.now
        return [hub_tokens.find(connection, now, one.token) for one in (first, second)]

    ended, holds = served.store.read_now(look)
    assert ended is None
    assert holds.account.name == account_name(device.endpoint_id)
    assert holds.token.right == hub_tokens.READ
    assert holds.token.expires_at - holds.token.created_at == LIFETIME


def test_it_is_good_for_models_and_for_nothing_else_of_the_api(served, device):
    client = served.client()
    client.headers["Authorization"] = f"Bearer {hub_token(device.machine, device.line).token}"
    for path in ("/api/v1/device", "/api/v1/artifacts", "/api/v1/tokens", "/api/v1/session"):
        assert client.get(path).status_code == 403, path


@pytest.mark.parametrize("state", [PENDING, REVOKED, FORKED])
def test_a_machine_that_may_not_send_gets_none(served, device, state):
    served.store.write_now(lambda connection: endpoints.set_state(connection, device.endpoint_id, state, "", 1))
    with pytest.raises(WeighbridgeError) as caught:
        hub_token(device.machine, device.line)
    assert caught.value.code == "E-enroll-refused"


def test_a_disabled_account_gets_none(served, device):
    hub_token(device.machine, device.line)

    def disable(connection):
        account = accounts.by_name(connection, account_name(device.endpoint_id))
        accounts.disable(connection, served.clock.now, account.account_id)

    served.store.write_now(disable)
    with pytest.raises(WeighbridgeError) as caught:
        hub_token(device.machine, device.line)
    assert caught.value.code == "E-enroll-refused"


def test_it_ends(served, device):
    token = hub_token(device.machine, device.line).token
    served.clock.pass_seconds(LIFETIME / 1000 + 1)
    assert served.store.read_now(lambda connection: hub_tokens.find(connection, served.clock.now, token)) is None
