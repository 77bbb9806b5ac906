"""The license stage: texts, own conclusions, then what ancestors add, for every artifact of a scan.

An artifact without a word about its license, without texts and ancestors, costs next to nothing: the table and the text
index load with the first one that has some.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from weighbridge.host.machine import Machine
from weighbridge.licensing.own_names import is_generic, own_names
from weighbridge.lineage.declared import with_declared
from weighbridge.model.ancestry import Ancestor
from weighbridge.model.artifact import Artifact, Repository
from weighbridge.model.fact import Fact
from weighbridge.model.finding import Finding
from weighbridge.model.license import ChainLink, Commercial, EffectiveTerms, LicenseTerms
from weighbridge.model.observation import Observation
from weighbridge.model.place import display
from weighbridge.pipeline.assemble import Sighting
from weighbridge.pipeline.license_texts import Belonging, Identify, Texts

if TYPE_CHECKING:
    from weighbridge.licensing.conclude import Conclusion
    from weighbridge.licensing.effective import Known

_SAYS = frozenset({"license", "license.limit", "license.link", "license.name", "license.spdx", "license.text"})
NOTHING = LicenseTerms(
    reasons=("Nothing declares a license.",),
    effective=EffectiveTerms(
        use_policy="unknown",
        chain=(
            ChainLink(
                name="this artifact",
                license=None,
                commercial=Commercial.UNKNOWN,
                grade="measured",
                source="nothing names a license",
            ),
        ),
        decided_by="this artifact",
    ),
)
"""Of an artifact that nobody says anything about."""


def license_artifacts(
    machine: Machine,
    roots: Sequence[bytes],
    artifacts: Sequence[Artifact],
    sightings: Sequence[Sighting],
    repositories: Sequence[Repository],
    identify: Identify | None = None,
) -> tuple[Artifact, ...]:
    """Return `artifacts` with license terms, names of ancestors and findings about terms.

    Args:
        machine: where texts are read.
        roots: what the run looks at.
        artifacts: complete but for license and verdict; `ancestry` may be filled already.
        sightings: what the artifacts were made of, and the texts beside them.
        repositories: folders that are loaded as a whole.
        identify: see `Texts`.
    """
    texts = Texts(machine, roots, sightings, artifacts, repositories, identify)
    belongings = [texts.of(artifact) for artifact in artifacts]
    ancestries = [
        with_declared(artifact.ancestry, (*artifact.facts, *belonging.facts))
        for artifact, belonging in zip(artifacts, belongings, strict=True)
    ]
    names = [_names(artifact) for artifact in artifacts]
    said = [
        _says_something(artifact, ancestry, belonging, called)
        for artifact, ancestry, belonging, called in zip(artifacts, ancestries, belongings, names, strict=True)
    ]
    if not any(said):
        return tuple(replace(artifact, license=NOTHING) for artifact in artifacts)
    from weighbridge.licensing.evidence import own_conclusion, terms  # with the license table

    conclusions = [
        own_conclusion((*artifact.facts, *belonging.facts), belonging.texts, called, belonging.shared) if says else None
        for artifact, belonging, called, says in zip(artifacts, belongings, names, said, strict=True)
    ]
    here = _Here(artifacts, conclusions, ancestries)
    done = []
    for at, artifact in enumerate(artifacts):
        conclusion, ancestry, belonging = conclusions[at], ancestries[at], belongings[at]
        if conclusion is None:
            done.append(replace(artifact, license=NOTHING))
            continue
        found, observations = terms(
            (*artifact.facts, *belonging.facts),
            belonging.texts,
            ancestry,
            here.of,
            names=names[at],
            conclusion=conclusion,
        )
        done.append(
            replace(
                artifact,
                license=found,
                ancestry=ancestry,
                lineage=tuple(dict.fromkeys(one.name for one in ancestry)),
                findings=(*artifact.findings, *_judged(observations, artifact)),
            )
        )
    return tuple(done)


class _Here:
    """Finds an ancestor among the artifacts of the same scan, by digest, name or path."""

    def __init__(
        self,
        artifacts: Sequence[Artifact],
        conclusions: Sequence["Conclusion | None"],
        ancestries: Sequence[tuple[Ancestor, ...]],
    ) -> None:
        from weighbridge.licensing.families import canonical

        self._canonical = canonical
        self._conclusions = conclusions
        self._ancestries = ancestries
        self._by: dict[str, int] = {}
        for at, artifact in enumerate(artifacts):
            for name in (*_store_names(artifact), *(display(_folder(place.path)) for place in artifact.places)):
                self._by.setdefault(canonical(name), at)
            if artifact.sha256 is not None:
                self._by[artifact.sha256] = at

    def of(self, ancestor: Ancestor) -> "Known | None":
        """Return what the scan came to about `ancestor`."""
        from weighbridge.licensing.effective import Known

        at = self._by.get(ancestor.sha256 or "", self._by.get(self._canonical(ancestor.name)))
        conclusion = None if at is None else self._conclusions[at]
        return None if at is None or conclusion is None else Known(conclusion=conclusion, ancestry=self._ancestries[at])


def _says_something(
    artifact: Artifact, ancestry: tuple[Ancestor, ...], belonging: Belonging, names: tuple[str, ...]
) -> bool:
    if ancestry or belonging.texts or belonging.facts or any(map(_tells, artifact.facts)):
        return True
    called = (*names, *own_names(artifact.facts))
    if not called:
        return False
    from weighbridge.licensing.families import family_of  # with the license table

    return any(family_of(name) is not None for name in called)


def _tells(fact: Fact) -> bool:
    tagged = fact.name == "tags" and isinstance(fact.value, tuple | str)
    return fact.name in _SAYS or (tagged and "license:" in str(fact.value).lower())


def _names(artifact: Artifact) -> tuple[str, ...]:
    """Return what stores and the file system call the artifact."""
    files = (
        display(place.path.replace(b"\\", b"/").rpartition(b"/")[2]) for place in artifact.places if not place.store
    )
    told = (name for name in files if name and not is_generic(name))
    return tuple(dict.fromkeys((*_store_names(artifact), *told)))[:8]


def _store_names(artifact: Artifact) -> tuple[str, ...]:
    return tuple(dict.fromkeys(place.store_name for place in artifact.places if place.store_name))


def _folder(path: bytes) -> bytes:
    return path.replace(b"\\", b"/").rpartition(b"/")[0]


def _judged(observations: tuple[Observation, ...], artifact: Artifact) -> tuple[Finding, ...]:
    if not observations:
        return ()
    from weighbridge.checks.assess import judge
    from weighbridge.checks.check import Subject
    from weighbridge.checks.registry import CHECKS  # loads only when there is something to judge

    path = artifact.places[0].path
    name = next(iter(_names(artifact)), display(path.replace(b"\\", b"/").rpartition(b"/")[2]))
    return judge(observations, Subject(format=artifact.format, name=name), CHECKS)
