"""Writes one library's files: `python -m tests.real.writers LIBRARY FOLDER`; runs in a process of its own."""

import importlib
import sys
from pathlib import Path


def main() -> None:
    """Import the writer named on the command line and let it write."""
    library, target = sys.argv[1:]
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    importlib.import_module(f"tests.real.writers.{library}_files").write(folder)


main()
