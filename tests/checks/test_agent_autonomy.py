import pytest

from weighbridge.checks.agent_autonomy import judge
from weighbridge.checks.check import Subject
from weighbridge.model.agent import PermissionMode, Scope, ToolServer
from weighbridge.model.agent_observation import PermissionSeen, ToolServerSeen
from weighbridge.model.finding import Confidence, Severity

SUBJECT = Subject(format="agent", name="settings.json")


def permission(**changes: object) -> PermissionSeen:
    values = {
        "agent": "claude_code",
        "scope": Scope.USER,
        "path": b"/x",
        "key": "permissions/defaultMode",
        "value": "bypassPermissions",
        "autonomous": True,
        "meaning": "nothing is asked",
    }
    return PermissionSeen(permission=PermissionMode(**(values | changes)), title="Claude Code")


def server(**changes: object) -> ToolServerSeen:
    values = {"name": "x", "agents": (), "scope": Scope.USER, "path": b"/x", "key": "k", "transport": "stdio"}
    return ToolServerSeen(server=ToolServer(**(values | changes)))


def test_an_agent_that_does_not_ask() -> None:
    (finding,) = judge(permission(), SUBJECT)
    assert finding.severity is Severity.HIGH
    assert finding.message == "Claude Code: nothing is asked (permissions/defaultMode is bypassPermissions)."


def test_a_setting_that_nobody_confirmed_is_told_as_hearsay() -> None:
    (finding,) = judge(permission(autonomous=False, hearsay=True), SUBJECT)
    assert (finding.severity, finding.confidence) == (Severity.LOW, Confidence.LOW)
    assert finding.message == (
        "Claude Code: nothing is asked, as is said of permissions/defaultMode = bypassPermissions; nobody confirmed it."
    )


def test_a_project_that_decides_for_everybody() -> None:
    (finding,) = judge(permission(scope=Scope.PROJECT), SUBJECT)
    assert "for everybody who opens settings.json" in finding.message


def test_a_server_of_which_every_tool_is_approved() -> None:
    (finding,) = judge(server(approved_tools=("*",)), SUBJECT)
    assert finding.severity is Severity.MEDIUM


@pytest.mark.parametrize(
    "near_miss",
    [
        permission(autonomous=False),
        server(approved_tools=("read", "list")),
        server(approved_tools=("*",), enabled=False),
        server(),
    ],
)
def test_near_misses(near_miss: object) -> None:
    assert list(judge(near_miss, SUBJECT)) == []
