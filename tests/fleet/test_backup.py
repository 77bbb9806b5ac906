import os
import sqlite3
import stat

import pytest

from weighbridge.fleet import accounts, audit, epoch
from weighbridge.fleet.backup import back_up, put_back
from weighbridge.fleet.opening import open_to_serve
from weighbridge.fleet.permissions import Role
from weighbridge.model.errors import WeighbridgeError


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/state/fleet.db"


@pytest.fixture
def served(url):
    opened = open_to_serve(url, 1_000)
    yield opened
    opened.close()


def _add(opened, name):
    opened.store.write_now(lambda c: accounts.add(c, 1, name, Role.VIEWER))


def _names(opened):
    return [account.name for account in opened.store.read_now(accounts.every)]


def _refusal(*arguments):
    with pytest.raises(WeighbridgeError) as caught:
        arguments[0](*arguments[1:])
    return caught.value.code


def test_a_backup_is_taken_while_the_server_writes_and_put_back(served, url, tmp_path):
    target = str(tmp_path / "backup.db")
    _add(served, "before")
    first = served.store.read_now(epoch.current)
    assert back_up(url, target) == os.path.getsize(target)
    assert stat.S_IMODE(os.stat(target).st_mode) == 0o600 or os.name == "nt"
    _add(served, "after")
    assert _refusal(put_back, url, target, 2_000) == "E-store-served"
    served.close()
    begun = put_back(url, target, 2_000)
    again = open_to_serve(url, 3_000)
    assert _names(again) == ["administrator", "before"]
    assert again.store.read_now(epoch.current) == begun != first
    assert again.store.read_now(lambda c: audit.newest(c, 1))[0].action == "database.restore"
    again.close()
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert not any(name.endswith(".part") for name in left)


def test_nothing_is_written_over(served, url, tmp_path):
    target = tmp_path / "precious.txt"
    target.write_text("mine")
    assert _refusal(back_up, url, str(target)) == "E-backup"
    assert target.read_text() == "mine"
    assert _refusal(back_up, f"sqlite:///{tmp_path}/none.db", str(tmp_path / "x")) == "E-backup"
    assert _refusal(back_up, url, str(tmp_path / "missing" / "x")) == "E-backup"


@pytest.mark.parametrize("content", [b"", b"no database", None])
def test_what_is_no_backup_is_not_put_back(served, url, tmp_path, content):
    _add(served, "kept")
    served.close()
    source = tmp_path / "source"
    if content is None:
        with sqlite3.connect(source) as other:
            other.execute("CREATE TABLE somebody_elses (x)")
        other.close()
    else:
        source.write_bytes(content)
    assert _refusal(put_back, url, str(source), 2_000) == "E-backup"
    assert _refusal(put_back, url, str(tmp_path / "missing"), 2_000) == "E-backup"
    again = open_to_serve(url, 3_000)
    assert "kept" in _names(again)
    again.close()


def test_a_damaged_backup_is_not_put_back(served, url, tmp_path):
    for number in range(200):
        _add(served, f"account {number:03}")
    target = tmp_path / "backup.db"
    back_up(url, str(target))
    served.close()
    content = bytearray(target.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    target.write_bytes(content)
    assert _refusal(put_back, url, str(target), 2_000) == "E-backup"
    again = open_to_serve(url, 3_000)
    assert len(_names(again)) == 201
    again.close()


def test_who_says_no_keeps_what_is_there(served, url, tmp_path):
    target = str(tmp_path / "backup.db")
    back_up(url, target)
    _add(served, "kept")
    served.close()

    def no():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        put_back(url, target, 2_000, no)
    again = open_to_serve(url, 3_000)
    assert "kept" in _names(again)
    again.close()


def test_a_postgresql_is_put_back_by_its_own_tools(postgresql, tmp_path):
    url = postgresql.new_database()
    opened = open_to_serve(url, 1_000)
    first = opened.store.read_now(epoch.current)
    opened.close()
    assert _refusal(back_up, url, str(tmp_path / "x")) == "E-backup"
    assert _refusal(put_back, url, str(tmp_path / "x"), 2_000) == "E-backup"
    begun = put_back(url, None, 2_000)
    again = open_to_serve(url, 3_000)
    assert again.store.read_now(epoch.current) == begun != first
    again.close()
