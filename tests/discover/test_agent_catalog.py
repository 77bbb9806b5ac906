import re

import pytest

from weighbridge.discover.agent_catalog import CatalogAgent, agent_of, agents

FILE = {"title": "A", "source": "its documentation", "checked": "2026-11-21", "confidence": "docs"}


def _program(agent: CatalogAgent) -> tuple[str, ...]:
    return agent.program.names + agent.program.arguments + agent.program.paths


def test_the_catalog_has_its_agents_sorted_and_each_can_be_recognized() -> None:
    found = agents()
    assert len(found) == 35
    assert [agent.id for agent in found] == sorted({agent.id for agent in found})
    without = [agent.id for agent in found if not (_program(agent) or agent.packages)]
    assert without == []
    assert [agent.id for agent in found if not (agent.files or agent.state or agent.packages)] == []


def test_every_fact_says_where_and_when_it_was_read() -> None:
    for agent in agents():
        assert agent.source, agent.id
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", agent.checked), agent.id


def test_a_name_that_others_share_needs_a_path_or_arguments_beside_it() -> None:
    lonely = [
        agent.id for agent in agents() if agent.program.shared and not (agent.program.arguments or agent.program.paths)
    ]
    assert lonely == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"titel": "B"}, "unknown key 'titel'"),
        ({"confidence": "sure"}, "confidence is one of"),
        ({"title": ""}, "title is a text"),
        ({"program": {"names": "claude"}}, "names is a list of texts"),
        ({"program": {"nams": []}}, "unknown key 'nams'"),
        ({"file": [{"path": "/root/x"}]}, "a path begins with one of"),
        ({"file": [{"path": "{home}/x", "scope": "world"}]}, "scope is one of"),
        ({"file": [{"path": "{home}/x", "mode": [{"key": "a"}]}]}, "a mode has a key and a list"),
        ({"file": [{"path": "{home}/x", "source": "elsewhere"}]}, "missing key 'checked'"),
        ({"skills": {"path": "{home}/x"}}, "skills is a list of tables"),
    ],
)
def test_a_mistake_in_a_file_is_named(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        agent_of("a", FILE | change)


def test_a_file_without_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match="missing key 'source'"):
        agent_of("a", {name: value for name, value in FILE.items() if name != "source"})
