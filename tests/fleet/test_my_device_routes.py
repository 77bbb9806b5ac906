"""One's own device, for programs: what its page shows, and nothing of anybody else."""

import pytest
from tests.fleet.serving import running
from tests.fleet.small_fleet import LAPTOP, fill

from weighbridge.fleet.permissions import Role, Scope


@pytest.fixture
def served(store):
    store.write_now(fill)
    with running(store) as started:
        yield started


def client(served, role, scope):
    cookies, _ = served.session(served.account(role.value, role, scope))
    return served.client(cookies=cookies)


def test_an_owner_sees_the_own_device_and_its_records(served):
    own = client(served, Role.OWNER, Scope(endpoint_id=LAPTOP))
    assert own.get("/api/v1/device").json()["endpoint"]["endpoint_id"] == LAPTOP
    assert own.get("/api/v1/device").json() == own.get(f"/api/v1/endpoints/{LAPTOP}").json()
    assert own.get("/api/v1/device/records").json()["ledger"]["endpoint_id"] == LAPTOP
    assert own.get("/api/v1/device/records?q=nonsense:1").status_code == 400


@pytest.mark.parametrize("path", ["/api/v1/device", "/api/v1/device/records"])
def test_who_is_no_owner_or_whose_device_is_gone_finds_nothing(served, path):
    assert client(served, Role.ADMINISTRATOR, Scope()).get(path).status_code == 404
    assert client(served, Role.OWNER, Scope(endpoint_id="z" * 16)).get(path).status_code == 404
