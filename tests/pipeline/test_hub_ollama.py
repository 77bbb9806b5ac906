"""A release stands in Ollama's store as if it had pulled it itself."""

import json
import os
from hashlib import sha256

import pytest
from tests.pipeline.hub_kit import WEIGHTS, pulled, repository
from tests.pipeline.hub_server import COMMIT

from weighbridge.host.real import RealMachine
from weighbridge.pipeline.hub_ollama import ollama_store

SETTINGS = b'{"model_format":"gguf"}'
V2 = "/v2/acme/coder"


def descriptor(kind: str, content: bytes) -> dict[str, object]:
    return {"mediaType": kind, "digest": f"sha256:{sha256(content).hexdigest()}", "size": len(content)}


def manifest(weights: bytes = WEIGHTS, **more) -> bytes:
    layers = [descriptor("application/vnd.ollama.image.model", weights)]
    settings = descriptor("application/vnd.docker.container.image.v1+json", SETTINGS)
    return json.dumps({"schemaVersion": 2, "config": settings, "layers": layers} | more).encode()


@pytest.fixture
def store(home, monkeypatch):
    monkeypatch.delenv("OLLAMA_MODELS", raising=False)
    made = home / ".ollama" / "models"
    made.mkdir(parents=True)
    return made


@pytest.fixture
def hub(hub):
    hub.answers[f"{V2}/manifests/{COMMIT}"] = 200, manifest()
    hub.answers[f"{V2}/blobs/sha256:{sha256(SETTINGS).hexdigest()}"] = 200, SETTINGS
    return hub


def test_ollama_finds_manifest_settings_and_weights_that_take_no_room(hub, store, home):
    found = pulled(hub)
    host = hub.url.split("://")[1]
    assert (store / "manifests" / host / "acme" / "coder" / "latest").read_bytes() == manifest()
    assert (store / "blobs" / f"sha256-{sha256(SETTINGS).hexdigest()}").read_bytes() == SETTINGS
    weights = store / "blobs" / f"sha256-{sha256(WEIGHTS).hexdigest()}"
    assert os.path.samefile(weights, repository(home) / "blobs" / sha256(WEIGHTS).hexdigest())
    assert [place.how for place in found.places if place.tool == "Ollama"] == [f"ollama run {host}/acme/coder"]
    asked = [headers["Accept"] for path, headers in hub.seen if "/manifests/" in path]
    assert asked == ["application/vnd.docker.distribution.manifest.v2+json"]
    assert found.notes == ()
    assert pulled(hub).places == found.places


def test_of_several_precisions_those_that_came_stand_there_under_their_own_tags(hub, store):
    hub.files["model.Q8_0.gguf"] = b"GGUF8"
    hub.answers[f"{V2}/tags/list?n=50"] = 200, {"name": "acme/coder", "tags": ["latest", "Q8_0", "../../x"]}
    hub.answers[f"{V2}/manifests/Q8_0"] = 200, manifest(b"GGUF8")
    pulled(hub, include=["*.Q8_0.gguf"])
    folder = store / "manifests" / hub.url.split("://")[1] / "acme" / "coder"
    assert [one.name for one in folder.iterdir()] == ["Q8_0"]
    pulled(hub)
    assert sorted(one.name for one in folder.iterdir()) == ["Q8_0", "latest"]


def test_a_version_stands_under_its_own_tag(hub, store):
    pulled(hub, version="v1")
    folder = store / "manifests" / hub.url.split("://")[1] / "acme" / "coder"
    assert [one.name for one in folder.iterdir()] == ["v1"]


LIE = {"mediaType": "application/vnd.ollama.image.params", "digest": f"sha256:{'a' * 64}", "size": 3}
HUGE = LIE | {"size": 1 << 40}
PATH = LIE | {"digest": "sha256:../../../etc/passwd"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, manifest(config=LIE)), "is not sha256:aaa"),
        ((200, manifest(config=HUGE)), "Ollama needs more of it than was pulled"),
        ((200, manifest(config=PATH)), "a layer without digest"),
        ((200, b"<html>"), "makes no sense"),
        ((403, {"errors": [{"code": "DENIED", "message": "Not for Ollama. Ask."}]}), "Not for Ollama; Ask."),
    ],
)
def test_what_ollama_cannot_have_is_said_and_the_model_is_here_all_the_same(hub, store, answer, said):
    hub.answers[f"{V2}/manifests/{COMMIT}"] = answer
    hub.answers[f"{V2}/blobs/sha256:{'a' * 64}"] = 200, b"lie"
    found = pulled(hub)
    assert said in found.notes[0]
    assert [place.tool for place in found.places] == ["Hugging Face"]
    assert not (store / "manifests").exists()


def test_without_gguf_files_nobody_asks_for_a_manifest(hub, store):
    found = pulled(hub, include=["*.json"])
    assert ([place.tool for place in found.places], found.notes) == (["Hugging Face"], ())
    assert not any("/v2/" in path for path, _ in hub.seen)


def test_the_store_of_a_service_is_left_alone(hub, home, monkeypatch):
    monkeypatch.delenv("OLLAMA_MODELS", raising=False)
    assert ollama_store(RealMachine()) is None
    (home / "elsewhere").mkdir()
    monkeypatch.setenv("OLLAMA_MODELS", str(home / "elsewhere"))
    assert ollama_store(RealMachine()) == str(home / "elsewhere").encode()


def test_a_service_pulls_by_itself_and_its_line_is_said(hub, home):
    assert [place.tool for place in pulled(hub).places] == ["Hugging Face"]
    (home / "service").mkdir()
    host = hub.url.split("://")[1]
    assert pulled(hub).places[1].how == f"ollama pull --insecure {host}/acme/coder"
    assert pulled(hub, version="v1").places[1].how == f"ollama pull --insecure {host}/acme/coder:{COMMIT}"
    assert len(pulled(hub, include=["*.json"]).places) == 1


def test_what_stands_there_stays_when_the_hub_fails_at_the_rest(hub, store):
    hub.files["model.Q8_0.gguf"] = b"GGUF8"
    found = pulled(hub)
    assert [place.tool for place in found.places] == ["Hugging Face", "Ollama"]
    assert found.notes == ()
