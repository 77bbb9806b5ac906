"""What the sensor's gate lets through, over a machine in memory; questions are counted."""

from tests.pipeline.test_weights_files import gguf

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.pipeline.watch_gate import YOUNG, Gate, Stirred

PATH = b"/home/ada/blob"


def gate() -> tuple[FakeLive, Gate]:
    machine = FakeMachine()
    machine.add_file(PATH, gguf())
    machine.add_file(b"/usr/share/font", b"no weights" * 1000)
    live = FakeLive(machine)
    live.add(FakeProcess(pid=1, name=b"init", executable=b"/sbin/init"))
    live.add(FakeProcess(pid=7, executable=b"/usr/bin/worker"))
    made = Gate(machine, live)
    made.own = frozenset({99})
    return live, made


def test_everything_is_new_at_first_and_settled_after_a_look() -> None:
    live, one = gate()
    live.map(7, PATH)
    first = one.sweep(0)
    assert first._replace(running=()) == Stirred(weights=frozenset({7}), programs=frozenset({1, 7}))
    assert [(run.pid, run.weights[0].path, run.weights[0].format) for run in first.running] == [(7, PATH, "gguf")]
    assert one.present() == {1, 7}
    one.settle(interesting={7}, programs=one.present())
    assert one.sweep(100) == Stirred()
    live.add(FakeProcess(pid=8, executable=b"/sbin/init"))
    assert one.sweep(101) == Stirred()
    live.add(FakeProcess(pid=9, executable=b"/usr/bin/worker"))
    assert one.sweep(102).programs == {9}


def test_weights_that_are_mapped_late_are_seen_when_the_process_grows() -> None:
    live, one = gate()
    one.sweep(0)
    live.map(7, PATH)
    live._processes[7].virtual_bytes += 1 << 30
    assert one.sweep(0.1).weights == {7}


def test_a_small_change_is_looked_at_with_patience() -> None:
    live, one = gate()
    worker = live._processes[7]
    looks = []
    for second in range(0, 120, 3):
        worker.virtual_bytes += 4096
        before = len(live.reads)
        one.sweep(second)
        looks.append(any(read.operation == "mapped_files" and read.pid == 7 for read in live.reads[before:]))
    assert looks[:4] == [True, True, False, True]
    assert sum(looks) < 9
    live.map(7, PATH)
    assert any(one.sweep(second).weights == {7} for second in range(120, 151, 3))


def test_a_quiet_machine_is_asked_for_its_list_only() -> None:
    live, one = gate()
    one.sweep(0)
    live.reads.clear()
    one.sweep(60)
    assert [read.operation for read in live.reads] == ["processes"]


def test_young_processes_are_looked_at_again_and_again() -> None:
    live, one = gate()
    one.sweep(0)
    assert one.next_young() is None
    live.add(FakeProcess(pid=8, executable=b"/usr/bin/x"))
    one.started([8], 10)
    assert one.next_young() == 10 + YOUNG[0]
    assert one.look_at_young(10) == Stirred()
    assert one.look_at_young(10.1).programs == {8}
    live.map(8, PATH)
    assert one.look_at_young(10.8).weights == {8}
    assert one.look_at_young(30) == Stirred()
    assert one.next_young() is None


def test_a_process_that_ended_is_told_by_the_sweep_or_forgotten_when_announced() -> None:
    live, one = gate()
    one.sweep(0)
    live.end(7)
    assert one.sweep(3).ended == {7}
    one.started([8], 3)
    one.ended([8])
    assert one.next_young() is None


def test_a_process_gone_before_its_look_is_no_trouble() -> None:
    _, one = gate()
    one.started([4711], 0)
    assert one.look_at_young(1) == Stirred()


def test_content_that_no_reader_knows_and_own_processes_stir_nothing() -> None:
    live, one = gate()
    one.settle((), one.sweep(0).programs)
    live.map(7, b"/usr/share/font")
    live.add(FakeProcess(pid=99, executable=b"/usr/bin/wb"))
    live.map(99, PATH)
    live._processes[7].virtual_bytes += 1 << 30
    assert one.sweep(5) == Stirred()


def test_what_a_look_found_to_be_no_weights_stirs_nothing_again() -> None:
    live, one = gate()
    live.map(7, PATH)
    first = one.sweep(0)
    one.settle(interesting=(), programs=first.programs)
    live.add(FakeProcess(pid=8, executable=b"/usr/bin/worker"))
    live.map(8, PATH)
    assert one.sweep(3).weights == frozenset()


def test_what_only_reads_weights_or_is_weighbridge_itself_is_not_said_to_run_them() -> None:
    live, one = gate()
    live.add(FakeProcess(pid=8, executable=b"/usr/bin/rg"))
    live.add(
        FakeProcess(pid=live.own_pid, executable=b"/usr/bin/python3", command_line=(b"p", b"-P", b"-m", b"weighbridge"))
    )
    live.add(
        FakeProcess(pid=9, executable=b"/usr/bin/python3", command_line=(b"p", b"-P", b"-m", b"weighbridge", b"up"))
    )
    for pid in (8, 9):
        live.map(pid, PATH)
    stirred = one.sweep(0)
    assert (stirred.weights, stirred.running) == ({8, 9}, ())


def test_of_many_that_start_together_each_is_looked_at_less_often_and_still_in_time() -> None:
    live, one = gate()
    one.started([7], 0)
    alone = one.next_young()
    one.started(range(1000, 1100), 0)
    one.ended([7, *range(1000, 1029)])
    assert alone is not None
    assert alone < (one.next_young() or 0) < 1
    live.map(7, PATH)
    one.started([7], 10)
    assert 7 in one.look_at_young(10.6).weights
