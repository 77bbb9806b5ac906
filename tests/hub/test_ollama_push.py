"""A model that Ollama pushes, weighed by the real process, approved by policy alone, and pulled by every face."""

import asyncio
import json

import pytest
from tests.fleet.serving import Running
from tests.hub.pushing import Pusher
from tests.hub.shelved import bearer, reader
from tests.hub.test_oci_manifests import OLLAMA, ORAS, get
from tests.hub.test_oci_push import release_at
from tests.hub.weighable import work
from tests.samples.gguf_file import small

from weighbridge.hub import weighed
from weighbridge.hub.media_types import DOCKER_CONFIG, DOCKER_MANIFEST
from weighbridge.hub.media_types import OLLAMA as TYPE
from weighbridge.hub.states import State

MODEL = small().build()
BESIDE = {
    "template": b"{{ if .System }}<|im_start|>system\n{{ .System }}<|im_end|>\n{{ end }}{{ .Prompt }}",
    "system": b"You are a careful reviewer of code.",
    "params": b'{"num_ctx":4096,"stop":["<|im_end|>"],"temperature":0.2}',
    "messages": b'[{"role":"user","content":"hi"}]',
}


@pytest.fixture
def pia(served: Running, tmp_path) -> Pusher:
    served.hub.folder = str(tmp_path / "state")
    return Pusher(served)


def pushed(pia: Pusher, **beside: bytes):
    """Push as `ollama push` does after `ollama create`, and do all work; return release, files and what was weighed."""
    layers = [pia.descriptor(MODEL, f"{TYPE}model")]
    layers += [pia.descriptor(content, f"{TYPE}{kind}") for kind, content in beside.items()]
    config = pia.descriptor(json.dumps({"model_format": "gguf", "file_type": "F32"}).encode(), DOCKER_CONFIG)
    manifest = {"schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "config": config, "layers": layers}
    answer = pia.manifest(manifest, "latest")
    assert answer.status_code == 201, answer.text
    asyncio.run(work(pia.running.hub))
    release, files = release_at(pia.running)
    return release, files, pia.running.store.read_now(lambda c: weighed.of_release(c, release.release_id)), manifest


def test_what_is_clean_and_free_needs_no_person_and_is_pulled_by_every_face(pia: Pusher) -> None:
    release, files, said, manifest = pushed(pia, **BESIDE)
    assert (release.state, release.state_by) == (State.APPROVED, "policy"), said.reasons
    assert said.weighing.loose == ()
    ada = bearer(reader(pia.running))
    pulled = get(pia.running, "acme/pushed/manifests/latest", ada | OLLAMA).json()
    assert [(one["mediaType"], one["digest"]) for one in pulled["layers"]] == [
        (one["mediaType"], one["digest"]) for one in manifest["layers"]
    ]
    listed = get(pia.running, "acme/pushed/manifests/latest", ada | ORAS).json()
    assert {one["digest"] for one in listed["layers"]} >= {f"sha256:{digest}" for digest in files.values()}
    client = pia.running.client()
    client.headers.update(ada)
    for path, content in {"model.gguf": MODEL, **BESIDE}.items():
        assert client.get(f"/acme/pushed/resolve/main/{path}").content == content


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ({"template": b"{{ .Prompt }}{{ range 9999999999 }}x{{ end }}"}, "`hostile`"),
        ({"template": b'{{ .Prompt }}{{ ("").__class__.__mro__ }}'}, "`malicious`"),
        ({"template": b"{{ exec .Prompt }}"}, "Nobody knows what template is for"),
        ({"system": "be kind\U000e0041\U000e0042".encode()}, "Nobody knows what system is for"),
        ({"params": b'{"remote_host":"https://elsewhere.example"}'}, "Nobody knows what params is for"),
    ],
    ids=["exhausts", "reaches-out", "unknown-function", "hidden-text", "unknown-setting"],
)
def test_what_is_not_as_it_should_be_goes_to_a_person(pia: Pusher, beside, said: str) -> None:
    release, _, kept, _ = pushed(pia, **beside)
    assert release.state is State.REVIEW
    assert said in " ".join(kept.reasons)
