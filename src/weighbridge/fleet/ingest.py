"""Where endpoints come in: a bare ASGI application for `/v1/enroll`, `/v1/sync` and what else has an answer.

It reads a bounded body, lets `exchange` answer, and turns every outcome into a status and a JSON body. Nothing an
endpoint sends ends the process or becomes a traceback.

Source: ASGI specification 3.0, "HTTP Connection Scope"; RFC 9110 (status codes, Retry-After).
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from weighbridge.fleet.enrollment import RefusedError
from weighbridge.fleet.exchange import Exchange, Request
from weighbridge.model.errors import WeighbridgeError
from weighbridge.sync.envelope import CONTENT_TYPE, ENCODING, LARGEST_BODY, encoded
from weighbridge.sync.messages import ENROLL_PATH, SYNC_PATH, VERSIONS, Message, Refused

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

STATUS = {
    "approval": 403,
    "body": 400,
    "busy": 503,
    "clock": 401,
    "forked": 409,
    "ledger": 409,
    "ledger-changed": 409,
    "replayed": 401,
    "revoked": 403,
    "signature": 401,
    "token": 403,
    "unknown": 401,
    "version": 400,
}
"""HTTP status of each refusal."""
_READ_SECONDS = 30.0
_SLOW_RETRY = {"approval": 300.0, "forked": 3600.0, "revoked": 86_400.0, "unknown": 3600.0, "version": 3600.0}
"""After how many seconds a refusal that a person must change may be asked for again."""


Answering = Callable[[Request], Awaitable[Message]]


class Ingest:
    """The application.

    Args:
        exchange: what answers.
        more: what answers on other paths.
    """

    def __init__(self, exchange: Exchange, more: Mapping[str, Answering] | None = None) -> None:
        self._exchange = exchange
        self._answers: Mapping[str, Answering] = {
            **(more or {}),
            ENROLL_PATH: exchange.enroll,
            SYNC_PATH: exchange.sync,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        path = scope["path"]
        if path not in self._answers:
            await _answer(send, 404, self._refused("body", "there is nothing here"))
            return
        if scope["method"] != "POST":
            await _answer(send, 405, self._refused("body", "only POST is answered"))
            return
        fields = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        try:
            body = await _body(fields, receive)
            if body is None:
                return
            request = Request("POST", path, fields, body, _is_encoded(fields))
            answer = await self._answers[path](request)
        except RefusedError as refused:
            status = 413 if refused.reason == _TOO_LARGE else STATUS[refused.code]
            await _answer(send, status, self._refused(refused.code, refused.reason))
            return
        except WeighbridgeError as error:
            # The store could not: nothing was acknowledged, the endpoint keeps what it has.
            await _answer(send, 503, self._refused("busy", error.message[:255]))
            return
        await _answer(send, 200, answer)

    def _refused(self, code: str, reason: str) -> Refused:
        retry = _SLOW_RETRY.get(code, 0.0)
        if code == "busy":
            retry = self._exchange.retry_in
        return Refused(
            code=code,
            message=reason[:255],
            server_time=self._exchange.server_time,
            retry_in=retry,
            versions=VERSIONS if code == "version" else (),
        )


_TOO_LARGE = f"the body has more than {LARGEST_BODY} bytes"


async def _body(fields: list[tuple[str, str]], receive: Receive) -> bytes | None:
    """Return the body; None if the client went away.

    Raises:
        RefusedError: it is too large or does not come.
    """
    stated = next((value for name, value in fields if name == "content-length"), "0")
    if not (stated.isascii() and stated.isdecimal()) or len(stated) > 12 or int(stated) > LARGEST_BODY:
        raise RefusedError("body", _TOO_LARGE)
    content = bytearray()
    try:
        async with asyncio.timeout(_READ_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                content += message.get("body", b"")
                if len(content) > LARGEST_BODY:
                    raise RefusedError("body", _TOO_LARGE)
                if not message.get("more_body", False):
                    return bytes(content)
    except TimeoutError:
        raise RefusedError("body", "the body did not come in time") from None


def _is_encoded(fields: list[tuple[str, str]]) -> bool:
    found = [value.strip().lower() for name, value in fields if name == "content-encoding"]
    if found not in ([], [ENCODING], ["identity"]):
        raise RefusedError("body", f"the body is encoded otherwise than as {ENCODING}")
    return found == [ENCODING]


async def _answer(send: Send, status: int, message: Message) -> None:
    body = encoded(message)
    headers = [
        (b"content-type", CONTENT_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if isinstance(message, Refused) and message.retry_in:
        headers.append((b"retry-after", str(math.ceil(message.retry_in)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
