from datetime import datetime, timedelta

import pytest
from tests.sync.policy_server import policy_files

from weighbridge.host.fake import FakeMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.fleet_policy import Held, PolicyFolder, fleet_policy, held_now
from weighbridge.sync.policy_bundle import packed


def test_a_machine_without_a_fleet_holds_nothing():
    machine = FakeMachine()
    folder = PolicyFolder(machine)
    assert (folder.metadata(), folder.bundle(), folder.state()) == ({}, None, Held())
    assert held_now(machine) == Held()
    with pytest.raises(WeighbridgeError, match="no policy from a fleet"):
        fleet_policy(machine)


def test_what_is_said_is_kept_and_forgotten_together():
    machine = FakeMachine()
    folder = PolicyFolder(machine)
    folder.keep({"root.json": b"r", "timestamp.json": b"t"})
    folder.put_in_force(packed(3, policy_files(3)))
    said = folder.say(3, "unreachable", "x" * 1000)
    assert PolicyFolder(machine).state() == said
    assert (said.refreshed_at, len(said.reason)) == ("", 255)
    said = folder.say(3, expires="2026-11-27T12:00:00Z")
    assert (said.refreshed_at, said.expires) == (folder.state().tried_at, "2026-11-27T12:00:00Z")
    assert folder.say(3, "old").refreshed_at == said.refreshed_at, "what is not believed makes nothing younger"
    folder.pin(b"other")
    assert folder.metadata() == {"root.json": b"other"}
    assert fleet_policy(machine).title == "balanced 3"
    folder.forget()
    assert (folder.metadata(), folder.bundle(), folder.state()) == ({}, None, Held())


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b'{"number":true,"code":[]}', b'{"number":-1}'])
def test_a_state_that_cannot_be_read_says_nothing(content):
    machine = FakeMachine()
    machine.durable_folder("policy").replace({"state": content})
    assert PolicyFolder(machine).state().number == 0


def test_a_disk_that_cannot_be_written_is_said():
    machine = FakeMachine()
    folder = PolicyFolder(machine)
    folder.keep({"root.json": b"r"})
    machine.disks["policy"].capacity = 0
    with pytest.raises(WeighbridgeError):
        folder.say(1)


NOW = datetime.fromisoformat("2026-11-20T12:00:00Z")


@pytest.fixture
def fresh():
    """A machine whose policy 3 is the newest for seven more days."""
    machine = FakeMachine()
    machine.clock = machine.started = NOW
    folder = PolicyFolder(machine)
    folder.put_in_force(packed(3, policy_files(3)))
    folder.say(3, expires="2026-11-27T12:00:00Z")
    return machine


def later(machine, **time):
    """Let time pass: the wall clock goes on, and the run of the machine with it."""
    machine.clock += timedelta(**time)


def step(machine, **time):
    """Set the wall clock; no time passes."""
    machine.clock += timedelta(**time)
    machine.started += timedelta(**time)


def test_a_policy_is_stale_from_the_day_on_that_what_was_signed_ends(fresh):
    assert held_now(fresh).stale_since == ""
    assert fleet_policy(fresh).words == "balanced 3 (fleet, enforce)"
    later(fresh, days=7)
    held = held_now(fresh)
    assert (held.number, held.code, held.stale_since) == (3, "expired", "2026-11-27")
    assert held.reason == "what the fleet signed ended on 2026-11-27"
    assert fleet_policy(fresh).words == "balanced 3 (fleet, enforce, stale since 2026-11-27)"


def test_why_nothing_newer_was_taken_is_said_before_that_it_ran_out(fresh):
    PolicyFolder(fresh).say(3, "unsigned", "two signatures are missing")
    later(fresh, days=8)
    held = held_now(fresh)
    assert (held.code, held.stale_since) == ("unsigned", "2026-11-27")
    PolicyFolder(fresh).say(3, "unreachable", "no route")
    assert held_now(fresh).code == "expired"


@pytest.mark.parametrize("years", [-10, -1, 10])
def test_no_clock_makes_a_stale_policy_young_again_within_one_run_of_the_machine(fresh, years):
    later(fresh, days=8)
    step(fresh, days=365 * years)
    assert held_now(fresh).stale_since == "2026-11-27"


def test_a_clock_that_was_wrong_leaves_nothing_behind(fresh):
    step(fresh, days=3650)
    assert held_now(fresh).stale_since == "2026-11-27"
    step(fresh, days=-7300)
    assert held_now(fresh).stale_since == ""
    step(fresh, days=3650)
    assert held_now(fresh).stale_since == ""
    assert fleet_policy(fresh).origin.number == 3


def test_after_a_restart_the_clock_is_never_earlier_than_the_last_refresh(fresh):
    PolicyFolder(fresh).say(3, expires="2026-11-20T12:00:00Z")
    fresh.boot_id = "another"
    fresh.clock -= timedelta(days=3650)
    assert held_now(fresh).stale_since == "2026-11-20"


def test_a_policy_of_which_nothing_says_how_new_it_is_counts_as_stale(fresh):
    fresh.durable_folder("policy").remove(["state"])
    assert held_now(fresh).stale_since == "an unknown day"
    assert fleet_policy(fresh).words == "balanced 3 (fleet, enforce, stale since an unknown day)"
