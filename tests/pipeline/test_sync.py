"""What a server can do to an endpoint by its answers: pace it and withhold. Nothing is read, run or believed."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.pipeline.test_enroll import WITNESS, Answers, joined

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fleet_http import HttpError, HttpReply
from weighbridge.ledger.cosignature import EdCosigner
from weighbridge.ledger.note import parse
from weighbridge.pipeline.ledger_open import ledger_reader, open_ledger
from weighbridge.pipeline.membership import FleetFolder
from weighbridge.pipeline.sync import Attempt, Syncing
from weighbridge.sync.envelope import unpacked
from weighbridge.sync.messages import Refused, Sync

TIME = "2026-11-21T09:00:00.000Z"


class Server:
    """Answers as it is told; by default it takes everything and cosigns it."""

    def __init__(self, cosigner: EdCosigner = WITNESS) -> None:
        self.cosigner = cosigner
        self.says: dict[str, object] = {}
        self.reply: HttpReply | HttpError | None = None
        self.got: list[Sync] = []

    def post(self, path: str, body: bytes, headers: dict[str, str], limit: int) -> HttpReply:
        assert path == "/v1/sync"
        message = unpacked(body, Sync)
        self.got.append(message)
        if isinstance(self.reply, HttpError):
            raise self.reply
        if self.reply is not None:
            return self.reply
        text = parse(message.checkpoint.encode()).text
        size = int(text.split("\n")[1])
        size_now = message.first + len(message.entries)
        said = {"version": 1, "acknowledged": size_now, "cosigned": size, "accepted": True}
        line = self.cosigner.cosign(text, 1_790_000_000).line
        said |= {"cosignature": line, "server_time": TIME, "epoch": "e", "next_sync_in": 300.0}
        return HttpReply(200, {}, msgspec.json.encode(said | self.says))


def enrolled() -> FakeMachine:
    machine = FakeMachine()
    joined(machine, Answers())
    with open_ledger(machine) as recorder:
        recorder.record("network", {"connectivity": "offline"})
    return machine


def once(machine: FakeMachine, server: Server) -> Attempt:
    folder = FleetFolder(machine)
    membership = folder.membership()
    assert membership is not None
    return Syncing(machine, folder, membership, server, lambda: 0.5).once()


def test_what_is_sent_is_the_ledger_and_what_says_when() -> None:
    machine = enrolled()
    server = Server()
    assert once(machine, server).code == ""
    (message,) = server.got
    assert [entry.encode() for entry in message.entries] == list(ledger_reader(machine).entries(0, 100))
    assert not message.behind
    assert once(machine, server).sent == 0
    assert server.got[1].entries == ()


def test_an_acknowledgment_without_the_witness_key_is_not_believed() -> None:
    machine = enrolled()
    for server in (Server(EdCosigner("fleet/witness", b"\1" * 32)), Server(EdCosigner("other", bytes(32)))):
        assert once(machine, server).code == "signature"
    server = Server()
    server.says = {"cosignature": ""}
    assert once(machine, server).code == "signature"
    progress = FleetFolder(machine).progress()
    assert (progress.place.acknowledged, progress.failures) == (0, 3)


NUMBER = st.integers(0, (1 << 53) - 1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_a_server_says_the_endpoint_reads_nothing_and_goes_on(data: st.DataObject) -> None:
    machine = enrolled()
    server = Server()
    before = machine.reads.copy()
    disks = {name: disk for name, disk in machine.disks.items() if name != "membership"}
    ledger = list(ledger_reader(machine).entries(0, 100))
    for _ in range(3):
        server.says = data.draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "acknowledged": NUMBER,
                    "cosigned": NUMBER,
                    "accepted": st.booleans(),
                    "resync": st.booleans(),
                    "epoch": st.text(max_size=64),
                    "next_sync_in": st.floats(0, 1e12),
                    "policy_version": st.text(max_size=255),
                    "notices": st.lists(st.text(max_size=255), max_size=10),
                    "cosignature": st.text(max_size=300),
                    "run": st.just("rm -rf /"),
                },
            )
        )
        attempt = once(machine, server)
        assert 0.1 < attempt.pause <= 86_400 * 1.21
    assert machine.reads == before
    assert {name: disk for name, disk in machine.disks.items() if name != "membership"} == disks
    assert list(ledger_reader(machine).entries(0, 100)) == ledger
    server.says = {}
    for _ in range(3):  # a server that tells the truth again is followed: it is behind, or it is not
        attempt = once(machine, server)
    assert attempt.code == ""


@settings(max_examples=60, deadline=None)
@given(st.integers(100, 599), st.binary(max_size=200) | st.just(b"x" * 300_000), st.text(max_size=30))
def test_any_answer_of_the_way_between_is_a_failure_that_passes(status: int, body: bytes, wait: str) -> None:
    machine = enrolled()
    server = Server()
    server.reply = HttpReply(status, {"retry-after": wait}, body)
    attempt = once(machine, server)
    assert attempt.code in ("unreachable", "busy")
    assert 0.1 < attempt.pause <= 86_400 * 1.21


@pytest.mark.parametrize(
    ("code", "expected"), [("busy", "busy"), ("revoked", "revoked"), ("forked", "forked"), ("format c:", "body")]
)
def test_refusals_are_remembered_for_people(code: str, expected: str) -> None:
    machine = enrolled()
    server = Server()
    refused = Refused(code=code, message="no", server_time=TIME, retry_in=100.0)
    server.reply = HttpReply(403, {}, msgspec.json.encode(refused))
    attempt = once(machine, server)
    assert (attempt.code, attempt.pause >= 100) == (expected, True)
    assert FleetFolder(machine).progress().code == expected


def test_after_failures_less_is_sent_at_once() -> None:
    machine = enrolled()
    with open_ledger(machine) as recorder:
        recorder.record_all([("agent", {"name": "x" * 1000, "path": f"/{number}"}) for number in range(200)])
    server = Server()
    server.reply = HttpError("timed out")
    for _ in range(8):
        once(machine, server)
    counts = [len(message.entries) for message in server.got]
    assert counts[0] > 200 > counts[-1] > 1


def test_a_clock_refusal_is_answered_once_with_the_servers_time() -> None:
    machine = enrolled()
    server = Server()
    refused = Refused(code="clock", message="no", server_time="2036-11-21T09:00:00Z")
    server.reply = HttpReply(401, {}, msgspec.json.encode(refused))
    assert once(machine, server).code == "clock"
    assert len(server.got) == 2


@pytest.mark.parametrize(
    "says",
    [
        {"acknowledged": 0},
        {"acknowledged": 0, "resync": True},
        {"resync": True},
        {"resync": True, "accepted": False},
        {"cosigned": (1 << 53) - 1},
        {"acknowledged": 1, "cosigned": (1 << 53) - 1, "accepted": False, "resync": True},
        {"acknowledged": (1 << 53) - 1, "resync": True},
        {"acknowledged": 0, "next_sync_in": 0.0, "epoch": "another"},
        {"resync": True, "next_sync_in": 0.0, "notices": ["again!"] * 10},
    ],
    ids=str,
)
def test_a_server_that_wants_the_same_for_ever_is_left_alone(says: dict[str, object]) -> None:
    """It can waste some messages each time, and never keeps a machine busy; every record stays where it is."""
    machine = enrolled()
    server, folder = Server(), FleetFolder(machine)
    server.says = says
    membership = folder.membership()
    assert membership is not None
    syncing = Syncing(machine, folder, membership, server, lambda: 0.5)
    before = list(entries(machine))
    attempts = [syncing.once()]
    while attempts[-1].again:
        attempts.append(syncing.once())
        assert len(attempts) < 20, "it never ends"
    assert all(0.1 < attempt.pause <= 2 * 86_400 for attempt in attempts)
    assert entries(machine) == before
    server.says = {}
    assert [once(machine, server).code for _ in range(2)] == ["", ""], "when the server is well again, everything is"
    assert folder.progress().place.acknowledged == len(before)


def test_epochs_without_end_do_not_keep_a_machine_busy() -> None:
    machine = enrolled()
    server, folder = Server(), FleetFolder(machine)
    membership = folder.membership()
    assert membership is not None
    syncing = Syncing(machine, folder, membership, server, lambda: 0.5)
    for number in range(20):
        server.says = {"acknowledged": 0, "epoch": f"e{number}"}
        if not syncing.once().again:
            break
    else:
        raise AssertionError("it never ends")


@pytest.mark.parametrize(("said", "least", "most"), [(0.0, 0.1, 0.3), (1e-300, 0.1, 0.3), (1e12, 70_000, 100_000)])
def test_no_pause_is_absurd(said: float, least: float, most: float) -> None:
    machine, server = enrolled(), Server()
    server.says = {"next_sync_in": said}
    assert least < once(machine, server).pause < most


def entries(machine: FakeMachine) -> list[bytes]:
    reader = ledger_reader(machine)
    return list(reader.entries(0, reader.head().size))
