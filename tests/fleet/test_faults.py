"""What goes wrong outside of the program: a full disk, a database that goes away, two servers on one database."""

import sys
import threading

import pytest
from tests.conftest import unavailable
from tests.fleet.postgresql import ForbiddenError, PostgresqlServer, UnavailableError
from tests.fleet.server_process import LIMIT, ServerProcess

from weighbridge.fleet import accounts
from weighbridge.fleet.migrate import migrate
from weighbridge.fleet.permissions import Role
from weighbridge.fleet.store import Store
from weighbridge.model.errors import WeighbridgeError

resource = pytest.importorskip("resource", reason="limits of POSIX")
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of other processes")


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "fleet.toml"
    path.write_text("requests_per_minute = 1000000\n")
    return str(path)


def _names(url):
    store = Store.open(url)
    found = {account.name for account in store.read_now(accounts.every)}
    store.close()
    return found


def _add(server, form, name):
    return server.client.post("/api/v1/accounts", json={"name": name, "role": "viewer"}, headers=form)


@linux
def test_a_disk_that_is_full_for_a_while(tmp_path, config):
    """The kernel refuses what goes beyond a size (setrlimit(2), RLIMIT_FSIZE), as a full disk does."""
    url = f"sqlite:///{tmp_path}/fleet.db"
    server = ServerProcess(url, tmp_path / "state", "--config", config)
    form = server.sign_in()
    assert _add(server, form, "before").status_code == 201
    log = tmp_path / "fleet.db-wal"
    size = max(log.stat().st_size, (tmp_path / "fleet.db").stat().st_size)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (size + 16_384, resource.RLIM_INFINITY))
    acknowledged, refused = ["before"], []
    for number in range(400):
        answer = _add(server, form, f"during-{number}")
        if answer.status_code == 201:
            acknowledged.append(f"during-{number}")
        else:
            refused.append(answer)
            break
    assert refused, "the limit was never met"
    assert refused[0].status_code == 503
    assert refused[0].json()["code"] == "E-store-write"
    assert "retry-after" in refused[0].headers
    assert server.client.get("/api/v1/accounts").status_code == 200, "what is stored can be read"
    assert server.client.get("/health/live").status_code == 200
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert _add(server, form, "after").status_code == 201
    server.kill()
    found = _names(url)
    assert set(acknowledged) | {"after"} <= found
    assert f"during-{len(acknowledged) - 1}" not in found, "what was refused is not there"


def test_a_database_that_went_away_is_used_again_when_it_is_back(request):
    try:
        database = PostgresqlServer(durable=True)
    except ForbiddenError as error:
        pytest.skip(str(error))
    except UnavailableError as error:
        unavailable(str(error))
    request.addfinalizer(database.close)
    store = Store.open(database.new_database())
    request.addfinalizer(store.close)
    migrate(store)
    store.write_now(lambda c: accounts.add(c, 1, "before", Role.VIEWER))
    database.stop()
    for wrong in (lambda: store.write_now(accounts.every), lambda: store.read_now(accounts.every)):
        with pytest.raises(WeighbridgeError) as caught:
            wrong()
        assert caught.value.code in ("E-store-write", "E-store-read")
    database.start()
    store.write_now(lambda c: accounts.add(c, 2, "after", Role.VIEWER))
    assert [account.name for account in store.read_now(accounts.every)] == ["after", "before"]


def test_a_node_that_is_no_primary_any_more_is_left(postgresql):
    """Its connections live on after it became a standby, and can only read."""
    store = Store.open(postgresql.new_database())
    migrate(store)
    held = threading.Barrier(4)

    def demoted(connection):
        held.wait(LIMIT)  # so that each job has a connection of its own
        connection.exec_driver_sql("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")

    for future in [store.database.submit(demoted) for _ in range(4)]:
        future.result(LIMIT)
    with pytest.raises(WeighbridgeError) as caught:
        store.write_now(lambda c: accounts.add(c, 1, "before", Role.VIEWER))
    assert caught.value.code == "E-store-write"
    # One write met it; then every connection was made anew.
    for number in range(5):
        store.write_now(lambda c, number=number: accounts.add(c, 1, f"person {number}", Role.VIEWER))
    assert len(store.read_now(accounts.every)) == 5
    store.close()


@posix
def test_two_servers_share_one_database(postgresql, tmp_path, config):
    url = postgresql.new_database()
    first = ServerProcess(url, tmp_path / "one", "--config", config)
    second = ServerProcess(url, tmp_path / "two", "--config", config)
    secrets = [line for server in (second, first) for line in server.lines if "/sign-in/" in line]
    assert len(secrets) == 1, "the first one tells the link, the other says that it did"
    form = first.sign_in()
    second.client.cookies = first.client.cookies
    acknowledged, failures = [], []

    def write(server, who):
        for number in range(25):
            answer = _add(server, form, f"{who}-{number}")
            (acknowledged if answer.status_code == 201 else failures).append(answer.json().get("name", answer.text))

    threads = [threading.Thread(target=write, args=pair) for pair in ((first, "one"), (second, "two"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT)
    assert failures == []
    first.kill()
    assert _add(second, form, "after").status_code == 201
    assert second.stop() == 0
    assert {*acknowledged, "after"} <= _names(url)
    assert len(acknowledged) == 50


def test_a_server_without_its_database_answers_and_comes_back(served):
    """Waiting for the database happens in threads: the event loop goes on answering."""
    go_on = threading.Event()
    blocked = [threading.Thread(target=lambda: served.store.read_now(lambda _c: go_on.wait(LIMIT))) for _ in range(2)]
    for thread in blocked:
        thread.start()
    with served.client() as client:
        assert client.get("/health/live").status_code == 200
        go_on.set()
        assert client.get("/health/ready").status_code == 200
    for thread in blocked:
        thread.join(LIMIT)
