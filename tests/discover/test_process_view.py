"""What is asked of processes, once, and what is said of those that do not tell."""

from weighbridge.discover.process_view import NEEDS, look
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.host.live import MappedFile


def test_a_process_that_did_nothing_is_not_asked_again() -> None:
    live = FakeLive()
    quiet = live.add(FakeProcess(pid=1, command_line=(b"init",)))
    busy = live.add(FakeProcess(pid=2))
    first = look(live)
    live.reads.clear()
    busy.cpu_ticks += 1
    second = look(live, first)
    assert second[quiet.pid] is first[quiet.pid]
    assert {read.pid for read in live.reads if read.operation != "processes"} == {2}


def test_what_is_not_visible_is_said_with_what_would_be_needed() -> None:
    live = FakeLive()
    live.add(FakeProcess(pid=1, command_line=(b"serve",), hidden={"mapped_files", "open_files", "executable"}))
    seen = look(live)[1]
    assert seen.command_line == (b"serve",)
    assert seen.shortcomings() == (
        "program: needs CAP_SYS_PTRACE or root",
        "mapped files: needs CAP_PERFMON, CAP_SYS_PTRACE or root",
        "open files: needs CAP_SYS_PTRACE with CAP_DAC_READ_SEARCH, or root",
    )


def test_every_question_can_be_refused() -> None:
    refused = {
        "command_line", "executable", "working_folder", "mapped_files", "open_files", "container", "bytes_read",
        "environment_of", "open_mapped", "open_handle",
    }  # fmt: skip
    live = FakeLive()
    live.add(FakeProcess(pid=1, hidden=refused))
    seen = look(live)[1]
    for what in NEEDS:
        assert seen.ask(what, live.container) is None
    assert [one.partition(":")[0] for one in seen.shortcomings()][:5] == [
        "command line",
        "program",
        "working folder",
        "mapped files",
        "open files",
    ]


def test_what_a_platform_does_not_tell_is_said() -> None:
    class Elsewhere(FakeLive):
        def mapped_files(self, pid: int, at_least: int = 0) -> list[MappedFile]:
            raise NotImplementedError(f"mapped files of {pid} from {at_least} bytes")

    live = Elsewhere()
    live.add(FakeProcess(pid=1))
    assert look(live)[1].shortcomings() == ("mapped files: not told on this platform",)


def test_kernel_threads_and_processes_that_just_ended_are_left_out() -> None:
    class Ending(FakeLive):
        def executable(self, pid: int) -> bytes:
            if pid == 3:
                self.end(3)
            return super().executable(pid)

    live = Ending()
    live.add(FakeProcess(pid=2, virtual_bytes=0))
    live.add(FakeProcess(pid=3))
    live.add(FakeProcess(pid=4))
    assert [*look(live)] == [4]
