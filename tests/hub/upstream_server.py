"""A server that speaks the Hugging Face Hub's protocol, well or badly, on loopback: what a hub fetches from."""

import hashlib
import http.server
import json
import threading
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

COMMIT = "c0ffee" + "0" * 34


class Upstream:
    """What it has, what it was asked, and how it misbehaves.

    `breaks`: called with a path and the bytes to be sent; returns what is sent of them, after which the connection
    ends. `redirect`: where files are sent on to. `lies`: fields of tree entries that are said wrong, by path.
    """

    def __init__(self, files: Mapping[str, bytes], name: str = "acme/tiny", commit: str = COMMIT) -> None:
        self.files, self.name, self.commit = dict(files), name, commit
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.lies: dict[str, dict[str, object]] = {}
        self.large = 64
        """Files from this size on are listed with their SHA-256."""
        self.redirect: Callable[[str], str] | None = None
        self.breaks: Callable[[str, bytes], bytes] | None = None
        self.ranges = True
        self.page = 1_000
        self.status: dict[str, int] = {}
        self.token = ""
        self.silent = threading.Event()
        """Set at the end: answers that wait for ever do not."""
        self.waits = ""
        """A path whose answer never comes."""
        self.drips = ""
        """A path whose answer comes one byte at a time."""
        self.origin = ""

    def entries(self) -> list[dict[str, object]]:
        found = []
        for path, body in sorted(self.files.items()):
            oid = hashlib.sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest()
            entry: dict[str, object] = {"type": "file", "path": path, "size": len(body), "oid": oid}
            if len(body) >= self.large:
                entry["lfs"] = {"oid": hashlib.sha256(body).hexdigest(), "size": len(body), "pointerSize": 130}
                entry["xetHash"] = "f" * 64
            found.append(entry | self.lies.get(path, {}))
        return found


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self) -> None:
        up = self.server.upstream
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        up.asked.append((path, {name.lower(): value for name, value in self.headers.items()}))
        if path == up.waits:
            up.silent.wait(120)
            return
        if path in up.status:
            self.reply(up.status[path], b"no")
        elif up.token and self.headers.get("authorization") != f"Bearer {up.token}" and "/elsewhere/" not in path:
            self.reply(401, b"no")
        elif path.startswith(f"/api/models/{up.name}/revision/"):
            self.reply(200, json.dumps({"id": up.name, "sha": up.commit}).encode())
        elif path == f"/api/models/{up.name}/tree/{up.commit}":
            self.tree(parts.query)
        elif path.startswith(f"/{up.name}/resolve/{up.commit}/"):
            name = path.removeprefix(f"/{up.name}/resolve/{up.commit}/")
            if up.redirect is not None:
                self.reply(302, b"", Location=up.redirect(name), **{"X-Xet-Hash": "f" * 64})
            else:
                self.file(name)
        elif path.startswith("/elsewhere/"):
            self.file(path.removeprefix("/elsewhere/"))
        else:
            self.reply(404, b"no")

    def tree(self, query: str) -> None:
        up, entries = self.server.upstream, self.server.upstream.entries()
        begin = int(query.partition("cursor=")[2] or 0)
        more = {}
        if begin + up.page < len(entries):
            more["Link"] = f'<{up.origin}{self.path.partition("?")[0]}?cursor={begin + up.page}>; rel="next"'
        self.reply(200, json.dumps(entries[begin : begin + up.page]).encode(), **more)

    def file(self, name: str) -> None:
        up = self.server.upstream
        body = up.files.get(name)
        if body is None:
            self.reply(404, b"no")
            return
        asked = self.headers.get("range", "")
        status, more, begin = 200, {}, 0
        if asked and up.ranges:
            begin = int(asked.removeprefix("bytes=").partition("-")[0])
            status, more = 206, {"Content-Range": f"bytes {begin}-{len(body) - 1}/{len(body)}"}
        self.reply(status, body[begin:], path=name, **more)

    def reply(self, status: int, body: bytes, path: str = "", **headers: str) -> None:
        up = self.server.upstream
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        if path and path == up.drips:
            for at in range(len(body)):
                if up.silent.wait(0.05):
                    return
                self.wfile.write(body[at : at + 1])
            return
        self.wfile.write(up.breaks(path, body) if path and up.breaks is not None else body)

    def log_message(self, *_: object) -> None:
        return


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    upstream: Upstream

    def handle_error(self, *_: object) -> None:
        return  # clients go away on purpose


@contextmanager
def serving(upstream: Upstream):
    """Serve on a free port of loopback."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.upstream = upstream
        upstream.origin = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield upstream
        finally:
            upstream.silent.set()
            server.shutdown()
            thread.join(60)
