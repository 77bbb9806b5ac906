"""Small files: one thing a file."""

import tomllib

from tests.house.files import ROOT, relative, source_files

LIMIT = 400
HOUSE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["weighbridge"]["house"]


def test_no_source_file_is_long_without_a_reason() -> None:
    allowed = HOUSE["long-files"]
    long = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in source_files()}
    long = {name: lines for name, lines in long.items() if lines > LIMIT}
    assert sorted(long) == sorted(allowed), long


def test_the_start_script_stays_readable() -> None:
    text = (ROOT / "wb").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 20
    assert text.startswith("#!/bin/sh\n")
    assert (ROOT / "wb").stat().st_mode & 0o111
