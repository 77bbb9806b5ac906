import pytest
from tests.fleet.small_fleet import LAPTOP, SERVER, fill
from tests.fleet.things import agent, tell

from weighbridge.fleet import agent_routes
from weighbridge.fleet.list_routes import now
from weighbridge.fleet.listing import Asked
from weighbridge.fleet.permissions import EVERYTHING, Permission, Role, Scope


@pytest.fixture
def told(served):
    served.store.write_now(fill)
    files = agent("tool server", "files", command=["npx", "files"], approved_tools=["*"], agents=["claude-code"])
    asks = agent("tool server", "mail", url="https://mail.example.com/mcp", approved_tools=[])
    mode = agent("permission", "claude-code", key="mode", value="bypass", autonomous=True)
    served.store.write_now(lambda connection: tell(connection, LAPTOP, [files, asks, mode]))
    served.store.write_now(lambda connection: tell(connection, SERVER, [agent("skill", "report", sha256="1" * 64)]))
    return served


def rows(told, scope=EVERYTHING, query=""):
    asked, moment = Asked(query=query), now(told.server)
    return told.store.read_now(lambda connection: agent_routes.things(connection, scope, asked, moment)).rows


def test_what_acts_alone_is_told_from_what_asks(told):
    found = {(one.what, one.name): (one.acts_alone, one.approved, one.says) for one in rows(told)}
    assert found == {
        ("permission", "claude-code"): (True, [], "bypass"),
        ("skill", "report"): (False, [], ""),
        ("tool server", "files"): (True, ["*"], "npx files"),
        ("tool server", "mail"): (False, [], "https://mail.example.com/mcp"),
    }


def test_it_is_found_by_name_endpoint_and_group_and_only_within_the_scope(told):
    assert [one.name for one in rows(told, query="name:fil*")] == ["files"]
    assert [one.name for one in rows(told, query="group:ops")] == ["report"]
    assert [one.name for one in rows(told, query="mail")] == ["mail"]
    assert [one.name for one in rows(told, Scope(groups=("ops",)))] == ["report"]
    assert rows(told, Scope(groups=())) == []


def test_what_ended_is_gone(told):
    ended = agent("tool server", "mail", url="https://mail.example.com/mcp", approved_tools=[])
    told.store.write_now(lambda connection: tell(connection, LAPTOP, [("agent-end", ended[1])], first=10))
    assert [one.name for one in rows(told)] == ["claude-code", "files", "report"]


def test_nothing_that_an_endpoint_says_breaks_the_list(told):
    odd = agent("", "odd", approved_tools={"a": 1}, agents="x", command=[1, None], autonomous="yes", url=7)
    told.store.write_now(lambda connection: tell(connection, LAPTOP, [odd], first=20))
    (one,) = rows(told, query="name:odd")
    assert (one.acts_alone, one.approved, one.agents, one.says) == (False, [], [], "")


def test_the_api_lists_them(told):
    header = told.token(told.account("ada", Role.VIEWER), Permission.FLEET_READ)
    answer = told.client().get("/api/v1/agents/things", params={"q": "name:files"}, headers=header)
    assert [row["name"] for row in answer.json()["rows"]] == ["files"]
