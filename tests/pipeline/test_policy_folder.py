import pytest
from tests.policy_texts import PERMIT, SETTINGS

from weighbridge.host.fake import FakeMachine
from weighbridge.model.errors import WeighbridgeError
from weighbridge.pipeline.policies import load_policy
from weighbridge.pipeline.policy_folder import folder_files


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
