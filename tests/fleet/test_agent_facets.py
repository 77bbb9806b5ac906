"""What records say of agents, and what they cannot make of it."""

import pytest

from weighbridge.fleet import agent_facets
from weighbridge.fleet.agent_facets import PROVIDER, SETTING, SKILL, TOOL_SERVER, AgentRecord, acts_alone, agents_of


def thing(what, name="", kind="agent", at=(5, 5), **words):
    return AgentRecord(kind, name, {"what": what} | words, *at)


def of(*records):
    (agent,) = agents_of(records).values()
    return agent


def test_an_agent_is_all_that_names_it():
    agent = of(
        thing("agent", "claude_code", version="2.1", installed=True, at=(3, 4)),
        thing("tool server", "files", agents=["claude_code"], url="https://mcp.example/x", at=(7, 9)),
        thing("skill", "report", agents=["claude_code"], scope="project"),
        thing("hook", "Stop", agents=["claude_code"], command="make"),
        thing("", "anthropic", kind="secret", agents=["claude_code"]),
    )
    assert (agent.version, agent.installed, agent.first_at, agent.last_at) == ("2.1", 1, 3, 9)
    assert (agent.tool_servers, agent.skills, agent.hooks, agent.credentials) == (1, 1, 1, 1)
    assert (agent.outside, agent.repositories, agent.alone) == (1, 1, 0)
    assert agent.names == {(TOOL_SERVER, "files"), (SKILL, "report"), (PROVIDER, "anthropic")}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"what": "permission", "autonomous": True, "key": "mode", "value": "bypass"}, "mode = bypass"),
        ({"what": "tool server", "approved_tools": ["*"]}, "x: every tool unasked"),
        ({"what": "tool server", "approved_tools": ["read", "write"]}, "x: 2 tools unasked"),
    ],
)
def test_what_switches_asking_off_is_named(words, said):
    agent = of(AgentRecord("agent", "x", {"agents": ["goose"], **words}, 1, 1))
    assert agent.alone == 1
    assert (SETTING, said) in agent.names


@pytest.mark.parametrize(
    "words",
    [
        {"autonomous": "yes"},
        {"autonomous": False},
        {"approved_tools": []},
        {"approved_tools": "*"},
        {"approved_tools": [1]},
    ],
)
def test_what_only_looks_so_acts_not_alone(words):
    assert not acts_alone(words)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8/", "http://localhost/x", "http://[::1]/", "built-in", "", 7])
def test_a_tool_server_on_its_own_machine_is_not_outside(url):
    assert of(thing("tool server", "x", agents=["goose"], url=url)).outside == 0


def test_a_tool_server_that_is_switched_off_reaches_nothing():
    agent = of(
        thing("tool server", "x", agents=["goose"], url="https://a.example", enabled=False, approved_tools=["*"])
    )
    assert (agent.tool_servers, agent.outside, agent.alone, agent.names) == (0, 0, 0, set())


def test_a_hostile_inventory_stays_small():
    many = [thing("tool server", f"n{number}", agents=[f"a{number}"]) for number in range(2 * agent_facets.MOST_AGENTS)]
    assert len(agents_of(many)) == agent_facets.MOST_AGENTS
    names = [thing("skill", f"n{number}", agents=["a"]) for number in range(2 * agent_facets.MOST_NAMES)]
    agent = of(*names)
    assert (agent.skills, len(agent.names)) == (len(names), agent_facets.MOST_NAMES)
    odd = [
        thing(["x"], agents={"a": 1}),
        thing("agent", "", version=1),
        thing("skill", "\ud800" * 500, agents=["a" * 99]),
    ]
    (found,) = agents_of(odd)
    assert found == "a" * agent_facets.AGENT_LENGTH
