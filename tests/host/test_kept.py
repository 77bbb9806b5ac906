import os
import sqlite3
import subprocess
import sys

import pytest

from weighbridge.host.kept import DamagedError, KeptDatabase
from weighbridge.host.state import StateError

SCHEMA = ("CREATE TABLE IF NOT EXISTS things (name TEXT PRIMARY KEY, value BLOB)",)
INSERT = "INSERT OR REPLACE INTO things VALUES (?, ?)"


@pytest.fixture
def path(tmp_path):
    return os.fsencode(tmp_path / "state ?#%20" / "a.sqlite")


def rows(database):
    return database.query("SELECT name FROM things ORDER BY name")


def test_rows_persist_and_writing_tells_how_many(path):
    assert KeptDatabase(path, SCHEMA).write(INSERT, [("a", b"1"), ("b", b"2")]) == 2
    database = KeptDatabase(path, SCHEMA)
    assert rows(database) == [("a",), ("b",)]
    assert database.write("DELETE FROM things WHERE name = ?", [("none",)]) == 0
    assert os.listdir(os.path.dirname(path)) == [b"a.sqlite"]


def test_looking_makes_no_file(path):
    assert rows(KeptDatabase(path, SCHEMA)) == []
    assert not os.path.exists(os.path.dirname(path))


def test_without_a_path_it_lives_in_memory():
    database = KeptDatabase(None, SCHEMA)
    database.write(INSERT, [("a", b"1")])
    assert rows(database) == [("a",)]


def test_a_failed_write_writes_nothing(path):
    database = KeptDatabase(path, SCHEMA)
    with pytest.raises(StateError):
        database.write("INSERT INTO things VALUES (?, ?)", [("a", b"1"), ("a", b"2")])
    assert rows(database) == []


@pytest.mark.parametrize("damage", ["garbage", "first page", "half", "middle"])
def test_a_damaged_file_is_said_and_left_as_it_is(path, damage):
    database = KeptDatabase(path, SCHEMA)
    database.write(INSERT, [(f"name {number:04}", bytes(2000)) for number in range(200)])
    with open(path, "rb") as kept:
        content = kept.read()
    damaged = {
        "garbage": b"no database" * 500,
        "first page": bytes(100) + content[100:],
        "half": content[: len(content) // 2],
        "middle": content[:8192] + b"\xff" * (len(content) - 8192),
    }[damage]
    with open(path, "wb") as out:
        out.write(damaged)
    with pytest.raises(DamagedError):
        database.query("SELECT name, value FROM things")
    with pytest.raises(DamagedError):
        database.write(INSERT, [("new", b"")])
    with open(path, "rb") as kept:
        assert kept.read() == damaged
    assert os.listdir(os.path.dirname(path)) == [b"a.sqlite"]


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_it_is_read_where_nothing_can_be_written(short_folder, mode):
    path = os.fsencode(short_folder / "state ?#%20" / "a.sqlite")
    KeptDatabase(path, SCHEMA).write(INSERT, [("a", b"1")])
    with sqlite3.connect(os.fsdecode(path)) as connection:
        connection.execute(f"PRAGMA journal_mode={mode}")
    connection.close()
    program = (
        "import os, sys; from weighbridge.host.kept import KeptDatabase\n"
        "try: os.geteuid() == 0 and (os.setgroups([]), os.setgid(65534), os.setuid(65534))\n"
        "except OSError: sys.exit('this root may not become somebody else')\n"
        f"database = KeptDatabase({path!r}, {SCHEMA!r})\n"
        "print(database.query('SELECT name FROM things'))\n"
        f"try: database.write({INSERT!r}, [('b', b'')])\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    if not hasattr(os, "geteuid"):
        pytest.skip("folders cannot be made read-only here")
    folder = os.path.dirname(path)
    os.chmod(short_folder, 0o755)
    os.chmod(path, 0o444)
    os.chmod(folder, 0o555)
    try:
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    finally:
        os.chmod(folder, 0o755)
    if "may not become" in done.stderr:
        pytest.skip(done.stderr.strip())
    assert done.stdout.startswith("[('a',)]\nStateError "), done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on file sizes")
def test_a_full_disk_leaves_what_was_there(path):
    KeptDatabase(path, SCHEMA).write(INSERT, [("a", b"1")])
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))\n"
        "from weighbridge.host.kept import KeptDatabase; from weighbridge.host.state import StateError\n"
        f"try: KeptDatabase({path!r}, {SCHEMA!r}).write({INSERT!r}, [(str(n), bytes(9000)) for n in range(99)])\n"
        "except StateError as error: print('said', error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("said "), done.stderr
    assert rows(KeptDatabase(path, SCHEMA)) == [("a",)]


def test_two_processes_write_at_once_and_both_are_kept(path):
    program = (
        "import sys; from weighbridge.host.kept import KeptDatabase\n"
        f"database = KeptDatabase({path!r}, {SCHEMA!r})\n"
        f"for number in range(15): database.write({INSERT!r}, [(sys.argv[1] + str(number), b'')])\n"
    )
    started = [subprocess.Popen([sys.executable, "-c", program, name]) for name in ("a", "b")]
    assert [process.wait() for process in started] == [0, 0]
    assert len(rows(KeptDatabase(path, SCHEMA))) == 30


def test_only_its_owner_can_read_the_file(tmp_path):
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    kept = KeptDatabase(os.fsencode(folder / "x.sqlite"), ("CREATE TABLE IF NOT EXISTS t (a)",))
    kept.write("INSERT INTO t VALUES (?)", [(1,)])
    assert (folder / "x.sqlite").stat().st_mode & 0o777 == 0o600
