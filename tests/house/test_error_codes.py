"""Every error code that is raised is explained, and every explained one is raised."""

import re

from tests.house.files import source_files
from weighbridge.cli.error_codes import ERROR_CODES


def test_codes_and_explanations_are_in_step() -> None:
    used = set()
    for path in source_files():
        if path.name != "error_codes.py":
            used |= set(re.findall(r"[\"'](E-[a-z-]+)[\"']", path.read_text(encoding="utf-8")))
    assert sorted(used - set(ERROR_CODES)) == [], "explain it in cli/error_codes.py"
    assert sorted(set(ERROR_CODES) - used) == [], "nothing raises it"
