"""One suite for every running machine: what the rest of Weighbridge may rely on. Subjects are children of the test."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_live import FakeLive, FakeProcess
from weighbridge.host.linux_live import LinuxLive
from weighbridge.host.live import HttpAnswer, Live, ProcessEntry, SocketListener
from weighbridge.host.psutil_live import PsutilLive

WEIGHTS = b"weights " * 100_000
CHILD = """
import json, mmap, os, socket, sys
held = []
for line in sys.stdin:
    order, *values = json.loads(line)
    if order == "map":
        file = open(values[0], "rb")
        held.append(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        file.close()
    elif order == "open":
        held.append(open(values[0], "rb"))
    elif order == "write":
        held.append(open(values[0], "ab"))
    elif order == "read":
        os.read(held[-1].fileno(), values[0])
    elif order == "listen":
        held.append(socket.create_server((values[0], 0), family=10 if ":" in values[0] else 2))
        print(held[-1].getsockname()[1], flush=True)
        continue
    elif order == "listen_unix":
        held.append(socket.socket(socket.AF_UNIX))
        held[-1].bind(values[0])
        held[-1].listen()
    print("done", flush=True)
"""


class FakeLab:
    def __init__(self) -> None:
        self.live = FakeLive(FakeMachine())
        self.pid = 4711
        self.process = FakeProcess(
            pid=self.pid,
            parent=os.getpid(),
            name=b"program",
            user=1000,
            command_line=(b"program", b"--model", b"weights"),
            executable=b"/bin/program",
            working_folder=b"/home/ada",
            environment={"WEIGHTS": "here"},
        )
        self.live.add(self.process)

    def path(self, name: bytes) -> bytes:
        return b"/home/ada/" + name

    def file(self, name: bytes, content: bytes) -> bytes:
        self.live.machine.clock += timedelta(seconds=1)
        self.live.machine.add_file(self.path(name), content, age=timedelta(0))
        return self.path(name)

    def remove(self, path: bytes) -> None:
        self.live.machine.remove(path)

    def map(self, path: bytes) -> None:
        self.live.map(self.pid, path)

    def open(self, path: bytes) -> None:
        self.live.open(self.pid, path)

    def read(self, count: int) -> None:
        self.process.bytes_read += count

    def listen(self, address: str) -> int:
        return self.live.listen(self.pid, address, 5000).port

    def listen_unix(self) -> str:
        return self.live.listen(self.pid, "/run/model.sock").address

    def serve(self, answers: dict[str, HttpAnswer]) -> SocketListener:
        return self.live.listen(self.pid, "127.0.0.1", 5001, answers)

    def end(self) -> None:
        self.live.end(self.pid)

    def close(self) -> None:
        pass


class RealLab:
    """A child process that does what it is told, and the live view under test."""

    def __init__(self, live: Live, folder: Path) -> None:
        self.live = live
        self.folder = folder
        self.child = subprocess.Popen(
            [sys.executable, "-c", CHILD, "--model", "weights"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "WEIGHTS": "here"},
        )
        self.pid = self.child.pid
        self.servers: list[ThreadingHTTPServer] = []
        self.tell("start")

    def tell(self, *order: object) -> bytes:
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.write(json.dumps(order).encode() + b"\n")
        self.child.stdin.flush()
        return self.child.stdout.readline().strip()

    def path(self, name: bytes) -> bytes:
        return os.fsencode(self.folder) + b"/" + name

    def file(self, name: bytes, content: bytes) -> bytes:
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name) + b".new", "wb") as out:
            out.write(content)
        os.replace(self.path(name) + b".new", self.path(name))
        return self.path(name)

    def remove(self, path: bytes) -> None:
        os.unlink(path)

    def map(self, path: bytes) -> None:
        self.tell("map", os.fsdecode(path))

    def open(self, path: bytes) -> None:
        self.tell("open", os.fsdecode(path))

    def read(self, count: int) -> None:
        self.tell("open", os.fsdecode(self.file(b"read", b"x" * count)))
        self.tell("read", count)

    def listen(self, address: str) -> int:
        return int(self.tell("listen", address))

    def listen_unix(self) -> str:
        # Relative to the child's folder, as a socket's path may not be long.
        name = f"socket-{self.pid}"
        self.tell("listen_unix", name)
        return name

    def serve(self, answers: dict[str, HttpAnswer]) -> SocketListener:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer = answers.get(self.path, HttpAnswer(404, {}, b""))
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.servers.append(server)
        (found,) = [one for one in self.live.listeners() if one.port == server.server_port and one.transport == "tcp"]
        return found

    def end(self) -> None:
        self.child.kill()
        self.child.wait()

    def close(self) -> None:
        for server in self.servers:
            server.shutdown()
            server.server_close()
        for stream in (self.child.stdin, self.child.stdout):
            if stream is not None:
                stream.close()
        self.end()


def linux(folder: Path) -> RealLab:
    return RealLab(LinuxLive(), folder)


def through_psutil(folder: Path) -> RealLab:
    return RealLab(PsutilLive(), folder)


PSUTIL_CANNOT = {
    "test_mapped_bytes_outlive_their_path": "a deleted file is not reached by its path",
    "test_what_is_open_is_found_and_can_be_read_after_it_is_gone": "a deleted file is not reached by its path",
    "test_a_unix_listener_is_found_with_its_owner": "only TCP is asked",
    "test_a_listener_is_found_with_its_owner": "has no namespaces",
}
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux only")
Lab = FakeLab | RealLab


@pytest.fixture(params=["fake", pytest.param("linux", marks=ON_LINUX), "psutil"])
def lab(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lab]:
    if request.param == "psutil" and (reason := PSUTIL_CANNOT.get(request.node.originalname)):
        pytest.skip(reason)
    makers = {"linux": linux, "psutil": through_psutil}
    made: Lab = FakeLab() if request.param == "fake" else makers[request.param](tmp_path)
    yield made
    made.close()


def can_be_bound(address: str) -> bool:
    try:
        with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


def entry(lab: Lab) -> ProcessEntry:
    (found,) = [one for one in lab.live.processes() if one.pid == lab.pid]
    return found


def test_a_process_is_listed_with_what_names_it_for_good(lab: Lab) -> None:
    first, again = entry(lab), entry(lab)
    assert (first.parent, first.started) == (os.getpid(), again.started)
    assert first.started > 0
    assert first.virtual_bytes >= first.resident_bytes > 0
    assert first.user is not None
    assert lab.live.user_name(first.user)
    listed = [one.pid for one in lab.live.processes()]
    assert listed == sorted(listed)


def test_a_process_has_a_command_line_a_program_a_folder_and_an_environment(lab: Lab) -> None:
    assert lab.live.command_line(lab.pid)[-2:] == (b"--model", b"weights")
    assert lab.live.executable(lab.pid).startswith(b"/")
    assert lab.live.working_folder(lab.pid) == lab.path(b"")[:-1]
    assert lab.live.environment_of(lab.pid)["WEIGHTS"] == "here"


def test_what_is_mapped_is_found_and_can_be_read(lab: Lab) -> None:
    path = lab.file(b"weights", WEIGHTS)
    lab.map(path)
    (mapped,) = [one for one in lab.live.mapped_files(lab.pid, len(WEIGHTS)) if one.path == path]
    assert not mapped.executable
    assert not mapped.deleted
    with_open = lab.live.open_mapped(lab.pid, mapped)
    assert with_open.stat.st_ino == mapped.inode
    assert with_open.read(0, len(WEIGHTS) + 1) == WEIGHTS
    with_open.close()


def test_smaller_mappings_are_left_out_if_asked(lab: Lab) -> None:
    lab.map(lab.file(b"small", b"x"))
    assert any(one.path.endswith(b"/small") for one in lab.live.mapped_files(lab.pid))
    assert not any(one.path.endswith(b"/small") for one in lab.live.mapped_files(lab.pid, 1 << 20))


@pytest.mark.parametrize("becomes", ["deleted", "replaced"])
def test_mapped_bytes_outlive_their_path(lab: Lab, becomes: str) -> None:
    path = lab.file(b"weights", WEIGHTS)
    lab.map(path)
    if becomes == "deleted":
        lab.remove(path)
    else:
        lab.file(b"weights", b"other " * 100_000)
    (mapped,) = [one for one in lab.live.mapped_files(lab.pid, len(WEIGHTS)) if one.path == path]
    assert mapped.deleted
    try:
        opened = lab.live.open_mapped(lab.pid, mapped)
    except PermissionError:
        pytest.skip("this user may not follow mappings")
    assert opened.read(0, 8) == b"weights "
    opened.close()


def test_what_is_open_is_found_and_can_be_read_after_it_is_gone(lab: Lab) -> None:
    path = lab.file(b"weights", WEIGHTS)
    lab.open(path)
    lab.remove(path)
    (handle,) = [one for one in lab.live.open_files(lab.pid) if one.path == path]
    assert (handle.size, handle.deleted) == (len(WEIGHTS), True)
    opened = lab.live.open_handle(lab.pid, handle)
    assert opened.read(8, 8) == b"weights "
    opened.close()


def test_a_path_leads_to_what_the_process_would_get(lab: Lab) -> None:
    opened = lab.live.open_path(lab.pid, lab.file(b"weights", WEIGHTS))
    assert (opened.name, opened.size, opened.read(0, 8)) == (b"weights", len(WEIGHTS), b"weights ")
    opened.close()
    with pytest.raises(FileNotFoundError):
        lab.live.open_path(lab.pid, lab.path(b"nothing"))


def test_a_file_that_came_after_the_process_is_told(lab: Lab) -> None:
    (started,) = [one.started for one in lab.live.processes() if one.pid == lab.pid]
    # The clocks of files and of processes tick in hundredths of a second.
    while not lab.live.changed_since(lab.pid, started, lab.file(b"weights", WEIGHTS)):
        continue
    with pytest.raises(FileNotFoundError):
        lab.live.changed_since(lab.pid, started, lab.path(b"nothing"))


def test_a_folder_is_listed_as_the_process_would_get_it(lab: Lab) -> None:
    lab.file(b"models/b", b"")
    lab.file(b"models/a", b"")
    assert lab.live.list_folder(lab.pid, lab.path(b"models")) == [b"a", b"b"]
    with pytest.raises(NotADirectoryError):
        lab.live.list_folder(lab.pid, lab.path(b"models/a"))


def test_bytes_read_grow_by_what_is_read(lab: Lab) -> None:
    before = lab.live.bytes_read(lab.pid)
    lab.read(100_000)
    assert 100_000 <= lab.live.bytes_read(lab.pid) - before < 200_000


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::1"])
def test_a_listener_is_found_with_its_owner(lab: Lab, address: str) -> None:
    if isinstance(lab, RealLab) and not can_be_bound(address):
        pytest.skip("this machine has no IPv6")
    port = lab.listen(address)
    (found,) = [one for one in lab.live.listeners() if (one.address, one.port) == (address, port)]
    assert found.transport == "tcp"
    assert found.namespace == lab.live.network_namespace(lab.pid)
    assert lab.live.socket_owners([found.inode]) == {found.inode: (lab.pid,)}


def test_a_unix_listener_is_found_with_its_owner(lab: Lab) -> None:
    address = lab.listen_unix()
    (found,) = [one for one in lab.live.listeners() if one.address == address]
    assert (found.transport, found.port) == ("unix", 0)
    assert lab.live.socket_owners([found.inode, 999_999_999]) == {found.inode: (lab.pid,)}


def test_a_get_brings_status_headers_and_a_bounded_body(lab: Lab) -> None:
    answers = {
        "/props": HttpAnswer(200, {"server": "llama.cpp"}, b"x" * 100),
        "/away": HttpAnswer(302, {"location": "/props"}, b""),
    }
    listener = lab.serve(answers)
    answer = lab.live.get(listener, "/props", limit=10)
    assert (answer.status, answer.headers["server"][-9:], answer.body) == (200, "llama.cpp", b"x" * 10)
    assert lab.live.get(listener, "/away").status == 302
    assert lab.live.get(listener, "/nowhere").status == 404


def test_what_ended_is_said_to_have_ended(lab: Lab) -> None:
    lab.end()
    for question in (
        lab.live.command_line,
        lab.live.executable,
        lab.live.working_folder,
        lab.live.environment_of,
        lab.live.mapped_files,
        lab.live.open_files,
        lab.live.bytes_read,
        lab.live.container,
        lab.live.network_namespace,
        lab.live.routes,
    ):
        with pytest.raises(ProcessLookupError):
            question(lab.pid)


def test_a_boot_has_one_name(lab: Lab) -> None:
    assert lab.live.boot_id() == lab.live.boot_id() != ""
