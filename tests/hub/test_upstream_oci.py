"""Fetching from an OCI registry: Ollama's manifests, ModelPack, a registry that wants a token, and one that lies."""

import asyncio
import hashlib
import http.server
import io
import json
import tarfile
import threading
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from tests.fleet.serving import Running

from weighbridge.fleet.authentication import viewer_of
from weighbridge.fleet.permissions import Role
from weighbridge.host.outgoing import Dialer
from weighbridge.host.outgoing_stream import Fetcher
from weighbridge.hub import jobs, release_files, requests
from weighbridge.hub.media_types import TITLE, UNPACK
from weighbridge.hub.names import parse_name
from weighbridge.hub.upstream_oci import Registry
from weighbridge.hub.worker import CannotError, do_next
from weighbridge.hub.works import WORKS
from weighbridge.model.errors import WeighbridgeError

HERE = ("127.0.0.0/8",)
A, B = "a" * 64, "b" * 64


def layer(kind: str, digest: str = A, size: int = 3, **annotations: str) -> dict[str, object]:
    return {"mediaType": kind, "digest": f"sha256:{digest}", "size": size, "annotations": annotations}


def manifest(*layers: object) -> bytes:
    return json.dumps({"schemaVersion": 2, "layers": list(layers)}).encode()


@contextmanager
def registry(content: bytes, *, wants: str = "", realm: str = "", status: int = 200, blobs=None):
    """Serve one manifest and its blobs; give its address and what was asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            parts = urlsplit(self.path)
            if parts.path == "/token":
                if not content:  # it gives tokens for another server, whose secret is none of its business
                    assert "authorization" not in self.headers
                assert parse_qs(parts.query)["scope"] == ["repository:library/tiny:pull"]
                self.say(200, json.dumps({"token": wants}).encode())
            elif wants and self.headers.get("authorization") != f"Bearer {wants}":
                place = realm or f"http://127.0.0.1:{self.server.server_address[1]}/token"
                said = f'Bearer realm="{place}",service="r",scope="repository:library/tiny:pull"'
                self.say(401, b"{}", said)
            else:
                self.say(status, (blobs or {}).get(parts.path.rpartition(":")[2], content))

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


def find(origin: str, token: str = "", token_origins=()):
    there = Registry(Fetcher(Dialer(HERE), HERE), origin, token, token_origins)
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


def test_a_token_is_got_where_settings_allow_and_shown_nothing() -> None:
    content = manifest(layer("application/vnd.ollama.image.model"))
    with (
        registry(b"", wants="word") as (other, given),
        registry(content, wants="word", realm=f"{other}/token") as (origin, _),
    ):
        with pytest.raises(CannotError, match="upstream_token_origins"):
            find(origin, "secret", (f"{other}0", "https://127.0.0.1"))
        assert given == []
        _, there = find(origin, "secret", (other.upper(),))
    assert (there.headers, len(given)) == ({"Authorization": "Bearer word"}, 1)


@pytest.mark.parametrize("realm", ["http://169.254.169.254/token", "http://10.0.0.9/token"])
def test_a_token_is_not_got_from_where_nothing_may_be_fetched(realm: str) -> None:
    content = manifest(layer("application/vnd.ollama.image.model"))
    with registry(content, wants="word", realm=realm) as (origin, _), pytest.raises(CannotError, match="must not"):
        find(origin, "", (realm.removesuffix("/token"),))


def packed(mode: str, **files: bytes) -> bytes:
    """Return an archive of files, `__` for a slash."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name.replace("__", "/"))
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def test_layers_that_are_archives_are_taken_apart(served: Running, tmp_path) -> None:
    blobs = {
        "application/vnd.cncf.model.weight.v1.tar": packed("w", model__a__safetensors=b"x" * 9),
        "application/vnd.kitops.modelkit.model.v1.tar+gzip": packed("w:gz", weights__b=b"y" * 9, README=b"# r"),
        "application/vnd.oci.image.layer.v1.tar+gzip": packed("w:gz", docs__c=b"z"),
        "application/vnd.oci.image.layer.v1.tar": packed("w", d=b"as it is"),
    }
    digests = {kind: hashlib.sha256(content).hexdigest() for kind, content in blobs.items()}
    notes = {"application/vnd.oci.image.layer.v1.tar": {TITLE: "d.tar"}}
    notes["application/vnd.oci.image.layer.v1.tar+gzip"] = {TITLE: "docs", UNPACK: "true"}
    layers = [layer(kind, digests[kind], len(content), **notes.get(kind, {})) for kind, content in blobs.items()]
    held = {digests[kind]: content for kind, content in blobs.items()}
    served.hub.folder = str(tmp_path)
    with registry(manifest(*layers), blobs=held) as (origin, _):
        settings = {"upstream": origin, "upstream_networks": HERE, "upstream_kind": "oci"}
        served.server.settings = msgspec.structs.replace(served.server.settings, **settings)
        ada = viewer_of(served.account("ada", Role.VIEWER))
        name = parse_name("acme/tiny")
        asked = served.store.write_now(
            lambda c: requests.ask(c, served.clock.now, ada, name, why="to try it", revision="main", fetches=True)
        )
        asyncio.run(do_next(served.hub, {jobs.FETCH: WORKS[jobs.FETCH]}))
    request = served.store.read_now(lambda c: requests.by_id(c, asked.request_id))
    files = served.store.read_now(lambda c: release_files.of_release(c, request.release_id))
    assert [one.path for one in files] == ["README", "d.tar", "docs/c", "model/a/safetensors", "weights/b"]
    whole = hashlib.sha256(blobs["application/vnd.oci.image.layer.v1.tar"]).hexdigest()
    assert next(one.sha256 for one in files if one.path == "d.tar") == whole


def test_a_token_is_got_from_the_registry_alone() -> None:
    content = manifest(layer("application/vnd.ollama.image.model"))
    with (
        registry(content, wants="word", realm="http://127.0.0.1:9/token") as (origin, _),
        pytest.raises(CannotError, match="upstream_token_origins"),
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
        (manifest(layer("application/vnd.oci.image.layer.v1.tar+gzip")), "unknown kind"),
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
