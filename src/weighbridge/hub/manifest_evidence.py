"""What stands about the manifests of a release: its bill of materials, how it was weighed, its signatures.

Sources: OCI distribution 1.1, "Listing Referrers"; CycloneDX, media types; OpenSSF Model Signing 1.0 (`model.sig`);
Sigstore, "Sigstore Bundle Format" (media type).
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from weighbridge.hub.manifest_parts import Made, attached, descriptor
from weighbridge.hub.media_types import TITLE
from weighbridge.hub.release_files import ReleaseFile
from weighbridge.hub.weighed import Weighed

BOM = "application/vnd.cyclonedx+json"
ASSESSMENT = "application/vnd.weighbridge.report.v1+json"
SIGNATURE = "application/vnd.dev.sigstore.bundle.v0.3+json"
_SIGNATURES = ("model.sig", ".sigstore.json", ".sigstore")


def evidence(
    subjects: Sequence[Made], files: Sequence[ReleaseFile], weighed: Weighed | None, bom: bytes, report: bytes
) -> list[Made]:
    """Return manifests about manifests.

    Args:
        subjects: what they are about, each.
        files: of the release.
        weighed: how it was weighed; None for one that was not.
        bom: its bill of materials, CycloneDX; empty for none.
        report: the whole report; empty for none.
    """
    signatures = [file for file in files if is_signature(file.path)]
    found: list[Made] = []
    for made in subjects:
        subject = descriptor(made.media_type, made.content)
        if bom:
            found.append(attached(subject, BOM, descriptor(BOM, bom), bom, {}))
        if weighed is not None and report:
            found.append(attached(subject, ASSESSMENT, descriptor(ASSESSMENT, report), report, _said(weighed)))
        for file in signatures:
            layer = {"mediaType": SIGNATURE, "digest": f"sha256:{file.sha256}", "size": file.size}
            found.append(attached(subject, SIGNATURE, layer, b"", {TITLE: file.path}))
    return found


def is_signature(path: str) -> bool:
    """Tell whether a file of a release signs it, as its makers do."""
    return "/" not in path and path.endswith(_SIGNATURES)


def _said(weighed: Weighed) -> dict[str, str]:
    at = datetime.fromtimestamp(weighed.weighed_at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = {"org.opencontainers.image.created": at, "org.weighbridge.rules": weighed.rules}
    weighing = weighed.weighing
    said |= {"org.weighbridge.assessment": weighing.assessment, "org.weighbridge.decision": weighing.decision}
    return {name: value for name, value in said.items() if value}
