"""The Ollama store."""

import pytest
from tests.samples.stores import add_ollama, sha256

from weighbridge.discover.ollama import PROBE, model_name
from weighbridge.discover.probe import Candidate
from weighbridge.host.fake import FakeMachine
from weighbridge.model.finding import Unexamined

FOLDER = b"/home/ada/.ollama/models"
WEIGHTS = b"GGUF" + bytes(100)
LICENSE = b"\n  Apache License\n  Version 2.0, January 2004\n\nmore text"


def facts_of(candidate):
    return {(fact.name, fact.value) for fact in candidate.facts}


def test_weights_carry_name_claim_license_and_template():
    machine = FakeMachine()
    add_ollama(machine, FOLDER, (WEIGHTS,), license_text=LICENSE, template=b"{{ .Prompt }}")
    (said,) = PROBE.explore(machine, FOLDER)
    assert said.path == FOLDER + b"/blobs/sha256-" + sha256(WEIGHTS).encode()
    assert (said.store, said.store_name, said.claimed_sha256) == ("ollama", "library/tiny:latest", sha256(WEIGHTS))
    manifest = machine.read_file(FOLDER + b"/manifests/registry.ollama.ai/library/tiny/latest", 10_000)
    assert facts_of(said) == {
        ("name", "library/tiny:latest"),
        ("oci.manifest", f"registry.ollama.ai/library/tiny@sha256:{sha256(manifest)}"),
        ("architecture", "llama"),
        ("quantization", "Q4_0"),
        ("license", "Apache License Version 2.0, January 2004"),
        ("license.text.sha256", sha256(LICENSE)),
        ("chat_template.sha256", sha256(b"{{ .Prompt }}")),
        ("context_length", 4096),
    }


def test_weights_in_several_layers_are_all_named():
    machine = FakeMachine()
    add_ollama(machine, FOLDER, (WEIGHTS, WEIGHTS + b"2"))
    assert len(list(PROBE.explore(machine, FOLDER))) == 2


def test_one_blob_of_two_models_keeps_what_both_say():
    machine = FakeMachine()
    add_ollama(machine, FOLDER, (WEIGHTS,), name="registry.ollama.ai/library/a/1")
    add_ollama(machine, FOLDER, (WEIGHTS,), name="hf.co/acme/b/Q4", license_text=LICENSE)
    (said,) = PROBE.explore(machine, FOLDER)
    assert {value for name, value in facts_of(said) if name == "name"} == {"library/a:1", "hf.co/acme/b:Q4"}
    assert len(said.facts) == len(set(said.facts))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("registry.ollama.ai/library/llama3/8b", "library/llama3:8b"),
        ("hf.co/acme/tiny/Q4_K_M", "hf.co/acme/tiny:Q4_K_M"),
        ("stray", "stray"),
    ],
)
def test_names(path, name):
    assert model_name(path) == name


@pytest.mark.parametrize(
    "manifest",
    [
        b"not json",
        b"[]",
        b"{" * 5000,
        b'{"layers": 5, "config": []}',
        b'{"layers": [5, {"digest": "sha256:../../etc/passwd", "mediaType": "application/vnd.ollama.image.model"}]}',
        b'{"layers": [{"digest": 7, "mediaType": ["x"]}]}',
    ],
)
def test_a_hostile_manifest_names_nothing(manifest):
    machine = FakeMachine()
    machine.add_file(FOLDER + b"/manifests/registry.ollama.ai/library/x/y", manifest)
    assert not [item for item in PROBE.explore(machine, FOLDER) if isinstance(item, Candidate)]
    assert all(path.startswith(FOLDER) for _, path in machine.reads)


def test_an_unreadable_manifest_is_said():
    machine = FakeMachine()
    path = FOLDER + b"/manifests/registry.ollama.ai/library/x/y"
    machine.add_file(path, b"{}")
    machine.forbid(path)
    assert list(PROBE.explore(machine, FOLDER)) == [Unexamined(path=path, reason="permission denied")]


def test_the_environment_moves_it():
    assert PROBE.roots(FakeMachine(environment={"OLLAMA_MODELS": "/data/ollama"}))[0] == b"/data/ollama"
