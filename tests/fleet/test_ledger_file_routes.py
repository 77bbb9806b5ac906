"""Files of a ledger: for who may read records, for the person of the device, and for nobody else."""

import pytest
from tests.fleet.serving import Running, running
from tests.fleet.test_ingest_routes import Through
from tests.fleet.wire import Device, sighting

from weighbridge.fleet import enrollment, reads
from weighbridge.fleet.permissions import Role, Scope


@pytest.fixture
def served(store):
    with running(store) as started:
        yield started


@pytest.fixture
def device(served: Running) -> Device:
    chosen = {"made_by": "ada", "expires_at": served.clock.now + 10**9}
    token = served.store.write_now(lambda connection: enrollment.make_token(connection, served.clock.now, **chosen))
    made = Device(None)  # type: ignore[arg-type]
    made.line = Through(served)  # type: ignore[assignment]
    made.enroll(token)
    made.record(sighting())
    made.sync_all()
    return made


def client(served, role, scope=None):
    cookies, _ = served.session(served.account(role.value, role, scope))
    return served.client(cookies=cookies)


def test_an_analyst_and_the_person_read_the_same_and_the_look_is_noted(served, device) -> None:
    analyst = client(served, Role.ANALYST)
    owner = client(served, Role.OWNER, Scope(endpoint_id=device.endpoint_id))
    for name in ("checkpoint", "tile/entries/000.p/3"):
        theirs = analyst.get(f"/api/v1/ledger/{device.endpoint_id}/log/{name}")
        mine = owner.get(f"/api/v1/device/log/{name}")
        assert (theirs.status_code, theirs.content) == (mine.status_code, mine.content) == (200, theirs.content)
    assert (
        analyst.get(f"/api/v1/ledger/{device.endpoint_id}/log/checkpoint").headers["content-type"].startswith("text/")
    )
    found = served.store.read_now(lambda connection: reads.of_endpoint(connection, device.endpoint_id))
    assert [(one.account_name, one.what, one.times) for one in found] == [("analyst", "records", 3)]


def test_others_find_nothing(served, device) -> None:
    address = f"/api/v1/ledger/{device.endpoint_id}/log/checkpoint"
    assert client(served, Role.VIEWER).get(address).status_code == 403
    assert client(served, Role.ANALYST, Scope(groups=("elsewhere",))).get(address).status_code == 404
    assert client(served, Role.ADMINISTRATOR).get("/api/v1/device/log/checkpoint").status_code == 404
    assert client(served, Role.APPROVER).get(f"{address}/../../x").status_code == 404
