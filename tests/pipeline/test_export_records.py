import pytest

from weighbridge.host.fake import FakeMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.export_records import recorded
from weighbridge.pipeline.ledger_open import open_ledger


def test_records_come_in_their_order() -> None:
    machine = FakeMachine()
    with open_ledger(machine) as recorder:
        recorder.record_all([("sighting", {"path": f"/m/{number}"}) for number in range(5000)])
    found = list(recorded(machine))
    assert [one.sequence for one in found] == list(range(5002))
    assert [one.data["path"] for one in found if one.kind == "sighting"][-1] == "/m/4999"


def test_without_a_ledger_it_says_so() -> None:
    with pytest.raises(WeighbridgeError) as caught:
        list(recorded(FakeMachine()))
    assert caught.value.code == "E-ledger-empty"
