"""The sensor as a conversation: a machine in memory, its clock, what it announces, and the records that follow."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.ledger.logs import KEY
from tests.pipeline.test_weights_files import gguf

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.host.folder_events import Changed
from weighbridge.host.live import Route
from weighbridge.host.own_cost import Cost
from weighbridge.host.process_events import Change, ProcessEvent
from weighbridge.ledger.entry import Record, decode, timestamp
from weighbridge.ledger.log import Log
from weighbridge.ledger.reader import LogReader
from weighbridge.ledger.recorder import Recorder
from weighbridge.pipeline.watch import Senses, Watch
from weighbridge.pipeline.watch_decide import Known
from weighbridge.pipeline.watch_owed import NOT_LOOKED_AT
from weighbridge.pipeline.watch_scribe import Scribe
from weighbridge.pipeline.watch_when import Rhythm
from weighbridge.pipeline.watch_work import Work

PATH = b"/home/ada/blob"


class InMemory:
    """A helper that works at once, in this process."""

    def __init__(self, made: Callable[[], Work]) -> None:
        self._made, self._work = made, made()
        self._lines: list[bytes] = []
        self.asked: list[str] = []
        self.pid: int | None = None
        self.seconds = 0.0
        self.dies = 0

    def ask(self, line: bytes) -> None:
        self.pid = 4000
        request = json.loads(line)
        self.asked.append(request["do"])
        if not self.dies:
            self._lines += [json.dumps(answer).encode() for answer in self._work.answer(request)]

    def take(self) -> list[bytes]:
        if self.dies:
            self.dies -= 1
            raise EOFError
        lines, self._lines = self._lines, []
        return lines

    def end(self) -> None:
        self.pid, self._work = None, self._made()


class Announced:
    def __init__(self) -> None:
        self.lost = 0
        self.waiting: list[ProcessEvent] = []

    def tell(self, change: Change, *pids: int) -> None:
        self.waiting += [ProcessEvent(change, pid, None, 0) for pid in pids]

    def take(self) -> list[ProcessEvent]:
        taken, self.waiting = self.waiting, []
        return taken


class Folders:
    def __init__(self) -> None:
        self.watched: set[bytes] = set()
        self.changed = Changed(frozenset(), frozenset(), lost=False)

    def watch(self, folder: bytes) -> None:
        self.watched.add(folder)

    def take(self) -> Changed:
        taken, self.changed = self.changed, Changed(frozenset(), frozenset(), lost=False)
        return taken


class Bench:
    def __init__(self, *, announces: bool = True) -> None:
        self.machine = FakeMachine()
        self.machine.add_file(PATH, gguf())
        self.live = FakeLive(self.machine)
        self.live.add(FakeProcess(pid=1, name=b"init", user=0))
        self.announced = Announced()
        self.folders = Folders()
        self.cost = Cost(0, 0, 30 << 20)
        self.announces = announces
        self.turns = 0
        self.begin()

    def begin(self) -> None:
        """Start the sensor, after an end or a kill."""
        known = Known()
        log = Log.open(self.machine.durable_folder("ledger"), KEY)
        for entry in log.entries(0, log.size):
            if (record := decode(entry)) is not None:
                known.replay(record)
        log.close()
        self.looker = InMemory(lambda: Work(self.machine, self.live, "observe", share=None, cached=False))
        self.surveyor = InMemory(lambda: Work(self.machine, self.live, "observe", share=None, cached=False))
        self.daily = InMemory(lambda: Work(self.machine, self.live, "observe", share=None, cached=False))
        senses = Senses(
            self.machine, self.live, self.looker, self.surveyor, self.daily, lambda: self.cost,
            processes=self.announced if self.announces else None, folders=self.folders,
            shortcomings=() if self.announces else ("starts of processes: refused",),
        )  # fmt: skip
        self.scribe = Scribe(self._open, lambda: timestamp(self.machine.now()))
        self.scribe.begin()
        self.watch = Watch(senses, self.scribe, known, Rhythm())

    def _open(self) -> Recorder:
        log = Log.open(self.machine.durable_folder("ledger"), KEY)
        return Recorder(log, self.machine.now, self.machine.boot, lambda: "unknown")

    def pass_(self, seconds: float) -> None:
        """Let time pass as the sensor spends it: turn after turn."""
        until = self.machine.clock + timedelta(seconds=seconds)
        while True:
            self.watch.turn()
            self.turns += 1
            left = (until - self.machine.clock).total_seconds()
            if left <= 0:
                return
            self.machine.clock += timedelta(seconds=min(left, max(self.watch.pause(), 0.01)))

    def settled(self) -> "Bench":
        """Return it after its first looks, scans and audits."""
        self.pass_(300)
        self.mark()
        return self

    def mark(self) -> None:
        self._marked = len(self.records())

    def records(self) -> list[Record]:
        reader = LogReader(self.machine.durable_folder("ledger"))
        return [found for entry in reader.entries(0, reader.head().size) if (found := decode(entry)) is not None]

    def news(self) -> list[Record]:
        """Return the records since the mark, without what comes at regular times."""
        return [record for record in self.records()[self._marked :] if record.kind != "heartbeat"]

    def kinds(self) -> list[str]:
        return [record.kind for record in self.news()]


def run_weights(bench: Bench, pid: int = 7) -> None:
    bench.live.add(FakeProcess(pid=pid, executable=b"/tmp/x"))
    bench.announced.tell(Change.EXEC, pid)
    bench.pass_(0.05)
    bench.live.map(pid, PATH)


def test_the_beginning_tells_what_there_is_and_an_hour_of_nothing_tells_nothing() -> None:
    bench = Bench()
    bench.machine.add_file(b"/home/ada/models/m.gguf", gguf())
    bench.pass_(300)
    kinds = {record.kind for record in bench.records()}
    assert {"start", "network", "capability", "policy-change", "artifact", "sighting", "verdict"} <= kinds
    bench.mark()
    bench.pass_(3600)
    assert bench.news() == []
    assert {record.kind for record in bench.records()} >= {"heartbeat"}


def test_weights_are_recorded_when_a_process_maps_them_and_when_it_ends() -> None:
    bench = Bench().settled()
    began = bench.machine.clock
    run_weights(bench)
    bench.pass_(5)
    (start,) = [record for record in bench.news() if record.kind == "process"]
    assert start.data["weights"][0]["sha256"]  # type: ignore[index]
    assert start.data["pid"] == 7
    assert start.monotonic - (began - bench.machine.started).total_seconds() < 2
    bench.live.end(7)
    bench.announced.tell(Change.EXIT, 7)
    bench.pass_(1)
    assert bench.kinds() == ["process", "process-end"]


def test_weights_that_an_old_process_loads_are_noticed_by_the_sweep() -> None:
    bench = Bench()
    bench.live.add(FakeProcess(pid=7, executable=b"/opt/studio"))
    bench.settled()
    bench.live.map(7, PATH)
    bench.live._processes[7].virtual_bytes += 1 << 30
    bench.pass_(5)
    assert bench.kinds() == ["process"]


def test_without_announcements_the_sweep_sees_starts_and_ends_and_the_shortcoming_is_recorded() -> None:
    bench = Bench(announces=False).settled()
    (said,) = [record for record in bench.records() if record.kind == "capability"]
    assert "starts of processes: refused" in said.data["not_visible"]  # type: ignore[operator]
    bench.live.add(FakeProcess(pid=7, executable=b"/tmp/x"))
    bench.live.map(7, PATH)
    bench.pass_(5)
    bench.live.end(7)
    bench.pass_(5)
    assert bench.kinds() == ["process", "process-end"]


def test_a_process_that_ends_while_it_is_looked_at_does_not_stay() -> None:
    bench = Bench().settled()
    run_weights(bench)
    taken = bench.looker.take
    bench.looker.take = list  # type: ignore[method-assign]  # the answer is under way
    bench.pass_(2)
    bench.live.end(7)
    bench.announced.tell(Change.EXIT, 7)
    bench.pass_(1)
    bench.looker.take = taken  # type: ignore[method-assign]
    bench.pass_(1)
    assert bench.kinds() == ["process", "process-end"]


@pytest.mark.parametrize("late", ["asked", "answered", "failed"])
def test_a_process_that_ends_before_a_look_comes_is_told_with_what_was_seen(late: str) -> None:
    bench = Bench().settled()
    run_weights(bench)
    ask = bench.looker.ask
    if late == "answered":  # the look is under way and finds it gone
        bench.looker.ask = lambda line: None  # type: ignore[method-assign]
        bench.pass_(1)
        bench.live.end(7)
        bench.announced.tell(Change.EXIT, 7)
        ask(b'{"do": "look"}')
        bench.looker.ask = ask  # type: ignore[method-assign]
    else:
        bench.looker.dies = int(late == "failed")
        bench.pass_(0.1)
        bench.live.end(7)
        bench.announced.tell(Change.EXIT, 7)
    bench.pass_(30)
    told = [record for record in bench.news() if record.kind.startswith("process")]
    assert [record.kind for record in told] == ["process", "process-end"]
    assert told[0].data["weights"][0]["path"] == PATH.decode()  # type: ignore[index]
    assert told[0].data["not_visible"] == [NOT_LOOKED_AT]
    assert told[1].data["started"] == told[0].data["started"]


def test_a_look_that_comes_late_delays_the_details_and_not_the_fact() -> None:
    bench = Bench().settled()
    taken = bench.looker.take
    bench.looker.take = list  # type: ignore[method-assign]  # it has something else to read
    began = bench.machine.clock
    run_weights(bench)
    bench.pass_(60)
    (early,) = bench.news()
    assert early.data["network"] == "offline"
    assert early.data["not_visible"] == [NOT_LOOKED_AT]
    assert early.monotonic - (began - bench.machine.started).total_seconds() < 5
    bench.looker.take = taken  # type: ignore[method-assign]
    bench.pass_(60)
    assert bench.kinds() == ["process", "process"]
    assert bench.news()[1].data["weights"][0]["sha256"]  # type: ignore[index]
    assert bench.news()[1].data["not_visible"] == []


def test_what_is_told_late_and_ends_before_the_look_is_told_once() -> None:
    bench = Bench().settled()
    bench.looker.ask = lambda line: None  # type: ignore[method-assign]
    run_weights(bench)
    bench.pass_(20)
    bench.live.end(7)
    bench.announced.tell(Change.EXIT, 7)
    bench.pass_(1)
    assert bench.kinds() == ["process", "process-end"]
    bench.pass_(200)
    assert [kind for kind in bench.kinds() if kind.startswith("process")] == ["process", "process-end"]


def test_a_reader_that_ends_before_a_look_comes_runs_nothing() -> None:
    bench = Bench().settled()
    bench.live.add(FakeProcess(pid=7, executable=b"/usr/bin/rg"))
    bench.announced.tell(Change.EXEC, 7)
    bench.pass_(0.05)
    bench.live.map(7, PATH)
    bench.pass_(0.1)
    bench.live.end(7)
    bench.announced.tell(Change.EXIT, 7)
    bench.pass_(30)
    assert bench.kinds() == []


def test_a_listener_appears_and_goes() -> None:
    bench = Bench().settled()
    run_weights(bench)
    bench.pass_(10)
    bench.mark()
    socket = bench.live.listen(7, "0.0.0.0", 8080)
    bench.pass_(10)
    assert "listener" in bench.kinds()
    bench.live.close(socket.inode)
    bench.pass_(10)
    assert "listener-end" in bench.kinds()


def test_a_new_model_in_a_watched_folder_is_found_and_its_end_too() -> None:
    bench = Bench()
    bench.machine.add_file(b"/home/ada/models/m.gguf", gguf())
    bench.settled()
    assert b"/home/ada/models" in bench.folders.watched
    bench.machine.add_file(b"/home/ada/models/notes.txt", b"x" * 5000)
    bench.folders.changed = Changed(frozenset({b"/home/ada/models"}), frozenset(), lost=False)
    bench.pass_(60)
    assert bench.news() == []
    bench.machine.add_file(b"/home/ada/models/two", gguf())
    bench.folders.changed = Changed(frozenset({b"/home/ada/models"}), frozenset(), lost=False)
    bench.pass_(60)
    assert [record.data["path"] for record in bench.news() if record.kind == "sighting"] == ["/home/ada/models/two"]
    bench.machine.remove(b"/home/ada/models/two")
    bench.folders.changed = Changed(frozenset({b"/home/ada/models"}), frozenset(), lost=False)
    bench.pass_(60)
    assert bench.kinds()[-1] == "sighting-end"


def test_what_changes_while_everything_is_scanned_does_not_wait_for_that_and_is_scanned_again_after_it() -> None:
    bench = Bench()
    folder = b"/home/ada/.cache/huggingface/hub"
    bench.machine.add_file(folder + b"/known", gguf())
    taken, bench.daily.take = bench.daily.take, list  # type: ignore[method-assign]
    bench.pass_(300)
    assert bench.daily.asked == ["scan"]
    assert folder in bench.folders.watched
    bench.machine.add_file(folder + b"/new", gguf() + b"new")
    bench.folders.changed = Changed(frozenset({folder}), frozenset(), lost=False)
    bench.mark()
    bench.pass_(10)
    assert "sighting" in bench.kinds()
    before = len(bench.surveyor.asked)
    bench.daily.take = taken  # type: ignore[method-assign]
    bench.pass_(10)
    assert len(bench.surveyor.asked) == before + 1


def test_the_network_going_is_a_record_and_every_record_after_says_so() -> None:
    bench = Bench()
    bench.live.routes_here = [Route("0.0.0.0/0", "192.0.2.1", "eth0", "hardware")]
    bench.settled()
    bench.live.routes_here = []
    bench.pass_(10)
    (record,) = bench.news()
    assert (record.kind, record.data["connectivity"]) == ("network", "offline")


def test_after_a_kill_there_is_a_gap_and_nothing_is_told_twice() -> None:
    bench = Bench()
    bench.live.add(FakeProcess(pid=7, executable=b"/tmp/x"))
    bench.live.add(FakeProcess(pid=8, executable=b"/tmp/x"))
    bench.live.map(7, PATH)
    bench.live.map(8, PATH)
    bench.settled()
    bench.machine.disks["ledger"].kill()
    bench.machine.clock += timedelta(hours=2)
    bench.live.end(8)
    bench.begin()
    bench.pass_(300)
    assert bench.kinds() == ["start", "gap", "process-end"]
    assert bench.news()[2].data["pid"] == 8


def test_after_a_kill_a_late_first_look_takes_no_detail_back() -> None:
    bench = Bench()
    bench.live.add(FakeProcess(pid=7, executable=b"/tmp/x"))
    bench.live.map(7, PATH)
    bench.settled()
    bench.machine.disks["ledger"].kill()
    bench.begin()
    taken = bench.looker.take
    bench.looker.take = list  # type: ignore[method-assign]  # the answer is under way
    bench.pass_(30)
    run_weights(bench, pid=9)
    bench.pass_(30)
    assert [record.data["pid"] for record in bench.news() if record.kind == "process"] == [9]
    bench.looker.take = taken  # type: ignore[method-assign]
    bench.pass_(60)
    assert [record.data["pid"] for record in bench.news() if record.kind == "process"] == [9, 9]


def test_after_a_restart_of_the_machine_its_processes_ended() -> None:
    bench = Bench()
    bench.live.add(FakeProcess(pid=7, executable=b"/tmp/x"))
    bench.live.map(7, PATH)
    bench.settled()
    assert bench.watch.close()
    bench.machine.boot_id = "another"
    bench.machine.started = bench.machine.clock
    bench.begin()
    bench.pass_(300)
    assert [kind for kind in bench.kinds() if kind.startswith("process")] == ["process", "process-end"]


def test_sleep_and_a_clock_that_is_set_are_records() -> None:
    bench = Bench().settled()
    bench.machine.started -= timedelta(hours=8)  # the clock that counts sleep ran on
    bench.machine.clock += timedelta(seconds=1)
    bench.pass_(5)
    assert bench.news()[0].kind in ("gap", "clock-step")
    (gap,) = [record for record in bench.news() if record.kind == "gap"]
    assert (gap.data["reason"], gap.data["seconds"]) == ("sleep", 8 * 3600)


def test_lost_announcements_are_said_and_followed_by_a_sweep() -> None:
    bench = Bench().settled()
    bench.announced.lost = 3
    bench.live.add(FakeProcess(pid=7, executable=b"/tmp/x"))
    bench.live.map(7, PATH)
    bench.pass_(2)
    assert bench.kinds() == ["overload", "process"]


def test_a_full_disk_stops_no_watching() -> None:
    bench = Bench().settled()
    bench.machine.disks["ledger"].capacity = 0
    run_weights(bench)
    bench.pass_(60)
    assert bench.news() == []
    bench.machine.disks["ledger"].capacity = None
    bench.pass_(120)
    assert [kind for kind in bench.kinds() if kind not in ("stop", "start")] == ["gap", "process"]


@pytest.mark.parametrize("errand", ["looker", "surveyor", "daily"])
def test_a_helper_that_dies_is_said_and_asked_again(errand: str) -> None:
    bench = Bench()
    getattr(bench, errand).dies = 1
    bench.live.add(FakeProcess(pid=7, executable=b"/tmp/x"))
    bench.live.map(7, PATH)
    bench.pass_(700)
    failed = [record for record in bench.records() if record.data.get("reason") == "not looked"]
    assert len(failed) == 1
    assert {"process", "artifact"} <= {record.kind for record in bench.records()}


def test_programs_that_start_all_day_do_not_cost_a_look_each() -> None:
    bench = Bench().settled()
    before = len(bench.looker.asked)
    for number in range(600):
        bench.live.add(FakeProcess(pid=1000 + number, executable=b"/usr/bin/tool%d" % number))
        bench.announced.tell(Change.EXEC, 1000 + number)
        bench.pass_(6)
    assert len(bench.looker.asked) - before < 90
    assert bench.news() == []


def test_a_quiet_machine_is_asked_for_little() -> None:
    bench = Bench().settled()
    bench.live.reads.clear()
    bench.machine.reads.clear()
    bench.pass_(60)
    asked = {read.operation for read in bench.live.reads}
    assert asked <= {"processes", "listeners", "routes", "accelerators"}
    assert len(bench.live.reads) < 50
    assert bench.machine.reads == []


@pytest.mark.parametrize("errand", ["looker", "surveyor", "daily"])
def test_it_does_not_spin_while_a_helper_is_at_work(errand: str) -> None:
    bench = Bench()
    getattr(bench, errand).take = list
    run_weights(bench)
    bench.pass_(100)
    before = bench.turns
    bench.live.add(FakeProcess(pid=8, executable=b"/tmp/y"))
    bench.live.map(8, PATH)
    bench.announced.tell(Change.EXEC, 8)
    bench.folders.changed = Changed(frozenset(bench.folders.watched), frozenset(), lost=False)
    bench.pass_(60)
    assert bench.turns - before < 120


def test_reload_and_end() -> None:
    bench = Bench().settled()
    before = len(bench.looker.asked), len(bench.surveyor.asked)
    bench.watch.reload()
    bench.pass_(5)
    assert (len(bench.looker.asked), len(bench.surveyor.asked)) == (before[0] + 1, before[1] + 2)
    assert bench.watch.close()
    assert bench.kinds() == ["stop"]
