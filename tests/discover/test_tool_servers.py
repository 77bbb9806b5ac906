import pytest

from weighbridge.discover.tool_servers import definitions, secrets_of, tool_server
from weighbridge.model.agent import Scope, ToolServer


def one(item: dict[str, object]) -> ToolServer:
    return tool_server("mcpServers/x", "x", item, agents=("a",), scope=Scope.USER, path=b"/x")


@pytest.mark.parametrize(
    ("item", "transport", "command", "url"),
    [
        ({"command": "npx", "args": ["-y", "x"]}, "stdio", ("npx", "-y", "x"), None),
        ({"type": "local", "command": ["bun", "x.ts"]}, "stdio", ("bun", "x.ts"), None),
        ({"cmd": "uvx", "args": ["x"], "type": "stdio"}, "stdio", ("uvx", "x"), None),
        ({"command": {"path": "/bin/x", "args": ["a"]}}, "stdio", ("/bin/x", "a"), None),
        ({"command": "npx -y x"}, "stdio", ("npx", "-y", "x"), None),
        ({"url": "https://h/mcp"}, "http", (), "https://h/mcp"),
        ({"url": "https://h/sse"}, "sse", (), "https://h/sse"),
        ({"type": "streamable-http", "uri": "https://h"}, "http", (), "https://h"),
        ({"serverUrl": "wss://h"}, "websocket", (), "wss://h"),
        ({"httpUrl": "https://h"}, "http", (), "https://h"),
        (
            {"command": "npx", "args": ["mcp-remote", "http://h/x"]},
            "stdio",
            ("npx", "mcp-remote", "http://h/x"),
            "http://h/x",
        ),
        ({"type": "builtin"}, "built-in", (), None),
        ({}, "unknown", (), None),
    ],
)
def test_shapes(item: dict[str, object], transport: str, command: tuple[str, ...], url: str | None) -> None:
    server = one(item)
    assert (server.transport, server.command, server.url) == (transport, command, url)


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:80/x", True),
        ("http://localhost/x", True),
        ("http://[::1]:80/x", True),
        ("http://user@127.9.9.9/", True),
        ("http://127.0.0.1.example/", False),
        ("http://localhost.example/", False),
        ("http://10.0.0.1/", False),
    ],
)
def test_loopback(url: str, loopback: bool) -> None:
    assert one({"url": url}).loopback == loopback


def test_names_without_values_switches_and_approvals() -> None:
    server = one(
        {
            "command": "x",
            "env": {"B": "value-of-b", "A": "1"},
            "headers": {"Authorization": "Bearer value-of-header"},
            "disabled": True,
            "alwaysAllow": ["read", "write"],
        }
    )
    assert (server.environment, server.headers) == (("A", "B"), ("Authorization",))
    assert (server.enabled, server.approved_tools) == (False, ("read", "write"))
    assert "value-of" not in repr(server)
    assert one({"url": "x", "trust": True}).approved_tools == ("*",)
    assert one({"command": "x", "env": ["TOKEN=value-of-token", "PLAIN"]}).environment == ("PLAIN", "TOKEN")


def test_definitions_in_mappings_lists_and_odd_values() -> None:
    value = {
        "mcpServers": {"a": {"command": "x"}, "b": "https://h/mcp", "c": 3, "d": None},
        "list": [{"name": "n", "command": "x"}, "run me", 5],
    }
    found = [(key, name) for key, name, _ in definitions(value, ("mcpServers", "list", "nothing", "mcpServers"))]
    assert found == [("mcpServers/a", "a"), ("mcpServers/b", "b"), ("list/n", "n"), ("list/1", "1")]
    assert list(definitions(["x"], ("a",))) == []


def test_secrets_are_for_the_search_only() -> None:
    item = {"env": {"A": "1", "B": 2}, "headers": {"H": "v"}, "envs": ["C=3", "D"]}
    assert list(secrets_of(item)) == [("A", "1"), ("C", "3"), ("H", "v")]
