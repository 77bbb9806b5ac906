"""Digests of whole files, in parallel over files; one huge file keeps two cores busy as well.

SHA-256 (FIPS 180-4) is the identity that hubs, registries and signatures use; BLAKE3 is a fast local check.
"""

import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256

from weighbridge.host.machine import Digests
from weighbridge.host.real_file import open_regular

BLOCK_BYTES = 1 << 20
"""Large enough that a call costs nothing beside its hashing, small enough to stay in a core's cache."""
_SPLIT_BYTES = 64 << 20
"""From this size on, BLAKE3 runs beside SHA-256 in a thread of its own if a core is free."""
_WAITING_BLOCKS = 4

Progress = Callable[[int], None]


class Canceled(Exception):  # noqa: N818  (asked for, so not an error)
    """The caller does not want the digests any more."""


def digest_files(
    paths: Iterable[bytes], progress: Progress | None = None, workers: int | None = None
) -> Iterator[tuple[bytes, Digests | OSError]]:
    """Yield each path with its digests as they are done, in any order; a failure is a value.

    Args:
        paths: absolute paths of regular files.
        progress: called with the number of bytes done since the last call, from any thread.
        workers: threads; the default is the number of processors that this process may use.

    Closing the iterator cancels what is under way.
    """
    todo: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    waiting = 0
    for path in paths:
        todo.put(path)
        waiting += 1
    count = max(1, min(workers or _processors(), waiting))
    done: queue.SimpleQueue[tuple[bytes, Digests | OSError]] = queue.SimpleQueue()
    cancel = threading.Event()
    free = threading.Semaphore(max(0, (workers or _processors()) - count))

    def work() -> None:
        while (path := todo.get()) is not None:
            try:
                done.put((path, digest_file(path, cancel, progress, free)))
            except OSError as error:
                done.put((path, error))
            except Canceled:
                return
        free.release()

    for _ in range(count):
        todo.put(None)
    threads = [threading.Thread(target=work, name=f"digest-{number}", daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(waiting):
            yield done.get()
    finally:
        cancel.set()
        for thread in threads:
            thread.join()


def digest_file(path: bytes, cancel: threading.Event, progress: Progress | None, free: threading.Semaphore) -> Digests:
    """Return the digests of one file. Raises `OSError`, also if it changed meanwhile, and `Canceled`."""
    import blake3

    descriptor, before = open_regular(path)
    first, second = sha256(), blake3.blake3()
    length = 0
    beside: _Beside | None = None
    try:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_SEQUENTIAL)
        while True:
            if beside is None and before.st_size - length >= _SPLIT_BYTES and free.acquire(blocking=False):
                beside = _Beside(second.update)
            block = os.read(descriptor, BLOCK_BYTES)
            if not block:
                break
            if cancel.is_set():
                raise Canceled
            if beside is not None:
                beside.put(block)
            else:
                second.update(block)
            first.update(block)
            length += len(block)
            if progress is not None:
                progress(len(block))
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
        if beside is not None:
            beside.finish()
            free.release()
    if (after.st_size, after.st_mtime_ns, after.st_ctime_ns, length) != (
        before.st_size,
        before.st_mtime_ns,
        before.st_ctime_ns,
        before.st_size,
    ):
        raise OSError("changed while read")
    return Digests(first.hexdigest(), second.hexdigest(), length)


class _Beside:
    """Feeds blocks to a hash in a thread of its own, in order, with few blocks waiting."""

    def __init__(self, update: Callable[[bytes], object]) -> None:
        self._update = update
        self._blocks: queue.Queue[bytes | None] = queue.Queue(_WAITING_BLOCKS)
        self._thread = threading.Thread(target=self._work, name="digest-beside", daemon=True)
        self._thread.start()

    def put(self, block: bytes) -> None:
        self._blocks.put(block)

    def finish(self) -> None:
        self._blocks.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (block := self._blocks.get()) is not None:
            self._update(block)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
