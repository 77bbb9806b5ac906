"""Requests to a hub without a network: the application is called as its server would call it, thousands of times."""

import asyncio
from typing import NamedTuple

from tests.fleet.serving import ORIGIN, Running


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def everything(self) -> bytes:
        """Headers and body."""
        return "\n".join(f"{name}: {value}" for name, value in self.headers.items()).encode() + b"\n" + self.body


async def ask(running: Running, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Answer:
    """Send a request; return its answer."""
    raw, _, query = path.removeprefix(ORIGIN).partition("?")
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http"}
    scope |= {"path": raw, "raw_path": raw.encode(), "query_string": query.encode(), "root_path": ""}
    scope |= {"headers": [(b"host", ORIGIN.removeprefix("http://").encode()), *pairs], "client": ("127.0.0.1", 1)}
    waiting = [{"type": "http.request", "body": body, "more_body": False}]
    messages: list[dict] = []

    async def receive() -> dict:
        if not waiting:
            await asyncio.Event().wait()  # nobody goes away before the answer has come
        return waiting.pop()

    async def send(message: dict) -> None:
        messages.append(message)

    await running.app(scope, receive, send)
    start = messages[0]
    said = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
    return Answer(start["status"], said, b"".join(message.get("body", b"") for message in messages[1:]))
