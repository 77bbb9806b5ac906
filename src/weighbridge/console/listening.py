"""Listens for requests until the process is told to stop, then lets those finish that have begun.

Source: granian, "Embedding Granian in your project"; systemd.kill(5); Kubernetes, "Termination of Pods" (SIGTERM).
"""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server as Listener

from weighbridge.console.app import application
from weighbridge.console.unread import end_unread
from weighbridge.fleet.server import Server
from weighbridge.hub.hub import Hub
from weighbridge.model.errors import WeighbridgeError

_WARNED_SECONDS = 3.0
"""How long new requests are still taken when the server is told to stop and others keep coming."""
_STOP_SECONDS = 27.0
"""How long requests that have begun may take to finish after that."""
_HEADER_SECONDS = 10_000
"""Milliseconds that a client has to send its headers: slow ones must not hold connections for ever."""
_CONNECTIONS = 2048


def listen(server: Server, hub: Hub, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM, SIGINT or Ctrl-C.

    Args:
        server: what to serve.
        hub: its models.
        ready: called once requests are answered.

    Raises:
        WeighbridgeError: `E-port-taken`, `E-serve-tls`.
    """
    settings = server.settings
    check_port(settings.host, settings.port)
    if settings.tls:
        check_certificate(settings.tls_certificate, settings.tls_key)
    # What the library says of itself goes nowhere: the server writes a log of its own.
    logging.getLogger("_granian").addHandler(logging.NullHandler())
    listener = Listener(
        application(server, hub),
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        # Where the version is found out from what a client sends first, one that sends nothing is waited for for ever.
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=_CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADER_SECONDS),
        log_enabled=False,
        ssl_cert=Path(settings.tls_certificate) if settings.tls else None,
        ssl_key=Path(settings.tls_key) if settings.tls else None,
    )
    asyncio.run(_run(server, listener, ready))


async def _run(server: Server, listener: Listener, ready: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows has no such handlers; Ctrl-C ends the process there
            loop.add_signal_handler(number, told.set)
    serving = asyncio.create_task(listener.serve())
    stopping = asyncio.create_task(told.wait())
    await _answers(server, serving)
    if not end_unread(server.settings.port):
        server.log.event("warning", "clients that read nothing hold their connections: this system cannot end them")
    ready()
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    server.is_stopping = True
    if not serving.done():
        server.log.event("info", "stopping", in_flight=float(server.in_flight))
        await _idle(server, _WARNED_SECONDS)
        server.is_closed = True
        await _idle(server, _STOP_SECONDS)
        listener.stop()  # type: ignore[no-untyped-call]  # the library has no types there
    stopping.cancel()
    await serving


async def _idle(server: Server, seconds: float) -> None:
    """Return once nothing is worked on, or after so many seconds."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while server.in_flight and loop.time() < end:
        await asyncio.sleep(0.02)


async def _answers(server: Server, serving: "asyncio.Task[None]") -> None:
    """Return once somebody who connects is taken."""
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection(_reachable(server.settings.host), server.settings.port)
        except OSError:
            await asyncio.sleep(0.02)
            continue
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        return
    await serving


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  (what to connect to, not to listen on)


def check_port(host: str, port: int, hint: str = "choose another with --listen HOST:PORT") -> None:
    """See whether one can listen there. Raises WeighbridgeError `E-port-taken`, with `hint`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            if sys.platform != "win32":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen()
    except OSError as error:
        raise WeighbridgeError(
            "E-port-taken",
            f"cannot listen on {host} port {port}: {error.strerror or error}",
            hint,
        ) from error


def check_certificate(certificate: str, key: str) -> None:
    """See whether certificate and key are there and belong together. Raises WeighbridgeError `E-serve-tls`."""
    import ssl

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise WeighbridgeError(
            "E-serve-tls",
            f"cannot use the certificate {certificate} with the key {key}: {said}",
            "both are PEM files that this user may read, the key has no passphrase, and they belong together",
        ) from error
