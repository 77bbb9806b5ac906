"""`weighbridge.ps/1`: what runs, for programs. Fields are added within version 1, never renamed or removed."""

from typing import Any

from weighbridge.model.actor import Actor
from weighbridge.model.network_state import NetworkState
from weighbridge.model.running import AcceleratorUse, Listener, RunningProcess, RunningWeights, Snapshot
from weighbridge.report.indented import indented
from weighbridge.report.json_v1 import finding_document, path_document, plain_text, verdict_document
from weighbridge.report.renderer import Context

SCHEMA = "weighbridge.ps/1"


def render(snapshot: Snapshot, context: Context) -> str:
    """Return the whole document as text ending in a newline."""
    return indented(document(snapshot, context)) + "\n"


def document(snapshot: Snapshot, context: Context) -> dict[str, Any]:
    """Return a snapshot as plain values."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "weighbridge", "version": context.version},
        "machine": plain_text(context.machine),
        "taken_at": snapshot.taken_at,
        "policy": plain_text(context.policy),
        "network": _network(snapshot.network),
        "processes": [process_document(process) for process in snapshot.processes],
        "device_load": [_accelerator(use) for use in snapshot.device_load],
        "processes_seen": snapshot.processes_seen,
        "not_visible": [plain_text(reason) for reason in snapshot.not_visible],
    }


def process_document(process: RunningProcess) -> dict[str, Any]:
    """Return one process as plain values."""
    program = process.executable
    return {
        "pid": process.pid,
        "started": process.started,
        "name": plain_text(process.name),
        "executable": None if program is None else plain_text(path_document(program)["path"]),
        "command_line": [plain_text(word.decode("utf-8", "backslashreplace")) for word in process.command_line],
        "user": None if process.user is None else plain_text(process.user),
        "parent": process.parent,
        "runtime": process.runtime,
        "runtime_reasons": [plain_text(reason) for reason in process.runtime_reasons],
        "served_for": process.served_for,
        "container": process.container,
        "weights": [_weights(weights) for weights in process.weights],
        "listeners": [_listener(listener) for listener in process.listeners],
        "accelerators": [_accelerator(use) for use in process.accelerators],
        "actor": _actor(process.actor),
        "network": _network(process.network),
        "resident_bytes": process.resident_bytes,
        "findings": [finding_document(finding) for finding in process.findings],
        "verdict": None if process.verdict is None else verdict_document(process.verdict),
        "not_visible": [plain_text(reason) for reason in process.not_visible],
    }


def _weights(weights: RunningWeights) -> dict[str, Any]:
    return {
        "sha256": weights.sha256,
        "claimed_sha256": weights.claimed_sha256,
        **({"path": None} if weights.path is None else path_document(weights.path)),
        "evidence": [kind.value for kind in weights.evidence],
        "size": weights.size,
        "format": weights.format,
        "name": None if weights.name is None else plain_text(weights.name),
        "deleted": weights.deleted,
        "replaced": weights.replaced,
    }


def _listener(listener: Listener) -> dict[str, Any]:
    return {
        "transport": listener.transport,
        "address": plain_text(listener.address),
        "port": listener.port,
        "exposed": listener.exposed,
        "product": listener.product,
        "identified_by": [plain_text(reason) for reason in listener.identified_by],
        "api": listener.api,
        "models": [plain_text(name) for name in listener.models],
        "authenticated": listener.authenticated,
    }


def _accelerator(use: AcceleratorUse) -> dict[str, Any]:
    return {
        "accelerator": plain_text(use.accelerator),
        "title": plain_text(use.title),
        "scope": use.scope,
        "window_seconds": use.window_seconds,
        "quality": use.quality,
        "source": use.source,
        "engine": use.engine,
        "busy": use.busy,
        "memory_bytes": use.memory_bytes,
    }


def _actor(actor: Actor) -> dict[str, Any]:
    return {
        "kind": actor.kind.value,
        "reasons": [plain_text(reason) for reason in actor.reasons],
        "agent": actor.agent,
        "session": actor.session,
        "autonomous": actor.autonomous,
    }


def _network(network: NetworkState) -> dict[str, Any]:
    return {
        "connectivity": network.connectivity.value,
        "reasons": [plain_text(reason) for reason in network.reasons],
    }
