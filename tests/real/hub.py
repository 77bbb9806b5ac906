"""A Hub on loopback: the part of the Hugging Face API that `snapshot_download` of the stock client needs."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE_SUFFIXES = (".safetensors", ".bin", ".gguf", ".onnx", ".pt", ".h5")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    repositories: dict[str, dict[str, bytes]]

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, *_arguments: object) -> None:
        pass

    def _answer(self, *, with_body: bool) -> None:
        parts = unquote(urlsplit(self.path).path).strip("/").split("/")
        headers = {"X-Repo-Commit": COMMIT}
        body = None
        if parts[:2] == ["api", "models"]:
            files = self.repositories.get("/".join(parts[2:4]))
            if files is not None:
                headers["Content-Type"] = "application/json"
                body = json.dumps(self._describe("/".join(parts[2:4]), files, parts[4:])).encode()
        elif len(parts) > 4 and parts[2] == "resolve":
            body = self.repositories.get("/".join(parts[:2]), {}).get("/".join(parts[4:]))
            if body is not None:
                headers |= _entity_headers(parts[-1], body)
        status = 200 if body is not None else 404
        content = body or b""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status == 404:
            self.send_header("X-Error-Code", "EntryNotFound")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if with_body:
            self.wfile.write(content)

    def _describe(self, repository: str, files: dict[str, bytes], rest: list[str]) -> object:
        if rest[:1] == ["tree"]:
            return [
                {"type": "file", "path": name, "size": len(body), "oid": _git(body)} for name, body in files.items()
            ]
        siblings = [{"rfilename": name, "size": len(body)} for name, body in files.items()]
        return {
            "id": repository,
            "modelId": repository,
            "sha": COMMIT,
            "siblings": siblings,
            "tags": [],
            "private": False,
        }


def _git(body: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest()


def _entity_headers(name: str, body: bytes) -> dict[str, str]:
    """As the Hub answers: the SHA-256 for a large file, git's SHA-1 for a small one."""
    headers = {"Content-Type": "application/octet-stream", "Accept-Ranges": "bytes"}
    if name.endswith(LARGE_SUFFIXES):
        digest = hashlib.sha256(body).hexdigest()
        return headers | {"ETag": f'"{digest}"', "X-Linked-Etag": f'"{digest}"', "X-Linked-Size": str(len(body))}
    return headers | {"ETag": f'"{_git(body)}"'}


@contextmanager
def hub(repositories: dict[str, dict[str, bytes]]) -> Iterator[str]:
    """Serve `repositories` (name -> path -> bytes) and give the address for HF_ENDPOINT."""
    handler = type("Handler", (_Handler,), {"repositories": repositories})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
