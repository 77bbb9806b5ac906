"""License evidence inside archives: model cards and license texts that travel beside the weights in a wheel or layer.

The scan reads the texts beside files of this machine. What is about to ship is packed already.
"""

from collections.abc import Sequence
from dataclasses import replace

from weighbridge.host.machine import Machine
from weighbridge.model.artifact import Artifact
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact
from weighbridge.model.license import LicenseText
from weighbridge.model.source import ByteSource, LimitReached, SourceError
from weighbridge.pipeline.inside import SEPARATOR, members

_LONGEST = 1 << 20
_MOST = 16


def with_inner_texts(machine: Machine, artifacts: Sequence[Artifact]) -> tuple[Artifact, ...]:
    """Return `artifacts` with license terms that also rest on what lies beside them in their archives."""
    return tuple(_with_texts(machine, artifact) if _inside_only(artifact) else artifact for artifact in artifacts)


def _inside_only(artifact: Artifact) -> bool:
    return bool(artifact.places) and any(place.member is not None for place in artifact.places)


def _with_texts(machine: Machine, artifact: Artifact) -> Artifact:
    from weighbridge.licensing.evidence import own_conclusion, terms
    from weighbridge.licensing.identify_text import identify
    from weighbridge.lineage.declared import ancestors, declared_ancestry

    facts: list[Fact] = []
    texts = []
    for place in artifact.places:
        if place.member is None:
            continue
        found_facts, found_texts = _beside(machine, place.path, place.member)
        facts += found_facts
        texts += [(text, identify(text)) for text in found_texts]
    if not facts and not texts:
        return artifact
    every = tuple(dict.fromkeys((*artifact.facts, *facts)))
    ancestry = artifact.ancestry or declared_ancestry(every)
    names = tuple((place.member or "").rpartition("/")[2] for place in artifact.places if place.member)[:8]
    conclusion = own_conclusion(every, tuple(texts[:_MOST]), names, frozenset())
    found, _ = terms(every, tuple(texts[:_MOST]), ancestry, lambda _ancestor: None, names=names, conclusion=conclusion)
    return replace(
        artifact, facts=every, license=found, ancestry=ancestry, lineage=artifact.lineage or ancestors(every)
    )


def _beside(machine: Machine, path: bytes, member: str) -> tuple[list[Fact], list[LicenseText]]:
    """Return facts of model cards, and license texts, in the folder of a member."""
    outer, separator, inner = member.rpartition(SEPARATOR)
    folder = inner.rpartition("/")[0]
    try:
        file = machine.open(path)
    except OSError:
        return [], []
    budget = Budget()
    facts: list[Fact] = []
    texts: list[LicenseText] = []
    try:
        source: ByteSource | None = file
        if separator:
            from weighbridge.pipeline.inside import member_of

            source = member_of(file, outer, budget)
        for name, content in members(source, budget) if source is not None else ():
            _take(name, content, folder, budget, facts, texts)
            if len(texts) + len(facts) > 4 * _MOST:
                break
    except (SourceError, LimitReached):
        pass  # the scan says what could not be read
    finally:
        file.close()
    return facts, texts


def _take(
    name: str, content: ByteSource, folder: str, budget: Budget, facts: list[Fact], texts: list[LicenseText]
) -> None:
    from weighbridge.formats import model_card
    from weighbridge.formats.license_text import is_license_name

    at, _, base = name.rpartition("/")
    if at == folder and base.lower() in ("readme.md", "model_card.md", "modelcard.md"):
        if model_card.could_be(content.read(0, 4096)):
            facts.extend(model_card.READER.read(content, budget).facts)
    elif at == folder and is_license_name(base.encode("utf-8", "replace")):
        # Only the same folder: the license of the code around the weights says nothing about the weights.
        text = content.read(0, min(content.size, _LONGEST)).decode("utf-8-sig", "replace")
        texts.append(LicenseText(source=f"{base} beside the file", text=text))
