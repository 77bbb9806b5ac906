"""The server's ingest behind a real socket, for endpoints that are processes of their own."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.fleet.wire import Server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        reply = self.server.fleet.ask(self.path, body, [*self.headers.items()])
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_: object) -> None:
        pass


class FleetHttp(ThreadingHTTPServer):
    """Use it as a context manager; `url` is where it listens."""

    daemon_threads = True

    def __init__(self, fleet: Server, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.fleet = fleet
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join(60)
        self.server_close()
