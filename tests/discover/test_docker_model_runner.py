"""Docker Model Runner's store."""

from tests.samples.stores import add_docker, sha256

from weighbridge.discover.docker_model_runner import PROBE
from weighbridge.host.fake import FakeMachine
from weighbridge.model.finding import Unexamined

FOLDER = b"/home/ada/.docker/models"
WEIGHTS = b"GGUF" + bytes(100)


def test_tags_claims_and_licenses():
    machine = FakeMachine()
    add_docker(machine, FOLDER, WEIGHTS, license_text=b"MIT License\n\nCopyright somebody")
    (said,) = PROBE.explore(machine, FOLDER)
    assert said.path == FOLDER + b"/blobs/sha256/" + sha256(WEIGHTS).encode()
    assert (said.store_name, said.claimed_sha256) == ("ai/tiny:latest", sha256(WEIGHTS))
    assert {(fact.name, fact.value) for fact in said.facts} == {
        ("name", "ai/tiny:latest"),
        ("architecture", "llama"),
        ("quantization", "Q8_0"),
        ("license", "MIT License Copyright somebody"),
        ("license.text.sha256", sha256(b"MIT License\n\nCopyright somebody")),
    }


def test_a_damaged_index_is_said():
    machine = FakeMachine()
    machine.add_file(FOLDER + b"/models.json", b"[1]")
    assert list(PROBE.explore(machine, FOLDER)) == [
        Unexamined(path=FOLDER + b"/models.json", reason="not a JSON object")
    ]


def test_hostile_entries_name_nothing():
    machine = FakeMachine()
    machine.add_file(FOLDER + b"/models.json", b'{"models": [1, {"id": "sha256:../../x"}, {"id": {}}]}')
    assert list(PROBE.explore(machine, FOLDER)) == []
