"""Receivers that listen for real: one that answers HTTP as it is told, one that reads syslog over TLS."""

import socket
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from weighbridge.host.outgoing import Dialer
from weighbridge.host.outgoing_http import Poster

HERE = ("127.0.0.0/8",)
LIMIT = 60.0


class Reply(NamedTuple):
    status: int = 200
    body: bytes = b'{"text":"Success","code":0}'
    headers: tuple[tuple[str, str], ...] = ()


class Received(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


def poster(*networks: str, seconds: float = LIMIT) -> Poster:
    """Return a poster that reaches this machine."""
    return Poster(Dialer(networks or HERE), seconds)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        received = Received(
            self.path, {name.lower(): value for name, value in self.headers.items()}, self.rfile.read(length)
        )
        server = self.server
        with server.lock:
            reply = server.answer(received)
            server.received.append(received)
            server.lock.notify_all()
        if reply is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(reply.status)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_: object) -> None:
        pass


class HttpReceiver(ThreadingHTTPServer):
    """Answers each POST with what `answer` returns; None breaks the connection. Use it as a context manager."""

    daemon_threads = True

    def __init__(
        self,
        answer: Callable[[Received], Reply | None] = lambda _: Reply(),
        certificate: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer
        self.received: list[Received] = []
        self.lock = threading.Condition()
        self.scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
            self.scheme = "https"
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.server_port}"

    @property
    def bodies(self) -> list[bytes]:
        return [one.body for one in self.received]

    def wait_for(self, count: int) -> list[Received]:
        """Return what was received once it is so much."""
        with self.lock:
            assert self.lock.wait_for(lambda: len(self.received) >= count, LIMIT), len(self.received)
            return list(self.received)

    def handle_error(self, *_: object) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join(LIMIT)
        self.server_close()


class SyslogReceiver:
    """Reads messages of RFC 5425 from one connection after the other. Use it as a context manager."""

    def __init__(self, certificate: tuple[str, str]) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*certificate)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._arrived = threading.Condition()
        self.messages: list[str] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def wait_for(self, count: int) -> list[str]:
        """Return the messages once there are so many."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.messages) >= count, LIMIT), self.messages
            return list(self.messages)

    def _run(self) -> None:
        while True:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            try:
                with plain, self._context.wrap_socket(plain, server_side=True) as connection:
                    self._read(connection)
            except OSError:
                continue

    def _read(self, connection: ssl.SSLSocket) -> None:
        content = b""
        while piece := connection.recv(65536):
            content += piece
        while content:
            length, space, rest = content.partition(b" ")
            assert space
            assert length.isdigit()
            assert not length.startswith(b"0")
            message, content = rest[: int(length)], rest[int(length) :]
            assert len(message) == int(length)
            with self._arrived:
                self.messages.append(message.decode("utf-8"))
                self._arrived.notify_all()

    def __enter__(self) -> "SyslogReceiver":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(LIMIT)
