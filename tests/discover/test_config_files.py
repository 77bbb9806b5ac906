from weighbridge.discover.config_files import ConfigFiles, readable_by
from weighbridge.host.fake import FakeMachine


def test_links_are_followed_and_each_file_is_read_once() -> None:
    machine = FakeMachine()
    machine.add_file(b"/home/ada/dotfiles/settings.json", b'{"a": 1}')
    machine.add_link(b"/home/ada/.claude.json", b"dotfiles/settings.json")
    files = ConfigFiles(machine)
    for _ in range(2):
        loaded = files.config(b"/home/ada/.claude.json")
        assert loaded is not None
        assert loaded.value == {"a": "1"}
    assert [read.operation for read in machine.reads].count("read") == 1


def test_what_cannot_be_read_is_said() -> None:
    machine = FakeMachine()
    machine.add_file(b"/a.json", b"{")
    machine.add_file(b"/b.json", b'{"x": 1, "x": 2}')
    machine.add_file(b"/c.json", b"{}")
    machine.forbid(b"/c.json")
    machine.add_file(b"/d.json", bytes(17 << 20))
    machine.add_other(b"/e.json")
    machine.add_directory(b"/f.json")
    files = ConfigFiles(machine)
    for name in b"abcdefg":
        files.config(b"/" + bytes([name]) + b".json")
    reasons = {item.path: item.reason for item in files.unexamined.values()}
    assert set(reasons) == {b"/a.json", b"/b.json", b"/c.json", b"/d.json", b"/e.json"}
    assert "stands twice" in reasons[b"/b.json"]
    assert reasons[b"/d.json"] == "larger than 16 MB"


def test_who_can_read_a_file_depends_on_the_folders_above() -> None:
    machine = FakeMachine()
    machine.add_file(b"/home/ada/x/key")
    assert readable_by(machine, b"/home/ada/x/key", 0o644) == "everybody"
    assert readable_by(machine, b"/home/ada/x/key", 0o640) == "group"
    assert readable_by(machine, b"/home/ada/x/key", 0o600) == "user"
    machine.set_mode(b"/home/ada", 0o700)
    assert readable_by(machine, b"/home/ada/x/key", 0o644) == "user"
    assert readable_by(FakeMachine("windows"), b"C:\\x", 0o777) == "user"
