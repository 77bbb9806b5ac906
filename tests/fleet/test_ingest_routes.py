"""Endpoints come in through the whole server, past its gate, guard and limits."""

from collections.abc import Iterator

import pytest
from tests.fleet.serving import Running, running
from tests.fleet.wire import Device, sighting

from weighbridge.fleet import endpoints, enrollment, records
from weighbridge.fleet.store import Store
from weighbridge.host.fleet_http import HttpReply


class Through:
    """The way to a server through its application."""

    def __init__(self, running: Running) -> None:
        self.client = running.client()
        self.replies: list[HttpReply] = []

    def post(self, path: str, body: bytes, headers: dict[str, str], limit: int) -> HttpReply:
        answer = self.client.post(path, content=body, headers=headers)
        reply = HttpReply(answer.status_code, dict(answer.headers), answer.content)
        self.replies.append(reply)
        return reply


@pytest.fixture
def served(store: Store) -> Iterator[Running]:
    with running(store) as started:
        yield started


def test_a_device_enrolls_and_sends(served: Running) -> None:
    store, now = served.store, served.clock.now
    token = store.write_now(
        lambda connection: enrollment.make_token(connection, now, made_by="ada", expires_at=now + 10_000)
    )
    device = Device(None)  # type: ignore[arg-type]  (its way to the server is put in below)
    device.line = Through(served)  # type: ignore[assignment]
    assert device.enroll(token) == "active"
    device.record(sighting())
    assert device.sync_all().code == ""
    name = device.endpoint_id
    assert store.read_now(lambda connection: records.count(connection, name)) == 2 + 3
    assert len(store.read_now(endpoints.page)) == 1


@pytest.mark.parametrize("path", ["/v1/enroll", "/v1/sync"])
def test_strangers_are_refused_in_the_words_of_the_protocol(served: Running, path: str) -> None:
    client = served.client()
    answer = client.post(path, content=b"x", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "signature"
    large = client.post(path, content=b"x" * 9_000_000)
    assert large.status_code == 413
    assert client.get(path).status_code in (404, 405)
