"""Manifests for Ollama: which file becomes which layer, and what of a pushed config is passed on."""

import json

from tests.hub.test_model_files import files

from weighbridge.hub.manifest_ollama import SETTINGS_FILE, Header, ollamas
from weighbridge.hub.media_types import DOCKER_CONFIG, DOCKER_MANIFEST


def test_files_beside_the_weights_are_layers():
    made = ollamas(files("m-Q4_0.gguf", "mmproj-m.gguf", "template", "system", "params", "LICENSE", "a.json"), {})
    (one,) = made
    manifest = json.loads(one.content)
    assert manifest["mediaType"] == one.media_type == DOCKER_MANIFEST
    assert manifest["config"]["mediaType"] == DOCKER_CONFIG
    kinds = [layer["mediaType"].rpartition(".")[2] for layer in manifest["layers"]]
    assert kinds == ["model", "projector", "template", "system", "params", "license"]
    config = json.loads(one.contents[0])
    assert config["rootfs"]["diff_ids"] == [layer["digest"] for layer in manifest["layers"]]
    assert config["file_type"] == "Q4_0"


def test_a_model_in_parts_is_none_for_ollama():
    assert not ollamas(files("m-Q8_0-00001-of-00002.gguf", "m-Q8_0-00002-of-00002.gguf"), {})
    assert not ollamas(files("model.safetensors"), {})


def test_a_config_that_was_pushed_keeps_what_is_known_and_nothing_else():
    pushed = {"renderer": "harmony", "model_family": "gptoss", "remote_host": "https://evil.example", "os": "plan9"}
    header = Header(architecture="llama", parameters="7B")
    one = ollamas(files("m.gguf", SETTINGS_FILE), {"m.gguf": header}, json.dumps(pushed).encode())[0]
    config = json.loads(one.contents[0])
    assert (config["renderer"], config["model_family"], config["model_type"]) == ("harmony", "gptoss", "7B")
    assert "remote_host" not in config
    assert config["os"] == "linux"
    for bad in (b"[1", b'{"renderer": "\xff"}', b"[]", b"{" * 50_000):
        assert json.loads(ollamas(files("m.gguf"), {}, bad)[0].contents[0])["model_format"] == "gguf"


def test_the_same_files_give_the_same_bytes():
    there = files("m-Q4_0.gguf", "LICENSE")
    assert ollamas(there, {})[0].digest == ollamas(there, {})[0].digest
