from tests.samples.agent_homes import clean, faulty

from weighbridge.discover.agent_catalog import Mode
from weighbridge.discover.permission_modes import autonomous_agents, permissions_in
from weighbridge.model.agent import Scope

MODES = (
    Mode(key="permissions/defaultMode", autonomous=("bypassPermissions",), meaning="nothing is asked"),
    Mode(key="permissions/allow", autonomous=("Bash", "Bash(*)"), meaning="any shell command"),
    Mode(key="profiles/*/yolo", autonomous=("true",), meaning="nothing is asked"),
)


def found(value: object) -> list[tuple[str, str, bool]]:
    permissions = permissions_in(value, MODES, agent="a", scope=Scope.USER, path=b"/x")
    return [(one.key, one.value, one.autonomous) for one in permissions]


def test_settings_with_and_without_asking() -> None:
    assert found({"permissions": {"defaultMode": "bypassPermissions"}}) == [
        ("permissions/defaultMode", "bypassPermissions", True)
    ]
    assert found({"permissions": {"defaultMode": "plan"}}) == [("permissions/defaultMode", "plan", False)]
    assert found({"profiles": {"a": {"yolo": True}, "b": {"yolo": False}}}) == [
        ("profiles/a/yolo", "true", True),
        ("profiles/b/yolo", "false", False),
    ]


def test_lists_count_only_if_they_allow_everything() -> None:
    assert found({"permissions": {"allow": ["Bash(git status)", "Bash(*)"]}}) == [
        ("permissions/allow", "Bash(*)", True)
    ]
    assert found({"permissions": {"allow": ["Bash(git status)"]}}) == []


def test_a_setting_that_nobody_confirmed_is_hearsay() -> None:
    modes = (Mode(key="yolo", autonomous=("true",), meaning="nothing is asked", verified=False),)
    (one,) = permissions_in({"yolo": True}, modes, agent="a", scope=Scope.USER, path=b"/x")
    assert (one.autonomous, one.hearsay) == (False, True)
    (one,) = permissions_in({"yolo": False}, modes, agent="a", scope=Scope.USER, path=b"/x")
    assert (one.autonomous, one.hearsay) == (False, False)


def test_odd_values() -> None:
    assert found({"permissions": {"defaultMode": {"x": 1}, "allow": None}}) == [("permissions/allow", "", False)]
    assert found(None) == []


def test_agents_that_their_settings_let_act_without_asking() -> None:
    assert autonomous_agents(faulty()) == {"aider", "amp", "claude_code", "codex", "goose", "opencode"}
    assert autonomous_agents(clean()) == frozenset()
