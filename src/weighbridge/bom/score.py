"""How complete a bill of materials is, and how much of it was checked.

Coverage counts the G7's elements that are there at all. Verified completeness weighs each by its best evidence, so that
words alone stay cheap: a card that says everything and proves nothing scores below one that is short, hashed, signed
and compared with its ancestors.
"""

from collections.abc import Iterator
from dataclasses import replace

from weighbridge.bom.component import GRADES, Bom, Component, Kind
from weighbridge.bom.g7 import CLUSTERS, VERIFICATION, Cluster, Element
from weighbridge.model.fact import Grade
from weighbridge.model.record import record

WEIGHTS: dict[Grade, float] = {Grade.MEASURED: 1.0, Grade.SIGNED: 0.8, Grade.DECLARED: 0.2}

_MODEL_ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "MDL-04": ("created", "released", "training.date"),
    "MDL-09": ("architecture", "model_type", "parameters", "quantization", "tensors", "framework"),
    "MDL-10": ("inputs", "outputs", "context_length", "task"),
    "MDL-13": ("source_url", "license.link", "doi", "source_repository"),
    "DP-01": ("dataset",),
    "DP-02": ("dataset.description",),
    "DP-03": ("dataset.content",),
    "DP-04": ("dataset.identifier",),
    "DP-05": ("dataset.hash",),
    "DP-06": ("dataset.governance",),
    "DP-07": ("dataset.statistics",),
    "DP-08": ("dataset.sensitivity",),
    "DP-09": ("dataset",),
    "DP-10": ("dataset.license",),
    "KPI-02": ("performance", "energy"),
    "SLP-09": ("task", "use_cases"),
}
_STATED: dict[str, tuple[str, ...]] = {
    "MD-01": ("author",),
    "MD-02": ("document.version",),
    "MD-05": ("signature",),
    "MD-08": ("lifecycle",),
    "MD-10": ("dependencies",),
    "SLP-03": ("system.producer",),
    "SLP-04": ("system.version",),
    "SLP-05": ("system.timestamp",),
    "SLP-06": ("data_flow",),
    "SLP-07": ("data_usage",),
    "SLP-08": ("system.inputs", "system.outputs"),
    "INF-02": ("hardware",),
    "SP-01": ("security.controls",),
    "SP-02": ("compliance",),
    "SP-03": ("reference.security-contact", "reference.rfc-9116", "reference.securityPolicy"),
    "SP-04": ("vulnerabilities",),
    "KPI-01": ("security.metrics",),
}
_OURS = frozenset({"MD-01", "MD-02", "MD-08", "MD-10"})
"""Elements that every document of ours has."""


@record
class Found:
    """One element: what share of the models (or the document) has it, and on what evidence."""

    element: Element
    share: float
    """0 to 1."""
    verified: float
    """0 to 1: the share, each presence weighed by its grade."""
    grade: Grade | None
    """Best grade anywhere."""


@record
class ClusterScore:
    """One cluster."""

    title: str
    found: tuple[Found, ...]

    @property
    def covered(self) -> int:
        """How many elements are there for every model."""
        return sum(1 for item in self.found if item.share >= 1)

    @property
    def partly(self) -> int:
        """How many are there for some models only."""
        return sum(1 for item in self.found if 0 < item.share < 1)


@record
class Score:
    """The whole answer."""

    clusters: tuple[ClusterScore, ...]
    verification: ClusterScore
    models: int

    @property
    def covered(self) -> int:
        """G7 elements that are there for every model."""
        return sum(cluster.covered for cluster in self.clusters)

    @property
    def elements(self) -> int:
        """G7 elements in all."""
        return sum(len(cluster.found) for cluster in self.clusters)

    @property
    def verified(self) -> float:
        """Verified completeness, 0 to 1, over the G7's elements and the verification cluster."""
        every = [item for cluster in (*self.clusters, self.verification) for item in cluster.found]
        return sum(item.verified for item in every) / len(every)


def score(bom: Bom) -> Score:
    """Return coverage and verified completeness of `bom`."""
    models = [item for item in bom.components if item.kind is Kind.MODEL]
    if bom.foreign:
        models = [_only_declared(item) for item in models]
    return Score(
        clusters=tuple(_cluster(cluster, bom, models) for cluster in CLUSTERS),
        verification=_cluster(VERIFICATION, bom, models),
        models=len(models),
    )


def _only_declared(model: Component) -> Component:
    """Return a model of another tool's document: whatever grades it carries, nobody here has measured anything."""
    return replace(
        model,
        attributes=tuple(replace(item, grade=Grade.DECLARED) for item in model.attributes),
        ancestors=tuple(replace(item, grade=Grade.DECLARED) for item in model.ancestors),
        licensing=replace(model.licensing, texts=()),
    )


def _cluster(cluster: Cluster, bom: Bom, models: list[Component]) -> ClusterScore:
    return ClusterScore(title=cluster.title, found=tuple(_found(element, bom, models) for element in cluster.elements))


def _found(element: Element, bom: Bom, models: list[Component]) -> Found:
    notation = element.notation
    if notation.startswith(("MDL", "DP", "WB")) or notation == "KPI-02":
        grades = [_of_model(notation, model, foreign=bom.foreign) for model in models]
    else:
        grades = [_of_document(notation, bom, models)]
    present = [grade for grade in grades if grade is not None]
    total = max(1, len(grades))
    return Found(
        element=element,
        share=len(present) / total,
        verified=sum(WEIGHTS[grade] for grade in present) / total,
        grade=min(present, key=GRADES.index, default=None),
    )


def _of_document(notation: str, bom: Bom, models: list[Component]) -> Grade | None:
    declared, measured = Grade.DECLARED, None if bom.foreign else Grade.MEASURED
    if notation in ("MD-03", "MD-04"):
        return Grade.MEASURED
    if notation in ("MD-06", "MD-07"):
        named, _, version = bom.tool.rpartition(" ")
        known = bom.tool if notation == "MD-06" or not bom.foreign else version if named else ""
        return declared if known else None
    if notation in ("MD-09", "SLP-01"):
        return declared if (bom.timestamp if notation == "MD-09" else bom.name) else None
    if notation == "SLP-02":
        return (measured or declared) if bom.components else None
    if notation == "SLP-09":
        return _best(grade for model in models for grade in _grades(model, _MODEL_ATTRIBUTES[notation]))
    if notation == "INF-01":
        libraries = any(item.kind is Kind.LIBRARY for item in bom.components)
        return (measured or declared) if libraries else None
    if notation == "SP-02" and any(item.verdict is not None for item in bom.components):
        return measured or declared
    if notation in _OURS and not bom.foreign:
        return declared
    wanted = _STATED.get(notation, ())
    return declared if any(item.name in wanted for item in bom.stated) else None


def _of_model(notation: str, model: Component, *, foreign: bool) -> Grade | None:
    hashed = None if model.sha256 is None and not any(part.sha256 for part in model.parts) else Grade.MEASURED
    if foreign and hashed is not None:
        hashed = Grade.DECLARED
    signed = Grade.SIGNED if any(item.grade is Grade.SIGNED for item in model.attributes) else None
    match notation:
        case "WB-01" | "MDL-07" | "MDL-08":
            return None if notation == "WB-01" and hashed is Grade.DECLARED else hashed
        case "WB-02":
            return signed
        case "WB-03":
            return _best(item.grade for item in model.ancestors if item.grade is Grade.MEASURED)
        case "MDL-01":
            return (signed or Grade.DECLARED) if model.name else None
        case "MDL-02":
            return hashed or (Grade.DECLARED if model.purl or not model.ref.startswith("urn:uuid:") else None)
        case "MDL-03":
            by_content = hashed if model.version.startswith("sha256:") else None
            return (by_content or signed or Grade.DECLARED) if model.version else None
        case "MDL-05" | "MDL-06":
            text = model.producer if notation == "MDL-05" else model.description
            return (signed or Grade.DECLARED) if text else None
        case "MDL-11":
            names = {item.name for item in model.attributes if item.name.startswith(("training.", "adapter."))}
            return _best([*_grades(model, tuple(names)), *(item.grade for item in model.ancestors)])
        case "MDL-12":
            return _license(model, signed)
    wanted = _MODEL_ATTRIBUTES[notation]
    if notation == "MDL-13":
        wanted = (*wanted, *(item.name for item in model.attributes if item.name.startswith("reference.")))
    best = _best(_grades(model, wanted))
    return signed if best is Grade.DECLARED and signed is not None else best


def _license(model: Component, signed: Grade | None) -> Grade | None:
    """A license counts as measured only where its text was identified word for word."""
    licensing = model.licensing
    if any(text.likeness == "exact" and text.license == licensing.concluded for text in licensing.texts):
        return Grade.MEASURED
    return (signed or Grade.DECLARED) if licensing.declared or licensing.concluded else None


def _grades(model: Component, names: tuple[str, ...]) -> Iterator[Grade]:
    return (item.grade for item in model.attributes if item.name in names and item.value)


def _best(grades: "Iterator[Grade] | list[Grade]") -> Grade | None:
    return min(grades, key=GRADES.index, default=None)
