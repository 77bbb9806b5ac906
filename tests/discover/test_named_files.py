"""Files behind what command lines and servers call a model."""

import pytest

from weighbridge.discover.named_files import NamedFiles
from weighbridge.discover.process_view import ProcessView, look
from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive, FakeProcess

COMMIT = b"c" * 40
HUB = b"/home/ada/.cache/huggingface/hub/models--org--tiny"


def lab(*words: bytes, folder: bytes = b"/home/ada") -> tuple[NamedFiles, ProcessView, FakeLive]:
    machine = FakeMachine()
    machine.add_file(b"/models/one/a", b"1")
    machine.add_file(b"/models/one/b", b"2")
    machine.add_file(HUB + b"/refs/main", COMMIT + b"\n")
    machine.add_file(HUB + b"/snapshots/" + COMMIT + b"/model.safetensors", b"3")
    live = FakeLive(machine)
    live.add(FakeProcess(pid=7, command_line=(b"x", *words), working_folder=folder))
    return NamedFiles(machine, live), look(live)[7], live


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        ((b"-m", b"/models/one/a"), [b"/models/one/a"]),
        ((b"-m", b"a"), [b"/models/one/a"]),
        ((b"-m", b"/models/one"), [b"/models/one/a", b"/models/one/b"]),
        ((b"/models/one",), [b"/models/one"]),
        ((b"-m", b"org/tiny"), [HUB + b"/snapshots/" + COMMIT + b"/model.safetensors"]),
        ((b"-m", b"org/other"), [b"/models/one/org/other"]),
        ((b"org/tiny",), [b"/models/one/org/tiny"]),
        ((b"-m", b"/dev/sda", b"/proc/1/mem"), []),
    ],
)
def test_what_a_command_line_names(words: tuple[bytes, ...], paths: list[bytes]) -> None:
    files, view, _ = lab(*words, folder=b"/models/one")
    assert [one.path for one in files.of_command_line(view)] == paths


def test_a_name_of_the_hub_cannot_leave_the_cache() -> None:
    files, view, live = lab()
    live.machine.add_file(HUB + b"/refs/main", b"../../../../../etc")
    assert [*files.of_server(view, b"org/tiny")] == [b"/home/ada/org/tiny"]
    assert [*files.of_server(view, b"../x")] == [b"/home/ada/../x"]


def test_a_folder_that_the_process_does_not_show_is_taken_from_the_machine() -> None:
    files, view, live = lab(b"--model", b"/models/one")
    live.add(FakeProcess(pid=7, hidden={"list_folder"}))
    assert [one.path for one in files.of_command_line(view)] == [b"/models/one/a", b"/models/one/b"]


def test_relative_names_need_the_working_folder() -> None:
    files, view, _ = lab(b"-m", b"a")
    view.working_folder = None
    assert [*files.of_command_line(view)] == []


def test_large_folders_are_cut() -> None:
    files, view, live = lab(b"-m", b"/models/many")
    for number in range(1000):
        live.machine.add_file(b"/models/many/%d" % number)
    assert len([*files.of_command_line(view)]) == 256
