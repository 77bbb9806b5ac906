"""A small hub on loopback that does what tests tell it: break off, lie, forget ranges, refuse."""

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "c" * 40


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.hub.posted.append((self.path, json.loads(body)))
        self._say(*self.server.hub.answer(self.path))

    def do_GET(self) -> None:
        hub, parts = self.server.hub, urlsplit(self.path)
        hub.seen.append((self.path, dict(self.headers)))
        if self.path in hub.answers:
            self._say(*hub.answer(self.path))
        elif hub.refusal:
            self._say(*hub.refusal)
        elif "/revision/" in parts.path:
            self._say(200, {"id": hub.name, "sha": COMMIT, "siblings": []}, {"X-HF-Warning": "use; For code only."})
        elif "/tree/" in parts.path:
            self._tree(parts.query)
        elif "/resolve/" in parts.path:
            self._file(unquote(parts.path.split(f"/resolve/{COMMIT}/")[1]))
        else:
            self._say(404, {"error": "Not here."})

    def _tree(self, query: str) -> None:
        hub = self.server.hub
        items = [
            {"type": "file", "path": path, "oid": "0" * 40, "size": len(content), "lfs": hub.said(path, content)}
            for path, content in sorted(hub.files.items())
        ]
        at = int(query.rpartition("after=")[2]) if "after=" in query else 0
        following = {"Link": f'<http://elsewhere.example/x?after={at + 2}>; rel="next"'} if at + 2 < len(items) else {}
        following = {name: value.replace("/x", urlsplit(self.path).path) for name, value in following.items()}
        self._say(200, items[at : at + 2], following)

    def _file(self, path: str) -> None:
        hub = self.server.hub
        content, start = hub.files[path], 0
        if (wanted := self.headers.get("Range")) and hub.ranges:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
        body = hub.lies.get(path, content)[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if len(body) > hub.holds_after:
            self.wfile.write(body[: hub.holds_after])
            hub.sent += hub.holds_after
            hub.goes_on.wait(120)
            body = body[hub.holds_after :]
        if hub.breaks:
            body = body[: hub.breaks.pop(0)]
            self.close_connection = True
        hub.sent += len(body)
        self.wfile.write(body)

    def _say(self, status: int, value: object, headers: dict[str, str] | None = None) -> None:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class SmallHub:
    """Use it as a context manager; `url` is where it listens."""

    def __init__(self, files: dict[str, bytes], name: str = "acme/coder") -> None:
        self.files, self.name = files, name
        self.lies: dict[str, bytes] = {}
        self.breaks: list[int] = []
        """After how many bytes each of the next answers breaks off."""
        self.holds_after = 1 << 60
        """After so many bytes an answer waits until `goes_on` is set."""
        self.goes_on = threading.Event()
        self.ranges = True
        self.refusal: tuple[int, object] | None = None
        self.answers: dict[str, tuple[int, object] | list[tuple[int, object]]] = {}
        """What is said at an address; of a list one after the other, the last for ever."""
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.posted: list[tuple[str, object]] = []
        self.sent = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None
        self._server.hub = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, path: str) -> tuple[int, object]:
        found = self.answers.get(path, (404, {"error": "Not here."}))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found

    def said(self, path: str, content: bytes) -> dict[str, object]:
        return {"oid": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 1}

    def __enter__(self) -> "SmallHub":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.goes_on.set()
        self._server.shutdown()
        self._thread.join(60)
        self._server.server_close()
