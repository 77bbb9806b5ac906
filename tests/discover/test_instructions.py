import hashlib

from weighbridge.discover.config_files import ConfigFiles
from weighbridge.discover.instructions import instruction_file
from weighbridge.host.fake import FakeMachine
from weighbridge.model.agent import Scope


def test_a_file_is_hashed_and_its_text_is_not_kept() -> None:
    machine = FakeMachine()
    machine.add_file(b"/src/CLAUDE.md", "Be kind.\u202e".encode())
    found = instruction_file(
        ConfigFiles(machine), b"/src/CLAUDE.md", scope=Scope.PROJECT, agents=("a",), readers=("a",)
    )
    assert found is not None
    assert found.sha256 == hashlib.sha256("Be kind.\u202e".encode()).hexdigest()
    assert [one.kind for one in found.hidden] == ["bidirectional controls"]
    assert "Be kind" not in repr(found)


def test_what_is_not_there_is_none_and_what_is_too_large_is_said() -> None:
    machine = FakeMachine()
    machine.add_file(b"/src/CLAUDE.md", bytes(5 << 20))
    files = ConfigFiles(machine)
    common = {"scope": Scope.PROJECT, "agents": (), "readers": ()}
    assert instruction_file(files, b"/src/AGENTS.md", **common) is None
    assert instruction_file(files, b"/src/CLAUDE.md", **common) is None
    assert list(files.unexamined) == [b"/src/CLAUDE.md"]
