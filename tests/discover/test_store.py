"""Plain-folder stores from their signatures."""

import tomllib

import pytest

from weighbridge.discover.registry import PROBES
from weighbridge.discover.signature import signature_of
from weighbridge.discover.store import plain_stores, probe_of
from weighbridge.discover.sweep import Sighted, sweep
from weighbridge.host.fake import FakeMachine

SIGNATURE = """
title = "A Store"
layout = "{owner}/{model}/{file}"
name_parts = 2
source = "nowhere"
checked = 2026-11-20
confidence = "docs"
recognize = ["mark", "other"]
[paths]
linux = ["{home}/a", "{cache}/b", "/c"]
darwin = ["{home}/a"]
windows = ["{local}\\\\a"]
[[environment]]
variable = "A_STORE"
below = "models"
"""
PROBE = probe_of(signature_of("a_store", tomllib.loads(SIGNATURE)))


def test_places_come_from_variables_first():
    machine = FakeMachine(environment={"A_STORE": "/x:/y", "XDG_CACHE_HOME": "/cache"})
    machine.other_homes = (b"/home/bob",)
    assert PROBE.roots(machine) == (b"/x/models", b"/y/models", b"/home/ada/a", b"/home/bob/a", b"/cache/b", b"/c")
    assert PROBE.roots(FakeMachine("windows")) == (b"C:\\Users\\ada\\AppData\\Local\\a",)
    assert PROBE.roots(FakeMachine("windows", {"LOCALAPPDATA": "D:\\L"})) == (b"D:\\L\\a",)


@pytest.mark.parametrize(
    ("path", "name", "claim"),
    [
        (b"/c/owner/model/file.gguf", "owner/model", None),
        (b"/c/file.gguf", "file.gguf", None),
        (b"/c/owner/model/sub/\xff", "owner/model", None),
        (b"/c/o/m/sha256-" + b"a" * 64, "o/m", "a" * 64),
    ],
)
def test_the_path_gives_the_name(path, name, claim):
    said = PROBE.describe(b"/c", path)
    assert (said.store, said.store_name, said.claimed_sha256) == ("a-store", name, claim)


def test_it_is_recognized_by_all_its_marks():
    machine = FakeMachine()
    assert PROBE.looks_like(machine, b"/any", frozenset({b"mark", b"other", b"more"}))
    assert not PROBE.looks_like(machine, b"/any", frozenset({b"mark"}))


def test_a_moved_comfyui_is_recognized_anywhere():
    machine = FakeMachine()
    for kind in (b"checkpoints", b"loras", b"vae", b"text_encoders"):
        machine.add_directory(b"/mnt/big/models/" + kind)
    machine.add_file(b"/mnt/big/models/checkpoints/base.safetensors", b"MODEL")
    (item,) = sweep(machine, [b"/mnt"], PROBES, lambda _n, _s, head, _t: head == b"MODEL")
    assert isinstance(item, Sighted)
    assert (item.candidate.store, item.candidate.store_name) == ("comfyui", "checkpoints/base.safetensors")


def test_there_are_many():
    assert len(plain_stores()) >= 40
