import pytest

from weighbridge.host.fake import FakeMachine
from weighbridge.ledger.note_keys import PrivateKey
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.ledger_key import public_key
from weighbridge.pipeline.ledger_open import ledger_reader, open_ledger


def code(caught: pytest.ExceptionInfo[WeighbridgeError]) -> str:
    return caught.value.code


def test_the_first_opening_makes_log_and_key() -> None:
    machine = FakeMachine()
    assert public_key(machine) is None
    with pytest.raises(WeighbridgeError) as caught:
        ledger_reader(machine)
    assert code(caught) == "E-ledger-empty"
    open_ledger(machine, lambda: "offline").close()
    key = public_key(machine)
    assert key is not None
    assert ledger_reader(machine).head().checkpoint.origin == key.name
    assert b"ada" not in key.text.encode(), "the name says nothing about the machine"
    open_ledger(machine).close()
    assert ledger_reader(machine).head().size == 4


def test_two_ledgers_have_two_keys() -> None:
    machines = [FakeMachine(), FakeMachine()]
    for machine in machines:
        open_ledger(machine).close()
    first, second = (public_key(machine) for machine in machines)
    assert first is not None
    assert second is not None
    assert first.text != second.text


def test_a_lost_key_never_makes_a_new_one_for_an_old_ledger() -> None:
    machine = FakeMachine()
    open_ledger(machine).close()
    machine.disks["ledger-key"].restore({})
    with pytest.raises(WeighbridgeError, match="missing") as caught:
        open_ledger(machine)
    assert code(caught) == "E-ledger-key"
    assert machine.disks["ledger-key"].files() == {}


def test_a_damaged_key_is_said_and_not_shown() -> None:
    machine = FakeMachine()
    open_ledger(machine).close()
    disk = machine.disks["ledger-key"]
    text = disk.content("private")
    disk.change("private", text[:-5])
    with pytest.raises(WeighbridgeError) as caught:
        open_ledger(machine)
    assert code(caught) == "E-ledger-key"
    assert text.split(b"+")[-1].strip().decode()[:10] not in str(caught.value)
    disk.change("private", PrivateKey("other", bytes(32)).text.encode())
    with pytest.raises(WeighbridgeError) as caught:
        open_ledger(machine)
    assert code(caught) == "E-ledger-damaged"


def test_a_public_key_that_got_lost_is_written_again() -> None:
    machine = FakeMachine()
    open_ledger(machine).close()
    before = public_key(machine)
    files = machine.disks["ledger-key"].files()
    del files["public"]
    machine.disks["ledger-key"].restore(files)
    open_ledger(machine).close()
    assert before is not None
    assert public_key(machine).text == before.text  # type: ignore[union-attr]
