import pytest

from weighbridge.cli.agent_topics import agent_page, agent_titles
from weighbridge.discover.agent_catalog import agents
from weighbridge.discover.runtime_catalog import runtimes


@pytest.mark.parametrize("agent", agents(), ids=lambda agent: agent.id)
def test_every_agent_has_a_page_that_says_where_its_facts_are_from(agent):
    page = agent_page(agent.id)
    assert page.startswith(f"Agent: {agent.title}.")
    assert page.endswith(f"{agent.source}.")
    assert agent_titles()[agent.id] in page


def test_a_page_says_how_the_agent_is_told_and_what_lets_it_act():
    page = agent_page("claude_code")
    assert "How it is told" in page
    assert "~/.claude/settings.json" in page
    assert "  --dangerously-skip-permissions" in page


def test_who_is_no_agent_has_no_page():
    assert agent_page("ollama") is None


def test_agents_and_runtimes_share_no_id():
    assert not {agent.id for agent in agents()} & {*runtimes()}
