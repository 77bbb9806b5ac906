"""A link that a device key asks for leads to the page of that device, once, and nobody else gets one."""

import pytest
from tests.fleet.serving import Running, running
from tests.fleet.test_ingest_routes import Through
from tests.fleet.wire import Device, sighting

from weighbridge.fleet import accounts, audit, endpoints, enrollment, links
from weighbridge.fleet.endpoints import FORKED, PENDING, REVOKED
from weighbridge.fleet.my_device import LIFETIME, account_name
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.membership import FleetFolder
from weighbridge.pipeline.my_device import my_device
from weighbridge.sync.my_device import MY_DEVICE_PATH


@pytest.fixture
def served(store):
    with running(store) as started:
        yield started


@pytest.fixture
def device(served: Running) -> Device:
    store, now = served.store, served.clock.now
    chosen = {"made_by": "ada", "expires_at": now + 10**9}
    token = store.write_now(lambda connection: enrollment.make_token(connection, now, **chosen))
    made = Device(None)  # type: ignore[arg-type]
    made.line = Through(served)  # type: ignore[assignment]
    made.enroll(token)
    made.record(sighting())
    made.sync_all()
    return made


def secret_of(address: str) -> str:
    return address.rpartition("/")[2]


def signed_in(served: Running, address: str):
    client = served.client()
    client.headers["Accept"] = "text/html"
    answer = client.post("/sign-in", data={"link": secret_of(address)})
    return client, answer


def test_the_link_shows_this_machine_alone_and_works_once(served: Running, device: Device) -> None:
    link = my_device(device.machine, device.line)
    assert link.address.startswith("https://fleet.example.com/sign-in/")
    assert link.lasts.total_seconds() * 1000 == LIFETIME
    client, answer = signed_in(served, link.address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/").headers["location"] == "/device"
    page = client.get("/device")
    assert device.endpoint_id in page.text
    assert "What it never sees" in page.text
    assert client.get("/device/records").status_code == 200
    assert client.get("/api/v1/device").json()["endpoint"]["endpoint_id"] == device.endpoint_id
    assert client.get("/api/v1/device/records").json()["rows"][0]["proof"] == "cosigned"
    assert client.get("/artifacts").status_code == 403
    assert client.get(f"/endpoints/{'a' * 16}").status_code == 404
    assert signed_in(served, link.address)[1].status_code == 401


def test_a_new_link_ends_the_one_before_and_an_old_one_works_no_more(served: Running, device: Device) -> None:
    first = my_device(device.machine, device.line).address
    second = my_device(device.machine, device.line).address
    assert signed_in(served, first)[1].status_code == 401
    served.clock.pass_seconds(LIFETIME / 1000 + 1)
    assert signed_in(served, second)[1].status_code == 401


def test_what_was_asked_is_in_the_audit_trail(served: Running, device: Device) -> None:
    my_device(device.machine, device.line)
    (entry,) = [
        one
        for one in served.store.read_now(lambda connection: audit.newest(connection, 100))
        if one.action == "my-device.link"
    ]
    assert (entry.subject, entry.detail) == (device.endpoint_id, "{}")


@pytest.mark.parametrize("state", [PENDING, REVOKED, FORKED])
def test_a_machine_that_is_not_of_the_fleet_gets_none(served: Running, device: Device, state: str) -> None:
    mine, now = device.endpoint_id, served.clock.now
    served.store.write_now(lambda connection: endpoints.set_state(connection, mine, state, "", now))
    with pytest.raises(WeighbridgeError) as caught:
        my_device(device.machine, device.line)
    assert caught.value.code == "E-enroll-refused"
    assert served.store.read_now(lambda connection: connection.execute(links.LINKS.select()).all()) == []


def test_an_administrator_can_close_the_page(served: Running, device: Device) -> None:
    my_device(device.machine, device.line)
    name, now = account_name(device.endpoint_id), served.clock.now
    account = served.store.read_now(lambda connection: accounts.by_name(connection, name))
    assert account is not None
    served.store.write_now(lambda connection: accounts.disable(connection, now, account.account_id))
    with pytest.raises(WeighbridgeError, match="has closed the page"):
        my_device(device.machine, device.line)


def test_another_ones_key_a_second_time_and_too_often_are_refused(served: Running, device: Device) -> None:
    my_device(device.machine, device.line)
    path, body, headers = MY_DEVICE_PATH, b"{}", {}
    client = served.client()
    assert client.post(path, content=body, headers=headers).json()["code"] == "signature"
    sent: list[tuple[bytes, dict[str, str]]] = []

    class Overheard:
        def post(self, path, body, headers, limit):
            sent.append((body, dict(headers)))
            return device.line.post(path, body, headers, limit)

    my_device(device.machine, Overheard())
    again = client.post(path, content=sent[-1][0], headers=sent[-1][1])
    assert again.json()["code"] == "replayed"
    changed = client.post(path, content=sent[-1][0] + b" ", headers=sent[-1][1])
    assert changed.json()["code"] == "signature"
    elsewhere = client.post("/v1/sync", content=sent[-1][0], headers=sent[-1][1])
    assert elsewhere.json()["code"] == "signature"
    while not served.server.sign_ins.take(f"device {device.endpoint_id}"):
        pass
    with pytest.raises(WeighbridgeError, match="more often"):
        my_device(device.machine, device.line)


def test_a_stranger_with_a_key_of_his_own_is_nobody(served: Running, device: Device) -> None:
    stranger = Device(None)  # type: ignore[arg-type]
    folder = FleetFolder(stranger.machine)
    membership = FleetFolder(device.machine).membership()
    assert membership is not None
    folder.device_key(make=True)
    folder.join(membership)
    with pytest.raises(WeighbridgeError, match="refuses"):
        my_device(stranger.machine, device.line)
