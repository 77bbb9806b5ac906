"""What `./wb test` runs: libraries for the real files, then pytest with the remaining arguments.

Without a path the whole suite runs on two processes. With paths (`./wb test tests/formats`) only those
run, in one process, and nothing is installed unless they need it. `--deep` adds the slow tests.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.libraries import install  # noqa: E402  (needs the line above: this file is started by its path)

_NEEDS_LIBRARIES = ("real", "fuzz", "test_evasions", "bench")


def main(arguments: list[str]) -> int:
    """Prepare, run pytest, return its exit code."""
    os.chdir(ROOT)
    paths = [argument for argument in arguments if not argument.startswith("-") and _is_path(argument)]
    if not paths or any(word in path for path in paths for word in _NEEDS_LIBRARIES):
        for problem in install(deep="--deep" in arguments):
            sys.stderr.write(f"tests: {problem}\n")
    if not paths:
        arguments = ["tests", *arguments]
        if not any(argument.startswith(("-n", "--pdb", "-x", "--collect")) for argument in arguments):
            # By file: its tests share servers and samples, which two processes would each make.
            arguments = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", "-q", *arguments]
    if paths:
        return int(pytest.main(arguments))
    with _clients():
        return int(pytest.main(arguments))


@contextmanager
def _clients() -> Iterator[None]:
    """Install the clients of the hub while other tests run: that waits for registries, and who needs one for it."""
    command = [sys.executable, "-m", "tests.hub.clients.environments"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL) as installing:
        try:
            yield
        finally:
            installing.terminate()


def _is_path(argument: str) -> bool:
    return Path(argument.split("::")[0]).exists()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
