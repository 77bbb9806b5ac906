"""The state folder's databases and files."""

import os

import pytest

from weighbridge.host.state import StateDatabase, StateError, write_atomically

SCHEMA = ("CREATE TABLE IF NOT EXISTS things (name BLOB PRIMARY KEY, value INTEGER)",)


def test_rows_persist(tmp_path):
    path = os.fsencode(tmp_path / "state" / "a.sqlite")
    database = StateDatabase(path, SCHEMA)
    database.write("INSERT INTO things VALUES (?, ?)", [(b"a", 1), (b"b", 2)])
    database.close()
    database = StateDatabase(path, SCHEMA)
    assert database.query("SELECT * FROM things ORDER BY name") == [(b"a", 1), (b"b", 2)]
    assert database.trouble is None
    database.close()


def test_a_failed_write_writes_nothing(tmp_path):
    database = StateDatabase(os.fsencode(tmp_path / "a.sqlite"), SCHEMA)
    with pytest.raises(StateError):
        database.write("INSERT INTO things VALUES (?, ?)", [(b"a", 1), (b"a", 2)])
    assert database.query("SELECT * FROM things") == []
    with pytest.raises(StateError):
        database.query("SELECT nonsense")
    database.close()


def test_another_schema_in_the_file_is_not_fatal(tmp_path):
    path = os.fsencode(tmp_path / "a.sqlite")
    StateDatabase(path, ("CREATE TABLE IF NOT EXISTS things (other TEXT)",)).close()
    database = StateDatabase(path, SCHEMA)
    with pytest.raises(StateError):
        database.query("SELECT value FROM things")
    database.close()


def test_where_nothing_can_be_kept_it_lives_in_memory(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    database = StateDatabase(os.fsencode(tmp_path / "file" / "a.sqlite"), SCHEMA)
    assert database.trouble
    database.write("INSERT INTO things VALUES (?, ?)", [(b"a", 1)])
    assert database.query("SELECT value FROM things") == [(1,)]
    database.close()


def test_files_are_replaced_whole(tmp_path):
    path = os.fsencode(tmp_path / "folder" / "file")
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert (tmp_path / "folder" / "file").read_bytes() == b"two"
    assert os.listdir(tmp_path / "folder") == ["file"]


def test_a_failed_replacement_leaves_nothing_behind(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        write_atomically(os.fsencode(tmp_path / "folder"), b"x")
    assert os.listdir(tmp_path) == ["folder"]
