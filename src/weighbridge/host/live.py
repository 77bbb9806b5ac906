"""What may be asked of a machine that runs: its processes, their files and sockets.

Every method raises `ProcessLookupError` if the process is gone and `PermissionError` if this user may not see it; the
caller says what was not visible.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple, Protocol

from weighbridge.host.accelerator_sample import AcceleratorSample
from weighbridge.host.machine import OpenFile


class ProcessEntry(NamedTuple):
    """One line of the process list. Source: proc_pid_stat(5)."""

    pid: int
    parent: int
    started: int
    """Clock ticks from boot to start; pid and start together name a process for good."""
    name: bytes
    user: int | None
    session: int
    terminal: int
    """Controlling terminal, 0 for none."""
    cpu_ticks: int
    resident_bytes: int
    virtual_bytes: int


class MappedFile(NamedTuple):
    """A file of which a process has mapped a part. Source: proc_pid_maps(5)."""

    path: bytes
    """Without the mark of deletion; as the process's own mount namespace has it."""
    device: int
    inode: int
    first: int
    """First address of its first mapping."""
    last: int
    """Address after that mapping's end."""
    mapped_bytes: int
    """Of all its mappings together."""
    executable: bool
    """Whether any of them can be executed: a library, not data."""
    deleted: bool


class OpenHandle(NamedTuple):
    """A regular file that a process holds open."""

    descriptor: int
    path: bytes
    device: int
    inode: int
    size: int
    deleted: bool


class SocketListener(NamedTuple):
    """A socket that accepts connections."""

    transport: Literal["tcp", "unix"]
    address: str
    port: int
    inode: int
    user: int | None
    namespace: int
    """Inode of the network namespace; 0 where there is none."""
    file_inode: int = 0
    """Of the file that a UNIX socket is bound to, its last 32 bits; told only where several have one name."""


class HttpAnswer(NamedTuple):
    """What a server said to one GET, cut at the limit."""

    status: int
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    late: bool = False
    """Whether time ran out before all of the body was there."""


class Route(NamedTuple):
    """One way out of a network namespace, over an interface that is up."""

    destination: str
    """CIDR; `0.0.0.0/0` and `::/0` are default routes."""
    gateway: str | None
    interface: str
    kind: str
    """What the interface is: `hardware`, `tun`, `wireguard`, ...; `internal` if it leads to programs of this machine
    only; empty where that was not to be seen."""


class Live(Protocol):
    """The running side of one machine, real or in memory."""

    own_pid: int
    """The process that looks."""

    def boot_id(self) -> str:
        """Return what tells one boot of the machine from another."""
        ...

    def processes(self) -> list[ProcessEntry]:
        """Return every process that is visible, by pid."""
        ...

    def command_line(self, pid: int) -> tuple[bytes, ...]:
        """Return the arguments of a process."""
        ...

    def executable(self, pid: int) -> bytes:
        """Return the path of the program that a process runs."""
        ...

    def working_folder(self, pid: int) -> bytes:
        """Return the current folder of a process."""
        ...

    def environment_of(self, pid: int) -> dict[str, str]:
        """Return the environment with which a process was started. Values must not leave the caller's room."""
        ...

    def mapped_files(self, pid: int, at_least: int = 0) -> list[MappedFile]:
        """Return the files that a process has mapped, of which at least `at_least` bytes are mapped."""
        ...

    def open_files(self, pid: int) -> list[OpenHandle]:
        """Return the regular files that a process holds open."""
        ...

    def open_mapped(self, pid: int, mapped: MappedFile) -> OpenFile:
        """Open the very file that is mapped, deleted or replaced or not."""
        ...

    def open_handle(self, pid: int, handle: OpenHandle) -> OpenFile:
        """Open the very file that the process holds open."""
        ...

    def open_path(self, pid: int, path: bytes) -> OpenFile:
        """Open the file that the process would get at an absolute path, in its own root; links are followed."""
        ...

    def changed_since(self, pid: int, started: int, path: bytes) -> bool:
        """Tell whether what lies at an absolute path, or a link on the way, changed after the process began.

        Args:
            pid: the process.
            started: its `ProcessEntry.started`.
            path: as the process has it.
        """
        ...

    def list_folder(self, pid: int, path: bytes) -> list[bytes]:
        """Return the names in the folder that the process would get at an absolute path, sorted."""
        ...

    def bytes_read(self, pid: int) -> int:
        """Return how many bytes a process has read since it started, from anything."""
        ...

    def container(self, pid: int) -> str | None:
        """Return the id of the container that a process runs in; None outside of one."""
        ...

    def service_unit(self, pid: int) -> str | None:
        """Return the units that a process runs in, outermost first, `/` between them; None where there are none.

        `ollama.service`, `session-3.scope`, `user@1000.service/openclaw-gateway.service`.
        """
        ...

    def network_namespace(self, pid: int) -> int:
        """Return the inode of the network namespace of a process; 0 where there is none."""
        ...

    def listeners(self) -> list[SocketListener]:
        """Return the sockets that accept connections, in every network namespace that is visible."""
        ...

    def socket_owners(self, inodes: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Return which processes hold which of these sockets, as far as it is visible."""
        ...

    def get(self, listener: SocketListener, path: str, *, limit: int = 65_536, seconds: float = 1.0) -> HttpAnswer:
        """Send one GET to a listener of this machine: loopback or UNIX socket only, no redirect followed.

        Raises OSError if it does not answer in time or in HTTP.
        """
        ...

    def routes(self, pid: int | None = None) -> list[Route]:
        """Return the routes of the network namespace of a process, or of this one; loopback left out.

        Raises NotImplementedError on a platform that does not tell.
        """
        ...

    def accelerators(self) -> tuple[list[AcceleratorSample], list[str]]:
        """Return what every accelerator says now, and what was not visible and why."""
        ...

    def blind_spots(self) -> list[str]:
        """Return what cannot be seen of the machine as a whole, and why."""
        ...

    def user_name(self, user: int) -> str | None:
        """Return the name of an account."""
        ...
