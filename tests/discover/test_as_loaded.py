"""What lay at a path when a process loaded it: kept as long as the process lives, never guessed afterwards."""

from datetime import timedelta

import pytest

from weighbridge.discover.as_loaded import AsLoaded, lies_there
from weighbridge.discover.found_weights import FoundWeights, Holder
from weighbridge.discover.process_view import ProcessView, look
from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive, FakeProcess

PATH = b"/models/w"


class Memory:
    def __init__(self) -> None:
        self.kept: dict[Holder, FoundWeights] = {}

    def keep(self, holder: Holder, weights: FoundWeights) -> None:
        self.kept[holder] = weights

    def recall(self, holder: Holder) -> FoundWeights | None:
        return self.kept.get(holder)


class Lab:
    def __init__(self) -> None:
        self.machine = FakeMachine()
        self.machine.add_file(PATH, b"GGUF")
        self.live = FakeLive(self.machine)
        self.live.add(FakeProcess(pid=7))
        self.memory = Memory()
        self.loaded = AsLoaded(self.live, self.memory)

    @property
    def view(self) -> ProcessView:
        return look(self.live)[7]

    def weights(self, sha256: str | None = "aa", claimed: str | None = None) -> FoundWeights:
        stat = self.machine.stat(PATH)
        version = stat.st_dev, stat.st_ino
        return FoundWeights(version=version, format="gguf", size=4, sha256=sha256, claimed_sha256=claimed)


@pytest.fixture
def lab() -> Lab:
    return Lab()


def test_a_file_that_was_there_before_is_what_was_loaded(lab: Lab) -> None:
    assert not lab.loaded.is_later(lab.view, PATH, lab.weights())


def test_a_file_that_changed_since_may_be_another(lab: Lab) -> None:
    lab.machine.change_file(PATH, b"GGUF again")
    assert lab.loaded.is_later(lab.view, PATH, lab.weights())


def test_a_link_that_changed_since_may_lead_elsewhere(lab: Lab) -> None:
    lab.machine.clock += timedelta(seconds=1)
    lab.machine.add_file(b"/models/new", b"GGUF", age=timedelta(0))
    lab.machine.add_link(b"/models/link", b"/models/new")
    assert lab.loaded.is_later(lab.view, b"/models/link", lab.weights())


def test_a_file_that_is_called_by_its_digest_may_come_later(lab: Lab) -> None:
    lab.machine.change_file(PATH, b"GGUF again")
    assert not lab.loaded.is_later(lab.view, PATH, lab.weights("aa", "aa"))
    assert lab.loaded.is_later(lab.view, PATH, lab.weights("aa", "bb"))


def test_what_was_seen_in_time_is_recalled_in_the_next_run_too(lab: Lab) -> None:
    lab.loaded.keep(lab.view, PATH, lab.weights())
    assert lab.loaded.recall(lab.view, PATH) == lab.weights()
    assert AsLoaded(lab.live, lab.memory).recall(lab.view, PATH) == lab.weights()
    assert lab.loaded.recall(lab.view, b"/models/other") is None
    assert AsLoaded(lab.live, None).recall(lab.view, PATH) is None


def test_what_is_not_measured_is_not_written_down(lab: Lab) -> None:
    lab.loaded.keep(lab.view, PATH, lab.weights(None))
    assert lab.memory.kept == {}
    assert lab.loaded.recall(lab.view, PATH) is not None
    lab.loaded.forget(set())
    assert lab.loaded.recall(lab.view, PATH) is None


def test_only_the_same_file_of_the_same_size_lies_there(lab: Lab) -> None:
    stat = lab.machine.stat(PATH)
    assert lies_there(lab.weights(), stat)
    lab.machine.change_file(PATH, b"GGUF again")
    assert not lies_there(lab.weights(), lab.machine.stat(PATH))
