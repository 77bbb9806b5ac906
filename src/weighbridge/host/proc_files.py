"""Files that processes hold, opened as they hold them: deleted, replaced, or in another mount namespace.

Only regular files are opened: a descriptor that only names a file is taken first and looked at, so that no device that
a process has mapped is ever touched. Source: open(2) (O_PATH), proc_pid_map_files(5), proc_pid_fd(5), proc_pid_root(5).
"""

import os
import stat as stat_bits
from collections.abc import Iterator

from weighbridge.host.live import MappedFile, OpenHandle
from weighbridge.host.real_file import RealFile

_NAMES_ONLY = getattr(os, "O_PATH", 0) | getattr(os, "O_CLOEXEC", 0)
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0)
_DELETED = b" (deleted)"


class HeldFile(RealFile):
    """A file that a process holds.

    Args:
        path: a link of `/proc` that leads to it, whatever its name is now.
        name: what the process calls it.

    Raises OSError, also if it is not a regular file.
    """

    __slots__ = ()

    def __init__(self, path: bytes, name: bytes) -> None:
        named = os.open(path, _NAMES_ONLY)
        try:
            if not stat_bits.S_ISREG(os.fstat(named).st_mode):
                raise OSError(f"not a regular file: {os.fsdecode(name)!r}")
            self._descriptor = os.open(b"/proc/self/fd/%d" % named, _READ)
        finally:
            os.close(named)
        self._path = name
        self.stat = os.fstat(self._descriptor)
        self.size = self.stat.st_size
        self.name = os.path.basename(name)
        self._window = b""
        self._window_at = 0


def open_mapped(folder: bytes, mapped: MappedFile) -> HeldFile:
    """Open what the process at `/proc/PID` has mapped.

    Without the privilege to follow its mappings, the path is taken as the process sees it, if the same file is there.
    Raises OSError.
    """
    try:
        return HeldFile(folder + b"/map_files/%x-%x" % (mapped.first, mapped.last), mapped.path)
    except PermissionError:
        if mapped.deleted:
            raise
    except FileNotFoundError:
        pass  # part of the mapping was given back meanwhile, or this kernel has no such folder
    opened = HeldFile(folder + b"/root" + mapped.path, mapped.path)
    # Filesystems with volumes of their own (btrfs, overlays) tell another device number here than in the mapping.
    if opened.stat.st_ino != mapped.inode:
        opened.close()
        raise FileNotFoundError("another file lies at the path now")
    return opened


def open_files(folder: bytes) -> Iterator[OpenHandle]:
    """Yield the regular files that the process at `/proc/PID` holds open for reading. Raises OSError."""
    handles = folder + b"/fd/"
    for number in os.listdir(handles):
        try:
            path = os.readlink(handles + number)
            if not path.startswith(b"/") or path.startswith((b"/dev/", b"/proc/", b"/sys/")):
                continue
            status = os.stat(handles + number)
            # The link's own permission bits say how the file was opened.
            if not stat_bits.S_ISREG(status.st_mode) or not os.lstat(handles + number).st_mode & stat_bits.S_IRUSR:
                continue
        except OSError:
            continue  # closed meanwhile
        deleted = status.st_nlink == 0
        plain = path.removesuffix(_DELETED) if deleted else path
        yield OpenHandle(int(number), plain, status.st_dev, status.st_ino, status.st_size, deleted)


def socket_holders(folder: bytes, inodes: frozenset[int]) -> list[int]:
    """Return which of these sockets the process at `/proc/PID` holds. Raises OSError."""
    found = []
    handles = folder + b"/fd/"
    for number in os.listdir(handles):
        try:
            target = os.readlink(handles + number)
        except OSError:
            continue
        if target.startswith(b"socket:[") and (inode := int(target[8:-1])) in inodes:
            found.append(inode)
    return found
