"""A server for one page on loopback: GET of that page and nothing else, to nobody but this machine.

Every request must name the loopback address in its Host header, so that a web page elsewhere cannot read the report by
pointing a host name of its own at 127.0.0.1 (DNS rebinding). Everything else is refused without a body.
"""

import sys
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import ClassVar

from weighbridge.model.errors import WeighbridgeError

ADDRESS = "127.0.0.1"
_SECONDS = 5
"""A connection that is silent for so long is closed."""


class PageServer(ThreadingHTTPServer):
    """Serves `page` at `/`.

    Args:
        page: the whole document.
        port: 0 for any free one.
        policy: content security policy of the page.

    Raises:
        WeighbridgeError: `E-port-taken`.
    """

    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, page: bytes, port: int, policy: str) -> None:
        self.page = page
        self.policy = policy
        try:
            super().__init__((ADDRESS, port), _Handler)
        except OSError as error:
            raise WeighbridgeError(
                "E-port-taken",
                f"cannot listen on {ADDRESS}:{port}: {error.strerror or error}",
                "leave out --port, and a free one is taken",
            ) from error

    @property
    def url(self) -> str:
        """Where the page stands."""
        return f"http://{ADDRESS}:{self.server_port}/"

    def server_bind(self) -> None:
        """Bind without the reverse name lookup of the base class, which could ask the network."""
        import socketserver

        socketserver.TCPServer.server_bind(self)
        host, port = self.server_address[:2]
        self.server_name, self.server_port = str(host), int(port)

    def handle_error(self, request: object, client_address: object) -> None:
        """Stay quiet: a browser that hangs up is no event."""


class _Handler(BaseHTTPRequestHandler):
    timeout: ClassVar[int] = _SECONDS
    server_version = "weighbridge"
    sys_version = ""
    server: HTTPServer

    def do_GET(self) -> None:
        """Answer with the page."""
        self._answer(body=True)

    def do_HEAD(self) -> None:
        """Answer without the page."""
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        server = self.server
        assert isinstance(server, PageServer)  # noqa: S101  (only that class uses this handler)
        names = {f"{ADDRESS}:{server.server_port}", f"localhost:{server.server_port}"}
        if self.headers.get("Host") not in names:
            self._refuse(421)
        elif self.path != "/":
            self._refuse(404)
        else:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(server.page)))
            self._guard(server.policy)
            self.end_headers()
            if body:
                self.wfile.write(server.page)

    def _refuse(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self._guard("default-src 'none'")
        self.end_headers()

    def _guard(self, policy: str) -> None:
        self.send_header("Content-Security-Policy", f"{policy}; frame-ancestors 'none'")
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Connection", "close")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse whatever the base class finds wrong, without echoing the request."""
        self._refuse(code)

    def log_message(self, format: str, *args: object) -> None:
        """Keep no access log."""
