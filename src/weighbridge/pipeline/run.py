"""The flow, top to bottom. This file names the stages and holds no rules of its own."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from weighbridge.host.interrupt import Interrupts
from weighbridge.host.machine import Digests, Machine
from weighbridge.model.artifact import Repository, Scan
from weighbridge.model.events import Listener, silent
from weighbridge.pipeline.ancestry import Ancestry, NotCompared, measure_ancestry, with_ancestry
from weighbridge.pipeline.assemble import assemble
from weighbridge.pipeline.digests import measure
from weighbridge.pipeline.layer_parts import find_layer_parts
from weighbridge.pipeline.licenses import license_artifacts
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.parts import find_parts
from weighbridge.pipeline.policies import load_policy
from weighbridge.pipeline.repositories import judge_repositories
from weighbridge.pipeline.sight import Seen, see
from weighbridge.policy.weigh import Circumstances, weigh_all

if TYPE_CHECKING:
    from weighbridge.pipeline.cache import Cache


def scan(
    machine: Machine,
    options: Options,
    listener: Listener = silent,
    interrupts: Interrupts | None = None,
    seen: Seen | None = None,
) -> Scan:
    """Weigh everything under `options.roots`, or the whole machine; `seen` gets what the pass over the files gave.

    Ctrl-C, as `interrupts` passes it on, cuts the long stages short; the result is correct for what was seen and says
    that it is partial.
    Raises `WeighbridgeError` if the policy cannot be used; nothing that is found on the machine raises.
    """
    policy = load_policy(machine, options.policy)
    cache = _memory(machine, options)

    # discover, identify, inspect
    interrupts = interrupts or Interrupts()
    seen = seen if seen is not None else Seen()
    repositories: list[Repository] = []
    digests: dict[bytes, Digests] = {}
    _cut_short(interrupts, seen, lambda: see(machine, options, cache, listener, seen))
    _cut_short(interrupts, seen, lambda: judge_repositories(machine, options, cache, seen, repositories))
    for sighting in seen.sightings.values():
        find_parts(machine, sighting)
    find_layer_parts(machine, options.roots, seen.sightings)
    if options.digest:
        _cut_short(interrupts, seen, lambda: measure(machine, options, cache, seen, listener, digests))
    if cache is not None:
        cache.close()
    found = assemble(seen.sightings.values(), digests)

    # lineage
    ancestry: Ancestry = {}
    not_compared: NotCompared = {}
    _cut_short(interrupts, seen, lambda: measure_ancestry(machine, found, ancestry, seen.unexamined, not_compared))
    artifacts = with_ancestry(found, ancestry, not_compared)

    # license
    artifacts = license_artifacts(machine, options.roots, artifacts, tuple(seen.sightings.values()), repositories)

    # weigh
    today = Circumstances(day=machine.now().date())
    verdicts = weigh_all(artifacts, policy, options.action, circumstances=today, repositories=repositories)
    artifacts = tuple(replace(artifact, verdict=verdict) for artifact, verdict in zip(artifacts, verdicts, strict=True))
    return Scan(
        artifacts=artifacts,
        repositories=tuple(repositories),
        unexamined=tuple(seen.unexamined),
        files_seen=seen.tally.files,
        bytes_seen=seen.tally.size,
        interrupted=seen.interrupted,
        policy=policy.words,
        stale=policy.stale_words,
    )


def _memory(machine: Machine, options: Options) -> "Cache | None":
    if not options.cache:
        return None
    from weighbridge.pipeline.cache import open_cache  # with SQLite, which a scan without a memory does not need

    return open_cache(machine)


def _cut_short(interrupts: Interrupts, seen: Seen, stage: Callable[[], object]) -> None:
    """Run a stage that keeps its results correct at any moment, until it is done or cut; nothing after a cut."""
    if seen.interrupted:
        return
    try:
        interrupts.allow()
        stage()
        interrupts.hold()
    except KeyboardInterrupt:
        seen.interrupted = True
    finally:
        interrupts.hold()
