import json

import pytest
from sqlalchemy import update
from tests.fleet.small_fleet import LAPTOP, SERVER, fill
from tests.fleet.things import copy, tell

from weighbridge.fleet.permissions import Permission, Role, Scope
from weighbridge.fleet.records import RECORDS


@pytest.fixture
def told(served):
    served.store.write_now(fill)
    served.store.write_now(lambda connection: tell(connection, LAPTOP, [("start", {}), ("heartbeat", {"seen": 3})]))
    served.store.write_now(lambda connection: copy(connection, LAPTOP, size=2, cosigned=2))
    return served


def asked(told, path, role=Role.ANALYST, scope=None, **query):
    header = told.token(told.account("ada", role, scope), Permission.FLEET_READ, Permission.RECORDS_READ)
    return told.client().get(path, params=query, headers=header)


def test_ledgers_and_their_records_are_listed(told):
    assert [row["size"] for row in asked(told, "/api/v1/ledger").json()["rows"]] == [2]


def test_records_are_listed_with_their_proof(told):
    found = asked(told, f"/api/v1/ledger/{LAPTOP}", q="kind:heartbeat").json()
    assert [(row["record_index"], row["proof"], row["data"]) for row in found["rows"]] == [(1, "cosigned", {"seen": 3})]
    assert found["ledger"]["name"] == "laptop"


def test_who_may_not_see_an_endpoint_finds_none(told):
    answer = asked(told, f"/api/v1/ledger/{SERVER}", scope=Scope(groups=("lab",)))
    assert (answer.status_code, answer.json()["code"]) == (404, "E-not-found")


def test_a_viewer_sees_no_records(told):
    assert asked(told, f"/api/v1/ledger/{LAPTOP}", Role.VIEWER).status_code == 403


@pytest.mark.parametrize("value", ["9" * 400, '"\\ud800"', "NaN", "[" * 600 + "]" * 600, '{"a":{"b":[1,2]}}'])
def test_no_record_breaks_the_list(told, value):
    entry = json.dumps({"schema": "weighbridge.record/1", "sequence": 1, "kind": "heartbeat"})[:-1]
    entry = f'{entry},"data":{{"odd":{value}}}}}'.encode()
    told.store.write_now(
        lambda connection: connection.execute(update(RECORDS).where(RECORDS.c.record_index == 1).values(entry=entry))
    )
    answer = asked(told, f"/api/v1/ledger/{LAPTOP}", q="index:1")
    assert (answer.status_code, len(answer.json()["rows"])) == (200, 1)
