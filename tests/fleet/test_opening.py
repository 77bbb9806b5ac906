import os

import pytest

from weighbridge.fleet import accounts, epoch, links
from weighbridge.fleet.migrate import migrate, names, revision
from weighbridge.fleet.opening import database_url as where
from weighbridge.fleet.opening import file_of, hold_file, open_beside, open_to_serve
from weighbridge.fleet.settings import read_settings
from weighbridge.model.errors import WeighbridgeError


def test_a_new_database_has_tables_an_epoch_and_a_way_in(database_url):
    opened = open_to_serve(database_url, 1_000)
    assert revision(opened.store) == names()[-1]
    begun = opened.store.read_now(epoch.current)
    assert begun is not None
    assert opened.store.write_now(lambda c: links.use(c, 1_001, opened.link)) is not None
    opened.close()
    again = open_to_serve(database_url, 2_000)
    assert again.link is None
    assert again.store.read_now(epoch.current) == begun
    assert again.store.read_now(accounts.count) == 1
    again.close()


def test_a_file_is_served_by_one_process(tmp_path):
    url = f"sqlite:///{tmp_path}/made/fleet.db"
    opened = open_to_serve(url, 1)
    with pytest.raises(WeighbridgeError) as caught:
        open_to_serve(url, 1)
    assert caught.value.code == "E-store-served"
    with pytest.raises(WeighbridgeError):
        hold_file(url)
    opened.close()
    open_to_serve(url, 1).close()


def test_several_servers_share_a_postgresql(postgresql):
    url = postgresql.new_database()
    pair = [open_to_serve(url, 1), open_to_serve(url, 1)]
    assert pair[0].store.read_now(epoch.current) == pair[1].store.read_now(epoch.current)
    assert pair[1].link == "", "the link that the first one shows goes on to work"
    assert pair[0].store.read_now(lambda c: links.is_usable(c, 2, pair[0].link))
    later = open_to_serve(url, 1 + links.LIFETIME)
    assert later.link
    assert later.store.write_now(lambda c: links.use(c, 2 + links.LIFETIME, later.link)) is not None
    later.close()
    for opened in pair:
        opened.close()


def test_what_cannot_be_opened_is_not_held(tmp_path):
    path = tmp_path / "fleet.db"
    path.write_bytes(b"something else entirely, and long enough to be looked at" * 20)
    for _ in range(2):
        with pytest.raises(WeighbridgeError) as caught:
            open_to_serve(f"sqlite:///{path}", 1)
        assert caught.value.code == "E-store-open"


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WeighbridgeError) as caught:
        open_to_serve(f"sqlite:///{tmp_path}/file/fleet.db", 1)
    assert caught.value.code == "E-store-open"


def test_where_it_lies():
    assert where(read_settings(), b"/state") == "sqlite:////state/fleet/fleet.db"
    told = "postgresql://host/name"
    assert where(read_settings(flags={"database": told}), b"/state") == told
    assert file_of(told) is None
    assert file_of("sqlite:////state/fleet.db") == "/state/fleet.db"


def test_a_command_beside_a_server_says_what_there_is_to_do(tmp_path):
    url = f"sqlite:///{tmp_path}/fleet.db"
    with pytest.raises(WeighbridgeError, match="no server has run here") as caught:
        open_beside(url)
    assert (caught.value.code, os.listdir(tmp_path)) == ("E-store-open", [])
    opened = open_to_serve(url, 1)
    open_beside(url).close()
    migrate(opened.store, names()[0])
    with pytest.raises(WeighbridgeError, match=names()[0]) as caught:
        open_beside(url)
    assert caught.value.code == "E-store-revision"
    opened.close()
