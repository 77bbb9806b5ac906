from weighbridge.host.fake import FakeMachine
from weighbridge.pipeline.options import whole_machine


def test_stores_come_first_then_homes_then_the_rest() -> None:
    machine = FakeMachine()
    machine.add_directory(b"/opt/models")
    assert whole_machine(machine, (b"/opt/models", b"/not/there")) == (b"/opt/models", b"/home/ada", b"/")


def test_a_store_that_is_the_home_folder_is_named_once() -> None:
    assert whole_machine(FakeMachine(), (b"/home/ada/",)) == (b"/home/ada", b"/")


def test_windows_drives_keep_their_backslash() -> None:
    assert whole_machine(FakeMachine("windows"), ())[-1] == b"C:\\"
