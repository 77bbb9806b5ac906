"""Digests of ranges of files, and by algorithms beyond the host's own: only verification asks for them."""

import hashlib
from collections.abc import Callable
from typing import Any

from weighbridge.host.machine import Machine
from weighbridge.model.source import SourceError

_BLOCK = 1 << 20


def range_digests(
    machine: Machine,
    path: bytes,
    algorithm: str,
    shard_size: int | None,
    progress: Callable[[int], None] | None = None,
) -> dict[tuple[int, int | None], str]:
    """Return digests by (start, end), one per range, or one for (0, None) if the file is hashed whole.

    Args:
        machine: where.
        path: an absolute path of a regular file.
        algorithm: `sha256`, `blake2b`, `blake3`.
        shard_size: bytes per range; None for the whole file.
        progress: gets the bytes done since its last call.

    Raises:
        OSError: the file cannot be read, or changed meanwhile.
    """
    file = machine.open(path)
    try:
        if shard_size is None:
            return {(0, None): _range(file, algorithm, 0, file.size, progress)}
        return {
            (start, min(start + shard_size, file.size)): _range(
                file, algorithm, start, min(start + shard_size, file.size), progress
            )
            for start in range(0, file.size, shard_size)
        }
    except SourceError as error:
        raise OSError(str(error)) from None
    finally:
        file.close()


def _range(file: Any, algorithm: str, start: int, end: int, progress: Callable[[int], None] | None) -> str:  # noqa: ANN401
    state = _new(algorithm)
    while start < end:
        block = file.read(start, min(_BLOCK, end - start))
        if not block:
            raise SourceError("changed while read")
        state.update(block)
        start += len(block)
        if progress is not None:
            progress(len(block))
    return str(state.hexdigest())


def _new(algorithm: str) -> Any:  # noqa: ANN401  (hash objects share no type)
    if algorithm == "blake3":
        import blake3

        return blake3.blake3()
    return hashlib.sha256() if algorithm == "sha256" else hashlib.blake2b()
