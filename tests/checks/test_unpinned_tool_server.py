import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.unpinned_tool_server import judge
from weighbridge.model.agent import PackageReference, Scope, ToolServer
from weighbridge.model.agent_observation import ToolServerSeen

SUBJECT = Subject(format="agent", name="mcp.json")


def server(**changes: object) -> ToolServerSeen:
    values = {"name": "x", "agents": (), "scope": Scope.USER, "path": b"/x", "key": "k", "transport": "http"}
    return ToolServerSeen(server=ToolServer(**(values | changes)))


@pytest.mark.parametrize(
    ("package", "message", "remedy"),
    [
        (PackageReference(ecosystem="npm", name="a"), "a, no version given", "Pin it: a@VERSION."),
        (PackageReference(ecosystem="pypi", name="a", version=">=1"), "a@>=1", "Pin it: a==VERSION."),
        (PackageReference(ecosystem="git", name="h/a", version="main"), "h/a@main", "Pin it: its commit."),
    ],
)
def test_references_that_move(package: PackageReference, message: str, remedy: str) -> None:
    (finding,) = judge(server(package=package), SUBJECT)
    assert finding.message == f"The tool server x runs whatever is newest: {message}."
    assert finding.remedy == remedy


@pytest.mark.parametrize(
    "near_miss",
    [
        server(),
        server(package=PackageReference(ecosystem="npm", name="a", version="1.2.3", pinned=True)),
        server(package=PackageReference(ecosystem="npm", name="a"), enabled=False),
    ],
)
def test_near_misses(near_miss: ToolServerSeen) -> None:
    assert list(judge(near_miss, SUBJECT)) == []
