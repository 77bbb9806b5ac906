"""What is kept of a fleet, and what a damaged or missing file means."""

import pytest

from weighbridge.host.fake import FakeMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.membership import FOLDER, FleetFolder, Membership, Progress, endpoint_id, not_enrolled
from weighbridge.sync.plan import Place

MEMBERSHIP = Membership(
    url="https://fleet.example.com", endpoint_id="a" * 16, witness_key="key", enrolled_at="2026-11-21T09:00:00.000Z"
)


def folder_of(machine: FakeMachine) -> FleetFolder:
    return FleetFolder(machine)


def test_a_machine_belongs_to_no_fleet_at_first() -> None:
    assert folder_of(FakeMachine()).membership() is None
    assert not_enrolled().exit_code == 3


def test_what_was_joined_is_remembered_until_it_is_left() -> None:
    machine = FakeMachine()
    folder_of(machine).join(MEMBERSHIP)
    assert folder_of(machine).membership() == MEMBERSHIP
    key = folder_of(machine).device_key(make=True)
    assert folder_of(machine).device_key().text == key.text
    folder_of(machine).leave()
    assert folder_of(machine).membership() is None
    assert folder_of(machine).device_key(make=True).text != key.text


def test_the_device_key_is_made_once() -> None:
    machine = FakeMachine()
    first = folder_of(machine).device_key(make=True)
    assert folder_of(machine).device_key(make=True).text == first.text
    assert len(endpoint_id(first)) == 16


def test_progress_is_kept_as_it_is() -> None:
    machine = FakeMachine()
    progress = Progress(
        place=Place(acknowledged=5, cosigned=7, epoch="e", resync=True, part=3),
        failures=2,
        last_success="2026-11-21T09:00:00.000Z",
        code="busy",
        reason="later",
        clock_offset=-1.5,
    )
    folder_of(machine).keep(progress, b"note")
    assert folder_of(machine).progress() == progress
    assert machine.durable_folder(FOLDER).read("witnessed", 10) == b"note"


@pytest.mark.parametrize("content", [b"{}", b'{"acknowledged":-1,"place":[],"failures":true,"clock_offset":"x"}'])
def test_progress_that_says_nothing_is_asked_from_the_server(content: bytes) -> None:
    machine = FakeMachine()
    machine.durable_folder(FOLDER).replace({"progress": content})
    assert folder_of(machine).progress() == Progress(place=Place())


@pytest.mark.parametrize("content", [b"", b"[]", b'{"url":7}', b"x" * 2_000_000])
def test_a_damaged_enrollment_is_said(content: bytes) -> None:
    machine = FakeMachine()
    machine.durable_folder(FOLDER).replace({"enrollment": content})
    with pytest.raises(WeighbridgeError) as caught:
        folder_of(machine).membership()
    assert caught.value.code == "E-fleet-state"


@pytest.mark.parametrize("content", [None, b"", b"PRIVATE+KEY+x", b"\xff"])
def test_a_damaged_key_is_said_and_not_shown(content: bytes | None) -> None:
    machine = FakeMachine()
    if content is not None:
        machine.durable_folder(FOLDER).replace({"device-key": content})
    with pytest.raises(WeighbridgeError) as caught:
        folder_of(machine).device_key()
    assert caught.value.code == "E-fleet-state"
    assert "PRIVATE" not in caught.value.message


def test_one_process_sends_at_a_time() -> None:
    machine = FakeMachine()
    held = folder_of(machine).lock()
    with pytest.raises(WeighbridgeError) as caught:
        folder_of(machine).lock()
    assert caught.value.code == "E-sync-busy"
    held.close()
    folder_of(machine).lock().close()
