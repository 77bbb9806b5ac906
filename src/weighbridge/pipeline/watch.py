"""The sensor: one turn, top to bottom. This file names the steps and holds no rules of its own.

The process that turns stays small: it only notices that something changed. Looks, scans and audits are done by
helpers: one for what is urgent, one for what is long, one for what takes hours. They end when there is nothing to do.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from weighbridge.discover.network_state import network_state
from weighbridge.host.live import Live
from weighbridge.host.machine import Machine
from weighbridge.host.own_cost import Cost
from weighbridge.host.process_events import Change, ProcessEvent
from weighbridge.model.network_state import CorporateNetwork
from weighbridge.model.place import display
from weighbridge.model.running import RunningProcess
from weighbridge.pipeline.watch_clock import Clock
from weighbridge.pipeline.watch_decide import Item, Known, Seen
from weighbridge.pipeline.watch_errand import Asking, Errand
from weighbridge.pipeline.watch_folders import Folders, Watches
from weighbridge.pipeline.watch_gate import Gate, Stirred
from weighbridge.pipeline.watch_health import Health
from weighbridge.pipeline.watch_load import SCOPE as LOAD_SCOPE
from weighbridge.pipeline.watch_load import Load
from weighbridge.pipeline.watch_owed import Owed
from weighbridge.pipeline.watch_scribe import Scribe
from weighbridge.pipeline.watch_seen import LOOK_SCOPE, of_process
from weighbridge.pipeline.watch_send import Sender
from weighbridge.pipeline.watch_when import DAILY, SURVEYS, Looks, Rhythm, constant, survey_budget

_LOOK_PATIENCE, _SURVEY_PATIENCE = 120.0, 86_400.0


class Announcing(Protocol):
    """Announces processes: `host.process_events.ProcessEvents`."""

    lost: int

    def take(self) -> list[ProcessEvent]:
        """Return what happened since the last call."""
        ...


class Senses(NamedTuple):
    """What the sensor perceives with, and what it has others do."""

    machine: Machine
    live: Live
    looker: Asking
    surveyor: Asking
    daily: Asking
    """Scans everything, so slowly that what changes meanwhile must not wait for it."""
    cost: Callable[[], Cost]
    processes: Announcing | None = None
    folders: Watches | None = None
    sender: Asking | None = None
    """Sends to the fleet, where this machine belongs to one."""
    shortcomings: tuple[str, ...] = ()
    """What of it does not work here, and why."""


class Watch:
    """Notices, has it looked at, records.

    Args:
        senses: what it perceives with.
        scribe: writes the ledger; begun.
        known: what the ledger says that there is.
        rhythm: how often what is done.
    """

    def __init__(self, senses: Senses, scribe: Scribe, known: Known, rhythm: Rhythm | None = None) -> None:
        self._senses, self._scribe, self._known = senses, scribe, known
        self._rhythm = rhythm or Rhythm()
        machine, live = senses.machine, senses.live
        now = machine.monotonic()
        self._boot = machine.boot().id
        self._clock = Clock(now, machine.boot())
        self._health = Health(now, senses.cost())
        self._gate = Gate(machine, live)
        self._folders = Folders(machine, senses.folders)
        self._load = Load(live)
        self._look = Errand(senses.looker, known, _LOOK_PATIENCE)
        self._survey = Errand(senses.surveyor, known, _SURVEY_PATIENCE)
        self._daily = Errand(senses.daily, known, _SURVEY_PATIENCE)
        self._sender = Sender(senses.sender, machine, known, now) if senses.sender is not None else None
        self._looks = Looks(now)
        self._surveys = survey_budget(now)
        self._owed = Owed()
        self._has_looked = False
        self._due = {name: now + after for name, after in self._rhythm.first.items()}
        self._asked: frozenset[int] = frozenset()
        self._listening: frozenset[tuple[object, ...]] | None = None
        self._running: frozenset[int] = frozenset()
        self._explained: frozenset[int] = frozenset()
        self._hidden: tuple[str, ...] = ()
        self._corporate: tuple[CorporateNetwork, ...] = ()
        self._stale: set[bytes] = set()
        self._overtaken: set[bytes] = set()
        """Folders that were scanned while the daily scan went on, which may have seen them before."""
        self._counts: Counter[str] = Counter()
        self._exited: set[int] = set()
        """Processes that ended since the last look was asked for."""
        self._lost = 0
        self._pause = 0.0

    def turn(self) -> None:
        """Do what is due. Raises `WeighbridgeError` where the sensor must end: `E-watch-memory`."""
        now = self._senses.machine.monotonic()

        # what passed without us
        self._passed(now)

        # what the kernel announced
        helpers = {one.pid for one in (self._look, self._survey, self._daily, self._sender) if one is not None}
        self._gate.own = frozenset(pid for pid in (self._senses.live.own_pid, *helpers) if pid is not None)
        self._announced(now)
        self._folders.take(now)

        # which processes deserve a look
        self._stirred(self._gate.look_at_young(now), now)
        if self._is_due("sweep", now):
            self._stirred(self._gate.sweep(now), now)
        if self._is_due("listeners", now):
            self._listeners(now)

        # looks, scans, audits
        self._ask_for_look(now)
        self._ask_for_survey(now)
        self._ask_for_everything(now)
        for errand in (self._look, self._survey, self._daily):
            self._collect(errand, now)
        self._late(self._owed.late(now))

        # what the fleet is sent, where there is one
        if self._sender is not None:
            self._scribe.tell(self._sender.turn(self._boot, now))
            if self._sender.policy_taken:
                self.reload()

        # what this process sees by itself
        if self._is_due("network", now):
            self._tell([self._network()])
        if self._is_due("load", now):
            self._tell(self._load.read(self._explained, {}), scope=LOAD_SCOPE)
            self._due["load"] = now + self._load.pause() * self._health.slowness
        if self._is_due("capability", now):
            self._tell([self._capability()])

        # its own health, and the ledger
        if self._health.is_due(now):
            self._scribe.tell(self._health.measured(now, self._senses.cost(), self._beat()))
        self._scribe.flush(now)

    def pause(self) -> float:
        """Return how many seconds may pass until the next turn, if nothing is announced."""
        now = self._senses.machine.monotonic()
        # A helper that is at work is waited for; what it is wanted for next must not be.
        waits = (SURVEYS if self._survey.busy else frozenset[str]()) | ({DAILY} if self._daily.busy else set())
        times = [time for name, time in self._due.items() if name not in waits] + [now + self._rhythm.longest]
        looks = None if self._look.busy else self._looks.due()
        others = (self._gate.next_young(), looks, self._owed.due(), self._folders.due())
        times += [time for time in others if time is not None]
        if self._scribe.trouble is None and len(self._scribe):
            times.append(now)
        self._pause = max(0.0, min(times) - now)
        return self._pause

    def reload(self) -> None:
        """Take up another policy or configuration: look, scan and audit again."""
        now = self._senses.machine.monotonic()
        self._look.end()
        self._survey.end()
        self._looks.urgent(now)
        self._due |= {"stores": now, "audit": now}
        if self._daily.busy:
            self._daily.end()
            self._due[DAILY] = now

    def close(self) -> bool:
        """End the helpers and the ledger; tell whether everything was written."""
        for errand in (self._look, self._survey, self._daily):
            errand.end()
        if self._sender is not None:
            self._sender.end()
        self._untold(self._owed.rest())
        return self._scribe.close(self._senses.machine.monotonic())

    # Steps

    def _passed(self, now: float) -> None:
        machine = self._senses.machine
        gap = self._clock.passed(now, machine.boot(), machine.now(), self._pause)
        if gap:
            self._scribe.tell(gap)
            self._looks.urgent(now)
            self._due |= {"sweep": now, "network": now, "stores": now}

    def _announced(self, now: float) -> None:
        if self._senses.processes is None:
            return
        events = self._senses.processes.take()
        started = [one.pid for one in events if one.change is Change.EXEC and one.pid not in self._gate.own]
        ended = [one.pid for one in events if one.change is Change.EXIT]
        self._counts["processes_started"] += len(started)
        self._gate.started(started, now)
        self._gate.ended(ended)
        self._exited.update(ended)
        self._owed.ended(ended)
        self._ended(self._running.intersection(ended))
        if self._senses.processes.lost != self._lost:
            missed, self._lost = self._senses.processes.lost - self._lost, self._senses.processes.lost
            self._counts["events_lost"] += missed
            self._scribe.tell([("overload", {"what": "process events", "lost": missed})])
            self._due["sweep"] = now

    def _stirred(self, stirred: Stirred, now: float) -> None:
        if stirred.weights:
            self._looks.urgent(now)
        if stirred.programs:
            self._looks.uncertain(now)
        self._owed.owe(stirred.running, now)
        self._owed.ended(stirred.ended)
        self._exited |= stirred.ended
        self._ended(self._running & stirred.ended)

    def _ended(self, pids: frozenset[int]) -> None:
        if pids:
            self._running -= pids
            self._tell((), scope=LOOK_SCOPE, pids=pids)

    def _listeners(self, now: float) -> None:
        try:
            found = self._senses.live.listeners()
        except (OSError, NotImplementedError):
            return
        listening = frozenset((one.transport, one.address, one.port, one.namespace) for one in found)
        if self._listening is not None and listening != self._listening:
            self._looks.uncertain(now)
        self._listening = listening

    def _ask_for_look(self, now: float) -> None:
        if self._look.busy or not self._looks.is_due(now, self._health.slowness):
            return
        self._asked = self._gate.present()
        self._exited.clear()
        request = {"do": "look", "own": [*self._gate.own], "hash_seconds": self._looks.hashing(now)}
        if self._look.send(request, self._boot, now):
            self._counts["looks"] += 1
            self._looks.done(now)
            self._owed.asked()
        else:
            self._failed(request, "the helper does not start", now)

    def _ask_for_survey(self, now: float) -> None:
        stale = self._folders.stale(now)
        self._stale.update(stale.folders)
        if stale.configurations:
            soonest = max(now, self._rhythm.audited + self._rhythm.audit_rest, self._surveys.due())
            self._due["audit"] = min(self._due["audit"], soonest)
        if self._survey.busy:
            return
        request: dict[str, Any] | None = None
        if self._is_due("stores", now):
            request = {"do": "scan", "roots": []}
        elif self._stale and self._surveys.due() <= now:
            request = {"do": "scan", "roots": [os.fsdecode(folder) for folder in sorted(self._stale)]}
            self._overtaken |= self._stale if self._daily.busy else set()
            self._stale.clear()
        elif self._is_due("audit", now):
            request = {"do": "audit"}
        if request is not None:
            self._counts["surveys"] += 1
            if not self._survey.send(request, self._boot, now):
                self._failed(request, "the helper does not start", now)

    def _ask_for_everything(self, now: float) -> None:
        if self._daily.busy or not self._is_due(DAILY, now):
            return
        request = {"do": "scan", "roots": ["/"], "patient": True}
        self._counts["surveys"] += 1
        if not self._daily.send(request, self._boot, now):
            self._failed(request, "the helper does not start", now)

    def _collect(self, errand: Errand, now: float) -> None:
        items, done = errand.collect(now)
        self._scribe.tell(items)
        if done is None:
            return
        what = str(errand.request["do"])
        if what == "look":
            self._looks.spent(errand.cost, now)
        elif not errand.request.get("patient"):
            self._surveys.spend(errand.cost, now)
        if errand is self._daily:
            self._stale |= self._overtaken
            self._overtaken.clear()
        if "failed" in done:
            self._failed(errand.request, str(done["failed"]), now)
        elif what == "look":
            self._looked(done, now)
        elif what == "scan":
            self._scanned(done)
        else:
            self._rhythm.audited = now
            self._folders.watch_configurations(map(os.fsencode, done.get("configurations", ())))

    def _looked(self, done: Mapping[str, Any], now: float) -> None:
        self._has_looked = True
        self._running = frozenset(done.get("pids", ()))
        self._explained = frozenset(done.get("explained", ()))
        self._gate.settle(self._running, self._asked)
        self._untold(self._owed.settle(self._running))
        self._ended(self._running & self._exited)
        self._corporate = self._gate.corporate = tuple(
            CorporateNetwork(name=name, route=route, interface=interface)
            for name, route, interface in done.get("corporate", ())
        )
        self._hidden = tuple(dict.fromkeys(map(constant, done.get("not_visible", ()))))
        self._tell([self._capability()])
        if done.get("unmeasured"):
            self._looks.again(now)

    def _late(self, processes: Iterable[RunningProcess]) -> None:
        """Tell of processes that run and that no look told of in time."""
        for process in processes:
            self._running |= {process.pid}
            seen = [*of_process(process)]
            # What stood in the ledger when this began waits for a look: the digest is known, and is not taken back.
            if self._has_looked or not self._known.has(seen[0], self._boot):
                self._tell(seen)

    def _untold(self, processes: Iterable[RunningProcess]) -> None:
        """Tell of processes that ended before a look could."""
        for process in processes:
            self._tell(of_process(process))
            self._tell((), scope=LOOK_SCOPE, pids=[process.pid])

    def _scanned(self, done: Mapping[str, Any]) -> None:
        self._counts["files_seen"] += int(done.get("files", 0))
        self._folders.watch(map(os.fsencode, done.get("folders", ())))
        self._folders.watch_models(map(os.fsencode, self._known.places()))

    def _failed(self, request: Mapping[str, Any], why: str, now: float) -> None:
        what = str(request["do"])
        at = display(os.fsencode(why))
        self._scribe.tell([("gap", {"reason": "not looked", "what": what, "why": at})])
        if what == "look":
            self._looks.failed(now)
        else:
            name = DAILY if request.get("patient") else "audit" if what == "audit" else "stores"
            self._due[name] = now + self._rhythm.after_failure

    def _network(self) -> Seen:
        state = network_state(self._senses.live, self._corporate)
        if self._sender is not None and state.connectivity.value != self._scribe.network:
            self._sender.hurry(self._senses.machine.monotonic())
        self._scribe.network = state.connectivity.value
        return Seen("network", {"connectivity": state.connectivity.value, "reasons": [*state.reasons]})

    def _capability(self) -> Seen:
        missing = (*self._senses.shortcomings, self._folders.shortcoming, *self._hidden, *self._load.not_visible)
        return Seen("capability", {"not_visible": [one for one in missing if one]})

    def _tell(self, seen: Iterable[Seen], *, scope: Iterable[str] = (), pids: Iterable[int] = ()) -> None:
        items: list[Item] = self._known.changes(seen, boot=self._boot, scope=scope, pids=pids)
        self._scribe.tell(items)

    def _beat(self) -> Mapping[str, int]:
        return {
            **self._counts,
            "things_known": len(self._known),
            "folders_watched": len(self._folders),
            "records_waiting": len(self._scribe),
        }

    def _is_due(self, name: str, now: float) -> bool:
        """Tell whether it is time for something that is done again and again, and set its next time."""
        if now < self._due[name]:
            return False
        self._due[name] = now + self._rhythm.pause(name, self._health.slowness, announced=self._is_announced())
        return True

    def _is_announced(self) -> bool:
        return self._senses.processes is not None
