"""ModelPack manifests: valid by the rules of the model-spec, one raw layer for each file."""

import json
import re

from tests.hub.test_model_files import files

from weighbridge.hub.manifest_modelpack import modelpacks
from weighbridge.hub.manifest_parts import LARGEST_MANIFEST, digest_of
from weighbridge.hub.media_types import MODELPACK, MODELPACK_CONFIG, OCI_MANIFEST
from weighbridge.hub.models import Model
from weighbridge.hub.releases import Release
from weighbridge.hub.states import State

ORIGIN = "https://hub.example"
MODEL = Model(
    model_id="m",
    namespace="acme",
    name="tiny",
    owner="ada",
    summary="",
    tasks=(),
    upstream="",
    created_at=0,
    changed_at=0,
)
RELEASE = Release(
    release_id="r",
    model_id="m",
    commit_id="c" * 40,
    parent_id="",
    version="1.2",
    title="",
    state=State.APPROVED,
    state_at=0,
    state_by="",
    state_why="",
    created_at=1_790_000_000_000,
    created_by="",
    size=0,
    files=0,
    formats="",
    assessment="",
    decision="",
    license="Apache-2.0",
    guidance="for public data",
    data_classes="public",
    replaced_by="",
    until_at=None,
)


def test_a_manifest_says_what_the_specification_asks_for():
    there = files("config.json", "model.safetensors")
    (one,) = modelpacks(MODEL, RELEASE, there, ORIGIN)
    manifest = json.loads(one.content)
    assert (manifest["mediaType"], manifest["artifactType"]) == (OCI_MANIFEST, MODELPACK)
    assert manifest["config"]["mediaType"] == MODELPACK_CONFIG
    config = json.loads(one.contents[0])
    assert set(config) == {"descriptor", "config", "modelfs"}
    assert config["modelfs"] == {"type": "layers", "diffIds": [f"sha256:{file.sha256}" for file in there]}
    assert config["descriptor"]["licenses"] == ["Apache-2.0"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", config["descriptor"]["createdAt"])
    assert config["config"]["format"] == "safetensors"
    assert manifest["config"]["digest"] == digest_of(one.contents[0])
    assert manifest["annotations"]["org.weighbridge.data-classes"] == "public"


def test_each_precision_has_one_of_its_own_with_what_all_need():
    whole, *parts = modelpacks(MODEL, RELEASE, files("m-Q4_K_M.gguf", "m-Q8_0.gguf", "LICENSE"), ORIGIN)
    assert whole.tags == ()
    paths = [
        [one["annotations"]["org.cncf.model.filepath"] for one in json.loads(part.content)["layers"]] for part in parts
    ]
    assert paths == [["LICENSE", "m-Q4_K_M.gguf"], ["LICENSE", "m-Q8_0.gguf"]]
    assert [part.tags[0] for part in parts] == ["Q4_K_M", "Q8_0"]


def test_what_clients_would_not_take_is_left_out():
    many = files(*(f"folder/{number:06d}.json" for number in range(20_000)))
    assert len(many) * 200 > LARGEST_MANIFEST - 1_000_000
    assert modelpacks(MODEL, RELEASE, many, ORIGIN) == []
