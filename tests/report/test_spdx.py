import json

from tests.samples.scan import context, scan

from weighbridge.bom.read import read_bom
from weighbridge.report.spdx import RENDERER


def test_the_document_holds_the_scan() -> None:
    text = RENDERER.render(scan(), context())
    assert text.endswith("}\n")
    assert json.loads(text)
    bom = read_bom(text.encode())
    assert len(bom.components) == len(scan().artifacts)
    assert [gap.reason for gap in bom.gaps] == ["encrypted", "permission denied"]
