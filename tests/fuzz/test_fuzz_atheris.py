"""Coverage-guided fuzzing of every reader, a bounded time each; the harness runs in a child process."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fuzz.corpus import seeds

from weighbridge.formats.reader import Reader
from weighbridge.formats.registry import READERS

ROOT = Path(__file__).resolve().parents[2]
SECONDS = int(os.environ.get("WEIGHBRIDGE_FUZZ_SECONDS", "5"))
RUNS = 2_000 if os.environ.get("CI") else -1
"""A gate tries the same inputs each time, so that it speaks about the change before it; by hand there is no end."""


@pytest.mark.deep
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.id)
def test_reader_survives_coverage_guided_input(reader: Reader, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed, or has no build for this platform")
    for number, sample in enumerate(seeds()[reader.id]):
        (tmp_path / f"seed{number:03}").write_bytes(sample)
    child = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.harness", reader.id, str(SECONDS), str(RUNS), str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "PYTHONHASHSEED": "0"},
        capture_output=True,
        timeout=SECONDS + 240,
        check=False,
    )
    assert child.returncode == 0, child.stderr.decode(errors="replace")[-4000:]
