"""Fetching from an OCI registry: Ollama's manifests, ModelPack, a registry that wants a token, and one that lies."""

import asyncio
import hashlib
import http.server
import json
import threading
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest

from weighbridge.host.outgoing import Dialer
from weighbridge.host.outgoing_stream import Fetcher
from weighbridge.hub.upstream_oci import Registry
from weighbridge.hub.worker import CannotError
from weighbridge.model.errors import WeighbridgeError

HERE = ("127.0.0.0/8",)
A, B = "a" * 64, "b" * 64


def layer(kind: str, digest: str = A, size: int = 3, **annotations: str) -> dict[str, object]:
    return {"mediaType": kind, "digest": f"sha256:{digest}", "size": size, "annotations": annotations}


def manifest(*layers: object) -> bytes:
    return json.dumps({"schemaVersion": 2, "layers": list(layers)}).encode()


@contextmanager
def registry(content: bytes, *, wants: str = "", realm: str = "", status: int = 200):
    """Serve one manifest; give its address and what was asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            parts = urlsplit(self.path)
            if parts.path == "/token":
                assert parse_qs(parts.query)["scope"] == ["repository:library/tiny:pull"]
                self.say(200, json.dumps({"token": wants}).encode())
            elif wants and self.headers.get("authorization") != f"Bearer {wants}":
                place = realm or f"http://127.0.0.1:{self.server.server_address[1]}/token"
                said = f'Bearer realm="{place}",service="r",scope="repository:library/tiny:pull"'
                self.say(401, b"{}", said)
            else:
                self.say(status, content)

        def say(self, code: int, body: bytes, challenge: str = "") -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            if challenge:
                self.send_header("WWW-Authenticate", challenge)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()


def find(origin: str, token: str = ""):
    there = Registry(Fetcher(Dialer(HERE), HERE), origin, token)
    return asyncio.run(there.find("library/Tiny", "main")), there


def test_layers_of_ollama_become_files() -> None:
    kinds = ("model", "license", "license", "template", "params")
    content = manifest(*(layer(f"application/vnd.ollama.image.{kind}") for kind in kinds))
    with registry(content) as (origin, asked):
        found, _ = find(origin)
    assert asked == ["/v2/library/tiny/manifests/latest"]
    assert [one.path for one in found.files] == ["model.gguf", "LICENSE", "LICENSE-2", "template", "params"]
    assert found.commit == hashlib.sha256(content).hexdigest()[:40]
    assert (found.files[0].sha256, found.files[0].url) == (A, f"{origin}/v2/library/tiny/blobs/sha256:{A}")


def test_layers_say_what_they_are_called() -> None:
    raw = "application/vnd.cncf.model.weight.v1.raw"
    content = manifest(layer(raw, B, **{"org.cncf.model.filepath": "weights/a.safetensors"}))
    with registry(content) as (origin, _):
        found, _ = find(origin)
    assert [(one.path, one.sha256) for one in found.files] == [("weights/a.safetensors", B)]


def test_a_token_for_everybody_is_got() -> None:
    with registry(manifest(layer("application/vnd.ollama.image.model")), wants="word") as (origin, _):
        _, there = find(origin)
    assert there.headers == {"Authorization": "Bearer word"}


def test_a_token_is_got_from_the_registry_alone() -> None:
    content = manifest(layer("application/vnd.ollama.image.model"))
    with (
        registry(content, wants="word", realm="http://127.0.0.1:9/token") as (origin, _),
        pytest.raises(CannotError, match="on another server"),
    ):
        find(origin, "secret")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"nonsense", "nonsense"),
        (b"[]", "no layers"),
        (manifest(), "no layers"),
        (manifest("x"), "no layers"),
        (manifest({"mediaType": 5}), "none"),
        (manifest(layer("application/vnd.ollama.image.model", "Z" * 64)), "no SHA-256"),
        (manifest(layer("application/vnd.ollama.image.model", size=-1)), "none"),
        (manifest(layer("application/vnd.kitops.modelkit.model.v1.tar+gzip")), "archives"),
        (manifest(layer("application/x", **{"org.cncf.model.filepath": "../../x"})), "no release can hold"),
        (manifest(layer("application/x")), "unknown kind"),
        (manifest(layer("application/vnd.ollama.image.model", size=1 << 50)), "larger than any"),
    ],
)
def test_a_manifest_that_is_none_is_refused(content: bytes, said: str) -> None:
    with registry(content) as (origin, _), pytest.raises(CannotError, match=said):
        find(origin)


@pytest.mark.parametrize(("status", "kind"), [(404, CannotError), (403, CannotError), (500, WeighbridgeError)])
def test_a_refusal_is_one(status: int, kind: type[Exception]) -> None:
    with registry(b"{}", status=status) as (origin, _), pytest.raises(kind):
        find(origin)
