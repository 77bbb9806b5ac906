"""Which process runs which weights, and on what that stands.

In: what processes map, hold open and name, and a judge of content. Out: weights by process, strongest evidence first.
Content decides what are weights, never a name; identity is that of the bytes that the process holds, also after their
path was deleted or leads elsewhere. Small files count as large ones do: the only mappings left out unread are programs
and libraries below `_LARGE_PROGRAM`, as whoever hides weights in a larger one is looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from operator import attrgetter
from typing import NamedTuple

from weighbridge.discover.argument_paths import NamedPath
from weighbridge.discover.as_loaded import AsLoaded, lies_there
from weighbridge.discover.found_file import (
    ONLY_READ,
    FoundFile,
    held_at,
    is_held_at,
    is_held_without_name,
    with_evidence,
)
from weighbridge.discover.found_weights import FileVersion, FoundWeights, Held, Holder, Judge, Memory
from weighbridge.discover.named_files import NamedFiles
from weighbridge.discover.process_view import ProcessView
from weighbridge.host.live import Live, MappedFile, OpenHandle
from weighbridge.host.machine import Machine, OpenFile
from weighbridge.model.record import draft
from weighbridge.model.running import RunningWeights, WeightsEvidence
from weighbridge.model.source import SourceError

_LARGE_PROGRAM = 16 << 20
"""An executable mapping of so many bytes may carry weights in it (llamafile): libraries are rarely larger."""
_LEAST_OPEN = 4096
"""Bytes of an open file that is worth a look: no weights are smaller."""
_LEAST_READ = 16 << 20
"""Bytes of weights that can be told by what a process read: less, any program reads."""
_MOST_OPEN = 4096
"""Open files of one process that are looked at."""
_MOST_DISMISSED = 50_000


_Version = tuple[int, int, int] | None


class _FileKey(NamedTuple):
    device: int
    inode: int
    path: bytes
    inside: bool
    """Whether it was looked at for weights in an archive, too."""


@draft
class _Process:
    """What was concluded of a process that may not have done anything since."""

    view: ProcessView
    held: list[MappedFile | OpenHandle] = field(default_factory=list)
    """Those of its files that are weights."""
    lost: list[bytes] = field(default_factory=list)
    """Paths of mapped files that were deleted and that this user may not read."""
    named: list[NamedPath] = field(default_factory=list)
    """Those paths of its command line that lead to weights."""


class RunningWeightsProbe:
    """Finds weights in processes; remembers what files turned out to be none.

    Args:
        machine: for files whose owner does not show them.
        live: the running side of it.
        judge: says what content is.
        memory: of earlier runs, if there is one.
    """

    def __init__(self, machine: Machine, live: Live, judge: Judge, memory: Memory | None = None) -> None:
        self._machine = machine
        self._live = live
        self._judge = judge
        self._memory = memory
        self._names = NamedFiles(machine, live)
        self._loaded = AsLoaded(live, memory)
        self._processes: dict[int, _Process] = {}
        self._dismissed: dict[_FileKey, _Version] = {}
        self._seen: dict[Holder, FoundWeights] = {}

    def find(
        self, views: Mapping[int, ProcessView], *, own: frozenset[int] = frozenset()
    ) -> dict[int, tuple[Held, ...]]:
        """Return the weights of every process that runs some, by pid, those of the strongest evidence first.

        Args:
            views: from `process_view.look`; what was not visible is added to them.
            own: processes that hold weights only because they look at them.
        """
        self._processes = {pid: one for pid, one in self._processes.items() if views.get(pid) is one.view}
        alive = {(pid, view.entry.started) for pid, view in views.items()}
        self._seen = {holder: weights for holder, weights in self._seen.items() if holder[:2] in alive}
        self._loaded.forget(alive)
        if len(self._dismissed) > _MOST_DISMISSED:
            self._dismissed.clear()
        found = {}
        for pid, view in views.items():
            if pid in own:
                continue
            try:
                if weights := self._of(view):
                    found[pid] = weights
            except ProcessLookupError:
                continue
        return found

    def served(self, view: ProcessView, weights: Sequence[Held], names: Sequence[bytes]) -> tuple[Held, ...]:
        """Return `weights` with what the process's own server says: `names` are what it calls its models."""
        known, missing = [*weights], False
        gathered: dict[FileVersion, FoundFile] = {}
        try:
            for name in names:
                for path in self._names.of_server(view, name):
                    at = next((at for at, held in enumerate(known) if is_held_at(held.weights, path)), None)
                    if at is not None:
                        known[at] = with_evidence(known[at], {WeightsEvidence.SERVER})
                    elif not self._name(view, path, gathered, WeightsEvidence.SERVER, trusted=True):
                        missing = missing or self._at(view, path) is None
        except ProcessLookupError:
            return tuple(weights)
        if missing and not known and not gathered:
            view.cannot_see("bytes as they were loaded")
        self._read(view, gathered)
        if any(is_held_without_name(held.weights) for held in known):
            # A path that leads elsewhere by now was the name of what is held.
            gathered = {version: one for version, one in gathered.items() if not one.uncertain}
        sizes = {one.weights.size for one in gathered.values()}
        # What is told by its amount alone is what the server names, if that is as large.
        known = [held for held in known if held.weights.evidence != ONLY_READ or held.weights.size not in sizes]
        for version, one in gathered.items():
            at = next((at for at, held in enumerate(known) if held.version == version), None)
            if at is None:
                known.append(one.held(view))
            else:
                known[at] = with_evidence(known[at], one.evidence)
        return tuple(known)

    def _of(self, view: ProcessView) -> tuple[Held, ...]:
        known = self._processes.get(view.pid)
        gathered: dict[FileVersion, FoundFile] = {}
        kept = _Process(view=view, lost=known.lost if known is not None else [])
        for file in _candidates(view) if known is None else known.held:
            opens = self._look(view, file, gathered)
            if opens:
                kept.held.append(file)
            elif opens is None and isinstance(file, MappedFile) and file.deleted:
                kept.lost.append(file.path)
        lost = []
        for named in self._names.of_command_line(view) if known is None else known.named:
            if named.path in kept.lost:
                lost.append(self._lost(view, named))
            elif (held := held_at(gathered.values(), named.path)) is not None:
                held.evidence.add(WeightsEvidence.COMMAND_LINE)
                held.trusted = held.trusted or named.as_model
            elif not self._name(view, named.path, gathered, WeightsEvidence.COMMAND_LINE, trusted=named.as_model):
                continue
            kept.named.append(named)
        self._read(view, gathered)
        self._processes[view.pid] = kept
        order = sorted(gathered.values(), key=attrgetter("strength"))
        return (*lost, *(one.held(view) for one in order))

    def _lost(self, view: ProcessView, named: NamedPath) -> Held:
        """Return weights that are mapped under a name that leads elsewhere now, and that this user may not read."""
        weights = RunningWeights(
            evidence=(WeightsEvidence.MAPPED, WeightsEvidence.COMMAND_LINE),
            path=named.path,
            deleted=True,
            replaced=self._at(view, named.path) is not None,
        )
        return Held(weights, (), certain=named.as_model)

    def _look(
        self, view: ProcessView, file: MappedFile | OpenHandle, gathered: dict[FileVersion, FoundFile]
    ) -> bool | None:
        """Open one file as the process holds it; tell whether it is weights, or may be and does not open."""
        inside = isinstance(file, MappedFile) and file.executable
        key = _FileKey(file.device, file.inode, file.path, inside)
        version = self._version(file)
        if key in self._dismissed and self._dismissed[key] == version:
            return False
        if isinstance(file, MappedFile):
            evidence, what = WeightsEvidence.MAPPED, "content of mapped files"
            source = view.ask(what, lambda pid: self._live.open_mapped(pid, file))
        else:
            evidence, what = WeightsEvidence.OPEN, "content of open files"
            source = view.ask(what, lambda pid: self._live.open_handle(pid, file))
        holder = (view.pid, view.entry.started, file.device, file.inode)
        if source is None:
            return self._remember(view, holder, file, gathered, evidence) or None
        try:
            weights = self._judge(source, file.path, inside=inside)
        except SourceError:
            return True  # it changed while it was read: the next look tells
        finally:
            source.close()
        if weights is None:
            self._dismissed[key] = version
            return False
        one = gathered.setdefault(weights.version, FoundFile(weights=weights, path=file.path))
        one.evidence.add(evidence)
        there = self._at(view, file.path)
        one.replaced = there is not None and there != (source.stat.st_dev, source.stat.st_ino)
        one.deleted = getattr(source.stat, "st_nlink", 0 if there is None or one.replaced else 1) == 0
        if self._seen.get(holder) != weights:
            self._seen[holder] = weights
            if self._memory is not None and weights.sha256 is not None:
                self._memory.keep(holder, weights)
        return True

    def _remember(
        self,
        view: ProcessView,
        holder: Holder,
        file: MappedFile | OpenHandle,
        gathered: dict[FileVersion, FoundFile],
        evidence: WeightsEvidence,
    ) -> bool:
        """Take what was seen before the file was deleted: its inode is not used again while somebody holds it."""
        weights = self._seen.get(holder)
        if weights is None and self._memory is not None and file.deleted:
            weights = self._memory.recall(holder)
        if weights is None or not file.deleted:
            return False
        one = gathered.setdefault(weights.version, FoundFile(weights=weights, path=file.path))
        one.evidence.add(evidence)
        one.deleted = True
        one.replaced = self._at(view, file.path) is not None
        return True

    def _version(self, file: MappedFile | OpenHandle) -> _Version:
        """Return what changes if other bytes come to stand at the file's path, under its inode number too."""
        try:
            stat = self._machine.stat(file.path)
        except (OSError, ValueError):
            return None
        return stat.st_ino, stat.st_size, stat.st_mtime_ns

    def _at(self, view: ProcessView, path: bytes) -> tuple[int, int] | None:
        """Return which file lies at a path now, as the process sees it."""
        try:
            source = self._live.open_path(view.pid, path)
        except ProcessLookupError:
            raise
        except (OSError, ValueError):
            return None
        source.close()
        return source.stat.st_dev, source.stat.st_ino

    def _name(
        self,
        view: ProcessView,
        path: bytes,
        gathered: dict[FileVersion, FoundFile],
        evidence: WeightsEvidence,
        *,
        trusted: bool,
    ) -> bool:
        """Open a file that is only named; tell whether it is weights that the process can be said to run."""
        source = self._opened(view, path)
        stat = None if source is None else source.stat
        try:
            weights = None if source is None else self._judged(source, path, inside=trusted)
        except SourceError:
            return True
        finally:
            if source is not None:
                source.close()
        later = weights is None or self._loaded.is_later(view, path, weights)
        before = self._loaded.recall(view, path) if later else None
        if before is not None:
            one = gathered.setdefault(before.version, FoundFile(weights=before, path=path))
            one.deleted = stat is None
            one.replaced = stat is not None and not lies_there(before, stat)
        elif weights is None:
            return False
        else:
            one = gathered.setdefault(weights.version, FoundFile(weights=weights, path=path))
            one.later = later
            if not later:
                self._loaded.keep(view, path, weights)
        one.evidence.add(evidence)
        one.trusted = one.trusted or trusted
        return True

    def _judged(self, source: OpenFile, path: bytes, *, inside: bool) -> FoundWeights | None:
        """Return the weights in a file that is only named, None if it holds none. Raises SourceError."""
        stat = source.stat
        key = _FileKey(stat.st_dev, stat.st_ino, path, inside)
        version = stat.st_ino, stat.st_size, stat.st_mtime_ns
        if (source.size < _LEAST_OPEN and not inside) or self._dismissed.get(key) == version:
            return None
        weights = self._judge(source, path, inside=inside)
        if weights is None:
            self._dismissed[key] = version
        return weights

    def _opened(self, view: ProcessView, path: bytes) -> OpenFile | None:
        """Open a path as the process sees it; where that is not allowed, as this machine has it."""
        try:
            return self._live.open_path(view.pid, path)
        except ProcessLookupError:
            raise
        except PermissionError:
            pass
        except (OSError, ValueError):
            return None
        try:
            return self._machine.open(self._machine.resolve(path))
        except (OSError, ValueError):
            return None

    def _read(self, view: ProcessView, gathered: dict[FileVersion, FoundFile]) -> None:
        """Add that a process read as much as the weights that it names and keeps as much in memory."""
        for one in gathered.values():
            size = one.weights.size
            if WeightsEvidence.MAPPED in one.evidence or (
                size < _LEAST_READ and WeightsEvidence.OPEN not in one.evidence
            ):
                continue
            read = view.ask("bytes read", self._live.bytes_read)
            one.kept = read is not None and read >= size and view.entry.resident_bytes >= size // 2
            if one.kept and size >= _LEAST_READ:
                one.evidence.add(WeightsEvidence.READ)


def _candidates(view: ProcessView) -> Iterator[MappedFile | OpenHandle]:
    for mapped in view.mapped:
        if not mapped.executable or mapped.mapped_bytes >= _LARGE_PROGRAM:
            yield mapped
    for handle in view.opened[:_MOST_OPEN]:
        if handle.size >= _LEAST_OPEN:
            yield handle
