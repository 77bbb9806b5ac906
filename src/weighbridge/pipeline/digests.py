"""Measured digests of whole files, from the cache where a file is unchanged."""

from typing import TYPE_CHECKING

from weighbridge.host.machine import Digests, Machine, Stat
from weighbridge.model.events import Listener, Progress
from weighbridge.model.finding import Unexamined
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.sight import Seen

if TYPE_CHECKING:
    from weighbridge.pipeline.cache import Cache


def measure(
    machine: Machine,
    options: Options,
    cache: "Cache | None",
    seen: Seen,
    listener: Listener,
    digests: dict[bytes, Digests] | None = None,
) -> dict[bytes, Digests]:
    """Return `digests` (new ones if None) by path, of every artifact and part.

    What cannot be hashed becomes an unexamined entry. Ctrl-C stops the hashing; what was hashed until then counts.
    """
    digests = digests if digests is not None else {}
    wanted = _wanted(machine, seen)
    known = {path: cache.digests(stat) for path, stat in wanted.items()} if cache is not None else {}
    wants = options.with_blake3
    digests.update((path, one) for path, one in known.items() if one is not None and (one.blake3 or not wants))
    # Hard links are one file: hash it once.
    by_identity: dict[tuple[int, int], list[bytes]] = {}
    for path, stat in wanted.items():
        if path not in digests:
            by_identity.setdefault((stat.st_dev, stat.st_ino), []).append(path)
    if options.most_hashed is not None:
        by_identity = _cheap(by_identity, wanted, seen, options.most_hashed)
    total = sum(wanted[paths[0]].st_size for paths in by_identity.values())
    done = 0

    def progress(count: int) -> None:
        nonlocal done
        done += count
        listener(Progress(stage="digest", artifacts_found=len(seen.sightings), bytes_done=done, bytes_total=total))

    firsts = [paths[0] for paths in by_identity.values()]
    results = machine.digest(firsts, progress=progress, with_blake3=options.with_blake3)
    names = {paths[0]: paths for paths in by_identity.values()}
    try:
        for first, result in results:
            for path in names[first]:
                if isinstance(result, OSError):
                    reason = f"could not be hashed: {(result.strerror or str(result)).lower()}"
                    seen.unexamined.append(Unexamined(path=path, reason=reason))
                    continue
                digests[path] = result
                if cache is not None:
                    cache.keep_digests(wanted[path], result)
    except KeyboardInterrupt:
        seen.interrupted = True
    return digests


def _cheap(
    by_identity: dict[tuple[int, int], list[bytes]], wanted: dict[bytes, Stat], seen: Seen, most: int
) -> dict[tuple[int, int], list[bytes]]:
    """Return what can be hashed with `most` bytes: first what nobody claims a digest for, small files first."""

    def order(item: tuple[tuple[int, int], list[bytes]]) -> tuple[bool, int, bytes]:
        path = item[1][0]
        sighting = seen.sightings.get(path)
        return sighting is not None and sighting.claimed_sha256 is not None, wanted[path].st_size, path

    chosen: dict[tuple[int, int], list[bytes]] = {}
    for identity, paths in sorted(by_identity.items(), key=order):
        if wanted[paths[0]].st_size <= most:
            most -= wanted[paths[0]].st_size
            chosen[identity] = paths
    return chosen


def _wanted(machine: Machine, seen: Seen) -> dict[bytes, Stat]:
    wanted = {
        path: seen.stats[path]
        for path, sighting in seen.sightings.items()
        if any(piece.member is None and piece.is_artifact for piece in sighting.outcome.examined)
    }
    for sighting in seen.sightings.values():
        for part in sighting.parts:
            try:
                wanted.setdefault(part.path, machine.stat(part.path))
            except OSError:
                continue
    return wanted
