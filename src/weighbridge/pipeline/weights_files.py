"""What is known of files that processes hold: by content, judged once for every version of a file.

In: files held open, the memory of earlier scans. Out: whether they are weights, their digest as far as it is known, and
the artifact that the policy weighs. Hashing goes on from call to call within a budget of seconds, so that a large file
holds up no answer.
"""

import hashlib
from dataclasses import field
from typing import TYPE_CHECKING

from weighbridge.discover.found_weights import FileVersion, FoundWeights
from weighbridge.host.machine import Digests, Machine, OpenFile, Stat
from weighbridge.model.artifact import Artifact
from weighbridge.model.events import Listener, Progress, silent
from weighbridge.model.fact import Fact
from weighbridge.model.place import display
from weighbridge.model.record import draft
from weighbridge.pipeline.assemble import Sighting, assemble
from weighbridge.pipeline.examined import Outcome
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.sight import Seen, see

if TYPE_CHECKING:
    from weighbridge.formats.reader import Reader
    from weighbridge.pipeline.cache import Cache

_BLOCK = 1 << 20
_LEAST = 32 << 20
"""Bytes of every file that each round hashes, whatever else the budget went to: small models never wait."""
_MOST = 10_000
"""Files of weights remembered in one run."""


@draft
class _File:
    """One version of one file."""

    sighting: Sighting
    format: str
    size: int
    sha256: str | None = None
    hashed: int = 0
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    artifact: Artifact | None = None


class WeightsFiles:
    """A `Judge` for `RunningWeightsProbe`.

    Args:
        machine: where.
        cache: what earlier scans know; None to know nothing and keep nothing.
        seconds: how long one round may hash; None for as long as it takes.
        listener: follows the hashing.
    """

    def __init__(
        self, machine: Machine, cache: "Cache | None", seconds: float | None = None, listener: Listener = silent
    ) -> None:
        self._machine = machine
        self._cache = cache
        self._seconds = seconds
        self._listener = listener
        self._left = seconds
        self._files: dict[FileVersion, _File | None] = {}
        self._archives: set[FileVersion] = set()
        """Those into which nobody had a reason to look."""

    def begin(self, seconds: float | None = None) -> None:
        """Begin a round: from now on so many seconds may be spent on hashing; None for what was said at first."""
        self._left = self._seconds if seconds is None else seconds
        if len(self._files) > _MOST:
            self._files.clear()
            self._archives.clear()

    def __call__(self, source: OpenFile, path: bytes, *, inside: bool = False) -> FoundWeights | None:
        """Return what an open file holds, None if no weights. Raises SourceError if it cannot be read now.

        Args:
            source: the file.
            path: what the process calls it.
            inside: whether weights count that lie inside of an archive.
        """
        key = version(source.stat)
        if not inside and key in self._archives:
            return None
        if key not in self._files:
            readers = self._readers(source)
            if not inside and readers and all(reader.general for reader in readers):
                self._archives.add(key)
                return None
            self._files[key] = self._identified(source, path) if readers else None
        file = self._files[key]
        if file is None:
            return None
        if file.sha256 is None:
            self._measure(file, source)
        sighting = file.sighting
        return FoundWeights(
            version=key,
            format=file.format,
            size=file.size,
            sha256=file.sha256,
            claimed_sha256=sighting.claimed_sha256,
            name=sighting.store_name or _own_name(sighting.outcome.examined[0].facts),
        )

    def artifact(self, key: FileVersion) -> Artifact | None:
        """Return the artifact in a file that was judged to be weights, without license terms and verdict."""
        file = self._files.get(key)
        if file is None:
            return None
        if file.artifact is None or file.artifact.sha256 != file.sha256:
            digests = {file.sighting.path: Digests(file.sha256, None, file.size)} if file.sha256 else {}
            found = assemble((file.sighting,), digests)
            file.artifact = next((one for one in found if one.places[0].member is None), found[0] if found else None)
        return file.artifact

    def sighting(self, key: FileVersion) -> Sighting | None:
        """Return where it was seen and what was seen in it."""
        file = self._files.get(key)
        return None if file is None else file.sighting

    def _readers(self, source: OpenFile) -> list["Reader"]:
        """Return the readers that know the content."""
        from weighbridge.formats.identify import head_of, tail_of
        from weighbridge.pipeline.inspect import INDEX

        return INDEX.recognized(source, head_of(source), tail_of(source))

    def _identified(self, source: OpenFile, path: bytes) -> _File | None:
        sighting = self._sighted(source, path)
        if sighting is None or not any(item.holds_model for item in sighting.outcome.examined):
            return None
        whole = sighting.outcome.examined[0]
        known = self._cache.digests(source.stat) if self._cache is not None else None
        sha256 = known.sha256 if known is not None else None
        return _File(sighting=sighting, format=whole.format, size=source.size, sha256=sha256)

    def _sighted(self, source: OpenFile, path: bytes) -> Sighting | None:
        """Look into a file: as a scan would, if it is still at its path, else as it is held."""
        try:
            at_path = self._machine.stat(path)
        except (OSError, ValueError):
            at_path = None
        if at_path is not None and version(at_path) == version(source.stat):
            options = Options(roots=(path,), digest=False, cache=self._cache is not None)
            return see(self._machine, options, self._cache, silent, Seen()).sightings.get(path)
        from weighbridge.pipeline.examine import examine_source

        outcome: Outcome = examine_source(source, self._machine, path, digest_members=False)
        return Sighting(path=path, identity=(source.stat.st_dev, source.stat.st_ino), outcome=outcome)

    def _measure(self, file: _File, source: OpenFile) -> None:
        """Hash on from where the last round ended, until the file ends or half of what is left of the budget."""
        if self._seconds == 0:
            return
        began = self._machine.monotonic()
        least = file.hashed + _LEAST
        try:
            while file.hashed < source.size:
                spent = self._machine.monotonic() - began
                if self._left is not None and file.hashed >= least and spent >= self._left / 2:
                    return
                block = source.read(file.hashed, _BLOCK)
                file.digest.update(block)
                file.hashed += len(block)
                current = display(file.sighting.path)
                self._listener(
                    Progress(stage="digest", bytes_done=file.hashed, bytes_total=source.size, current=current)
                )
        finally:
            if self._left is not None:
                self._left -= self._machine.monotonic() - began
        file.sha256 = file.digest.hexdigest()
        if self._cache is not None:
            self._cache.keep_digests(source.stat, Digests(file.sha256, None, source.size))


def version(stat: Stat) -> FileVersion:
    """Return what tells one version of a file from another, as the cache does."""
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def _own_name(facts: tuple[Fact, ...]) -> str | None:
    return next((fact.value for fact in facts if fact.name == "name" and isinstance(fact.value, str)), None)
