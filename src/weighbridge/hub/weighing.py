"""What weighing a release comes to: one answer for all of its files, out of a scan of them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from msgspec import Struct

from weighbridge.licensing.table import license_entry
from weighbridge.model.artifact import Artifact, Scan
from weighbridge.model.finding import worst
from weighbridge.model.license import Commercial
from weighbridge.model.verdict import Decision, Verdict
from weighbridge.policy.capability import CODE_CAPABLE_FORMATS

T = TypeVar("T")
_ORDER = tuple(Decision)
PERMISSIVE = frozenset({"permissive", "public-domain"})
"""Classes of the license table whose licenses ask for nothing but to be passed on with what they cover."""
PLAIN_ENDINGS: tuple[str, ...] = (
    *(".json", ".jsonl", ".md", ".txt", ".yaml", ".yml", ".csv", ".tsv", ".model", ".tiktoken", ".bpe", ".vocab"),
    *(".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".pdf", ".sig", ".sha256"),
)
"""How files end that hold no code and that people expect beside weights."""
_PLAIN_NAMES = (".gitattributes", ".gitignore", "copying", "licen", "modelfile", "notice", "readme")
"""How the names of others begin; `licen` is how two spellings of one word do."""
_MOST = 1_000
"""Names of one kind that are kept."""
_MOST_TASKS = 5
_TASK = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")
"""How tasks are named by who makes the tools: `image-text-to-text`."""


class Gap(Struct, frozen=True, kw_only=True):
    """Something that could not be read, and why."""

    path: str
    reason: str


class Weighing(Struct, frozen=True, kw_only=True):
    """All answers about one release."""

    assessment: str
    """The worst of all its artifacts and of the folder as a whole."""
    decision: str
    """The strictest verdict on loading and downloading any of them."""
    remedy: str
    """What to do next, where it is not `allow`."""
    rules: tuple[str, ...]
    """Ids of the rules that decided."""
    policy: str
    """Which policy weighed: `observe 1 (observe)`."""
    formats: tuple[str, ...]
    """Of its weights."""
    code_formats: tuple[str, ...]
    """Those of them that can carry code."""
    licenses: tuple[str, ...]
    """Concluded licenses of its weights, as ids; an empty text for weights without."""
    commercial: str
    """Whether all of it may be used commercially, ancestors included."""
    permissive: bool
    """Whether every license is known, concluded and asks for nothing but to be passed on."""
    obligations: tuple[str, ...]
    lineage: tuple[str, ...]
    """Ancestors, nearest first."""
    findings: int
    unexamined: tuple[Gap, ...]
    loose: tuple[str, ...]
    """Files that are neither part of a model nor of a kind that people expect beside one."""
    weights: tuple[str, ...]
    """SHA-256 of the files that are models: what a revocation names."""
    interrupted: bool
    tasks: tuple[str, ...] = ()
    """What its model cards say that it is for: `text-generation`."""


def weighing_of(scan: Scan, downloading: Sequence[Verdict], paths: Iterable[str]) -> Weighing:
    """Return what a scan of a release comes to.

    Args:
        scan: of the release alone; paths as in the release.
        downloading: a verdict on downloading for each artifact.
        paths: of all its files.
    """
    artifacts = scan.artifacts
    verdicts = [artifact.verdict for artifact in artifacts if artifact.verdict is not None] + list(downloading)
    strictest = max(verdicts, key=lambda one: _ORDER.index(one.decision), default=None)
    of_code = [one for one in artifacts if one.format not in ("python-code",)]
    licenses = tuple(dict.fromkeys((one.license.concluded or "") for one in of_code))
    terms = [one.license.effective for one in of_code]
    formats = tuple(sorted({one.format for one in artifacts}))
    known = {place.path.decode("utf-8", "replace") for one in artifacts for place in one.places}
    known |= {part.path.decode("utf-8", "replace") for one in artifacts for part in one.parts}
    return Weighing(
        assessment=worst(
            [*(one.assessment for one in artifacts), *(one.assessment for one in scan.repositories)]
        ).value,
        decision="" if strictest is None else strictest.decision.value,
        remedy="" if strictest is None else strictest.remedy,
        rules=tuple(
            dict.fromkeys(rule.id for one in verdicts for rule in one.rules if rule.decision is not Decision.ALLOW)
        ),
        policy=scan.policy,
        formats=formats,
        code_formats=tuple(name for name in formats if name in CODE_CAPABLE_FORMATS or name == "python-code"),
        licenses=licenses,
        commercial=_commercial(of_code).value,
        permissive=bool(of_code) and all(map(_is_permissive, of_code)),
        obligations=tuple(dict.fromkeys(duty for one in terms for duty in one.obligations))[:_MOST],
        lineage=tuple(dict.fromkeys(name for one in artifacts for name in one.lineage))[:_MOST],
        findings=sum(len(one.findings) for one in artifacts) + sum(len(one.findings) for one in scan.repositories),
        unexamined=tuple(
            Gap(path=gap.path.decode("utf-8", "replace"), reason=gap.reason) for gap in scan.unexamined[:_MOST]
        ),
        loose=tuple(sorted(path for path in paths if path not in known and not is_plain(path)))[:_MOST],
        weights=tuple(dict.fromkeys(one.sha256 for one in of_code if one.sha256 is not None)),
        interrupted=scan.interrupted,
        tasks=tuple(dict.fromkeys(task for one in of_code for task in _tasks(one)))[:_MOST_TASKS],
    )


def _tasks(artifact: Artifact) -> Iterable[str]:
    said = (fact.value for fact in artifact.facts if fact.name == "task")
    return (task for task in said if isinstance(task, str) and _TASK.fullmatch(task))


def is_plain(path: str) -> bool:
    """Tell whether a file is of a kind that people expect beside weights and that no tool runs."""
    name = path.rpartition("/")[2].lower()
    return name.endswith(PLAIN_ENDINGS) or ("." not in name[1:] and name.startswith(_PLAIN_NAMES))


def relocated(value: T, below: bytes) -> T:
    """Return a record, and all records in it, whose paths begin where the release does and not at its folder here."""
    if isinstance(value, bytes):
        moved: Any = value[len(below) + 1 :] if value.startswith(below + b"/") else b"." if value == below else value
        return moved  # type: ignore[no-any-return]
    if isinstance(value, tuple):
        parts: Any = tuple(relocated(one, below) for one in value)
        return parts  # type: ignore[no-any-return]
    if is_dataclass(value) and not isinstance(value, type):
        changed = {one.name: relocated(getattr(value, one.name), below) for one in fields(value)}
        return replace(value, **changed)
    return value


def _commercial(artifacts: Iterable[Artifact]) -> Commercial:
    order = (Commercial.ALLOWED, Commercial.CONDITIONAL, Commercial.UNKNOWN, Commercial.PROHIBITED)
    return max((one.license.commercial for one in artifacts), key=order.index, default=Commercial.UNKNOWN)


def _is_permissive(artifact: Artifact) -> bool:
    terms = artifact.license
    names = [terms.concluded, *(link.license for link in terms.effective.chain)]
    entries = [license_entry(name) if name else None for name in names]
    return (
        all(entry is not None and entry.category in PERMISSIVE for entry in entries)
        and terms.effective.commercial is Commercial.ALLOWED
        and terms.effective.production is Commercial.ALLOWED
        and not terms.effective.thresholds
        and not terms.effective.regions_excluded
        and terms.effective.use_policy in ("none", "law-only")
    )
