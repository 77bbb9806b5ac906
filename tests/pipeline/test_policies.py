import json
import struct
from hashlib import sha256
from pathlib import Path

import pytest
from tests.policy_texts import PERMIT, SETTINGS, forbid

from weighbridge.host.fake import FakeMachine
from weighbridge.model.verdict import Decision
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.policies import built_in_files, load_policy
from weighbridge.pipeline.run import scan
from weighbridge.policy import packs
from weighbridge.policy.packs import BUILT_IN


def machine_with(**files: bytes) -> FakeMachine:
    machine = FakeMachine()
    machine.add_directory(b"/policy")
    for name, content in files.items():
        machine.add_file(b"/policy/" + name.encode(), content)
    return machine


@pytest.mark.parametrize("pack", BUILT_IN)
def test_packs_are_read_without_touching_the_machine(pack):
    machine = FakeMachine()
    assert load_policy(machine, pack).settings.name == pack
    assert machine.reads == []
    assert "tests/artifacts.yaml" in built_in_files(pack)


def test_packs_consist_of_what_is_listed():
    for pack in BUILT_IN:
        folder = Path(packs.__file__).parent / pack
        there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert there == {*packs.FILES, packs.COMPILED}
    assert list(packs.FILES) == sorted(packs.FILES)


def test_the_default_observes():
    assert load_policy(FakeMachine()).settings.mode == "observe"


@pytest.mark.parametrize("pack", BUILT_IN)
def test_packs_are_right_by_the_registries_too(pack):
    assert load_policy(FakeMachine(), pack, check=True).rules


def test_an_acceptance_counts_in_a_scan_until_its_day():
    header = json.dumps({"t": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    content = struct.pack("<Q", len(header)) + header + bytes(4)
    rule = forbid('resource.format == "safetensors"').rstrip(";\n") + "\nunless { resource.accepted };\n"
    for day, expected in (("2026-11-20", Decision.ALLOW), ("2026-11-19", Decision.DENY)):
        accepted = f"accepted: [{{sha256: {sha256(content).hexdigest()}, reason: r, by: b, until: {day}}}]\n"
        machine = machine_with(**{"policy.yaml": (SETTINGS + accepted).encode(), "a.cedar": (PERMIT + rule).encode()})
        machine.add_file(b"/home/ada/m.safetensors", content)
        result = scan(machine, Options(roots=(b"/home/ada/m.safetensors",), policy="/policy", cache=False))
        (artifact,) = result.artifacts
        assert artifact.verdict is not None
        assert artifact.verdict.decision is expected
