"""The running side of a Linux machine, from `/proc` and netlink as they are.

Source: the manual pages that each part names. Nothing is entered, traced or stopped: other namespaces are read from
outside, through one process of each.
"""

import errno
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from weighbridge.host.accelerator_sample import AcceleratorSample
from weighbridge.host.live import HttpAnswer, MappedFile, OpenHandle, ProcessEntry, Route, SocketListener
from weighbridge.host.proc_maps import parse_maps
from weighbridge.host.proc_stat import (
    parse_bytes_read,
    parse_container,
    parse_stat,
    parse_units,
    parse_user,
    split_words,
)

if TYPE_CHECKING:
    from weighbridge.host.linux_accelerators import LinuxAccelerators
    from weighbridge.host.proc_files import HeldFile

Answer = TypeVar("Answer")
_PIECE = 1 << 16
_MOST = 64 << 20
"""Bytes of one file in `/proc`; the largest seen are mappings of database servers, some megabytes."""
_INITIAL_PIDS = 0xEFFFFFFC
"""Inode of the process namespace that a machine starts with. Source: Linux `include/linux/proc_ns.h`."""


class LinuxLive:
    """What runs on this Linux machine."""

    def __init__(self) -> None:
        self.own_pid = os.getpid()
        self._accelerators: LinuxAccelerators | None = None
        self._of_root: dict[tuple[int, int], int | None] = {}
        """The real user of processes that show as root's, by pid and start."""

    def boot_id(self) -> str:
        """Return what tells one boot of the machine from another."""
        return _read(b"/proc/sys/kernel/random/boot_id").strip().decode("ascii")

    def processes(self) -> list[ProcessEntry]:
        """Return every process that is visible, by pid."""
        found = []
        of_root: dict[tuple[int, int], int | None] = {}
        for number in sorted(int(name) for name in os.listdir(b"/proc") if name.isdigit()):
            folder = b"/proc/%d" % number
            try:
                entry = parse_stat(_read_line(folder + b"/stat"), os.stat(folder).st_uid)
                if entry.user == 0 and entry.virtual_bytes:
                    # The folder of a process that must not be dumped belongs to root, whoever runs it.
                    key = number, entry.started
                    real = self._of_root[key] if key in self._of_root else parse_user(_read(folder + b"/status"))
                    of_root[key] = real
                    entry = entry._replace(user=real) if real != 0 else entry
            except (OSError, ValueError):
                continue  # ended meanwhile
            found.append(entry)
        self._of_root = of_root
        return found

    def command_line(self, pid: int) -> tuple[bytes, ...]:
        """Return the arguments of a process."""
        return split_words(self._text(pid, b"/cmdline"))

    def executable(self, pid: int) -> bytes:
        """Return the path of the program that a process runs."""
        return self._of(pid, lambda folder: os.readlink(folder + b"/exe")).removesuffix(b" (deleted)")

    def working_folder(self, pid: int) -> bytes:
        """Return the current folder of a process."""
        return self._of(pid, lambda folder: os.readlink(folder + b"/cwd"))

    def environment_of(self, pid: int) -> dict[str, str]:
        """Return the environment with which a process was started. Values must not leave the caller's room."""
        words = (word.partition(b"=") for word in split_words(self._text(pid, b"/environ")))
        return {os.fsdecode(name): os.fsdecode(value) for name, equals, value in words if equals}

    def mapped_files(self, pid: int, at_least: int = 0) -> list[MappedFile]:
        """Return the files that a process has mapped, of which at least `at_least` bytes are mapped."""
        return parse_maps(self._text(pid, b"/maps"), at_least)

    def open_files(self, pid: int) -> list[OpenHandle]:
        """Return the regular files that a process holds open for reading."""
        from weighbridge.host.proc_files import open_files

        return self._of(pid, lambda folder: [*open_files(folder)])

    def open_mapped(self, pid: int, mapped: MappedFile) -> "HeldFile":
        """Open the very file that is mapped, deleted or replaced or not. Raises OSError."""
        from weighbridge.host.proc_files import open_mapped

        return self._of(pid, lambda folder: open_mapped(folder, mapped))

    def open_handle(self, pid: int, handle: OpenHandle) -> "HeldFile":
        """Open the very file that the process holds open. Raises OSError."""
        from weighbridge.host.proc_files import HeldFile

        opened = self._of(pid, lambda folder: HeldFile(folder + b"/fd/%d" % handle.descriptor, handle.path))
        if (opened.stat.st_dev, opened.stat.st_ino) != (handle.device, handle.inode):
            opened.close()
            raise FileNotFoundError(errno.ENOENT, "the descriptor leads to another file now")
        return opened

    def open_path(self, pid: int, path: bytes) -> "HeldFile":
        """Open the file that the process would get at an absolute path, in its own root; links are followed."""
        from weighbridge.host.proc_files import HeldFile
        from weighbridge.host.proc_paths import follow

        return self._of(pid, lambda folder: HeldFile(follow(folder + b"/root", path).path, path))

    def changed_since(self, pid: int, started: int, path: bytes) -> bool:
        """Tell whether what lies at an absolute path, or a link on the way, changed after the process began."""
        from weighbridge.host.proc_paths import began_ns, follow, is_newer

        try:
            followed = self._of(pid, lambda folder: follow(folder + b"/root", path))
        except PermissionError:
            followed = follow(b"", path)  # as whoever may not see its root opens the path
        return is_newer(followed.changed_ns, began_ns(started))

    def list_folder(self, pid: int, path: bytes) -> list[bytes]:
        """Return the names in the folder that the process would get at an absolute path, sorted."""
        from weighbridge.host.proc_paths import follow

        return self._of(pid, lambda folder: sorted(os.listdir(follow(folder + b"/root", path).path)))

    def bytes_read(self, pid: int) -> int:
        """Return how many bytes a process has read since it started, from anything."""
        return parse_bytes_read(self._text(pid, b"/io"))

    def container(self, pid: int) -> str | None:
        """Return the id of the container that a process runs in; None outside of one."""
        return parse_container(self._text(pid, b"/cgroup"))

    def service_unit(self, pid: int) -> str | None:
        """Return the systemd units that a process runs in, outermost first; None without systemd."""
        return parse_units(self._text(pid, b"/cgroup"))

    def network_namespace(self, pid: int) -> int:
        """Return the inode of the network namespace of a process."""
        return self._of(pid, lambda folder: _namespace(folder + b"/ns/net"))

    def listeners(self) -> list[SocketListener]:
        """Return the sockets that accept connections, in every network namespace that is visible."""
        from weighbridge.host.sock_diag import listening

        own = _own_network()
        try:
            found = listening(own)
        except OSError:
            found = [*_table_listeners(b"/proc/self", own)]
        for namespace, folder in _other_networks(own).items():
            found += _table_listeners(folder, namespace)
        return found

    def socket_owners(self, inodes: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Return which processes hold which of these sockets, as far as it is visible."""
        from weighbridge.host.proc_files import socket_holders

        wanted = frozenset(inodes)
        owners: dict[int, list[int]] = {}
        for pid in sorted(int(name) for name in os.listdir(b"/proc") if name.isdigit()) if wanted else ():
            try:
                for inode in {*socket_holders(b"/proc/%d" % pid, wanted)}:
                    owners.setdefault(inode, []).append(pid)
            except OSError:
                continue
        return {inode: tuple(pids) for inode, pids in owners.items()}

    def get(self, listener: SocketListener, path: str, *, limit: int = 65_536, seconds: float = 1.0) -> HttpAnswer:
        """Send one GET to a listener of this machine: loopback or UNIX socket only, no redirect followed.

        Raises OSError if it does not answer in time or in HTTP, or listens on TCP in another network namespace.
        """
        from weighbridge.host.loopback_http import get_tcp, get_unix

        foreign = listener.namespace != _own_network()
        if listener.transport == "unix" and not listener.address.startswith("@"):
            at = self._socket_path(listener, foreign=foreign)
            if listener.file_inode and os.stat(at).st_ino & 0xFFFFFFFF != listener.file_inode:
                raise OSError("another socket lies at its path now")
            return get_unix(at, path, limit, seconds)
        if foreign:
            raise OSError("listens in another network namespace")
        if listener.transport == "unix":
            return get_unix(b"\0" + os.fsencode(listener.address[1:]), path, limit, seconds)
        return get_tcp(listener.address, listener.port, path, limit, seconds)

    def _socket_path(self, listener: SocketListener, *, foreign: bool) -> bytes:
        """Return a path that leads to a UNIX socket: as its owner sees it, where that may not be as we do."""
        name = os.fsencode(listener.address)
        if name.startswith(b"/") and not foreign and os.path.exists(name):
            return name
        owners = self.socket_owners([listener.inode]).get(listener.inode)
        if not owners:
            raise OSError("who listens is not visible")
        return b"/proc/%d" % owners[0] + (b"/root" if name.startswith(b"/") else b"/cwd/") + name

    def routes(self, pid: int | None = None) -> list[Route]:
        """Return the routes of the network namespace of a process, or of this one; loopback left out."""
        from weighbridge.host.interfaces import interface_kind, is_down
        from weighbridge.host.proc_routes import RouteLine, parse_ipv4_routes, parse_ipv6_routes

        def tables(folder: bytes) -> list[RouteLine]:
            found = [*parse_ipv4_routes(_read(folder + b"/net/route"))]
            with _missing_allowed():  # a kernel without IPv6
                found += parse_ipv6_routes(_read(folder + b"/net/ipv6_route"))
            return found

        lines = tables(b"/proc/self") if pid is None else self._of(pid, tables)
        here = pid is None or self.network_namespace(pid) == _own_network()
        return [
            Route(line.destination, line.gateway, line.interface, interface_kind(line.interface) if here else "")
            for line in lines
            if not (here and is_down(line.interface))
        ]

    def accelerators(self) -> tuple[list[AcceleratorSample], list[str]]:
        """Return what every accelerator says now, and what was not visible and why."""
        from weighbridge.host.linux_accelerators import LinuxAccelerators

        if self._accelerators is None:
            self._accelerators = LinuxAccelerators()
        return self._accelerators.samples(time.monotonic(), time.time())  # noqa: TID251  (host is where the clock is)

    def user_name(self, user: int) -> str | None:
        """Return the name of an account."""
        return _user_name(user)

    def blind_spots(self) -> list[str]:
        """Return what cannot be seen of the machine as a whole, and why."""
        found = []
        with _missing_allowed():
            if _namespace(b"/proc/self/ns/pid") != _INITIAL_PIDS:
                found.append("processes outside of this container: Weighbridge runs in a process namespace of its own")
        with _missing_allowed():
            for line in _read(b"/proc/self/mountinfo").splitlines():
                fields = line.split(b" ")
                if fields[4:5] == [b"/proc"] and b"hidepid=" in fields[-1] and b"hidepid=0" not in fields[-1]:
                    found.append("processes of other users: /proc is mounted with hidepid")
        return found

    def _text(self, pid: int, name: bytes) -> bytes:
        return self._of(pid, lambda folder: _read(folder + name))

    def _of(self, pid: int, question: Callable[[bytes], Answer]) -> Answer:
        """Ask about a process; one that ended meanwhile is a `ProcessLookupError`, whichever way the kernel says so."""
        folder = b"/proc/%d" % pid
        try:
            return question(folder)
        except FileNotFoundError as error:
            if _lives(folder):
                raise
            raise ProcessLookupError(errno.ESRCH, "the process ended") from error


def _lives(folder: bytes) -> bool:
    """Tell whether a process has not ended; one that nobody waited for is listed, and has nothing any more."""
    try:
        return _read(folder + b"/stat").rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    except (OSError, IndexError):
        return False


@contextmanager
def _missing_allowed() -> Iterator[None]:
    try:
        yield
    except OSError:
        pass


def _read_line(path: bytes) -> bytes:
    """Return a text that the kernel gives in one piece. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 4096)
    finally:
        os.close(descriptor)


def _read(path: bytes) -> bytes:
    """Return a file of `/proc` whole, up to a limit. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        content = os.read(descriptor, _PIECE)
        # The kernel hands out whole lines, a page at a time: only an empty read is the end.
        pieces = [content]
        length = len(content)
        while content:
            if length > _MOST:
                raise OSError(errno.EFBIG, "longer than anything honest", os.fsdecode(path))
            content = os.read(descriptor, _PIECE)
            pieces.append(content)
            length += len(content)
    finally:
        os.close(descriptor)
    return pieces[0] if len(pieces) == 2 and not content else b"".join(pieces)


def _namespace(link: bytes) -> int:
    """Return the inode in `net:[4026531840]`."""
    return int(os.readlink(link).partition(b"[")[2].rstrip(b"]"))


@lru_cache(maxsize=1)
def _own_network() -> int:
    return _namespace(b"/proc/self/ns/net")


def _other_networks(own: int) -> dict[int, bytes]:
    """Return one process folder for each other network namespace of which one is visible."""
    found: dict[int, bytes] = {}
    for name in os.listdir(b"/proc"):
        if name.isdigit():
            folder = b"/proc/" + name
            try:
                found.setdefault(_namespace(folder + b"/ns/net"), folder)
            except (OSError, ValueError):
                continue
    found.pop(own, None)
    return found


def _table_listeners(folder: bytes, namespace: int) -> Iterator[SocketListener]:
    from weighbridge.host.proc_sockets import parse_tcp, parse_unix

    for name, parse in ((b"tcp", parse_tcp), (b"tcp6", parse_tcp), (b"unix", parse_unix)):
        with _missing_allowed():
            yield from parse(_read(folder + b"/net/" + name), namespace)


@lru_cache(maxsize=256)
def _user_name(user: int) -> str | None:
    import pwd

    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return None
