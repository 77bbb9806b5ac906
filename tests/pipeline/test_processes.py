"""What runs, over a machine in memory, and that nothing is asked of it that the page does not list."""

import hashlib

from tests.pipeline.test_weights_files import gguf

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.host.live import Route
from weighbridge.model.network_state import Connectivity
from weighbridge.model.running import Snapshot, WeightsEvidence
from weighbridge.model.verdict import Decision
from weighbridge.pipeline.policies import load_policy
from weighbridge.pipeline.processes import Processes, snapshot

PATH = b"/home/ada/blob"


def machine() -> tuple[FakeMachine, FakeLive]:
    made = FakeMachine()
    made.add_file(PATH, gguf())
    live = FakeLive(made)
    live.add(FakeProcess(pid=1, name=b"init", user=0))
    live.add(FakeProcess(pid=7, name=b"worker", command_line=(b"worker", b"--api-key", b"sk-secret")))
    return made, live


def taken(made: FakeMachine, live: FakeLive, policy: str = "observe") -> Snapshot:
    return snapshot(made, live, load_policy(made, policy))


def test_only_who_runs_models_is_listed() -> None:
    made, live = machine()
    assert taken(made, live).processes == ()
    live.map(7, PATH)
    found = taken(made, live)
    (process,) = found.processes
    assert (process.pid, process.name, process.user) == (7, "worker", "ada")
    (weights,) = process.weights
    assert (weights.sha256, weights.evidence) == (hashlib.sha256(gguf()).hexdigest(), (WeightsEvidence.MAPPED,))
    assert process.verdict is not None
    assert process.verdict.decision is Decision.ALLOW
    assert found.processes_seen == 2
    assert found.taken_at == "2026-11-20T12:00:00Z"


def test_secrets_of_a_command_line_are_masked() -> None:
    made, live = machine()
    live.map(7, PATH)
    (process,) = taken(made, live).processes
    assert process.command_line == (b"worker", b"--api-key", b"***")


def test_who_only_names_weights_counts_if_it_runs_models() -> None:
    made, live = machine()
    worker = live.add(FakeProcess(pid=8, command_line=(b"cp", PATH, b"/backup")))
    assert taken(made, live).processes == ()
    live.machine.add_file(b"/usr/lib/libllama.so", b"\x7fELF")
    live.map(8, b"/usr/lib/libllama.so", executable=True)
    worker.command_line = (b"worker", PATH)
    (process,) = taken(made, live).processes
    assert process.runtime == "llama_cpp"
    assert [one.evidence for one in process.weights] == [(WeightsEvidence.COMMAND_LINE,)]


def test_what_is_hidden_is_counted_for_the_machine_and_said_of_each_process() -> None:
    made, live = machine()
    for pid in (8, 9):
        live.add(FakeProcess(pid=pid, hidden={"mapped_files"}, command_line=(b"x", b"-m", PATH)))
    live.hidden_from_all = ["processes of other users: /proc is mounted with hidepid"]
    found = taken(made, live)
    assert found.not_visible == (
        "processes of other users: /proc is mounted with hidepid",
        "mapped files of 2 processes: needs CAP_PERFMON, CAP_SYS_PTRACE or root",
    )
    assert found.processes[0].not_visible == ("mapped files: needs CAP_PERFMON, CAP_SYS_PTRACE or root",)


def test_a_process_reaches_as_far_as_its_network_namespace() -> None:
    made, live = machine()
    live.routes_here = [Route("0.0.0.0/0", "192.0.2.1", "eth0", "hardware")]
    live.map(7, PATH)
    live.add(FakeProcess(pid=8, network_namespace=99))
    live.map(8, PATH)
    found = taken(made, live)
    assert found.network.connectivity is Connectivity.INTERNET_ONLY
    assert [one.network.connectivity for one in found.processes] == [Connectivity.INTERNET_ONLY, Connectivity.OFFLINE]


def test_a_second_look_asks_quiet_processes_nothing_but_their_weights() -> None:
    made, live = machine()
    live.map(7, PATH)
    looking = Processes(made, live, load_policy(made))
    first = looking.snapshot()
    live.reads.clear()
    assert looking.snapshot() == first
    asked = {read.operation for read in live.reads if read.pid == 1}
    assert asked == set()
    assert not {"mapped_files", "open_files", "command_line"} & {read.operation for read in live.reads}


def test_malicious_weights_are_denied_though_they_run() -> None:
    made, live = machine()
    made.add_file(b"/home/ada/pickle", b"cos\nsystem\n(S'id'\ntR." + b"0" * 5000)
    live.map(7, b"/home/ada/pickle")
    (process,) = taken(made, live, "regulated").processes
    assert process.verdict is not None
    assert process.verdict.decision is Decision.DENY


def test_programs_that_read_any_file_do_not_run_the_weights_among_them() -> None:
    made, live = machine()
    made.add_file(b"/usr/bin/rg", b"\x7fELF" + b"0" * 5000)
    live.add(FakeProcess(pid=8, executable=b"/usr/bin/rg"))
    live.map(8, b"/usr/bin/rg", executable=True)
    live.map(8, PATH)
    assert taken(made, live).processes == ()
    made.add_file(b"/usr/bin/rg", b"\x7fELF" + b"1" * 5000)
    (process,) = taken(made, live).processes
    assert process.pid == 8


class EndsAfter(FakeLive):
    """A machine on which one process ends after a number of questions about it."""

    def __init__(self, machine: FakeMachine, pid: int, questions: int) -> None:
        super().__init__(machine)
        self.ends, self.left = pid, questions

    def _asked(self, operation: str, pid: int, path: bytes = b"") -> FakeProcess:
        if pid == self.ends:
            self.left -= 1
            if self.left < 0:
                raise ProcessLookupError(f"process {pid} ended")
        return super()._asked(operation, pid, path)


def test_a_process_may_end_after_any_question() -> None:
    made, _ = machine()
    shown = []
    for questions in range(100):
        live = EndsAfter(made, 7, questions)
        live.add(FakeProcess(pid=1, name=b"init", user=0))
        live.add(FakeProcess(pid=7, name=b"worker", command_line=(b"worker",), container="c0ffee"))
        live.listen(7, "127.0.0.1", 8080)
        live.map(7, PATH)
        shown.append([process.pid for process in taken(made, live).processes])
        if live.left > 0:
            break
    assert shown[0] == []
    assert shown[-1] == [7]
    assert len(shown) > 10
