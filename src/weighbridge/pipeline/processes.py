"""What runs at this moment, top to bottom. This file names the steps and holds no rules of its own."""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from weighbridge.discover.accelerators import uses
from weighbridge.discover.actor import Actors
from weighbridge.discover.environment_keys import environment_keys
from weighbridge.discover.file_readers import is_reader, is_same_program, program_inode
from weighbridge.discover.fingerprint import fingerprints
from weighbridge.discover.found_weights import Held
from weighbridge.discover.listeners import ServerProbe
from weighbridge.discover.masking import masked_words
from weighbridge.discover.network_state import network_state
from weighbridge.discover.permission_modes import autonomous_agents
from weighbridge.discover.process_view import NEEDS, ProcessView, look
from weighbridge.discover.running_weights import RunningWeightsProbe
from weighbridge.discover.runtime_identity import RuntimeIdentity
from weighbridge.host.live import Live
from weighbridge.host.machine import Machine
from weighbridge.model.artifact import Artifact
from weighbridge.model.events import Listener as Follower
from weighbridge.model.events import silent
from weighbridge.model.network_state import NetworkState
from weighbridge.model.running import AcceleratorUse, RunningProcess, Snapshot
from weighbridge.pipeline.believed import believed
from weighbridge.pipeline.held_memory import HeldMemory
from weighbridge.pipeline.licenses import license_artifacts
from weighbridge.pipeline.running_actors import topmost, with_actor
from weighbridge.pipeline.running_listeners import SocketOwners
from weighbridge.pipeline.running_load import only_draws, with_load
from weighbridge.pipeline.running_products import Products
from weighbridge.pipeline.running_reads import Reads
from weighbridge.pipeline.running_servers import models_by_path, serving, socket_owners, with_servers
from weighbridge.pipeline.running_verdicts import process_verdict
from weighbridge.pipeline.weights_files import WeightsFiles
from weighbridge.policy.policy import Policy
from weighbridge.policy.weigh import Circumstances
from weighbridge.report.words import counted

if TYPE_CHECKING:
    from weighbridge.pipeline.cache import Cache

_ORDER = tuple(NEEDS)
_MOST_LICENSED = 1_000
"""Artifacts whose terms are remembered."""


class Processes:
    """Takes snapshots of what runs; each is the cheaper for the one before.

    Args:
        machine: files, clock and memory of the machine.
        live: its running side.
        policy: what weighs.
        cache: the memory of scans; None to know nothing and keep nothing.
        seconds: how long one snapshot may hash what was never hashed; None for as long as it takes.
        follower: is told of the hashing.
    """

    def __init__(
        self,
        machine: Machine,
        live: Live,
        policy: Policy,
        cache: "Cache | None" = None,
        *,
        seconds: float | None = 3.0,
        follower: Follower = silent,
    ) -> None:
        self._machine = machine
        self._live = live
        self._policy = policy
        self._files = WeightsFiles(machine, cache, seconds, follower)
        memory = HeldMemory(cache, live.boot_id()) if cache is not None else None
        self._weights = RunningWeightsProbe(machine, live, self._files, memory)
        self._reads = Reads(live, cache)
        self._owners = SocketOwners(live)
        self._servers = ServerProbe(live, machine.monotonic)
        self._views: dict[int, ProcessView] = {}
        self._actors = Actors(live, {}, autonomous_agents(machine))
        self._fingerprints = fingerprints(machine)
        self._samples = live.accelerators()[0]
        self._products = Products()
        self._licensed: dict[tuple[object, ...], Artifact] = {}

    def weigh_by(self, policy: Policy) -> None:
        """Weigh by another policy from now on; what is known of processes and weights stays known."""
        self._policy = policy

    def snapshot(self, hash_seconds: float | None = None) -> Snapshot:
        """Return what runs now. Raises nothing that a process could cause.

        Args:
            hash_seconds: how long this one may hash, where it is not `seconds`.
        """
        live = self._live
        # processes
        self._views = look(live, self._views)

        # weights
        self._files.begin(hash_seconds)
        weights = self._weights.find(self._views, own=frozenset({live.own_pid}))

        # listeners
        sockets, unowned = self._owners.by_process()
        sockets.pop(live.own_pid, None)

        # runtime
        products, agents = self._products.find(self._views)
        servers = self._servers.find(sockets, unowned, socket_owners(self._views, products, weights))

        # accelerators
        samples, missed = live.accelerators()
        load, device_load = uses(self._samples, samples)
        self._samples = samples

        runs_models = {*load, *serving(servers), *(pid for pid, one in products.items() if _runs_models(one))}
        weights = believed(weights, self._views, runs_models, self._readers(weights))
        computes = {pid for pid, one in products.items() if one.computes} - weights.keys() - {live.own_pid}
        weights |= self._reads.find(runs_models - weights.keys(), self._views, load, computes)

        # actor, network, findings, verdict
        found = []
        networks: dict[int, NetworkState] = {}
        self._actors.follow(self._views)
        running = {pid for pid, one in products.items() if one.runs_models}
        shown = ({*weights, *load, *running, *serving(servers), *topmost(agents, self._views)} & self._views.keys()) - {
            live.own_pid
        }
        keys = environment_keys(live, sorted(shown), self._fingerprints, agents)
        for pid in sorted(shown):
            held = self._weights.served(self._views[pid], weights.get(pid, ()), models_by_path(servers, pid))
            try:
                process = _process(
                    live,
                    self._views[pid],
                    held,
                    products.get(pid, RuntimeIdentity()),
                    load.get(pid, ()),
                )
            except ProcessLookupError:
                continue  # it ended while we looked, so it is not what runs now
            process = with_servers(process, servers.by_process.get(pid, ()), servers)
            process = with_actor(process, self._actors, keys.get(pid, ()))
            process = with_load(replace(process, network=self._network(self._views[pid], networks)))
            if not only_draws(process):
                found.append(self._weighed(process, held))
        return Snapshot(
            taken_at=self._machine.now().isoformat(timespec="seconds").replace("+00:00", "Z"),
            network=network_state(live, self._policy.settings.corporate_networks),
            processes=tuple(found),
            device_load=device_load,
            processes_seen=len(self._views),
            not_visible=(*live.blind_spots(), *_hidden(self._views.values()), *missed, *servers.not_visible),
        )

    def _readers(self, pids: Iterable[int]) -> set[int]:
        """Return who reads files of any kind, by programs that are this machine's: a namespace may show others."""
        own = self._views.get(self._live.own_pid)
        found = set()
        for view in map(self._views.__getitem__, pids):
            if is_same_program(view, own):
                found.add(view.pid)
            elif is_reader(view) and view.executable is not None:
                try:
                    if self._machine.stat(view.executable).st_ino == program_inode(view):
                        found.add(view.pid)
                except (OSError, ValueError):
                    continue
        return found

    def _network(self, view: ProcessView, known: dict[int, NetworkState]) -> NetworkState:
        """Return how far a process reaches; processes of one namespace reach as far as each other."""
        try:
            namespace = self._live.network_namespace(view.pid)
        except (OSError, NotImplementedError):
            namespace = 0
        if not namespace or namespace not in known:
            known[namespace] = network_state(self._live, self._policy.settings.corporate_networks, view.pid)
        return known[namespace]

    def _weighed(self, process: RunningProcess, weights: Iterable[Held]) -> RunningProcess:
        artifacts = [artifact for held in weights if (artifact := self._artifact(held)) is not None]
        circumstances = Circumstances(day=self._machine.now().date())
        return replace(process, verdict=process_verdict(process, artifacts, self._policy, circumstances))

    def _artifact(self, held: Held) -> Artifact | None:
        """Return what is known of the weights as a scan would say it; license terms are concluded once."""
        artifact, sighting = self._files.artifact(held.version), self._files.sighting(held.version)
        if artifact is None or sighting is None:
            return None
        key = (held.version, artifact.sha256)
        if key not in self._licensed:
            if len(self._licensed) > _MOST_LICENSED:
                self._licensed.clear()
            (self._licensed[key],) = license_artifacts(self._machine, (), (artifact,), (sighting,), ())
        return self._licensed[key]


def snapshot(machine: Machine, live: Live, policy: Policy, cache: "Cache | None" = None) -> Snapshot:
    """Return what runs now, once."""
    return Processes(machine, live, policy, cache).snapshot()


def _runs_models(product: RuntimeIdentity) -> bool:
    return product.runtime is not None or product.inference_library is not None


def _process(
    live: Live,
    view: ProcessView,
    weights: Iterable[Held],
    product: RuntimeIdentity,
    load: tuple[AcceleratorUse, ...],
) -> RunningProcess:
    entry = view.entry
    return RunningProcess(
        pid=entry.pid,
        started=entry.started,
        name=entry.name.decode("utf-8", "backslashreplace"),
        executable=view.executable,
        command_line=tuple(map(os.fsencode, masked_words([*map(os.fsdecode, view.command_line)]))),
        user=live.user_name(entry.user) if entry.user is not None else None,
        parent=entry.parent,
        runtime=product.runtime,
        runtime_reasons=product.reasons,
        served_for=product.served_for,
        container=view.ask("container", live.container),
        weights=tuple(held.weights for held in weights),
        accelerators=load,
        resident_bytes=entry.resident_bytes,
        not_visible=view.shortcomings(),
    )


def _hidden(views: Iterable[ProcessView]) -> list[str]:
    """Return what was not visible of how many processes."""
    counts = Counter(reason for view in views for reason in view.not_visible.items())
    ordered = sorted(counts.items(), key=lambda item: _ORDER.index(item[0][0]))
    return [f"{what} of {counted(count, 'process', 'processes')}: {why}" for (what, why), count in ordered]
