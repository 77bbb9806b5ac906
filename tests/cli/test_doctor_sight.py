import sys

import pytest
from msgspec.structs import replace

from weighbridge.cli import doctor_sight
from weighbridge.discover.sight import Sight
from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive
from weighbridge.host.real import RealMachine
from weighbridge.ledger.entry import timestamp
from weighbridge.pipeline.hub_feed import KeptFeed, keep_feed
from weighbridge.pipeline.ledger_open import open_ledger


def said(what: str) -> doctor_sight.Line:
    (line,) = [line for line in doctor_sight.lines() if line.what == what]
    return line


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEIGHBRIDGE_STATE", str(tmp_path))


def test_what_is_known_of_the_hubs_revocations_and_when_it_is_asked() -> None:
    machine = RealMachine()
    assert "revoked models" not in [line.what for line in doctor_sight.lines()]
    kept = KeptFeed(hub="https://hub.example.com", key="k", refreshed_at=timestamp(machine.now()))
    keep_feed(machine, kept)
    assert said("revoked models") == (
        "✓",
        "revoked models",
        "0 by hub.example.com, asked every 5 minutes by `wb watch`, and with `wb pull` and `wb request`",
    )
    keep_feed(machine, replace(kept, reason="no route to host"))
    assert said("revoked models").symbol == "·"
    assert said("revoked models").detail.endswith("UTC: no route to host")
    machine.durable_folder("hub-access").replace({"revocations.json": b"{"})
    assert said("revoked models").symbol == "!"


def test_what_is_hidden_names_the_right_that_shows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weighbridge.discover.sight.sight", lambda _: [Sight("programs", 3, 4, "CAP_SYS_PTRACE")])
    assert said("programs") == ("·", "programs", "of 3 of 7 processes; the rest: CAP_SYS_PTRACE")


def test_announcements_that_are_refused_are_a_limit_and_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("weighbridge.host.process_events.ProcessEvents", refuse)
    assert said("starts of processes").symbol == "·"
    assert "operation not permitted" in said("starts of processes").detail


def test_the_ledger_with_and_without_a_writer() -> None:
    assert said("ledger") == ("·", "ledger", "nothing has been recorded on this machine yet")
    with open_ledger(RealMachine()):
        line = said("ledger")
        assert line.symbol == "✓"
        if sys.platform == "linux":
            assert "writes to it" in line.detail
    assert said("ledger").detail == "2 records; nobody watches now (`wb watch`)"


def test_a_listener_without_visible_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    live = FakeLive(FakeMachine())
    live.listen((), "127.0.0.1", 80)
    monkeypatch.setattr("weighbridge.host.real_live.real_live", lambda: live)
    assert said("servers").detail.startswith("1 listening sockets, 0 with their process")


def test_how_to_grant_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_sight, "_SYSTEM", "linux")
    monkeypatch.setattr("weighbridge.host.capabilities.is_root", lambda: False)
    monkeypatch.setattr("weighbridge.host.capabilities.effective", lambda: frozenset({"CAP_PERFMON"}))
    unit, once = doctor_sight.advice()
    assert "CAP_SYS_PTRACE CAP_DAC_READ_SEARCH CAP_CHECKPOINT_RESTORE" in unit
    assert "cap_perfmon" not in once
    monkeypatch.setattr("weighbridge.host.capabilities.effective", lambda: frozenset(doctor_sight.GRANTED))
    assert doctor_sight.advice() == []
    monkeypatch.setattr(doctor_sight, "_SYSTEM", "darwin")
    assert doctor_sight.advice() == []


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock is of Linux")
def test_a_kernel_that_cannot_confine_readers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weighbridge.host.confined.version", lambda: 0)
    line = said("confined readers")
    assert line.symbol == "·"
    assert "no Landlock in this kernel" in line.detail
    monkeypatch.setattr("weighbridge.host.confined.version", lambda: 1)
    assert said("confined readers").symbol == "✓"
