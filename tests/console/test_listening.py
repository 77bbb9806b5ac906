"""Listening in a process of its own is tried in tests/cli/test_serve.py; here is what happens while it stops."""

import signal
import socket
import sys
import threading
import time

import pytest
from tests.fleet.certificates import self_signed
from tests.fleet.server_process import LIMIT, ServerProcess

from weighbridge.console.listening import check_certificate, check_port
from weighbridge.fleet.accounts import every
from weighbridge.fleet.store import Store
from weighbridge.model.errors import WeighbridgeError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def _write_on(server, form, acknowledged, failures):
    """Make accounts one after another until the server is gone."""
    number = 0
    while True:
        number += 1
        name = f"{threading.current_thread().name}-{number}"
        try:
            answer = server.client.post("/api/v1/accounts", json={"name": name, "role": "viewer"}, headers=form)
        except Exception:
            return
        if answer.status_code == 201:
            acknowledged.append(name)
        elif answer.status_code not in (429, 503):
            failures.append(answer.text)
            return


def _under_load(server):
    form = server.sign_in()
    acknowledged, failures = [], []
    threads = [
        threading.Thread(target=_write_on, args=(server, form, acknowledged, failures), name=f"writer-{number}")
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    end = time.monotonic() + LIMIT
    while len(acknowledged) < 40 and time.monotonic() < end and not failures:
        time.sleep(0.005)
    return threads, acknowledged, failures


def _stored(url):
    store = Store.open(url)
    names = {account.name for account in store.read_now(every)}
    store.close()
    return names


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "fleet.toml"
    path.write_text("requests_per_minute = 1000000\n")
    return str(path)


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_what_was_acknowledged_is_stored_however_the_server_ends(tmp_path, config, how):
    url = f"sqlite:///{tmp_path}/fleet.db"
    server = ServerProcess(url, tmp_path / "state", "--config", config)
    threads, acknowledged, failures = _under_load(server)
    code = getattr(server, how)()
    for thread in threads:
        thread.join(LIMIT)
    assert failures == []
    assert len(acknowledged) >= 40
    assert code == (0 if how == "stop" else -signal.SIGKILL), "".join(server.lines[-100:])
    assert set(acknowledged) <= _stored(url)
    again = ServerProcess(url, tmp_path / "state")
    assert again.client.get("/health/ready").status_code == 200
    assert again.stop() == 0


def test_certificate_and_key_belong_together(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = self_signed(tmp_path / "a"), self_signed(tmp_path / "b")
    check_certificate(*first)
    for certificate, key in ((first[0], second[1]), ("missing", first[1]), (first[1], first[1])):
        with pytest.raises(WeighbridgeError) as caught:
            check_certificate(certificate, key)
        assert caught.value.code == "E-serve-tls"


def test_an_address_that_is_not_here():
    with pytest.raises(WeighbridgeError) as caught:
        check_port("192.0.2.1", 8480)
    assert caught.value.code == "E-port-taken"


def test_who_connects_and_says_nothing_is_not_waited_for(tmp_path):
    """Connections are bounded: some thousand clients that keep silent would otherwise keep everybody out."""
    server = ServerProcess(f"sqlite:///{tmp_path}/fleet.db", tmp_path / "state")
    begun = (b"", b"GET /health/live HTTP/1.1\r\nHost: 127.0", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9))
    silent = [socket.create_connection(("127.0.0.1", server.port), LIMIT) for _ in begun]
    for connection, said in zip(silent, begun, strict=True):
        connection.sendall(said)
    assert server.client.get("/health/live").status_code == 200
    for connection in silent:
        while connection.recv(1000):
            pass
        connection.close()
    assert server.stop() == 0
