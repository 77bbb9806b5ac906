"""A line an agent: who has it, where it acts alone, and only within the scope."""

import pytest
from tests.fleet.small_fleet import DESKTOP, LAPTOP, NOW, SERVER, fill
from tests.fleet.things import agent, tell

from weighbridge.fleet import agent_routes, listed_agents
from weighbridge.fleet.listing import Asked
from weighbridge.fleet.permissions import EVERYTHING, Scope
from weighbridge.fleet.problem import RefusedError

OPS = Scope(groups=("ops",))


@pytest.fixture
def fleet(store):
    key = ("secret", {"provider": "anthropic", "format": "api-key", "agents": ["claude_code"], "path": "/k", "line": 1})
    mode = agent("permission", "claude_code", agents=["claude_code"], key="mode", value="bypass", autonomous=True)
    web = agent("tool server", "web", agents=["claude_code"], url="https://mcp.example/", scope="project")

    def write(connection):
        fill(connection)
        tell(connection, LAPTOP, [agent("agent", "claude_code", version="2.1", installed=True), key, mode])
        tell(connection, DESKTOP, [agent("agent", "claude_code", version="2.0"), web])
        tell(connection, SERVER, [agent("agent", "claude_code", version="2.0"), agent("agent", "our_own", version="1")])

    store.write_now(write)
    return store


def lines(fleet, query="", scope=EVERYTHING):
    return fleet.read_now(lambda connection: listed_agents.summaries(connection, scope, query, NOW))


def on(fleet, query="", scope=EVERYTHING):
    asked = Asked(query=query, sort="endpoint")
    found = fleet.read_now(lambda connection: agent_routes.on_endpoints(connection, scope, asked, NOW))
    return [(one.endpoint_name, one.agent) for one in found.rows]


def test_a_line_counts_endpoints_and_names_versions_and_people(fleet):
    line, own = lines(fleet)
    assert (line.agent, line.title, line.endpoints) == ("claude_code", "Claude Code", 3)
    assert (line.alone, line.credentials, line.outside, line.repositories) == (1, 1, 1, 1)
    assert (line.tool_servers, line.skills, line.hooks) == (1, 0, 0)
    assert (line.versions, line.other_versions, line.people) == (["2.0", "2.1"], 0, ["ada", "bob"])
    assert (own.agent, own.title, own.endpoints, own.people) == ("our_own", "our_own", 1, [])


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("alone:yes", ["laptop"]),
        ("agent:claude_code alone:no", ["desktop", "server"]),
        ("credentials:yes", ["laptop"]),
        ("outside:yes", ["desktop"]),
        ("code:yes", ["desktop"]),
        ("installed:yes", ["laptop"]),
        ("hooks:yes", []),
        ("tool:web", ["desktop"]),
        ("skill:web", []),
        ("provider:anthropic", ["laptop"]),
        ("owner:ada", ["laptop"]),
        ("group:ops agent:claude*", ["server"]),
        ("endpoint:desk*", ["desktop"]),
        (f"id:{SERVER} version:2.0", ["server"]),
        ("label:site=berlin", []),
        ("claude 2.1", ["laptop"]),
    ],
)
def test_facets_find_endpoints_and_count_them_in_the_line(fleet, query, where):
    assert [name for name, _ in on(fleet, query)] == where
    found = lines(fleet, query)
    assert [line.endpoints for line in found] == ([len(where)] if where else [])


def test_a_scope_hides_other_endpoints_in_every_number(fleet):
    line, _ = lines(fleet, scope=OPS)
    assert (line.endpoints, line.alone, line.credentials, line.versions, line.people) == (1, 0, 0, ["2.0"], [])
    assert on(fleet, scope=OPS) == [("server", "claude_code"), ("server", "our_own")]
    assert lines(fleet, scope=Scope(groups=())) == []
    assert fleet.read_now(lambda connection: listed_agents.reached(connection, OPS, "claude_code")) == []


def test_one_agent_tells_what_it_reaches_and_where_it_is(fleet):
    ask = Asked(query="alone:yes", sort="endpoint")
    page = fleet.read_now(lambda connection: agent_routes.one_agent(connection, EVERYTHING, "claude_code", ask, NOW))
    assert (page.summary.endpoints, page.total, [row.endpoint_name for row in page.rows]) == (3, 1, ["laptop"])
    assert [(one.kind, one.name, one.endpoints) for one in page.reached] == [
        ("tool server", "web", 1),
        ("provider", "anthropic", 1),
        ("setting", "mode = bypass", 1),
    ]


@pytest.mark.parametrize(
    ("name", "scope"), [("nobody", EVERYTHING), ("", EVERYTHING), ("our_own", Scope(groups=("lab",)))]
)
def test_an_agent_that_is_nowhere_in_the_scope_is_none(fleet, name, scope):
    with pytest.raises(RefusedError) as refused:
        fleet.read_now(lambda connection: agent_routes.one_agent(connection, scope, name, Asked(), NOW))
    assert refused.value.status == 404


@pytest.mark.parametrize("sort", ["agent", "endpoint", "last"])
def test_every_order_goes_on_from_piece_to_piece(fleet, sort):
    seen, after = [], ""
    while True:
        asked = Asked(sort=sort, after=after, limit=1)
        found = fleet.read_now(
            lambda connection, ask=asked: agent_routes.on_endpoints(connection, EVERYTHING, ask, NOW)
        )
        seen += [(row.endpoint_id, row.agent) for row in found.rows]
        after = found.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 4
