import pytest
from tests.samples.scan import context, scan

from weighbridge.report.registry import ALIASES, FORMATS, renderer


@pytest.mark.parametrize("name", [*FORMATS, *ALIASES])
def test_every_format_renders_the_awkward_scan(name: str) -> None:
    found = renderer(name)
    assert found.id == ALIASES.get(name, name)
    assert found.render(scan(), context()).endswith("\n")
    assert found.render(scan(), context()) == found.render(scan(), context())


def test_formats_are_sorted() -> None:
    assert list(FORMATS) == sorted(FORMATS)
