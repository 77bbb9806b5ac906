"""What tells one situation of a model from another, for the policies that weigh it. Values in, values out.

Twenty thousand models at a million places are a few hundred situations to a policy that asks about format, license and
source alone. So whatever no rule asks about is left out before anything is compared.
"""

from collections.abc import Sequence
from typing import NamedTuple

from weighbridge.model.artifact import Artifact
from weighbridge.model.finding import Assessment, Severity
from weighbridge.model.license import Commercial
from weighbridge.model.place import Place
from weighbridge.policy.attributes import artifact_attributes
from weighbridge.policy.capability import CODE_CHECKS
from weighbridge.policy.policy import Policy
from weighbridge.policy.settings import Settings
from weighbridge.policy.vocabulary import Value

KNOWN = frozenset(
    {
        "accepted",
        "assessment",
        "checks",
        "code_capable",
        "digest.sha256",
        "digest.status",
        "findings",
        "format",
        "in_archive",
        "license.concluded",
        "license.effective.commercial",
        "production",
        "publishers",
        "runs_code",
        "severity",
        "severity_rank",
        "size",
        "source.accepted",
        "source.known",
        "stores",
    }
)
"""Attributes of artifacts that the fleet has."""
_OF_FINDINGS = ("checks", "findings", "runs_code", "severity", "severity_rank")
_SEVERITIES = tuple(str(one) for one in Severity)
_ASSESSMENTS = frozenset(map(str, Assessment))
_COMMERCIAL = frozenset(map(str, Commercial))
_SOME_DIGEST = "0" * 64
"""Stands for every measured digest that no rule names."""


class Facts(NamedTuple):
    """What the fleet knows of an artifact."""

    format: str = ""
    size: int = 0
    assessment: str = ""
    license: str = ""
    commercial: str = ""


Found = tuple[tuple[str, str], ...]
"""Check and severity of each finding on an artifact."""
UNKNOWN = Facts()


class Situation(NamedTuple):
    """A model at a place, as far as policies look at it."""

    digest: str
    claimed: bool
    facts: Facts
    found: Found
    store: str | None
    store_name: str | None
    inside: tuple[str, ...]
    """Folders that policies name and that it lies in."""
    in_archive: bool


class Lens:
    """What some policies look at.

    Args:
        policies: which.
        accepted: digests that any of them accepts.
    """

    def __init__(self, policies: Sequence[Policy], accepted: frozenset[str]) -> None:
        self._accepted = accepted
        asked = {
            path
            for policy in policies
            for rule in policy.rules
            for variable, path in rule.attributes
            if variable == "resource"
        }
        self._digest = _is_asked("digest.sha256", asked)
        self._facts = (
            _is_asked("format", asked) or _is_asked("code_capable", asked),
            _is_asked("size", asked),
            _is_asked("assessment", asked),
            _is_asked("license.concluded", asked),
            _is_asked("license.effective.commercial", asked),
        )
        self._found = any(_is_asked(one, asked) for one in _OF_FINDINGS)
        sources = [source for policy in policies for source in policy.settings.sources]
        self._owner = _is_asked("publishers", asked) or any({*one.publishers} - {"*"} for one in sources)
        folders = sorted(
            {
                *(folder for policy in policies for folder in policy.settings.production_paths),
                *(source.path for source in sources if source.path is not None),
            }
        )
        self._outer = [(folder, _normal(folder).rstrip("/")) for folder in folders]
        self._prefixes = tuple(outer for _, outer in self._outer)

    def shown(self, facts: Facts) -> Facts:
        """Return what is looked at of an artifact's facts."""
        values = (value if asked else plain for value, plain, asked in zip(facts, UNKNOWN, self._facts, strict=True))
        return Facts(*values)  # type: ignore[arg-type]  # each of its own type

    def inside(self, path: str) -> tuple[str, ...]:
        """Return the folders that policies name and that a path lies in."""
        normal = _normal(path)
        if not normal.startswith(self._prefixes):
            return ()
        return tuple([folder for folder, outer in self._outer if _is_below(normal, outer)])

    def situation(
        self,
        artifact: str,
        facts: Facts,
        found: Found,
        path: str,
        member: str | None = None,
        store: str | None = None,
        store_name: str | None = None,
    ) -> Situation:
        """Return a model at a place as far as it is looked at.

        Args:
            artifact: digest, `claimed:` before one that was not measured.
            facts: of it, as `shown`.
            found: findings on it.
            path: where it lies.
            member: where in an archive.
            store: id of the store that holds it.
            store_name: what it is called there, `org/name@revision`.
        """
        claimed = artifact.startswith("claimed:")
        digest = artifact[8:] if claimed else artifact
        owner, slash, _ = (store_name or "").partition("/")
        return Situation(
            digest if self._digest or digest in self._accepted else _SOME_DIGEST,
            claimed,
            facts,
            found if self._found else (),
            store,
            (f"{owner if self._owner else '-'}/-" if slash else "-") if store_name else None,
            self.inside(path),
            member is not None,
        )


def attributes_of(situation: Situation, settings: Settings, accepted: frozenset[str]) -> dict[str, Value]:
    """Return the attributes of a model as a policy asks for them.

    Args:
        situation: the model at its place.
        settings: of the policy.
        accepted: digests that it accepts now.
    """
    facts, digest = situation.facts, situation.digest
    # One place for each folder that it lies in: it is in production, or from a source, if any place of it is.
    places = tuple(
        Place(
            path=f"{folder.rstrip('/')}/-".encode("utf-8", "replace") if folder else b"-",
            member="-" if situation.in_archive else None,
            store=situation.store,
            store_name=situation.store_name,
        )
        for folder in (situation.inside or ("",))
    )
    values: dict[str, Value] = artifact_attributes(
        Artifact(
            format=facts.format,
            size=facts.size,
            places=places,
            assessment=Assessment(facts.assessment) if facts.assessment in _ASSESSMENTS else Assessment.INCOMPLETE,
            sha256=None if situation.claimed else digest,
            claimed_sha256=digest if situation.claimed else None,
        ),
        settings,
        accepted,
    )
    checks = sorted({check for check, _ in situation.found})
    worst = max((_SEVERITIES.index(one) for _, one in situation.found if one in _SEVERITIES), default=-1)
    commercial = facts.commercial if facts.commercial in _COMMERCIAL else str(Commercial.UNKNOWN)
    return values | {
        "license.concluded": (facts.license or "unknown").lower(),
        "license.effective.commercial": commercial,
        "checks": tuple(checks),
        "findings": len(situation.found),
        "runs_code": not CODE_CHECKS.isdisjoint(checks),
        "severity": "none" if worst < 0 else _SEVERITIES[worst],
        "severity_rank": worst + 1,
    }


def _normal(path: str) -> str:
    return path.replace("\\", "/")


def _is_below(path: str, folder: str) -> bool:
    return path.startswith(folder) and (len(path) == len(folder) or path[len(folder)] == "/")


def _is_asked(path: str, asked: set[str]) -> bool:
    """Tell whether a rule asks about an attribute, or about a record around it."""
    steps = path.split(".")
    return any(".".join(steps[:length]) in asked for length in range(1, len(steps) + 1))
