"""Which programs only read files, and who merely bears such a name."""

import pytest

from weighbridge.discover.file_readers import is_reader, is_same_program, program_inode
from weighbridge.discover.process_view import ProcessView, look
from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive, FakeProcess


def view(executable: bytes, *words: bytes, mapped: bool = False) -> ProcessView:
    machine = FakeMachine()
    live = FakeLive(machine)
    live.add(FakeProcess(pid=7, executable=executable, command_line=words))
    if mapped:
        machine.add_file(executable, b"\x7fELF" + bytes(5000))
        live.map(7, executable, executable=True)
    return look(live)[7]


@pytest.mark.parametrize(
    "program", [b"/usr/bin/sha256sum", b"/usr/bin/vim.basic", b"/opt/google/chrome/chrome", b"/usr/lib/git-core/git"]
)
def test_programs_that_packages_bring(program: bytes) -> None:
    assert is_reader(view(program))


@pytest.mark.parametrize(
    "program", [b"/home/ada/bin/sha256sum", b"/tmp/vim", b"/usr/bin/python3.11", b"/usr/bin/llama-server", b"cat"]
)
def test_a_name_alone_proves_nothing(program: bytes) -> None:
    assert not is_reader(view(program, b"cat", b"/models/a.gguf"))


def test_the_inode_of_the_program_is_that_of_its_mapping() -> None:
    assert program_inode(view(b"/usr/bin/cat")) is None
    assert program_inode(view(b"/usr/bin/cat", mapped=True)) is not None


def test_another_run_of_this_program() -> None:
    own = view(b"/venv/bin/python", b"python", b"/venv/bin/wb", b"ps")
    assert is_same_program(view(b"/venv/bin/python", b"python", b"/venv/bin/wb", b"watch"), own)
    assert is_same_program(view(b"/venv/bin/python", b"python", b"-P", b"-m", b"weighbridge", b"watch"), own)
    assert not is_same_program(view(b"/venv/bin/python", b"python", b"serve.py"), own)
    assert not is_same_program(view(b"/usr/bin/python3", b"python", b"/venv/bin/wb"), own)
    assert not is_same_program(view(b"/venv/bin/python", b"python", b"-m", b"server"), own)
    assert not is_same_program(own, None)
