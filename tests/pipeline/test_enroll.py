"""Joining a fleet: what a server may answer, and what is kept of it."""

import msgspec
import pytest

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fleet_http import HttpError, HttpReply
from weighbridge.ledger.cosignature import EdCosigner
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.enroll import enroll, host_facts
from weighbridge.pipeline.membership import FleetFolder, endpoint_id
from weighbridge.sync.envelope import unpacked
from weighbridge.sync.messages import Enroll, Enrolled, Host, Refused

URL = "https://fleet.example.com"
WITNESS = EdCosigner("fleet/witness", bytes(32))


class Answers:
    """A server that answers the same always."""

    def __init__(self, **changes: object) -> None:
        self.changes = changes
        self.asked: list[Enroll] = []

    def post(self, path: str, body: bytes, headers: dict[str, str], limit: int) -> HttpReply:
        assert path == "/v1/enroll"
        self.asked.append(unpacked(body, Enroll))
        own = headers["Signature-Input"].partition('keyid="')[2][:16]
        said = {"endpoint_id": own, "state": "active", "epoch": "e", "witness_key": WITNESS.text}
        answer = Enrolled(**{**said, "next_sync_in": 1.0, "server_time": "2026-11-21T09:00:00Z"} | self.changes)
        return HttpReply(200, {}, msgspec.json.encode(answer))


def joined(machine: FakeMachine, sending: object, token: str = "wbe-token") -> str:
    return enroll(machine, URL, token, sending, facts=lambda: Host(name="laptop"))  # type: ignore[arg-type]


def test_what_a_machine_says_of_itself() -> None:
    machine, server = FakeMachine(), Answers()
    assert joined(machine, server) == "active"
    (said,) = server.asked
    assert said.host == Host(name="laptop")
    assert said.ledger_key.startswith("weighbridge/ledger/")
    membership = FleetFolder(machine).membership()
    assert membership is not None
    assert membership.endpoint_id == endpoint_id(FleetFolder(machine).device_key())
    assert "wbe-token" not in repr(machine.disks["membership"].__dict__)


def test_nothing_about_the_user_is_said() -> None:
    facts = host_facts()
    assert set(Host.__struct_fields__) == {"name", "platform", "release", "architecture"}
    assert facts.platform


@pytest.mark.parametrize(
    "changes",
    [{"endpoint_id": "a" * 16}, {"state": "root"}, {"witness_key": "nonsense"}, {"witness_key": "a+b+c"}],
)
def test_an_answer_that_cannot_be_right_joins_nothing(changes: dict[str, str]) -> None:
    machine = FakeMachine()
    with pytest.raises(WeighbridgeError) as caught:
        joined(machine, Answers(**changes))
    assert caught.value.code == "E-enroll-unreachable"
    assert FleetFolder(machine).membership() is None


def test_a_server_with_another_key_is_not_believed_again() -> None:
    machine = FakeMachine()
    joined(machine, Answers())
    with pytest.raises(WeighbridgeError, match="another witness key"):
        joined(machine, Answers(witness_key=EdCosigner("other", bytes(32)).text))


def test_another_fleet_needs_leaving_the_first() -> None:
    machine = FakeMachine()
    joined(machine, Answers())
    with pytest.raises(WeighbridgeError) as caught:
        enroll(machine, "https://other.example", "t" * 10, Answers())  # type: ignore[arg-type]
    assert caught.value.code == "E-enrolled"


@pytest.mark.parametrize("code", ["token", "revoked", "approval", "nonsense"])
def test_a_refusal_says_what_to_do(code: str) -> None:
    class Refuses:
        def post(self, *_: object) -> HttpReply:
            return HttpReply(403, {}, msgspec.json.encode(Refused(code=code, message="no", server_time="")))

    with pytest.raises(WeighbridgeError) as caught:
        joined(FakeMachine(), Refuses())
    assert caught.value.code == "E-enroll-refused"
    assert caught.value.hint


@pytest.mark.parametrize("reply", [HttpReply(200, {}, b"<html>"), HttpReply(404, {}, b""), HttpError("refused")])
def test_what_is_no_fleet_server_is_said(reply: HttpReply | HttpError) -> None:
    class Other:
        def post(self, *_: object) -> HttpReply:
            if isinstance(reply, HttpError):
                raise reply
            return reply

    with pytest.raises(WeighbridgeError) as caught:
        joined(FakeMachine(), Other())
    assert caught.value.code == "E-enroll-unreachable"
