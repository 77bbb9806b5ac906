import asyncio
import base64
import hmac
import json
from hashlib import sha256

import pytest
from tests.export.test_ocsf import VALID, faults
from tests.fleet.receivers import HttpReceiver, Reply, poster
from tests.fleet.told import NOW, all_events, tell_all

from weighbridge.fleet.store import Store
from weighbridge.fleet.target import Destination, UndeliveredError
from weighbridge.fleet.target_webhook import key_of, send, signed

SECRET = "whsec_" + base64.b64encode(b"thirty two bytes of key material").decode()


def events_of(store: Store):
    store.write_now(tell_all)
    return store.read_now(all_events)


def holds(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Verify as Standard Webhooks 1.0.0 says, written anew."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    version, _, given = headers["webhook-signature"].partition(",")
    return version == "v1" and hmac.compare_digest(base64.b64decode(given), hmac.digest(key, text, sha256))


@pytest.mark.parametrize("form", ["ocsf", "ecs"])
def test_lines_that_fit_their_schema_and_a_signature_that_holds(store: Store, form: str) -> None:
    events = events_of(store)
    with HttpReceiver() as receiver:
        where = Destination(address=f"{receiver.url}/in?a=b", secret=SECRET, format=form)
        asyncio.run(send(where, events, poster(), NOW))
        (received,) = receiver.received
    assert holds(SECRET, received.headers, received.body)
    assert not holds(SECRET, received.headers, received.body + b" ")
    assert received.headers["webhook-timestamp"] == str(NOW // 1000)
    assert (received.path, received.headers["weighbridge-format"]) == ("/in?a=b", form)
    found = [json.loads(line) for line in received.body.splitlines()]
    assert len(found) == len(events)
    if form == "ocsf":
        assert [fault for one in found if one["class_uid"] in VALID for fault in faults(one)] == []
        assert {one["metadata"]["uid"] for one in found} == {one.event.id for one in events}
    else:
        assert {one["event"]["id"] for one in found} == {one.event.id for one in events}


def test_the_same_body_has_the_same_id_at_another_time() -> None:
    first, second = signed("secret", b"body", 1), signed("secret", b"body", 2)
    assert first["webhook-id"] == second["webhook-id"] != signed("secret", b"other", 1)["webhook-id"]
    assert first["webhook-signature"] != second["webhook-signature"]


def test_a_secret_that_is_not_of_the_standard_is_taken_as_it_is() -> None:
    assert key_of("plain") == b"plain"
    assert key_of("whsec_not base64") == b"whsec_not base64"
    assert key_of(SECRET) == b"thirty two bytes of key material"


def test_a_refusal_is_one(store: Store) -> None:
    events = events_of(store)
    for status, is_refused in ((400, True), (413, True), (422, True), (401, False), (500, False), (429, False)):
        with HttpReceiver(lambda _, status=status: Reply(status, b"no")) as receiver:
            with pytest.raises(UndeliveredError) as caught:
                asyncio.run(send(Destination(address=receiver.url, secret=SECRET), events, poster(), NOW))
            assert caught.value.is_refused is is_refused
            assert str(status) in caught.value.reason
