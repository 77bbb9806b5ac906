"""The flow, top to bottom. This file names the stages and holds no rules of its own."""

from dataclasses import replace

from weighbridge.host.machine import Digests, Machine
from weighbridge.licensing.ancestry import ancestors
from weighbridge.licensing.evidence import terms
from weighbridge.model.artifact import Artifact, Scan
from weighbridge.model.events import Listener, silent
from weighbridge.pipeline.assemble import assemble
from weighbridge.pipeline.cache import open_cache
from weighbridge.pipeline.digests import measure
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.parts import find_parts
from weighbridge.pipeline.policies import load_policy
from weighbridge.pipeline.repositories import judge_repositories
from weighbridge.pipeline.sight import see
from weighbridge.policy.weigh import Circumstances, weigh_all


def scan(machine: Machine, options: Options, listener: Listener = silent) -> Scan:
    """Weigh everything under `options.roots`, or the whole machine.

    Ctrl-C ends the stage at hand; the result is correct for what was seen and says that it is partial.
    Raises `WeighbridgeError` if the policy cannot be used; nothing that is found on the machine raises.
    """
    policy = load_policy(machine, options.policy)
    cache = open_cache(machine)

    # discover, identify, inspect
    seen = see(machine, options, cache, listener)
    repositories = judge_repositories(machine, options, cache, seen)
    for sighting in seen.sightings.values():
        find_parts(machine, sighting)
    digests: dict[bytes, Digests] = {}
    if options.digest and not seen.interrupted:
        digests = measure(machine, options, cache, seen, listener)
    cache.close()
    artifacts = assemble(seen.sightings.values(), digests)

    # license
    artifacts = tuple(_licensed(artifact) for artifact in artifacts)

    # weigh
    today = Circumstances(day=machine.now().date())
    verdicts = weigh_all(artifacts, policy, options.action, circumstances=today, repositories=repositories)
    artifacts = tuple(replace(artifact, verdict=verdict) for artifact, verdict in zip(artifacts, verdicts, strict=True))
    return Scan(
        artifacts=artifacts,
        repositories=repositories,
        unexamined=tuple(seen.unexamined),
        files_seen=seen.tally.files,
        bytes_seen=seen.tally.size,
        interrupted=seen.interrupted,
    )


def _licensed(artifact: Artifact) -> Artifact:
    return replace(artifact, license=terms(artifact.facts), lineage=ancestors(artifact.facts))
