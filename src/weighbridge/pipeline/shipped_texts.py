"""License evidence inside archives: model cards and license texts that travel beside the weights in a wheel or layer.

The scan reads the texts beside files of this machine. What is about to ship is packed already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from weighbridge.host.machine import Machine
from weighbridge.model.artifact import Artifact
from weighbridge.model.budget import Budget
from weighbridge.model.fact import Fact
from weighbridge.model.license import LicenseText
from weighbridge.model.record import draft
from weighbridge.model.source import ByteSource, LimitReached, SourceError
from weighbridge.pipeline.inside import SEPARATOR, member_of, members

_LONGEST = 1 << 20
_MOST = 16
_CARDS = frozenset({"readme.md", "model_card.md", "modelcard.md"})


@draft
class _Beside:
    facts: list[Fact] = field(default_factory=list)
    texts: list[LicenseText] = field(default_factory=list)


def with_inner_texts(machine: Machine, artifacts: Sequence[Artifact]) -> tuple[Artifact, ...]:
    """Return `artifacts` with license terms that also rest on what lies beside them in their archives."""
    wanted: dict[tuple[bytes, str], set[str]] = {}
    for artifact in artifacts:
        for path, outer, folder in _folders(artifact):
            wanted.setdefault((path, outer), set()).add(folder)
    found = {
        (*archive, folder): beside
        for archive, folders in sorted(wanted.items())
        for folder, beside in _beside(machine, *archive, folders).items()
    }
    return tuple(_with_texts(artifact, found) for artifact in artifacts) if found else tuple(artifacts)


def _folders(artifact: Artifact) -> list[tuple[bytes, str, str]]:
    """Return file, archive in it and folder in that of every place inside an archive."""
    found = []
    for place in artifact.places:
        if place.member is not None:
            outer, _, inner = place.member.rpartition(SEPARATOR)
            found.append((place.path, outer, inner.rpartition("/")[0]))
    return found


def _with_texts(artifact: Artifact, found: Mapping[tuple[bytes, str, str], _Beside]) -> Artifact:
    beside = [found[key] for key in dict.fromkeys(_folders(artifact)) if key in found]
    if not beside:
        return artifact
    from weighbridge.licensing.evidence import own_conclusion, terms
    from weighbridge.licensing.identify_text import identify
    from weighbridge.lineage.declared import ancestors, declared_ancestry

    every = tuple({repr(fact): fact for fact in (*artifact.facts, *(f for one in beside for f in one.facts))}.values())
    distinct = {text.text: text for one in beside for text in one.texts}
    texts = [(text, identify(text)) for text in list(distinct.values())[:_MOST]]
    ancestry = artifact.ancestry or declared_ancestry(every)
    names = tuple((place.member or "").rpartition("/")[2] for place in artifact.places if place.member)[:8]
    conclusion = own_conclusion(every, texts, names)
    held, _ = terms(every, texts, ancestry, lambda _ancestor: None, names=names, conclusion=conclusion)
    return replace(artifact, facts=every, license=held, ancestry=ancestry, lineage=artifact.lineage or ancestors(every))


def _beside(machine: Machine, path: bytes, outer: str, folders: set[str]) -> dict[str, _Beside]:
    """Return model cards and license texts by folder, from one pass over an archive."""
    try:
        file = machine.open(path)
    except OSError:
        return {}
    budget = Budget()
    found: dict[str, _Beside] = {}
    try:
        source: ByteSource | None = member_of(file, outer, budget) if outer else file
        for name, content in members(source, budget) if source is not None else ():
            folder = name.rpartition("/")[0]
            if folder in folders:
                _take(name, content, budget, found.setdefault(folder, _Beside()))
    except (SourceError, LimitReached):
        pass  # the scan says what could not be read
    finally:
        file.close()
    return {folder: one for folder, one in found.items() if one.facts or one.texts}


def _take(name: str, content: ByteSource, budget: Budget, beside: _Beside) -> None:
    """Add what a file says. Only the same folder counts: the license of code says nothing about weights in it."""
    from weighbridge.formats import model_card
    from weighbridge.formats.license_text import is_license_name

    base = name.rpartition("/")[2]
    if len(beside.texts) + len(beside.facts) > 4 * _MOST:
        return
    if base.lower() in _CARDS and model_card.could_be(content.read(0, 4096)):
        beside.facts.extend(model_card.READER.read(content, budget).facts)
    elif is_license_name(base.encode("utf-8", "replace")):
        text = content.read(0, min(content.size, _LONGEST)).decode("utf-8-sig", "replace")
        beside.texts.append(LicenseText(source=f"{base} beside the file", text=text))
