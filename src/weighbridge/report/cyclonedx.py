"""CycloneDX 1.7 JSON: every artifact with digests, licenses, ancestors, evidence and verdicts."""

from weighbridge.bom.cyclonedx import document
from weighbridge.model.artifact import Scan
from weighbridge.report.bill import bill, written
from weighbridge.report.renderer import Context, Renderer


def _render(scan: Scan, context: Context) -> str:
    return written(bill(scan, context), document)


RENDERER = Renderer(
    id="cyclonedx",
    title="CycloneDX 1.7 JSON, a bill of materials",
    media_type="application/vnd.cyclonedx+json",
    render=_render,
)
