import pytest

from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.host.live import SocketListener
from weighbridge.pipeline.running_listeners import SocketOwners, listener_of


def test_sockets_belong_to_processes_and_are_asked_for_once() -> None:
    live = FakeLive()
    live.add(FakeProcess(pid=1))
    live.add(FakeProcess(pid=2, hidden={"socket_owners"}))
    shared = live.listen((1,), "127.0.0.1", 8080)
    hidden = live.listen((2,), "0.0.0.0", 9090)
    owners = SocketOwners(live)
    assert owners.by_process() == ({1: [shared]}, [hidden])
    live.reads.clear()
    owners.by_process()
    assert [read.operation for read in live.reads].count("socket_owners") == 0
    new = live.listen((1,), "/run/x.sock")
    assert owners.by_process()[0] == {1: [shared, new]}
    live.close(shared.inode)
    assert owners.by_process()[0] == {1: [new]}


@pytest.mark.parametrize(
    ("address", "exposed"),
    [
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("0.0.0.0", True),
        ("::", True),
        ("192.168.1.2", True),
        ("fe80::1%eth0", True),
    ],
)
def test_what_is_bound_beyond_loopback_is_exposed(address: str, exposed: bool) -> None:
    found = listener_of(SocketListener("tcp", address, 80, 1, None, 0))
    assert (found.exposed, found.port) == (exposed, 80)


def test_a_unix_socket_is_not_exposed() -> None:
    found = listener_of(SocketListener("unix", "@x", 0, 1, None, 0))
    assert (found.exposed, found.port) == (False, None)
