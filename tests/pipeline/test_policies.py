import json
import struct
from hashlib import sha256
from pathlib import Path

import pytest
from tests.policy_texts import PERMIT, SETTINGS, forbid

from weighbridge.host.fake import FakeMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.verdict import Decision
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.policies import built_in_files, folder_files, load_policy
from weighbridge.pipeline.run import scan
from weighbridge.policy import packs
from weighbridge.policy.pack import BUILT_IN


def machine_with(**files: bytes) -> FakeMachine:
    machine = FakeMachine()
    machine.add_directory(b"/policy")
    for name, content in files.items():
        machine.add_file(b"/policy/" + name.encode(), content)
    return machine


def refused(machine: FakeMachine, name: str = "/policy") -> WeighbridgeError:
    with pytest.raises(WeighbridgeError) as caught:
        load_policy(machine, name)
    assert caught.value.hint
    return caught.value


GOOD = {"policy.yaml": SETTINGS.encode(), "a.cedar": PERMIT.encode()}


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
        assert there == set(packs.FILES)
    assert list(packs.FILES) == sorted(packs.FILES)


def test_the_default_observes():
    assert load_policy(FakeMachine()).settings.mode == "observe"


def test_a_folder():
    machine = machine_with(**GOOD, **{"tests/t.yaml": b"", "README.md": b"x", "notes/a.cedar": b"x"})
    assert load_policy(machine, "/policy").title == "small 1"
    assert folder_files(machine, "/policy/").keys() == {"policy.yaml", "a.cedar", "tests/t.yaml"}
    assert not any(read.path.endswith(b"README.md") for read in machine.reads if read.operation == "read")


def test_what_is_not_there():
    assert refused(FakeMachine(), "/nowhere").code == "E-policy-missing"
    assert "balanced" in refused(FakeMachine(), "balance").hint
    assert refused(FakeMachine(), " ").code == "E-policy-missing"
    assert refused(machine_with(**{"policy.yaml": b""}), "/policy/policy.yaml").code == "E-policy-missing"
    assert refused(machine_with()).code == "E-policy-empty"
    assert refused(machine_with(**{"a.cedar": b""})).code == "E-policy-missing"


def test_what_cannot_be_read():
    machine = machine_with(**GOOD)
    machine.forbid(b"/policy/a.cedar")
    assert refused(machine).code == "E-policy-unreadable"
    machine = machine_with(**GOOD)
    machine.add_link(b"/policy/b.cedar", b"/etc/passwd")
    assert refused(machine).code == "E-policy-unreadable"


def test_what_is_too_large_or_too_many():
    assert "larger than" in refused(machine_with(**GOOD, **{"b.cedar": b"x" * (2 << 20)})).message
    many = {f"r{number}.cedar": b"" for number in range(501)}
    assert "more than 500" in refused(machine_with(**GOOD, **many)).message


def test_names_that_are_not_utf_8_are_not_policy_files():
    machine = machine_with(**GOOD)
    machine.add_file(b"/policy/\xff", b"")
    load_policy(machine, "/policy")


def test_names_that_only_registries_know_are_checked():
    for condition, name in (
        ('resource.format == "ggfu"', "gguf"),
        ('resource.checks.contains("unsafe-imprt")', "unsafe-import"),
        ('resource.stores.contains("olama")', "ollama"),
    ):
        rule = PERMIT.replace("resource);", f"resource is Artifact) when {{ {condition} }};")
        error = refused(machine_with(**{"policy.yaml": SETTINGS.encode(), "a.cedar": rule.encode()}))
        assert error.hint == f"did you mean `{name}`?"


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
