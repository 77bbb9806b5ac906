"""What `make check` asks of every file is a test too."""

import subprocess
import sys

from tests.house.files import ROOT


def _run(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


def test_types() -> None:
    _run("mypy")


def test_style() -> None:
    _run("ruff", "check", "--quiet", ".")


def test_layout() -> None:
    _run("ruff", "format", "--check", "--quiet", ".")
