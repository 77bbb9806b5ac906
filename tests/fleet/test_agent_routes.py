"""Agents over HTTP: empty, wrong, foreign, and as a file."""

from tests.fleet.small_fleet import LAPTOP, fill
from tests.fleet.things import agent, tell

from weighbridge.fleet.permissions import Permission, Role, Scope


def asking(served, scope=None):
    header = served.token(served.account("ada", Role.VIEWER, scope), Permission.FLEET_READ)
    return lambda path, **parameters: served.client().get(f"/api/v1/{path}", params=parameters, headers=header)


def test_an_empty_fleet_has_no_agents_and_a_wrong_query_is_explained(served):
    get = asking(served)
    assert get("agents").json() == {"rows": []}
    assert get("agents/things").json()["total"] == 0
    assert get("agents/goose").status_code == 404
    for path in ("agents", "agents/things"):
        wrong = get(path, q="nmae:x")
        assert (wrong.status_code, wrong.json()["code"]) == (400, "E-query")


def test_an_agent_is_told_with_its_endpoints_and_written_as_files(served):
    served.store.write_now(fill)
    served.store.write_now(lambda connection: tell(connection, LAPTOP, [agent("agent", "goose", version="=1+1")]))
    get = asking(served)
    assert [row["agent"] for row in get("agents").json()["rows"]] == ["goose"]
    page = get("agents/goose").json()
    assert (page["summary"]["title"], [row["endpoint_name"] for row in page["rows"]]) == ("Goose", ["laptop"])
    assert ",'=1+1," in get("lists/agents-on-endpoints/export", q="agent:goose").text
    header, line = get("lists/agents/export").text.splitlines()
    assert (header.split(",")[:3], line.split(",")[:3]) == (["agent", "title", "endpoints"], ["goose", "Goose", "1"])


def test_an_agent_of_others_is_none(served):
    served.store.write_now(fill)
    served.store.write_now(lambda connection: tell(connection, LAPTOP, [agent("agent", "goose")]))
    get = asking(served, Scope(groups=("ops",)))
    assert get("agents").json() == {"rows": []}
    assert get("agents/goose").status_code == 404
