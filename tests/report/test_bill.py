from typing import Any

import pytest
from tests.samples.scan import context, scan

from weighbridge.bom.component import Bom
from weighbridge.bom.cyclonedx import document
from weighbridge.report.bill import bill, written


def test_paths_are_relative_unless_whole_ones_are_asked_for() -> None:
    assert "/home/ada" not in written(bill(scan(), context()), document)
    assert "/home/ada/models/qwen.gguf" in written(bill(scan(), context(absolute_paths=True)), document)


def test_the_time_is_the_callers_and_never_that_of_the_run() -> None:
    assert bill(scan(), context()).timestamp is None
    assert bill(scan(), context(timestamp="2026-11-21T04:35:00Z")).timestamp == "2026-11-21T04:35:00Z"
    early, late = (written(bill(scan(), context(finished_at=time)), document) for time in ("1", "2"))
    assert early == late


def test_an_unsound_document_does_not_leave() -> None:
    def unsound(bom: Bom) -> dict[str, Any]:
        made = document(bom)
        made["dependencies"][0]["dependsOn"].append("gone")
        return made

    assert written(bill(scan(), context()), document, checked=True)
    with pytest.raises(RuntimeError, match="gone leads nowhere"):
        written(bill(scan(), context()), unsound, checked=True)
