import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.plain_http_tool_server import judge
from weighbridge.model.agent import Scope, ToolServer
from weighbridge.model.agent_observation import ToolServerSeen
from weighbridge.model.finding import Severity

SUBJECT = Subject(format="agent", name="mcp.json")


def server(**changes: object) -> ToolServerSeen:
    values = {"name": "x", "agents": (), "scope": Scope.USER, "path": b"/x", "key": "k", "transport": "http"}
    return ToolServerSeen(server=ToolServer(**(values | changes)))


def test_an_address_without_encryption() -> None:
    (finding,) = judge(server(url="http://tools.example/sse"), SUBJECT)
    assert finding.severity is Severity.MEDIUM
    assert finding.message == "The tool server x is reached without encryption: http://tools.example/sse."


@pytest.mark.parametrize("secret", [{"headers": ("Authorization",)}, {"url": "ws://***@tools.example/"}])
def test_secrets_on_the_way_make_it_worse(secret: dict[str, object]) -> None:
    (finding,) = judge(server(**({"url": "HTTP://tools.example/"} | secret)), SUBJECT)
    assert finding.severity is Severity.HIGH


@pytest.mark.parametrize(
    "near_miss",
    [
        server(url="https://tools.example/"),
        server(url="http://127.0.0.1:8000/", loopback=True),
        server(url="http://tools.example/", enabled=False),
        server(),
    ],
)
def test_near_misses(near_miss: ToolServerSeen) -> None:
    assert list(judge(near_miss, SUBJECT)) == []
