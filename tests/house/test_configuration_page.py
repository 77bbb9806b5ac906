"""The page about configuration files shows one that can be applied as it stands."""

import re

from tests.house.files import ROOT
from weighbridge.fleet.config_files import read_files
from weighbridge.fleet.config_registry import SECTIONS


def test_what_the_page_shows_is_a_file_of_every_section():
    page = (ROOT / "docs/howto/configure-as-files.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    files = read_files({"fleet.yaml": block.encode()})
    assert files.sections >= {"settings", "groups", "enrollment", "repositories", "endpoints", "targets", "accounts"}
    assert files.sections <= set(SECTIONS)
