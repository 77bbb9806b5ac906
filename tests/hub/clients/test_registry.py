"""OCI clients against a real `wb serve`: what one tool uploads every other tool downloads, and it lies there once."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.hub.clients.environments import Client
from tests.hub.clients.people import RunningHub, laid
from tests.hub.ollama_client import OllamaClient, RefusedError
from tests.hub.shelved import gguf

from weighbridge.fleet import accounts
from weighbridge.fleet.store import Store
from weighbridge.hub import machine_codes, machine_keys

DRIVING = Path(__file__).with_name("registry_driving.py")
FILES = {
    "tiny.Q4_0.gguf": gguf(file_type=2),
    "README.md": b"---\nlicense: apache-2.0\n---\n# Tiny\n",
    "LICENSE": b"Apache License 2.0",
}
DIGESTS = {path: hashlib.sha256(body).hexdigest() for path, body in FILES.items()}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    """A hub with a model that was uploaded by `hf upload` and approved."""
    started = RunningHub(tmp_path_factory.mktemp("hub"))
    wendy = Client("newest", tmp_path_factory.mktemp("wendy"), started.origin, started.tokens["wendy"])
    done = wendy.hf("upload", "Acme/Tiny-GGUF", str(laid(tmp_path_factory.mktemp("tiny"), FILES)))
    assert done.returncode == 0, done.stderr
    started.approve("Acme/Tiny-GGUF", reason="a test says so")
    yield started
    started.close()


@pytest.fixture(scope="module")
def homes(hub: RunningHub, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Client]:
    """Machines with ORAS, by who uses them."""
    home = tmp_path_factory.mktemp("oras")
    return {name: Client("oci", home / name, hub.origin, hub.tokens[name]) for name in hub.tokens}


def host(hub: RunningHub) -> str:
    """Return what the registry is called in names of models."""
    return hub.origin.removeprefix("http://")


def driven(client: Client, *arguments: str):
    """Use a client; return what came of it."""
    done = client.python(DRIVING, *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.rpartition("@@")[2])


def machine(hub: RunningHub, name: str, right: str) -> OllamaClient:
    """Return a machine with Ollama, registered for an account."""
    made = OllamaClient(hub.origin, time.time())
    register(hub, name, made, right)
    return made


def register(hub: RunningHub, name: str, ollama: OllamaClient, right: str) -> None:
    """Register a machine for an account."""
    store, now = Store.open(hub.database), int(time.time() * 1000)

    def job(connection: Connection) -> None:
        account = accounts.by_name(connection, name)
        assert account is not None
        machine_keys.add(connection, now, account.account_id, ollama.line, right=right)

    store.write_now(job)
    store.close()


def test_ollama_links_its_machine_by_pulling_a_code(hub: RunningHub):
    """The key signs for the account; its public half alone would be anybody's to give."""
    ollama, store, now = OllamaClient(hub.origin, time.time()), Store.open(hub.database), int(time.time() * 1000)

    def job(connection: Connection) -> str:
        account = accounts.by_name(connection, "rita")
        assert account is not None
        return machine_codes.make(connection, now, account.account_id, public=ollama.line.split()[1]).text

    code = store.write_now(job)
    store.close()
    with pytest.raises(RefusedError, match=r"401: .*no account has registered"):
        ollama.pull("Acme/Tiny-GGUF:Q4_0")
    with pytest.raises(RefusedError, match=r"403: .*Done: Ollama on this machine signs in to this hub as rita"):
        ollama.pull(f"link/{code}")
    assert ollama.pull("Acme/Tiny-GGUF:Q4_0")["layers"]


def test_oras_pulls_what_hf_uploaded(hub: RunningHub, homes: dict[str, Client]):
    assert driven(homes["rita"], "pull", host(hub), "acme/tiny-gguf:latest") == DIGESTS
    assert "latest" in driven(homes["rita"], "tags", host(hub), "acme/tiny-gguf")


def test_ollama_pulls_what_hf_uploaded_and_it_lies_there_once(hub: RunningHub):
    ollama = machine(hub, "rita", "read")
    manifest = ollama.pull("Acme/Tiny-GGUF:Q4_0")
    assert manifest["layers"][0]["digest"] == f"sha256:{DIGESTS['tiny.Q4_0.gguf']}"
    assert ollama.blobs[manifest["layers"][0]["digest"]] == FILES["tiny.Q4_0.gguf"]
    assert [path.name for path in hub.blobs()].count(DIGESTS["tiny.Q4_0.gguf"]) == 1
    # Under loopback's other name the server has another origin, and the login is still for the one that is asked.
    other = OllamaClient(hub.origin.replace("127.0.0.1", "localhost"), time.time())
    register(hub, "rita", other, "read")
    assert other.pull("acme/tiny-gguf:latest") == manifest


def test_what_ollama_pushes_others_download_once_it_is_approved(
    hub: RunningHub, homes: dict[str, Client], tmp_path: Path
):
    wendy, body = machine(hub, "wendy", "write"), gguf("qwen3", more=b"\0" * 250_000)
    wendy.manifests["acme/pushed:latest"] = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": wendy.keep(b'{"model_format":"gguf"}', "application/vnd.docker.container.image.v1+json"),
        "layers": [wendy.keep(body, "application/vnd.ollama.image.model")],
    }
    wendy.push("acme/pushed:latest")
    rita = machine(hub, "rita", "read")
    with pytest.raises(RefusedError, match=r"403: .*acme/pushed is not approved yet.*/catalog/acme/pushed"):
        rita.pull("acme/pushed:latest")
    hub.approve("acme/pushed", reason="a test says so")
    assert rita.pull("acme/pushed:latest")["layers"][0]["digest"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
    pulled = driven(homes["rita"], "pull", host(hub), "acme/pushed:latest")
    assert pulled["model.gguf"] == hashlib.sha256(body).hexdigest()
    home = Client("newest", tmp_path, hub.origin, hub.tokens["rita"])
    done = home.hf("download", "acme/pushed", "model.gguf", "--local-dir", str(tmp_path / "there"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "there" / "model.gguf").read_bytes() == body
    assert [path.name for path in hub.blobs()].count(hashlib.sha256(body).hexdigest()) == 1


def test_what_oras_pushes_is_served_by_its_digest(hub: RunningHub, homes: dict[str, Client]):
    home = homes["wendy"].home
    (home / "model.gguf").write_bytes(gguf("phi3"))
    digest = driven(homes["wendy"], "push", host(hub), "acme/by-oras:latest", "./model.gguf")
    assert isinstance(digest, str), digest
    refused = driven(homes["rita"], "pull", host(hub), f"acme/by-oras@{digest}")
    assert "error" in refused
    hub.approve("acme/by-oras", reason="a test says so")
    pulled = driven(homes["rita"], "pull", host(hub), f"acme/by-oras@{digest}")
    assert pulled["model.gguf"] == hashlib.sha256(gguf("phi3")).hexdigest()


def test_refusals_of_ollama_are_sentences(hub: RunningHub):
    stranger = OllamaClient(hub.origin, time.time())
    with pytest.raises(RefusedError, match=r"401: .*no account has registered the key of this machine: ssh-ed25519"):
        stranger.pull("acme/tiny-gguf:latest")
    rita = machine(hub, "rita", "read")
    with pytest.raises(RefusedError, match=r"403: .*acme/none is not in the catalog.*wb request acme/none"):
        rita.pull("acme/none:latest")
    with pytest.raises(RefusedError, match=r"has no tag q9; it has latest, Q4_0"):
        rita.pull("acme/tiny-gguf:q9")
    rita.manifests["acme/mine:latest"] = {"config": rita.keep(b"{}", "a/b"), "layers": []}
    with pytest.raises(RefusedError, match=r"403: .*You may not do this with acme/mine"):
        rita.push("acme/mine:latest")


def test_a_whole_name_reaches_the_hub_through_a_running_ollama(hub: RunningHub, homes: dict[str, Client]):
    rita = machine(hub, "rita", "read")

    class Daemon(BaseHTTPRequestHandler):
        """What the pip package talks to: an Ollama on this machine."""

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name = asked["model"].removeprefix(f"{host(hub)}/")
            rita.pull(name)
            body = b'{"status":"pulling manifest"}\n{"status":"success"}\n'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            return

    daemon = HTTPServer(("127.0.0.1", 0), Daemon)
    threading.Thread(target=daemon.serve_forever, daemon=True).start()
    try:
        said = driven(homes["rita"], "ask", f"127.0.0.1:{daemon.server_port}", f"{host(hub)}/acme/tiny-gguf:Q4_0")
    finally:
        daemon.shutdown()
        daemon.server_close()
    assert said == ["pulling manifest", "success"]
    assert "acme/tiny-gguf:Q4_0" in rita.manifests
