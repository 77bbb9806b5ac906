"""Which processes deserve a look, told at a fraction of its cost: nothing is hashed, licensed or judged here.

A process that started is looked at again while it is young, as weights are mapped after the start; an old one when it
grew. What it holds is weights as far as a file's first bytes tell. What a look found to be of no interest is settled,
and is not asked for again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from itertools import islice
from typing import NamedTuple

from weighbridge.discover.file_readers import is_reader, is_same_program
from weighbridge.discover.found_weights import FileVersion, FoundWeights, Held
from weighbridge.discover.network_state import network_state
from weighbridge.discover.process_view import ProcessView, view
from weighbridge.discover.running_weights import RunningWeightsProbe
from weighbridge.formats.identify import head_of, tail_of
from weighbridge.host.live import Live, ProcessEntry
from weighbridge.host.machine import Machine, OpenFile
from weighbridge.model.network_state import CorporateNetwork
from weighbridge.model.record import draft
from weighbridge.model.running import RunningProcess
from weighbridge.pipeline.inspect import INDEX
from weighbridge.pipeline.watch_owed import NOT_LOOKED_AT

YOUNG = (0.1, 0.3, 0.7, 1.5, 3.0, 6.0)
"""Seconds after its start at which a process is looked at."""
_YOUNG_OF_MANY = (0.5, 2.0, 4.0)
_MANY = 30
"""Young processes from which on each is looked at less often: a build starts hundreds a second."""
_GROWN = 16 << 20
"""Bytes by which a process grows that loads weights of any use: it is looked at at once."""
_PATIENCE = (3.0, 6.0, 12.0, 30.0)
"""Seconds until a process that changed a little is looked at again, after so many looks that showed nothing new."""
_MOST_REMEMBERED = 20_000
_AT_ONCE = 25
"""Processes whose mapped and open files are held in memory together."""

Program = int
"""Stands for a program and the first words of its command line: interpreters are told by what they run."""


class Stirred(NamedTuple):
    """What deserves a look."""

    weights: frozenset[int] = frozenset()
    """Processes that hold other weights than before."""
    programs: frozenset[int] = frozenset()
    """Processes of programs that no look has settled."""
    ended: frozenset[int] = frozenset()
    """Processes that were there at the last sweep and are gone."""
    running: tuple[RunningProcess, ...] = ()
    """What can be said now of those that hold other weights than before, should no look come in time."""

    def __or__(self, other: "Stirred") -> "Stirred":
        """Return both together."""
        return Stirred(
            self.weights | other.weights,
            self.programs | other.programs,
            self.ended | other.ended,
            self.running + other.running,
        )


@draft
class _Process:
    virtual_bytes: int = 0
    resident_bytes: int = 0
    started: int = 0
    program: Program = 0
    held: frozenset[FileVersion] = frozenset()
    quiet: int = 0
    """Looks in a row that showed nothing new."""
    not_before: float = 0.0


@draft
class _Memory:
    processes: dict[int, _Process] = field(default_factory=dict)
    young: dict[int, list[float]] = field(default_factory=dict)
    """When processes that just started are to be looked at, by pid."""
    files: set[FileVersion] = field(default_factory=set)
    """What looks settled: recognized by the first bytes, and no weights after all."""
    programs: set[Program] = field(default_factory=set)


class Gate:
    """Remembers processes by size, program and the weights in them.

    Args:
        machine: whose files they hold.
        live: the running side of it.
    """

    def __init__(self, machine: Machine, live: Live) -> None:
        self._live = live
        self.own: frozenset[int] = frozenset()
        """Processes that hold weights only because they look at them."""
        self.corporate: tuple[CorporateNetwork, ...] = ()
        """Networks by which the policy tells that a process reaches the company's."""
        self._probe = RunningWeightsProbe(machine, live, _recognized)
        self._memory = _Memory()

    def started(self, pids: Iterable[int], now: float) -> None:
        """Take note that processes began to run a program."""
        for pid in pids:
            self._memory.processes.pop(pid, None)
            after = YOUNG if len(self._memory.young) < _MANY else _YOUNG_OF_MANY
            self._memory.young[pid] = [now + seconds for seconds in after]

    def ended(self, pids: Iterable[int]) -> None:
        """Take note that processes ended."""
        for pid in pids:
            self._memory.processes.pop(pid, None)
            self._memory.young.pop(pid, None)

    def next_young(self) -> float | None:
        """Return when the next young process is to be looked at; None if there is none."""
        return min((times[0] for times in self._memory.young.values()), default=None)

    def look_at_young(self, now: float) -> Stirred:
        """Look at the young processes whose time has come."""
        due = []
        for pid, times in [*self._memory.young.items()]:
            if times[0] <= now:
                due.append(_unlisted(pid))
                self._memory.young[pid] = [time for time in times if time > now]
                if not self._memory.young[pid]:
                    del self._memory.young[pid]
        return self._look(due, now)

    def sweep(self, now: float) -> Stirred:
        """Look at every process that is new or grew since it was looked at."""
        known = self._memory.processes
        due, present = [], set()
        for entry in self._live.processes():
            if not entry.virtual_bytes or entry.pid in self.own:
                continue
            present.add(entry.pid)
            before = known.get(entry.pid)
            if before is None or (before.started and before.started != entry.started) or _is_due(before, entry, now):
                due.append(entry)
        gone = known.keys() - present
        self.ended(gone)
        stirred = self._look(due, now)
        return stirred._replace(ended=frozenset(gone))

    def settle(self, interesting: Iterable[int], programs: Iterable[int]) -> None:
        """Take note that a look was done: of `programs`, those that are not `interesting` need none again."""
        if len(self._memory.programs) + len(self._memory.files) > _MOST_REMEMBERED:
            self._memory.programs.clear()
            self._memory.files.clear()
        kept = frozenset(interesting)
        for pid in programs:
            process = self._memory.processes.get(pid)
            if process is None or pid in kept:
                continue
            self._memory.programs.add(process.program)
            self._memory.files.update(process.held)

    def present(self) -> frozenset[int]:
        """Return the processes that were looked at."""
        return frozenset(self._memory.processes)

    def _look(self, entries: Iterable[ProcessEntry], now: float) -> Stirred:
        found, left = Stirred(), iter(entries)
        while some := tuple(islice(left, _AT_ONCE)):
            found |= self._look_at(some, now)
        return found

    def _look_at(self, entries: Iterable[ProcessEntry], now: float) -> Stirred:
        views = {entry.pid: seen for entry in entries if (seen := self._view(entry)) is not None}
        held = self._probe.find(views, own=self.own)
        weights, programs = set(), set()
        for pid, seen in views.items():
            before = self._memory.processes.get(pid)
            versions = frozenset(one.version for one in held.get(pid, ()))
            current = _Process(
                virtual_bytes=seen.entry.virtual_bytes,
                resident_bytes=seen.entry.resident_bytes,
                started=seen.entry.started,
                program=_program(seen),
                held=versions,
            )
            if (versions - self._memory.files) != ((before.held if before else frozenset()) - self._memory.files):
                weights.add(pid)
            if (before is None or before.program != current.program) and current.program not in self._memory.programs:
                programs.add(pid)
            if before is not None and pid not in weights and pid not in programs:
                current.quiet = before.quiet + 1
            current.not_before = now + _PATIENCE[min(current.quiet, len(_PATIENCE) - 1)]
            self._memory.processes[pid] = current
        running = self._running({pid: views[pid] for pid in weights}, held)
        return Stirred(frozenset(weights), frozenset(programs), running=running)

    def _running(
        self, views: Mapping[int, ProcessView], held: Mapping[int, tuple[Held, ...]]
    ) -> tuple[RunningProcess, ...]:
        """Return those that run the weights they hold, as far as the weights and the program tell."""
        found = {pid: tuple(one.weights for one in held.get(pid, ()) if one.certain) for pid in views}
        own = self._view(_unlisted(self._live.own_pid), own=True) if any(found.values()) else None
        running = {
            pid: weights
            for pid, weights in found.items()
            if weights and not is_reader(views[pid]) and not is_same_program(views[pid], own)
        }
        listed = {entry.pid: entry for entry in self._live.processes()} if running else {}
        return tuple(
            RunningProcess(
                pid=pid,
                started=listed[pid].started,
                name=listed[pid].name.decode("utf-8", "backslashreplace"),
                executable=views[pid].executable,
                parent=listed[pid].parent,
                weights=weights,
                network=network_state(self._live, self.corporate, pid),
                not_visible=(NOT_LOOKED_AT,),
            )
            for pid, weights in running.items()
            if pid in listed
        )

    def _view(self, entry: ProcessEntry, *, own: bool = False) -> ProcessView | None:
        if entry.pid in self.own and not own:
            return None
        try:
            return view(self._live, entry)
        except ProcessLookupError:
            return None


def _recognized(source: OpenFile, path: bytes, *, inside: bool = False) -> FoundWeights | None:
    """Return what a file seems to hold by its first and last bytes; archives only where they were called a model."""
    del path
    for reader in INDEX.recognized(source, head_of(source), tail_of(source)):
        if inside or not reader.general:
            stat = source.stat
            version = stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
            return FoundWeights(version=version, format=reader.id, size=source.size)
    return None


def _is_due(before: _Process, entry: ProcessEntry, now: float) -> bool:
    if before.started == 0:  # seen while it was young only: its sizes were not asked for
        return now >= before.not_before
    grown = max(entry.virtual_bytes - before.virtual_bytes, entry.resident_bytes - before.resident_bytes)
    if grown >= _GROWN:
        return True
    changed = entry.virtual_bytes != before.virtual_bytes or grown > 0
    return changed and now >= before.not_before


def _program(seen: ProcessView) -> Program:
    return hash((seen.executable, *(word[:120] for word in seen.command_line[:4])))


def _unlisted(pid: int) -> ProcessEntry:
    """Return the entry of a process that was not looked up in the list, which would cost as much as all others."""
    return ProcessEntry(pid, 0, 0, b"", None, 0, 0, 0, 0, 1)
