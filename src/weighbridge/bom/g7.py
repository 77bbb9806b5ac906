"""The 50 elements of "SBOM for AI - Minimum Elements" in their 7 clusters.

Source: G7 Cybersecurity Working Group, "Software Bill of Materials (SBOM) for Artificial Intelligence - Minimum
Elements", 2026-05-12, as listed with notations in openregtech/sbom, `docs/req/g7ai/g7ai.ttl` 0.1.0 and
`docs/mapping/g7ai-spdx3.sssom.tsv` (CC-BY-4.0). That listing's own table of obligations names other elements than its
definitions; the 50 defined ones are used.
"""

from weighbridge.model.record import record


@record
class Element:
    """One element; its notation is the listing's (`MD-01` is `G7AI-MD-01`)."""

    notation: str
    label: str


@record
class Cluster:
    """One group of elements."""

    title: str
    elements: tuple[Element, ...]


def _cluster(title: str, prefix: str, *labels: str) -> Cluster:
    return Cluster(
        title=title,
        elements=tuple(
            Element(notation=f"{prefix}-{number:02}", label=label) for number, label in enumerate(labels, 1)
        ),
    )


CLUSTERS: tuple[Cluster, ...] = (
    _cluster(
        "Metadata",
        "MD",
        "SBOM author",
        "SBOM version",
        "SBOM data format name",
        "SBOM data format version",
        "SBOM author signature",
        "SBOM tool name",
        "SBOM tool version",
        "SBOM generation context",
        "SBOM timestamp",
        "SBOM dependency relationship",
    ),
    _cluster(
        "System level properties",
        "SLP",
        "System name",
        "System components",
        "System producer",
        "System version",
        "System timestamp",
        "System data flow",
        "System data usage",
        "System input/output properties",
        "Intended application area",
    ),
    _cluster(
        "Models",
        "MDL",
        "Model name",
        "Model identifier",
        "Model version",
        "Model timestamp",
        "Model producer",
        "Model description",
        "Model hash value",
        "Model hash algorithm",
        "Model properties",
        "Model input/output properties",
        "Model training properties",
        "Model license",
        "Model external references",
    ),
    _cluster(
        "Dataset properties",
        "DP",
        "Dataset name",
        "Dataset description",
        "Dataset content",
        "Dataset identifier",
        "Dataset hash",
        "Dataset provenance",
        "Dataset statistical properties",
        "Dataset sensitivity",
        "Dataset dependency relationship",
        "Dataset license",
    ),
    _cluster("Infrastructure", "INF", "Infrastructure software", "Infrastructure hardware"),
    _cluster(
        "Security properties",
        "SP",
        "Security controls",
        "Security compliance",
        "Cybersecurity policy information",
        "Vulnerability referencing",
    ),
    _cluster(
        "Key performance indicators",
        "KPI",
        "Security metrics",
        "Operational performance KPIs",
    ),
)
VERIFICATION = _cluster(
    "Verification (ours)", "WB", "Content hashed", "Signature verified", "Ancestry compared by weights"
)
"""Not of the G7: what turns a statement into something that was checked."""
