"""What the sensor leaves to its helper: looks at processes, scans, audits. Requests in, answers out.

A request is an object with `do`; its answer is any number of `{"seen": [kind, data]}` and one `{"done": {...}}`, which
says what the look covered. Nothing is recorded here.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from weighbridge.host.live import Live
from weighbridge.host.machine import Machine
from weighbridge.host.pacing import resting
from weighbridge.model.errors import WeighbridgeError
from weighbridge.model.events import Listener, Progress, silent
from weighbridge.pipeline.policies import FEED, FLEET, RULINGS, default_policy, load_policy
from weighbridge.pipeline.watch_decide import Seen
from weighbridge.pipeline.watch_seen import (
    AUDIT_SCOPE,
    LOOK_SCOPE,
    POLICY_SCOPE,
    SCAN_SCOPE,
    of_audit,
    of_policy,
    of_scan,
    of_snapshot,
    places,
)
from weighbridge.policy.policy import Policy

if TYPE_CHECKING:
    from weighbridge.pipeline.cache import Cache
    from weighbridge.pipeline.processes import Processes

HASH_SECONDS = 1.0
SHARE = 0.03
"""Of one core, for scans of what is new and for audits."""
_PATIENT_SHARE = 0.003
"""For what comes again every day: it must not be felt."""
LONG = frozenset({"scan", "audit"})
"""What takes long and is in no hurry; looks are, and cost little."""
_MOST_FOLDERS = 6000
"""Folders that are named to be watched; a user may watch more, but others want some, too."""
_DEEPEST = 6
_NOT_HELD = (0, "", "", "")

Answer = dict[str, Any]


class Work:
    """Answers requests; remembers processes from one look to the next.

    Args:
        machine: this machine.
        live: its running side.
        policy: name of a pack, or path of a policy folder; empty for the fleet's where one is in force, which may
            change while this works.
        share: of one core that scans and audits may use; None for as much as they need. A request that is `patient`
            gets less.
        cached: whether what earlier scans know is used and kept.
        hash_seconds: how long one look may hash whose request does not say; the next one goes on.
    """

    def __init__(
        self,
        machine: Machine,
        live: Live,
        policy: str,
        *,
        share: float | None = SHARE,
        cached: bool = True,
        hash_seconds: float = HASH_SECONDS,
    ) -> None:
        self._machine, self._live = machine, live
        self._named, self._policy_name = policy, ""
        self._policy: Policy | None = None
        self._held = _NOT_HELD
        self._share, self._cached, self._hash_seconds = share, cached, hash_seconds
        self._processes: Processes | None = None
        self._take_policy(beginning=True)

    def answer(self, request: Mapping[str, Any]) -> Iterator[Answer]:
        """Yield the answer of one request. What fails is said in `failed` of `done`."""
        try:
            self._take_policy(beginning=request.get("do") == "hello")
            match request.get("do"):
                case "hello":
                    yield _done(policy="" if self._policy is None else self._policy.words)
                case "look":
                    yield from self._look(request)
                case "scan":
                    roots = [os.fsencode(root) for root in request.get("roots", ())]
                    yield from self._slowly(lambda listener: self._scan(roots, listener), request)
                case "audit":
                    yield from self._slowly(lambda _listener: self._audit(), request)
                case _:
                    yield _done(failed="unknown request")
        except (WeighbridgeError, OSError) as error:
            yield _done(failed=str(error))

    def _take_policy(self, *, beginning: bool = False) -> None:
        """Weigh by the policy that is in force now.

        The fleet's may be damaged. Then nothing is weighed by another one, and every look says so; but the sensor goes
        on, as what it sends is answered with the policy anew.
        """
        name = self._named or default_policy(self._machine)
        held = self._held_of(name)
        if self._policy is not None and (name, held) == (self._policy_name, self._held):
            return
        try:
            policy = load_policy(self._machine, name)
        except WeighbridgeError:
            if not beginning or self._named or name != FLEET:
                raise
            return
        self._policy, self._policy_name, self._held = policy, name, held
        if self._processes is not None:
            self._processes.weigh_by(policy)

    def _held_of(self, name: str) -> tuple[int, str, str, str]:
        """Return what tells one state of the fleet's policy, of its rulings and of the hub's word from another."""
        feed = ""
        if self._machine.has_state(FEED):
            from weighbridge.pipeline.hub_feed import feed_mark  # most machines have no hub

            feed = feed_mark(self._machine)
        if name != FLEET and not self._machine.has_state(RULINGS):
            return *_NOT_HELD[:3], feed
        from weighbridge.pipeline.fleet_policy import held_now  # most machines have no fleet

        held = held_now(self._machine)
        return held.number, held.stale_since, held.refreshed_at, feed

    def _weighing(self) -> Policy:
        assert self._policy is not None  # noqa: S101  (`_take_policy` raises where there is none)
        return self._policy

    def _look(self, request: Mapping[str, Any]) -> Iterator[Answer]:
        policy = self._weighing()
        snapshot = self._live_processes(policy).snapshot(request.get("hash_seconds"))
        own = frozenset(request.get("own", ()))  # they read weights, and run none
        snapshot = replace(snapshot, processes=tuple(one for one in snapshot.processes if one.pid not in own))
        yield from _seen(of_snapshot(snapshot))
        yield from _seen(of_policy(policy))
        running = [one for process in snapshot.processes for one in process.weights]
        yield _done(
            scope=(*LOOK_SCOPE, *POLICY_SCOPE),
            pids=[process.pid for process in snapshot.processes],
            explained=[process.pid for process in snapshot.processes if process.weights or process.runtime],
            not_visible=[*snapshot.not_visible],
            unmeasured=sum(one.sha256 is None for one in running),
            corporate=[[one.name, one.route, one.interface] for one in policy.settings.corporate_networks],
        )

    def _live_processes(self, policy: Policy) -> "Processes":
        from weighbridge.pipeline.processes import Processes  # loads only when there is something to look at

        if self._processes is None:
            self._processes = Processes(self._machine, self._live, policy, self._cache(), seconds=self._hash_seconds)
        return self._processes

    def _slowly(self, work: Callable[[Listener], Iterator[Answer]], request: Mapping[str, Any]) -> Iterator[Answer]:
        if self._share is None:
            yield from work(silent)
            return
        share = _PATIENT_SHARE if request.get("patient") else self._share
        with resting(share) as pace:

            def rest(_progress: Progress) -> None:
                pace()

            yield from work(rest)

    def _scan(self, roots: Sequence[bytes], listener: Listener) -> Iterator[Answer]:
        from weighbridge.pipeline.options import Options
        from weighbridge.pipeline.run import scan

        everything = roots == [b"/"]
        asked = tuple(roots or self._stores())
        existing = tuple(root for root in asked if self._exists(root))
        below = [os.fsdecode(root) for root in asked]
        if not existing:
            yield _done(scope=SCAN_SCOPE if below else (), below=below)
            return
        options = Options(roots=() if everything else existing, policy=self._policy_name, cache=self._cached)
        result = scan(self._machine, options, listener)
        yield from _seen(of_scan(result))
        found = {os.path.dirname(path) for path in places(result)}
        yield _done(
            scope=() if result.interrupted else SCAN_SCOPE,
            below=[] if everything else below,
            files=result.files_seen,
            unexamined=len(result.unexamined),
            folders=[os.fsdecode(folder) for folder in self._folders(found, everything=everything)],
        )

    def _audit(self) -> Iterator[Answer]:
        from weighbridge.pipeline.agent_audit import audit_agents

        audit = audit_agents(self._machine)
        yield from _seen(of_audit(audit))
        inventory = audit.inventory
        read = {one.path for one in inventory.tool_servers} | {one.path for one in inventory.hooks}
        read |= {one.path for one in inventory.permissions} | {one.path for one in inventory.instructions}
        read |= {one.path for one in inventory.skills}
        read |= {key.path for key in inventory.keys if key.path is not None}
        yield _done(scope=AUDIT_SCOPE, configurations=sorted(map(os.fsdecode, read))[:_MOST_FOLDERS])

    def _cache(self) -> "Cache | None":
        if not self._cached:
            return None
        from weighbridge.pipeline.cache import open_cache

        return open_cache(self._machine)

    def _stores(self) -> tuple[bytes, ...]:
        from weighbridge.discover.registry import PROBES

        return tuple(dict.fromkeys(root for probe in PROBES for root in probe.roots(self._machine)))

    def _exists(self, path: bytes) -> bool:
        try:
            self._machine.stat(path, follow=True)
        except OSError:
            return False
        return True

    def _folders(self, found: Iterable[bytes], *, everything: bool) -> list[bytes]:
        """Return the folders to watch: those with models, and known stores with what is in them."""
        folders = dict.fromkeys(sorted(found))
        waiting = [(root, 0) for root in self._stores() if not everything or self._exists(root)]
        while waiting and len(folders) < _MOST_FOLDERS:
            folder, depth = waiting.pop(0)
            try:
                entries = self._machine.list_directory(folder)
            except OSError:
                continue
            folders[folder] = None
            if depth < _DEEPEST:
                inner = (entry.name for entry in entries if entry.kind == "directory")
                waiting += [(os.path.join(folder, name), depth + 1) for name in inner]
        return [*folders][:_MOST_FOLDERS]


def _seen(things: Iterable[Seen]) -> Iterator[Answer]:
    for kind, data in things:
        yield {"seen": [kind, data]}


def _done(**said: object) -> Answer:
    return {"done": said}
