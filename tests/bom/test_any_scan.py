"""Whatever a scan holds, both documents are valid, sound and read back equal."""

import json

from hypothesis import given, settings
from tests.bom.bills import samples_bom
from tests.bom.validation import cyclonedx_errors, spdx_errors
from tests.contract.test_renderers import scans

from weighbridge.bom import cyclonedx, spdx
from weighbridge.bom.build import from_scan
from weighbridge.bom.check import problems
from weighbridge.bom.component import Bom
from weighbridge.bom.places import Places
from weighbridge.bom.read import read_bom
from weighbridge.model.artifact import Scan


@settings(max_examples=25, deadline=None)
@given(scan=scans)
def test_documents_are_valid_and_nothing_is_lost(scan: Scan) -> None:
    _holds(from_scan(scan, Places(("/",)), tool="0"))


def test_documents_of_every_sample_are_valid_and_nothing_is_lost() -> None:
    _holds(samples_bom())


def _holds(bom: Bom) -> None:
    for write, errors in (
        (cyclonedx.document, lambda document: cyclonedx_errors(json.dumps(document))),
        (spdx.document, spdx_errors),
    ):
        document = write(bom)
        assert not errors(document)
        assert problems(document) == ()
        assert read_bom(json.dumps(document).encode()) == bom
