"""A pull is a record where a ledger is kept, and nothing where there is none."""

import pytest
from tests.pipeline.hub_kit import FILES, pulled

from weighbridge.host.real import RealMachine
from weighbridge.ledger.entry import decode
from weighbridge.pipeline.hub_access import HubAccess
from weighbridge.pipeline.hub_recording import record_pull
from weighbridge.pipeline.ledger_open import FOLDER, ledger_reader, open_ledger


@pytest.fixture
def access(hub):
    return HubAccess(url=hub.url)


def test_where_nothing_is_recorded_no_ledger_begins(hub, home, access):
    assert record_pull(RealMachine(), access, pulled(hub)) is False
    assert not (home / "state" / FOLDER / "checkpoint").exists()


def test_a_pull_is_one_record_with_the_digests_of_its_weights(hub, home, access):
    machine = RealMachine()
    open_ledger(machine).close()
    found = pulled(hub)
    assert record_pull(machine, access, found) is True
    log = ledger_reader(machine)
    records = [decode(entry) for entry in log.entries(0, log.head().size)]
    (said,) = [one.data for one in records if one.kind == "outcome"]
    weights = {one.sha256 for one in found.files if one.path.endswith(".gguf")}
    assert said["weights"] == sorted(weights)
    assert (said["what"], said["name"], said["files"]) == ("pull", "acme/coder", len(FILES))


def test_while_somebody_else_writes_there_nothing_is_lost_but_the_record(hub, home, access):
    machine = RealMachine()
    with open_ledger(machine):
        assert record_pull(machine, access, pulled(hub)) is False
