import pytest
from tests.fleet.small_fleet import DESKTOP, LAPTOP, SERVER, fill
from tests.fleet.things import agent, copy, tell

from weighbridge.fleet import ledger_routes, listed_ledgers
from weighbridge.fleet.list_routes import now
from weighbridge.fleet.listing import Asked
from weighbridge.fleet.permissions import EVERYTHING, Scope


@pytest.fixture
def told(served):
    served.store.write_now(fill)
    things = [("start", {}), ("gap", {"why": "stopped"}), agent("skill", "report"), ("heartbeat", {"seen": 3})]
    served.store.write_now(lambda connection: tell(connection, LAPTOP, things))
    served.store.write_now(lambda connection: copy(connection, LAPTOP, size=4, cosigned=3, skipped=2))
    served.store.write_now(lambda connection: copy(connection, SERVER, size=900, cosigned=900))
    return served


def ledgers(told, scope=EVERYTHING, query=""):
    asked, moment = Asked(query=query), now(told.server)
    return told.store.read_now(lambda connection: ledger_routes.ledgers(connection, scope, asked, moment)).rows


def records(told, endpoint_id, query="", scope=EVERYTHING):
    asked, moment = Asked(query=query), now(told.server)
    return told.store.read_now(lambda connection: ledger_routes.records(connection, scope, endpoint_id, asked, moment))


def test_each_ledger_says_how_far_it_is(told):
    found = {one.name: (one.size, one.cosigned, one.skipped) for one in ledgers(told)}
    assert found == {"laptop": (4, 3, 2), "server": (900, 900, 0)}
    assert [one.name for one in ledgers(told, query="size:>100")] == ["server"]
    assert [one.name for one in ledgers(told, query="skipped:>0")] == ["laptop"]
    assert [one.name for one in ledgers(told, Scope(groups=("ops",)))] == ["server"]


def test_records_are_listed_newest_first_with_what_proves_them(told):
    found = records(told, LAPTOP)
    assert [(row.record_index, row.kind, row.proof) for row in found.rows] == [
        (3, "heartbeat", "proven"),
        (2, "agent", "cosigned"),
        (1, "gap", "cosigned"),
        (0, "start", "cosigned"),
    ]
    assert (found.gaps, found.rows[0].data) == (1, {"seen": 3})
    assert [row.kind for row in records(told, LAPTOP, "kind:gap").rows] == ["gap"]
    assert [row.kind for row in records(told, LAPTOP, "at:>2030-01-01").rows] == []
    assert len(records(told, LAPTOP, "network:offline index:>=2").rows) == 2


def test_an_endpoint_that_sent_nothing_has_an_empty_ledger(told):
    found = records(told, DESKTOP)
    assert (found.ledger.name, found.ledger.size, found.rows, found.gaps) == ("desktop", 0, [], 0)


def test_beyond_the_scope_there_is_no_ledger(told):
    lab = Scope(groups=("lab",))
    assert told.store.read_now(lambda connection: listed_ledgers.ledger(connection, lab, SERVER)) is None
    assert told.store.read_now(lambda connection: listed_ledgers.ledger(connection, EVERYTHING, "z" * 16)) is None
