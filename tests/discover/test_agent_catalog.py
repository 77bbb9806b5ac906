import re

import pytest

from weighbridge.discover.agent_catalog import CatalogAgent, agent_of, agents
from weighbridge.discover.permission_modes import permissions_in
from weighbridge.model.agent import Scope

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


def _free(agent_id: str, value: object) -> list[tuple[str, bool, bool]]:
    """Return what settings of an agent say of not asking: where, whether it is known, whether it is said."""
    (agent,) = (one for one in agents() if one.id == agent_id)
    given = {"agent": agent_id, "scope": Scope.USER, "path": b"/x"}
    found = (one for file in agent.files for one in permissions_in(value, file.modes, **given))
    return sorted({(one.key, one.autonomous, one.hearsay) for one in found if one.autonomous or one.hearsay})


def test_a_setting_that_an_agent_ignores_or_that_is_its_default_accuses_nobody() -> None:
    assert _free("gemini_cli", {"general": {"defaultApprovalMode": "yolo"}}) == []
    assert _free("gemini_cli", {"tools": {"allowed": ["run_shell_command(git)"]}}) == []
    assert _free("gemini_cli", {"tools": {"allowed": ["run_shell_command"]}}) == [("tools/allowed", True, False)]
    assert _free("cline", {"autoApprovalSettings": {"actions": {"executeAllCommands": True}}}) == []
    assert _free("crush", {"options": {"skip_permissions_requests": True}}) == []
    assert _free("kiro", {"allowedTools": ["*"]}) == []
    assert _free("roo_code", {"roo-cline.allowedCommands": ["git log", "git diff"]}) == []


def test_a_setting_that_only_older_versions_read_is_hearsay() -> None:
    assert _free("cline", {"yoloModeToggled": True}) == [("yoloModeToggled", False, True)]


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
