"""Real servers on loopback or on UNIX sockets that answer from a table, or misbehave."""

import json
import socket
import socketserver
import threading
from collections.abc import Callable
from pathlib import Path

from tests.servers.tables import Answer
from weighbridge.host.live import SocketListener

Behavior = Callable[[socket.socket, str], None]
"""Gets the connection and the path that was asked for."""


class Stub:
    """A server; `requests` has the first line of every request that it got, each once.

    Whatever else looks at this machine meanwhile may ask too, so that a second one of a line says nothing.

    Args:
        answers: a table, or how it misbehaves.
        path: of a UNIX socket; None for a port of loopback that the system chooses.
    """

    def __init__(self, answers: dict[str, Answer] | Behavior, path: Path | None = None) -> None:
        self.requests: dict[str, None] = {}
        behave = answers if callable(answers) else table(answers)
        stub = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                head = b""
                while b"\r\n\r\n" not in head and (piece := self.request.recv(4096)):
                    head += piece
                line = head.partition(b"\r\n")[0].decode("latin-1")
                stub.requests[line] = None
                try:
                    behave(self.request, line.split()[1])
                except (OSError, IndexError):
                    pass  # whoever asked had enough

        if path is None:
            self.server: socketserver.BaseServer = Server(("127.0.0.1", 0), Handler)
            port = self.server.server_address[1]
            self.listener = SocketListener("tcp", "127.0.0.1", int(port), 0, None, _namespace())
        else:
            self.server = UnixServer(str(path), Handler)
            self.listener = SocketListener("unix", str(path), 0, 0, None, _namespace())

    def __enter__(self) -> "Stub":
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class Server(socketserver.ThreadingTCPServer):
    """Handlers that never end do not hold the test up."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64


class UnixServer(socketserver.ThreadingUnixStreamServer):
    """The same over a UNIX socket."""

    daemon_threads = True
    block_on_close = False


def table(answers: dict[str, Answer]) -> Behavior:
    """Return the behavior of a server that answers from a table."""

    def answer(connection: socket.socket, path: str) -> None:
        status, headers, body = answers.get(path, answers.get("", (404, {}, "")))
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in headers.items())]
        lines += [f"Content-Length: {len(content)}", "Connection: close", "", ""]
        connection.sendall("\r\n".join(lines).encode() + content)

    return answer


def _namespace() -> int:
    return Path("/proc/self/ns/net").stat().st_ino
