"""The running machine is asked what the page says and nothing else."""

import inspect

from tests.pipeline.test_weights_files import gguf

from weighbridge.discover.running_probes import QUESTIONS, RUNNING_PROBES
from weighbridge.discover.server_paths import every_path
from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.host.live import HttpAnswer, Live
from weighbridge.pipeline.policies import load_policy
from weighbridge.pipeline.processes import Processes

BLOB = b"/home/ada/models/blob"
PRIVATE = (b"/home/ada/.ssh/id_ed25519", b"/home/ada/Documents/letter.txt", b"/home/ada/.env")


def test_every_question_is_explained_and_belongs_to_a_probe() -> None:
    methods = {name for name, _ in inspect.getmembers(Live, inspect.isfunction) if not name.startswith("_")}
    assert {*QUESTIONS} == methods
    declared = {name for probe in RUNNING_PROBES for name in probe.declaration.asks}
    assert declared <= methods
    assert [probe.id for probe in RUNNING_PROBES] == sorted(probe.id for probe in RUNNING_PROBES)
    assert [*QUESTIONS] == sorted(QUESTIONS)


def test_a_look_asks_what_is_declared_and_reads_no_other_file() -> None:
    machine = FakeMachine()
    for path in PRIVATE:
        machine.add_file(path, b"private" * 5000)
    machine.add_file(BLOB, gguf())
    live = FakeLive(machine)
    live.add(FakeProcess(pid=5, name=b"bash", command_line=(b"bash",), environment={"SECRET": "x"}))
    live.add(FakeProcess(pid=7, command_line=(b"serve", b"-m", BLOB), network_namespace=99))
    live.map(7, BLOB)
    live.open(7, BLOB)
    models = HttpAnswer(200, {"server": "llama.cpp"}, b'{"data": [{"id": "blob", "owned_by": "llamacpp"}]}')
    live.listen(7, "127.0.0.1", 18080, {"/v1/models": models})
    live.listen(5, "127.0.0.1", 9999, {"/": HttpAnswer(200, {}, b"hello")})
    machine.reads.clear()
    looking = Processes(machine, live, load_policy(machine))
    assert [process.pid for process in looking.snapshot().processes] == [7]
    looking.snapshot()

    declared = {name for probe in RUNNING_PROBES for name in probe.declaration.asks}
    assert {read.operation for read in live.reads} <= declared
    asked = {"/" + read.detail.split("/", 1)[1] for read in live.reads if read.operation == "get"}
    assert asked <= every_path()
    assert "/v1/models" in asked
    read = {one.path for one in machine.reads if one.operation in ("open", "peek", "read", "digest")}
    assert read <= {BLOB}
    assert not {path for path in PRIVATE if path in {one.path for one in machine.reads}}
