"""What comes in over HTTP: statuses, limits, and every way to send something that is not a message."""

import asyncio
import json

import msgspec
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fleet.test_inventory import joined
from tests.fleet.wire import Device, Server, sighting

from weighbridge.fleet.ingest import STATUS, Ingest
from weighbridge.fleet.store import Store
from weighbridge.host.fleet_http import HttpReply
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.membership import FleetFolder
from weighbridge.sync.envelope import LARGEST_BODY, packed, unpacked
from weighbridge.sync.messages import REFUSALS, SYNC_PATH, VERSION, VERSIONS, Refused, Sync
from weighbridge.sync.signature import WINDOW_SECONDS, sign

PATH = SYNC_PATH


def code_of(reply: HttpReply) -> tuple[int, str]:
    refused = unpacked(reply.body, Refused, encoded=False)
    assert refused.code in REFUSALS
    assert refused.server_time
    return reply.status, refused.code


class Caller:
    """Signs whatever it is given with the key of an enrolled device."""

    def __init__(self, store: Store) -> None:
        self.server, self.device = joined(store)
        self.device.record(sighting())
        self.device.line.fault = lambda: "lost"
        self.device.sync()
        self.key = FleetFolder(self.device.machine).device_key()
        self.count = 0

    def headers(self, body: bytes, **how: object) -> dict[str, str]:
        self.count += 1
        chosen = {
            "key_id": self.device.endpoint_id,
            "created": int(self.server.clock),
            "nonce": f"nonce{self.count:016}",
        }
        signed = sign("POST", PATH, body, signer=self.key.sign_bytes, **chosen | how)  # type: ignore[arg-type]
        return {"Content-Encoding": "zstd", **signed}

    def send(self, body: bytes, **how: object) -> HttpReply:
        return self.server.ask(PATH, body, self.headers(body, **how))

    def message(self) -> Sync:
        self.device.line.fault = lambda: "unanswered"
        self.device.line.server = Server.__new__(Server)
        self.device.line.server.ask = lambda *_: HttpReply(500, {}, b"")  # type: ignore[method-assign]
        self.device.sync()
        return unpacked(self.device.line.sent[-1][1], Sync)


@pytest.fixture
def caller(store: Store) -> Caller:
    return Caller(store)


def test_every_refusal_has_its_status() -> None:
    assert sorted(STATUS) == sorted(REFUSALS)


def test_other_paths_and_methods(caller: Caller) -> None:
    ask = caller.server.ask
    assert ask("/", b"", {}).status == 404
    assert ask(PATH, b"", {}, method="GET").status == 405
    assert ask(PATH + "/", b"", {}).status == 404


def test_unsigned_strangers_expired_and_replayed(caller: Caller) -> None:
    body = packed(caller.message())
    assert code_of(caller.server.ask(PATH, body, {"Content-Encoding": "zstd"})) == (401, "signature")
    assert code_of(caller.send(body, key_id="a" * 16)) == (401, "unknown")
    other = Device(caller.server, "other")
    other.enroll(caller.server.token())
    assert code_of(caller.send(body, key_id=other.endpoint_id)) == (401, "signature")
    assert code_of(caller.send(body, created=int(caller.server.clock) - WINDOW_SECONDS - 1)) == (401, "clock")
    headers = caller.headers(body)
    assert caller.server.ask(PATH, body, headers).status == 200
    assert code_of(caller.server.ask(PATH, body, headers)) == (401, "replayed")
    assert code_of(caller.server.ask("/v1/enroll", body, headers))[0] in (400, 401)


def test_the_order_of_header_fields_does_not_matter_and_twice_is_refused(caller: Caller) -> None:
    body = packed(caller.message())
    pairs = [*caller.headers(body).items()]
    assert caller.server.ask(PATH, body, [*reversed(pairs)]).status == 200
    doubled = [*caller.headers(body).items()]
    doubled.append(next(pair for pair in doubled if pair[0] == "Signature"))
    assert code_of(caller.server.ask(PATH, body, doubled)) == (401, "signature")


def test_bodies_that_are_too_large(caller: Caller) -> None:
    stated = {**caller.headers(b""), "Content-Length": str(LARGEST_BODY + 1)}
    assert code_of(caller.server.ask(PATH, b"", stated)) == (413, "body")
    for length in ("-1", "x", "9" * 30):
        pairs = [*caller.headers(b"").items(), ("content-length", length)]
        assert code_of(caller.server.ask(PATH, b"", pairs)) == (413, "body")
    large = bytes(LARGEST_BODY + 1)
    assert code_of(caller.send(large)) == (413, "body")
    zeros = zstandard.ZstdCompressor().compressobj()
    bomb = b"".join(zeros.compress(bytes(1 << 20)) for _ in range(200)) + zeros.flush()
    assert code_of(caller.send(bomb)) == (400, "body")
    assert code_of(caller.server.ask(PATH, b"x", {**caller.headers(b"x"), "Content-Encoding": "gzip"})) == (400, "body")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 10_000), flip=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_damaged_bodies_are_refused(caller: Caller, cut: int, flip: int, bit: int) -> None:
    body = b"\x28\xb5\x2f\xfd" + bytes(40) if caller.count > 200 else zstandard.compress(b'{"version":1,"batch":"x"}')
    assert caller.send(body[: cut % len(body)]).status == 400
    changed = bytearray(body)
    changed[flip % len(body)] ^= 1 << bit
    assert caller.send(bytes(changed)).status == 400
    assert code_of(caller.server.ask(PATH, bytes(changed), caller.headers(body))) == (401, "signature")


def test_another_version_is_told_which_one_is_spoken(caller: Caller) -> None:
    for version in (0, VERSION + 1, 99):
        body = zstandard.compress(json.dumps({"version": version, "news": True}).encode())
        reply = caller.send(body)
        assert code_of(reply) == (400, "version")
        assert unpacked(reply.body, Refused, encoded=False).versions == VERSIONS


FIELDS = st.sampled_from(["size", "cosigned", "first"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_message_however_wrong_is_a_server_error_or_an_accusation(store: Store, data: st.DataObject) -> None:
    caller = Caller(store)
    message = caller.message()
    number = st.integers(0, (1 << 53) - 1)
    changes = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "size": number,
                "cosigned": number,
                "first": number,
                "entries": st.lists(st.text(st.characters(codec="utf-8"), max_size=50), max_size=3).map(tuple),
                "covers": st.lists(st.just("A" * 43 + "="), max_size=3).map(tuple),
                "continues": st.lists(st.just("B" * 44), max_size=3).map(tuple),
                "skipped": st.lists(st.just("A" * 43 + "="), max_size=3).map(tuple),
                "checkpoint": st.text(st.characters(codec="utf-8"), max_size=200),
                "key_changes": st.lists(st.text(st.characters(codec="utf-8"), max_size=50), max_size=2).map(tuple),
                "inventory_digest": st.just("!" * 44) | st.just("A" * 43 + "="),
                "device_time": st.text(st.characters(codec="utf-8"), max_size=40),
                "behind": st.booleans(),
            },
        )
    )
    reply = caller.send(packed(msgspec.structs.replace(message, **changes)))
    assert reply.status in (200, 400, 401, 409)
    if reply.status != 200:
        assert code_of(reply)[1] in ("body", "ledger", "forked")


def test_a_store_that_cannot_write_acknowledges_nothing(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    body = packed(caller.message())

    async def full(_job: object) -> None:
        raise WeighbridgeError("E-store-write", "the database did not commit: disk is full", "make room")

    monkeypatch.setattr(caller.server.store, "write", full)
    reply = caller.send(body)
    assert code_of(reply) == (503, "busy")
    assert int(reply.headers["retry-after"]) > 0
    monkeypatch.undo()
    assert caller.send(body).status == 200


def test_who_goes_away_is_not_answered(caller: Caller) -> None:
    sent: list[dict] = []

    async def gone() -> dict:
        return {"type": "http.disconnect"}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": PATH, "headers": []}
    asyncio.run(Ingest(caller.server.exchange)(scope, gone, send))
    assert sent == []


def test_a_body_that_never_comes_ends(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weighbridge.fleet.ingest._READ_SECONDS", 0.01)
    sent: list[dict] = []

    async def never() -> dict:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": PATH, "headers": []}
    asyncio.run(caller.server.ingest(scope, never, send))
    assert sent[0]["status"] == 400
