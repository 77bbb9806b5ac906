"""The running side of a machine in memory; it records every question, so that a probe can be held to its declaration.

A process maps and opens files of a `FakeMachine` as a kernel does: what it got stays what it was, whatever becomes of
the path.
"""

from collections.abc import Callable, Iterable
from dataclasses import field
from typing import Literal, NamedTuple, TypeVar

from weighbridge.host.accelerator_sample import AcceleratorSample
from weighbridge.host.fake import FakeMachine
from weighbridge.host.fake_file import FakeFile, Node
from weighbridge.host.live import HttpAnswer, MappedFile, OpenHandle, ProcessEntry, Route, SocketListener
from weighbridge.model.record import draft

Answer = TypeVar("Answer")
_ADDRESS = 0x7F00_0000_0000
_PAGE = 4096
_NOT_FOUND = HttpAnswer(404, {}, b"")
_OWN_NAMESPACE = 4026531840


class LiveRead(NamedTuple):
    """One question that was asked: the method's name, about which process, and what else tells it apart."""

    operation: str
    pid: int | None = None
    detail: str = ""


class _Held(NamedTuple):
    """A file as a process got it."""

    path: bytes
    node: Node
    mapped_bytes: int
    executable: bool


@draft
class FakeProcess:
    """A process in memory; change its fields to let it change."""

    pid: int
    parent: int = 1
    started: int = 1000
    began_ns: int = 0
    """When it was added, as the machine's clock says."""
    name: bytes = b"program"
    user: int | None = 1000
    session: int = 0
    terminal: int = 0
    cpu_ticks: int = 0
    resident_bytes: int = 1 << 20
    virtual_bytes: int = 1 << 24
    command_line: tuple[bytes, ...] = ()
    executable: bytes = b"/usr/bin/program"
    working_folder: bytes = b"/"
    environment: dict[str, str] = field(default_factory=dict)
    bytes_read: int = 0
    container: str | None = None
    service_unit: str | None = None
    network_namespace: int = _OWN_NAMESPACE
    routes: list[Route] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    """Names of the methods of `Live` to which this user gets no answer about it."""
    mapped: list[_Held] = field(default_factory=list)
    opened: dict[int, _Held] = field(default_factory=dict)


class FakeLive:
    """Processes, sockets and accelerators in memory.

    Args:
        machine: whose files the processes map and open.
    """

    def __init__(self, machine: FakeMachine | None = None) -> None:
        self.machine = machine or FakeMachine()
        self.reads: list[LiveRead] = []
        self.own_pid = 1 << 22  # none that a test would give to another
        self.boot = "00000000-0000-4000-8000-000000000001"
        self.users: dict[int, str] = {0: "root", 1000: "ada"}
        self.routes_here: list[Route] = []
        self.hidden_from_all: list[str] = []
        self.accelerator_readings: list[tuple[list[AcceleratorSample], list[str]]] = []
        """What `accelerators` answers, one after the other; the last one stays."""
        self._processes: dict[int, FakeProcess] = {}
        self._listeners: dict[int, SocketListener] = {}
        self._owners: dict[int, tuple[int, ...]] = {}
        self._answers: dict[int, dict[str, HttpAnswer] | None] = {}

    # Building

    def add(self, process: FakeProcess) -> FakeProcess:
        """Start a process."""
        process.began_ns = self._nanoseconds()
        self._processes[process.pid] = process
        return process

    def end(self, pid: int) -> None:
        """End a process, and what only it listens on."""
        del self._processes[pid]
        for inode, owners in [*self._owners.items()]:
            self._owners[inode] = tuple(owner for owner in owners if owner != pid)
            if not self._owners[inode]:
                self.close(inode)

    def map(self, pid: int, path: bytes, *, mapped_bytes: int | None = None, executable: bool = False) -> None:
        """Let a process map a file of the machine; all of it, or `mapped_bytes`."""
        process, node = self._processes[pid], self._node(path)
        size = node.content.size if mapped_bytes is None else mapped_bytes
        process.mapped.append(_Held(path, node, size, executable))
        process.virtual_bytes += size

    def open(self, pid: int, path: bytes) -> int:
        """Let a process open a file of the machine; return the descriptor."""
        process = self._processes[pid]
        descriptor = max(process.opened, default=2) + 1
        process.opened[descriptor] = _Held(path, self._node(path), 0, executable=False)
        return descriptor

    def listen(
        self,
        pids: int | tuple[int, ...],
        address: str,
        port: int = 0,
        answers: dict[str, HttpAnswer] | None = None,
    ) -> SocketListener:
        """Let processes accept connections.

        Args:
            pids: who holds the socket.
            address: IP address, or the path of a UNIX socket.
            port: of an IP address.
            answers: by path, for GET; other paths are 404. None: it does not speak HTTP.
        """
        owners = (pids,) if isinstance(pids, int) else pids
        unix = address.startswith(("/", "@"))
        transport: Literal["tcp", "unix"] = "unix" if unix else "tcp"
        inode = 10_000 + len(self._answers)
        first = self._processes[owners[0]] if owners else None
        namespace = first.network_namespace if first else _OWN_NAMESPACE
        listener = SocketListener(transport, address, port, inode, first.user if first else None, namespace)
        self._listeners[inode] = listener
        self._owners[inode] = owners
        self._answers[inode] = answers
        return listener

    def close(self, inode: int) -> None:
        """Close a listening socket."""
        del self._listeners[inode], self._owners[inode]

    # Live

    def boot_id(self) -> str:
        """Return `boot`."""
        self._note("boot_id")
        return self.boot

    def processes(self) -> list[ProcessEntry]:
        """Return every process, by pid."""
        self._note("processes")
        return [
            ProcessEntry(
                pid=pid,
                parent=one.parent,
                started=one.started,
                name=one.name,
                user=one.user,
                session=one.session,
                terminal=one.terminal,
                cpu_ticks=one.cpu_ticks,
                resident_bytes=one.resident_bytes,
                virtual_bytes=one.virtual_bytes,
            )
            for pid, one in sorted(self._processes.items())
        ]

    def command_line(self, pid: int) -> tuple[bytes, ...]:
        """Return the arguments of a process."""
        return self._asked("command_line", pid).command_line

    def executable(self, pid: int) -> bytes:
        """Return the path of the program that a process runs."""
        return self._asked("executable", pid).executable

    def working_folder(self, pid: int) -> bytes:
        """Return the current folder of a process."""
        return self._asked("working_folder", pid).working_folder

    def environment_of(self, pid: int) -> dict[str, str]:
        """Return the environment with which a process was started."""
        return dict(self._asked("environment_of", pid).environment)

    def mapped_files(self, pid: int, at_least: int = 0) -> list[MappedFile]:
        """Return the files that a process has mapped, of which at least `at_least` bytes are mapped."""
        found, address = [], _ADDRESS
        for held in self._asked("mapped_files", pid).mapped:
            end = address + max(_PAGE, -(-held.mapped_bytes // _PAGE) * _PAGE)
            if held.mapped_bytes >= at_least:
                found.append(
                    MappedFile(
                        path=held.path,
                        device=held.node.device,
                        inode=held.node.inode,
                        first=address,
                        last=end,
                        mapped_bytes=held.mapped_bytes,
                        executable=held.executable,
                        deleted=self._is_gone(held),
                    )
                )
            address = end + _PAGE
        return found

    def open_files(self, pid: int) -> list[OpenHandle]:
        """Return the regular files that a process holds open."""
        opened = self._asked("open_files", pid).opened
        return [
            OpenHandle(number, one.path, one.node.device, one.node.inode, one.node.content.size, self._is_gone(one))
            for number, one in sorted(opened.items())
        ]

    def open_mapped(self, pid: int, mapped: MappedFile) -> FakeFile:
        """Open the very file that is mapped."""
        process = self._asked("open_mapped", pid, mapped.path)
        return self._opened(process.mapped, mapped.device, mapped.inode)

    def open_handle(self, pid: int, handle: OpenHandle) -> FakeFile:
        """Open the very file that the process holds open."""
        process = self._asked("open_handle", pid, handle.path)
        return self._opened(process.opened.values(), handle.device, handle.inode)

    def open_path(self, pid: int, path: bytes) -> FakeFile:
        """Open the file that the process would get at an absolute path; links are followed."""
        self._asked("open_path", pid, path)
        return self._unrecorded(lambda: self.machine.open(self.machine.resolve(path)))

    def changed_since(self, pid: int, started: int, path: bytes) -> bool:
        """Tell whether what lies at an absolute path changed after the process was added."""
        del started
        began = self._asked("changed_since", pid, path).began_ns
        return self._unrecorded(lambda: self.machine.stat(self.machine.resolve(path)).st_ctime_ns) > began

    def list_folder(self, pid: int, path: bytes) -> list[bytes]:
        """Return the names in the folder that the process would get at an absolute path, sorted."""
        self._asked("list_folder", pid, path)
        return self._unrecorded(lambda: [entry.name for entry in self.machine.list_directory(path)])

    def bytes_read(self, pid: int) -> int:
        """Return how many bytes a process has read since it started."""
        return self._asked("bytes_read", pid).bytes_read

    def container(self, pid: int) -> str | None:
        """Return the id of the container that a process runs in."""
        return self._asked("container", pid).container

    def service_unit(self, pid: int) -> str | None:
        """Return the units that a process runs in."""
        return self._asked("service_unit", pid).service_unit

    def network_namespace(self, pid: int) -> int:
        """Return the inode of the network namespace of a process."""
        return self._asked("network_namespace", pid).network_namespace

    def listeners(self) -> list[SocketListener]:
        """Return the sockets that accept connections."""
        self._note("listeners")
        return [*self._listeners.values()]

    def socket_owners(self, inodes: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Return which processes hold which of these sockets, as far as it is visible."""
        self._note("socket_owners")
        owners = {}
        for inode in inodes:
            pids = self._owners.get(inode, ())
            if seen := tuple(pid for pid in pids if "socket_owners" not in self._processes[pid].hidden):
                owners[inode] = seen
        return owners

    def get(self, listener: SocketListener, path: str, *, limit: int = 65_536, seconds: float = 1.0) -> HttpAnswer:
        """Return what the listener's table says. Raises OSError if it does not speak HTTP or is gone."""
        del seconds
        at = f":{listener.port}" if listener.port else ""
        self._note("get", detail=listener.address + at + path)
        if listener.inode not in self._listeners:
            raise ConnectionRefusedError("connection refused")
        answers = self._answers[listener.inode]
        if answers is None:
            raise TimeoutError("timed out")
        answer = answers.get(path, _NOT_FOUND)
        return answer._replace(body=answer.body[:limit])

    def routes(self, pid: int | None = None) -> list[Route]:
        """Return the routes of the network namespace of a process, or of this one."""
        if pid is None:
            self._note("routes")
            return [*self.routes_here]
        process = self._asked("routes", pid)
        return [*self.routes_here] if process.network_namespace == _OWN_NAMESPACE else [*process.routes]

    def accelerators(self) -> tuple[list[AcceleratorSample], list[str]]:
        """Return the next reading."""
        self._note("accelerators")
        if len(self.accelerator_readings) > 1:
            return self.accelerator_readings.pop(0)
        return self.accelerator_readings[0] if self.accelerator_readings else ([], [])

    def blind_spots(self) -> list[str]:
        """Return `hidden_from_all`."""
        self._note("blind_spots")
        return [*self.hidden_from_all]

    def user_name(self, user: int) -> str | None:
        """Return the name of an account."""
        self._note("user_name", detail=str(user))
        return self.users.get(user)

    def _note(self, operation: str, pid: int | None = None, detail: str = "") -> None:
        self.reads.append(LiveRead(operation, pid, detail))

    def _asked(self, operation: str, pid: int, path: bytes = b"") -> FakeProcess:
        self._note(operation, pid, path.decode("utf-8", "backslashreplace"))
        if pid not in self._processes:
            raise ProcessLookupError(f"no process {pid}")
        process = self._processes[pid]
        if operation in process.hidden:
            raise PermissionError(f"{operation} of process {pid}")
        return process

    def _node(self, path: bytes) -> Node:
        return self._unrecorded(lambda: self.machine.open(path).node)

    def _unrecorded(self, question: Callable[[], Answer]) -> Answer:
        """Ask the machine what is recorded as a question here, or is the process's own doing."""
        known = len(self.machine.reads)
        try:
            return question()
        finally:
            del self.machine.reads[known:]

    def _nanoseconds(self) -> int:
        return int(self.machine.clock.timestamp()) * 1_000_000_000

    def _is_gone(self, held: _Held) -> bool:
        try:
            return self._node(held.path) is not held.node
        except OSError:
            return True

    def _opened(self, held: Iterable[_Held], device: int, inode: int) -> FakeFile:
        for one in held:
            if (one.node.device, one.node.inode) == (device, inode):
                name = one.path.rsplit(self.machine.separator, 1)[-1]
                return FakeFile(one.node, name, self.machine.platform, self._nanoseconds)
        raise ProcessLookupError("not mapped any more")
