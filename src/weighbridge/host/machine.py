"""What the rest of Weighbridge may ask of a machine."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from weighbridge.model.source import ByteSource

if TYPE_CHECKING:
    from weighbridge.host.boot import Boot
    from weighbridge.host.durable import DurableFolder
    from weighbridge.host.kept import KeptDatabase
    from weighbridge.host.state import StateDatabase
    from weighbridge.host.survey import Survey

Kind = Literal["file", "directory", "link", "other"]
Platform = Literal["linux", "darwin", "windows"]


class Stat(Protocol):
    """The part of `os.stat_result` that is used; `os.stat_result` satisfies it as it is."""

    @property
    def st_dev(self) -> int:
        """Device."""
        ...

    @property
    def st_ino(self) -> int:
        """Inode."""
        ...

    @property
    def st_size(self) -> int:
        """Bytes."""
        ...

    @property
    def st_mtime_ns(self) -> int:
        """Modification time, nanoseconds."""
        ...

    @property
    def st_ctime_ns(self) -> int:
        """Change time, nanoseconds."""
        ...

    @property
    def st_mode(self) -> int:
        """Type and permission bits."""
        ...

    @property
    def st_blocks(self) -> int:
        """Allocated 512-byte blocks."""
        ...


class Entry(NamedTuple):
    """One name in a directory."""

    name: bytes
    kind: Kind
    stat: Stat | None
    """None if it vanished or may not be looked at."""


class Mount(NamedTuple):
    """One mounted filesystem."""

    path: bytes
    filesystem: str
    """Type as the system names it: `ext4`, `nfs4`, `proc`."""


class OpenFile(ByteSource, Protocol):
    """A file open for reading; also a `ByteSource`."""

    @property
    def stat(self) -> Stat:
        """Taken from the open descriptor."""
        ...

    def close(self) -> None:
        """Release it."""
        ...


class Machine(Protocol):
    """One machine, real or in memory. Every path is bytes and absolute."""

    @property
    def platform(self) -> Platform:
        """Which path rules and stores apply."""
        ...

    @property
    def state_folder(self) -> bytes:
        """The one folder that Weighbridge writes to."""
        ...

    def has_state(self, name: str) -> bool:
        """Tell whether a file is in the state folder, by its relative path with `/`: one look, nothing loaded."""
        ...

    def environment(self, name: str) -> str | None:
        """Return one environment variable."""
        ...

    def homes(self) -> tuple[bytes, ...]:
        """Return the home folders that this run may look into, this user's first."""
        ...

    def mounts(self) -> tuple[Mount, ...]:
        """Return mounted filesystems, so that network and pseudo filesystems can be left out."""
        ...

    def list_directory(self, path: bytes) -> list[Entry]:
        """Return the entries of a directory in byte order of names. Raises OSError."""
        ...

    def survey(self, path: bytes) -> "Survey":
        """Return the files of a folder with what tells whether they changed; never follows a link. Raises OSError."""
        ...

    def stat(self, path: bytes, *, follow: bool = False) -> Stat:
        """Return the stat of a path. Raises OSError."""
        ...

    def read_link(self, path: bytes) -> bytes:
        """Return the target of a symbolic link as written. Raises OSError."""
        ...

    def resolve(self, path: bytes) -> bytes:
        """Return the path with all symbolic links followed. Raises OSError."""
        ...

    def open(self, path: bytes) -> OpenFile:
        """Open a regular file for reading; never follows a final link, never blocks on a pipe. Raises OSError."""
        ...

    def peek(self, path: bytes, head: int, tail: int) -> tuple[bytes, bytes]:
        """Return the first `head` and last `tail` bytes of a regular file in one cheap call. Raises OSError."""
        ...

    def read_file(self, path: bytes, limit: int) -> bytes:
        """Return a small file whole. Raises OSError, and `LimitReached` beyond `limit` bytes."""
        ...

    def state_database(self, name: str, schema: Sequence[str]) -> "StateDatabase":
        """Open a small database in the state folder; without one that can be used it lives in memory. Never fails.

        Args:
            name: file name without ending.
            schema: statements that make its tables, all of them `IF NOT EXISTS`.
        """
        ...

    def kept_database(self, name: str, schema: Sequence[str]) -> "KeptDatabase":
        """Return a small database of what a person put in, in the state folder. Its calls raise `StateError`.

        Args:
            name: file name without ending.
            schema: statements that make its tables, all of them `IF NOT EXISTS`.
        """
        ...

    def durable_folder(self, name: str) -> "DurableFolder":
        """Return a folder in the state folder whose changes survive any crash; made when something is first written."""
        ...

    def boot(self) -> "Boot":
        """Return which run of the machine this is, and how long it lasts."""
        ...

    def now(self) -> datetime:
        """Return the wall-clock time, UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds on a clock that never steps."""
        ...

    def digest(
        self, paths: Iterable[bytes], *, progress: Callable[[int], None] | None = None, with_blake3: bool = False
    ) -> Iterator[tuple[bytes, "Digests | OSError"]]:
        """Hash whole files, in parallel, in any order; closing the iterator cancels what is under way.

        A failure is a value, not an exception. `progress` gets the bytes done since its last call, from any thread.
        """
        ...

    def isolated(self, parser: str, payload: bytes) -> bytes:
        """Run one parser that is not ours on `payload` in a resource-limited child process.

        Returns the child's answer as JSON bytes. Raises `IsolationError` if it died, hung or exceeded its limits.
        """
        ...


class Digests(NamedTuple):
    """Digests of one file, lower-case hex."""

    sha256: str
    blake3: str | None
    """None unless asked for."""
    size: int


class IsolationError(Exception):
    """The child process that read hostile input died, hung or exceeded its limits."""
