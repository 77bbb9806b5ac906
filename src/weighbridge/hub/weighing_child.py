"""What happens in the confined process that looks into a release: a scan, a bill of materials, one answer.

Request and answer are JSON: which folder, which policy and when; the `Weighing`, the report `json-v1` and CycloneDX.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
from msgspec import Raw, Struct

from weighbridge import __version__
from weighbridge.formats.go_template import LONGEST
from weighbridge.host.machine import IsolationError
from weighbridge.host.real import RealMachine
from weighbridge.hub import ollama_files
from weighbridge.hub.weighing import Weighing, relocated, weighing_of
from weighbridge.model.artifact import Scan
from weighbridge.model.source import LimitReached
from weighbridge.model.verdict import Verdict
from weighbridge.pipeline.options import Options
from weighbridge.pipeline.policies import load_policy
from weighbridge.pipeline.run import scan
from weighbridge.policy.weigh import Circumstances, weigh_all
from weighbridge.report.registry import renderer
from weighbridge.report.renderer import Context

_PARSERS = ("jinja", "python")
_MACHINE = RealMachine()


class Asked(Struct, frozen=True, kw_only=True):
    """What to weigh."""

    folder: str
    """Absolute; holds the files of the release at their paths."""
    name: str
    """What the release is called in its bill of materials."""
    policy: str
    """A pack, or the path of a policy's folder."""
    store: str
    """Where it came from, as policies know stores: `huggingface`, or `hub` for what was uploaded here."""
    store_name: str
    """What it is called there: `namespace/name@commit`."""
    at: int
    """Milliseconds since 1970, UTC."""


class Answered(Struct, frozen=True, kw_only=True):
    """What came of it."""

    weighing: Weighing
    report: Raw
    """`json-v1`."""
    bom: Raw
    """CycloneDX."""
    rules: str
    """Which version of Weighbridge and of the policy weighed."""


def prepare() -> None:
    """Start what can no longer be started once the rights are given up, and load what may load other things."""
    for parser in _PARSERS:
        try:
            _MACHINE.isolated(parser, b"")
        except IsolationError:
            continue  # it answers that there is nothing to parse; what matters is that it runs
    load_policy(_MACHINE, "observe")
    for name in ("json", "cyclonedx"):
        renderer(name)


def main(request: bytes) -> bytes:
    """Weigh. Raises WeighbridgeError if the policy cannot be used."""
    asked = msgspec.json.decode(request, type=Asked)
    root = os.fsencode(asked.folder)
    at = datetime.fromtimestamp(asked.at / 1000, UTC)
    found = scan(_MACHINE, Options(roots=(root,), policy=asked.policy, cache=False))
    moved, downloading = _weighed(asked, relocated(found, root), Circumstances(day=at.date()))
    paths = [
        os.path.relpath(os.path.join(folder, name), asked.folder).replace(os.sep, "/")
        for folder, _, names in os.walk(asked.folder)
        for name in names
    ]
    context = Context(
        version=__version__,
        machine=asked.name,
        roots=(".",),
        finished_at=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        policy=moved.policy,
        persona="auditor",
    )
    answer = Answered(
        weighing=weighing_of(moved, downloading, [path for path in paths if not _is_known(asked.folder, path)]),
        report=Raw(renderer("json").render(moved, context).encode()),
        bom=Raw(renderer("cyclonedx").render(moved, context).encode()),
        rules=f"weighbridge {__version__}, {moved.policy}",
    )
    return msgspec.json.encode(answer)


def _is_known(folder: str, path: str) -> bool:
    """Tell whether a file is one of those without an ending that Ollama keeps beside weights, and is as they are."""
    if not ollama_files.kind_of(path):
        return False
    try:
        content = _MACHINE.read_file(os.fsencode(os.path.join(folder, path)), LONGEST)
    except LimitReached:
        return False
    return ollama_files.is_known(path, content)


def _weighed(asked: Asked, found: Scan, today: Circumstances) -> tuple[Scan, list[Verdict]]:
    """Return the scan with verdicts on loading that know where it came from, and those on downloading it."""
    policy = load_policy(_MACHINE, asked.policy)
    known = tuple(
        replace(one, places=tuple(replace(at, store=asked.store, store_name=asked.store_name) for at in one.places))
        for one in found.artifacts
    )
    loading, downloading = (
        weigh_all(known, policy, action, circumstances=today, repositories=found.repositories)
        for action in ("load", "download")
    )
    judged = tuple(replace(one, verdict=verdict) for one, verdict in zip(known, loading, strict=True))
    return replace(found, artifacts=judged), downloading
