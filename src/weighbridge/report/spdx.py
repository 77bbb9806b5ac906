"""SPDX 3.0.1 JSON-LD with the AI profile: the same record as CycloneDX, in the other standard."""

from weighbridge.bom.spdx import document
from weighbridge.model.artifact import Scan
from weighbridge.report.bill import bill, written
from weighbridge.report.renderer import Context, Renderer


def _render(scan: Scan, context: Context) -> str:
    return written(bill(scan, context), document)


RENDERER = Renderer(
    id="spdx", title="SPDX 3.0.1 JSON-LD, a bill of materials", media_type="application/spdx+json", render=_render
)
