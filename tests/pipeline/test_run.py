import pytest
from tests.samples.safetensors_file import small

from weighbridge.host.fake import FakeMachine
from weighbridge.host.interrupt import Interrupts
from weighbridge.model.artifact import Scan
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.finding import Assessment
from weighbridge.model.verdict import Decision
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.run import scan

HOME = b"/home/ada"


def test_every_artifact_ends_with_an_assessment_terms_and_a_verdict() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/m.safetensors", small())
    result = scan(machine, Options(roots=(HOME,)))
    (artifact,) = result.artifacts
    assert artifact.sha256
    assert artifact.verdict is not None
    assert artifact.verdict.decision is Decision.ALLOW
    assert artifact.license.reasons
    assert (result.files_seen, result.interrupted) == (1, False)


def test_an_empty_machine_is_an_empty_result() -> None:
    result = scan(FakeMachine(), Options(roots=(HOME,)))
    assert (result.artifacts, result.unexamined, result.repositories) == ((), (), ())


def test_a_policy_that_does_not_exist_stops_before_anything_is_read() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/m.safetensors", small())
    with pytest.raises(WeighbridgeError):
        scan(machine, Options(roots=(HOME,), policy="/no/such/policy"))
    assert not [read for read in machine.reads if read.operation in ("open", "peek")]


def test_two_runs_give_equal_results() -> None:
    machine = FakeMachine()
    for name in (b"a", b"b.gguf", b"sub/c"):
        machine.add_file(HOME + b"/" + name, small())
    options = Options(roots=(HOME,))
    assert scan(machine, options) == scan(machine, options)


def test_the_cache_changes_nothing_but_the_reads() -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/a", small())
    assert scan(machine, Options(roots=(HOME,))) == scan(machine, Options(roots=(HOME,), cache=False))


def test_ctrl_c_while_hashing_keeps_the_artifacts(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = FakeMachine()
    machine.add_file(HOME + b"/a", small())

    def digest(*_arguments: object, **_options: object) -> object:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(machine, "digest", digest)
    result = scan(machine, Options(roots=(HOME,)))
    assert result.interrupted
    assert [artifact.sha256 for artifact in result.artifacts] == [None]


def test_ctrl_c_at_any_look_at_the_machine_gives_a_partial_result(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0
    strike = 0

    def counted(name: str) -> None:
        original = getattr(FakeMachine, name)

        def look(self: FakeMachine, *arguments: object, **options: object) -> object:
            nonlocal looks
            looks += 1
            if looks == strike:
                interrupts._note(2, None)
            return original(self, *arguments, **options)

        monkeypatch.setattr(FakeMachine, name, look)

    for name in ("survey", "peek", "open", "stat", "resolve", "list_directory", "read_file", "digest", "isolated"):
        counted(name)

    def attempt() -> Scan:
        machine = FakeMachine()
        for file, content in (
            (b"config.json", b'{"auto_map": {"AutoModel": "modeling_a.A"}, "model_type": "a"}'),
            (b"modeling_a.py", b"import os\nos.system('id')\n"),
            (b"m.safetensors", small()),
        ):
            machine.add_file(HOME + b"/a/" + file, content)
        return scan(machine, Options(roots=(HOME,)), interrupts=interrupts)

    interrupts = Interrupts()
    whole = attempt()
    assert whole.repositories[0].assessment is Assessment.MALICIOUS
    for number in range(1, looks + 1):
        strike = number
        looks, interrupts = 0, Interrupts()
        result = attempt()
        assert interrupts.requested
        assert result.interrupted or result == whole
