"""What a process's listeners say of it: product, interface, what others can reach.

In: processes as seen, their sockets, who answers there. Out: processes with listeners, product and findings.
"""

import os
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from weighbridge.checks.assess import judge
from weighbridge.checks.check import Subject
from weighbridge.discover.listeners import Servers, SocketOwner, described
from weighbridge.discover.process_view import ProcessView
from weighbridge.discover.runtime_identity import RuntimeIdentity
from weighbridge.discover.server_observations import server_observations
from weighbridge.discover.server_rules import server_rules
from weighbridge.host.live import SocketListener
from weighbridge.model.finding import Finding, Severity
from weighbridge.model.observation import Observation
from weighbridge.model.running import RunningProcess
from weighbridge.pipeline.running_listeners import listener_of

_SEVERITIES = tuple(Severity)


def socket_owners(
    views: Mapping[int, ProcessView], products: Mapping[int, RuntimeIdentity], with_weights: Container[int]
) -> dict[int, SocketOwner]:
    """Return what is known of every process that might listen."""
    return {
        pid: SocketOwner(
            pid=pid,
            started=view.entry.started,
            parent=view.entry.parent,
            user=view.entry.user,
            program=os.fsdecode(os.path.basename(view.executable)) if view.executable is not None else None,
            identity=products.get(pid, RuntimeIdentity()),
            has_weights=pid in with_weights,
        )
        for pid, view in views.items()
    }


def serving(servers: Servers) -> set[int]:
    """Return the processes that answer as a server of models."""
    return {
        pid
        for pid, sockets in servers.by_process.items()
        if any(one and (one.product or one.api) for one in map(servers.identities.get, sockets))
    }


def models_by_path(servers: Servers, pid: int) -> list[bytes]:
    """Return the paths that a process's server calls its models; other names may be of models that it only offers."""
    identities = map(servers.identities.get, servers.by_process.get(pid, ()))
    names = (name for identity in identities if identity is not None for name in identity.models)
    return [os.fsencode(name) for name in dict.fromkeys(names) if name.startswith("/")]


def with_servers(process: RunningProcess, sockets: Sequence[SocketListener], servers: Servers) -> RunningProcess:
    """Return a process with its listeners, and with what they say of it."""
    asked = [(described(listener_of(one), servers.identities.get(one)), servers.identities.get(one)) for one in sockets]
    told = next((identity for _, identity in asked if identity is not None and identity.product), None)
    runtime, reasons = process.runtime, process.runtime_reasons
    program = os.fsdecode(os.path.basename(process.executable or b""))
    if runtime is None and told is not None and not told.passed_on and program not in server_rules().forwarders:
        runtime, reasons = told.product, told.identified_by
    words = tuple(map(os.fsdecode, process.command_line))
    observations = [*server_observations(runtime, words, asked)]
    silent = [
        f"what {one.address}{f':{one.port}' if one.port else ''} serves: {who.silence}"
        for one, who in asked
        if who is not None and who.silence is not None
    ]
    return replace(
        process,
        runtime=runtime,
        runtime_reasons=reasons,
        listeners=tuple(listener for listener, _ in asked),
        findings=(*process.findings, *judged(observations, process)),
        not_visible=(*process.not_visible, *silent[:4]),
    )


def judged(observations: Sequence[Observation], process: RunningProcess) -> list[Finding]:
    """Return the findings on a process, the most severe first."""
    if not observations:
        return []
    from weighbridge.checks.registry import CHECKS  # most processes give nothing to judge

    findings = judge(observations, Subject(format="process", name=f"{process.name} (pid {process.pid})"), CHECKS)
    return sorted(findings, key=lambda finding: -_SEVERITIES.index(finding.severity))
