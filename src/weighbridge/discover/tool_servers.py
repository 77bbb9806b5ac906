"""MCP servers that agents are configured to use. None is started and none is asked.

Shapes: a mapping of names to servers, or a list of servers with names. A server is a command (`command` and `args`, one
list, `cmd`, or a mapping with `path`) or an address (`url`, `uri`, `serverUrl`, `httpUrl`).
Sources: the configuration pages that the files of `agents/` name; MCP specification 2025-06-18, transports.
"""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any, Literal

from weighbridge.discover.config_text import everywhere
from weighbridge.discover.masking import masked_key, masked_text, masked_url, masked_words
from weighbridge.discover.package_reference import package_of
from weighbridge.discover.shell_text import fetches_code, words_of
from weighbridge.model.agent import Scope, ToolServer

_MOST = 500
_URLS = ("url", "uri", "serverUrl", "httpUrl", "server_url", "endpoint", "baseUrl")
_ENVIRONMENTS = ("env", "envs", "environment", "env_vars", "environmentVariables", "env_keys")
_HEADERS = ("headers", "http_headers", "env_http_headers", "requestHeaders")
_APPROVED = ("alwaysAllow", "autoApprove", "auto_approve", "autoApproved", "allowedTools", "always_allow")
_ADDRESS = re.compile(r"(?:https?|wss?)://[^\s\"']+")

Transport = Literal["stdio", "http", "sse", "websocket", "unix", "built-in", "unknown"]
_TRANSPORTS: dict[str, Transport] = {
    "stdio": "stdio",
    "local": "stdio",
    "http": "http",
    "streamable-http": "http",
    "streamablehttp": "http",
    "streamable_http": "http",
    "remote": "http",
    "shttp": "http",
    "sse": "sse",
    "ws": "websocket",
    "websocket": "websocket",
    "builtin": "built-in",
    "platform": "built-in",
    "bundled": "built-in",
}


def definitions(value: Any, paths: tuple[str, ...]) -> Iterator[tuple[str, str, dict[str, Any]]]:  # noqa: ANN401
    """Yield the path, name and definition of every server that a configuration holds at these paths."""
    seen: set[str] = set()
    for path in paths:
        for found, servers in everywhere(value, path):
            if isinstance(servers, dict):
                items = [(str(name), item) for name, item in servers.items()]
            elif isinstance(servers, list):
                items = [(_name_of(item, place), item) for place, item in enumerate(servers)]
            else:
                continue
            for name, item in items[:_MOST]:
                key = f"{found}/{name}"
                if isinstance(item, str):
                    item = {"url": item} if "://" in item else {"command": item}
                if isinstance(item, dict) and key not in seen:
                    seen.add(key)
                    yield key, name, item


def _name_of(item: Any, place: int) -> str:  # noqa: ANN401  (whatever a configuration holds)
    name = item.get("name") if isinstance(item, dict) else None
    return name if isinstance(name, str) else str(place)


def tool_server(
    key: str, name: str, item: dict[str, Any], *, agents: tuple[str, ...], scope: Scope, path: bytes
) -> ToolServer:
    """Return one server from its definition, masked."""
    words = command_of(item)
    shown = masked_words(words)
    url = url_of(item, words)
    approved = next((item[name] for name in _APPROVED if item.get(name)), None)
    if item.get("trust") is True or approved is True:
        approved = ["*"]
    return ToolServer(
        name=masked_text(name)[:200],
        agents=agents,
        scope=scope,
        path=path,
        key=masked_key(key)[:400],
        transport=_transport(item, words, url),
        command=tuple(word[:400] for word in shown[:60]),
        url=masked_url(url)[:600] if url else None,
        loopback=is_loopback(url) if url else False,
        environment=_names(item, _ENVIRONMENTS),
        headers=_names(item, _HEADERS),
        package=package_of(words),
        fetched_code=fetches_code(" ".join(words)),
        enabled=not (item.get("disabled") is True or item.get("enabled") is False),
        approved_tools=tuple(str(one)[:100] for one in approved[:200]) if isinstance(approved, list) else (),
    )


def command_of(item: dict[str, Any]) -> tuple[str, ...]:
    """Return program and arguments as they stand there, secrets included: for this room only."""
    command = item.get("command", item.get("cmd"))
    if isinstance(command, dict):
        return words_of(command.get("path"), command.get("args", []))
    return words_of(command, item.get("args", item.get("arguments")))


def url_of(item: dict[str, Any], words: tuple[str, ...]) -> str | None:
    """Return the address that a server has, or that its command is given; secrets included, as above."""
    for name in _URLS:
        if isinstance(item.get(name), str) and item[name].strip():
            return str(item[name]).strip()
    for word in words[1:]:
        found = _ADDRESS.match(word)
        if found:
            return found[0]
    return None


def _transport(item: dict[str, Any], words: tuple[str, ...], url: str | None) -> Transport:
    said = item.get("type", item.get("transport", item.get("transportType")))
    if isinstance(said, dict):
        said = said.get("type")
    if isinstance(said, str) and said.lower() in _TRANSPORTS:
        stated = _TRANSPORTS[said.lower()]
        if not (stated == "stdio" and not words and url):
            return stated
    if words:
        return "stdio"
    if url is None:
        return "unknown"
    if url.startswith(("ws://", "wss://")):
        return "websocket"
    if url.startswith(("unix:", "/")):
        return "unix"
    return "sse" if re.search(r"/sse/?(?:$|\?)", url) else "http"


def is_loopback(url: str) -> bool:
    """Tell whether an address of a tool server leads to the machine on which it is written."""
    host = re.sub(r"^[^@/]*@", "", url.partition("://")[2].partition("/")[0].partition("?")[0])
    host = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    if host.lower().rstrip(".") == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _names(item: dict[str, Any], fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names in mappings, or in lists of `NAME` and `NAME=value`, sorted."""
    found: set[str] = set()
    for field in fields:
        value = item.get(field)
        if isinstance(value, dict):
            found |= {str(name)[:100] for name in value}
        elif isinstance(value, list):
            found |= {str(one).partition("=")[0][:100] for one in value if isinstance(one, str)}
    return tuple(sorted(found))[:200]


def secrets_of(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield names and values that a server is given, for the search for keys; never for a report."""
    for field in (*_ENVIRONMENTS, *_HEADERS):
        value = item.get(field)
        if isinstance(value, dict):
            yield from ((str(name), one) for name, one in value.items() if isinstance(one, str))
        elif isinstance(value, list):
            pairs = (one.partition("=") for one in value if isinstance(one, str) and "=" in one)
            yield from ((name, one) for name, _, one in pairs)
