"""Digests of whole files: in parallel over files, and with reading beside hashing where a core is free.

SHA-256 (FIPS 180-4) is the identity that hubs, registries and signatures use, and costs about a second per 1.7 GB and
core. BLAKE3 is a fast local check; asked for as well, it costs a third more, or nothing where a core is free.
"""

import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from weighbridge.host.machine import Digests
from weighbridge.host.real_file import open_regular

BLOCK_BYTES = 256 << 10
"""Large enough that a call costs nothing beside its hashing, small enough to stay in a core's cache."""
_AHEAD_FROM = 16 << 20
"""Smaller files are not worth a second thread."""
_AHEAD_BLOCKS = 8

Progress = Callable[[int], None]


class Canceled(Exception):  # noqa: N818  (asked for, so not an error)
    """The caller does not want the digests any more."""


class _Hash(Protocol):
    def update(self, content: memoryview, /) -> object: ...

    def hexdigest(self) -> str: ...


@dataclass(slots=True)
class _Run:
    progress: Progress | None
    with_blake3: bool
    free: threading.Semaphore
    """Cores that no file keeps busy."""
    cancel: threading.Event


def digest_files(
    paths: Iterable[bytes],
    progress: Progress | None = None,
    *,
    with_blake3: bool = False,
    workers: int | None = None,
) -> Iterator[tuple[bytes, Digests | OSError]]:
    """Yield each path with its digests as they are done, in any order; a failure is a value.

    Args:
        paths: absolute paths of regular files.
        progress: called with the number of bytes done since the last call, from any thread.
        with_blake3: whether BLAKE3 is computed beside SHA-256.
        workers: threads; the default is the number of processors that this process may use.

    Closing the iterator cancels what is under way.
    """
    todo: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    waiting = 0
    for path in paths:
        todo.put(path)
        waiting += 1
    cores = workers or _processors()
    count = min(cores, waiting)
    run = _Run(progress, with_blake3, threading.Semaphore(cores - count), threading.Event())
    done: queue.SimpleQueue[tuple[bytes, Digests | OSError]] = queue.SimpleQueue()

    def work() -> None:
        while (path := todo.get()) is not None:
            try:
                done.put((path, _digest_file(path, run)))
            except OSError as error:
                done.put((path, error))
            except Canceled:
                return
        run.free.release()

    for _ in range(count):
        todo.put(None)
    threads = [threading.Thread(target=work, name=f"digest-{number}", daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(waiting):
            yield done.get()
    finally:
        run.cancel.set()
        for thread in threads:
            thread.join()


def _digest_file(path: bytes, run: _Run) -> Digests:
    """Return the digests of one file. Raises `OSError`, also if it changed meanwhile, and `Canceled`."""
    descriptor, before = open_regular(path)
    first = sha256()
    second = _blake3() if run.with_blake3 else None
    try:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_SEQUENTIAL)
        if before.st_size >= _AHEAD_FROM and run.free.acquire(blocking=False):
            try:
                length = _hash_ahead(descriptor, before.st_size, first, second, run)
            finally:
                run.free.release()
        else:
            length = _hash(descriptor, before.st_size, first, second, run)
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if (after.st_size, after.st_mtime_ns, after.st_ctime_ns, length) != (
        before.st_size,
        before.st_mtime_ns,
        before.st_ctime_ns,
        before.st_size,
    ):
        raise OSError("changed while read")
    return Digests(first.hexdigest(), second.hexdigest() if second is not None else None, length)


def _hash(descriptor: int, size: int, first: _Hash, second: _Hash | None, run: _Run) -> int:
    """Read and hash in this thread; return the length."""
    length = 0
    block = memoryview(bytearray(BLOCK_BYTES))
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        while count := file.readinto(block):
            _check(run, length, size)
            first.update(block[:count])
            if second is not None:
                second.update(block[:count])
            length += count
            if run.progress is not None:
                run.progress(count)
    return length


def _hash_ahead(descriptor: int, size: int, first: _Hash, second: _Hash | None, run: _Run) -> int:
    """Read, and hash with `second`, in another thread; hash with `first` in this one; return the length."""
    filled: queue.SimpleQueue[memoryview | OSError | None] = queue.SimpleQueue()
    empty: queue.SimpleQueue[memoryview | None] = queue.SimpleQueue()
    for _ in range(_AHEAD_BLOCKS):
        empty.put(memoryview(bytearray(BLOCK_BYTES)))

    def read() -> None:
        try:
            with open(descriptor, "rb", buffering=0, closefd=False) as file:
                while (block := empty.get()) is not None and (count := file.readinto(block)):
                    if second is not None:
                        second.update(block[:count])
                    filled.put(block[:count])
            filled.put(None)
        except OSError as error:
            filled.put(error)

    reader = threading.Thread(target=read, name="digest-read", daemon=True)
    reader.start()
    length = 0
    try:
        while (block := filled.get()) is not None:
            if isinstance(block, OSError):
                raise block
            _check(run, length, size)
            first.update(block)
            length += len(block)
            if run.progress is not None:
                run.progress(len(block))
            empty.put(memoryview(block.obj))
    finally:
        empty.put(None)
        reader.join()
    return length


def _check(run: _Run, length: int, size: int) -> None:
    """End what nobody wants any more, and what grows as fast as it is read."""
    if run.cancel.is_set():
        raise Canceled
    if length > size:
        raise OSError("changed while read")


def _blake3() -> _Hash:
    import blake3

    return blake3.blake3()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
