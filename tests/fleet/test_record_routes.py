"""The records of the fleet, asked by a program."""

import pytest
from sqlalchemy import select
from tests.fleet.small_fleet import LAPTOP, LLAMA, POET, SERVER, fill
from tests.fleet.things import copy, tell

from weighbridge.fleet.permissions import Permission, Role, Scope
from weighbridge.fleet.sightings import SIGHTINGS


@pytest.fixture
def told(served):
    served.store.write_now(fill)
    sighting = ("sighting", {"artifact": LLAMA, "path": "/home/ada/llama.gguf"})
    gone = ("sighting-end", {"path": "/home/ada/llama.gguf"})
    run = ("process", {"pid": 7, "started": 1, "name": "llama-server", "user": "ada", "weights": [{"sha256": LLAMA}]})
    served.store.write_now(lambda connection: tell(connection, LAPTOP, [("start", {}), sighting, run, gone]))
    served.store.write_now(lambda connection: tell(connection, SERVER, [("start", {}), ("gap", {"why": "stopped"})]))
    served.store.write_now(lambda connection: copy(connection, LAPTOP, size=4, cosigned=3))
    return served


def rows(served, query="", role=Role.ANALYST, scope=None, **more):
    header = served.token(served.account(f"{role}{query}{scope}{more}", role, scope), Permission.RECORDS_READ)
    return served.client().get("/api/v1/records", params={"q": query, **more}, headers=header)


def test_a_digest_is_followed_through_the_ledgers_even_when_it_is_gone(told):
    found = rows(told, f"digest:{LLAMA}").json()
    assert [(row["kind"], row["endpoint_name"], row["proof"]) for row in found["rows"]] == [
        ("sighting-end", "laptop", "proven"),
        ("process", "laptop", "cosigned"),
        ("sighting", "laptop", "cosigned"),
    ]
    assert (found["by"], found["back_to"], found["after"]) == ("digest", None, "")
    process = found["rows"][1]
    assert (process["process"], process["user"], process["owner"]) == ("llama-server", "ada", "ada")
    assert process["data"]["pid"] == 7
    assert rows(told, f"digest:{POET}").json()["rows"] == []


def test_records_of_a_model_say_where_it_lies_on_that_endpoint(told):
    records = [
        ("artifact", {"artifact": LLAMA, "format": "gguf"}),
        ("verdict", {"artifact": LLAMA, "decision": "deny"}),
        ("artifact", {"artifact": POET, "format": "gguf"}),
        ("artifact", {"artifact": ["x"], "format": "gguf"}),
    ]
    told.store.write_now(lambda connection: tell(connection, LAPTOP, records, first=4))
    told.store.write_now(lambda connection: tell(connection, SERVER, records[2:3], first=2))
    found = rows(told, "kind:artifact OR kind:verdict").json()["rows"]
    by_key = {(row["endpoint_name"], row["record_index"]): row["path"] for row in found}
    assert by_key[("laptop", 4)] == by_key[("laptop", 5)] == "/home/ada/llama.gguf"
    assert by_key[("laptop", 7)] == ""
    whereabouts = {name: sightings_of(told, name, POET) for name in (LAPTOP, SERVER)}
    assert by_key[("laptop", 6)] == whereabouts[LAPTOP]
    assert by_key[("server", 2)] == whereabouts[SERVER]
    assert len({*whereabouts.values()}) == 2


def sightings_of(told, endpoint_id, digest):
    wanted = select(SIGHTINGS.c.path).where(SIGHTINGS.c.endpoint_id == endpoint_id, SIGHTINGS.c.artifact == digest)
    return told.store.read_now(lambda connection: connection.execute(wanted).scalar() or "")


def test_a_piece_goes_on_where_the_one_before_ended(told):
    first = rows(told, limit=4).json()
    second = rows(told, after=first["after"]).json()
    seen = [(row["endpoint_id"], row["record_index"]) for row in first["rows"] + second["rows"]]
    assert len(seen) == len(set(seen)) == 6
    assert second["after"] == ""


def test_beyond_the_scope_there_are_no_records(told):
    found = rows(told, scope=Scope(groups=("ops",))).json()
    assert [row["endpoint_name"] for row in found["rows"]] == ["server", "server"]
    assert rows(told, f"digest:{LLAMA}", scope=Scope(groups=("ops",))).json()["rows"] == []


def test_a_query_that_is_none_is_explained(told):
    answer = rows(told, "proces:ollama")
    assert (answer.status_code, answer.json()["code"]) == (400, "E-query")
    assert answer.json()["hint"] == "did you mean `process`?"
    assert rows(told, after="nowhere").status_code == 400


def test_who_may_not_read_records_is_refused(told):
    header = told.token(told.account("vera", Role.VIEWER), Permission.FLEET_READ)
    assert told.client().get("/api/v1/records", headers=header).status_code == 403
