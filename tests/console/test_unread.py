"""Connections whose clients read nothing end, with a real socket, and those of others do not."""

import socket
import sys
import threading

import pytest

from weighbridge.console.unread import end_unread

LIMIT = 120.0


@pytest.mark.skipif(sys.platform != "linux", reason="an option of Linux")
def test_a_client_that_reads_nothing_is_let_go() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        assert end_unread(port, 500)
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            client.connect(("127.0.0.1", port))
            taken, _ = listening.accept()
            ended: list[OSError] = []

            def send() -> None:
                try:
                    while True:
                        taken.sendall(bytes(1 << 16))
                except OSError as error:
                    ended.append(error)

            sending = threading.Thread(target=send, daemon=True)
            sending.start()
            sending.join(LIMIT)
            taken.close()
            assert isinstance(ended[0], TimeoutError)


def test_a_port_on_which_nobody_listens_here() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    assert not end_unread(port)
