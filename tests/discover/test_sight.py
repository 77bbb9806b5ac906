from weighbridge.discover.sight import QUESTIONS, sight
from weighbridge.host.fake_live import FakeLive, FakeProcess


def test_what_is_hidden_is_counted_with_what_would_show_it() -> None:
    live = FakeLive()
    live.add(FakeProcess(pid=1))
    live.add(FakeProcess(pid=2, hidden={"mapped_files", "open_files"}))
    live.add(FakeProcess(pid=3, virtual_bytes=0, hidden={"mapped_files"}))  # of the kernel
    found = {one.what: one for one in sight(live)}
    assert found.keys() == QUESTIONS.keys()
    mapped = found["weights in memory"]
    assert (mapped.seen, mapped.hidden) == (1, 1)
    assert "CAP_PERFMON" in mapped.needs
    assert (found["programs"].seen, found["programs"].hidden) == (2, 0)


def test_a_process_that_ends_counts_nowhere() -> None:
    class Ending(FakeLive):
        def executable(self, pid: int) -> bytes:
            raise ProcessLookupError(pid)

    live = Ending()
    live.add(FakeProcess(pid=1))
    (programs,) = [one for one in sight(live) if one.what == "programs"]
    assert (programs.seen, programs.hidden) == (0, 0)
