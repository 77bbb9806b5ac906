"""What only the machine in memory can do; what both can is in tests/contract/test_machine.py."""

import pytest

from weighbridge.host.fake import FakeMachine, Read
from weighbridge.model.source import SourceError

HOME = b"/home/ada"


def test_every_read_is_recorded():
    machine = FakeMachine(environment={"A": "1"})
    machine.add_file(HOME + b"/x", b"content")
    machine.add_link(HOME + b"/y", b"x")
    machine.list_directory(HOME)
    machine.stat(HOME + b"/x")
    machine.read_link(HOME + b"/y")
    machine.open(HOME + b"/x").close()
    machine.peek(HOME + b"/x", 1, 1)
    machine.read_file(HOME + b"/x", 10)
    list(machine.digest([HOME + b"/x"]))
    machine.environment("A")
    machine.survey(HOME)
    assert machine.reads == [
        Read("list", HOME),
        Read("stat", HOME + b"/x"),
        Read("link", HOME + b"/y"),
        Read("open", HOME + b"/x"),
        Read("peek", HOME + b"/x"),
        Read("read", HOME + b"/x"),
        Read("digest", HOME + b"/x"),
        Read("env", b"A"),
        Read("list", HOME),
    ]


def test_forbidden_and_vanished():
    machine = FakeMachine()
    machine.add_file(HOME + b"/locked/file", b"x")
    machine.add_file(HOME + b"/gone", b"x")
    machine.forbid(HOME + b"/locked")
    machine.vanish(HOME + b"/gone")
    with pytest.raises(PermissionError):
        machine.list_directory(HOME + b"/locked")
    with pytest.raises(PermissionError):
        machine.open(HOME + b"/locked/file")
    with pytest.raises(FileNotFoundError):
        machine.open(HOME + b"/gone")
    assert [entry.stat is None for entry in machine.list_directory(HOME)] == [True, False]
    assert machine.survey(HOME).vanished == 1


def test_change_and_disk_failure_while_reading():
    machine = FakeMachine()
    machine.add_file(HOME + b"/a", b"x" * 100)
    machine.change_on_read(HOME + b"/a", b"y" * 100, after_reads=2)
    source = machine.open(HOME + b"/a")
    assert source.read(0, 5) == source.read(5, 5) == b"xxxxx"
    with pytest.raises(SourceError, match="changed"):
        source.read(0, 5)
    machine.break_at(HOME + b"/a", 50)
    source = machine.open(HOME + b"/a")
    assert source.read(0, 50) == b"y" * 50
    with pytest.raises(SourceError, match="input/output"):
        source.read(0, 51)


def test_windows_paths():
    machine = FakeMachine("windows")
    machine.add_file(b"C:\\Users\\ada\\model", b"x")
    assert machine.read_file(b"C:\\Users/ada\\model", 5) == b"x"
    assert machine.resolve(b"C:\\Users\\ada\\model") == b"C:\\Users\\ada\\model"
    with pytest.raises(FileNotFoundError):
        machine.stat(b"D:\\x")


def test_a_mount_is_another_device():
    machine = FakeMachine()
    machine.mount(HOME + b"/disk", "ext4")
    machine.add_file(HOME + b"/disk/x")
    assert machine.stat(HOME + b"/disk/x").st_dev != machine.stat(HOME).st_dev


def test_the_database_outlives_its_close():
    machine = FakeMachine()
    schema = ("CREATE TABLE IF NOT EXISTS t (v)",)
    database = machine.state_database("a", schema)
    database.write("INSERT INTO t VALUES (?)", [(1,)])
    database.close()
    assert machine.state_database("a", schema).query("SELECT v FROM t") == [(1,)]
    assert machine.state_database("b", schema).query("SELECT v FROM t") == []
