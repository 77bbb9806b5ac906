"""What a place for bytes can do: `folder_bytes` is one on this machine, `bucket_bytes` one elsewhere.

Paths are relative, with `/` between parts. Whatever stands under `incoming/` is not whole yet.
"""

from collections.abc import AsyncIterator
from typing import NamedTuple, Protocol

import obstore
from obstore.store import ObjectStore

INCOMING = "incoming"


class Stored(NamedTuple):
    """One object of a place."""

    path: str
    size: int
    changed_at: int
    """Milliseconds since 1970, UTC."""


class Growing(Protocol):
    """Something that is not whole yet. One at a time may add to it."""

    @property
    def size(self) -> int:
        """Bytes that it has."""
        ...

    async def write(self, content: bytes) -> None:
        """Add bytes. Raises OSError."""
        ...

    async def read(self, start: int, end: int) -> bytes:
        """Return bytes that it has. Raises OSError."""
        ...

    async def sync(self) -> None:
        """Return when what it has survives a loss of power. Raises OSError."""
        ...

    async def finish(self, path: str) -> None:
        """Give all of it its last path, at once; it is there whatever happens after. Raises OSError."""
        ...

    async def close(self) -> None:
        """Let go of it."""
        ...


class ByteStore(Protocol):
    """A place for bytes."""

    piece: int
    """How many bytes to read at a time."""

    async def growing(self, name: str) -> Growing:
        """Return what came in under a name so far, to add to it. Raises `BusyError` if somebody else does, OSError."""
        ...

    async def drop(self, name: str) -> None:
        """Throw away what came in under a name."""
        ...

    async def read(self, path: str, start: int, end: int) -> bytes:
        """Return the bytes from `start` to before `end`; fewer where the object ends. Raises OSError."""
        ...

    async def size(self, path: str) -> int | None:
        """Return how many bytes lie at a path; None if nothing does. Raises OSError."""
        ...

    def size_now(self, path: str) -> int | None:
        """Return the same; waits for it."""
        ...

    async def move(self, before: str, after: str) -> None:
        """Give an object another path, durably. Raises FileNotFoundError, OSError."""
        ...

    def remove_now(self, path: str) -> None:
        """Remove an object, if it is there; waits for it. Raises OSError."""
        ...

    async def room(self) -> tuple[int, int] | None:
        """Return how many bytes are free and how many there are in all; None where nobody says. Raises OSError."""
        ...

    def listed(self, below: str) -> AsyncIterator[Stored]:
        """Yield what lies below a folder. Raises OSError."""
        ...


async def objects(store: ObjectStore, below: str) -> AsyncIterator[Stored]:
    """Yield what lies below a folder of a store, piece by piece: there may be millions. Raises OSError."""
    async for batch in obstore.list(store, prefix=below):
        for one in batch:
            yield Stored(one["path"], one["size"], int(one["last_modified"].timestamp() * 1000))
