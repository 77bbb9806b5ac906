"""What only the real machine has: namespaces, limits of privilege, routes."""

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from weighbridge.host.linux_live import LinuxLive
from weighbridge.host.live import SocketListener
from weighbridge.host.loopback_http import get_unix

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")


def test_listeners_in_another_network_namespace_are_seen_but_not_asked() -> None:
    serve = "import socket,sys\ns=socket.create_server(('127.0.0.1',4242))\nprint('up',flush=True)\nsys.stdin.read()"
    child = subprocess.Popen(
        ["unshare", "--net", "sh", "-c", 'ip link set lo up; exec "$0" -c "$1"', sys.executable, serve],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        if child.stdout.readline() != b"up\n":
            pytest.skip("no network namespace can be made here")
        live = LinuxLive()
        namespace = live.network_namespace(child.pid)
        (found,) = [one for one in live.listeners() if one.namespace == namespace]
        assert (found.address, found.port) == ("127.0.0.1", 4242)
        assert live.socket_owners([found.inode])[found.inode] == (child.pid,)
        with pytest.raises(OSError, match="another network namespace"):
            live.get(found, "/")
        assert live.routes(child.pid) == []
    finally:
        child.stdin.close()
        child.stdout.close()
        child.wait(60)


@pytest.mark.parametrize("relative", [True, False])
def test_a_unix_socket_in_another_namespace_is_asked_as_its_owner_sees_it(short_folder: Path, relative: bool) -> None:
    folder = short_folder / "inside"
    folder.mkdir()
    name = "s" if relative else str(folder / "s")
    serve = """
import socket, sys
s = socket.socket(socket.AF_UNIX)
import os
os.chdir(sys.argv[1])
s.bind(sys.argv[2])
s.listen()
print("up", flush=True)
c, _ = s.accept()
c.recv(1000)
c.sendall(b"HTTP/1.1 200 OK\\r\\n\\r\\nhere")
c.close()
"""
    mount = f'mount -t tmpfs none {folder}; exec "$@"'
    child = subprocess.Popen(
        ["unshare", "--net", "--mount", "sh", "-c", mount, "sh", sys.executable, "-c", serve, folder, name],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdout is not None
    try:
        if child.stdout.readline() != b"up\n":
            pytest.skip("no network namespace can be made here")
        live = LinuxLive()
        namespace = live.network_namespace(child.pid)
        (found,) = [one for one in live.listeners() if one.namespace == namespace]
        assert not (folder / "s").exists()
        assert found.address == name
        assert live.get(found, "/", seconds=60).body == b"here"
    finally:
        child.kill()
        child.stdout.close()
        child.wait(60)


def test_a_socket_whose_path_leads_to_another_is_not_asked(short_folder: Path) -> None:
    live = LinuxLive()
    path = short_folder / "s"
    with socket.socket(socket.AF_UNIX) as old, socket.socket(socket.AF_UNIX) as new:
        for listener in (old, new):
            listener.bind(str(path))
            listener.listen()
            if listener is old:
                (alone,) = [one for one in live.listeners() if one.address == str(path)]
                path.rename(short_folder / "moved")

        def answer() -> None:
            with new.accept()[0] as connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nhere")

        both = [one for one in live.listeners() if one.address == str(path)]
        if not all(one.file_inode for one in both):
            pytest.skip("this kernel does not list its sockets")
        (first,) = [one for one in both if one.inode == alone.inode]
        (second,) = [one for one in both if one.inode != alone.inode]
        with pytest.raises(OSError, match="another socket"):
            live.get(first, "/")
        asked = threading.Thread(target=answer)
        asked.start()
        assert live.get(second, "/", seconds=60).body == b"here"
        asked.join(60)


def test_a_long_name_is_reached_through_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    folder.mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        handle = os.open(folder, os.O_RDONLY)
        listener.bind(f"/proc/self/fd/{handle}/s")
        os.close(handle)
        listener.listen()

        def answer() -> None:
            with listener.accept()[0] as connection:
                connection.recv(1000)
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nhere")

        asked = threading.Thread(target=answer)
        asked.start()
        assert get_unix(os.fsencode(folder) + b"/s", "/", 100, 60.0).body == b"here"
        asked.join(60)


def test_the_tables_say_what_netlink_says(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(namespace: int) -> list[SocketListener]:
        raise OSError(namespace)

    # Others begin and end to listen meanwhile, so that only the test's own listeners can be compared.
    with socket.create_server(("127.0.0.1", 0)) as first, socket.create_server(("0.0.0.0", 0)) as second:
        own = {listener.getsockname()[1] for listener in (first, second)}

        def listed() -> set[SocketListener]:
            return {one for one in LinuxLive().listeners() if one.transport == "tcp" and one.port in own}

        by_netlink = listed()
        monkeypatch.setattr("weighbridge.host.sock_diag.listening", refused)
        by_table = listed()
    assert by_netlink == by_table
    assert {one.port for one in by_netlink} == own


def test_this_process_sees_itself() -> None:
    live = LinuxLive()
    (own,) = [one for one in live.processes() if one.pid == os.getpid()]
    assert own.parent == os.getppid()
    assert live.executable(own.pid) == os.fsencode(os.path.realpath(sys.executable))
    assert live.container(own.pid) is None or len(live.container(own.pid) or "") == 64


def test_kernel_threads_are_listed_and_have_nothing() -> None:
    live = LinuxLive()
    threads = [one for one in live.processes() if one.parent == 2]
    if not threads:
        pytest.skip("no kernel thread is visible here")
    assert live.command_line(threads[0].pid) == ()


def test_a_thread_that_asks_while_others_end_gets_an_answer() -> None:
    live, stop = LinuxLive(), threading.Event()

    def churn() -> None:
        while not stop.is_set():
            subprocess.run(["true"], check=True)

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(50):
            assert live.processes()
            live.listeners()
    finally:
        stop.set()
        thread.join()


def test_a_process_that_nobody_waited_for_has_ended() -> None:
    child = subprocess.Popen(["true"])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    try:
        for question in (LinuxLive().routes, LinuxLive().executable):
            with pytest.raises(ProcessLookupError):
                question(child.pid)
    finally:
        child.wait(60)
