"""What the contract suite cannot ask: files that change under a process, and the record of questions."""

import pytest

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive, FakeProcess, LiveRead
from weighbridge.host.live import HttpAnswer

WEIGHTS = b"/home/ada/weights"


def live() -> FakeLive:
    machine = FakeMachine()
    machine.add_file(WEIGHTS, b"first")
    one = FakeLive(machine)
    one.add(FakeProcess(pid=7))
    one.map(7, WEIGHTS)
    return one


def test_what_is_mapped_outlives_its_path() -> None:
    one = live()
    assert [held.deleted for held in one.mapped_files(7)] == [False]
    one.machine.add_file(WEIGHTS, b"second")
    (held,) = one.mapped_files(7)
    assert held.deleted
    assert one.open_mapped(7, held).read(0, 100) == b"first"
    one.machine.remove(WEIGHTS)
    assert one.mapped_files(7)[0].deleted


def test_questions_are_recorded_and_the_processes_own_doing_is_not() -> None:
    one = live()
    assert one.machine.reads == []
    one.mapped_files(7)
    one.get(one.listen(7, "127.0.0.1", 8080, {}), "/v1/models")
    assert one.reads == [LiveRead("mapped_files", 7), LiveRead("get", None, "127.0.0.1:8080/v1/models")]
    assert one.machine.reads == []


def test_a_hidden_question_gets_no_answer() -> None:
    one = live()
    one.add(FakeProcess(pid=8, hidden={"mapped_files"}, command_line=(b"serve",)))
    with pytest.raises(PermissionError):
        one.mapped_files(8)
    assert one.command_line(8) == (b"serve",)


def test_a_process_that_ended_takes_its_listeners_along() -> None:
    one = live()
    listener = one.listen(7, "/run/model.sock", answers={"/props": HttpAnswer(200, {}, b"{}" * 9)})
    assert one.get(listener, "/props", limit=2).body == b"{}"
    one.end(7)
    assert one.listeners() == []
    with pytest.raises(ConnectionRefusedError):
        one.get(listener, "/props")
    with pytest.raises(ProcessLookupError):
        one.command_line(7)
