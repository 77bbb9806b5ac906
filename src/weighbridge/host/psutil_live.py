"""The running side of a machine that is no Linux, through psutil: macOS and Windows.

Written against psutil's documentation and run here on Linux only, where it passes the same contract as far as psutil
goes; never tried on the platforms that it is for. What they do not tell raises NotImplementedError: mapped files and
bytes read on macOS, routes on both. Files are opened by their path: a replaced one is noticed by its inode, a deleted
one cannot be read.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil

from weighbridge.host.accelerator_sample import AcceleratorSample
from weighbridge.host.live import HttpAnswer, MappedFile, OpenHandle, ProcessEntry, Route, SocketListener
from weighbridge.host.real_file import RealFile

if TYPE_CHECKING:
    from weighbridge.host.nvml import Nvml

_TICKS = 100
"""A second, in the ticks of `ProcessEntry`."""
_GRAIN = 0.02
"""Seconds by which the times of files and processes may differ."""
_ATTRIBUTES = ["ppid", "create_time", "name", "uids", "cpu_times", "memory_info", "terminal"]


class PsutilLive:
    """What runs on this machine, as psutil tells it."""

    def __init__(self) -> None:
        self.own_pid = os.getpid()
        self._nvml: Nvml | None = None
        self._sockets: dict[tuple[str, int, int], int] = {}
        """Address, port and owner to a number that stands for the inode that there is none of."""

    def boot_id(self) -> str:
        """Return what tells one boot of the machine from another: its second."""
        return f"{psutil.boot_time():.0f}"

    def processes(self) -> list[ProcessEntry]:
        """Return every process that is visible, by pid."""
        booted = psutil.boot_time()
        found = []
        for process in psutil.process_iter(_ATTRIBUTES):
            told = process.info
            memory, times, users = told["memory_info"], told["cpu_times"], told.get("uids")
            found.append(
                ProcessEntry(
                    pid=process.pid,
                    parent=told["ppid"] or 0,
                    started=max(0, round(((told["create_time"] or booted) - booted) * _TICKS)),
                    name=os.fsencode(told["name"] or ""),
                    user=users.real if users else None,
                    session=0,
                    terminal=int(bool(told.get("terminal"))),
                    cpu_ticks=round((times.user + times.system) * _TICKS) if times else 0,
                    resident_bytes=memory.rss if memory else 0,
                    virtual_bytes=memory.vms if memory else 1,
                )
            )
        return sorted(found)

    def command_line(self, pid: int) -> tuple[bytes, ...]:
        """Return the arguments of a process."""
        with _told(pid) as process:
            return tuple(map(os.fsencode, process.cmdline()))

    def executable(self, pid: int) -> bytes:
        """Return the path of the program that a process runs."""
        with _told(pid) as process:
            return os.fsencode(process.exe())

    def working_folder(self, pid: int) -> bytes:
        """Return the current folder of a process."""
        with _told(pid) as process:
            return os.fsencode(process.cwd())

    def environment_of(self, pid: int) -> dict[str, str]:
        """Return the environment with which a process was started. Values must not leave the caller's room."""
        with _told(pid) as process:
            return process.environ()

    def mapped_files(self, pid: int, at_least: int = 0) -> list[MappedFile]:
        """Return the files that a process has mapped, of which at least `at_least` bytes are resident.

        Raises NotImplementedError where psutil has no such question (macOS).
        """
        with _told(pid) as process:
            if not hasattr(process, "memory_maps"):
                raise NotImplementedError("mapped files")
            mappings = process.memory_maps(grouped=True)
        found = []
        for mapping in mappings:
            path = os.fsencode(mapping.path)
            size = max(mapping.rss, getattr(mapping, "size", 0))
            if size < at_least or not os.path.isabs(path):
                continue
            try:
                status = os.stat(path)
            except OSError:
                continue
            executable = path.lower().endswith((b".dll", b".exe", b".so", b".dylib")) or b".so." in path
            found.append(MappedFile(path, status.st_dev, status.st_ino, 0, 0, size, executable, deleted=False))
        return found

    def open_files(self, pid: int) -> list[OpenHandle]:
        """Return the regular files that a process holds open."""
        with _told(pid) as process:
            opened = process.open_files()
        found = []
        for number, file in enumerate(opened):
            path = os.fsencode(file.path)
            try:
                status = os.stat(path)
            except OSError:
                continue
            descriptor = file.fd if file.fd >= 0 else number
            found.append(OpenHandle(descriptor, path, status.st_dev, status.st_ino, status.st_size, deleted=False))
        return found

    def open_mapped(self, pid: int, mapped: MappedFile) -> RealFile:
        """Open the file at the path of what is mapped, if it is still that file. Raises OSError."""
        return _same(pid, mapped.path, mapped.inode)

    def open_handle(self, pid: int, handle: OpenHandle) -> RealFile:
        """Open the file at the path of what is open, if it is still that file. Raises OSError."""
        return _same(pid, handle.path, handle.inode)

    def open_path(self, pid: int, path: bytes) -> RealFile:
        """Open the file at an absolute path; links are followed."""
        with _told(pid):
            return RealFile(os.path.realpath(path))

    def changed_since(self, pid: int, started: int, path: bytes) -> bool:
        """Tell whether what lies at an absolute path, or the link that is there, changed after the process began."""
        with _told(pid):
            times = [time for status in (os.lstat(path), os.stat(path)) for time in (status.st_ctime, status.st_mtime)]
        return max(times) > psutil.boot_time() + started / _TICKS + _GRAIN

    def list_folder(self, pid: int, path: bytes) -> list[bytes]:
        """Return the names in a folder, sorted."""
        with _told(pid):
            return sorted(os.listdir(path))

    def bytes_read(self, pid: int) -> int:
        """Return how many bytes a process has read since it started. Raises NotImplementedError on macOS."""
        with _told(pid) as process:
            if not hasattr(process, "io_counters"):
                raise NotImplementedError("bytes read")
            counters = process.io_counters()
            return int(getattr(counters, "read_chars", counters.read_bytes))

    def service_unit(self, pid: int) -> str | None:
        """Return None: service managers of these platforms keep no such record of a process."""
        with _told(pid):
            return None

    def container(self, pid: int) -> str | None:
        """Return None: containers of these platforms run in virtual machines of their own."""
        with _told(pid):
            return None

    def network_namespace(self, pid: int) -> int:
        """Return 0: there are none."""
        with _told(pid):
            return 0

    def listeners(self) -> list[SocketListener]:
        """Return the TCP sockets that accept connections; where only root sees all of them, those of this user."""
        known, self._sockets = self._sockets, {}
        found = []
        for address, port, pid in sorted(_listening()):
            key = (address, port, pid)
            self._sockets[key] = known.get(key) or max((0, *known.values(), *self._sockets.values())) + 1
            found.append(SocketListener("tcp", address, port, self._sockets[key], None, 0))
        return found

    def socket_owners(self, inodes: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Return which processes hold which of these sockets."""
        wanted = {*inodes}
        return {inode: (pid,) for (_, _, pid), inode in self._sockets.items() if inode in wanted and pid}

    def get(self, listener: SocketListener, path: str, *, limit: int = 65_536, seconds: float = 1.0) -> HttpAnswer:
        """Send one GET to a listener of this machine, over loopback. Raises OSError."""
        from weighbridge.host.loopback_http import get_tcp

        return get_tcp(listener.address, listener.port, path, limit, seconds)

    def routes(self, pid: int | None = None) -> list[Route]:
        """Raise NotImplementedError: psutil tells addresses, not routes."""
        if pid is not None:
            with _told(pid):
                pass
        raise NotImplementedError("routes")

    def accelerators(self) -> tuple[list[AcceleratorSample], list[str]]:
        """Return what NVIDIA's library says, and that nothing else is asked."""
        from weighbridge.host.nvml import Nvml

        if self._nvml is None:
            self._nvml = Nvml()
        samples = self._nvml.samples(time.monotonic(), time.time())  # noqa: TID251  (host is where the clock is)
        return [*samples], ["accelerators that are not NVIDIA's: not read on this platform"]

    def blind_spots(self) -> list[str]:
        """Return what cannot be seen of the machine as a whole, and why."""
        return ["UNIX sockets and routes: not read on this platform"]

    def user_name(self, user: int) -> str | None:
        """Return the name of an account."""
        try:
            import pwd

            return pwd.getpwuid(user).pw_name
        except (ImportError, KeyError):
            return None


@contextmanager
def _told(pid: int) -> Iterator[psutil.Process]:
    """Give the process, with psutil's errors as those of the system."""
    try:
        yield psutil.Process(pid)
    except psutil.NoSuchProcess as error:
        raise ProcessLookupError(str(error)) from error
    except psutil.AccessDenied as error:
        raise PermissionError(str(error)) from error


def _same(pid: int, path: bytes, inode: int) -> RealFile:
    with _told(pid):
        opened = RealFile(os.path.realpath(path))
    if opened.stat.st_ino != inode:
        opened.close()
        raise FileNotFoundError("another file lies at the path now")
    return opened


def _listening() -> set[tuple[str, int, int]]:
    """Return address, port and owner (0 if hidden) of every listening TCP socket that is visible."""
    try:
        return {
            (one.laddr.ip, one.laddr.port, one.pid or 0)
            for one in psutil.net_connections("tcp")
            if one.status == psutil.CONN_LISTEN and one.laddr
        }
    except psutil.AccessDenied:
        return {found for process in psutil.process_iter() for found in _listening_of(process)}


def _listening_of(process: psutil.Process) -> Iterator[tuple[str, int, int]]:
    try:
        for one in process.net_connections("tcp"):
            if one.status == psutil.CONN_LISTEN and one.laddr:
                yield one.laddr.ip, one.laddr.port, process.pid
    except psutil.Error:
        return
