import pytest

from weighbridge.checks.check import Subject
from weighbridge.checks.outside_reference import CHECK
from weighbridge.model.finding import Assessment
from weighbridge.model.observation import Escape, OutsideReference


def implied(escape: Escape, format: str) -> Assessment:
    [finding] = CHECK.judge(OutsideReference(escape=escape, target="t" * 900), Subject(format=format, name="x"))
    assert len(finding.message) < 400
    return finding.implies


@pytest.mark.parametrize("escape", [Escape.PARENT_PATH, Escape.ABSOLUTE_PATH, Escape.ENTITY])
@pytest.mark.parametrize("format", ["zip", "onnx"])
def test_paths_and_entities_are_hostile(escape, format):
    assert implied(escape, format) is Assessment.HOSTILE


def test_links_are_hostile_in_a_model_and_for_review_in_an_archive():
    assert implied(Escape.SYMBOLIC_LINK, "nemo") is Assessment.HOSTILE
    assert implied(Escape.SYMBOLIC_LINK, "tar") is Assessment.REVIEW
    assert implied(Escape.DEVICE, "tar") is Assessment.REVIEW


def test_addresses_are_for_review():
    assert implied(Escape.URL, "onnx") is Assessment.REVIEW
